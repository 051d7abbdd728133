//! A crowded 1080p scene: 50 boxes with 100 labels, a time, 5 polygons of 12 corners, one of them filled, and 10 markers.

use backpack_annotate::{Annotation, BoundingBox, Color, Label, Marker, MarkerStyle, Path};
use backpack_core::{PolyLine, Rect};

pub const WIDTH: u32 = 1920;
pub const HEIGHT: u32 = 1080;

/// The scene as it stands in its file, which the scripts in `xtask/peer` read too, so that all draw the same.
///
/// The numbers were drawn at random once; places are normalised.
type Items = (Vec<Boxed>, (Place, String), Vec<(Vec<Place>, Rgb)>, Vec<(Place, String, Rgb)>);

/// Left, top, right and bottom; the text above and the text below; the colour.
type Boxed = ([f64; 4], String, String, Rgb);
type Place = (f64, f64);
type Rgb = (u8, u8, u8);

/// How opaque the fill of the first polygon is, and how opaque everything else.
#[derive(Clone, Copy)]
pub struct Opacity {
    fill: u8,
    rest: u8,
}

impl Opacity {
    pub const OPAQUE: Self = Self { fill: 255, rest: 255 };
    pub const ONE_FILL: Self = Self { fill: 128, rest: 255 };
    pub const ALL_ALPHA: Self = Self { fill: 128, rest: 128 };
}

/// The whole scene.
pub fn whole(text_pixels: f64, opacity: Opacity) -> Vec<Annotation> {
    let mut scene = boxes(text_pixels, opacity);
    scene.push(time(text_pixels, opacity));
    scene.extend(polygons(opacity));
    scene.extend(markers(opacity));
    scene
}

pub fn boxes(text_pixels: f64, opacity: Opacity) -> Vec<Annotation> {
    let one = |([left, top, right, bottom], above, below, color): Boxed| {
        BoundingBox::new(Rect::from_tlbr(top, left, bottom, right).expect("the numbers are finite"))
            .top_label(above)
            .bottom_label(below)
            .text_size(pixels(text_pixels))
            .thickness(pixels(1.0))
            .color(Color::from(color).with_alpha(opacity.rest))
            .into()
    };
    items().0.into_iter().map(one).collect()
}

pub fn polygons(opacity: Opacity) -> Vec<Annotation> {
    let one = |(index, (corners, color)): (usize, (Vec<Place>, Rgb))| {
        let path = Path::new(PolyLine::closed(corners).expect("twelve corners are a polygon"))
            .thickness(pixels(2.0))
            .color(Color::from(color).with_alpha(opacity.rest));
        if index == 0 { path.fill(Color::from(color).with_alpha(opacity.fill)).into() } else { path.into() }
    };
    items().2.into_iter().enumerate().map(one).collect()
}

fn time(text_pixels: f64, opacity: Opacity) -> Annotation {
    let (position, text) = items().1;
    let color = Color::WHITE.with_alpha(opacity.rest);
    Label::new(position, text).size(pixels(text_pixels)).color(color).into()
}

fn markers(opacity: Opacity) -> Vec<Annotation> {
    let one = |(position, style, color): (Place, String, Rgb)| {
        Marker::new(position, marker_style(&style))
            .size(pixels(20.0))
            .thickness(pixels(1.0))
            .color(Color::from(color).with_alpha(opacity.rest))
            .into()
    };
    items().3.into_iter().map(one).collect()
}

/// By the name that the Python toolkit and OpenCV have for it.
fn marker_style(name: &str) -> MarkerStyle {
    match name {
        "CROSS" => MarkerStyle::Cross,
        "TILTED_CROSS" => MarkerStyle::TiltedCross,
        "STAR" => MarkerStyle::Star,
        "DIAMOND" => MarkerStyle::Diamond,
        "SQUARE" => MarkerStyle::Square,
        "TRIANGLE_UP" => MarkerStyle::TriangleUp,
        "TRIANGLE_DOWN" => MarkerStyle::TriangleDown,
        unknown => panic!("no marker is called {unknown}"),
    }
}

fn items() -> Items {
    serde_json::from_str(include_str!("scene.json")).expect("the file has this form")
}

/// Pixels in frame heights.
fn pixels(pixels: f64) -> f64 {
    pixels / f64::from(HEIGHT)
}
