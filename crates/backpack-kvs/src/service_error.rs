use std::fmt;
use std::time::SystemTime;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use hyper::header::DATE;
use serde_json::Value;

use crate::http::Answer;

/// An error that the service answered a request with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// What was asked for, such as `PutMedia`.
    pub action: &'static str,
    /// The status of the answer.
    pub status: u16,
    /// What kind of an error it is.
    pub kind: ServiceErrorKind,
    /// The service's name for it, such as `ResourceNotFoundException`.
    pub name: String,
    /// What the service says about it, without secrets.
    pub message: String,
    /// What the service's clock showed.
    pub(crate) date: Option<SystemTime>,
}

/// Kinds of errors that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServiceErrorKind {
    /// Too many requests.
    ClientLimitExceeded,
    /// Too many connections, such as another producer for the same stream.
    ConnectionLimitExceeded,
    /// The service does not understand the request.
    InvalidArgument,
    /// The stream is at another address now.
    InvalidEndpoint,
    /// The credentials do not allow it.
    NotAuthorized,
    /// The token has expired.
    ExpiredToken,
    /// The signature is wrong, or its time.
    Signature,
    /// There is no such stream.
    ResourceNotFound,
    /// The stream is being created or deleted, or exists already.
    ResourceInUse,
    /// The service itself failed.
    Internal,
    /// Another one.
    Other,
}

impl ServiceError {
    /// Reads an answer that is no success; `secrets` are masked in it, as the service may repeat them.
    pub(crate) fn read(action: &'static str, answer: &Answer, secrets: &[&str]) -> Self {
        let status = answer.status.as_u16();
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let field = |names: [&str; 2]| names.iter().find_map(|name| body.get(name)?.as_str());
        let header = |name| answer.headers.get(name).and_then(|value| value.to_str().ok());
        let name = header("x-amzn-errortype").or_else(|| field(["__type", "code"])).unwrap_or_default();
        // Both may have an address around the name.
        let name = name.split(':').next().unwrap_or_default();
        let name = name.rsplit('#').next().unwrap_or_default();
        let message = field(["message", "Message"]).unwrap_or_default();
        // The rest repeats the request that was to be signed.
        let message = message.lines().next().unwrap_or_default();
        let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok()?.try_into().ok());
        let mask = |text: &str| {
            let masked = secrets
                .iter()
                .filter(|secret| secret.len() > 3)
                .fold(text.to_owned(), |text, secret| text.replace(secret, "***"));
            masked.chars().take(200).collect()
        };
        let kind = ServiceErrorKind::of(status, name);
        Self { action, status, kind, name: mask(name), message: mask(message), date }
    }
}

impl ServiceErrorKind {
    fn of(status: u16, name: &str) -> Self {
        match name.trim_end_matches("Exception") {
            "ClientLimitExceeded" | "Throttling" | "TooManyRequests" | "LimitExceeded" => {
                Self::ClientLimitExceeded
            }
            "ConnectionLimitExceeded" => Self::ConnectionLimitExceeded,
            "InvalidArgument" | "Validation" => Self::InvalidArgument,
            "InvalidEndpoint" => Self::InvalidEndpoint,
            "NotAuthorized" | "AccessDenied" | "UnrecognizedClient" | "InvalidClientTokenId" => {
                Self::NotAuthorized
            }
            "ExpiredToken" => Self::ExpiredToken,
            "InvalidSignature" | "SignatureDoesNotMatch" | "RequestTimeTooSkewed" | "RequestExpired" => {
                Self::Signature
            }
            "ResourceNotFound" => Self::ResourceNotFound,
            "ResourceInUse" => Self::ResourceInUse,
            _ => match status {
                401 | 403 => Self::NotAuthorized,
                404 => Self::ResourceNotFound,
                429 => Self::ClientLimitExceeded,
                500.. => Self::Internal,
                _ => Self::Other,
            },
        }
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answered {}", self.action, self.status)?;
        for part in [&self.name, &self.message].into_iter().filter(|part| !part.is_empty()) {
            write!(f, ", {part}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ServiceError {}
