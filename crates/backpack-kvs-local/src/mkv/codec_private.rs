//! Whether what a decoder needs beforehand is there and whole, for the codecs that the service's players know.

/// Says what is wrong.
pub fn check(codec_id: &str, data: &[u8]) -> Result<(), String> {
    let is_whole = match codec_id {
        "V_MPEG4/ISO/AVC" => avc(data),
        "V_MPEGH/ISO/HEVC" => hevc(data),
        // An AudioSpecificConfig has two bytes at least.
        "A_AAC" => (data.len() >= 2).then_some(()),
        // A WAVEFORMATEX has 18.
        "A_MS/ACM" => (data.len() >= 18).then_some(()),
        _ => Some(()),
    };
    match is_whole {
        Some(()) => Ok(()),
        None if data.is_empty() => Err(format!("of codec {codec_id} has no CodecPrivate")),
        None => Err(format!("of codec {codec_id} has a CodecPrivate that is none ({} bytes)", data.len())),
    }
}

/// Whether a frame consists of NAL units with their length before them, as long as the decoder is told.
pub fn is_length_prefixed(codec_id: &str, codec_private: &[u8], mut frame: &[u8]) -> bool {
    let at = match codec_id {
        "V_MPEG4/ISO/AVC" => 4,
        "V_MPEGH/ISO/HEVC" => 21,
        _ => return true,
    };
    let Some(size) = codec_private.get(at).map(|byte| usize::from(byte & 3) + 1) else { return false };
    if frame.is_empty() {
        return false;
    }
    while !frame.is_empty() {
        let Some((length, rest)) = frame.split_at_checked(size) else { return false };
        let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
        let Some(rest) = rest.get(length..).filter(|_| length > 0) else { return false };
        frame = rest;
    }
    true
}

/// ISO/IEC 14496-15, 5.3.3.1: at least one SPS and one PPS, and nothing cut short. What follows them for High profile may be missing.
fn avc(data: &[u8]) -> Option<()> {
    let [1, profile, compatibility, level, _, count, rest @ ..] = data else { return None };
    let (sets, rest) = units(rest, count & 0x1f)?;
    let first = sets.first()?;
    let is_sps = first.first()? & 0x1f == 7 && first.get(1..4)? == [*profile, *compatibility, *level];
    let (&count, rest) = rest.split_first()?;
    let (sets, _) = units(rest, count)?;
    (is_sps && sets.first()?.first()? & 0x1f == 8).then_some(())
}

/// ISO/IEC 14496-15, 8.3.3.1: a VPS, an SPS and a PPS at least, and nothing cut short.
fn hevc(data: &[u8]) -> Option<()> {
    if *data.first()? != 1 {
        return None;
    }
    let (&arrays, mut rest) = data.get(22..)?.split_first()?;
    let mut found = [false; 3];
    for _ in 0..arrays {
        let [kind, high, low, after @ ..] = rest else { return None };
        let kind = kind & 0x3f;
        let (sets, after) = units16(after, u16::from_be_bytes([*high, *low]))?;
        if let Some(found) = usize::from(kind).checked_sub(32).and_then(|index| found.get_mut(index)) {
            *found = sets.first().is_some_and(|set| set.first().is_some_and(|byte| byte >> 1 & 0x3f == kind));
        }
        rest = after;
    }
    (found == [true; 3]).then_some(())
}

fn units(data: &[u8], count: u8) -> Option<(Vec<&[u8]>, &[u8])> {
    units16(data, count.into())
}

fn units16(mut data: &[u8], count: u16) -> Option<(Vec<&[u8]>, &[u8])> {
    let mut units = Vec::new();
    for _ in 0..count {
        let [high, low, rest @ ..] = data else { return None };
        let (unit, rest) = rest.split_at_checked(u16::from_be_bytes([*high, *low]).into())?;
        units.push(unit);
        data = rest;
    }
    Some((units, data))
}
