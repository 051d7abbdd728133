use std::fmt;

use crate::Origin;

/// What a parameter was set to and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The parameter as files have it, with dots between structs: `camera.url`.
    pub parameter: String,
    /// Its value as text, masked if it is a secret.
    pub value: String,
    /// Where the value comes from.
    pub origin: Origin,
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {} ({})", self.parameter, self.value, self.origin)
    }
}
