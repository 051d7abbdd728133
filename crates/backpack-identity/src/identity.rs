use std::fmt;
use std::time::SystemTime;

use crate::{Builder, Chain, Details, DetectError, Field, NoIdError, Source, timestamp};

/// Who this is: the application, and the device that it runs on.
///
/// Each part may be missing, but for one: there is an id, of the application's instance or of the device. For each part there is a [`Source`].
///
/// `Display` shows what is known, one part on a line; `{:#}` shows also where each part came from.
///
/// ```
/// use backpack_identity::{Field, Identity};
///
/// let identity = Identity::builder().device_id("cam-0017").device_name("gate").tag("site", "Bremen").build()?;
/// assert_eq!(identity.id(), "cam-0017");
/// assert_eq!(identity.source(Field::DeviceName).unwrap().provider, "configuration");
/// assert_eq!(
///     identity.to_string(),
///     r#"<Identity
///     application_tags={"site": "Bremen"}
///     device_id="cam-0017"
///     device_name="gate"
/// >"#
/// );
/// # Ok::<(), backpack_identity::NoIdError>(())
/// ```
#[doc(alias = "AutoIdentity")]
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "crate::record::Record", into = "crate::record::Record"))]
pub struct Identity(Details);

impl Identity {
    /// Asks the platform, and then the host, by [`Chain::standard`].
    ///
    /// The work is done on a thread of its own, so that any executor will do. Dropping the future calls it off.
    ///
    /// # Errors
    /// See [`DetectError`].
    pub async fn detect() -> Result<Self, DetectError> {
        Chain::standard().detect().await
    }

    /// The same on the calling thread.
    ///
    /// # Errors
    /// See [`DetectError`].
    pub fn detect_blocking() -> Result<Self, DetectError> {
        Chain::standard().detect_blocking()
    }

    /// An identity from values that are known without asking.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// An identity for tests, the same on any machine and at any time.
    #[doc(alias = "for_test_environment")]
    pub fn for_tests(instance_id: &str, application_name: &str) -> Self {
        const ORIGIN: &str = "made for tests";
        // 2020-01-01T00:00:00Z, where the manual clock of backpack-timepiece begins too.
        let created = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_577_836_800);
        let details = Details::new()
            .device_id("test-device", ORIGIN)
            .device_name("test device", ORIGIN)
            .instance_id(instance_id, ORIGIN)
            .application_name(application_name, ORIGIN)
            .description(application_name, ORIGIN)
            .status("TEST", ORIGIN)
            .created(created, ORIGIN);
        Self(details.by("tests"))
    }

    pub(crate) fn new(details: Details) -> Result<Self, NoIdError> {
        if details.has_id() { Ok(Self(details)) } else { Err(NoIdError) }
    }

    #[cfg(feature = "serde")]
    pub(crate) fn details(&self) -> &Details {
        &self.0
    }

    /// The id that there always is: the application instance's if it has one, or else the device's.
    pub fn id(&self) -> &str {
        self.instance_id().or(self.device_id()).unwrap_or_default()
    }

    /// Which of the running copies of the application this is.
    #[doc(alias = "application_instance_id")]
    pub fn instance_id(&self) -> Option<&str> {
        self.text(Field::InstanceId)
    }

    /// What the application is called.
    pub fn application_name(&self) -> Option<&str> {
        self.text(Field::ApplicationName)
    }

    /// What the application is for.
    #[doc(alias = "application_description")]
    pub fn description(&self) -> Option<&str> {
        self.text(Field::Description)
    }

    /// How the platform thought the application was doing when it was asked, in the platform's own words.
    #[doc(alias = "application_status")]
    pub fn status(&self) -> Option<&str> {
        self.text(Field::Status)
    }

    /// Which device this is.
    pub fn device_id(&self) -> Option<&str> {
        self.text(Field::DeviceId)
    }

    /// What the device is called.
    pub fn device_name(&self) -> Option<&str> {
        self.text(Field::DeviceName)
    }

    /// Dimensions of metrics that tell applications and devices apart: `Application` and `Device`, as far as they are known, by their names or else ids.
    ///
    /// There are two and no more because every combination of values is a metric of its own, for which services such as CloudWatch take money. They
    /// are in printable ASCII, which is all that CloudWatch takes: `?` stands for anything else.
    pub fn dimensions(&self) -> impl Iterator<Item = (&'static str, String)> {
        let application = self.application_name().or(self.instance_id());
        let device = self.device_name().or(self.device_id());
        let known = [("Application", application), ("Device", device)].into_iter();
        known.filter_map(|(name, value)| Some((name, printable(value?))))
    }

    /// When the application was deployed or the device started.
    #[doc(alias = "application_created_time")]
    pub fn created(&self) -> Option<SystemTime> {
        self.0.known_created().and_then(|known| known.value.try_into().ok())
    }

    /// The tags, in the order of their keys.
    #[doc(alias = "application_tags")]
    pub fn tags(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.known_tags().iter().map(|(key, known)| (key.as_str(), known.value.as_str()))
    }

    /// The value of a tag.
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.0.known_tags().get(key).map(|known| known.value.as_str())
    }

    /// A field as text; the time as `2026-02-17 16:38:05+00:00`.
    pub fn get(&self, field: Field) -> Option<String> {
        match field {
            Field::CreatedTime => self.0.known_created().map(|known| timestamp::print(known.value)),
            text => self.text(text).map(str::to_owned),
        }
    }

    /// Where a field came from, if it is known.
    pub fn source(&self, field: Field) -> Option<&Source> {
        match field {
            Field::CreatedTime => self.0.known_created().map(|known| &known.source),
            text => self.0.known(text).map(|known| &known.source),
        }
    }

    /// Where a tag came from, if there is one with this key.
    pub fn tag_source(&self, key: &str) -> Option<&Source> {
        self.0.known_tags().get(key).map(|known| &known.source)
    }

    fn text(&self, field: Field) -> Option<&str> {
        self.0.known(field).map(|known| known.value.as_str())
    }

    fn write_field(&self, f: &mut fmt::Formatter<'_>, field: Field) -> fmt::Result {
        let (Some(value), Some(source)) = (self.get(field), self.source(field)) else { return Ok(()) };
        write!(f, "\n    {field}={value:?}")?;
        if f.alternate() { write!(f, "  ({source})") } else { Ok(()) }
    }

    fn write_tags(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tags = self.0.known_tags();
        if tags.is_empty() {
            return Ok(());
        }
        if !f.alternate() {
            f.write_str("\n    application_tags={")?;
            for (index, (key, value)) in self.tags().enumerate() {
                let separator = if index == 0 { "" } else { ", " };
                write!(f, "{separator}{key:?}: {value:?}")?;
            }
            return f.write_str("}");
        }
        tags.iter().try_for_each(|(key, known)| {
            write!(f, "\n    application_tags[{key:?}]={:?}  ({})", known.value, known.source)
        })
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<Identity")?;
        for field in Field::ALL {
            // Sorted by name, the tags come before the device.
            if field == Field::DeviceId {
                self.write_tags(f)?;
            }
            self.write_field(f, field)?;
        }
        f.write_str("\n>")
    }
}

fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect()
}
