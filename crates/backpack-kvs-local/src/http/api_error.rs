use hyper::StatusCode;

use crate::sigv4::SignatureError;

/// An answer that is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    pub status: StatusCode,
    /// The value of `x-amzn-ErrorType`.
    pub error_type: String,
    pub message: String,
}

impl ApiError {
    fn new(status: StatusCode, error_type: &str, message: impl Into<String>) -> Self {
        Self { status, error_type: error_type.into(), message: message.into() }
    }

    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidArgumentException", message)
    }

    pub fn not_found(stream: &str) -> Self {
        let message = format!("The requested stream is not found or not active: {stream}");
        Self::new(StatusCode::NOT_FOUND, "ResourceNotFoundException", message)
    }

    pub fn in_use(stream: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "ResourceInUseException",
            format!("The stream {stream} already exists."),
        )
    }

    pub fn version_mismatch(current: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "VersionMismatchException",
            format!("The stream's version is {current}."),
        )
    }

    pub fn client_limit() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ClientLimitExceededException", "Rate exceeded for this stream.")
    }

    pub fn connection_limit() -> Self {
        let message = "The stream has as many PutMedia connections as it may have.";
        Self::new(StatusCode::BAD_REQUEST, "ConnectionLimitExceededException", message)
    }

    pub fn unknown_operation(path: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "UnknownOperationException",
            format!("There is no operation at {path}."),
        )
    }

    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "RequestEntityTooLargeException",
            "The request is too large.",
        )
    }

    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalFailure", message)
    }

    pub fn refused(status: u16, error_type: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(status, error_type, "Refused on demand.")
    }
}

impl From<SignatureError> for ApiError {
    fn from(error: SignatureError) -> Self {
        Self::new(StatusCode::FORBIDDEN, error.error_type(), error.to_string())
    }
}
