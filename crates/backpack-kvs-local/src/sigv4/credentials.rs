use std::fmt;
use std::time::SystemTime;

/// Credentials that the service knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    pub(crate) session: Option<Session>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub token: String,
    pub expires: Option<SystemTime>,
}

impl Credentials {
    /// A user's keys, which do not expire.
    pub fn new(access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self { access_key: access_key.into(), secret_key: secret_key.into(), session: None }
    }

    /// Temporary credentials, which are only good with this token, until then.
    pub fn with_token(mut self, token: impl Into<String>, expires: impl Into<Option<SystemTime>>) -> Self {
        self.session = Some(Session { token: token.into(), expires: expires.into() });
        self
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expires = self.session.as_ref().map(|session| session.expires);
        f.debug_struct("Credentials")
            .field("access_key", &self.access_key)
            .field("expires", &expires)
            .finish_non_exhaustive()
    }
}
