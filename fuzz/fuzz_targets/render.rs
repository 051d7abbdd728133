#![no_main]

use arbitrary::Arbitrary;
use backpack_annotate::{
    Annotation, BoundingBox, BoxShape, Circle, Color, Dot, Driver, Ellipse, FrameDriver, HorizontalAnchor,
    Label, Marker, MarkerStyle, PanoramaDriver, PanoramaMedia, Path, Rectangle, Redaction, Stroke, Trace,
    ValueBar, VerticalAnchor,
};
use backpack_core::{Frame, PixelFormat, Point, PolyLine, Rect};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Shape {
    Rectangle((f64, f64), (f64, f64), u32, Option<f64>, Option<u32>, f64),
    BoundingBox((f64, f64), (f64, f64), u32, String, String, u8),
    Label((f64, f64), String, u8, u32, Option<f64>, Option<u32>),
    Stroke((f64, f64), (f64, f64), u32, Option<f64>),
    Path(Vec<(f64, f64)>, bool, u32, Option<u32>),
    Marker((f64, f64), u8, u32, Option<f64>, Option<f64>),
    Circle((f64, f64), f64, u32, Option<f64>, Option<u32>),
    Dot((f64, f64), u32, Option<f64>),
    Ellipse((f64, f64), (f64, f64), u32, Option<f64>, Option<u32>),
    Trace(Vec<(f64, f64)>, bool, u32, Option<f64>),
    ValueBar((f64, f64), (f64, f64), f64, bool, u32),
    Redaction((f64, f64), (f64, f64), bool, u32),
}

#[derive(Arbitrary, Debug)]
struct Input {
    format: u8,
    width: u8,
    height: u8,
    shapes: Vec<Shape>,
}

fn color(bits: u32) -> Color {
    let [r, g, b, a] = bits.to_be_bytes();
    Color::rgba(r, g, b, a)
}

fn annotation(shape: Shape) -> Option<Annotation> {
    Some(match shape {
        Shape::Rectangle(a, b, ink, thickness, fill, radius) => {
            let mut shape = Rectangle::new(Rect::from_points(a, b).ok()?).color(color(ink)).rounded(radius);
            if let Some(thickness) = thickness {
                shape = shape.thickness(thickness);
            }
            if let Some(fill) = fill {
                shape = shape.fill(color(fill));
            }
            shape.into()
        }
        Shape::BoundingBox(a, b, ink, top, bottom, shape) => BoundingBox::new(Rect::from_points(a, b).ok()?)
            .shape([BoxShape::Plain, BoxShape::Rounded, BoxShape::Corners][usize::from(shape % 3)])
            .color(color(ink))
            .top_label(top)
            .bottom_label(bottom)
            .into(),
        Shape::Label(at, text, anchor, ink, size, background) => {
            let horizontal = [HorizontalAnchor::Left, HorizontalAnchor::Center, HorizontalAnchor::Right]
                [usize::from(anchor % 3)];
            let vertical = [
                VerticalAnchor::Top,
                VerticalAnchor::Center,
                VerticalAnchor::Baseline,
                VerticalAnchor::Bottom,
            ][usize::from(anchor / 3 % 4)];
            // Points are public: this one may be anything, NaN included.
            let mut label = Label::new(Point::from(at), text).anchor(horizontal, vertical).color(color(ink));
            if let Some(size) = size {
                label = label.size(size);
            }
            if let Some(background) = background {
                label = label.background(color(background));
            }
            label.into()
        }
        Shape::Stroke(a, b, ink, thickness) => {
            let stroke = Stroke::new(a, b).color(color(ink));
            thickness.map_or(stroke.clone(), |thickness| stroke.thickness(thickness)).into()
        }
        Shape::Path(points, closed, ink, fill) => {
            let line = if closed { PolyLine::closed(points) } else { PolyLine::open(points) };
            let path = Path::new(line.ok()?).color(color(ink));
            fill.map_or(path.clone(), |fill| path.fill(color(fill))).into()
        }
        Shape::Marker(at, style, ink, size, thickness) => {
            let mut marker = Marker::new(at, MarkerStyle::ALL[usize::from(style % 7)]).color(color(ink));
            (marker.size, marker.thickness) = (size, thickness);
            marker.into()
        }
        Shape::Circle(center, radius, ink, thickness, fill) => {
            let mut circle = Circle::new(center, radius).color(color(ink));
            (circle.thickness, circle.fill) = (thickness, fill.map(color));
            circle.into()
        }
        Shape::Dot(center, ink, radius) => {
            let mut dot = Dot::new(center).color(color(ink));
            dot.radius = radius;
            dot.into()
        }
        Shape::Ellipse(a, b, ink, thickness, fill) => {
            let mut ellipse = Ellipse::new(Rect::from_points(a, b).ok()?).color(color(ink));
            (ellipse.thickness, ellipse.fill) = (thickness, fill.map(color));
            ellipse.into()
        }
        Shape::Trace(points, fades, ink, thickness) => {
            let mut trace = Trace::new(points).color(color(ink));
            (trace.fades, trace.thickness) = (fades, thickness);
            trace.into()
        }
        Shape::ValueBar(a, b, value, is_upright, ink) => {
            let mut bar = ValueBar::new(Rect::from_points(a, b).ok()?, value).color(color(ink));
            bar.is_upright = is_upright;
            bar.into()
        }
        Shape::Redaction(a, b, is_blur, cells) => {
            let rect = Rect::from_points(a, b).ok()?;
            if is_blur { Redaction::blur(rect) } else { Redaction::pixelate(rect) }.cells(cells).into()
        }
    })
}

fuzz_target!(|input: Input| {
    let format = PixelFormat::ALL[usize::from(input.format) % PixelFormat::ALL.len()];
    let Ok(mut frame) = Frame::black(u32::from(input.width) + 1, u32::from(input.height) + 1, format) else {
        return;
    };
    let scene: Vec<Annotation> = input.shapes.into_iter().filter_map(annotation).collect();
    // An error is a fine answer to nonsense; a panic is not.
    let _ = FrameDriver::new().render(&scene, &mut frame);
    let _ = PanoramaDriver::new().render(&scene, &mut Nowhere);
});

struct Nowhere;

impl PanoramaMedia for Nowhere {
    fn add_label(&mut self, _: &str, x: f64, y: f64) {
        assert!(x.is_finite() && y.is_finite());
    }

    fn add_rect(&mut self, left: f64, top: f64, right: f64, bottom: f64) {
        assert!(left <= right && top <= bottom);
    }
}
