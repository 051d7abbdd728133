use crate::bits::{Bits, without_emulation_prevention};
use crate::h264::{cropped, with_length};

/// What a sequence parameter set of H.265 tells (ITU-T H.265, 7.3.2.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sps {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Profile space, tier, profile, compatibility, constraints and level, as they stand in the set.
    profile: [u8; 12],
    sub_layers: u8,
    is_nested: bool,
    chroma_format: u32,
    depth_luma: u32,
    depth_chroma: u32,
}

impl Sps {
    /// Reads a set with its two header bytes; `None` if it is cut off or says what cannot be.
    pub(crate) fn parse(nal: &[u8]) -> Option<Self> {
        let bytes = without_emulation_prevention(nal.get(2..)?);
        let mut bits = Bits::new(&bytes);
        bits.take(4)?;
        let sub_layers = u8::try_from(bits.take(3)?).ok()?;
        let is_nested = bits.flag()?;
        let mut profile = [0; 12];
        for byte in &mut profile {
            *byte = bits.byte()?;
        }
        skip_sub_layers(&mut bits, sub_layers)?;
        bits.unsigned()?;
        let chroma_format = bits.unsigned().filter(|&format| format <= 3)?;
        let is_separate = chroma_format == 3 && bits.flag()?;
        let (columns, rows) = (bits.unsigned()?, bits.unsigned()?);
        let mut crop = [0; 4];
        if bits.flag()? {
            for side in &mut crop {
                *side = bits.unsigned()?;
            }
        }
        let (unit_x, unit_y) = match chroma_format {
            _ if is_separate => (1, 1),
            1 => (2, 2),
            2 => (2, 1),
            _ => (1, 1),
        };
        Some(Self {
            width: cropped(columns, crop[0], crop[1], unit_x)?,
            height: cropped(rows, crop[2], crop[3], unit_y)?,
            profile,
            sub_layers: sub_layers + 1,
            is_nested,
            chroma_format,
            depth_luma: bits.unsigned().filter(|&depth| depth <= 7)?,
            depth_chroma: bits.unsigned().filter(|&depth| depth <= 7)?,
        })
    }

    /// The decoder configuration record (`hvcC`: ISO/IEC 14496-15, 8.3.3.1), whose lengths have four bytes.
    pub(crate) fn configuration<S: AsRef<[u8]>>(&self, vps: &[S], sps: &[S], pps: &[S]) -> Vec<u8> {
        let mut out = vec![1];
        out.extend(self.profile);
        out.extend([0xf0, 0, 0xfc]);
        // Each is at most 7, as `parse` sees to.
        out.extend([
            0xfc | self.chroma_format as u8,
            0xf8 | self.depth_luma as u8,
            0xf8 | self.depth_chroma as u8,
        ]);
        out.extend([0, 0, self.sub_layers << 3 | u8::from(self.is_nested) << 2 | 3, 3]);
        for (kind, sets) in [(32, vps), (33, sps), (34, pps)] {
            out.push(0x80 | kind);
            out.extend(u16::try_from(sets.len()).unwrap_or(u16::MAX).to_be_bytes());
            sets.iter().for_each(|set| with_length(&mut out, set.as_ref()));
        }
        out
    }
}

/// Skips the profiles and levels of the sub-layers (ITU-T H.265, 7.3.3).
fn skip_sub_layers(bits: &mut Bits<'_>, count: u8) -> Option<()> {
    if count == 0 {
        return Some(());
    }
    let flags = bits.take(16)?;
    for layer in 0..count {
        let [profile, level] = [flags >> (15 - 2 * layer) & 1, flags >> (14 - 2 * layer) & 1];
        bits.skip(88 * profile as usize + 8 * level as usize);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Of 66×50 pixels.
    const SPS: &[u8] = &[
        0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00, 0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00,
        0x1e, 0xa0, 0x24, 0x83, 0x9c, 0x92, 0x65, 0x95, 0x96, 0xe4, 0xca, 0xf0, 0x16, 0x80, 0x80, 0x00, 0x00,
        0x03, 0x00, 0x80, 0x00, 0x00, 0x0c, 0x84,
    ];

    #[test]
    fn the_size_and_the_profile_are_read() {
        let sps = Sps::parse(SPS).unwrap();
        assert_eq!((sps.width, sps.height, sps.sub_layers, sps.is_nested), (66, 50, 1, true));
        assert_eq!(sps.profile, [1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 30]);
        let record = sps.configuration(&[&[0x40, 1][..]], &[SPS], &[&[0x44, 1][..]]);
        assert_eq!(
            record[..23],
            [1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 30, 0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f, 3]
        );
        assert_eq!(record[23..30], [0xa0, 0, 1, 0, 2, 0x40, 1]);
    }

    #[test]
    fn a_set_that_is_cut_off_is_refused() {
        for length in 0..20 {
            assert_eq!(Sps::parse(&SPS[..length]), None, "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            if let Some(sps) = Sps::parse(&bytes) {
                sps.configuration::<&[u8]>(&[], &[&bytes], &[]);
            }
        }
    }
}
