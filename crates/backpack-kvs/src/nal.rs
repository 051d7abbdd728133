use backpack_skyline::Codec;

/// What a NAL unit is to a fragment (ITU-T H.264, table 7-1; ITU-T H.265, table 7-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nal {
    Vps,
    Sps,
    Pps,
    /// A part of a picture.
    Slice {
        /// Decoding can begin here.
        is_key: bool,
        /// Pictures may follow that are shown earlier.
        may_lead: bool,
    },
    /// Something that belongs with the picture.
    Other,
    /// Delimiters, fillers and ends, which have no place in a container.
    Filler,
}

impl Nal {
    pub(crate) fn of(codec: Codec, unit: &[u8]) -> Self {
        let first = unit.first().copied().unwrap_or_default();
        match codec {
            Codec::H265 => Self::h265(first >> 1 & 0x3f),
            _ => Self::h264(first & 0x1f),
        }
    }

    fn h264(kind: u8) -> Self {
        match kind {
            5 => Self::Slice { is_key: true, may_lead: false },
            // A key frame that is none of the standard's is an open group's.
            1..=4 => Self::Slice { is_key: false, may_lead: true },
            7 => Self::Sps,
            8 => Self::Pps,
            9..=12 => Self::Filler,
            _ => Self::Other,
        }
    }

    fn h265(kind: u8) -> Self {
        match kind {
            // Those that no leading pictures follow.
            18 | 20 => Self::Slice { is_key: true, may_lead: false },
            16..=21 => Self::Slice { is_key: true, may_lead: true },
            0..=31 => Self::Slice { is_key: false, may_lead: true },
            32 => Self::Vps,
            33 => Self::Sps,
            34 => Self::Pps,
            35..=38 => Self::Filler,
            _ => Self::Other,
        }
    }
}
