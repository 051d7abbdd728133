use std::time::SystemTime;

use crate::{Details, Identity, NoIdError, Provider, ProviderError, Search};

/// Values that are known without asking: an [`Identity`] by themselves, or what wins over all else in a [`Chain`](crate::Chain).
///
/// ```
/// use backpack_identity::{Chain, Identity};
///
/// let gate = Identity::builder().device_name("gate 3");
/// let identity = Chain::standard().configured(gate).detect_blocking()?;
/// assert_eq!(identity.device_name(), Some("gate 3"));
/// # Ok::<(), backpack_identity::DetectError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Builder(Details);

const ORIGIN: &str = "given by the application";

impl Builder {
    /// Which of the running copies of the application this is.
    #[must_use]
    pub fn instance_id(self, value: impl Into<String>) -> Self {
        Self(self.0.instance_id(value, ORIGIN))
    }

    /// What the application is called.
    #[must_use]
    pub fn application_name(self, value: impl Into<String>) -> Self {
        Self(self.0.application_name(value, ORIGIN))
    }

    /// What the application is for.
    #[must_use]
    pub fn description(self, value: impl Into<String>) -> Self {
        Self(self.0.description(value, ORIGIN))
    }

    /// How the application is doing.
    #[must_use]
    pub fn status(self, value: impl Into<String>) -> Self {
        Self(self.0.status(value, ORIGIN))
    }

    /// Which device this is.
    #[must_use]
    pub fn device_id(self, value: impl Into<String>) -> Self {
        Self(self.0.device_id(value, ORIGIN))
    }

    /// What the device is called.
    #[must_use]
    pub fn device_name(self, value: impl Into<String>) -> Self {
        Self(self.0.device_name(value, ORIGIN))
    }

    /// When the application was deployed.
    #[must_use]
    pub fn created(self, value: SystemTime) -> Self {
        Self(self.0.created(value, ORIGIN))
    }

    /// A tag; a key has one value, the last.
    #[must_use]
    pub fn tag(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        Self(self.0.tag(key, value, ORIGIN))
    }

    /// The identity, of nothing but these values.
    ///
    /// # Errors
    /// [`NoIdError`] if there is neither an instance id nor a device id.
    pub fn build(self) -> Result<Identity, NoIdError> {
        let name = self.name().to_owned();
        Identity::new(self.0.by(&name))
    }
}

impl Provider for Builder {
    fn name(&self) -> &str {
        "configuration"
    }

    fn identify(&self, _search: &Search) -> Result<Details, ProviderError> {
        Ok(self.0.clone())
    }
}
