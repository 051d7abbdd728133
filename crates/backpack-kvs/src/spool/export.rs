use std::io::{self, Read, Write};

use super::record::{Record, Records};
use crate::mkv;

/// Turns a fragment's file of a [`Spool`](crate::Spool) on disk into Matroska, which players can play: what the service refused twice is in the folder
/// `aside` of the spool. Returns how many pictures it has.
///
/// Of a file that was cut off, such as by a crash, the pictures that are whole are read.
///
/// # Errors
/// If the file is no fragment, or `matroska` cannot be written.
pub fn export_fragment(file: impl Read, matroska: &mut impl Write) -> io::Result<u64> {
    let no_fragment = || io::Error::new(io::ErrorKind::InvalidData, "this is no fragment of a spool");
    let (records, track, timecode) = Records::open(file).ok_or_else(no_fragment)?;
    matroska.write_all(&mkv::header(&track, "fragment", 0))?;
    matroska.write_all(&mkv::cluster(timecode))?;
    let mut pictures = 0;
    for record in records {
        match record {
            Record::Picture { bytes, .. } => {
                matroska.write_all(&bytes)?;
                pictures += 1;
            }
            Record::End { tags } => matroska.write_all(&tags)?,
            Record::Begin { .. } => break,
        }
    }
    Ok(pictures)
}
