use clap::ArgMatches;
use clap::parser::ValueSource;

use super::{Found, Layer};
use crate::given::Given;
use crate::{Description, Origin, Parameter};

/// What clap found on the command line.
pub(crate) struct Arguments {
    pub(crate) matches: ArgMatches,
}

impl Layer for Arguments {
    fn look(&self, description: &Description, found: &mut Found) {
        for parameter in description.parameters() {
            if let Some(given) = self.given(parameter) {
                found.add(parameter.key(), Origin::Argument(parameter.argument()), given);
            }
        }
    }
}

impl Arguments {
    /// A command need not have an argument for every parameter.
    fn given(&self, parameter: &Parameter) -> Option<Given> {
        let name = parameter.name();
        let texts = self.matches.try_get_many::<String>(&name).ok()??;
        if self.matches.value_source(&name) != Some(ValueSource::CommandLine) {
            return None;
        }
        if parameter.is_repeated {
            return Some(Given::Items(texts.cloned().collect()));
        }
        texts.cloned().next_back().map(Given::Text)
    }
}
