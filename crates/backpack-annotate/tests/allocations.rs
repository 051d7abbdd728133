//! Drawing allocates nothing once a driver has seen a scene of its kind.
#![allow(clippy::unwrap_used)]

#[path = "common/any.rs"]
mod any;

use backpack_annotate::{
    Annotation, BoundingBox, Color, Driver, Font, FrameDriver, Label, Path, Rectangle, Redaction, Stroke,
};
use backpack_core::{Frame, PixelFormat, PolyLine, Rect};

/// A scene whose things have moved on a little.
fn scene(step: u32) -> Vec<Annotation> {
    let shift = f64::from(step) / 100.0;
    let star =
        PolyLine::closed([(0.5, 0.1), (0.9, 0.4 + shift), (0.1, 0.5), (0.8, 0.2), (0.4, 0.8)]).unwrap();
    let mut scene: Vec<Annotation> = vec![
        Path::new(star).fill(Color::LIME.with_alpha(128)).color(Color::GREEN.with_alpha(99)).into(),
        Stroke::new((0.1, 0.9), (0.9, 0.8 - shift)).thickness(0.02).into(),
        Rectangle::new(Rect::from_xywh(0.6, 0.6, 0.2, 0.2).unwrap()).color(Color::RED.with_alpha(70)).into(),
        Label::new((shift, 0.5), "0123456789 Größe 日本").into(),
        Label::new((shift, 0.5), "one line\nand another one\r\nאבג").background(Color::BLACK).into(),
    ];
    let (left, right) =
        (Rect::from_xywh(shift, 0.2, 0.2, 0.3).unwrap(), Rect::from_xywh(0.7, shift, 0.2, 0.2).unwrap());
    scene.extend([Redaction::blur(left).into(), Redaction::pixelate(right).into()]);
    scene.extend(any::one_of_each(
        Rect::from_xywh(shift, shift, 0.7, 0.7).unwrap(),
        Color::TEAL.with_alpha(200),
    ));
    scene.extend((0..20).map(|id| {
        let x = f64::from(id) / 25.0 + shift;
        BoundingBox::new(Rect::from_xywh(x, x, 0.1, 0.1).unwrap())
            .top_label(format!("car 0.{}", id + step))
            .bottom_label(format!("id {id}"))
            .color(Color::palette(id.into()))
            .into()
    }));
    scene
}

#[test]
fn nothing_is_allocated_after_the_first_frames() {
    for &format in PixelFormat::ALL {
        let fonts = [dejavu::sans_mono::regular(), dejavu::sans::regular()].map(Font::from_bytes);
        let mut driver = FrameDriver::with_fonts(fonts.into_iter().flatten());
        let mut frame = Frame::black(640, 480, format).unwrap();
        for step in 0..10 {
            driver.render(&scene(step), &mut frame).unwrap();
        }
        for step in 0..10 {
            let scene = scene(step);
            let count =
                allocation_counter::measure(|| driver.render(&scene, &mut frame).unwrap()).count_total;
            assert_eq!(count, 0, "{format}, step {step}");
        }
    }
}

#[test]
fn colours_are_found_without_allocation() {
    let colors = || {
        for text in ["LightGoldenrodYellow", " transparent ", "#FFA50080"] {
            text.parse::<Color>().unwrap();
        }
        Color::from_id(
            u64::MAX,
            "a salt that is longer than what the digest takes at a time, which is 64 bytes",
        );
    };
    assert_eq!(allocation_counter::measure(colors).count_total, 0);
}
