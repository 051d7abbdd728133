use std::fmt;
use std::ops::Deref;

use crate::{Origin, Problem, Setting};

/// An application's parameters, and where each value comes from.
///
/// It stands for the struct inside; shown, it is a line for each parameter with secrets masked, fit for a log.
#[derive(Clone)]
pub struct Loaded<T> {
    pub(crate) parameters: T,
    pub(crate) settings: Vec<Setting>,
    pub(crate) warnings: Vec<Problem>,
}

impl<T> Loaded<T> {
    /// The struct alone.
    pub fn into_inner(self) -> T {
        self.parameters
    }

    /// Where the value of a parameter comes from, by its name in files, such as `camera.url`.
    pub fn origin(&self, parameter: &str) -> Option<&Origin> {
        self.settings.iter().find(|setting| setting.parameter == parameter).map(|setting| &setting.origin)
    }

    /// All parameters in the order of the struct.
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// Names in the environment and in Greengrass configurations that no parameter has. They may be somebody else's, or misspelt.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }
}

impl<T> Deref for Loaded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.parameters
    }
}

/// One line for each parameter: `threshold = 0.5 (watch.toml)`.
impl<T> fmt::Display for Loaded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.iter().enumerate().try_for_each(|(index, setting)| {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{setting}")
        })
    }
}

/// As `Display` has it: the struct itself may not know that it has secrets.
impl<T> fmt::Debug for Loaded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
