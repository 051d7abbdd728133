use std::collections::VecDeque;

use backpack::core::{Point, Rect, Vec2};

/// A detection belongs to a track if its centre is at most so far from where the track should be now, in parts of the picture.
const REACH: f64 = 0.06;

/// A track is believed after so many frames.
const CONFIRMED: u32 = 4;

/// A track that is not seen for so many frames is over.
const LOST: u32 = 8;

/// How many places a trail remembers.
const TRAIL: usize = 25;

/// Something that moves, followed from frame to frame.
pub struct Track {
    pub id: u64,
    pub rect: Rect,
    /// Where it stood on the ground, the newest place last.
    pub trail: VecDeque<Point>,
    velocity: Vec2,
    seen: u32,
    missed: u32,
}

/// Follows detections by their nearest predicted place: a stand-in for your own tracker.
#[derive(Default)]
pub struct Tracker {
    tracks: Vec<Track>,
    /// The highest id that was given, none of which is given twice.
    last_id: u64,
}

impl Tracker {
    /// The tracks that are believed and were seen in the last frame.
    pub fn visible(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter().filter(|track| track.is_visible())
    }

    /// Forgets all tracks, after a cut.
    pub fn forget(&mut self) {
        self.tracks.clear();
    }

    /// Takes what was detected in the next frame.
    pub fn update(&mut self, detections: &[Rect]) {
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (t, track) in self.tracks.iter().enumerate() {
            let expected = track.rect.center() + track.velocity * f64::from(track.missed + 1);
            for (d, detection) in detections.iter().enumerate() {
                pairs.push((expected.distance(detection.center()), t, d));
            }
        }
        pairs.retain(|&(distance, ..)| distance < REACH);
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut free_tracks = vec![true; self.tracks.len()];
        let mut free_detections = vec![true; detections.len()];
        for (_, t, d) in pairs {
            if free_tracks[t] && free_detections[d] {
                (free_tracks[t], free_detections[d]) = (false, false);
                self.follow(t, detections[d]);
            }
        }
        for (track, _) in self.tracks.iter_mut().zip(free_tracks).filter(|(_, free)| *free) {
            track.missed += 1;
        }
        self.tracks.retain(|track| track.missed <= if track.id > 0 { LOST } else { 1 });
        let new = detections.iter().zip(free_detections).filter(|(_, free)| *free);
        self.tracks.extend(new.map(|(&rect, _)| Track::new(rect)));
    }

    fn follow(&mut self, index: usize, detection: Rect) {
        let track = &mut self.tracks[index];
        let before = track.rect;
        let frames = f64::from(track.missed + 1);
        track.rect = mix(&before, &detection, 0.6);
        track.velocity = track.velocity * 0.7 + (track.rect.center() - before.center()) * (0.3 / frames);
        track.missed = 0;
        track.seen += 1;
        if track.id == 0 && track.seen >= CONFIRMED {
            self.last_id += 1;
            track.id = self.last_id;
        }
        track.trail.push_back(track.rect.base());
        if track.trail.len() > TRAIL {
            track.trail.pop_front();
        }
    }
}

impl Track {
    fn new(rect: Rect) -> Self {
        let trail = VecDeque::from([rect.base()]);
        Self { id: 0, rect, trail, velocity: Vec2::default(), seen: 1, missed: 0 }
    }

    fn is_visible(&self) -> bool {
        self.id > 0 && self.missed == 0
    }
}

/// `part` of the way from one rectangle to another.
fn mix(from: &Rect, to: &Rect, part: f64) -> Rect {
    let corner = |from: Point, to: Point| from + (to - from) * part;
    Rect::from_points(corner(from.min(), to.min()), corner(from.max(), to.max())).unwrap_or(*to)
}
