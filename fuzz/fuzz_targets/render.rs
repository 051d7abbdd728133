#![no_main]

use arbitrary::Arbitrary;
use backpack_annotate::{
    Annotation, BoundingBox, Color, Driver, FrameDriver, HorizontalAnchor, Label, Path, Rectangle, Stroke,
    VerticalAnchor,
};
use backpack_core::{Frame, PixelFormat, Point, PolyLine, Rect};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Shape {
    Rectangle((f64, f64), (f64, f64), u32, Option<f64>, Option<u32>),
    BoundingBox((f64, f64), (f64, f64), u32, String, String),
    Label((f64, f64), String, u8, u32, Option<f64>, Option<u32>),
    Stroke((f64, f64), (f64, f64), u32, Option<f64>),
    Path(Vec<(f64, f64)>, bool, u32, Option<u32>),
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
        Shape::Rectangle(a, b, ink, thickness, fill) => {
            let mut shape = Rectangle::new(Rect::from_points(a, b).ok()?).color(color(ink));
            if let Some(thickness) = thickness {
                shape = shape.thickness(thickness);
            }
            if let Some(fill) = fill {
                shape = shape.fill(color(fill));
            }
            shape.into()
        }
        Shape::BoundingBox(a, b, ink, top, bottom) => BoundingBox::new(Rect::from_points(a, b).ok()?)
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
});
