//! Where values come from, one kind of source in each file.

#[cfg(feature = "clap")]
mod arguments;
mod found;
mod port_values;
mod tree;
mod variables;

#[cfg(feature = "clap")]
pub(crate) use arguments::Arguments;
pub(crate) use found::{Found, Unknown};
pub(crate) use port_values::PortValues;
pub(crate) use tree::Tree;
pub(crate) use variables::Variables;

use crate::Description;

/// A source of values.
pub(crate) trait Layer {
    /// Adds what the source has for the parameters of `description`, replacing what sources before it had, and what is wrong with the source.
    fn look(&self, description: &Description, found: &mut Found);
}
