use std::fmt;

use crate::Fault;

/// Why a value is not one of the parameter, without the parameter's name and the value itself.
///
/// A [`Codec`](crate::Codec) of your own says so with [`Invalid::malformed`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    fault: Fault,
    reason: String,
}

impl Invalid {
    /// The text cannot be read; `reason` says what is wrong with it.
    pub fn malformed(reason: impl fmt::Display) -> Self {
        Self::new(Fault::Malformed, reason)
    }

    /// The value is of another type than expected; `found` is what it is, such as "a number".
    pub fn wrong_type(found: impl fmt::Display) -> Self {
        Self::new(Fault::WrongType, format_args!("{found} is of the wrong type"))
    }

    pub(crate) fn new(fault: Fault, reason: impl fmt::Display) -> Self {
        Self { fault, reason: reason.to_string() }
    }

    /// What kind of thing is wrong.
    pub fn fault(&self) -> Fault {
        self.fault
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Invalid {}
