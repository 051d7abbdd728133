//! Text: from characters to rows of coverage.

mod atlas;
mod block;
mod characters;
mod font;
mod fonts;
mod int_hasher;
mod plain;
mod spot;
mod typesetter;

pub(crate) use block::Block;
pub use font::Font;
pub(crate) use typesetter::Typesetter;
