use crate::{Annotation, Driver, RenderError};

/// A driver that draws nothing and remembers everything, for the tests of those who draw.
///
/// ```
/// use backpack_annotate::{Annotation, Dot, Driver, RecordingDriver};
/// use backpack_core::{Frame, PixelFormat, Point, Rect};
///
/// /// What is to be tested draws on whatever driver it is given.
/// fn mark_feet(person: Rect, driver: &mut impl Driver<Frame>, frame: &mut Frame) {
///     let scene: [Annotation; 1] = [Dot::new(person.base()).into()];
///     driver.render(&scene, frame).expect("a dot can be drawn");
/// }
///
/// let mut driver = RecordingDriver::new();
/// let mut frame = Frame::black(64, 64, PixelFormat::Gray8)?;
/// mark_feet(Rect::from_tlbr(0.2, 0.4, 0.8, 0.6)?, &mut driver, &mut frame);
/// assert_eq!(driver.scenes(), [[Annotation::from(Dot::new(Point::new(0.5, 0.8)))]]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct RecordingDriver {
    scenes: Vec<Vec<Annotation>>,
}

impl RecordingDriver {
    /// A driver that has drawn nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The scenes so far, each as it was given.
    pub fn scenes(&self) -> &[Vec<Annotation>] {
        &self.scenes
    }

    /// The last scene; empty if there was none.
    pub fn last(&self) -> &[Annotation] {
        self.scenes.last().map_or(&[], Vec::as_slice)
    }
}

impl<T: ?Sized> Driver<T> for RecordingDriver {
    fn render<'a>(
        &mut self,
        scene: impl IntoIterator<Item = &'a Annotation>,
        _: &mut T,
    ) -> Result<(), RenderError> {
        self.scenes.push(scene.into_iter().cloned().collect());
        Ok(())
    }
}
