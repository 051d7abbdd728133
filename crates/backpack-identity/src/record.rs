use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{Details, Field, Identity, Source};

/// An identity as it is serialised: each value under the name that is printed too, and beside the values their sources, under the same names.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Record {
    #[serde(skip_serializing_if = "Option::is_none")]
    application_created_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_instance_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_name: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    application_tags: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    sources: BTreeMap<String, Source>,
}

impl Record {
    fn slot(&mut self, field: Field) -> &mut Option<String> {
        match field {
            Field::CreatedTime => &mut self.application_created_time,
            Field::Description => &mut self.application_description,
            Field::InstanceId => &mut self.application_instance_id,
            Field::ApplicationName => &mut self.application_name,
            Field::Status => &mut self.application_status,
            Field::DeviceId => &mut self.device_id,
            Field::DeviceName => &mut self.device_name,
        }
    }

    /// The source that was written beside a value; a record by hand may have none.
    fn take_source(&mut self, key: &str) -> Source {
        self.sources.remove(key).unwrap_or_else(|| Source::new("serialised", "without a source"))
    }
}

fn tag_key(key: &str) -> String {
    format!("application_tags.{key}")
}

impl From<Identity> for Record {
    fn from(identity: Identity) -> Self {
        let mut record = Self::default();
        for field in Field::ALL {
            *record.slot(field) = identity.get(field);
            if let Some(source) = identity.source(field) {
                record.sources.insert(field.name().to_owned(), source.clone());
            }
        }
        record.application_created_time =
            identity.details().known_created().map(|known| known.value.to_string());
        for (key, known) in identity.details().known_tags() {
            record.application_tags.insert(key.clone(), known.value.clone());
            record.sources.insert(tag_key(key), known.source.clone());
        }
        record
    }
}

impl TryFrom<Record> for Identity {
    type Error = String;

    fn try_from(mut record: Record) -> Result<Self, String> {
        let mut details = Details::new();
        for field in Field::ALL {
            let Some(value) = record.slot(field).take().filter(|value| !value.trim().is_empty()) else {
                continue;
            };
            let source = record.take_source(field.name());
            if field == Field::CreatedTime {
                let time =
                    value.parse::<Timestamp>().map_err(|error| format!("{field} {value:?}: {error}"))?;
                details.restore_created(time, source);
            } else {
                details.restore(field, value, source);
            }
        }
        for (key, value) in std::mem::take(&mut record.application_tags) {
            let source = record.take_source(&tag_key(&key));
            details.restore_tag(key, value, source);
        }
        Self::new(details).map_err(|error| error.to_string())
    }
}
