//! Drivers for other targets: what is put together from text and paths.
#![allow(clippy::unwrap_used)]

#[path = "common/any.rs"]
mod any;

use backpack_annotate::{
    Annotation, BoundingBox, Canvas, Circle, Color, Dot, Driver, HorizontalAnchor, Label, Marker,
    MarkerStyle, PanoramaDriver, PanoramaMedia, Path, RecordingDriver, Redaction, RenderError, Stroke, Trace,
    ValueBar, VerticalAnchor,
};
use backpack_core::{Frame, GeometryError, PixelFormat, Point, PolyLine, Rect};

/// Knows nothing but what it has to.
#[derive(Default)]
struct Plain {
    labels: Vec<Label>,
    paths: Vec<Path>,
    redactions: usize,
}

impl Canvas for Plain {
    type Error = GeometryError;

    fn aspect_ratio(&self) -> f64 {
        2.0
    }

    fn label(&mut self, label: &Label) -> Result<(), GeometryError> {
        self.labels.push(label.clone());
        Ok(())
    }

    fn path(&mut self, path: &Path) -> Result<(), GeometryError> {
        self.paths.push(path.clone());
        Ok(())
    }

    fn redaction(&mut self, _: &Redaction) -> Result<(), GeometryError> {
        self.redactions += 1;
        Ok(())
    }
}

fn drawn(annotation: impl Into<Annotation>) -> Plain {
    let mut canvas = Plain::default();
    canvas.draw(&annotation.into()).unwrap();
    canvas
}

fn rect() -> Rect {
    Rect::from_tlbr(0.25, 0.5, 0.5, 0.75).unwrap()
}

#[test]
fn a_canvas_that_knows_text_and_paths_shows_everything() {
    for annotation in any::one_of_each(Rect::unit(), Color::RED) {
        let canvas = drawn(annotation.clone());
        assert!(canvas.labels.len() + canvas.paths.len() + canvas.redactions > 0, "{annotation:?}");
    }
}

#[test]
fn a_box_is_a_rectangle_with_labels_above_and_below() {
    let color = Color::RED;
    let canvas =
        drawn(BoundingBox::new(rect()).top_label("car").bottom_label("").color(color).text_size(0.05));
    assert_eq!(canvas.paths[0].polyline.bounding_box(), rect());
    assert_eq!((canvas.paths.len(), canvas.paths[0].color), (1, Some(color)));
    let [label] = &canvas.labels[..] else { panic!("an empty text is no label") };
    assert_eq!((label.position, label.vertical_anchor), (rect().min(), VerticalAnchor::Bottom));
    assert_eq!(
        (label.horizontal_anchor, label.size, label.background),
        (HorizontalAnchor::Left, Some(0.05), Some(color))
    );
}

#[test]
fn circles_are_round_on_the_screen() {
    let bounds = |canvas: Plain| canvas.paths[0].polyline.bounding_box().size();
    let circle = bounds(drawn(Circle::new((0.5, 0.5), 0.2)));
    assert!((circle.y - 0.4).abs() < 1e-9 && (circle.x - 0.2).abs() < 1e-9, "{circle:?}");
    let dot = drawn(Dot::new((0.5, 0.5)).color(Color::LIME));
    assert_eq!((dot.paths[0].fill, dot.paths[0].color), (Some(Color::LIME), Some(Color::TRANSPARENT)));
}

#[test]
fn crosses_are_bars_and_other_signs_are_closed() {
    let shapes = |style| {
        drawn(Marker::new((0.5, 0.5), style))
            .paths
            .iter()
            .map(|path| path.polyline.is_closed())
            .collect::<Vec<_>>()
    };
    assert_eq!(shapes(MarkerStyle::Cross), [false; 2]);
    assert_eq!(shapes(MarkerStyle::Star), [false; 4]);
    for style in
        [MarkerStyle::Diamond, MarkerStyle::Square, MarkerStyle::TriangleUp, MarkerStyle::TriangleDown]
    {
        assert_eq!(shapes(style), [true]);
    }
}

#[test]
fn a_value_bar_is_filled_from_the_left_or_from_the_bottom() {
    let filled = |bar: ValueBar| drawn(bar).paths[1].polyline.bounding_box();
    let bar = ValueBar::new(rect(), 0.5);
    assert_eq!(filled(bar.clone()), Rect::from_tlbr(0.25, 0.5, 0.5, 0.625).unwrap());
    assert_eq!(filled(bar.upright()), Rect::from_tlbr(0.375, 0.5, 0.5, 0.75).unwrap());
    assert_eq!(filled(ValueBar::new(rect(), 7.0)), rect());
}

