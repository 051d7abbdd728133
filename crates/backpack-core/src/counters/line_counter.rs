use super::options::track_options;
use super::tracks::Tracks;
use crate::{GeometryError, Line, Point, Side};

/// Counts the tracks that cross a line, to each side.
///
/// A track is an id and its place in every frame, for example the [base](crate::Rect::base) of a box and the number that a tracker gave it.
/// A crossing counts by the rule of [`Line::crossing`] and, with a [margin](LineCounter::with_margin), once the track has left the margin
/// around the line again: what it did to and fro within, for example because its box trembles, cancels out.
///
/// ```
/// use backpack_core::{Line, LineCounter, Side};
///
/// let mut counter = LineCounter::new(Line::new((0.2, 0.5), (0.8, 0.5))?).with_margin(0.02)?;
/// // Track 7 walks down through the line and trembles on it, track 8 stays above.
/// for y in [0.4, 0.49, 0.51, 0.495, 0.505, 0.6] {
///     for crossing in counter.update([(7, (0.5, y)), (8, (0.3, 0.2))])? {
///         println!("track {} to the {:?}", crossing.id, crossing.side);
///     }
/// }
/// assert_eq!((counter.count(Side::Left), counter.count(Side::Right)), (0, 1));
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[derive(Debug, Clone)]
pub struct LineCounter {
    line: Line,
    tracks: Tracks<Passage>,
    left: u64,
    right: u64,
    crossings: Vec<LineCrossing>,
}

/// A track has crossed the line of a [`LineCounter`].
///
/// ```
/// use backpack_core::{Line, LineCounter, LineCrossing, Side};
///
/// let mut counter = LineCounter::new(Line::new((0.0, 0.5), (1.0, 0.5))?);
/// counter.update([(3, (0.5, 0.6))])?;
/// assert_eq!(counter.update([(3, (0.5, 0.4))])?, [LineCrossing { id: 3, side: Side::Left }]);
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineCrossing {
    /// The track.
    pub id: u64,
    /// Where it went.
    pub side: Side,
}

/// How far a track has come.
#[derive(Debug, Clone)]
struct Passage {
    last: Point,
    /// Crossings to the right less crossings to the left since the track was last clear of the line.
    net: i32,
}

impl LineCounter {
    /// A counter without a margin, for tracks that are lost when they are not seen for more than 30 frames.
    pub fn new(line: Line) -> Self {
        Self { line, tracks: Tracks::new(), left: 0, right: 0, crossings: Vec::new() }
    }

    track_options!();

    /// Takes the tracks of the next frame, each with its place, and returns the crossings that they completed.
    ///
    /// It is to be called for every frame, also for one without tracks (`update::<Point>([])`), as lost tracks are told by the number of frames.
    /// An id that is given twice stands at both places, one after the other.
    ///
    /// # Errors
    /// [`GeometryError::NotFinite`] if a coordinate is NaN or infinite; nothing of the frame is taken then.
    pub fn update<P: Into<Point>>(
        &mut self,
        tracks: impl IntoIterator<Item = (u64, P)>,
    ) -> Result<&[LineCrossing], GeometryError> {
        self.crossings.clear();
        let Self { line, crossings, left, right, .. } = self;
        let margin = self.tracks.margin;
        self.tracks.update(tracks, Passage::at, |id, passage, place| {
            if let Some(side) = passage.go(line, margin, place) {
                let count = if side == Side::Left { &mut *left } else { &mut *right };
                *count += 1;
                crossings.push(LineCrossing { id, side });
            }
        })?;
        Ok(&self.crossings)
    }

    /// The line.
    pub fn line(&self) -> Line {
        self.line
    }

    /// How many tracks have crossed to this side.
    pub fn count(&self, side: Side) -> u64 {
        if side == Side::Left { self.left } else { self.right }
    }

    /// Begins the counts again at 0 and keeps the tracks.
    pub fn reset_counts(&mut self) {
        (self.left, self.right) = (0, 0);
    }
}

impl Passage {
    fn at(place: Point) -> Self {
        Self { last: place, net: 0 }
    }

    /// Goes on to `place`; says whereto the line has been crossed if the track is clear of it now.
    fn go(&mut self, line: &Line, margin: f64, place: Point) -> Option<Side> {
        let step = Line::between(self.last, place);
        self.last = place;
        self.net += match line.crossing(&step) {
            Some(Side::Right) => 1,
            Some(Side::Left) => -1,
            None => 0,
        };
        // Most tracks are nowhere near the line and have nothing to settle.
        if self.net == 0 || line.distance(place) < margin {
            return None;
        }
        Some(if std::mem::take(&mut self.net) > 0 { Side::Right } else { Side::Left })
    }
}
