use mp4_atom::{Mfhd, Moof, Tfdt, Tfhd, Traf, Trun, TrunEntry, TrunSamples};

use super::{TRACK, encoded, ticks};
use crate::annex_b::to_length_prefixed;
use crate::{AccessUnit, Codec};

/// `sample_depends_on = 2`: a picture that depends on no other (ISO/IEC 14496-12, 8.8.3.1).
const KEY_FRAME_FLAGS: u32 = 0x0200_0000;

/// `sample_depends_on = 1` and `sample_is_non_sync_sample`.
const OTHER_FRAME_FLAGS: u32 = 0x0101_0000;

/// One picture of a fragment.
#[derive(Debug)]
pub(crate) struct Sample {
    data: Vec<u8>,
    entry: TrunEntry,
}

impl Sample {
    /// A picture that lasts for `duration` ticks.
    pub(crate) fn new(codec: Codec, unit: &AccessUnit, duration: u64) -> Result<Self, String> {
        let data = to_length_prefixed(codec, &unit.data);
        let composition = i64::try_from(ticks(unit.pts.since(unit.dts))).ok().filter(|&offset| offset > 0);
        let entry = TrunEntry {
            duration: Some(u32::try_from(duration).map_err(|_| "a picture lasts too long for MP4")?),
            size: Some(u32::try_from(data.len()).map_err(|_| "a picture is too large for MP4")?),
            flags: Some(if unit.keyframe { KEY_FRAME_FLAGS } else { OTHER_FRAME_FLAGS }),
            cts: composition,
        };
        Ok(Self { data, entry })
    }
}

/// A fragment (`moof` and `mdat`) of these pictures, of which the first is decoded at `begins` ticks.
pub(crate) fn fragment(sequence: u32, begins: u64, samples: &[Sample]) -> Result<Vec<u8>, String> {
    let entries = samples.iter().map(|sample| sample.entry).collect();
    let mut moof = Moof {
        mfhd: Mfhd { sequence_number: sequence },
        traf: vec![Traf {
            tfhd: Tfhd { track_id: TRACK, default_base_is_moof: true, ..Tfhd::default() },
            tfdt: Some(Tfdt { base_media_decode_time: begins }),
            trun: vec![Trun { data_offset: Some(0), samples: TrunSamples::Explicit(entries) }],
            ..Traf::default()
        }],
    };
    // The data begins behind this box and the eight bytes of the next one's header; the offset has a fixed size, so it can be set
    // once the size is known.
    let size = encoded(&moof)?.len() + 8;
    moof.traf[0].trun[0].data_offset = Some(i32::try_from(size).map_err(|error| error.to_string())?);
    let mut bytes = encoded(&moof)?;
    let length = 8 + samples.iter().map(|sample| sample.data.len()).sum::<usize>();
    bytes.extend(u32::try_from(length).map_err(|_| "a fragment is too large for MP4")?.to_be_bytes());
    bytes.extend_from_slice(b"mdat");
    samples.iter().for_each(|sample| bytes.extend_from_slice(&sample.data));
    Ok(bytes)
}
