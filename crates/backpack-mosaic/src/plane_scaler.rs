use std::sync::Arc;

use backpack_core::{FrameRef, PixelFormat, Plane, PlaneMut};
use pic_scale::{
    BufferStore, ImageSize, ImageStore, ImageStoreMut, PicScaleError, Resampling, ResamplingFunction, Scaler,
};

use crate::halve::halve;

/// Brings planes of one size to another one; it keeps its weights and its memory.
///
/// Down to twice the wanted size a plane is halved, which is many times as fast as any filter, and as good: each sample counts once.
/// The rest is done with a linear filter as wide as the ratio asks for.
pub(crate) struct PlaneScaler {
    from: (usize, usize),
    to: (usize, usize),
    halvings: u32,
    halves: [Vec<u8>; 2],
    plan: Arc<Resampling<u8, 1>>,
    scratch: Vec<u8>,
}

impl PlaneScaler {
    pub fn new(from: (usize, usize), to: (usize, usize)) -> Result<Self, PicScaleError> {
        let (mut width, mut height) = from;
        let mut halvings = 0;
        while width >= 2 * to.0 && height >= 2 * to.1 {
            (width, height) = (width.div_ceil(2), height.div_ceil(2));
            halvings += 1;
        }
        let plan = Scaler::new(ResamplingFunction::Bilinear)
            .plan_planar_resampling(ImageSize::new(width, height), ImageSize::new(to.0, to.1))?;
        let scratch = plan.alloc_scratch();
        Ok(Self { from, to, halvings, halves: Default::default(), plan, scratch })
    }

    /// Whether this is for planes of these sizes, of which the first is the source's.
    pub fn fits(&self, from: (usize, usize), to: (usize, usize)) -> bool {
        (self.from, self.to) == (from, to)
    }

    pub fn scale(&mut self, source: Plane<'_>, target: &mut PlaneMut<'_>) -> Result<(), PicScaleError> {
        let Self { halvings, halves: [result, input], .. } = self;
        if *halvings == 0 {
            return self.resample(source, target);
        }
        let (mut width, mut height) = halve(source, result);
        for _ in 1..*halvings {
            std::mem::swap(result, input);
            (width, height) = halve(tight(input, width, height), result);
        }
        let halved = std::mem::take(result);
        let outcome = self.resample(tight(&halved, width, height), target);
        self.halves[0] = halved;
        outcome
    }

    fn resample(&mut self, source: Plane<'_>, target: &mut PlaneMut<'_>) -> Result<(), PicScaleError> {
        let source = ImageStore::<u8, 1> {
            buffer: source.data().into(),
            channels: 1,
            width: source.row_bytes(),
            height: source.height(),
            stride: source.stride(),
            bit_depth: 8,
        };
        let (width, height) = self.to;
        let stride = target.stride();
        let mut target = ImageStoreMut::<u8, 1> {
            buffer: BufferStore::Borrowed(target.data_mut()),
            channels: 1,
            width,
            height,
            stride,
            bit_depth: 8,
        };
        self.plan.resample_with_scratch(&source, &mut target, &mut self.scratch)
    }
}

/// Bytes without padding as a plane.
pub(crate) fn tight(bytes: &[u8], width: usize, height: usize) -> Plane<'_> {
    FrameRef::new(bytes, width as u32, height as u32, PixelFormat::Gray8)
        .expect("a plane is not larger than its frame, and the memory was made for it")
        .plane(0)
}
