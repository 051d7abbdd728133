use backpack_core::{FrameMut, PixelFormat};
use image::{GrayImage, RgbImage, RgbaImage};

use crate::{Annotation, Driver, FrameDriver, RenderError};

/// Draws on the images of the `image` crate, with the feature `image`.
macro_rules! image_driver {
    ($($image:ty => $format:expr),*) => {
        $(impl Driver<$image> for FrameDriver {
            fn render<'a>(
                &mut self,
                scene: impl IntoIterator<Item = &'a Annotation>,
                image: &mut $image,
            ) -> Result<(), RenderError> {
                let (width, height) = image.dimensions();
                // An image without pixels is no frame, and there is nothing to draw on.
                let Ok(mut frame) = FrameMut::new(&mut **image, width, height, $format) else {
                    return Ok(());
                };
                self.render(scene, &mut frame)
            }
        })*
    };
}

image_driver!(GrayImage => PixelFormat::Gray8, RgbImage => PixelFormat::Rgb8, RgbaImage => PixelFormat::Rgba8);
