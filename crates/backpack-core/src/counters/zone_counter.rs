use super::options::track_options;
use super::tracks::Tracks;
use crate::{GeometryError, Point, PolyLine, PreparedPolygon};

/// Counts the tracks that enter and leave a zone, and knows which are in it.
///
/// Whether a track is in is told by [`PolyLine::contains`] and, with a [margin](ZoneCounter::with_margin), changes only once it is so far
/// from the border, so that a zone has to be wider than twice the margin to be entered. A track that is first seen inside is in without having entered, and one that is lost inside is no longer in without
/// having left.
///
/// ```
/// use backpack_core::{PolyLine, ZoneCounter, ZoneEvent};
///
/// let parking = PolyLine::closed([(0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0)])?;
/// let mut counter = ZoneCounter::new(parking)?;
/// counter.update([(7, (0.4, 0.7)), (8, (0.7, 0.7))])?;
/// assert_eq!(counter.update([(7, (0.6, 0.7)), (8, (0.7, 0.8))])?, [ZoneEvent::Entered(7)]);
/// assert_eq!((counter.occupancy(), counter.entered(), counter.exited()), (2, 1, 0));
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[derive(Debug, Clone)]
pub struct ZoneCounter {
    zone: PreparedPolygon,
    /// Whether each track is in.
    tracks: Tracks<bool>,
    entered: u64,
    exited: u64,
    events: Vec<ZoneEvent>,
}

/// A track, by its id, has crossed the border of a [`ZoneCounter`].
///
/// ```
/// use backpack_core::{PolyLine, ZoneCounter, ZoneEvent};
///
/// let mut counter = ZoneCounter::new(PolyLine::closed([(0.0, 0.0), (0.5, 0.0), (0.0, 0.5)])?)?;
/// counter.update([(3, (0.1, 0.1))])?;
/// assert_eq!(counter.update([(3, (0.9, 0.9))])?, [ZoneEvent::Exited(3)]);
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneEvent {
    /// It went in.
    Entered(u64),
    /// It went out.
    Exited(u64),
}

impl ZoneCounter {
    /// A counter without a margin, for tracks that are lost when they are not seen for more than 30 frames.
    ///
    /// # Errors
    /// [`GeometryError::OpenPolyLine`] if the polyline is open, as it has no inside.
    pub fn new(zone: PolyLine) -> Result<Self, GeometryError> {
        let zone = PreparedPolygon::new(zone)?;
        Ok(Self { zone, tracks: Tracks::new(), entered: 0, exited: 0, events: Vec::new() })
    }

    track_options!();

    /// Takes the tracks of the next frame, each with its place, and returns what happened at the border.
    ///
    /// It is to be called for every frame, also for one without tracks (`update::<Point>([])`), as lost tracks are told by the number of frames.
    /// An id that is given twice stands at both places, one after the other.
    ///
    /// # Errors
    /// [`GeometryError::NotFinite`] if a coordinate is NaN or infinite; nothing of the frame is taken then.
    pub fn update<P: Into<Point>>(
        &mut self,
        tracks: impl IntoIterator<Item = (u64, P)>,
    ) -> Result<&[ZoneEvent], GeometryError> {
        self.events.clear();
        let Self { zone, events, entered, exited, .. } = self;
        let margin = self.tracks.margin;
        let is_clear = |place| margin == 0.0 || zone.polyline().distance(place) >= margin;
        self.tracks.update(
            tracks,
            |place| zone.contains(place),
            |id, is_in, place| {
                if zone.contains(place) == *is_in || !is_clear(place) {
                    return;
                }
                *is_in = !*is_in;
                let (count, event) = if *is_in {
                    (&mut *entered, ZoneEvent::Entered(id))
                } else {
                    (&mut *exited, ZoneEvent::Exited(id))
                };
                *count += 1;
                events.push(event);
            },
        )?;
        Ok(&self.events)
    }

    /// The zone.
    pub fn zone(&self) -> &PolyLine {
        self.zone.polyline()
    }

    /// How many tracks are in.
    pub fn occupancy(&self) -> usize {
        self.occupants().count()
    }

    /// The tracks that are in, in no order.
    pub fn occupants(&self) -> impl Iterator<Item = u64> {
        self.tracks.iter().filter(|(_, is_in)| **is_in).map(|(id, _)| id)
    }

    /// How many times a track has gone in.
    pub fn entered(&self) -> u64 {
        self.entered
    }

    /// How many times a track has gone out.
    pub fn exited(&self) -> u64 {
        self.exited
    }

    /// Begins the counts again at 0 and keeps the tracks.
    pub fn reset_counts(&mut self) {
        (self.entered, self.exited) = (0, 0);
    }
}
