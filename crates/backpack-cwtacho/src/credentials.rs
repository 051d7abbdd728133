use std::fmt;

/// Keys to sign requests with, for programs that do not leave it to the environment.
///
/// The secret parts are shown nowhere:
///
/// ```
/// let credentials = backpack_cwtacho::Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI").session_token("IQoJb3JpZ2lu");
/// assert_eq!(format!("{credentials:?}"), r#"Credentials { access_key_id: "AKIDEXAMPLE", .. }"#);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

impl Credentials {
    /// The keys of a user, or of a role if a [session token](Credentials::session_token) is added.
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            session_token: None,
        }
    }

    /// Adds the token that belongs to temporary keys.
    #[must_use]
    pub fn session_token(mut self, session_token: impl Into<String>) -> Self {
        self.session_token = Some(session_token.into());
        self
    }

    pub(crate) fn for_sdk(&self) -> aws_sdk_cloudwatch::config::Credentials {
        aws_sdk_cloudwatch::config::Credentials::new(
            &self.access_key_id,
            &self.secret_access_key,
            self.session_token.clone(),
            None,
            "backpack-cwtacho",
        )
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}
