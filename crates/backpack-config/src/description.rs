use std::fmt::Display;

use crate::{Field, Group, Parameter, Parameters, Walker};

/// All parameters of a struct, from which manifests, schemas and documentation are made.
///
/// ```
/// use backpack_config::{Description, Parameters};
///
/// #[derive(Parameters)]
/// struct App {
///     /// How sure the model has to be.
///     #[param(default = 0.85, range = 0.0..=1.0)]
///     threshold: f32,
/// }
///
/// let description = Description::of::<App>();
/// assert_eq!(description.interfaces()[0]["type"], "float32");
/// assert!(description.markdown().ends_with("| threshold | float32 | 0.85 | How sure the model has to be. |"));
/// assert!(description.environment("APP").ends_with("APP_THRESHOLD=0.85\n"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    parameters: Vec<Parameter>,
    groups: Vec<Section>,
}

/// A struct inside the struct.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Section {
    pub(crate) path: Vec<&'static str>,
    pub(crate) description: &'static str,
}

impl Description {
    /// The description of a struct.
    pub fn of<T: Parameters>() -> Self {
        let mut describer = Describer::default();
        // Nothing comes of it, as there are no values.
        let _: Option<T> = T::walk(&mut describer);
        Self { parameters: describer.parameters, groups: describer.groups }
    }

    /// The parameters in the order of the struct, those of structs inside where these stand.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The structs inside, each before those inside of it.
    pub(crate) fn groups(&self) -> &[Section] {
        &self.groups
    }

    /// Pairs of parameters that are different only in files, such as `a.b` and `a_b`.
    pub(crate) fn ambiguities(&self) -> impl Iterator<Item = (&Parameter, &Parameter)> {
        self.parameters.iter().enumerate().filter_map(|(index, parameter)| {
            let first = self.parameters[..index].iter().find(|first| first.name() == parameter.name())?;
            Some((first, parameter))
        })
    }
}

/// Takes notes of what it is shown.
#[derive(Default)]
struct Describer {
    path: Vec<&'static str>,
    parameters: Vec<Parameter>,
    groups: Vec<Section>,
}

impl Walker for Describer {
    fn parameter<T: 'static>(&mut self, field: Field<T>) -> Option<T> {
        let mut parameter = field.parameter;
        parameter.path.splice(0..0, self.path.iter().copied());
        self.parameters.push(parameter);
        None
    }

    fn group<G: Parameters>(&mut self, group: Group<G>) -> Option<G> {
        self.path.push(group.name);
        self.groups.push(Section { path: self.path.clone(), description: group.description });
        let _: Option<G> = G::walk(self);
        self.path.pop();
        None
    }

    fn check<G, E: Display>(&mut self, _: G, _: impl FnOnce(&G) -> Result<(), E>) -> Option<G> {
        None
    }
}
