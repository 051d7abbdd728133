use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// A stream, with everything that it was created with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

/// Whether a stream can be called so.
pub(crate) fn is_name(name: &str) -> bool {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    (1..=256).contains(&name.len()) && name.chars().all(is_fit)
}
