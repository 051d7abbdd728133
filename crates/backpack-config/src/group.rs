use std::marker::PhantomData;

/// A struct inside a struct of parameters.
#[derive(Debug)]
pub struct Group<G> {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    parameters: PhantomData<G>,
}

impl<G> Group<G> {
    /// A group with the name of its field.
    pub fn new(name: &'static str) -> Self {
        Self { name, description: "", parameters: PhantomData }
    }

    /// What its parameters are about.
    pub fn description(self, description: &'static str) -> Self {
        Self { description, ..self }
    }
}
