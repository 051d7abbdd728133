//! Annotations of every kind.
#![allow(dead_code, clippy::unwrap_used)]

use backpack_annotate::{
    Annotation, BoundingBox, BoxShape, Circle, Color, Dot, Ellipse, Label, Marker, MarkerStyle, Path,
    Rectangle, Redaction, Stroke, Trace, ValueBar,
};
use backpack_core::{Point, PolyLine, Rect, Vec2};
use proptest::prelude::*;

/// One of each kind in one colour, each within its own tenth of `area`; what is translucent is so by the colour.
pub fn one_of_each(area: Rect, color: Color) -> Vec<Annotation> {
    let part = |column: u8, row: u8| {
        let (width, height) = (area.width() / 4.0, area.height() / 4.0);
        let corner = area.min() + Vec2::new(width * f64::from(column), height * f64::from(row));
        Rect::from_xywh(corner.x, corner.y, width * 0.8, height * 0.8).unwrap()
    };
    let zigzag = |rect: Rect| [rect.min(), rect.base(), Point::new(rect.right(), rect.top()), rect.max()];
    let polygon = |rect| PolyLine::closed(zigzag(rect)).unwrap();
    let bounding_box =
        |column, shape| BoundingBox::new(part(column, 0)).shape(shape).color(color).fill(color);
    vec![
        bounding_box(0, BoxShape::Plain).top_label("ä").into(),
        bounding_box(1, BoxShape::Rounded).bottom_label("gj").into(),
        bounding_box(2, BoxShape::Corners).into(),
        Rectangle::new(part(3, 0)).rounded(0.03).color(color).fill(color).into(),
        Circle::new(part(0, 1).center(), area.height() / 12.0).color(color).fill(color).into(),
        Dot::new(part(1, 1).center()).color(color).into(),
        Ellipse::new(part(2, 1)).color(color).fill(color).into(),
        Path::new(polygon(part(3, 1))).color(color).fill(color).into(),
        Stroke::new(part(0, 2).min(), part(0, 2).max()).color(color).into(),
        Trace::new(zigzag(part(1, 2))).color(color).into(),
        ValueBar::new(part(2, 2), 0.4).color(color).background(color).into(),
        ValueBar::new(part(3, 2), 0.7).upright().color(color).background(color).into(),
        Marker::new(part(0, 3).center(), MarkerStyle::Star).color(color).into(),
        Marker::new(part(1, 3).center(), MarkerStyle::TriangleUp).color(color).into(),
        Rectangle::new(part(2, 3)).color(color).into(),
        Redaction::cover(part(3, 3), color).into(),
    ]
}

/// A label that is drawn where it is put.
pub fn label(color: Color) -> Annotation {
    Label::new((0.3, 0.6), "Größe").color(color).background(color).into()
}

fn rect() -> impl Strategy<Value = Rect> {
    (-0.5..1.2, -0.5..1.2, 0.0..0.8, 0.0..0.8)
        .prop_map(|(x, y, width, height)| Rect::from_xywh(x, y, width, height).unwrap())
}

fn points() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((-0.5..1.5, -0.5..1.5), 3..8)
}

/// Anything in one colour.
pub fn any_annotation(color: Color) -> impl Strategy<Value = Annotation> {
    let shapes = [BoxShape::Plain, BoxShape::Rounded, BoxShape::Corners];
    let point = || (-0.5..1.5, -0.5..1.5);
    let thickness = || 0.0..0.1;
    prop_oneof![
        (rect(), 0..3_usize, thickness()).prop_map(move |(rect, shape, thickness)| {
            let shape = shapes[shape];
            BoundingBox::new(rect)
                .shape(shape)
                .thickness(thickness)
                .color(color)
                .top_label("top")
                .bottom_label("y")
                .into()
        }),
        (rect(), 0.0..0.2, thickness()).prop_map(move |(rect, radius, thickness)| {
            Rectangle::new(rect).rounded(radius).thickness(thickness).color(color).fill(color).into()
        }),
        (point(), 0.0..0.5)
            .prop_map(move |(center, radius)| Circle::new(center, radius).color(color).fill(color).into()),
        (point(), 0.0..0.1)
            .prop_map(move |(center, radius)| Dot::new(center).radius(radius).color(color).into()),
        (rect(), thickness()).prop_map(move |(rect, thickness)| {
            Ellipse::new(rect).thickness(thickness).color(color).fill(color).into()
        }),
        (points(), thickness()).prop_map(move |(points, thickness)| {
            Path::new(PolyLine::closed(points).unwrap()).thickness(thickness).color(color).fill(color).into()
        }),
        (point(), point(), thickness()).prop_map(move |(a, b, thickness)| {
            Stroke::new(a, b).thickness(thickness).color(color).into()
        }),
        (points(), any::<bool>()).prop_map(move |(points, fades)| {
            let trace = Trace::new(points).color(color);
            if fades { trace.into() } else { trace.solid().into() }
        }),
        (rect(), -0.5..1.5)
            .prop_map(move |(rect, value)| ValueBar::new(rect, value).color(color).background(color).into()),
        (point(), 0..7_usize, 0.0..0.3).prop_map(move |(place, style, size)| {
            Marker::new(place, MarkerStyle::ALL[style]).size(size).color(color).into()
        }),
        (point(), "[a-zA-Zäß \n]{0,9}")
            .prop_map(move |(place, text)| { Label::new(place, text).color(color).background(color).into() }),
        rect().prop_map(move |rect| Redaction::cover(rect, color).into()),
    ]
}
