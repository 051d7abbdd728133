use std::ops::Range;
use std::time::Duration;

use crate::{ErrorId, Operation};

/// What goes wrong on demand; by default nothing does. It can be changed at any time, also for connections that are there.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Faults {
    /// Every request is answered so much later.
    pub latency: Duration,
    /// Requests that are answered with an error, the first that fits.
    pub refusals: Vec<Refuse>,
    /// Connections of PutMedia that are cut, the first that fits.
    pub cuts: Vec<Cut>,
    /// Fragments that get an error instead of being stored, the first that fits.
    pub errors: Vec<FragmentError>,
    /// Fragments that get an error at random.
    pub random_errors: Option<RandomErrors>,
    /// Bytes that are read from each connection in a second.
    pub read_rate: Option<u64>,
    /// Connections are taken, but nothing is read and nothing answered.
    pub black_hole: bool,
    /// A fragment is stored, and said to be, so much later than it is received.
    pub store_delay: Duration,
    /// Acknowledgements that are not sent, though all else is as if they were.
    pub lost_acks: LostAcks,
    /// How acknowledgements are written.
    pub ack_form: AckForm,
    /// What the service's clock is ahead of (or behind) the one it was given, in seconds.
    pub clock_offset: i64,
}

/// An error for requests.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refuse {
    /// For requests of this operation; `None` for all.
    pub operation: Option<Operation>,
    /// The HTTP status.
    pub status: u16,
    /// The value of `x-amzn-ErrorType`, for example `ClientLimitExceededException`.
    pub error_type: String,
    /// How often; `None` for ever.
    pub times: Option<u64>,
}

/// A PutMedia connection that ends before its time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cut {
    /// When.
    pub at: CutAt,
    /// How it looks to the producer.
    pub how: CutHow,
    /// How often; `None` for ever.
    pub times: Option<u64>,
}

/// When a connection is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CutAt {
    /// After so many bytes of the body.
    Bytes(u64),
    /// After a number of bytes of the body that is drawn for every connection, from this seed on.
    RandomBytes {
        /// From, up to but not including.
        range: Range<u64>,
        /// Of the random numbers.
        seed: u64,
    },
    /// In the midst of a connection's fragment with this index, from 0: after its first frame.
    Fragment(u64),
}

/// How the end of a connection looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CutHow {
    /// A TCP reset.
    #[default]
    Reset,
    /// A TCP FIN, without the end of the response.
    Finish,
}

/// An error in place of a stored fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FragmentError {
    /// The index of the fragment on its connection, from 0; `None` for any.
    pub fragment: Option<u64>,
    /// What is acknowledged.
    pub id: ErrorId,
    /// How often; `None` for ever.
    pub times: Option<u64>,
}

/// Errors in place of stored fragments, at random.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RandomErrors {
    /// From 0 (never) to 1 (always), for each fragment.
    pub probability: f64,
    /// One of these.
    pub ids: Vec<ErrorId>,
    /// Of the random numbers, which begin anew when the faults are set.
    pub seed: u64,
}

/// Which acknowledgements get lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum LostAcks {
    /// None.
    #[default]
    None,
    /// Those of stored fragments.
    Persisted,
    /// All, errors too.
    All,
}

/// How acknowledgements are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct AckForm {
    /// Whether there is nothing between them, instead of a newline.
    pub without_newlines: bool,
    /// How they are distributed over the chunks of the response.
    pub chunks: AckChunks,
    /// Whether an error is followed by a second one, whose timecode is -1 and whose number is empty.
    pub double_errors: bool,
}

/// How acknowledgements are distributed over the chunks of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum AckChunks {
    /// One in each.
    #[default]
    One,
    /// Every byte in a chunk of its own.
    Bytes,
    /// Each is split in two after so many bytes.
    SplitAt(usize),
    /// So many together; fewer only at the end, or if none comes for 200 ms.
    Joined(usize),
}

impl Refuse {
    /// An error for all requests of this operation.
    pub fn new(operation: impl Into<Option<Operation>>, status: u16, error_type: impl Into<String>) -> Self {
        Self { operation: operation.into(), status, error_type: error_type.into(), times: None }
    }

    /// Only so often.
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }
}

impl Cut {
    /// Every connection ends then.
    pub fn new(at: CutAt, how: CutHow) -> Self {
        Self { at, how, times: None }
    }

    /// Only so often.
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }
}

impl FragmentError {
    /// Every fragment with this index on its connection, or every fragment at all, gets this error.
    pub fn new(fragment: impl Into<Option<u64>>, id: ErrorId) -> Self {
        Self { fragment: fragment.into(), id, times: None }
    }

    /// Only so often.
    pub fn times(self, times: u64) -> Self {
        Self { times: Some(times), ..self }
    }
}

impl RandomErrors {
    /// Each fragment gets one of these errors with this probability, from 0 to 1.
    pub fn new(probability: f64, ids: impl Into<Vec<ErrorId>>, seed: u64) -> Self {
        Self { probability, ids: ids.into(), seed }
    }
}

impl Faults {
    pub(crate) fn take_refusal(&mut self, operation: Operation) -> Option<Refuse> {
        let fits = |refusal: &&mut Refuse| refusal.operation.is_none_or(|asked| asked == operation);
        let refusal = self.refusals.iter_mut().filter(|refusal| refusal.times != Some(0)).find(fits)?;
        use_up(&mut refusal.times);
        Some(refusal.clone())
    }

    pub(crate) fn take_byte_cut(&mut self) -> Option<CutHow> {
        self.take_cut(|at| !matches!(at, CutAt::Fragment(_)))
    }

    pub(crate) fn take_fragment_cut(&mut self, index: u64) -> Option<CutHow> {
        self.take_cut(|at| *at == CutAt::Fragment(index))
    }

    fn take_cut(&mut self, fits: impl Fn(&CutAt) -> bool) -> Option<CutHow> {
        let cut = self.cuts.iter_mut().filter(|cut| cut.times != Some(0)).find(|cut| fits(&cut.at))?;
        use_up(&mut cut.times);
        Some(cut.how)
    }

    pub(crate) fn take_error(&mut self, index: u64) -> Option<ErrorId> {
        let fits = |error: &&mut FragmentError| error.fragment.is_none_or(|wanted| wanted == index);
        let error = self.errors.iter_mut().filter(|error| error.times != Some(0)).find(fits)?;
        use_up(&mut error.times);
        Some(error.id)
    }
}

fn use_up(times: &mut Option<u64>) {
    if let Some(times) = times {
        *times = times.saturating_sub(1);
    }
}
