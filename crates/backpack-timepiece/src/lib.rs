#![doc = include_str!("../README.md")]

mod clock;
mod history;
mod lap;
mod manual_clock;
mod node;
mod snapshot;
mod stopwatch;
mod summary;
mod ticker;

pub use clock::Clock;
pub use lap::Lap;
pub use manual_clock::ManualClock;
pub use snapshot::{Row, Snapshot};
pub use stopwatch::StopWatch;
pub use summary::Summary;
pub use ticker::Ticker;