#[test]
fn a_trace_of_one_place_is_nothing_and_a_place_that_is_none_is_an_error() {
    assert!(drawn(Trace::new([(0.5, 0.5)])).paths.is_empty());
    let nowhere = Annotation::from(Stroke::new((0.0, f64::NAN), (1.0, 1.0)));
    assert!(matches!(Plain::default().draw(&nowhere), Err(GeometryError::NotFinite { .. })));
}

#[test]
fn a_recording_driver_keeps_scenes_of_any_target() {
    let scene = any::one_of_each(Rect::unit(), Color::RED);
    let mut driver = RecordingDriver::new();
    let mut frame = Frame::black(8, 8, PixelFormat::I420).unwrap();
    driver.render(&scene, &mut frame).unwrap();
    driver.render(&scene[..1], "a target of another type".to_owned().as_mut_str()).unwrap();
    assert_eq!((driver.scenes().len(), &driver.scenes()[0]), (2, &scene));
    assert_eq!((driver.last(), RecordingDriver::new().last().len()), (&scene[..1], 0));
}

/// What was added to it, in order.
#[derive(Default)]
struct Media {
    labels: Vec<(String, Point)>,
    rects: Vec<[f64; 4]>,
}

impl PanoramaMedia for Media {
    fn add_label(&mut self, text: &str, x: f64, y: f64) {
        self.labels.push((text.to_owned(), Point::new(x, y)));
    }

    fn add_rect(&mut self, left: f64, top: f64, right: f64, bottom: f64) {
        self.rects.push([left, top, right, bottom]);
    }
}

fn shown(annotation: impl Into<Annotation>) -> Media {
    let mut media = Media::default();
    PanoramaDriver::new().render(&[annotation.into()], &mut media).unwrap();
    media
}

#[test]
fn panorama_shows_labels_and_rectangles() {
    let media = shown(BoundingBox::new(rect()).top_label("car").bottom_label("7"));
    assert_eq!(media.rects, [[0.5, 0.25, 0.75, 0.5]]);
    let labels = [("car".to_owned(), Point::new(0.5, 0.25)), ("7".to_owned(), Point::new(0.5, 0.5))];
    assert_eq!(media.labels, labels);
}

#[test]
fn panorama_shows_markers_as_signs_of_text() {
    let signs = MarkerStyle::ALL.map(|style| shown(Marker::new((0.5, 0.5), style)).labels[0].0.clone());
    assert_eq!(signs, ["+", "x", "*", "<>", "||", "/\\", "\\/"]);
}

#[test]
fn panorama_shows_lines_as_chains_of_rectangles() {
    let level = shown(Stroke::new((0.1, 0.5), (0.9, 0.5)));
    assert_eq!(level.rects, [[0.1, 0.5, 0.9, 0.5]]);
    let slanted = shown(Stroke::new((0.1, 0.1), (0.2, 0.2))).rects;
    assert_eq!(slanted.len(), 8);
    assert!(
        slanted.windows(2).all(|pair| pair[0][2..] == pair[1][..2]),
        "they follow each other: {slanted:?}"
    );
    let polygon = PolyLine::closed([(0.1, 0.1), (0.3, 0.1), (0.3, 0.3)]).unwrap();
    assert_eq!(shown(Path::new(polygon)).rects.len(), 2 + 15);
    assert_eq!(shown(Stroke::new((-1e9, 0.0), (1e9, 1.0))).rects.len(), 64, "no line is endless");
}

#[test]
fn panorama_loses_nothing_silently() {
    for annotation in any::one_of_each(Rect::unit(), Color::RED) {
        let mut media = Media::default();
        let result = PanoramaDriver::new().render([&annotation], &mut media);
        let is_shown = media.labels.len() + media.rects.len() > 0;
        assert!(is_shown || result == Err(RenderError::NotRedacted { index: 0 }), "{annotation:?}");
    }
    let error = RenderError::NotRedacted { index: 3 }.to_string();
    assert_eq!(error, "annotation 3 (redaction): this target cannot hide a part of its picture");
    let nowhere = Annotation::from(Label::new((f64::INFINITY, 0.0), "x"));
    assert!(PanoramaDriver::new().render([&nowhere], &mut Media::default()).is_err());
}
