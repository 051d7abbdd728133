mod frame_driver;
mod grid;
#[cfg(feature = "image")]
mod image;
mod painter;
mod panorama_driver;
mod problem;
mod recording_driver;
mod tag;

pub use frame_driver::FrameDriver;
pub use panorama_driver::{PanoramaDriver, PanoramaMedia};
pub use recording_driver::RecordingDriver;

use crate::{Annotation, RenderError};
use problem::Problem;

/// Draws every annotation that can be drawn; the first problem is the error.
fn render<'a>(
    scene: impl IntoIterator<Item = &'a Annotation>,
    mut draw: impl FnMut(&Annotation) -> Result<(), Problem>,
) -> Result<(), RenderError> {
    let mut result = Ok(());
    for (index, annotation) in scene.into_iter().enumerate() {
        if let Err(problem) = draw(annotation)
            && result.is_ok()
        {
            result = Err(problem.of(annotation, index));
        }
    }
    result
}
