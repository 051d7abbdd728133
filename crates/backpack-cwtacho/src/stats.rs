/// How the reports of a [`CloudWatch`](crate::CloudWatch) have fared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// How many reports were handed over by tachometers, in this run of the program.
    pub reported: u64,
    /// How many reports CloudWatch has accepted, those that an earlier run left on disk included.
    pub sent: u64,
    /// How many reports wait to be sent or are on their way.
    pub waiting: u64,
    /// How many requests were made.
    pub requests: u64,
    /// How many of them failed in a way that another try may mend.
    pub failed: u64,
    /// How many reports will never be sent.
    pub dropped: Dropped,
    /// What went wrong last, whether it has been mended since or not.
    pub last_error: Option<String>,
}

/// How many reports were dropped, by the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Dropped {
    /// There was no more room, and they were the oldest.
    pub full: u64,
    /// CloudWatch takes nothing that is older than two weeks.
    pub expired: u64,
    /// They were outside other limits of CloudWatch, such as a time in the future.
    pub invalid: u64,
    /// CloudWatch refused them, for the reason in [`Stats::last_error`].
    pub refused: u64,
    /// They came after the shutdown.
    pub late: u64,
}

impl Dropped {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.full + self.expired + self.invalid + self.refused + self.late
    }
}
