mod bus;
mod convert;
mod encoder;
mod kind;
mod session;

pub use encoder::Encoder;

pub(crate) use bus::{BusProblem, wait_for_eos};
