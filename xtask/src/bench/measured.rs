use anyhow::{Context, Result};

use crate::bench::Figures;
use crate::bench::rows::Row;

/// What was measured for a row: times in nanoseconds, and ratios.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured {
    pub ours: f64,
    pub floor: Option<f64>,
    pub times_floor: Option<f64>,
    pub times_beside: Option<f64>,
    /// Those of the topic, in its order.
    pub peers: Vec<Compared>,
}

/// What was measured of a peer; nothing if it cannot do the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub name: &'static str,
    pub theirs: Option<f64>,
    pub times_better: Option<f64>,
}

impl Measured {
    /// Picks the row's figures out of all of a round; each of them must be there.
    pub fn in_round(row: &Row, ours: &Figures, theirs: &[(&'static str, Figures)]) -> Result<Self> {
        let ours_if = |name: Option<&str>| name.map(|name| figure(ours, name)).transpose();
        let (floor, beside) = (ours_if(row.floor)?, ours_if(row.beside)?);
        let ours = figure(ours, row.bench)?;
        let peers = theirs.iter().map(|(name, theirs)| Compared::in_round(row, ours, name, theirs));
        Ok(Self {
            ours,
            floor,
            times_floor: floor.map(|floor| ours / floor),
            times_beside: beside.map(|beside| ours / beside),
            peers: peers.collect::<Result<_>>()?,
        })
    }

    /// The median of each figure. That of a ratio is over those within a round, where both sides met the same machine.
    pub fn over(rounds: &[Self]) -> Self {
        let median = |figure: fn(&Self) -> Option<f64>| median(rounds.iter().filter_map(figure).collect());
        let names = rounds.first().into_iter().flat_map(|round| &round.peers).map(|peer| peer.name);
        Self {
            ours: median(|round| Some(round.ours)).unwrap_or_default(),
            floor: median(|round| round.floor),
            times_floor: median(|round| round.times_floor),
            times_beside: median(|round| round.times_beside),
            peers: names.map(|name| Compared::over(name, rounds)).collect(),
        }
    }

    /// The peer of this name.
    pub fn peer(&self, name: &str) -> Option<&Compared> {
        self.peers.iter().find(|peer| peer.name == name)
    }
}

impl Compared {
    fn in_round(row: &Row, ours: f64, name: &'static str, theirs: &Figures) -> Result<Self> {
        let theirs = row.is_done_by(name).then(|| figure(theirs, row.peer)).transpose().context(name)?;
        Ok(Self { name, theirs, times_better: theirs.map(|theirs| theirs / ours) })
    }

    fn over(name: &'static str, rounds: &[Measured]) -> Self {
        let peers = || rounds.iter().filter_map(|round| round.peer(name));
        let median = |figure: fn(&Self) -> Option<f64>| median(peers().filter_map(figure).collect());
        Self { name, theirs: median(|peer| peer.theirs), times_better: median(|peer| peer.times_better) }
    }
}

fn figure(figures: &Figures, name: &str) -> Result<f64> {
    figures.get(name).copied().with_context(|| format!("the benchmark {name} reported nothing"))
}

/// The value in the middle, or the mean of the two there.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.get(values.len() / 2)?;
    let lower = values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::rows::TOPICS;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0, 8.0]), Some(3.0));
        assert_eq!(median(vec![3.0, 1.0, 8.0, 4.0]), Some(3.5));
    }

    fn figures<const N: usize>(figures: [(&str, f64); N]) -> Figures {
        figures.map(|(name, time)| (name.to_owned(), time)).into()
    }

    #[test]
    fn ratios_are_those_of_the_rounds_and_not_of_the_medians() {
        let row = &TOPICS[1].rows[0];
        let round = |ours, theirs| {
            let [ours, theirs] = [ours, theirs].map(|time| figures([("point_distance", time)]));
            Measured::in_round(row, &ours, &[("original", theirs)]).unwrap()
        };
        let measured = Measured::over(&[round(1.0, 30.0), round(2.0, 40.0), round(4.0, 20.0)]);
        assert_eq!((measured.ours, measured.floor, measured.times_floor), (2.0, None, None));
        let original = Compared { name: "original", theirs: Some(30.0), times_better: Some(20.0) };
        assert_eq!(measured.peers, [original]);
    }

    #[test]
    fn a_peer_that_cannot_do_it_is_not_asked_for_a_figure() {
        let in_alpha = &TOPICS[2].rows[7];
        let ours = figures([("all_alpha::I420", 3.0), ("all_alpha::RGB", 2.0)]);
        let theirs = [("OpenCV", figures([("all_alpha", 9.0)])), ("supervision", Figures::new())];
        let measured = Measured::over(&[Measured::in_round(in_alpha, &ours, &theirs).unwrap()]);
        assert_eq!(measured.times_beside, Some(1.5));
        assert_eq!(measured.peer("OpenCV").unwrap().times_better, Some(3.0));
        let supervision = Compared { name: "supervision", theirs: None, times_better: None };
        assert_eq!(measured.peer("supervision"), Some(&supervision));
    }

    #[test]
    fn a_benchmark_that_did_not_report_is_named() {
        let tick = &TOPICS[0].rows[0];
        let partial = figures([("tick", 30.0)]);
        let whole = figures([("floor_one_clock_read", 20.0), ("tick", 30.0)]);
        let error = |ours, theirs: &[_]| format!("{:#}", Measured::in_round(tick, ours, theirs).unwrap_err());
        assert_eq!(error(&partial, &[]), "the benchmark floor_one_clock_read reported nothing");
        let theirs = [("original", whole.clone())];
        assert_eq!(error(&whole, &theirs), "original: the benchmark ticker_tick reported nothing");
        assert_eq!(Measured::in_round(tick, &whole, &[]).unwrap().times_floor, Some(1.5));
    }
}
