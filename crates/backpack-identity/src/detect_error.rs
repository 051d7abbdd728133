use std::error::Error;
use std::{fmt, io};

use crate::ProviderError;

/// Why there is no identity.
#[derive(Debug)]
#[non_exhaustive]
pub enum DetectError {
    /// The platform is known, but could not be asked.
    Provider {
        /// The name of the provider, such as `ec2`.
        provider: String,
        /// What it said.
        error: ProviderError,
    },
    /// No provider knew an id of the instance or of the device.
    Unknown {
        /// The providers that were asked, each with what it said.
        asked: Vec<(String, String)>,
    },
    /// It was called off.
    Cancelled,
    /// A provider panicked.
    Panicked,
    /// The thread for it could not be started.
    Thread(io::Error),
}

impl fmt::Display for DetectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider { provider, error } => write!(f, "the identity by {provider}: {error}"),
            Self::Unknown { asked } => {
                f.write_str("nobody here knows an id of the device; give one with `Identity::builder()`")?;
                asked.iter().try_for_each(|(provider, said)| write!(f, "; {provider}: {said}"))
            }
            Self::Cancelled => f.write_str("the search for the identity was called off"),
            Self::Panicked => f.write_str("a provider of the identity panicked"),
            Self::Thread(_) => f.write_str("the thread that finds the identity could not be started"),
        }
    }
}

impl Error for DetectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Provider { error, .. } => error.source(),
            Self::Thread(error) => Some(error),
            _ => None,
        }
    }
}
