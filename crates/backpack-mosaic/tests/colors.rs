//! Colours arrive as they were, from every format in every format, with nothing strange at the borders.
#![allow(clippy::unwrap_used)]

mod common;

use backpack_annotate::{Annotation, Color, Driver, FrameDriver, Rectangle};
use backpack_core::{ColorRange, Colorimetry, Frame, Matrix, PixelFormat, Rect};
use backpack_mosaic::Mosaic;
use common::{bounds, builder, is_near, pixels, plain, simple};

const COLORS: [Color; 8] = [
    Color::WHITE,
    Color::RED,
    Color::LIME,
    Color::BLUE,
    Color::rgb(255, 160, 20),
    Color::rgb(180, 60, 200),
    Color::rgb(120, 120, 120),
    Color::rgb(90, 140, 60),
];
const SIZES: [(u32, u32); 8] =
    [(1, 1), (3, 3), (7, 5), (161, 91), (640, 480), (641, 361), (1279, 719), (1281, 959)];
const ALL_COLORIMETRIES: [Colorimetry; 4] = [
    Colorimetry::BT601,
    Colorimetry::BT709,
    Colorimetry { matrix: Matrix::Bt601, range: ColorRange::Full },
    Colorimetry { matrix: Matrix::Bt709, range: ColorRange::Full },
];

/// The colour as a grey frame has it.
fn gray(color: Color) -> [u8; 3] {
    let [r, g, b] = [color.r, color.g, color.b].map(f64::from);
    [(0.299 * r + 0.587 * g + 0.114 * b).round() as u8; 3]
}

fn expected(color: Color, format: PixelFormat) -> [u8; 3] {
    if format == PixelFormat::Gray8 { gray(color) } else { [color.r, color.g, color.b] }
}

/// Checks that the frame is shown as a rectangle of this colour alone, of the frame's shape.
fn check(frame: &Frame, to: Colorimetry, expected: [u8; 3], what: &str) {
    let (builder, _) = builder((400, 300));
    let mut mosaic = builder.source("camera").colorimetry(to).build().unwrap();
    mosaic.update(0, frame).unwrap();
    let pixels = pixels(&mosaic.compose());
    let below_the_title = &pixels[22..];
    // All that is brighter than the panel is the picture or its border.
    let panel = [20, 22, 26];
    let [top, bottom, left, right] = bounds(below_the_title, |pixel| (0..3).any(|c| pixel[c] > panel[c] + 5));
    for row in &below_the_title[top..=bottom] {
        for &pixel in &row[left..=right] {
            assert!(is_near(pixel, expected, 5), "{what}: {pixel:?} for {expected:?}");
        }
    }
    let shown = ((right - left + 1) as f64, (bottom - top + 1) as f64);
    let ratio = f64::from(frame.width()) / f64::from(frame.height());
    assert!((shown.0 - shown.1 * ratio).abs() <= 1.0 + ratio, "{what}: shown as {shown:?}");
}

#[test]
fn every_format_keeps_its_colours_at_every_size() {
    for &format in PixelFormat::ALL {
        for size in SIZES {
            for color in COLORS {
                let frame = simple(size, format, color);
                let what = format!("{format} of {size:?}");
                check(&frame, Colorimetry::BT709, expected(color, format), &what);
            }
        }
    }
}

#[test]
fn padding_is_not_part_of_the_picture() {
    for &format in PixelFormat::ALL {
        for size in [(5, 3), (161, 91), (801, 603)] {
            for padding in [1, 12, 64] {
                let frame = plain(size, format, Colorimetry::BT709, padding, Color::RED);
                let what = format!("{format} of {size:?} with {padding} bytes of padding");
                check(&frame, Colorimetry::BT709, expected(Color::RED, format), &what);
            }
        }
    }
}

#[test]
fn every_colorimetry_becomes_every_other() {
    for format in [PixelFormat::I420, PixelFormat::Nv12, PixelFormat::Gray8, PixelFormat::Bgr8] {
        for from in ALL_COLORIMETRIES {
            for to in ALL_COLORIMETRIES {
                for color in COLORS {
                    let frame = plain((320, 180), format, from, 0, color);
                    check(&frame, to, expected(color, format), &format!("{format} from {from:?} to {to:?}"));
                }
            }
        }
    }
}

/// The luma of a colour in an I420 frame, and its chroma.
fn ycc(color: Color, colorimetry: Colorimetry) -> [f64; 3] {
    let [r, g, b] = [color.r, color.g, color.b].map(|value| f64::from(value) / 255.0);
    let (red, blue) = colorimetry.matrix.red_and_blue();
    let y = red * r + (1.0 - red - blue) * g + blue * b;
    let (cb, cr) = ((b - y) / (2.0 - 2.0 * blue), (r - y) / (2.0 - 2.0 * red));
    match colorimetry.range {
        ColorRange::Limited => [16.0 + 219.0 * y, 128.0 + 224.0 * cb, 128.0 + 224.0 * cr],
        ColorRange::Full => [255.0 * y, 128.0 + 255.0 * cb, 128.0 + 255.0 * cr],
    }
}

