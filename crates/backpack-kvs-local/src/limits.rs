use std::time::Duration;

/// What the service allows, with its own figures as defaults.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest fragment, 20 s: else error 4002.
    pub fragment_duration: Duration,
    /// The largest fragment, 50 MB: else error 4001.
    pub fragment_bytes: u64,
    /// The most tracks, 3: else error 4012.
    pub tracks: usize,
    /// The most metadata tags of a fragment, 10: else error 4009.
    pub tags: usize,
    /// The longest name of a tag, 128 bytes.
    pub tag_name_bytes: usize,
    /// The longest value of a tag, 256 bytes.
    pub tag_value_bytes: usize,
    /// How far ahead of the service's clock a producer's timestamp may be, 24 h: else error 4007.
    pub ahead: Duration,
    /// How long a connection may live, 45 min: then error 4003 and the end.
    pub connection_lifetime: Duration,
    /// Without data for so long a connection is told that it idles, and is told again as often, 10 s.
    pub idle_interval: Duration,
    /// Without data for so long a connection is closed, 30 s.
    pub idle_timeout: Duration,
    /// How many calls of one operation a stream takes in a second (the service takes 5); `None`, the default, takes any number.
    pub calls_per_second: Option<u32>,
    /// How many PutMedia connections a stream takes at once, 1: more are answered with `ConnectionLimitExceededException`.
    pub connections: usize,
    /// How far a signature's date may be from the service's clock, 5 min.
    pub clock_skew: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fragment_duration: Duration::from_secs(20),
            fragment_bytes: 50_000_000,
            tracks: 3,
            tags: 10,
            tag_name_bytes: 128,
            tag_value_bytes: 256,
            ahead: Duration::from_secs(24 * 60 * 60),
            connection_lifetime: Duration::from_secs(45 * 60),
            idle_interval: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            calls_per_second: None,
            connections: 1,
            clock_skew: Duration::from_secs(5 * 60),
        }
    }
}
