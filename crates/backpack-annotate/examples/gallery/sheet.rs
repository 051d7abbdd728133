//! The sheet on which the gallery shows every annotation.

use std::error::Error;
use std::f64::consts::TAU;
use std::time::{Duration, SystemTime};

use backpack_annotate::{
    Annotation, BoundingBox, BoxShape, Circle, Color, Dot, Ellipse, HorizontalAnchor, Label, Marker,
    MarkerStyle, Path, Rectangle, Redaction, Stroke, Trace, ValueBar, VerticalAnchor,
};
use backpack_core::{Frame, Point, PolyLine, Rect, Vec2};

/// The size of the sheet in pixels.
pub const SIZE: (u32, u32) = (1280, 960);

const COLUMNS: u32 = 8;
const ROWS: u32 = 6;

const INK: Color = Color::rgb(0xff, 0xff, 0xff);
const PAPER: Color = Color::rgba(16, 20, 26, 170);

type Scene = Vec<Annotation>;

/// Paints an RGB frame in slow gradients, as a picture of nothing in particular.
pub fn background(mut frame: Frame) -> Frame {
    let mut view = frame.view_mut();
    for (y, row) in view.plane_mut(0).rows_mut().enumerate() {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let wave = ((x as f64 / 90.0).sin() * (y as f64 / 70.0).cos() * 14.0) as i32;
            let shade = |base: i32, slope: usize| (base + slope as i32 + wave).clamp(0, 255) as u8;
            pixel.copy_from_slice(&[shade(58, y / 16), shade(72, x / 40), shade(84, (x + y) / 40)]);
        }
    }
    frame
}

/// One of each, and one in each style.
pub fn annotations() -> Result<Scene, Box<dyn Error>> {
    let mut scene = Scene::new();
    boxes(&mut scene)?;
    labels(&mut scene)?;
    markers(&mut scene);
    curves(&mut scene)?;
    lines(&mut scene)?;
    redactions(&mut scene)?;
    Ok(scene)
}

/// The part of the sheet at this column and row, without its title.
fn cell(column: u32, row: u32) -> Result<Rect, Box<dyn Error>> {
    let (width, height) = (1.0 / f64::from(COLUMNS), 1.0 / f64::from(ROWS));
    let (left, top) = (f64::from(column) * width, f64::from(row) * height);
    Ok(Rect::from_xywh(left + 0.012, top + 0.045, width - 0.024, height - 0.06)?)
}

fn title(scene: &mut Scene, column: u32, row: u32, text: &str) {
    let place =
        Point::new((f64::from(column) + 0.5) / f64::from(COLUMNS), f64::from(row) / f64::from(ROWS) + 0.008);
    let label = Label::new(place, text).anchor(HorizontalAnchor::Center, VerticalAnchor::Top);
    scene.push(label.size(1.0 / 56.0).color(INK).background(PAPER).into());
}

fn boxes(scene: &mut Scene) -> Result<(), Box<dyn Error>> {
    let styles = [
        ("plain box", BoxShape::Plain, Color::palette(0)),
        ("rounded box", BoxShape::Rounded, Color::palette(1)),
        ("corner box", BoxShape::Corners, Color::palette(2)),
    ];
    for (column, (name, shape, color)) in (0..).zip(styles) {
        title(scene, column, 0, name);
        let rect = inner(cell(column, 0)?, 0.0, 0.22, 1.0, 0.85)?;
        let bounding_box = BoundingBox::new(rect).shape(shape).color(color);
        scene.push(bounding_box.top_label("person 0.92").bottom_label("track 7").into());
    }
    title(scene, 3, 0, "filled, translucent");
    let rect = inner(cell(3, 0)?, 0.0, 0.22, 1.0, 1.0)?;
    let color = Color::palette(4);
    let bounding_box = BoundingBox::new(rect).color(color.with_alpha(160)).fill(color.with_alpha(70));
    scene.push(bounding_box.top_label("half there").thickness(0.008).into());

    title(scene, 4, 0, "rectangle");
    scene.push(Rectangle::new(cell(4, 0)?).color(Color::ORANGE).thickness(0.006).into());
    title(scene, 5, 0, "rounded, filled");
    let panel = Rectangle::new(cell(5, 0)?).rounded(0.03).color(INK).fill(Color::TEAL.with_alpha(170));
    scene.push(panel.into());
    title(scene, 6, 0, "value bars");
    let bars = [(0.1, 0.25, Color::RED), (0.4, 0.6, Color::ORANGE), (0.7, 0.9, Color::LIME)];
    for (top, value, color) in bars {
        let rect = inner(cell(6, 0)?, 0.0, top, 1.0, top + 0.18)?;
        scene.push(ValueBar::new(rect, value).color(color).into());
    }
    title(scene, 7, 0, "upright");
    for (left, value) in [(0.1, 0.3), (0.42, 0.55), (0.74, 0.8)] {
        let rect = inner(cell(7, 0)?, left, 0.0, left + 0.16, 1.0)?;
        scene.push(ValueBar::new(rect, value).upright().color(Color::CYAN).into());
    }
    Ok(())
}

