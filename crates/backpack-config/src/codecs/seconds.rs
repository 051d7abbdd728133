use std::time::Duration;

use crate::{Codec, Input, Interface, Invalid, Native, Value};

/// A duration as its number of seconds: `1.5`.
///
/// Durations of up to 48 days come back to the nanosecond; longer ones may be off by as much as a float of 64 bits has to be.
#[doc(alias = "TimeDeltaSecondsSerDe")]
#[derive(Debug, Clone, Copy)]
pub struct Seconds;

impl Codec<Duration> for Seconds {
    const INTERFACE: Interface = Interface::Float32;

    fn expected() -> String {
        "a number of seconds".to_owned()
    }

    fn decode(input: Input<'_>) -> Result<Duration, Invalid> {
        let seconds = <Native as Codec<f64>>::decode(input)?;
        Duration::try_from_secs_f64(seconds).map_err(|_| {
            Invalid::malformed(if seconds < 0.0 { "durations are not negative" } else { "too long" })
        })
    }

    fn encode(value: &Duration) -> Value {
        value.as_secs_f64().into()
    }

    fn schema() -> Value {
        serde_json::json!({ "type": "number", "minimum": 0 })
    }
}

/// In seconds, as with [`with::Seconds`](crate::with::Seconds).
impl Codec<Duration> for Native {
    const INTERFACE: Interface = Interface::Float32;

    fn expected() -> String {
        Seconds::expected()
    }

    fn decode(input: Input<'_>) -> Result<Duration, Invalid> {
        Seconds::decode(input)
    }

    fn encode(value: &Duration) -> Value {
        Seconds::encode(value)
    }

    fn schema() -> Value {
        Seconds::schema()
    }
}
