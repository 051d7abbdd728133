use backpack_skyline::annex_b;

/// How the NAL units of an access unit are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Framing {
    /// Each stands behind a start code, as in a byte stream (Annex B of the standards).
    #[default]
    AnnexB,
    /// Each stands behind its length in so many bytes, 1 to 4, as in MP4 and Matroska.
    LengthPrefixed(u8),
}

impl Framing {
    /// The NAL units of an access unit, in their order; `None` if the lengths do not fit the data.
    pub(crate) fn split(self, data: &[u8]) -> Option<Vec<&[u8]>> {
        match self {
            Self::AnnexB => Some(annex_b::nal_units(data).collect()),
            Self::LengthPrefixed(size) => length_prefixed(data, size.into()),
        }
    }
}

fn length_prefixed(mut data: &[u8], size: usize) -> Option<Vec<&[u8]>> {
    if !(1..=4).contains(&size) {
        return None;
    }
    let mut units = Vec::new();
    while !data.is_empty() {
        let (length, rest) = data.split_at_checked(size)?;
        let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
        let (unit, rest) = rest.split_at_checked(length)?;
        if !unit.is_empty() {
            units.push(unit);
        }
        data = rest;
    }
    Some(units)
}
