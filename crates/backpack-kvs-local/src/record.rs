use std::time::SystemTime;

use crate::{Ack, Operation};

/// A request as it was answered. Nothing secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestRecord {
    /// By the service's clock.
    pub time: SystemTime,
    /// What was asked for; `None` if there is no such operation.
    pub operation: Option<Operation>,
    /// The stream that the request named.
    pub stream: Option<String>,
    /// The access key, if the signature was right.
    pub access_key: Option<String>,
    /// The HTTP status.
    pub status: u16,
    /// The value of `x-amzn-ErrorType`.
    pub error_type: Option<String>,
    /// What the answer said of the error.
    pub message: Option<String>,
}

/// An acknowledgement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AckRecord {
    /// By the service's clock.
    pub time: SystemTime,
    /// The PutMedia connection, from 0 in the order in which the service took them.
    pub connection: u64,
    /// What it said.
    pub ack: Ack,
    /// Whether it was sent and not lost on purpose.
    pub is_sent: bool,
    /// What was wrong, in words that the producer is not told.
    pub reason: Option<String>,
}
