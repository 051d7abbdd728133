//! Prints who this is, and where each part of that is known from.

use backpack_identity::{DetectError, Identity};

fn main() -> Result<(), DetectError> {
    println!("{:#}", Identity::detect_blocking()?);
    Ok(())
}
