use std::f64::consts::TAU;

use backpack_core::{GeometryError, Point, PolyLine, Vec2};

use crate::{
    Annotation, BoundingBox, Circle, Color, Dot, Ellipse, HorizontalAnchor, Label, Marker, Path, Rectangle,
    Redaction, Stroke, Trace, ValueBar, VerticalAnchor,
};

/// A target that can show text and polygons, and therefore everything: what is more is put together from these unless the target knows
/// something better.
///
/// It is for those who write a [`Driver`](crate::Driver) for a target of their own: an SVG file, a window, a display controller.
///
/// ```
/// use std::error::Error;
///
/// use backpack_annotate::{BoundingBox, Canvas, Label, Path, Redaction};
/// use backpack_core::Rect;
///
/// /// Counts what it would have to draw.
/// #[derive(Default)]
/// struct Counter {
///     labels: usize,
///     paths: usize,
/// }
///
/// impl Canvas for Counter {
///     type Error = Box<dyn Error>;
///
///     fn aspect_ratio(&self) -> f64 {
///         16.0 / 9.0
///     }
///
///     fn label(&mut self, _: &Label) -> Result<(), Box<dyn Error>> {
///         self.labels += 1;
///         Ok(())
///     }
///
///     fn path(&mut self, _: &Path) -> Result<(), Box<dyn Error>> {
///         self.paths += 1;
///         Ok(())
///     }
///
///     fn redaction(&mut self, _: &Redaction) -> Result<(), Box<dyn Error>> {
///         Err("there is no picture to make unrecognisable".into())
///     }
/// }
///
/// let mut counter = Counter::default();
/// let car = BoundingBox::new(Rect::from_tlbr(0.3, 0.2, 0.6, 0.5)?).top_label("car");
/// counter.draw(&car.into())?;
/// assert_eq!((counter.labels, counter.paths), (1, 1));
/// # Ok::<(), Box<dyn Error>>(())
/// ```
pub trait Canvas {
    /// Why something cannot be shown; coordinates that are no numbers are one reason.
    type Error: From<GeometryError>;

    /// The width of the picture divided by its height, on the screen: circles are round by it.
    fn aspect_ratio(&self) -> f64;

    /// Shows a text.
    ///
    /// # Errors
    /// As all methods: why it cannot be shown.
    fn label(&mut self, label: &Label) -> Result<(), Self::Error>;

    /// Shows a polyline or polygon.
    fn path(&mut self, path: &Path) -> Result<(), Self::Error>;

    /// Makes a part of the picture unrecognisable. A canvas that cannot do so must say so: what should be hidden would be seen.
    fn redaction(&mut self, redaction: &Redaction) -> Result<(), Self::Error>;

    /// Shows a line: by default a path.
    fn stroke(&mut self, stroke: &Stroke) -> Result<(), Self::Error> {
        outline(self, [stroke.start, stroke.end], false, &Look::line(stroke.color, stroke.thickness))
    }

    /// Shows a rectangle: by default a path, with corners that are not round.
    fn rectangle(&mut self, rectangle: &Rectangle) -> Result<(), Self::Error> {
        let Rectangle { color, thickness, fill, .. } = *rectangle;
        let corners = rectangle.rect.edges().map(|edge| edge.start());
        outline(self, corners, true, &Look { color, thickness, fill })
    }

    /// Shows a box with its labels: by default a rectangle, and labels above and below it.
    fn bounding_box(&mut self, bounding_box: &BoundingBox) -> Result<(), Self::Error> {
        let BoundingBox { rect, color, thickness, fill, text_size, .. } = bounding_box;
        let rectangle =
            Rectangle { color: *color, thickness: *thickness, fill: *fill, ..Rectangle::new(*rect) };
        self.rectangle(&rectangle)?;
        let below = Point::new(rect.left(), rect.bottom());
        let labels = [
            (&bounding_box.top_label, rect.min(), VerticalAnchor::Bottom),
            (&bounding_box.bottom_label, below, VerticalAnchor::Top),
        ];
        for (text, place, anchor) in labels {
            let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else { continue };
            let label = Label::new(place, text).anchor(HorizontalAnchor::Left, anchor);
            self.label(&Label { size: *text_size, background: *color, ..label })?;
        }
        Ok(())
    }

