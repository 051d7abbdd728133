//! Every pixel format shows the same picture, and no byte outside the pixels is written.
#![allow(clippy::unwrap_used)]

mod common;

use backpack_annotate::{
    Annotation, BoundingBox, Circle, Color, Dot, Driver, Ellipse, FrameDriver, Label, Marker, MarkerStyle,
    Path, Rectangle, Stroke, Trace,
};
use backpack_core::{
    ColorRange, Colorimetry, Frame, FrameMut, Layout, Matrix, PixelFormat, PlaneLayout, PolyLine, Rect,
};
use common::painted;
use proptest::prelude::*;
use std::sync::Arc;

const BACKGROUND: Color = Color::rgb(70, 90, 60);

fn rect(x: f64, y: f64, width: f64, height: f64) -> Rect {
    Rect::from_xywh(x, y, width, height).unwrap()
}

/// One of each, apart from each other.
fn scene() -> Vec<Annotation> {
    let star = PolyLine::closed([(0.55, 0.1), (0.95, 0.3), (0.52, 0.31), (0.9, 0.05), (0.7, 0.45)]).unwrap();
    let chain = PolyLine::open([(0.55, 0.6), (0.7, 0.9), (0.75, 0.55), (0.95, 0.8)]).unwrap();
    vec![
        BoundingBox::new(rect(0.03, 0.13, 0.2, 0.3)).top_label("car 0.92").color(Color::RED).into(),
        BoundingBox::new(rect(0.3, 0.13, 0.15, 0.3))
            .bottom_label("x")
            .color(Color::CYAN.with_alpha(130))
            .into(),
        Rectangle::new(rect(0.05, 0.61, 0.18, 0.33))
            .color(Color::YELLOW)
            .fill(Color::BLUE.with_alpha(99))
            .into(),
        Label::new((0.27, 0.8), "Größe").color(Color::MAGENTA).size(0.15).into(),
        Path::new(star).color(Color::ORANGE.with_alpha(200)).fill(Color::LIME.with_alpha(128)).into(),
        Path::new(chain).color(Color::WHITE).thickness(0.03).into(),
        Stroke::new((0.26, 0.9), (0.5, 0.97)).color(Color::GREEN).into(),
    ]
}

/// A frame in the background's colour with the scene on it, in rows of red, green, blue.
fn reference(scene: &[Annotation], width: u32, height: u32) -> Vec<Vec<[f64; 3]>> {
    let mut pixels = [BACKGROUND.r, BACKGROUND.g, BACKGROUND.b].repeat((width * height) as usize);
    let mut frame = FrameMut::new(&mut pixels, width, height, PixelFormat::Rgb8).unwrap();
    FrameDriver::new().render(scene, &mut frame).unwrap();
    let pixel = |pixel: &[u8]| [pixel[0], pixel[1], pixel[2]].map(f64::from);
    pixels.chunks(3 * width as usize).map(|row| row.chunks(3).map(pixel).collect()).collect()
}

/// Y', Cb and Cr by the definition of the standards.
fn ycc([r, g, b]: [f64; 3], colorimetry: Colorimetry) -> [f64; 3] {
    let (kr, kb) = colorimetry.matrix.red_and_blue();
    let y = kr * r + (1.0 - kr - kb) * g + kb * b;
    let (pb, pr) = ((b - y) / (2.0 - 2.0 * kb), (r - y) / (2.0 - 2.0 * kr));
    match colorimetry.range {
        ColorRange::Limited => {
            [16.0 + y * 219.0 / 255.0, 128.0 + pb * 224.0 / 255.0, 128.0 + pr * 224.0 / 255.0]
        }
        ColorRange::Full => [y, 128.0 + pb, 128.0 + pr],
    }
}

/// The samples of a Y'CbCr frame with the scene on it: each plane's rows.
fn yuv(
    scene: &[Annotation],
    width: u32,
    height: u32,
    format: PixelFormat,
    colorimetry: Colorimetry,
) -> [Vec<Vec<u8>>; 3] {
    let mut frame = Frame::black(width, height, format).unwrap().with_colorimetry(colorimetry);
    let background = [BACKGROUND.r, BACKGROUND.g, BACKGROUND.b].map(f64::from);
    let [y, cb, cr] = ycc(background, colorimetry).map(|value| value.round() as u8);
    let mut view = frame.view_mut();
    view.plane_mut(0).data_mut().fill(y);
    if format == PixelFormat::I420 {
        view.plane_mut(1).data_mut().fill(cb);
        view.plane_mut(2).data_mut().fill(cr);
    } else {
        view.plane_mut(1).data_mut().chunks_mut(2).for_each(|pair| pair.copy_from_slice(&[cb, cr]));
    }
    FrameDriver::new().render(scene, &mut frame).unwrap();
    let view = frame.view();
    let rows = |plane: usize| view.plane(plane).rows().map(<[u8]>::to_vec).collect::<Vec<_>>();
    let every_second = |first: usize| {
        let second = |row: &[u8]| row.iter().skip(first).step_by(2).copied().collect();
        view.plane(1).rows().map(second).collect::<Vec<Vec<u8>>>()
    };
    match format {
        PixelFormat::I420 => [rows(0), rows(1), rows(2)],
        _ => [rows(0), every_second(0), every_second(1)],
    }
}

