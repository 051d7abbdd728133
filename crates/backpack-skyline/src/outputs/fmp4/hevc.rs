use std::fmt::Write;

use mp4_atom::{HvcCArray, Hvcc};

/// The decoder configuration of an H.265 stream (ISO/IEC 14496-15, 8.3.3), from its parameter sets, of which each kind must be there.
pub(super) fn configuration(vps: Vec<Vec<u8>>, sps: Vec<Vec<u8>>, pps: Vec<Vec<u8>>) -> Result<Hvcc, String> {
    let known = sps.first().and_then(|sps| sequence(sps)).ok_or("the sequence parameter set is cut off")?;
    let array = |nal_unit_type, nalus| HvcCArray { completeness: true, nal_unit_type, nalus };
    Ok(Hvcc { arrays: vec![array(32, vps), array(33, sps), array(34, pps)], ..known })
}

/// The codec with its profile and level, such as `hvc1.1.6.L93.B0` (ISO/IEC 14496-15, annex E).
pub(super) fn codecs(hvcc: &Hvcc) -> String {
    let space = ["", "A", "B", "C"][usize::from(hvcc.general_profile_space & 3)];
    let compatible = u32::from_be_bytes(hvcc.general_profile_compatibility_flags).reverse_bits();
    let tier = if hvcc.general_tier_flag { 'H' } else { 'L' };
    let mut text =
        format!("hvc1.{space}{}.{compatible:X}.{tier}{}", hvcc.general_profile_idc, hvcc.general_level_idc);
    let constraints = &hvcc.general_constraint_indicator_flags;
    let used = constraints.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    for byte in &constraints[..used] {
        // Writing to a string cannot fail.
        let _ = write!(text, ".{byte:X}");
    }
    text
}

/// What a sequence parameter set tells (ITU-T H.265, 7.3.2.2); `None` if it is cut off.
fn sequence(sps: &[u8]) -> Option<Hvcc> {
    let bytes = without_emulation_prevention(sps.get(2..)?);
    let mut bits = Bits { bytes: &bytes, at: 0 };
    bits.take(4)?;
    let sub_layers = bits.byte(3)?;
    let temporal_id_nested = bits.take(1)? == 1;
    let mut hvcc = Hvcc {
        temporal_id_nested,
        num_temporal_layers: sub_layers + 1,
        length_size_minus_one: 3,
        general_profile_space: bits.byte(2)?,
        general_tier_flag: bits.take(1)? == 1,
        general_profile_idc: bits.byte(5)?,
        ..Hvcc::new()
    };
    for flags in &mut hvcc.general_profile_compatibility_flags {
        *flags = bits.byte(8)?;
    }
    for flags in &mut hvcc.general_constraint_indicator_flags {
        *flags = bits.byte(8)?;
    }
    hvcc.general_level_idc = bits.byte(8)?;
    bits.skip_sub_layers(sub_layers)?;
    bits.exp_golomb()?;
    hvcc.chroma_format_idc = u8::try_from(bits.exp_golomb()?).ok()?;
    if hvcc.chroma_format_idc == 3 {
        bits.take(1)?;
    }
    // Width and height.
    bits.exp_golomb()?;
    bits.exp_golomb()?;
    if bits.take(1)? == 1 {
        for _ in 0..4 {
            bits.exp_golomb()?;
        }
    }
    hvcc.bit_depth_luma_minus8 = u8::try_from(bits.exp_golomb()?).ok()?;
    hvcc.bit_depth_chroma_minus8 = u8::try_from(bits.exp_golomb()?).ok()?;
    Some(hvcc)
}

/// The payload without the 3 that keeps two zero bytes from looking like a start code (ITU-T H.265, 7.4.2).
fn without_emulation_prevention(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut zeros = 0;
    for &byte in bytes {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros + 1 } else { 0 };
        out.push(byte);
    }
    out
}

/// Reads bits, the highest of each byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn bit(&mut self) -> Option<u32> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit.into())
    }

    /// A number of up to 32 bits.
    fn take(&mut self, count: u32) -> Option<u32> {
        (0..count).try_fold(0, |number, _| Some(number << 1 | self.bit()?))
    }

    /// A number of up to 8 bits.
    fn byte(&mut self, count: u32) -> Option<u8> {
        u8::try_from(self.take(count)?).ok()
    }

    /// A number in the code `ue(v)` (ITU-T H.265, 9.2).
    fn exp_golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.bit()? == 0 {
            zeros += 1;
        }
        if zeros > 31 {
            return None;
        }
        Some(((1 << zeros) - 1) + self.take(zeros)?)
    }

    /// Skips the profiles and levels of the sub-layers (ITU-T H.265, 7.3.3).
    fn skip_sub_layers(&mut self, count: u8) -> Option<()> {
        if count == 0 {
            return Some(());
        }
        let flags = self.take(16)?;
        for layer in 0..count {
            let [profile, level] = [flags >> (15 - 2 * layer) & 1, flags >> (14 - 2 * layer) & 1];
            self.at += 88 * profile as usize + 8 * level as usize;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Of a 1280×720 picture in 8 bits, main profile, level 4.
    const SPS: [u8; 31] = [
        66, 1, 1, 1, 96, 0, 0, 3, 0, 0, 3, 0, 0, 3, 0, 0, 3, 0, 120, 160, 2, 128, 128, 45, 31, 229, 249, 36,
        109, 158, 217,
    ];

    #[test]
    fn profile_level_and_format_are_read_through_emulation_prevention() {
        let hvcc = sequence(&SPS).unwrap();
        assert_eq!(hvcc.general_profile_compatibility_flags, [96, 0, 0, 0]);
        assert_eq!(
            (hvcc.general_profile_idc, hvcc.general_level_idc, hvcc.general_tier_flag),
            (1, 120, false)
        );
        assert_eq!((hvcc.chroma_format_idc, hvcc.bit_depth_luma_minus8), (1, 0));
        assert_eq!((hvcc.num_temporal_layers, hvcc.temporal_id_nested), (1, true));
        assert_eq!(codecs(&hvcc), "hvc1.1.6.L120");
    }

    #[test]
    fn a_set_that_is_cut_off_is_refused() {
        for length in 0..20 {
            assert_eq!(sequence(&SPS[..length]), None, "{length} bytes");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Some(hvcc) = sequence(&bytes) {
                codecs(&hvcc);
            }
        }
    }
}
