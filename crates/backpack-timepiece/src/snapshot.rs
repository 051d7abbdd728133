use std::fmt;

use crate::Summary;
use crate::node::Node;

/// What a [`StopWatch`](crate::StopWatch) and all below it have measured so far.
///
/// Printed, it is a table in which names are indented by level:
///
/// ```text
///           laps       min      mean       p95       max
/// frame    18000   31.02ms   33.33ms   35.10ms   41.90ms
///   infer  18000   24.40ms   25.01ms   25.72ms   33.07ms
///   upload     0         -         -         -         -
/// ```
///
/// `laps` counts all of them, the other columns are over the kept ones. Each [`Row`] can be printed alone too, as a line for a log.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Clock, StopWatch};
///
/// let (clock, time) = Clock::manual();
/// let frame = StopWatch::with_clock("frame", clock);
/// frame.child("infer").measure(|| time.advance(Duration::from_millis(25)));
/// frame.child("draw").measure(|| time.advance(Duration::from_millis(5)));
/// let snapshot = frame.snapshot();
/// let slowest = snapshot.rows().iter().max_by_key(|row| row.summary.mean);
/// assert_eq!(slowest.map(|row| &*row.full_name), Some("frame.infer"));
/// assert!(snapshot.to_string().ends_with("draw      1    5.00ms    5.00ms    5.00ms    5.00ms"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    rows: Vec<Row>,
}

/// What one stopwatch has measured so far.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Clock, StopWatch};
///
/// let (clock, time) = Clock::manual();
/// let frame = StopWatch::with_clock("frame", clock);
/// frame.child("infer").measure(|| time.advance(Duration::from_millis(25)));
/// let snapshot = frame.snapshot();
/// let row = &snapshot.rows()[1];
/// assert_eq!((&*row.name, row.level), ("infer", 1));
/// assert_eq!(row.to_string(), "frame.infer: total=1 min=25.00ms mean=25.00ms p95=25.00ms max=25.00ms");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// The name of the watch.
    pub name: String,
    /// The names from the root to the watch, as in `frame.infer`.
    pub full_name: String,
    /// How far below the root the watch is; the root is at 0.
    pub level: usize,
    /// What it has measured.
    pub summary: Summary,
}

impl Snapshot {
    /// One watch after another is read, so the others may go on measuring meanwhile.
    pub(crate) fn of(node: &Node) -> Self {
        let mut rows = Vec::new();
        node.rows(&mut rows, &mut Vec::new());
        Self { rows }
    }

    /// A row for every watch: parents before their children, children in the order of their creation.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

/// The table, without a line break at its end.
impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let top = self.rows.iter().map(|row| row.level).min().unwrap_or_default();
        let indent = |row: &Row| 2 * (row.level - top);
        let names =
            self.rows.iter().map(|row| indent(row) + row.name.chars().count()).max().unwrap_or_default();
        let laps =
            self.rows.iter().map(|row| row.summary.total.to_string().len()).fold("laps".len(), usize::max);

        write!(f, "{:names$}  {:>laps$}", "", "laps")?;
        for title in ["min", "mean", "p95", "max"] {
            write!(f, "{title:>10}")?;
        }
        for row in &self.rows {
            let (indent, rest) = (indent(row), names - indent(row));
            let Summary { total, count, min, mean, p95, max, .. } = row.summary;
            write!(f, "\n{:indent$}{:rest$}  {total:>laps$}", "", row.name)?;
            for duration in [min, mean, p95, max] {
                match count {
                    0 => write!(f, "{:>10}", "-")?,
                    _ => write!(f, "{duration:>10.2?}")?,
                }
            }
        }
        Ok(())
    }
}

/// A line such as `frame.infer: total=18000 min=24.40ms mean=25.01ms p95=25.72ms max=33.07ms`.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.full_name, self.summary)
    }
}
