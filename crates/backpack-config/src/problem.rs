use std::fmt;

use crate::{Fault, Origin};

/// One thing that is wrong with the parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What kind of thing it is.
    pub fault: Fault,
    /// The parameter as files have it, with dots between structs: `camera.url`. Empty if the problem is with a file, or with all parameters together.
    pub parameter: String,
    /// Where the value comes from, or where one is missing if a source is the problem.
    pub origin: Option<Origin>,
    /// The value, cut if it is long and masked if it is a secret.
    pub value: Option<String>,
    /// What exactly is wrong, or what may have been meant.
    pub reason: String,
    /// What a value of the parameter looks like.
    pub expected: Option<String>,
}

/// In one line: the parameter, its value and origin, what is wrong with it, and what would be right.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut colon = "";
        if !self.parameter.is_empty() {
            f.write_str(&self.parameter)?;
            if let Some(value) = &self.value {
                write!(f, " = {value}")?;
            }
            colon = ": ";
        }
        if let Some(origin) = &self.origin {
            if self.parameter.is_empty() {
                write!(f, "{origin}")?
            } else {
                write!(f, " ({origin})")?
            }
            colon = ": ";
        }
        write!(f, "{colon}{}", self.reason)?;
        match &self.expected {
            Some(expected) => write!(f, "; expected {expected}"),
            None => Ok(()),
        }
    }
}
