use serde_json::{Map, Value, json};

use crate::ErrorId;

/// What the service tells a producer about its fragments.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ack {
    /// A fragment has begun to arrive.
    Buffering(FragmentId),
    /// A fragment is there as a whole.
    Received(FragmentId),
    /// A fragment is stored.
    Persisted(FragmentId),
    /// Nothing has come for a while.
    Idle,
    /// Something is wrong, with a fragment or with the connection.
    Error {
        /// The fragment, if it is one's fault.
        fragment: Option<FragmentId>,
        /// What is wrong.
        id: ErrorId,
    },
}

/// How a producer and the service call a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FragmentId {
    /// The cluster's timestamp as it was sent, in milliseconds.
    pub timecode: i64,
    /// The service's number, growing from fragment to fragment.
    pub number: String,
}

impl Ack {
    /// The value of `EventType`.
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::Buffering(_) => "BUFFERING",
            Self::Received(_) => "RECEIVED",
            Self::Persisted(_) => "PERSISTED",
            Self::Idle => "IDLE",
            Self::Error { .. } => "ERROR",
        }
    }

    /// The fragment it is about.
    pub fn fragment(&self) -> Option<&FragmentId> {
        match self {
            Self::Buffering(fragment) | Self::Received(fragment) | Self::Persisted(fragment) => {
                Some(fragment)
            }
            Self::Error { fragment, .. } => fragment.as_ref(),
            Self::Idle => None,
        }
    }

    /// The JSON that the service sends, without a newline.
    pub fn to_json(&self) -> String {
        let mut object = Map::new();
        object.insert("EventType".into(), self.event_type().into());
        if let Some(FragmentId { timecode, number }) = self.fragment() {
            object.insert("FragmentTimecode".into(), json!(timecode));
            object.insert("FragmentNumber".into(), json!(number));
        }
        if let Self::Error { id, .. } = self {
            object.insert("ErrorId".into(), json!(id.id()));
            object.insert("ErrorCode".into(), json!(id.code()));
        }
        Value::Object(object).to_string()
    }
}
