use std::fmt;
use std::sync::Arc;

use crate::compact::Compact;
use crate::node::Node;
use crate::{Clock, Distribution, Lap, Snapshot, Summary};

/// Measures how long pieces of code take: a handle to one watch of a tree.
///
/// A watch for the whole frame has children for its stages, they have children for theirs, and so on. Each measures what it is started
/// around and nothing else: time spent in a child counts for the parent only while the parent runs too.
///
/// A clone is another handle to the same watch. Handles can be used from several threads at a time, and laps of one watch may overlap or
/// lie within each other: each is recorded when it ends. A handle keeps its whole tree alive.
///
/// ```
/// use backpack_timepiece::StopWatch;
///
/// let frame = StopWatch::new("frame");
/// let boxes = frame.measure(|| frame.child("infer").measure(|| vec!["a car", "a bicycle"]));
/// assert_eq!(boxes.len(), 2);
/// assert_eq!(frame.child("infer").full_name(), "frame.infer");
/// assert_eq!(frame.child("infer").summary().count, 1);
/// ```
#[derive(Debug, Clone)]
pub struct StopWatch {
    pub(crate) node: Arc<Node>,
    /// Parents own their children and not the reverse, so the tree lives as long as its root.
    root: Arc<Node>,
}

impl StopWatch {
    /// How many durations a watch keeps unless it is told otherwise.
    pub const DEFAULT_MAX_INTERVALS: usize = 300;

    /// The root of a new tree.
    pub fn new(name: impl Into<String>) -> Self {
        Self::with_clock(name, Clock::system())
    }

    /// The same, with another clock than the system's for the whole tree.
    pub fn with_clock(name: impl Into<String>, clock: Clock) -> Self {
        let root = Arc::new(Node::root(name.into(), clock, Self::DEFAULT_MAX_INTERVALS));
        Self { node: root.clone(), root }
    }

    /// The child of this name. It is made if there is none, so that this can be called for every frame; it then keeps as many durations as
    /// its parent. Names should be words of the program and not of its data, because every new one adds to the tree for good.
    pub fn child(&self, name: &str) -> StopWatch {
        self.relative(self.node.child(name))
    }

    /// Starts a lap, which ends when the returned guard is dropped.
    pub fn start(&self) -> Lap {
        Lap::start(self.node.clone())
    }

    /// Measures a call of `work` and returns its result.
    pub fn measure<T>(&self, work: impl FnOnce() -> T) -> T {
        let _lap = self.start();
        work()
    }

    /// Sets how many durations are kept, here and in children made later; the latest ones stay.
    ///
    /// The limits are those of [`Ticker::new`](crate::Ticker::new).
    pub fn set_max_intervals(&self, max_intervals: usize) {
        self.node.set_max_intervals(max_intervals);
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.node.name
    }

    /// The names from the root to here, as in `frame.infer`.
    pub fn full_name(&self) -> &str {
        &self.node.full_name
    }

    /// How far below the root it is; the root is at 0.
    pub fn level(&self) -> usize {
        self.node.level
    }

    /// The watch of which this is a child; `None` for the root.
    pub fn parent(&self) -> Option<StopWatch> {
        self.node.parent.upgrade().map(|node| self.relative(node))
    }

    /// The watches above this one, its parent first and the root last.
    pub fn parents(&self) -> impl Iterator<Item = StopWatch> {
        std::iter::successors(self.parent(), StopWatch::parent)
    }

    /// The children in the order of their creation.
    pub fn children(&self) -> Vec<StopWatch> {
        self.node.children().into_iter().map(|node| self.relative(node)).collect()
    }

    /// Statistics of the kept durations. To sort them it allocates a copy.
    pub fn summary(&self) -> Summary {
        self.node.summary(&mut Vec::new())
    }

    /// The kept durations as values and counts, each exactly.
    pub fn distribution(&self) -> Distribution {
        let mut kept = Vec::new();
        self.node.summary(&mut kept);
        Distribution::of_sorted(&kept)
    }

    /// The watch and all below it in the form of the Python toolkit: the first kept durations, and their statistics in seconds.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use backpack_timepiece::{Clock, StopWatch};
    ///
    /// let (clock, time) = Clock::manual();
    /// let frame = StopWatch::with_clock("frame", clock);
    /// frame.measure(|| frame.child("infer").measure(|| time.advance(Duration::from_millis(30))));
    /// let text = "\
    /// <StopWatch name=frame intervals=[0.0300] min=0.0300 mean=0.0300 max=0.0300 children=[
    ///     <StopWatch name=infer intervals=[0.0300] min=0.0300 mean=0.0300 max=0.0300>
    /// ]>";
    /// assert_eq!(frame.compact().to_string(), text);
    /// ```
    pub fn compact(&self) -> impl fmt::Display {
        Compact::of(&self.node)
    }

    /// The summaries of this watch and all below it, to be printed as a table or read row by row.
    #[doc(alias = "tree")]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.node)
    }

    /// Forgets the durations of this watch and all below it. Running laps are recorded when they end.
    pub fn reset(&self) {
        self.node.reset();
    }

    /// A handle to another node of the same tree.
    fn relative(&self, node: Arc<Node>) -> StopWatch {
        Self { node, root: self.root.clone() }
    }
}

/// The table of [`StopWatch::snapshot`].
impl fmt::Display for StopWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.snapshot().fmt(f)
    }
}
