/// Why a signature is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is no authorization header.
    #[error("Missing Authentication Token")]
    Missing,
    /// The authorization header cannot be understood, or lacks a part.
    #[error("Authorization header: {0}")]
    Incomplete(String),
    /// A header that must be signed is not.
    #[error("the header {0} must be signed")]
    Unsigned(String),
    /// The key is not known.
    #[error("The security token included in the request is invalid.")]
    UnknownKey,
    /// The session token is wrong, missing or not expected.
    #[error("The security token included in the request is invalid")]
    Token,
    /// The session token has expired.
    #[error("The security token included in the request is expired")]
    ExpiredToken,
    /// The date is too far from the service's clock.
    #[error("Signature expired: {signed} is not within {skew} s of {now}")]
    Expired {
        /// When it was signed, in seconds since 1970.
        signed: i64,
        /// The service's clock, in seconds since 1970.
        now: i64,
        /// The most that they may differ, in seconds.
        skew: u64,
    },
    /// The credential is for another day, region or service.
    #[error("Credential should be scoped to {0}")]
    Scope(String),
    /// The signature is another one.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret \
         Access Key and signing method."
    )]
    Mismatch,
}

impl SignatureError {
    /// The service's name of it.
    pub fn error_type(&self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationTokenException",
            Self::Incomplete(_) => "IncompleteSignatureException",
            Self::UnknownKey | Self::Token => "UnrecognizedClientException",
            Self::ExpiredToken => "ExpiredTokenException",
            Self::Unsigned(_) | Self::Expired { .. } | Self::Scope(_) | Self::Mismatch => {
                "InvalidSignatureException"
            }
        }
    }
}
