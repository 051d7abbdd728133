//! Scenes with numbers that make no sense: they are reported, and the rest is drawn.
#![allow(clippy::unwrap_used)]

mod common;

use backpack_annotate::{
    Annotation, BoundingBox, Driver, FrameDriver, Label, Rectangle, RenderError, Stroke, Style,
};
use backpack_core::{Frame, PixelFormat, Point, Rect};
use common::{coverage, touched};

fn middle() -> Rect {
    Rect::from_tlbr(0.25, 0.25, 0.75, 0.75).unwrap()
}

fn render(scene: &[Annotation]) -> (Result<(), RenderError>, Frame) {
    let mut frame = Frame::black(40, 40, PixelFormat::Gray8).unwrap();
    (FrameDriver::new().render(scene, &mut frame), frame)
}

#[test]
fn a_point_that_is_no_number_is_reported_and_the_rest_is_drawn() {
    let good = Annotation::from(Rectangle::new(middle()));
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let scene =
            [Stroke::new((0.0, 0.0), (1.0, bad)).into(), Label::new((bad, 0.5), "lost").into(), good.clone()];
        let (result, frame) = render(&scene);
        let error = result.unwrap_err();
        assert!(
            matches!(error, RenderError::NotFinite { index: 0, kind: "stroke", what: "end", .. }),
            "{error:?}"
        );
        let (result, alone) = render(std::slice::from_ref(&good));
        assert_eq!(result, Ok(()));
        assert_eq!(frame.bytes(), alone.bytes());
    }
    let (result, _) = render(&[good, Label::new(Point::new(0.5, f64::NAN), "lost").into()]);
    assert_eq!(
        result.unwrap_err().to_string(),
        "annotation 1 (label): position (0.5, NaN): coordinates must be finite numbers"
    );
}

#[test]
fn sizes_below_zero_or_no_numbers_are_reported() {
    for bad in [-0.001, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let scene: [(Annotation, &str); 5] = [
            (Rectangle::new(middle()).thickness(bad).into(), "thickness"),
            (Stroke::new((0.0, 0.0), (1.0, 1.0)).thickness(bad).into(), "thickness"),
            (BoundingBox::new(middle()).thickness(bad).into(), "thickness"),
            (BoundingBox::new(middle()).text_size(bad).into(), "text size"),
            (Label::new((0.5, 0.5), "text").size(bad).into(), "text size"),
        ];
        for (annotation, name) in scene {
            let (result, frame) = render(std::slice::from_ref(&annotation));
            assert!(
                matches!(result, Err(RenderError::Size { index: 0, what, .. }) if what == name),
                "{result:?}"
            );
            assert!(frame.bytes().iter().all(|&byte| byte == 0));
        }
    }
}

#[test]
fn a_style_that_makes_no_sense_is_reported_with_the_annotation_that_uses_it() {
    let mut frame = Frame::black(40, 40, PixelFormat::Gray8).unwrap();
    let mut driver = FrameDriver::new().with_style(Style::default().thickness(-1.0));
    let error = driver.render(&[Rectangle::new(middle()).into()], &mut frame).unwrap_err();
    assert_eq!(
        error.to_string(),
        "annotation 0 (rectangle): a thickness of -1: it must be a finite number and not negative"
    );
    let own = Rectangle::new(middle()).thickness(0.0).into();
    assert_eq!(driver.render(&[own], &mut frame), Ok(()));
}

#[test]
fn sizes_beyond_the_frame_are_taken_as_the_largest_that_make_sense() {
    let thick = coverage(&[Rectangle::new(middle()).thickness(1e300).into()], 40, 40);
    assert_eq!(touched(&thick), 20 * 20);
    let line = coverage(&[Stroke::new((0.5, 0.5), (0.5, 0.5)).thickness(f64::MAX).into()], 40, 40);
    assert!(touched(&line) > 1200);
    let text = coverage(&[Label::new((0.0, 1.0), "I").size(f64::MAX).into()], 600, 600);
    assert!(touched(&text) > 10_000);
}
