//! Requests and answers.

mod ack_body;
mod api_error;
mod control;
mod page;
mod put_media;
mod routes;

pub(crate) use routes::respond;

/// The body of an answer: a text, or acknowledgements.
pub(crate) type Body = http_body_util::Either<http_body_util::Full<bytes::Bytes>, ack_body::AckBody>;
