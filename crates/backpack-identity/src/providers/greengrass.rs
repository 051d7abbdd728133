use crate::{Details, Provider, ProviderError, Search};

const THING: &str = "AWS_IOT_THING_NAME";
/// What the nucleus gives to every component, so that it can talk to it. The second is a secret, and is only looked at for being there.
const SIGNS: [&str; 2] = ["AWS_GG_NUCLEUS_DOMAIN_SOCKET_FILEPATH_FOR_COMPONENT", "SVCUID"];

/// AWS IoT Greengrass v2, by the [variables that its nucleus sets].
///
/// | field | from |
/// |---|---|
/// | device id, device name | `AWS_IOT_THING_NAME` |
/// | application name | the variable `COMPONENT_NAME` |
/// | instance id | thing and component, such as `core-7/com.example.Counter` |
///
/// Greengrass does not tell a component its name. Let the recipe do it, under the `Lifecycle`:
///
/// ```yaml
/// Setenv:
///   COMPONENT_NAME: com.example.Counter
/// ```
///
/// It asks nothing of AWS and needs no permissions.
///
/// [variables that its nucleus sets]: https://docs.aws.amazon.com/greengrass/v2/developerguide/component-environment-variables.html
#[derive(Debug, Clone)]
pub struct Greengrass {
    component: String,
}

impl Greengrass {
    /// The provider.
    pub fn new() -> Self {
        Self { component: "COMPONENT_NAME".into() }
    }

    /// Takes the component's name from another variable.
    #[must_use]
    pub fn component_variable(mut self, name: impl Into<String>) -> Self {
        self.component = name.into();
        self
    }
}

impl Default for Greengrass {
    fn default() -> Self {
        Self::new()
    }
}

impl Provider for Greengrass {
    fn name(&self) -> &str {
        "greengrass"
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        let host = search.host();
        let mut is_here = false;
        for sign in SIGNS {
            is_here |= host.variable(sign)?.is_some();
        }
        if !is_here {
            return Err(ProviderError::not_here(format!("neither {} nor {} is set", SIGNS[0], SIGNS[1])));
        }
        let Some(thing) = host.variable(THING)? else {
            return Err(ProviderError::failed(format!("{THING} is not set, as it is for every component")));
        };
        let details = Details::new().device_id(&thing, THING).device_name(&thing, THING);
        Ok(match host.variable(&self.component)? {
            Some(component) => details
                .instance_id(format!("{thing}/{component}"), format!("{THING} and {}", self.component))
                .application_name(component, &self.component),
            None => details,
        })
    }
}
