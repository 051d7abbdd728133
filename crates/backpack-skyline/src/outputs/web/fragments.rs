use std::time::Duration;

use backpack_core::Timestamp;
use bytes::Bytes;
use mp4_atom::{
    Avc1, Avcc, Dinf, Dref, DrefEntry, Encode, FixedPoint, Ftyp, Hdlr, Mdhd, Mdia, Mfhd, Minf, Moof, Moov,
    Mvex, Mvhd, Stbl, Stsd, Stts, Tfdt, Tfhd, Tkhd, Traf, Trak, Trex, Trun, TrunEntry, TrunSamples, Url,
    Visual, Vmhd,
};

use crate::annex_b::{NalKind, nal_units, to_length_prefixed};
use crate::{AccessUnit, Codec, StreamInfo};

/// Ticks a second in the file's times: the clock of MPEG systems, in which all common frame intervals are whole numbers.
const TIMESCALE: u32 = 90_000;

const TRACK: u32 = 1;

/// `sample_depends_on = 2`: a picture that depends on no other (ISO/IEC 14496-12, 8.8.3.1).
const KEY_FRAME_FLAGS: u32 = 0x0200_0000;

/// `sample_depends_on = 1` and `sample_is_non_sync_sample`.
const OTHER_FRAME_FLAGS: u32 = 0x0101_0000;

/// Turns access units into the pieces of a fragmented MP4 file.
///
/// Players for `MediaSource` throw away everything up to the next key frame when a picture comes later than twice the duration that was
/// announced for the one before. But a unit's duration is not known before the next one comes, and waiting for that would cost a frame of
/// latency. So the file has a timeline of its own in which no step is that long: a pause in the stream is no pause in the file. Whoever
/// watches live does not miss it.
#[derive(Debug)]
pub(crate) struct Fragments {
    sequence: u32,
    /// The duration that was announced for the last unit, in ticks.
    announced: u64,
    /// The last unit's decode time in the stream, and in the file in ticks.
    last: Option<(Timestamp, u64)>,
}

/// The beginning of a fragmented file, which every viewer needs first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) bytes: Bytes,
    /// The MIME type with the codec's profile and level, such as `video/mp4; codecs="avc1.42c01e"` (RFC 6381).
    pub(crate) mime: String,
}

impl Fragments {
    pub(crate) fn new(stream: &StreamInfo) -> Self {
        Self { sequence: 0, announced: ticks(stream.frame_rate.interval()).max(1), last: None }
    }

    /// The decode time of the next unit in the file, in ticks.
    fn advance(&mut self, dts: Timestamp) -> u64 {
        let at = match self.last {
            None => ticks(dts.elapsed()),
            Some((before, at)) => {
                let step = ticks(dts.since(before)).max(1);
                let allowed = if step + 2 < 2 * self.announced { step } else { self.announced };
                self.announced = step.min(2 * self.announced);
                at + allowed
            }
        };
        self.last = Some((dts, at));
        at
    }

    /// One unit as a fragment.
    pub(crate) fn fragment(&mut self, unit: &AccessUnit) -> Result<Bytes, String> {
        let at = self.advance(unit.dts);
        self.sequence = self.sequence.wrapping_add(1);
        let data = to_length_prefixed(Codec::H264, &unit.data);
        let composition = i64::try_from(ticks(unit.pts.since(unit.dts))).ok().filter(|&offset| offset > 0);
        let sample = TrunEntry {
            duration: u32::try_from(self.announced).ok(),
            size: Some(u32::try_from(data.len()).map_err(|error| error.to_string())?),
            flags: Some(if unit.keyframe { KEY_FRAME_FLAGS } else { OTHER_FRAME_FLAGS }),
            cts: composition,
        };
        let mut moof = Moof {
            mfhd: Mfhd { sequence_number: self.sequence },
            traf: vec![Traf {
                tfhd: Tfhd { track_id: TRACK, default_base_is_moof: true, ..Tfhd::default() },
                tfdt: Some(Tfdt { base_media_decode_time: at }),
                trun: vec![Trun { data_offset: Some(0), samples: TrunSamples::Explicit(vec![sample]) }],
                ..Traf::default()
            }],
        };
        // The data begins behind this box and the eight bytes of the next one's header; the offset has a fixed size, so it can be set
        // once the size is known.
        let size = encoded(&moof)?.len() + 8;
        moof.traf[0].trun[0].data_offset = Some(i32::try_from(size).map_err(|error| error.to_string())?);
        let mut bytes = encoded(&moof)?;
        let length = u32::try_from(data.len() + 8).map_err(|error| error.to_string())?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(b"mdat");
        bytes.extend_from_slice(&data);
        Ok(bytes.into())
    }
}

