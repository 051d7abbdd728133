use backpack_skyline::Codec;
use bytes::Bytes;

use crate::nal::Nal;
use crate::track::Track;
use crate::{Framing, PutError, h264, h265};

/// The parameter sets that came last, of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ParameterSets {
    vps: Vec<Bytes>,
    sps: Vec<Bytes>,
    pps: Vec<Bytes>,
}

impl ParameterSets {
    /// Takes the sets among these units in place of earlier ones of their kind.
    ///
    /// # Errors
    /// If there are more or longer sets than a decoder configuration record can hold.
    pub(crate) fn update(&mut self, codec: Codec, units: &[&[u8]]) -> Result<(), PutError> {
        for (wanted, kept) in
            [(Nal::Vps, &mut self.vps), (Nal::Sps, &mut self.sps), (Nal::Pps, &mut self.pps)]
        {
            let mut new = Vec::<Bytes>::new();
            for &unit in units.iter().filter(|unit| Nal::of(codec, unit) == wanted) {
                if unit.len() > usize::from(u16::MAX) {
                    let reason = format!("a parameter set of {} bytes; 65535 is the most", unit.len());
                    return Err(PutError::Malformed(reason));
                }
                if !new.iter().any(|set| set == unit) {
                    new.push(Bytes::copy_from_slice(unit));
                }
            }
            if new.len() > 31 {
                return Err(PutError::Malformed(format!("{} parameter sets; 31 is the most", new.len())));
            }
            if !new.is_empty() && *kept != new {
                *kept = new;
            }
        }
        Ok(())
    }

    /// Whether this very set is among them.
    pub(crate) fn contains(&self, unit: &[u8]) -> bool {
        [&self.vps, &self.sps, &self.pps].into_iter().flatten().any(|set| set == unit)
    }

    /// The track that these sets describe.
    ///
    /// # Errors
    /// If a set is missing or cannot be read.
    pub(crate) fn track(&self, codec: Codec) -> Result<Track, PutError> {
        let missing = |kind| PutError::NoParameterSets { codec, kind };
        let sps = self.sps.first().ok_or(missing("sequence"))?;
        if self.pps.is_empty() {
            return Err(missing("picture"));
        }
        let unreadable = || PutError::Malformed("the sequence parameter set cannot be read".into());
        let (width, height, codec_private) = match codec {
            Codec::H265 => {
                if self.vps.is_empty() {
                    return Err(missing("video"));
                }
                let read = h265::Sps::parse(sps).ok_or_else(unreadable)?;
                (read.width, read.height, read.configuration(&self.vps, &self.sps, &self.pps))
            }
            _ => {
                let read = h264::Sps::parse(sps).ok_or_else(unreadable)?;
                (read.width, read.height, read.configuration(&self.sps, &self.pps))
            }
        };
        Ok(Track { codec, width, height, codec_private: codec_private.into() })
    }
}

/// The decoder configuration that a container keeps beside the pictures: how their NAL units are told apart, and the parameter sets.
pub(crate) fn read_configuration(codec: Codec, record: &[u8]) -> Option<(Framing, ParameterSets)> {
    let mut sets = ParameterSets::default();
    let mut reader = Reader(record);
    let size = match codec {
        Codec::H265 => {
            let header = reader.take(23)?;
            for _ in 0..header[22] {
                let kind = reader.take(1)?[0] & 0x3f;
                let count = reader.number()?;
                let list = reader.sets(count)?;
                match kind {
                    32 => sets.vps = list,
                    33 => sets.sps = list,
                    34 => sets.pps = list,
                    _ => {}
                }
            }
            header[21]
        }
        _ => {
            let header = reader.take(6)?;
            sets.sps = reader.sets(usize::from(header[5] & 0x1f))?;
            let count = reader.take(1)?[0];
            sets.pps = reader.sets(count.into())?;
            header[4]
        }
    };
    // A length of three bytes is not allowed.
    let size = (size & 3) + 1;
    (record[0] == 1 && size != 3).then_some((Framing::LengthPrefixed(size), sets))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(2)?;
        Some(usize::from(bytes[0]) << 8 | usize::from(bytes[1]))
    }

    fn sets(&mut self, count: usize) -> Option<Vec<Bytes>> {
        (0..count)
            .map(|_| {
                let length = self.number()?;
                self.take(length).map(Bytes::copy_from_slice)
            })
            .collect()
    }
}
