use std::error::Error;

use aws_sdk_cloudwatch::error::SdkError;
use aws_sdk_cloudwatch::operation::put_metric_data::PutMetricDataError;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Accepted,
    /// Something in it is wrong, and would be at any other try.
    Refused(String),
    /// Another try may succeed.
    Failed(String),
}

/// What the code of an error is about if neither what was sent is at fault nor the service: who sent it, when, and how often.
const CIRCUMSTANCES: &[&str] = &[
    "AccessDenied",
    "Auth",
    "Expired",
    "Limit",
    "OptIn",
    "Signature",
    "Skewed",
    "SlowDown",
    "Throttl",
    "Token",
    "TooManyRequests",
    "UnrecognizedClient",
];

impl Outcome {
    pub(crate) fn of_error(error: &SdkError<PutMetricDataError>) -> Self {
        let SdkError::ServiceError(service) = error else { return Self::Failed(reason(error)) };
        let (meta, status) = (service.err().meta(), service.raw().status().as_u16());
        let code = meta.code().unwrap_or("no error code");
        let text = match meta.message() {
            Some(message) => format!("{code}: {message} (HTTP {status})"),
            None => format!("{code} (HTTP {status})"),
        };
        if is_refusal(status, code) { Self::Refused(text) } else { Self::Failed(text) }
    }
}

fn is_refusal(status: u16, code: &str) -> bool {
    matches!(status, 400 | 413 | 422) && !CIRCUMSTANCES.iter().any(|circumstance| code.contains(circumstance))
}

/// The error and its causes, each once.
fn reason(error: &dyn Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.iter().any(|earlier| earlier.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_would_be_wrong_at_any_other_try_is_a_refusal() {
        for code in ["InvalidParameterValueException", "InvalidParameterCombination", "ValidationError"] {
            assert!(is_refusal(400, code), "{code}");
        }
        assert!(is_refusal(413, "RequestEntityTooLarge"));
        for code in [
            "ThrottlingException",
            "RequestLimitExceeded",
            "InvalidClientTokenId",
            "ExpiredTokenException",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "UnrecognizedClientException",
            "RequestTimeTooSkewed",
        ] {
            assert!(!is_refusal(400, code), "{code}");
        }
        for status in [401, 403, 404, 408, 429, 500, 503] {
            assert!(!is_refusal(status, "InvalidParameterValue"), "{status}");
        }
    }
}
