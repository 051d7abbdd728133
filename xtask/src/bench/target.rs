use std::fmt;

use self::Target::{AtMostBytes, AtMostFloors, AtMostNanoseconds, AtMostTimes, TimesBetter, TimesBetterThan};
use crate::bench::measured::Measured;

/// How fast an operation is meant to be.
pub enum Target {
    AtMostBytes(f64),
    AtMostFloors(f64),
    AtMostNanoseconds(f64),
    /// Compared with the benchmark that the row stands beside, which is called so.
    AtMostTimes(f64, &'static str),
    /// Than the topic's only peer.
    TimesBetter(f64),
    /// Than the peer of this name.
    TimesBetterThan(&'static str, f64),
}

impl Target {
    /// Nothing if what the target speaks of was not measured.
    pub fn is_met(&self, measured: &Measured) -> Option<bool> {
        match self {
            AtMostFloors(most) => Some(measured.times_floor? <= *most),
            AtMostBytes(most) | AtMostNanoseconds(most) => Some(measured.ours <= *most),
            AtMostTimes(most, _) => Some(measured.times_beside? <= *most),
            TimesBetter(least) => Some(measured.peers.first()?.times_better? >= *least),
            TimesBetterThan(name, least) => Some(measured.peer(name)?.times_better? >= *least),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            AtMostFloors(most) => write!(f, "≤ {most} × floor"),
            AtMostBytes(most) => write!(f, "≤ {:.1} MB", most / 1e6),
            AtMostNanoseconds(most @ ..1e3) => write!(f, "≤ {most} ns"),
            AtMostNanoseconds(most @ ..1e6) => write!(f, "≤ {} µs", most / 1e3),
            AtMostNanoseconds(most) => write!(f, "≤ {} ms", most / 1e6),
            AtMostTimes(most, beside) => write!(f, "≤ {most} × {beside}"),
            TimesBetter(least) => write!(f, "≥ {least} × better"),
            TimesBetterThan(name, least) => write!(f, "≥ {least} × better than {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::measured::Compared;

    #[test]
    fn a_target_is_met_up_to_its_very_limit() {
        let peers = [("original", 100.0), ("OpenCV", 2.5)];
        let peers = peers.map(|(name, times)| Compared { name, theirs: None, times_better: Some(times) });
        let measured = Measured {
            ours: 60.0,
            times_floor: Some(2.5),
            times_beside: Some(1.2),
            peers: peers.into(),
            ..Measured::default()
        };
        let met = [AtMostFloors(2.5), AtMostNanoseconds(60.0), AtMostTimes(1.2, "RGB")];
        for met in met.into_iter().chain([TimesBetter(100.0), TimesBetterThan("OpenCV", 2.5)]) {
            assert_eq!(met.is_met(&measured), Some(true), "{met}");
        }
        let missed = [AtMostFloors(2.4), AtMostNanoseconds(59.9), AtMostTimes(1.1, "RGB")];
        for missed in missed.into_iter().chain([TimesBetter(100.1), TimesBetterThan("OpenCV", 2.6)]) {
            assert_eq!(missed.is_met(&measured), Some(false), "{missed}");
        }
    }

    #[test]
    fn targets_are_said_in_a_fitting_unit() {
        let targets = [60.0, 50e3, 900e3, 5e6].map(|most| AtMostNanoseconds(most).to_string());
        assert_eq!(targets, ["≤ 60 ns", "≤ 50 µs", "≤ 900 µs", "≤ 5 ms"]);
        assert_eq!(AtMostBytes(2_097_152.0).to_string(), "≤ 2.1 MB");
    }

    #[test]
    fn a_target_is_neither_met_nor_missed_without_what_it_compares_to() {
        let lone = Measured { ours: 60.0, ..Measured::default() };
        let absent = Compared { name: "supervision", theirs: None, times_better: None };
        let compared = Measured { peers: vec![absent], ..lone.clone() };
        for measured in [&lone, &compared] {
            assert_eq!(AtMostFloors(2.5).is_met(measured), None);
            assert_eq!(AtMostTimes(1.2, "RGB").is_met(measured), None);
            assert_eq!(TimesBetter(100.0).is_met(measured), None);
            assert_eq!(TimesBetterThan("supervision", 8.0).is_met(measured), None);
        }
    }
}
