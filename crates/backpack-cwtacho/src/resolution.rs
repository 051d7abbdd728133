use serde::{Deserialize, Serialize};

/// How finely CloudWatch tells the times of a metric apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Resolution {
    /// To the minute.
    #[default]
    Standard,
    /// To the second, for three hours; after that to the minute. Alarms on such metrics cost more.
    High,
}

impl Resolution {
    pub(crate) fn seconds(self) -> i32 {
        match self {
            Self::Standard => 60,
            Self::High => 1,
        }
    }
}
