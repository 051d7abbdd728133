use std::fmt;

use self::Target::{AtMostFloors, AtMostNanoseconds, TimesFaster};
use crate::bench::measured::Measured;

/// The benchmarks of one crate, which are one bench target of cargo and one script of the original.
pub struct Topic {
    pub name: &'static str,
    pub package: &'static str,
    pub rows: &'static [Row],
}

/// An operation that is measured.
pub struct Row {
    pub what: &'static str,
    pub bench: &'static str,
    /// The benchmark of what the operation cannot do without.
    pub floor: Option<&'static str>,
    /// The original's figure for the same.
    pub peer: &'static str,
    pub targets: &'static [Target],
}

/// How fast an operation is meant to be.
pub enum Target {
    AtMostFloors(f64),
    AtMostNanoseconds(f64),
    TimesFaster(f64),
}

pub const TOPICS: &[Topic] = &[
    Topic { name: "timepiece", package: "backpack-timepiece", rows: TIMEPIECE },
    Topic { name: "geometry", package: "backpack-core", rows: GEOMETRY },
];

const TIMEPIECE: &[Row] = &[
    row("Ticker::tick", "tick", "ticker_tick").on_clock().targets(&[AtMostFloors(1.5)]),
    row("StopWatch start and stop", "start_and_stop", "stopwatch_enter_exit")
        .on_clock()
        .targets(&[AtMostFloors(3.0)]),
    row("StopWatch child by name", "start_and_stop_a_child_by_name", "stopwatch_child_enter_exit").on_clock(),
    row("Tachometer::tick", "tachometer_tick", "ticker_tachometer_tick")
        .on_clock()
        .targets(&[AtMostNanoseconds(60.0), TimesFaster(100.0)]),
    row("StopWatchTachometer::measure", "stopwatch_tachometer_measure", "stopwatch_tachometer_enter_exit")
        .on_clock(),
    row("AlarmClock, 10 intervals", "alarm_clock_10_intervals", "alarmclock_10_interval")
        .on_clock()
        .targets(&[TimesFaster(200.0)]),
    row("AlarmClock, 10 ordinals", "alarm_clock_10_ordinals", "alarmclock_10_ordinal").on_clock(),
    row("AlarmClock, 10 mixed", "alarm_clock_10_mixed", "alarmclock_10_mixed").on_clock(),
    row("Summary of 6000 intervals", "summary_of_6000", "stats_of_6000_min_mean_max"),
];

const GEOMETRY: &[Row] = &[
    row("Point::distance", "point_distance", "point_distance"),
    row("Line::crossing", "line_crossing", "line_intersects").targets(&[TimesFaster(100.0)]),
    row("PolyLine::contains, 20 vertices", "polyline20_contains", "polyline20_has_inside")
        .targets(&[TimesFaster(300.0)]),
    row("PreparedPolygon::contains, 20 vertices", "prepared20_contains", "polyline20_has_inside")
        .targets(&[TimesFaster(300.0)]),
    row(
        "PolyLine made, and self_intersects, 20 vertices",
        "polyline20_made_and_self_intersects",
        "polyline20_cold_self_intersects",
    ),
    row(
        "PolyLine made, and is_convex, 20 vertices",
        "polyline20_made_and_is_convex",
        "polyline20_cold_is_convex",
    ),
    row("Rect::contains", "rect_contains", "rect_has_inside"),
];

const fn row(what: &'static str, bench: &'static str, peer: &'static str) -> Row {
    Row { what, bench, floor: None, peer, targets: &[] }
}

impl Row {
    /// The operation reads the clock, so that is its floor.
    const fn on_clock(self) -> Self {
        Self { floor: Some("floor_one_clock_read"), ..self }
    }

    const fn targets(self, targets: &'static [Target]) -> Self {
        Self { targets, ..self }
    }
}

impl Target {
    /// Nothing if what the target speaks of was not measured.
    pub fn is_met(&self, measured: &Measured) -> Option<bool> {
        match self {
            AtMostFloors(most) => Some(measured.times_floor? <= *most),
            AtMostNanoseconds(most) => Some(measured.ours <= *most),
            TimesFaster(least) => Some(measured.times_faster? >= *least),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            AtMostFloors(most) => write!(f, "≤ {most} × floor"),
            AtMostNanoseconds(most) => write!(f, "≤ {most} ns"),
            TimesFaster(least) => write!(f, "≥ {least} × faster"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_met_up_to_its_very_limit() {
        let (times_floor, times_faster) = (Some(2.5), Some(100.0));
        let measured = Measured { ours: 60.0, times_floor, times_faster, ..Measured::default() };
        for met in [AtMostFloors(2.5), AtMostNanoseconds(60.0), TimesFaster(100.0)] {
            assert_eq!(met.is_met(&measured), Some(true), "{met}");
        }
        for missed in [AtMostFloors(2.4), AtMostNanoseconds(59.9), TimesFaster(100.1)] {
            assert_eq!(missed.is_met(&measured), Some(false), "{missed}");
        }
    }

    #[test]
    fn a_target_is_neither_met_nor_missed_without_what_it_compares_to() {
        let measured = Measured { ours: 60.0, ..Measured::default() };
        assert_eq!(AtMostFloors(2.5).is_met(&measured), None);
        assert_eq!(TimesFaster(100.0).is_met(&measured), None);
    }
}