/// The largest difference between a Y'CbCr frame and the reference, whose chroma is the mean over two by two pixels.
fn differences(
    planes: &[Vec<Vec<u8>>; 3],
    reference: &[Vec<[f64; 3]>],
    colorimetry: Colorimetry,
) -> [(f64, f64); 3] {
    let (mut largest, mut sums) = ([0.0f64; 3], [0.0f64; 3]);
    for component in 0..3 {
        let size = if component == 0 { 1 } else { 2 };
        for (y, row) in planes[component].iter().enumerate() {
            for (x, &sample) in row.iter().enumerate() {
                let block: Vec<f64> = reference
                    .iter()
                    .skip(size * y)
                    .take(size)
                    .flat_map(|row| row.iter().skip(size * x).take(size))
                    .map(|&pixel| ycc(pixel, colorimetry)[component])
                    .collect();
                let difference = (block.iter().sum::<f64>() / block.len() as f64 - f64::from(sample)).abs();
                largest[component] = largest[component].max(difference);
                sums[component] += difference;
            }
        }
    }
    let count = |component: usize| (planes[component].len() * planes[component][0].len()) as f64;
    std::array::from_fn(|component| (largest[component], sums[component] / count(component)))
}

#[test]
fn y_cb_cr_frames_show_the_picture_of_rgb_frames() {
    let full = Colorimetry { matrix: Matrix::Bt709, range: ColorRange::Full };
    for (width, height, colorimetry) in
        [(320, 240, Colorimetry::BT601), (321, 241, Colorimetry::BT709), (163, 91, full), (640, 480, full)]
    {
        let reference = reference(&scene(), width, height);
        for format in [PixelFormat::I420, PixelFormat::Nv12] {
            let planes = yuv(&scene(), width, height, format, colorimetry);
            let [y, cb, cr] = differences(&planes, &reference, colorimetry);
            assert!(y.0 < 2.6 && y.1 < 0.6, "luma of {width}×{height} {format}: {y:?}");
            for chroma in [cb, cr] {
                // Where two parts of an annotation in different colours share a chroma sample, the second is blended over the first, as if
                // they were independent of each other; this is rare.
                assert!(chroma.0 < 16.0 && chroma.1 < 0.7, "chroma of {width}×{height} {format}: {chroma:?}");
            }
        }
    }
}

#[test]
fn chroma_is_the_exact_mean_for_each_single_shape() {
    let opaque_and_not = [255, 120].map(|alpha| Color::rgb(250, 30, 80).with_alpha(alpha));
    let odd = PolyLine::closed([(0.13, 0.21), (0.83, 0.37), (0.41, 0.93)]).unwrap();
    for color in opaque_and_not {
        let shapes: [Annotation; 12] = [
            Circle::new((0.47, 0.53), 0.31).color(color).into(),
            Dot::new((0.61, 0.37)).radius(0.2).color(color).into(),
            Ellipse::new(rect(0.11, 0.23, 0.71, 0.43)).color(Color::TRANSPARENT).fill(color).into(),
            Marker::new((0.43, 0.57), MarkerStyle::Star).size(0.6).color(color).into(),
            Trace::new([(0.11, 0.17), (0.53, 0.81), (0.87, 0.29)]).thickness(0.07).color(color).into(),
            Rectangle::new(rect(0.13, 0.21, 0.61, 0.53)).rounded(0.17).color(color).into(),
            Rectangle::new(rect(0.21, 0.17, 0.43, 0.61)).color(color).into(),
            Rectangle::new(rect(0.3, 0.3, 0.7, 0.7)).color(Color::TRANSPARENT).fill(color).into(),
            Stroke::new((0.11, 0.13), (0.93, 0.57)).color(color).into(),
            Path::new(odd.clone()).color(color).thickness(0.02).into(),
            Path::new(odd.clone()).color(Color::TRANSPARENT).fill(color).into(),
            Label::new((0.1, 0.6), "chroma").size(0.3).color(color).into(),
        ];
        for shape in shapes {
            let scene = std::slice::from_ref(&shape);
            for (width, height) in [(64, 48), (65, 47), (33, 61)] {
                let reference = reference(scene, width, height);
                for format in [PixelFormat::I420, PixelFormat::Nv12] {
                    let planes = yuv(scene, width, height, format, Colorimetry::BT601);
                    for (largest, _) in differences(&planes, &reference, Colorimetry::BT601) {
                        assert!(largest < 2.6, "{shape:?} on {width}×{height} {format}: {largest}");
                    }
                }
            }
        }
    }
}

