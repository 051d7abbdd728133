use anyhow::{Context, Result};

use crate::bench::Figures;
use crate::bench::rows::Row;

/// What was measured for a row: times in nanoseconds, and ratios.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Measured {
    pub ours: f64,
    pub floor: Option<f64>,
    pub times_floor: Option<f64>,
    pub theirs: Option<f64>,
    pub times_faster: Option<f64>,
}

impl Measured {
    /// Picks the row's figures out of all of a round; each of them must be there.
    pub fn in_round(row: &Row, ours: &Figures, theirs: Option<&Figures>) -> Result<Self> {
        let theirs = theirs.map(|theirs| figure(theirs, row.peer).context("the original")).transpose()?;
        let floor = row.floor.map(|floor| figure(ours, floor)).transpose()?;
        let ours = figure(ours, row.bench)?;
        let (times_floor, times_faster) =
            (floor.map(|floor| ours / floor), theirs.map(|theirs| theirs / ours));
        Ok(Self { ours, floor, times_floor, theirs, times_faster })
    }

    /// The median of each figure. That of a ratio is over those within a round, where both sides met the same machine.
    pub fn over(rounds: &[Self]) -> Self {
        let median = |figure: fn(&Self) -> Option<f64>| median(rounds.iter().filter_map(figure).collect());
        Self {
            ours: median(|round| Some(round.ours)).unwrap_or_default(),
            floor: median(|round| round.floor),
            times_floor: median(|round| round.times_floor),
            theirs: median(|round| round.theirs),
            times_faster: median(|round| round.times_faster),
        }
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

    #[test]
    fn ratios_are_those_of_the_rounds_and_not_of_the_medians() {
        let row = &TOPICS[1].rows[0];
        let round = |ours, theirs| {
            let figures = |time| Figures::from([("point_distance".to_owned(), time)]);
            Measured::in_round(row, &figures(ours), Some(&figures(theirs))).unwrap()
        };
        let measured = Measured::over(&[round(1.0, 30.0), round(2.0, 40.0), round(4.0, 20.0)]);
        assert_eq!((measured.ours, measured.theirs), (2.0, Some(30.0)));
        assert_eq!(measured.times_faster, Some(20.0));
        assert_eq!((measured.floor, measured.times_floor), (None, None));
    }

    #[test]
    fn a_benchmark_that_did_not_report_is_named() {
        let tick = &TOPICS[0].rows[0];
        let (read, ticked) = (("floor_one_clock_read".to_owned(), 20.0), ("tick".to_owned(), 30.0));
        let (partial, whole) = (Figures::from([ticked.clone()]), Figures::from([read, ticked]));
        let error = |ours, theirs| format!("{:#}", Measured::in_round(tick, ours, theirs).unwrap_err());
        assert_eq!(error(&partial, None), "the benchmark floor_one_clock_read reported nothing");
        let theirs = Some(&whole);
        assert_eq!(error(&whole, theirs), "the original: the benchmark ticker_tick reported nothing");
        assert_eq!(Measured::in_round(tick, &whole, None).unwrap().times_floor, Some(1.5));
    }
}