impl Header {
    /// The header for a stream that goes on with this key frame.
    pub(crate) fn new(stream: &StreamInfo, keyframe: &AccessUnit) -> Result<Self, String> {
        let find =
            |kind: NalKind| nal_units(&keyframe.data).find(|unit| NalKind::of(Codec::H264, unit) == kind);
        let sps = find(NalKind::Sps).ok_or("a key frame came without a sequence parameter set")?;
        let pps = find(NalKind::Pps).ok_or("a key frame came without a picture parameter set")?;
        let avcc = Avcc::new(sps, pps).map_err(|error| error.to_string())?;
        let mime = format!(
            "video/mp4; codecs=\"avc1.{:02x}{:02x}{:02x}\"",
            avcc.avc_profile_indication, avcc.profile_compatibility, avcc.avc_level_indication
        );
        let ftyp = Ftyp {
            major_brand: b"iso6".into(),
            minor_version: 0,
            compatible_brands: vec![b"iso6".into(), b"mp41".into(), b"avc1".into()],
        };
        let mut bytes = encoded(&ftyp)?;
        bytes.extend(encoded(&movie(stream, avcc)?)?);
        Ok(Self { bytes: bytes.into(), mime })
    }
}

fn movie(stream: &StreamInfo, avcc: Avcc) -> Result<Moov, String> {
    let width = u16::try_from(stream.width).map_err(|_| format!("{} pixels are too wide", stream.width))?;
    let height =
        u16::try_from(stream.height).map_err(|_| format!("{} pixels are too high", stream.height))?;
    let visual = Visual { data_reference_index: 1, width, height, ..Visual::default() };
    let avc1 = Avc1 { visual, avcc, ..Avc1::default() };
    let stbl = Stbl {
        stsd: Stsd { codecs: vec![mp4_atom::Codec::Avc1(avc1)] },
        stts: Stts::default(),
        stco: Some(Default::default()),
        ..Stbl::default()
    };
    let dinf = Dinf { dref: Dref { entries: vec![DrefEntry::Url(Url::default())] } };
    let mdia = Mdia {
        mdhd: Mdhd { timescale: TIMESCALE, language: "und".into(), ..Mdhd::default() },
        hdlr: Hdlr { handler: b"vide".into(), name: "video".into() },
        minf: Minf { vmhd: Some(Vmhd::default()), dinf, stbl, ..Minf::default() },
    };
    let tkhd = Tkhd {
        track_id: TRACK,
        enabled: true,
        in_movie: true,
        width: FixedPoint::from(width),
        height: FixedPoint::from(height),
        ..Tkhd::default()
    };
    let trex = Trex { track_id: TRACK, default_sample_description_index: 1, ..Trex::default() };
    Ok(Moov {
        mvhd: Mvhd { timescale: 1000, rate: FixedPoint::from(1u16), next_track_id: 2, ..Mvhd::default() },
        mvex: Some(Mvex { mehd: None, trex: vec![trex] }),
        trak: vec![Trak { tkhd, mdia, ..Trak::default() }],
        ..Moov::default()
    })
}

fn encoded(atom: &impl Encode) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    atom.encode(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

fn ticks(time: Duration) -> u64 {
    let ticks = time.as_nanos() * u128::from(TIMESCALE) / 1_000_000_000;
    u64::try_from(ticks).unwrap_or(u64::MAX)
}
