//! Drawing on the images of the `image` crate.
#![cfg(feature = "image")]
#![allow(clippy::unwrap_used)]

#[path = "common/any.rs"]
mod any;
mod common;

use backpack_annotate::{Color, Driver, FrameDriver};
use backpack_core::{PixelFormat, Rect};
use common::painted;
use image::{GrayImage, RgbImage, RgbaImage};

#[test]
fn an_image_looks_like_a_frame() {
    let scene = any::one_of_each(Rect::unit(), Color::ORANGE.with_alpha(200));
    let mut driver = FrameDriver::new();
    let (mut gray, mut rgb, mut rgba) =
        (GrayImage::new(61, 43), RgbImage::new(61, 43), RgbaImage::new(61, 43));
    driver.render(&scene, &mut gray).unwrap();
    driver.render(&scene, &mut rgb).unwrap();
    driver.render(&scene, &mut rgba).unwrap();
    assert_eq!(gray.as_raw(), painted(&scene, 61, 43, PixelFormat::Gray8, 0).bytes());
    assert_eq!(rgb.as_raw(), painted(&scene, 61, 43, PixelFormat::Rgb8, 0).bytes());
    assert_eq!(rgba.as_raw(), painted(&scene, 61, 43, PixelFormat::Rgba8, 0).bytes());
}

#[test]
fn an_image_without_pixels_is_left_alone() {
    let scene = any::one_of_each(Rect::unit(), Color::ORANGE);
    assert_eq!(FrameDriver::new().render(&scene, &mut RgbImage::new(0, 5)), Ok(()));
}
