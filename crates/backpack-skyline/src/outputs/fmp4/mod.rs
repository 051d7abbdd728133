//! The pieces of fragmented MP4 (ISO/IEC 14496-12 and -15) that the web page and HLS have in common.

mod fragment;
mod header;
mod hevc;

use std::time::Duration;

pub(crate) use fragment::{Sample, fragment};
pub(crate) use header::Header;

/// Ticks a second in the file's times: the clock of MPEG systems, in which all common frame intervals are whole numbers.
pub(crate) const TIMESCALE: u32 = 90_000;

/// The only track of a file.
const TRACK: u32 = 1;

/// A time in ticks, rounded down.
pub(crate) fn ticks(time: Duration) -> u64 {
    let ticks = time.as_nanos() * u128::from(TIMESCALE) / 1_000_000_000;
    u64::try_from(ticks).unwrap_or(u64::MAX)
}

fn encoded(atom: &impl mp4_atom::Encode) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    atom.encode(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}
