use super::{Found, Layer};
use crate::given::Given;
use crate::{Description, Origin, Ports};

/// The values of parameter ports. They are asked for by name, so there are no unknown ones.
pub(crate) struct PortValues<'a>(pub(crate) &'a dyn Ports);

impl Layer for PortValues<'_> {
    fn look(&self, description: &Description, found: &mut Found) {
        for parameter in description.parameters() {
            let name = parameter.name();
            if let Some(value) = self.0.value(&name) {
                found.add(parameter.key(), Origin::Port(name), Given::Typed(value));
            }
        }
    }
}
