use serde_json::Value;

use crate::ErrorId;

/// What stands between the braces of an acknowledgement is far shorter.
const LONGEST: usize = 16 * 1024;

/// What the service says about a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ack {
    /// It receives the fragment.
    Buffering {
        /// The fragment's time, in milliseconds since 1970.
        timecode: u64,
    },
    /// It has received all of it.
    Received {
        /// The fragment's time, in milliseconds since 1970.
        timecode: u64,
    },
    /// It has stored it.
    Persisted {
        /// The fragment's time, in milliseconds since 1970.
        timecode: u64,
        /// The number by which the service knows it.
        number: String,
    },
    /// It refuses the fragment, or all of the connection.
    Error {
        /// The fragment's time in milliseconds since 1970, if the error is about one.
        timecode: Option<u64>,
        /// What is wrong.
        id: ErrorId,
    },
    /// It has got nothing for a while.
    Idle,
}

/// Reads acknowledgements out of the bytes of a response, which may be split anywhere.
///
/// The service writes a line for each, but the line ends cannot be relied on: it is the braces that count.
#[derive(Debug, Default)]
pub struct AckParser {
    object: Vec<u8>,
    depth: usize,
    in_text: bool,
    is_escaped: bool,
    unread: u64,
}

impl AckParser {
    /// A parser at the beginning of a response.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes more bytes of the response; returns the acknowledgements that end in them.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Ack> {
        bytes.iter().filter_map(|&byte| self.take(byte)).collect()
    }

    /// How many acknowledgements could not be read: they were no JSON, of an unknown kind, or lacked something.
    pub fn unread(&self) -> u64 {
        self.unread
    }

    fn take(&mut self, byte: u8) -> Option<Ack> {
        if self.depth == 0 && byte != b'{' {
            return None;
        }
        if self.object.len() < LONGEST {
            self.object.push(byte);
        }
        if self.in_text {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return None;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' => self.depth += 1,
            b'}' => self.depth -= 1,
            _ => {}
        }
        if self.depth > 0 {
            return None;
        }
        let ack = read(&std::mem::take(&mut self.object));
        self.unread += u64::from(ack.is_none());
        ack
    }
}

fn read(object: &[u8]) -> Option<Ack> {
    let object: Value = serde_json::from_slice(object).ok()?;
    // Some of the service's own documents show numbers, some text.
    let number = |name: &str| {
        let value = object.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    };
    // Errors that are about no fragment may say -1.
    let timecode = number("FragmentTimecode").and_then(|timecode| u64::try_from(timecode).ok());
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    Some(match text("EventType")? {
        "BUFFERING" => Ack::Buffering { timecode: timecode? },
        "RECEIVED" => Ack::Received { timecode: timecode? },
        "PERSISTED" => Ack::Persisted {
            timecode: timecode?,
            number: text("FragmentNumber").unwrap_or_default().to_owned(),
        },
        "ERROR" => Ack::Error {
            timecode,
            id: ErrorId::new(number("ErrorId").unwrap_or_default(), text("ErrorCode").unwrap_or_default()),
        },
        "IDLE" => Ack::Idle,
        _ => return None,
    })
}
