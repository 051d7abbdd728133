//! What is asked for every frame allocates nothing.
#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use allocation_counter::measure;
use backpack_core::{Line, LineCounter, Point, PolyLine, PreparedPolygon, Rect, ZoneCounter};

fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

fn yard() -> PolyLine {
    PolyLine::closed([(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]).unwrap()
}

#[test]
fn questions_to_shapes_allocate_nothing() {
    let (line, step) =
        (Line::new((0.1, 0.5), (0.9, 0.5)).unwrap(), Line::new((0.5, 0.5), (0.5, 0.6)).unwrap());
    let (polygon, prepared) = (yard(), PreparedPolygon::new(yard()).unwrap());
    let (a, b) = (Rect::from_tlbr(0.1, 0.1, 0.5, 0.5).unwrap(), Rect::from_tlbr(0.2, 0.2, 0.6, 0.6).unwrap());
    let work = || {
        black_box((line.crossing(&step), line.distance((0.3, 0.3)), a.iou(&b)));
        // A point on an edge, where only exact arithmetic can tell.
        for point in [(0.3, 0.3), (0.25, 0.3), (0.75, 0.75)] {
            black_box((polygon.contains(point), prepared.contains(point), polygon.distance(point)));
        }
        black_box((polygon.area(), polygon.centroid(), polygon.length(), polygon.bounding_box()));
    };
    assert_eq!(allocations(work), 0);
}

#[test]
fn counters_allocate_nothing_once_they_have_seen_as_many_tracks() {
    let mut line = LineCounter::new(Line::new((0.0, 0.5), (1.0, 0.5)).unwrap()).with_margin(0.02).unwrap();
    let mut zone = ZoneCounter::new(yard()).unwrap().with_margin(0.02).unwrap();
    // Ten tracks in each frame, one of which is new: they go up and down, so all of them cross.
    let mut frames = 0..;
    let mut go = |count: usize| {
        for frame in frames.by_ref().take(count) {
            let tracks =
                || (frame..frame + 10).map(|id| (id, Point::new(0.5, 0.4 + 0.2 * (frame % 2) as f64)));
            black_box(line.update(tracks()).unwrap());
            black_box(zone.update(tracks()).unwrap());
        }
    };
    go(1000);
    assert_eq!(allocations(|| go(10_000)), 0);
}
