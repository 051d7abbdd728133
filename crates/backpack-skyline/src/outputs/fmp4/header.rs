use bytes::Bytes;
use mp4_atom::{
    Avc1, Avcc, Dinf, Dref, DrefEntry, FixedPoint, Ftyp, Hdlr, Hvc1, Mdhd, Mdia, Minf, Moov, Mvex, Mvhd,
    Stbl, Stsd, Stts, Tkhd, Trak, Trex, Url, Visual, Vmhd,
};

use super::{TIMESCALE, TRACK, encoded, hevc};
use crate::annex_b::{NalKind, nal_units};
use crate::{AccessUnit, Codec, StreamInfo};

/// The beginning of a fragmented file (`ftyp` and `moov`), which every player needs first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) bytes: Bytes,
    /// The codec with its profile and level, such as `avc1.42c01e` (RFC 6381).
    pub(crate) codecs: String,
}

impl Header {
    /// The header for a stream that goes on with this key frame.
    pub(crate) fn new(stream: &StreamInfo, keyframe: &AccessUnit) -> Result<Self, String> {
        let sets = ParameterSets { codec: stream.codec, data: &keyframe.data };
        let (brand, codecs, entry) = match stream.codec {
            Codec::H264 => avc(stream, &sets)?,
            Codec::H265 => hvc(stream, &sets)?,
        };
        let ftyp = Ftyp {
            major_brand: b"iso6".into(),
            minor_version: 0,
            compatible_brands: vec![b"iso6".into(), b"mp41".into(), brand.into()],
        };
        let mut bytes = encoded(&ftyp)?;
        bytes.extend(encoded(&movie(stream, entry))?);
        Ok(Self { bytes: bytes.into(), codecs })
    }

    /// The MIME type, such as `video/mp4; codecs="avc1.42c01e"`.
    #[cfg(feature = "web")]
    pub(crate) fn mime(&self) -> String {
        format!("video/mp4; codecs=\"{}\"", self.codecs)
    }
}

type SampleEntry = (&'static [u8; 4], String, mp4_atom::Codec);

fn avc(stream: &StreamInfo, sets: &ParameterSets) -> Result<SampleEntry, String> {
    let (sps, pps) = (sets.all(NalKind::Sps)?, sets.all(NalKind::Pps)?);
    let avcc = Avcc {
        sequence_parameter_sets: sps.clone(),
        picture_parameter_sets: pps.clone(),
        ..Avcc::new(&sps[0], &pps[0]).map_err(|_| "the sequence parameter set is cut off")?
    };
    let codecs = format!(
        "avc1.{:02x}{:02x}{:02x}",
        avcc.avc_profile_indication, avcc.profile_compatibility, avcc.avc_level_indication
    );
    let avc1 = Avc1 { visual: visual(stream)?, avcc, ..Avc1::default() };
    Ok((b"avc1", codecs, mp4_atom::Codec::Avc1(avc1)))
}

fn hvc(stream: &StreamInfo, sets: &ParameterSets) -> Result<SampleEntry, String> {
    let [vps, sps, pps] = [sets.all(NalKind::Vps)?, sets.all(NalKind::Sps)?, sets.all(NalKind::Pps)?];
    let hvcc = hevc::configuration(vps, sps, pps)?;
    let codecs = hevc::codecs(&hvcc);
    let hvc1 = Hvc1 { visual: visual(stream)?, hvcc, ..Hvc1::default() };
    Ok((b"hvc1", codecs, mp4_atom::Codec::Hvc1(hvc1)))
}

/// The parameter sets in front of a key frame.
struct ParameterSets<'a> {
    codec: Codec,
    data: &'a [u8],
}

impl ParameterSets<'_> {
    /// All different ones of this kind, of which there must be one at least.
    fn all(&self, kind: NalKind) -> Result<Vec<Vec<u8>>, String> {
        let name = match kind {
            NalKind::Vps => "video",
            NalKind::Sps => "sequence",
            _ => "picture",
        };
        let mut sets = Vec::<Vec<u8>>::new();
        for unit in nal_units(self.data).filter(|unit| NalKind::of(self.codec, unit) == kind) {
            if unit.len() > usize::from(u16::MAX) {
                return Err(format!("a {name} parameter set of {} bytes is too long for MP4", unit.len()));
            }
            if !sets.iter().any(|set| set == unit) {
                sets.push(unit.to_vec());
            }
        }
        match sets.len() {
            0 => Err(format!("a key frame came without a {name} parameter set")),
            // The standards allow 256 pictures' sets at most, but MP4 counts the sequences' in five bits.
            1..=31 => Ok(sets),
            count => Err(format!("{count} {name} parameter sets are too many for MP4")),
        }
    }
}

fn visual(stream: &StreamInfo) -> Result<Visual, String> {
    let width = u16::try_from(stream.width).map_err(|_| format!("{} pixels are too wide", stream.width))?;
    let height =
        u16::try_from(stream.height).map_err(|_| format!("{} pixels are too high", stream.height))?;
    Ok(Visual { data_reference_index: 1, width, height, ..Visual::default() })
}

fn movie(stream: &StreamInfo, entry: mp4_atom::Codec) -> Moov {
    let stbl = Stbl {
        stsd: Stsd { codecs: vec![entry] },
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
    // The sample entry refuses sides that do not fit.
    let side = |pixels: u32| FixedPoint::from(u16::try_from(pixels).unwrap_or(u16::MAX));
    let tkhd = Tkhd {
        track_id: TRACK,
        enabled: true,
        in_movie: true,
        width: side(stream.width),
        height: side(stream.height),
        ..Tkhd::default()
    };
    let trex = Trex { track_id: TRACK, default_sample_description_index: 1, ..Trex::default() };
    Moov {
        mvhd: Mvhd { timescale: 1000, rate: FixedPoint::from(1u16), next_track_id: 2, ..Mvhd::default() },
        mvex: Some(Mvex { mehd: None, trex: vec![trex] }),
        trak: vec![Trak { tkhd, mdia, ..Trak::default() }],
        ..Moov::default()
    }
}
