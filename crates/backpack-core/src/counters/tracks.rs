use std::collections::HashMap;

use crate::{GeometryError, Point};

/// The most tracks that are remembered: more than a picture can hold, so that a tracker which never gives an id twice does not eat the memory.
pub(super) const MAX_TRACKS: usize = 1 << 16;

/// For how many frames a track that is not seen is remembered.
const MAX_AGE: u32 = 30;

/// What is known of each track, for as long as it is seen.
#[derive(Debug, Clone)]
pub(super) struct Tracks<T> {
    known: HashMap<u64, Known<T>>,
    /// The places of the frame at hand; kept for its memory.
    places: Vec<(u64, Point)>,
    frame: u64,
    pub(super) max_age: u32,
    /// How far a track has to be from a border to count as clear of it.
    pub(super) margin: f64,
}

#[derive(Debug, Clone)]
struct Known<T> {
    state: T,
    /// The frame in which it was last seen.
    seen: u64,
}

impl<T> Tracks<T> {
    pub(super) fn new() -> Self {
        Self { known: HashMap::new(), places: Vec::new(), frame: 0, max_age: MAX_AGE, margin: 0.0 }
    }

    /// Takes the places of one frame: `first` makes the state of a track that is new, and `next` takes each further place of one that is known.
    ///
    /// If a place is not finite nothing is changed.
    pub(super) fn update<P: Into<Point>>(
        &mut self,
        places: impl IntoIterator<Item = (u64, P)>,
        first: impl Fn(Point) -> T,
        mut next: impl FnMut(u64, &mut T, Point),
    ) -> Result<(), GeometryError> {
        self.places.clear();
        for (id, place) in places {
            self.places.push((id, place.into().checked("place of a track")?));
        }
        self.frame += 1;
        for index in 0..self.places.len() {
            let (id, place) = self.places[index];
            match self.known.get_mut(&id) {
                Some(known) => {
                    known.seen = self.frame;
                    next(id, &mut known.state, place);
                }
                None => self.remember(id, first(place)),
            }
        }
        let oldest = self.frame.saturating_sub(self.max_age.into());
        self.known.retain(|_, known| known.seen >= oldest);
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        self.known.iter().map(|(&id, known)| (id, &known.state))
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    pub(super) fn clear(&mut self) {
        self.known.clear();
    }

    pub(super) fn set_margin(&mut self, margin: f64) -> Result<(), GeometryError> {
        if !margin.is_finite() || margin < 0.0 {
            return Err(GeometryError::Margin { got: margin });
        }
        self.margin = margin;
        Ok(())
    }

    /// Where there is no room, the track goes that has not been seen for longest.
    fn remember(&mut self, id: u64, state: T) {
        if self.known.len() >= MAX_TRACKS {
            let stalest = self.known.iter().min_by_key(|(_, known)| known.seen).map(|(&id, _)| id);
            stalest.and_then(|stalest| self.known.remove(&stalest));
        }
        self.known.insert(id, Known { state, seen: self.frame });
    }
}
