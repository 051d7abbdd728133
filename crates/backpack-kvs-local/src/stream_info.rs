use std::collections::BTreeMap;
use std::time::SystemTime;

/// A stream, with everything that it was created with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamInfo {
    /// Its name.
    pub name: String,
    /// Its Amazon Resource Name.
    pub arn: String,
    /// The device it is for.
    pub device_name: Option<String>,
    /// For example `video/h264`.
    pub media_type: Option<String>,
    /// What the fragments are encrypted with.
    pub kms_key_id: Option<String>,
    /// How long fragments are kept; here nothing is ever deleted.
    pub retention_hours: u32,
    /// The tags of the stream, not of its fragments.
    pub tags: BTreeMap<String, String>,
    /// Changes with the stream.
    pub version: String,
    /// By the service's clock.
    pub created: SystemTime,
}