    /// Shows a sign: by default one or more paths.
    fn marker(&mut self, marker: &Marker) -> Result<(), Self::Error> {
        let half = marker.size.unwrap_or(1.0 / 40.0) / 2.0;
        let look = Look::line(marker.color, marker.thickness);
        let reach = Vec2::new(half / self.aspect_ratio(), half);
        let position = marker.position;
        let place = |&(x, y): &(i8, i8)| position + Vec2::new(reach.x * f64::from(x), reach.y * f64::from(y));
        match marker.style.corners() {
            (corners, true) => outline(self, corners.iter().map(place), true, &look),
            (bars, false) => {
                bars.chunks(2).try_for_each(|bar| outline(self, bar.iter().map(place), false, &look))
            }
        }
    }

    /// Shows a circle: by default a path of many corners.
    fn circle(&mut self, circle: &Circle) -> Result<(), Self::Error> {
        let Circle { center, radius, color, thickness, fill } = *circle;
        let radii = Vec2::new(radius / self.aspect_ratio(), radius);
        outline(self, oval(center, radii), true, &Look { color, thickness, fill })
    }

    /// Shows a dot: by default a filled path of many corners.
    fn dot(&mut self, dot: &Dot) -> Result<(), Self::Error> {
        let radius = dot.radius.unwrap_or(1.0 / 120.0);
        let fill = Some(dot.color.unwrap_or(Color::WHITE));
        let radii = Vec2::new(radius / self.aspect_ratio(), radius);
        let look = Look { color: Some(Color::TRANSPARENT), thickness: None, fill };
        outline(self, oval(dot.center, radii), true, &look)
    }

    /// Shows an ellipse: by default a path of many corners.
    fn ellipse(&mut self, ellipse: &Ellipse) -> Result<(), Self::Error> {
        let Ellipse { rect, color, thickness, fill } = *ellipse;
        outline(self, oval(rect.center(), rect.size() / 2.0), true, &Look { color, thickness, fill })
    }

    /// Shows a tail: by default a path that does not fade.
    fn trace(&mut self, trace: &Trace) -> Result<(), Self::Error> {
        if trace.points.len() < 2 {
            return Ok(());
        }
        outline(self, trace.points.iter().copied(), false, &Look::line(trace.color, trace.thickness))
    }

    /// Shows a bar: by default two filled rectangles.
    fn value_bar(&mut self, bar: &ValueBar) -> Result<(), Self::Error> {
        let filled = |rect, color| Rectangle::new(rect).color(Color::TRANSPARENT).fill(color);
        let background = bar.background.unwrap_or(ValueBar::EMPTY);
        self.rectangle(&filled(bar.rect, background))?;
        self.rectangle(&filled(bar.filled(), bar.color.unwrap_or(Color::WHITE)))
    }

    /// Shows any annotation, by the method for its kind.
    fn draw(&mut self, annotation: &Annotation) -> Result<(), Self::Error> {
        match annotation {
            Annotation::BoundingBox(annotation) => self.bounding_box(annotation),
            Annotation::Circle(annotation) => self.circle(annotation),
            Annotation::Dot(annotation) => self.dot(annotation),
            Annotation::Ellipse(annotation) => self.ellipse(annotation),
            Annotation::Label(annotation) => self.label(annotation),
            Annotation::Marker(annotation) => self.marker(annotation),
            Annotation::Path(annotation) => self.path(annotation),
            Annotation::Rectangle(annotation) => self.rectangle(annotation),
            Annotation::Redaction(annotation) => self.redaction(annotation),
            Annotation::Stroke(annotation) => self.stroke(annotation),
            Annotation::Trace(annotation) => self.trace(annotation),
            Annotation::ValueBar(annotation) => self.value_bar(annotation),
        }
    }
}

/// How a path is drawn.
struct Look {
    color: Option<Color>,
    thickness: Option<f64>,
    fill: Option<Color>,
}

impl Look {
    fn line(color: Option<Color>, thickness: Option<f64>) -> Self {
        Self { color, thickness, fill: None }
    }
}

/// Shows a path through these points.
fn outline<C: Canvas + ?Sized>(
    canvas: &mut C,
    points: impl IntoIterator<Item = Point>,
    is_closed: bool,
    look: &Look,
) -> Result<(), C::Error> {
    let polyline = if is_closed { PolyLine::closed(points) } else { PolyLine::open(points) }?;
    let &Look { color, thickness, fill } = look;
    canvas.path(&Path { color, thickness, fill, ..Path::new(polyline) })
}

/// Corners on an ellipse, as many as look round.
fn oval(center: Point, radii: Vec2) -> impl Iterator<Item = Point> {
    (0..48u8).map(move |corner| {
        let (sin, cos) = (f64::from(corner) * TAU / 48.0).sin_cos();
        center + Vec2::new(radii.x * cos, radii.y * sin)
    })
}
