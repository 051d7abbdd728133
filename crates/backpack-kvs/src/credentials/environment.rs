use std::env;

use super::{Credentials, CredentialsError, ProvideCredentials, future};

/// Credentials from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary ones, `AWS_SESSION_TOKEN`.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Environment;

impl Environment {
    /// The variables of this process.
    pub fn new() -> Self {
        Self
    }

    /// Whether the variables are there.
    pub fn is_set() -> bool {
        read().is_some()
    }
}

fn read() -> Option<Credentials> {
    let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let key = variable("AWS_ACCESS_KEY_ID")?;
    let secret = variable("AWS_SECRET_ACCESS_KEY")?;
    Some(Credentials::new(key, secret, variable("AWS_SESSION_TOKEN"), None, "environment"))
}

impl ProvideCredentials for Environment {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let missing = "AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set";
        future::ProvideCredentials::ready(read().ok_or_else(|| CredentialsError::not_loaded(missing)))
    }
}
