use std::ffi::OsString;

use super::{Found, Layer, Unknown};
use crate::given::Given;
use crate::{Description, Fault, Origin, Problem};

/// Environment variables whose names begin with a prefix.
pub(crate) struct Variables {
    pub(crate) prefix: String,
    pub(crate) variables: Vec<(OsString, OsString)>,
    pub(crate) unknown: Unknown,
}

impl Layer for Variables {
    fn look(&self, description: &Description, found: &mut Found) {
        for (name, value) in &self.variables {
            let Some(name) = name.to_str() else { continue };
            let origin = Origin::Variable(name.to_owned());
            let known =
                description.parameters().iter().find(|parameter| parameter.variable(&self.prefix) == name);
            match (known, value.to_str()) {
                (Some(parameter), Some(text)) => {
                    found.add(parameter.key(), origin, Given::Text(text.to_owned()));
                }
                (Some(parameter), None) => found.problems.push(Problem {
                    fault: Fault::Malformed,
                    parameter: parameter.key(),
                    origin: Some(origin),
                    value: None,
                    reason: "not UTF-8".to_owned(),
                    expected: Some(parameter.expected().to_owned()),
                }),
                (None, _) if self.is_ours(name) => {
                    let names = description.parameters().iter().map(|known| known.variable(&self.prefix));
                    found.unknown(name, origin, names, self.unknown);
                }
                (None, _) => {}
            }
        }
    }
}

impl Variables {
    /// Without a prefix, all variables of the system would be unknown.
    fn is_ours(&self, name: &str) -> bool {
        let prefix = self.prefix.to_uppercase();
        !prefix.is_empty() && name.strip_prefix(&prefix).is_some_and(|rest| rest.starts_with('_'))
    }
}
