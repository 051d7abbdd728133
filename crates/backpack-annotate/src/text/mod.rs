//! Text: from characters to rows of coverage.

mod atlas;
mod block;
mod characters;
mod font;
mod fonts;
mod int_hasher;
#[cfg(not(feature = "shaping"))]
mod plain;
#[cfg(feature = "shaping")]
mod shaping;
mod spot;
mod typesetter;

pub(crate) use block::Block;
pub use font::Font;
pub(crate) use typesetter::Typesetter;

#[cfg(not(feature = "shaping"))]
use plain::Layout;
#[cfg(feature = "shaping")]
use shaping::Layout;
