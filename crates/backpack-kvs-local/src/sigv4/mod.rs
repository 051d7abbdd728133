//! Signatures of version 4, checked by AWS's published algorithm.

mod authorization;
mod canonical;
mod credentials;
mod date;
mod signature_error;
mod verify;

pub use authorization::Authorization;
pub use credentials::Credentials;
pub use signature_error::SignatureError;
pub(crate) use verify::{Verifier, verify};
