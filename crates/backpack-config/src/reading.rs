use std::fmt::Display;

use crate::layers::Found;
use crate::parameter::MASK;
use crate::{Fault, Field, Group, Input, Invalid, Origin, Parameters, Problem, Setting, Walker, text};

/// Gives every parameter its value and goes on where there is none, so that all that is wrong is found in one go.
pub(crate) struct Reading {
    found: Found,
    path: Vec<&'static str>,
    pub(crate) settings: Vec<Setting>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) warnings: Vec<Problem>,
    /// Whether parameters without a value are wrong.
    is_complete: bool,
    /// The parameters without a value if they are not.
    pub(crate) missing: Vec<String>,
}

impl Reading {
    pub(crate) fn new(mut found: Found, is_complete: bool) -> Self {
        let [problems, warnings] = [&mut found.problems, &mut found.warnings].map(std::mem::take);
        let (path, settings, missing) = (Vec::new(), Vec::new(), Vec::new());
        Self { found, path, settings, problems, warnings, is_complete, missing }
    }

    fn missing<T: 'static>(&mut self, field: &Field<T>, key: String) {
        if !self.is_complete {
            return self.missing.push(key);
        }
        self.problems.push(Problem {
            fault: Fault::Missing,
            parameter: key,
            origin: None,
            value: None,
            reason: "missing".to_owned(),
            expected: Some(field.parameter.expected().to_owned()),
        });
    }

    /// Reasons may repeat the value, so that of a secret is not told.
    fn invalid<T: 'static>(
        &mut self,
        field: &Field<T>,
        key: String,
        origin: Origin,
        shown: String,
        error: &Invalid,
    ) {
        let is_secret = field.parameter.is_secret();
        let reason = if is_secret { "not a value of this secret".to_owned() } else { error.to_string() };
        self.problems.push(Problem {
            fault: error.fault(),
            parameter: key,
            origin: Some(origin),
            value: Some(if is_secret { MASK.to_owned() } else { shown }),
            reason,
            expected: Some(field.parameter.expected().to_owned()),
        });
    }

    fn accept<T: 'static>(&mut self, field: &Field<T>, key: String, origin: Origin, value: &T) {
        let value = if field.parameter.is_secret() { MASK.to_owned() } else { field.text(value) };
        self.settings.push(Setting { parameter: key, value, origin });
    }
}

impl Walker for Reading {
    fn parameter<T: 'static>(&mut self, field: Field<T>) -> Option<T> {
        let path = self.path.iter().chain(&field.parameter.path).copied();
        let key = path.collect::<Vec<_>>().join(".");
        let given = self.found.take(&key);
        let (origin, result, shown) = match &given {
            Some((origin, given)) => (origin.clone(), Some(field.read(given.input())), given.shown()),
            None => (Origin::Default, field.read_default(), default_shown(&field)),
        };
        match result {
            Some(Ok(value)) => {
                self.accept(&field, key, origin, &value);
                Some(value)
            }
            Some(Err(error)) => {
                self.invalid(&field, key, origin, shown, &error);
                None
            }
            None => {
                self.missing(&field, key);
                None
            }
        }
    }

    fn group<G: Parameters>(&mut self, group: Group<G>) -> Option<G> {
        self.path.push(group.name);
        let result = G::walk(self);
        self.path.pop();
        result
    }

    fn check<G, E: Display>(&mut self, parameters: G, check: impl FnOnce(&G) -> Result<(), E>) -> Option<G> {
        match check(&parameters) {
            Ok(()) => Some(parameters),
            Err(error) => {
                self.problems.push(Problem {
                    fault: Fault::Rejected,
                    parameter: self.path.join("."),
                    origin: None,
                    value: None,
                    reason: error.to_string(),
                    expected: None,
                });
                None
            }
        }
    }
}

fn default_shown<T>(field: &Field<T>) -> String {
    let default = field.parameter.default.as_ref();
    default.map_or_else(String::new, |default| match Input::Typed(&default.flat).text() {
        Ok(text) => text::shown(text),
        Err(_) => text::shown_value(&default.flat),
    })
}