#[test]
fn colours_have_the_numbers_of_the_standards() {
    let pixel = |color: Color, colorimetry| {
        let scene = [Rectangle::new(rect(0.0, 0.0, 1.0, 1.0)).color(color).fill(color).into()];
        let planes = yuv(&scene, 4, 4, PixelFormat::Nv12, colorimetry);
        planes.map(|plane| plane[1][1])
    };
    let full = Colorimetry { matrix: Matrix::Bt601, range: ColorRange::Full };
    assert_eq!(pixel(Color::WHITE, Colorimetry::BT601), [235, 128, 128]);
    assert_eq!(pixel(Color::BLACK, Colorimetry::BT709), [16, 128, 128]);
    assert_eq!(pixel(Color::RED, Colorimetry::BT601), [81, 90, 240]);
    assert_eq!(pixel(Color::RED, Colorimetry::BT709), [63, 102, 240]);
    assert_eq!(pixel(Color::BLUE, Colorimetry::BT709), [32, 240, 118]);
    assert_eq!(pixel(Color::WHITE, full), [255, 128, 128]);
    assert_eq!(pixel(Color::BLUE, full), [29, 255, 107]);
}

#[test]
fn packed_formats_show_the_same_picture_but_for_the_order_of_bytes() {
    let pixels = |format, order: &[usize]| {
        let frame = painted(&scene(), 161, 121, format, 80);
        let pixel_bytes = frame.bytes().len() / (161 * 121);
        let pixels = frame.bytes().chunks(pixel_bytes);
        pixels.map(|pixel| order.iter().map(|&index| pixel[index]).collect()).collect::<Vec<Vec<u8>>>()
    };
    let rgb = pixels(PixelFormat::Rgb8, &[0, 1, 2]);
    for (format, order) in
        [(PixelFormat::Bgr8, [2, 1, 0]), (PixelFormat::Rgba8, [0, 1, 2]), (PixelFormat::Bgra8, [2, 1, 0])]
    {
        for (index, (pixel, expected)) in pixels(format, &order).iter().zip(&rgb).enumerate() {
            for (value, expected) in pixel.iter().zip(expected) {
                assert_eq!(value, expected, "{format}, pixel {index}");
            }
        }
    }
    let gray = pixels(PixelFormat::Gray8, &[0]);
    for (gray, rgb) in gray.iter().zip(&rgb) {
        let luma = 0.299 * f64::from(rgb[0]) + 0.587 * f64::from(rgb[1]) + 0.114 * f64::from(rgb[2]);
        assert!((f64::from(gray[0]) - luma).abs() < 3.0);
    }
}

#[test]
fn what_is_drawn_is_opaque_in_formats_with_opacity() {
    let half = Color::RED.with_alpha(128);
    let scene = [
        Rectangle::new(rect(0.0, 0.0, 0.5, 1.0)).color(Color::RED).fill(Color::RED).into(),
        Rectangle::new(rect(0.5, 0.0, 0.25, 1.0)).color(Color::TRANSPARENT).fill(half).into(),
    ];
    let frame = painted(&scene, 4, 1, PixelFormat::Bgra8, 0);
    assert_eq!(frame.bytes(), [0, 0, 255, 255, 0, 0, 255, 255, 0, 0, 128, 128, 0, 0, 0, 0]);
}

#[test]
fn pixels_that_a_decoder_still_needs_are_copied_first() {
    let decoder: Arc<[u8; 12]> = Arc::new([50; 12]);
    let layout = Layout::tight(2, 2, PixelFormat::Rgb8).unwrap();
    let mut frame = Frame::shared(decoder.clone(), layout).unwrap();
    FrameDriver::new().render(&scene(), &mut frame).unwrap();
    assert_eq!(*decoder, [50; 12]);
    assert_ne!(frame.bytes(), [50; 12]);
}

#[test]
fn one_driver_draws_on_frames_of_any_size_and_format_in_turn() {
    let mut driver = FrameDriver::new();
    for (width, height) in [(320, 200), (33, 17), (641, 361), (1, 1), (200, 320)] {
        for &format in PixelFormat::ALL {
            let mut frame = Frame::black(width, height, format).unwrap();
            frame.view_mut().planes_mut().iter_mut().for_each(|plane| plane.data_mut().fill(80));
            driver.render(&scene(), &mut frame).unwrap();
            let fresh = painted(&scene(), width, height, format, 80);
            assert_eq!(frame.bytes(), fresh.bytes(), "{width}×{height} {format}");
        }
    }
}

