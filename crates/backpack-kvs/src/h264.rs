use crate::bits::{Bits, without_emulation_prevention};

/// What a sequence parameter set of H.264 tells (ITU-T H.264, 7.3.2.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sps {
    pub(crate) width: u32,
    pub(crate) height: u32,
    profile: u8,
    constraints: u8,
    level: u8,
    chroma_format: u32,
    depth_luma: u32,
    depth_chroma: u32,
}

/// The profiles whose sets tell the chroma format and the depths.
const HIGH: [u8; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

impl Sps {
    /// Reads a set with its header byte; `None` if it is cut off or says what cannot be.
    pub(crate) fn parse(nal: &[u8]) -> Option<Self> {
        let bytes = without_emulation_prevention(nal.get(1..)?);
        let mut bits = Bits::new(&bytes);
        let (profile, constraints, level) = (bits.byte()?, bits.byte()?, bits.byte()?);
        bits.unsigned()?;
        let mut sps = Self {
            width: 0,
            height: 0,
            profile,
            constraints,
            level,
            chroma_format: 1,
            depth_luma: 0,
            depth_chroma: 0,
        };
        let mut is_separate = false;
        if HIGH.contains(&profile) {
            sps.chroma_format = bits.unsigned().filter(|&format| format <= 3)?;
            is_separate = sps.chroma_format == 3 && bits.flag()?;
            sps.depth_luma = bits.unsigned().filter(|&depth| depth <= 6)?;
            sps.depth_chroma = bits.unsigned().filter(|&depth| depth <= 6)?;
            bits.flag()?;
            if bits.flag()? {
                skip_scaling_matrix(&mut bits, sps.chroma_format)?;
            }
        }
        skip_orders(&mut bits)?;
        bits.unsigned()?;
        bits.flag()?;
        let columns = bits.unsigned()?.checked_add(1)?.checked_mul(16)?;
        let units = bits.unsigned()?.checked_add(1)?;
        let is_frames_only = bits.flag()?;
        let fields = if is_frames_only { 1 } else { 2 };
        let rows = units.checked_mul(16 * fields)?;
        if !is_frames_only {
            bits.flag()?;
        }
        bits.flag()?;
        let (unit_x, unit_y) = match sps.chroma_format {
            _ if is_separate => (1, fields),
            1 => (2, 2 * fields),
            2 => (2, fields),
            _ => (1, fields),
        };
        let mut crop = [0; 4];
        if bits.flag()? {
            for side in &mut crop {
                *side = bits.unsigned()?;
            }
        }
        sps.width = cropped(columns, crop[0], crop[1], unit_x)?;
        sps.height = cropped(rows, crop[2], crop[3], unit_y)?;
        Some(sps)
    }

    /// The decoder configuration record (`avcC`: ISO/IEC 14496-15, 5.3.3.1), whose lengths have four bytes.
    pub(crate) fn configuration<S: AsRef<[u8]>>(&self, sps: &[S], pps: &[S]) -> Vec<u8> {
        let mut out = vec![1, self.profile, self.constraints, self.level, 0xff];
        let (sps_count, pps_count) = (sps.len().min(31), pps.len().min(255));
        // The counts fit after this cut.
        out.push(0xe0 | sps_count as u8);
        sps.iter().take(sps_count).for_each(|set| with_length(&mut out, set.as_ref()));
        out.push(pps_count as u8);
        pps.iter().take(pps_count).for_each(|set| with_length(&mut out, set.as_ref()));
        if HIGH.contains(&self.profile) {
            // Each is at most 6, as `parse` sees to.
            out.extend([
                0xfc | self.chroma_format as u8,
                0xf8 | self.depth_luma as u8,
                0xf8 | self.depth_chroma as u8,
                0,
            ]);
        }
        out
    }
}

/// A parameter set with its length in two bytes; longer ones were refused when they came.
pub(crate) fn with_length(out: &mut Vec<u8>, set: &[u8]) {
    out.extend(u16::try_from(set.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend_from_slice(set);
}

/// A side in pixels without what is cropped at both ends, in units; `None` if that leaves nothing or more than any decoder takes.
pub(crate) fn cropped(side: u32, before: u32, after: u32, unit: u32) -> Option<u32> {
    let cut = before.checked_add(after)?.checked_mul(unit)?;
    side.checked_sub(cut).filter(|side| (1..=16_384).contains(side))
}

fn skip_scaling_matrix(bits: &mut Bits<'_>, chroma_format: u32) -> Option<()> {
    for list in 0..if chroma_format == 3 { 12 } else { 8 } {
        if !bits.flag()? {
            continue;
        }
        let (mut last, mut next) = (8_i64, 8_i64);
        for _ in 0..if list < 6 { 16 } else { 64 } {
            if next != 0 {
                next = (last + bits.signed()?).rem_euclid(256);
            }
            last = if next == 0 { last } else { next };
        }
    }
    Some(())
}

/// Skips how frames are numbered and ordered.
fn skip_orders(bits: &mut Bits<'_>) -> Option<()> {
    bits.unsigned()?;
    match bits.unsigned()? {
        0 => {
            bits.unsigned()?;
        }
        1 => {
            bits.flag()?;
            bits.signed()?;
            bits.signed()?;
            let count = bits.unsigned().filter(|&count| count <= 255)?;
            for _ in 0..count {
                bits.signed()?;
            }
        }
        _ => {}
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{PPS, SPS};
    use proptest::prelude::*;

    /// Of interlaced pictures of 1920×1080 pixels in 4:2:2.
    const INTERLACED: &[u8] = &[
        0x67, 0x7a, 0x00, 0x28, 0xbc, 0xe8, 0x07, 0x80, 0x44, 0xfc, 0xb8, 0x08, 0x80, 0x00, 0x00, 0x03, 0x00,
        0x80, 0x00, 0x00, 0x19, 0x0f, 0x8b, 0x17, 0x50,
    ];

    #[test]
    fn sizes_are_read_with_what_is_cropped() {
        let size = |sps: &[u8]| Sps::parse(sps).map(|sps| (sps.width, sps.height));
        assert_eq!([size(SPS[0]), size(SPS[1])], [Some((64, 48)), Some((96, 80))]);
        assert_eq!(size(INTERLACED), Some((1920, 1080)));
    }

    #[test]
    fn only_high_profiles_have_formats_and_depths_in_their_configuration() {
        let plain = Sps::parse(SPS[0]).unwrap().configuration(&[SPS[0]], &[PPS]);
        let expected = [&[1, 0x42, 0xc0, 0x0a, 0xff, 0xe1, 0, 21], SPS[0], &[1, 0, 4], PPS].concat();
        assert_eq!(plain, expected);
        let high = Sps::parse(INTERLACED).unwrap().configuration(&[INTERLACED], &[PPS]);
        assert_eq!(high[high.len() - 4..], [0xfe, 0xf8, 0xf8, 0]);
    }

    #[test]
    fn a_set_that_is_cut_off_is_refused() {
        for length in 0..6 {
            assert_eq!(Sps::parse(&SPS[0][..length]), None, "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..80), high in any::<bool>()) {
            let sps = [&[0x67, if high { 100 } else { 66 }, 0, 30], &bytes[..]].concat();
            if let Some(sps) = Sps::parse(&sps) {
                prop_assert!((1..=16_384).contains(&sps.width) && (1..=16_384).contains(&sps.height));
            }
        }
    }
}
