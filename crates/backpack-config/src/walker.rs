use std::fmt::Display;

use crate::{Field, Group, Parameters};

/// Who is shown the parameters of a struct: a reader, which gives values for them, or the maker of a description, which gives none.
pub trait Walker {
    /// Looks at a parameter.
    fn parameter<T: 'static>(&mut self, field: Field<T>) -> Option<T>;

    /// Looks at a struct inside the struct.
    fn group<G: Parameters>(&mut self, group: Group<G>) -> Option<G>;

    /// Lets `check` look at a whole struct, and gives it back if nothing is wrong.
    fn check<G, E: Display>(&mut self, parameters: G, check: impl FnOnce(&G) -> Result<(), E>) -> Option<G>;
}