/// Coordinates in and around the frame, and far from it.
fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -0.5..1.5f64,
        2 => prop::sample::select(&[0.0, 1.0, 0.5, -0.0, f64::MIN_POSITIVE][..]),
        1 => prop::sample::select(&[1e9, -1e9, 1e300, -1e300, f64::MAX, f64::MIN][..]),
    ]
}

/// Sizes in frame heights.
fn size() -> impl Strategy<Value = Option<f64>> {
    prop::option::of(prop_oneof![4 => 0.0..0.3f64, 1 => prop::sample::select(&[0.0, 1.0, 1e-300, 1e300][..])])
}

fn color() -> impl Strategy<Value = Color> {
    let alpha = prop::sample::select(&[0u8, 1, 128, 254, 255][..]);
    (any::<u64>(), alpha).prop_map(|(id, alpha)| Color::palette(id).with_alpha(alpha))
}

fn point() -> impl Strategy<Value = (f64, f64)> {
    (coordinate(), coordinate())
}

fn area() -> impl Strategy<Value = Rect> {
    (point(), point()).prop_map(|(a, b)| Rect::from_points(a, b).unwrap())
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Zäß漢 ]{0,12}", any::<String>()]
}

fn fill() -> impl Strategy<Value = Option<Color>> {
    prop::option::of(color())
}

fn annotation() -> impl Strategy<Value = Annotation> {
    let chain = (prop::collection::vec(point(), 3..12), any::<bool>()).prop_map(|(points, closed)| {
        if closed { PolyLine::closed(points).unwrap() } else { PolyLine::open(points).unwrap() }
    });
    prop_oneof![
        (area(), prop::option::of(text()), prop::option::of(text()), color(), size(), size()).prop_map(
            |(area, top, bottom, color, thickness, text_size)| {
                let mut annotation = BoundingBox::new(area).color(color);
                (annotation.top_label, annotation.bottom_label) = (top, bottom);
                (annotation.thickness, annotation.text_size) = (thickness, text_size);
                annotation.into()
            }
        ),
        (area(), color(), fill(), size()).prop_map(|(area, color, fill, thickness)| {
            let mut annotation = Rectangle::new(area).color(color);
            (annotation.fill, annotation.thickness) = (fill, thickness);
            annotation.into()
        }),
        (point(), point(), color(), size()).prop_map(|(start, end, color, thickness)| {
            let mut annotation = Stroke::new(start, end).color(color);
            annotation.thickness = thickness;
            annotation.into()
        }),
        (chain, color(), fill(), size()).prop_map(|(chain, color, fill, thickness)| {
            let mut annotation = Path::new(chain).color(color);
            (annotation.fill, annotation.thickness) = (fill, thickness);
            annotation.into()
        }),
        (point(), text(), color(), fill(), size()).prop_map(|(position, text, color, background, size)| {
            let mut annotation = Label::new(position, text).color(color);
            (annotation.background, annotation.size) = (background, size);
            annotation.into()
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_panics_or_writes_outside_the_pixels(
        scene in prop::collection::vec(annotation(), 1..6),
        format in prop::sample::select(PixelFormat::ALL),
        width in 1u32..70, height in 1u32..70, pad in 0usize..9, gap in 0usize..9,
    ) {
        let tight = Frame::black(width, height, format).unwrap();
        let mut planes = Vec::new();
        let mut end = 0;
        for plane in tight.view().planes() {
            planes.push(PlaneLayout { offset: end + gap, stride: plane.row_bytes() + pad });
            end += gap + (plane.row_bytes() + pad) * plane.height();
        }
        let layout = Layout::padded(width, height, format, &planes).unwrap();
        let mut memory = vec![123; end + gap];
        let mut frame = FrameMut::with_layout(&mut memory, &layout).unwrap();
        FrameDriver::new().render(&scene, &mut frame).unwrap();
        let drawn = Frame::with_layout(memory.clone(), layout).unwrap().view().to_frame();

        // The same picture as without padding: so all of it is in the pixels.
        let expected = painted(&scene, width, height, format, 123);
        prop_assert_eq!(drawn.bytes(), expected.bytes());
        let mut frame = FrameMut::with_layout(&mut memory, &layout).unwrap();
        frame.planes_mut().iter_mut().for_each(|plane| plane.rows_mut().for_each(|row| row.fill(123)));
        prop_assert!(memory.iter().all(|&byte| byte == 123), "padding is left alone");
    }
}