/// The middle sample of each component.
fn middle(frame: &Frame) -> Vec<u8> {
    let view = frame.view();
    let (x, y) = (frame.width() as usize / 2, frame.height() as usize / 2);
    let at = |plane: usize, x: usize, y: usize| view.plane(plane).row(y)[x];
    match frame.format() {
        PixelFormat::I420 => vec![at(0, x, y), at(1, x / 2, y / 2), at(2, x / 2, y / 2)],
        PixelFormat::Nv12 => vec![at(0, x, y), at(1, x / 2 * 2, y / 2), at(1, x / 2 * 2 + 1, y / 2)],
        PixelFormat::Gray8 => vec![at(0, x, y)],
        PixelFormat::Rgb8 | PixelFormat::Bgr8 => (0..3).map(|byte| at(0, 3 * x + byte, y)).collect(),
        _ => (0..4).map(|byte| at(0, 4 * x + byte, y)).collect(),
    }
}

#[test]
fn composed_frames_have_the_right_colours_in_every_format() {
    for &from in PixelFormat::ALL {
        for &to in PixelFormat::ALL {
            for colorimetry in ALL_COLORIMETRIES {
                for color in COLORS {
                    let builder = Mosaic::builder().size(321, 243).source("camera").format(to);
                    let mut mosaic = builder.colorimetry(colorimetry).build().unwrap();
                    mosaic.update(0, &simple((320, 240), from, color)).unwrap();
                    let frame = mosaic.compose();
                    assert_eq!((frame.format(), frame.colorimetry()), (to, colorimetry));
                    let [r, g, b] = expected(color, from);
                    let color = Color::rgb(r, g, b);
                    let expected: Vec<f64> = match to {
                        PixelFormat::I420 | PixelFormat::Nv12 => ycc(color, colorimetry).to_vec(),
                        PixelFormat::Gray8 => {
                            vec![ycc(color, Colorimetry { range: ColorRange::Full, ..colorimetry })[0]]
                        }
                        PixelFormat::Rgb8 => [r, g, b].map(f64::from).to_vec(),
                        PixelFormat::Bgr8 => [b, g, r].map(f64::from).to_vec(),
                        PixelFormat::Rgba8 => [r, g, b, 255].map(f64::from).to_vec(),
                        _ => [b, g, r, 255].map(f64::from).to_vec(),
                    };
                    let shown = middle(&frame);
                    let near = |(&shown, expected): (&u8, &f64)| {
                        (f64::from(shown) - expected.min(255.0)).abs() <= 4.0
                    };
                    assert!(
                        shown.iter().zip(&expected).all(near),
                        "{from} to {to}, {colorimetry:?}: {shown:?} for {expected:?}"
                    );
                }
            }
        }
    }
}

/// The first column in the right half's colour, and the number of columns, of a picture whose left half is white and whose right is red.
fn border(size: (u32, u32), format: PixelFormat) -> (f64, f64) {
    let mut frame = simple(size, format, Color::WHITE);
    let right = Rectangle::new(Rect::from_tlbr(0.0, 0.5, 1.0, 1.0).unwrap());
    let right = right.color(Color::TRANSPARENT).fill(Color::RED);
    FrameDriver::new().render(&[Annotation::from(right)], &mut frame).unwrap();
    let (builder, _) = builder((400, 300));
    let mut mosaic = builder.source("camera").build().unwrap();
    mosaic.update(0, &frame).unwrap();
    let pixels = pixels(&mosaic.compose());
    let row = &pixels[160];
    let shown: Vec<u8> = row.iter().filter(|pixel| pixel[0] > 60).map(|pixel| pixel[1]).collect();
    let border = shown.iter().position(|&green| green < 165).unwrap();
    (border as f64, shown.len() as f64)
}

#[test]
fn everything_stays_in_its_place() {
    for format in
        [PixelFormat::I420, PixelFormat::Nv12, PixelFormat::Gray8, PixelFormat::Bgr8, PixelFormat::Rgba8]
    {
        for size in [(40, 30), (160, 120), (396, 274), (640, 480), (802, 602), (1280, 960), (3000, 2250)] {
            let (border, width) = border(size, format);
            assert!(
                (border - width / 2.0).abs() <= 1.0 + 400.0 / f64::from(size.0),
                "{format} of {size:?}: {border} of {width}"
            );
        }
    }
}

#[test]
fn opacity_is_not_looked_at() {
    for format in [PixelFormat::Rgba8, PixelFormat::Bgra8] {
        let mut frame = simple((64, 48), format, Color::rgb(90, 140, 60));
        frame.view_mut().plane_mut(0).data_mut().iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 0);
        check(&frame, Colorimetry::BT709, [90, 140, 60], "transparent");
    }
}

#[test]
fn high_pictures_are_bt_709_if_nothing_else_is_said() {
    for (height, colorimetry) in [(720, Colorimetry::BT709), (480, Colorimetry::BT601)] {
        let mut mosaic = Mosaic::builder().size(640, height).source("camera").build().unwrap();
        assert_eq!(mosaic.compose().colorimetry(), colorimetry);
    }
}
