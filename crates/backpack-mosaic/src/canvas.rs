use backpack_core::{ColorRange, Colorimetry, FrameMut, FrameRef, Layout, PixelFormat, PlaneLayout};

use crate::area::Area;

/// The size of a mosaic and the memory layout of an I420 picture of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Canvas {
    layout: Layout,
    colorimetry: Colorimetry,
}

impl Canvas {
    pub fn new(layout: Layout, colorimetry: Colorimetry) -> Self {
        Self { layout, colorimetry }
    }

    pub fn bytes(&self) -> usize {
        self.layout.size()
    }

    pub fn view<'a>(&self, memory: &'a [u8]) -> FrameRef<'a> {
        FrameRef::with_layout(memory, &self.layout)
            .expect("the memory was made for this layout")
            .with_colorimetry(self.colorimetry)
    }

    pub fn size(&self) -> (u32, u32) {
        (self.layout.width(), self.layout.height())
    }

    pub fn colorimetry(&self) -> Colorimetry {
        self.colorimetry
    }

    /// A part of the picture as a frame of its own: what is drawn on it cannot leave it.
    pub fn part<'a>(&self, memory: &'a mut [u8], area: Area) -> FrameMut<'a> {
        let [luma, cb, cr] = self.layout.planes() else { unreachable!("I420 has three planes") };
        let at = |plane: &PlaneLayout, side: u32| PlaneLayout {
            offset: plane.offset + (area.top / side) as usize * plane.stride + (area.left / side) as usize,
            stride: plane.stride,
        };
        let planes = [at(luma, 1), at(cb, 2), at(cr, 2)];
        let layout = Layout::padded(area.width, area.height, PixelFormat::I420, &planes)
            .expect("an area of the picture has a size and lies inside of it");
        FrameMut::with_layout(memory, &layout)
            .expect("an area of the picture lies in its memory")
            .with_colorimetry(self.colorimetry)
    }
}

/// Copies a picture to a frame of the same size.
pub(crate) fn copy(picture: &FrameRef<'_>, target: &mut FrameMut<'_>) {
    each_row(picture, target, |_, from, to| to.copy_from_slice(from));
}

/// Copies a picture to a frame of the same size, with `light` parts of 256 of its light and `color` of its colour.
pub(crate) fn copy_dimmed(picture: &FrameRef<'_>, target: &mut FrameMut<'_>, light: u16, color: u16) {
    let black = match picture.colorimetry().range {
        ColorRange::Limited => 16,
        ColorRange::Full => 0,
    };
    each_row(picture, target, |plane, from, to| {
        let (still, part) = if plane == 0 { (black, light) } else { (128, color) };
        let rest = still * (256 - part) + 128;
        for (to, &from) in to.iter_mut().zip(from) {
            *to = ((u16::from(from) * part + rest) / 256) as u8;
        }
    });
}

fn each_row(
    picture: &FrameRef<'_>,
    target: &mut FrameMut<'_>,
    mut copy: impl FnMut(usize, &[u8], &mut [u8]),
) {
    for (index, (from, to)) in picture.planes().iter().zip(target.planes_mut()).enumerate() {
        for (from, to) in from.rows().zip(to.rows_mut()) {
            copy(index, from, to);
        }
    }
}
