//! Where credentials come from: anything that is a [`ProvideCredentials`].
//!
//! | from | use |
//! |---|---|
//! | keys in hand | [`Credentials::new`] |
//! | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` | [`Environment`] |
//! | a device's certificate, through AWS IoT | [`Iot`] |
//! | profiles, containers, EC2, web identity and more | `DefaultChain`, with the feature `default-chain` |

mod cache;
#[cfg(feature = "default-chain")]
mod default_chain;
mod environment;
mod file;
mod iot;

pub use aws_credential_types::Credentials;
pub use aws_credential_types::provider::error::CredentialsError;
pub use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

pub(crate) use cache::{Cache, describe};
#[cfg(feature = "default-chain")]
pub use default_chain::DefaultChain;
pub use environment::Environment;
pub use file::{CredentialsFile, CredentialsFileError};
pub use iot::{Iot, IotBuilder};
