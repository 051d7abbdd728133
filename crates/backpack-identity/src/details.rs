use std::collections::BTreeMap;
use std::time::SystemTime;

use jiff::Timestamp;

use crate::{Field, Source, timestamp};

/// What a [`Provider`](crate::Provider) found out: any part of an identity, and for each part where it was found.
///
/// Every method takes the value and its origin, a few words such as the name of a variable or a file. Empty texts count as not found, but for the
/// values of tags.
///
/// ```
/// use backpack_identity::Details;
///
/// let details = Details::new()
///     .device_id("cam-0017", "the label at /etc/factory/label")
///     .tag("site", "Bremen", "the label at /etc/factory/label");
/// assert!(!details.is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    texts: BTreeMap<Field, Known<String>>,
    created: Option<Known<Timestamp>>,
    tags: BTreeMap<String, Known<String>>,
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known<T> {
    pub value: T,
    pub source: Source,
}

impl<T> Known<T> {
    /// The provider's name comes later, from the chain, as a provider must not speak for another.
    fn new(value: T, origin: impl Into<String>) -> Self {
        Self { value, source: Source::new(String::new(), origin) }
    }
}

impl Details {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Which of the running copies of the application this is.
    #[must_use]
    pub fn instance_id(self, value: impl Into<String>, origin: impl Into<String>) -> Self {
        self.text(Field::InstanceId, value, origin)
    }

    /// What the application is called.
    #[must_use]
    pub fn application_name(self, value: impl Into<String>, origin: impl Into<String>) -> Self {
        self.text(Field::ApplicationName, value, origin)
    }

    /// What the application is for.
    #[must_use]
    pub fn description(self, value: impl Into<String>, origin: impl Into<String>) -> Self {
        self.text(Field::Description, value, origin)
    }

    /// How the platform thinks the application is doing.
    #[must_use]
    pub fn status(self, value: impl Into<String>, origin: impl Into<String>) -> Self {
        self.text(Field::Status, value, origin)
    }

    /// Which device this is.
    #[must_use]
    pub fn device_id(self, value: impl Into<String>, origin: impl Into<String>) -> Self {
        self.text(Field::DeviceId, value, origin)
    }

    /// What the device is called.
    #[must_use]
    pub fn device_name(self, value: impl Into<String>, origin: impl Into<String>) -> Self {
        self.text(Field::DeviceName, value, origin)
    }

    /// When the application was deployed. What is out of the years from -9999 to 9999 becomes the nearest time within.
    #[must_use]
    pub fn created(mut self, value: SystemTime, origin: impl Into<String>) -> Self {
        self.created = Some(Known::new(timestamp::from_system(value), origin));
        self
    }

    /// A tag of the application or the device. A key has one value, the last.
    #[must_use]
    pub fn tag(
        mut self,
        key: impl Into<String>,
        value: impl Into<String>,
        origin: impl Into<String>,
    ) -> Self {
        let key = key.into();
        if !key.is_empty() {
            self.tags.insert(key, Known::new(value.into(), origin));
        }
        self
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.created.is_none() && self.tags.is_empty()
    }

    fn text(mut self, field: Field, value: impl Into<String>, origin: impl Into<String>) -> Self {
        let value = value.into();
        if !value.trim().is_empty() {
            self.texts.insert(field, Known::new(value, origin));
        }
        self
    }

    /// Takes from `other` what is not known yet.
    pub(crate) fn fill(&mut self, other: Self) {
        for (field, known) in other.texts {
            self.texts.entry(field).or_insert(known);
        }
        for (key, known) in other.tags {
            self.tags.entry(key).or_insert(known);
        }
        if self.created.is_none() {
            self.created = other.created;
        }
    }

    /// Says who found all this.
    pub(crate) fn by(mut self, provider: &str) -> Self {
        let sources = self
            .texts
            .values_mut()
            .chain(self.tags.values_mut())
            .map(|known| &mut known.source)
            .chain(self.created.iter_mut().map(|known| &mut known.source));
        for source in sources {
            provider.clone_into(&mut source.provider);
        }
        self
    }

    /// Puts a value in with a source that is known already.
    #[cfg(feature = "serde")]
    pub(crate) fn restore(&mut self, field: Field, value: String, source: Source) {
        self.texts.insert(field, Known { value, source });
    }

    /// Puts a time in with a source that is known already.
    #[cfg(feature = "serde")]
    pub(crate) fn restore_created(&mut self, value: Timestamp, source: Source) {
        self.created = Some(Known { value, source });
    }

    /// Puts a tag in with a source that is known already.
    #[cfg(feature = "serde")]
    pub(crate) fn restore_tag(&mut self, key: String, value: String, source: Source) {
        self.tags.insert(key, Known { value, source });
    }

    pub(crate) fn known(&self, field: Field) -> Option<&Known<String>> {
        self.texts.get(&field)
    }

    pub(crate) fn known_created(&self) -> Option<&Known<Timestamp>> {
        self.created.as_ref()
    }

    pub(crate) fn known_tags(&self) -> &BTreeMap<String, Known<String>> {
        &self.tags
    }

    pub(crate) fn has_id(&self) -> bool {
        self.texts.contains_key(&Field::InstanceId) || self.texts.contains_key(&Field::DeviceId)
    }
}