/// The part of a rectangle between these parts of its width and height.
fn inner(rect: Rect, left: f64, top: f64, right: f64, bottom: f64) -> Result<Rect, Box<dyn Error>> {
    let place = |x: f64, y: f64| rect.min() + Vec2::new(rect.width() * x, rect.height() * y);
    Ok(Rect::from_points(place(left, top), place(right, bottom))?)
}

fn labels(scene: &mut Scene) -> Result<(), Box<dyn Error>> {
    let vertical = [
        ("top", VerticalAnchor::Top),
        ("center", VerticalAnchor::Center),
        ("baseline", VerticalAnchor::Baseline),
        ("bottom", VerticalAnchor::Bottom),
    ];
    let horizontal = [HorizontalAnchor::Left, HorizontalAnchor::Center, HorizontalAnchor::Right];
    for (column, (name, vertical)) in (0..).zip(vertical) {
        title(scene, column, 1, &format!("anchor {name}"));
        let area = cell(column, 1)?;
        for (y, (x, horizontal)) in
            [0.2, 0.5, 0.8].into_iter().zip([0.1, 0.5, 0.9].into_iter().zip(horizontal))
        {
            let place = area.min() + Vec2::new(area.width() * x, area.height() * y);
            scene.push(Label::new(place, "Äpqx").anchor(horizontal, vertical).color(INK).into());
            scene.push(Marker::new(place, MarkerStyle::Cross).size(0.03).color(Color::RED).into());
        }
    }
    title(scene, 4, 1, "backgrounds");
    for (y, color) in [(0.15, Color::palette(0)), (0.5, Color::NAVY), (0.85, Color::YELLOW.with_alpha(128))] {
        let area = cell(4, 1)?;
        let place = area.min() + Vec2::new(area.width() * 0.5, area.height() * y);
        let label = Label::new(place, "legible").anchor(HorizontalAnchor::Center, VerticalAnchor::Center);
        scene.push(label.background(color).into());
    }
    title(scene, 5, 1, "several lines");
    let center = cell(5, 1)?.center();
    let label = Label::new(center, "Straße 12\nΑθήνα\nМосква")
        .anchor(HorizontalAnchor::Center, VerticalAnchor::Center);
    scene.push(label.color(INK).background(PAPER).into());
    title(scene, 6, 1, "sizes");
    let area = cell(6, 1)?;
    for (y, size) in [(0.1, 0.016), (0.3, 0.024), (0.55, 0.036), (1.0, 0.054)] {
        let place = area.min() + Vec2::new(0.0, area.height() * y);
        scene.push(Label::new(place, "Ah 8").size(size).color(INK).into());
    }
    title(scene, 7, 1, "timestamp");
    let taken = SystemTime::UNIX_EPOCH + Duration::from_secs(1_772_000_000);
    let mut stamp = Label::timestamp_utc(taken, "%Y-%m-%d\n%H:%M:%S")?;
    stamp.position = cell(7, 1)?.center();
    let stamp = stamp.anchor(HorizontalAnchor::Center, VerticalAnchor::Center);
    scene.push(stamp.color(Color::YELLOW).background(Color::BLACK).into());
    Ok(())
}

