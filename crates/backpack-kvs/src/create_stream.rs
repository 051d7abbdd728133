use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

/// How a stream that does not exist is created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateStream {
    retention: Duration,
    kms_key: Option<String>,
    tags: BTreeMap<String, String>,
}

impl CreateStream {
    /// A stream that keeps fragments for so long, in whole hours; with zero it keeps none, and they can only be watched live.
    pub fn retention(retention: Duration) -> Self {
        Self { retention, kms_key: None, tags: BTreeMap::new() }
    }

    /// Encrypts the stream with this key of AWS KMS instead of the service's own.
    #[must_use]
    pub fn kms_key(mut self, id: impl Into<String>) -> Self {
        self.kms_key = Some(id.into());
        self
    }

    /// Gives the stream a tag.
    #[must_use]
    pub fn tag(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.insert(name.into(), value.into());
        self
    }

    pub(crate) fn request(&self, stream: &str, media_type: &str) -> Value {
        let hours = self.retention.as_secs().div_ceil(3600);
        let mut request =
            json!({ "StreamName": stream, "DataRetentionInHours": hours, "MediaType": media_type });
        if let Some(key) = &self.kms_key {
            request["KmsKeyId"] = json!(key);
        }
        if !self.tags.is_empty() {
            request["Tags"] = json!(self.tags);
        }
        request
    }
}
