use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backpack_skyline::{AccessUnit, Output, OutputError, Sink, StreamInfo};

use crate::credentials::Credentials;

/// An output that runs kvssink, the GStreamer element of the producer SDK in C++, for those who keep it.
///
/// Keys and tokens are masked in its errors, and are in no name and no debug text.
///
/// ```no_run
/// use backpack_kvs::KvsSink;
/// use backpack_kvs::credentials::{CredentialsFile, Environment};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let file = CredentialsFile::start("/run/yard/credentials", Environment::new())?;
/// let output = KvsSink::builder("yard").region("eu-west-1").credentials_file(file.path()).build()?;
/// # Ok(())
/// # }
/// ```
pub struct KvsSink(Sink);

/// What a [`KvsSink`] is made of. What is not told is left to kvssink.
#[must_use]
pub struct KvsSinkBuilder {
    properties: Vec<(&'static str, String)>,
    stall_timeout: Duration,
}

impl KvsSink {
    /// A sink for the stream of this name (`stream-name`).
    pub fn builder(stream: impl Into<String>) -> KvsSinkBuilder {
        KvsSinkBuilder {
            properties: vec![("stream-name", stream.into())],
            stall_timeout: Duration::from_secs(5),
        }
    }
}

impl KvsSinkBuilder {
    /// The region (`aws-region`), which `AWS_DEFAULT_REGION` in the environment overrides.
    pub fn region(self, region: impl Into<String>) -> Self {
        self.with("aws-region", region.into())
    }

    /// Uses these keys (`access-key`, `secret-key`, `session-token`); without them, and without a file, kvssink looks into the environment.
    ///
    /// Temporary ones end, and kvssink cannot be given new ones: a [`CredentialsFile`](crate::credentials::CredentialsFile) is kept fresh.
    pub fn credentials(mut self, credentials: &Credentials) -> Self {
        self = self.with("access-key", credentials.access_key_id().to_owned());
        self = self.with("secret-key", credentials.secret_access_key().to_owned());
        match credentials.session_token() {
            Some(token) => self.with("session-token", token.to_owned()),
            None => self,
        }
    }

    /// Reads the keys from a [`CredentialsFile`](crate::credentials::CredentialsFile) (`credential-path`).
    pub fn credentials_file(self, path: impl AsRef<Path>) -> Self {
        let path: PathBuf = path.as_ref().to_owned();
        self.with("credential-path", path.display().to_string())
    }

    /// How much kvssink keeps in memory (`storage-size`, in MiB, which are rounded up).
    pub fn storage_bytes(self, bytes: u64) -> Self {
        self.with("storage-size", bytes.div_ceil(1 << 20).to_string())
    }

    /// How long fragments are (`fragment-duration`).
    pub fn fragment_duration(self, duration: Duration) -> Self {
        self.with("fragment-duration", duration.as_millis().to_string())
    }

    /// What kvssink takes for the frame rate (`framerate`).
    pub fn frame_rate(self, frames_per_second: u32) -> Self {
        self.with("framerate", frames_per_second.to_string())
    }

    /// How long the stream keeps fragments, if kvssink creates it (`retention-period`, in hours, which are rounded up).
    pub fn retention(self, retention: Duration) -> Self {
        self.with("retention-period", retention.as_secs().div_ceil(3600).to_string())
    }

    /// Whether kvssink starts again after an error by itself (`restart-on-error`).
    pub fn restart_on_error(self, restarts: bool) -> Self {
        self.with("restart-on-error", restarts.to_string())
    }

    /// How long kvssink may take nothing before that is an error; 5 s, unless told.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    fn with(mut self, name: &'static str, value: String) -> Self {
        self.properties.retain(|(other, _)| *other != name);
        self.properties.push((name, value));
        self
    }

    /// Makes the output.
    ///
    /// # Errors
    /// If kvssink is not installed where GStreamer looks for plugins (`GST_PLUGIN_PATH`), or does not have one of the properties.
    pub fn build(self) -> Result<KvsSink, OutputError> {
        let sink = Sink::new(&self.description())?;
        let stream = self.properties.iter().find(|(name, _)| *name == "stream-name");
        let name = stream.map_or_else(String::new, |(_, stream)| stream.clone());
        Ok(KvsSink(sink.named(format!("kvssink {name}")).stall_timeout(self.stall_timeout)))
    }

    fn description(&self) -> String {
        let properties = self.properties.iter().map(|(name, value)| format!(" {name}={}", quoted(value)));
        ["kvssink".to_owned()].into_iter().chain(properties).collect()
    }
}

/// A value in which no letter means anything to GStreamer.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Output for KvsSink {
    fn name(&self) -> String {
        self.0.name()
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        self.0.open(stream)
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        self.0.write(unit)
    }

    fn close(&mut self) -> Result<(), OutputError> {
        self.0.close()
    }
}

impl fmt::Debug for KvsSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KvsSink").field(&self.0).finish()
    }
}

/// Without the values, which may be secrets.
impl fmt::Debug for KvsSinkBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.properties.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_mean_nothing_but_themselves() {
        let builder = KvsSink::builder("yard")
            .region("eu \" ! fakesink \\")
            .storage_bytes(1)
            .retention(Duration::from_secs(1));
        let expected = r#"kvssink stream-name="yard" aws-region="eu \" ! fakesink \\" storage-size="1" retention-period="1""#;
        assert_eq!(builder.description(), expected);
    }

    #[test]
    fn keys_are_in_no_debug_text_and_in_no_error() {
        let keys = Credentials::new("AKIDEXAMPLE", "top-secret-key", Some("the-token".into()), None, "test");
        let builder = KvsSink::builder("yard").credentials(&keys);
        let debug = format!("{builder:?}");
        let outcome = builder.build().map(|sink| format!("{sink:?}")).map_err(|error| error.to_string());
        for secret in ["AKIDEXAMPLE", "top-secret-key", "the-token"] {
            assert!(
                !debug.contains(secret) && !format!("{outcome:?}").contains(secret),
                "{debug} {outcome:?}"
            );
        }
        if let Err(error) = outcome {
            assert!(error.contains("there is no element kvssink: is its plugin installed?"), "{error}");
        }
    }
}
