use std::error::Error;
use std::fmt;

/// An identity needs an instance id or a device id, and was given neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoIdError;

impl fmt::Display for NoIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identity needs an instance id or a device id, and has neither")
    }
}

impl Error for NoIdError {}
