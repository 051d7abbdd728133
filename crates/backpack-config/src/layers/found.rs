use std::collections::HashMap;

use crate::given::Given;
use crate::nearest::nearest;
use crate::{Fault, Origin, Problem};

/// What all sources together have.
#[derive(Default)]
pub(crate) struct Found {
    /// Values by the key of the parameter.
    values: HashMap<String, (Origin, Given)>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
}

/// Whether an unknown name is wrong in a source, or may be someone else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    Problem,
    Warning,
}

impl Found {
    pub(crate) fn add(&mut self, key: String, origin: Origin, given: Given) {
        self.values.insert(key, (origin, given));
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<(Origin, Given)> {
        self.values.remove(key)
    }

    /// Notes a name that no parameter has; `names` are those that there are. The value stays unseen: it may belong to a secret whose name is
    /// misspelt.
    pub(crate) fn unknown(
        &mut self,
        name: &str,
        origin: Origin,
        names: impl Iterator<Item = String>,
        unknown: Unknown,
    ) {
        let reason = match nearest(name, names) {
            Some(nearest) => format!("there is no such parameter; did you mean {nearest}?"),
            None => "there is no such parameter".to_owned(),
        };
        let problem = Problem {
            fault: Fault::Unknown,
            parameter: cut(name),
            origin: Some(origin),
            value: None,
            reason,
            expected: None,
        };
        match unknown {
            Unknown::Problem => self.problems.push(problem),
            Unknown::Warning => self.warnings.push(problem),
        }
    }
}

/// Names from outside may be of any length and hold anything; this is for a log line.
fn cut(name: &str) -> String {
    name.chars().take(80).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
