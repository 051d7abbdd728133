use backpack_core::{Line, Point, Rect, Vec2};

use super::problem::Problem;
use crate::{
    Annotation, Canvas, Driver, Label, Marker, MarkerStyle, Path, Rectangle, Redaction, RenderError, Stroke,
};

/// A slanted line is shown as a chain of rectangles, one for each part of this length, in pictures.
const STEP: f64 = 0.02;

/// No line is shown in more rectangles than this.
const MAX_STEPS: f64 = 64.0;

/// What a frame of the AWS Panorama SDK, or any other display that knows no more, can show: white text and rectangles.
///
/// Coordinates are normalised: 0 to 1 from the left to the right border and from the top to the bottom.
///
/// ```
/// use backpack_annotate::{BoundingBox, Driver, PanoramaDriver, PanoramaMedia};
/// use backpack_core::Rect;
///
/// #[derive(Default)]
/// struct Media(Vec<String>);
///
/// impl PanoramaMedia for Media {
///     fn add_label(&mut self, text: &str, x: f64, y: f64) {
///         self.0.push(format!("{text} at {x}, {y}"));
///     }
///
///     fn add_rect(&mut self, left: f64, top: f64, right: f64, bottom: f64) {
///         self.0.push(format!("{left}, {top} to {right}, {bottom}"));
///     }
/// }
///
/// let mut media = Media::default();
/// let car = BoundingBox::new(Rect::from_tlbr(0.25, 0.5, 0.5, 0.75)?).top_label("car").into();
/// PanoramaDriver::new().render([&car], &mut media)?;
/// assert_eq!(media.0, ["0.5, 0.25 to 0.75, 0.5", "car at 0.5, 0.25"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait PanoramaMedia {
    /// Shows a text that begins at this place.
    fn add_label(&mut self, text: &str, x: f64, y: f64);

    /// Shows the outline of a rectangle.
    fn add_rect(&mut self, left: f64, top: f64, right: f64, bottom: f64);
}

/// Shows scenes on a [`PanoramaMedia`], in text and rectangles.
///
/// Markers become signs of text such as `+` and `<>`. Whatever is made of lines is shown as chains of small rectangles along them. Colours,
/// fills, thicknesses and sizes are left out. A redaction cannot be shown and is an error each time.
///
/// ```
/// let driver = backpack_annotate::PanoramaDriver::new();
/// # let _ = driver;
/// ```
#[doc(alias = "PanoramaMediaAnnotationDriver")]
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct PanoramaDriver {}

impl PanoramaDriver {
    /// A driver.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<M: PanoramaMedia + ?Sized> Driver<M> for PanoramaDriver {
    fn render<'a>(
        &mut self,
        scene: impl IntoIterator<Item = &'a Annotation>,
        media: &mut M,
    ) -> Result<(), RenderError> {
        super::render(scene, |annotation| Media(media).draw(annotation))
    }
}

struct Media<'a, M: ?Sized>(&'a mut M);

impl<M: PanoramaMedia + ?Sized> Canvas for Media<'_, M> {
    type Error = Problem;

    /// That of a Panorama appliance's display.
    fn aspect_ratio(&self) -> f64 {
        16.0 / 9.0
    }

    fn label(&mut self, label: &Label) -> Result<(), Problem> {
        self.text(&label.text, label.position)
    }

    fn path(&mut self, path: &Path) -> Result<(), Problem> {
        path.polyline.segments().for_each(|segment| self.line(&segment));
        Ok(())
    }

    fn redaction(&mut self, _: &Redaction) -> Result<(), Problem> {
        Err(Problem::NotRedacted)
    }

    fn stroke(&mut self, stroke: &Stroke) -> Result<(), Problem> {
        self.line(&Line::new(stroke.start, stroke.end)?);
        Ok(())
    }

    fn rectangle(&mut self, rectangle: &Rectangle) -> Result<(), Problem> {
        self.rect(&rectangle.rect);
        Ok(())
    }

    fn marker(&mut self, marker: &Marker) -> Result<(), Problem> {
        let sign = match marker.style {
            MarkerStyle::Cross => "+",
            MarkerStyle::TiltedCross => "x",
            MarkerStyle::Star => "*",
            MarkerStyle::Diamond => "<>",
            MarkerStyle::Square => "||",
            MarkerStyle::TriangleUp => "/\\",
            MarkerStyle::TriangleDown => "\\/",
        };
        self.text(sign, marker.position)
    }
}

impl<M: PanoramaMedia + ?Sized> Media<'_, M> {
    fn text(&mut self, text: &str, place: Point) -> Result<(), Problem> {
        if !place.is_finite() {
            return Err(Problem::NotFinite { what: "position", point: place });
        }
        self.0.add_label(text, place.x, place.y);
        Ok(())
    }

    fn rect(&mut self, rect: &Rect) {
        self.0.add_rect(rect.left(), rect.top(), rect.right(), rect.bottom());
    }

    /// A level or upright line is a rectangle without height or width.
    fn line(&mut self, line: &Line) {
        let Vec2 { x, y, .. } = line.vector();
        let steps =
            if x == 0.0 || y == 0.0 { 1.0 } else { (line.length() / STEP).ceil().clamp(1.0, MAX_STEPS) };
        let place = |step: u32| line.start() + line.vector() * (f64::from(step) / steps);
        for step in 0..steps as u32 {
            // Between two finite places there are finite places only, unless they are too far apart for a number.
            if let Ok(rect) = Rect::from_points(place(step), place(step + 1)) {
                self.rect(&rect);
            }
        }
    }
}
