use std::time::SystemTime;

use backpack::annotate::{
    Annotation, BoundingBox, Color, HorizontalAnchor, Label, Stroke, Trace, VerticalAnchor,
};
use backpack::core::{Line, LineCounter, Side, Timestamp, Vec2};

use crate::tracks::{Track, Tracker};

const INK: Color = Color::rgba(16, 20, 26, 190);
const LINE: Color = Color::rgb(0xff, 0xc4, 0x2e);

/// Everything that is drawn on one frame.
pub fn scene(tracker: &Tracker, counter: &LineCounter, time: Timestamp, timings: &str) -> Vec<Annotation> {
    let mut scene = Vec::new();
    let line = counter.line();
    scene.extend(tracker.visible().map(trail));
    scene.push(Stroke::new(line.start(), line.end()).color(LINE).thickness(0.005).into());
    scene.extend(tracker.visible().map(bounding_box));
    scene.extend([Side::Left, Side::Right].map(|side| count(counter, side)));
    // Only a clock that is set to before the year −9999 cannot be written.
    if let Ok(mut clock) = Label::timestamp_utc(SystemTime::now(), "%Y-%m-%d %H:%M:%S UTC") {
        clock.text += &format!("  {:>6.1} s", time.elapsed().as_secs_f64());
        clock.position = (0.015, 0.02).into();
        scene.push(clock.background(INK).into());
    }
    scene.push(
        Label::new((0.015, 0.98), timings)
            .anchor(HorizontalAnchor::Left, VerticalAnchor::Bottom)
            .background(INK)
            .into(),
    );
    scene
}

fn trail(track: &Track) -> Annotation {
    Trace::new(track.trail.iter().copied()).color(Color::palette(track.id)).thickness(0.005).into()
}

fn bounding_box(track: &Track) -> Annotation {
    BoundingBox::new(track.rect).top_label(format!("#{}", track.id)).color(Color::palette(track.id)).into()
}

/// How many crossed the line to this side, on that side of its beginning.
fn count(counter: &LineCounter, side: Side) -> Annotation {
    let line = &counter.line();
    let place = line.start() + towards(line, side) * 0.012;
    let horizontal = if place.x < line.start().x { HorizontalAnchor::Right } else { HorizontalAnchor::Left };
    Label::new(place, format!("{} {}", arrow(line, side), counter.count(side)))
        .anchor(horizontal, VerticalAnchor::Center)
        .color(Color::BLACK)
        .background(LINE)
        .into()
}

/// The arrow that points most nearly to a side of the line.
pub fn arrow(line: &Line, side: Side) -> char {
    let Vec2 { x, y, .. } = towards(line, side);
    match (x.abs() > y.abs(), x > 0.0, y > 0.0) {
        (true, true, _) => '→',
        (true, false, _) => '←',
        (false, _, true) => '↓',
        (false, _, false) => '↑',
    }
}

/// The direction from the line to one of its sides, of length 1.
fn towards(line: &Line, side: Side) -> Vec2 {
    let along = line.vector() / line.length().max(1e-6);
    let right = Vec2::new(-along.y, along.x);
    if side == Side::Right { right } else { -right }
}
