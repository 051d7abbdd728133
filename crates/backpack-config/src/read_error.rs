use std::fmt;

use crate::Problem;

/// All that is wrong with the parameters of an application, found in one reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    problems: Vec<Problem>,
}

impl ReadError {
    pub(crate) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// The problems: those with sources first, then those with parameters in the order of the struct.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// One line for each problem after a line that counts them.
impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => f.write_str("there is a problem with the parameters:")?,
            count => write!(f, "there are {count} problems with the parameters:")?,
        }
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ReadError {}
