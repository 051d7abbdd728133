use crate::edge::Edge;
use crate::{GeometryError, Point, PolyLine, Rect};

/// More bands than this make the answers hardly faster.
const MAX_BANDS: usize = 1024;

/// A polygon that is made ready for many questions: it looks only at the edges near a point's height.
///
/// The answers are those of [`PolyLine::contains`]. Its memory grows with the number of points, some 100 bytes each for usual polygons and at
/// most 300.
///
/// ```
/// use backpack_core::{PolyLine, PreparedPolygon};
///
/// let zone = PreparedPolygon::new(PolyLine::closed([(0.1, 0.5), (0.9, 0.5), (0.5, 0.9)])?)?;
/// assert!(zone.contains((0.5, 0.6)));
/// assert!(!zone.contains((0.1, 0.8)));
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[derive(Debug, Clone)]
pub struct PreparedPolygon {
    polyline: PolyLine,
    bounds: Rect,
    /// How many bands a height of 1 holds.
    scale: f64,
    /// Where each band begins in `edges`, and where the last one ends.
    bands: Vec<usize>,
    /// The edges of each band, one band after another; a long edge is in several.
    edges: Vec<Edge>,
}

impl PreparedPolygon {
    /// Makes a polygon ready.
    ///
    /// # Errors
    /// [`GeometryError::OpenPolyLine`] if the polyline is open, as it has no inside.
    pub fn new(polyline: PolyLine) -> Result<Self, GeometryError> {
        if !polyline.is_closed() {
            return Err(GeometryError::OpenPolyLine);
        }
        let bounds = polyline.bounding_box();
        let all: Vec<Edge> = polyline.segments().map(|segment| Edge::of(&segment)).collect();

        // Long edges are in many bands; where most are, bands bring little and cost much memory.
        let mut count = all.len().min(MAX_BANDS);
        let entries =
            |count: usize| all.iter().map(|edge| bands_of(edge, &bounds, count).count()).sum::<usize>();
        while entries(count) > 8 * all.len() {
            count /= 2;
        }
        let mut lists = vec![Vec::new(); count];
        for edge in &all {
            bands_of(edge, &bounds, count).for_each(|band| lists[band].push(*edge));
        }

        let mut bands = vec![0];
        bands.extend(lists.iter().scan(0, |end, list| {
            *end += list.len();
            Some(*end)
        }));
        Ok(Self { polyline, bounds, scale: scale(&bounds, count), bands, edges: lists.concat() })
    }

    /// The polygon as it was given.
    pub fn polyline(&self) -> &PolyLine {
        &self.polyline
    }

    /// The smallest rectangle that holds it.
    pub fn bounding_box(&self) -> Rect {
        self.bounds
    }

    /// Whether `point` lies inside, by the rule of [`PolyLine::contains`].
    pub fn contains(&self, point: impl Into<Point>) -> bool {
        let point = point.into();
        if !self.bounds.contains(point) {
            return false;
        }
        let band = band(point.y, &self.bounds, self.scale, self.bands.len() - 1);
        let edges = &self.edges[self.bands[band]..self.bands[band + 1]];
        edges.iter().filter(|edge| edge.is_left_of(point)).count() % 2 == 1
    }
}

/// The bands that an edge touches.
fn bands_of(edge: &Edge, bounds: &Rect, count: usize) -> std::ops::RangeInclusive<usize> {
    let band = |point: Point| band(point.y, bounds, scale(bounds, count), count);
    band(edge.upper)..=band(edge.lower)
}

/// The band of a height. Rounding never swaps two heights, so that a point between the ends of an edge is in a band between theirs.
fn band(y: f64, bounds: &Rect, scale: f64, count: usize) -> usize {
    (((y - bounds.top()) * scale) as usize).min(count - 1)
}

fn scale(bounds: &Rect, count: usize) -> f64 {
    count as f64 / bounds.height()
}