fn markers(scene: &mut Scene) {
    let names = ["cross", "tilted cross", "star", "diamond", "square", "triangle up", "triangle down"];
    for (column, (style, name)) in (0..).zip(MarkerStyle::ALL.into_iter().zip(names)) {
        title(scene, column, 2, name);
        let Ok(area) = cell(column, 2) else { continue };
        let color = Color::palette(u64::from(column));
        scene.push(Marker::new(area.center(), style).size(0.07).thickness(0.004).color(color).into());
        scene.push(Marker::new(area.min(), style).color(color).into());
    }
    title(scene, 7, 2, "dots");
    let Ok(area) = cell(7, 2) else { return };
    for step in 0..5u8 {
        let place = area.min() + Vec2::new(area.width() * f64::from(step) / 4.5, area.height() * 0.5);
        let dot = Dot::new(place).radius(0.004 + 0.003 * f64::from(step));
        scene.push(dot.color(Color::palette(step.into()).with_alpha(255 - 40 * step)).into());
    }
}

fn curves(scene: &mut Scene) -> Result<(), Box<dyn Error>> {
    title(scene, 0, 3, "circle");
    scene.push(Circle::new(cell(0, 3)?.center(), 0.05).color(Color::RED).into());
    title(scene, 1, 3, "filled");
    let circle = Circle::new(cell(1, 3)?.center(), 0.05).color(INK).thickness(0.006);
    scene.push(circle.fill(Color::PURPLE.with_alpha(180)).into());
    title(scene, 2, 3, "ellipse");
    scene.push(Ellipse::new(cell(2, 3)?).color(Color::LIME).thickness(0.004).into());
    title(scene, 3, 3, "filled");
    scene
        .push(Ellipse::new(cell(3, 3)?).color(Color::TRANSPARENT).fill(Color::ORANGE.with_alpha(150)).into());
    for (column, name, is_solid) in [(4, "trace", false), (5, "solid trace", true)] {
        title(scene, column, 3, name);
        let area = cell(column, 3)?;
        let wave = (0..=24).map(|step| {
            let part = f64::from(step) / 24.0;
            area.min() + Vec2::new(area.width() * part, area.height() * (0.5 + 0.4 * (part * TAU).sin()))
        });
        let trace = Trace::new(wave).color(Color::palette(u64::from(column))).thickness(0.008);
        scene.push(if is_solid { trace.solid().into() } else { trace.into() });
    }
    title(scene, 6, 3, "polygon");
    scene.push(Path::new(star(cell(6, 3)?)?).color(Color::YELLOW).fill(Color::RED.with_alpha(140)).into());
    title(scene, 7, 3, "open path");
    let corners = star(cell(7, 3)?)?;
    let open = PolyLine::open(corners.points().iter().copied())?;
    scene.push(Path::new(open).color(Color::CYAN).thickness(0.005).into());
    Ok(())
}

fn star(area: Rect) -> Result<PolyLine, Box<dyn Error>> {
    let corner = |index: u8| {
        let (sin, cos) = (f64::from(index) * TAU / 10.0).sin_cos();
        let radius = if index.is_multiple_of(2) { 0.5 } else { 0.22 };
        area.center() + Vec2::new(area.width() * sin * radius, -area.height() * cos * radius)
    };
    Ok(PolyLine::closed((0..10).map(corner))?)
}

fn lines(scene: &mut Scene) -> Result<(), Box<dyn Error>> {
    title(scene, 0, 4, "strokes");
    let area = cell(0, 4)?;
    for step in 0..6u8 {
        let part = f64::from(step) / 5.0;
        let (from, to) =
            (Vec2::new(0.0, area.height() * part), Vec2::new(area.width(), area.height() * (1.0 - part)));
        let stroke =
            Stroke::new(area.min() + from, area.min() + to).thickness(0.001 + 0.0015 * f64::from(step));
        scene.push(stroke.color(Color::palette(step.into())).into());
    }
    title(scene, 1, 4, "translucent");
    let corners = star(cell(1, 4)?)?;
    scene.push(Path::new(corners).color(INK.with_alpha(110)).thickness(0.016).into());
    title(scene, 2, 4, "palette");
    swatches(scene, cell(2, 4)?, 24, Color::palette)?;
    title(scene, 3, 4, "colours from ids");
    swatches(scene, cell(3, 4)?, 24, |id| Color::from_id(id, "salt"))?;
    title(scene, 4, 4, "missing letters");
    let label =
        Label::new(cell(4, 4)?.center(), "日本 ok").anchor(HorizontalAnchor::Center, VerticalAnchor::Center);
    scene.push(label.size(0.04).color(INK).into());
    title(scene, 5, 4, "cover and mark");
    let area = cell(5, 4)?;
    scene.push(Redaction::cover(area, Color::GRAY).into());
    scene.push(Marker::new(area.center(), MarkerStyle::TiltedCross).size(0.09).color(INK).into());
    title(scene, 6, 4, "thin");
    let area = cell(6, 4)?;
    for step in 0..12u8 {
        let (sin, cos) = (f64::from(step) * TAU / 24.0).sin_cos();
        let reach = Vec2::new(area.width() * 0.5 * cos, area.height() * 0.5 * sin);
        let stroke = Stroke::new(area.center() - reach, area.center() + reach).thickness(0.0);
        scene.push(stroke.color(INK).into());
    }
    title(scene, 7, 4, "at the border");
    let outside = Rect::from_tlbr(0.75, 0.9, 0.8, 1.2)?;
    scene.push(BoundingBox::new(outside).top_label("leaving").color(Color::palette(5)).into());
    Ok(())
}

