//! Text: from characters to rows of coverage.

mod atlas;
mod int_hasher;
mod typesetter;

pub(crate) use typesetter::{Line, Typesetter};