fn swatches(
    scene: &mut Scene,
    area: Rect,
    count: u64,
    color: impl Fn(u64) -> Color,
) -> Result<(), Box<dyn Error>> {
    for id in 0..count {
        let (column, row) = ((id % 6) as f64 / 6.0, (id / 6) as f64 / 4.0);
        let rect = inner(area, column, row, column + 0.9 / 6.0, row + 0.9 / 4.0)?;
        scene.push(Rectangle::new(rect).color(Color::TRANSPARENT).fill(color(id)).into());
    }
    Ok(())
}

fn redactions(scene: &mut Scene) -> Result<(), Box<dyn Error>> {
    type Way = fn(Rect) -> Redaction;
    let ways: [(&str, Way); 5] = [
        ("a face", |rect| Redaction::cover(rect, Color::TRANSPARENT)),
        ("blurred", Redaction::blur),
        ("pixelated", Redaction::pixelate),
        ("3 cells", |rect| Redaction::pixelate(rect).cells(3)),
        ("covered", |rect| Redaction::cover(rect, Color::BLACK)),
    ];
    for (column, (name, redact)) in (0..).zip(ways) {
        let face = inner(cell(column, 5)?, 0.15, 0.0, 0.85, 1.0)?;
        draw_face(scene, face)?;
        scene.push(redact(face).into());
        title(scene, column, 5, name);
    }
    for (column, name, redact) in
        [(5, "a plate", None), (6, "blurred", Some(false)), (7, "pixelated", Some(true))]
    {
        let plate = inner(cell(column, 5)?, 0.0, 0.3, 1.0, 0.7)?;
        scene.push(Rectangle::new(plate).rounded(0.01).color(Color::BLACK).fill(INK).into());
        let label = Label::new(plate.center(), "B·AC 3217");
        let label = label.anchor(HorizontalAnchor::Center, VerticalAnchor::Center);
        scene.push(label.size(0.026).color(Color::BLACK).into());
        match redact {
            Some(true) => scene.push(Redaction::pixelate(plate).into()),
            Some(false) => scene.push(Redaction::blur(plate).into()),
            None => {}
        }
        title(scene, column, 5, name);
    }
    Ok(())
}

fn draw_face(scene: &mut Scene, face: Rect) -> Result<(), Box<dyn Error>> {
    let skin = Color::rgb(0xe8, 0xb8, 0x94);
    let part = |x: f64, y: f64| face.min() + Vec2::new(face.width() * x, face.height() * y);
    scene.push(Ellipse::new(inner(face, 0.1, 0.02, 0.9, 0.98)?).color(Color::MAROON).fill(skin).into());
    for x in [0.33, 0.67] {
        scene.push(
            Ellipse::new(inner(face, x - 0.1, 0.32, x + 0.1, 0.46)?).color(Color::BLACK).fill(INK).into(),
        );
        scene.push(Dot::new(part(x, 0.39)).radius(0.006).color(Color::NAVY).into());
        scene.push(
            Stroke::new(part(x - 0.12, 0.26), part(x + 0.12, 0.24))
                .thickness(0.005)
                .color(Color::MAROON)
                .into(),
        );
    }
    let nose = PolyLine::open([part(0.5, 0.42), part(0.44, 0.62), part(0.54, 0.63)])?;
    scene.push(Path::new(nose).color(Color::MAROON).into());
    let mouth = PolyLine::open([part(0.34, 0.74), part(0.42, 0.8), part(0.58, 0.8), part(0.66, 0.74)])?;
    scene.push(Path::new(mouth).color(Color::RED).thickness(0.006).into());
    Ok(())
}
