use crate::AccessUnit;

/// The largest group of pictures that is kept for viewers who join.
const BYTES: usize = 8 << 20;

/// A viewer who joins so soon after a key frame begins there; decoding more pictures first would take longer than waiting for a new one.
const RECENT: usize = 8;

/// The units since the last key frame.
#[derive(Debug, Default)]
pub(crate) struct Group {
    units: Vec<AccessUnit>,
    bytes: usize,
}

impl Group {
    /// Adds the next unit. A group that grows too large is not kept; there is none until the next key frame then.
    pub(crate) fn push(&mut self, unit: &AccessUnit) {
        if unit.keyframe || self.bytes > BYTES {
            self.units.clear();
            self.bytes = 0;
        }
        if unit.keyframe || !self.units.is_empty() {
            self.bytes += unit.data.len();
            self.units.push(unit.clone());
        }
    }

    pub(crate) fn units(&self) -> &[AccessUnit] {
        &self.units
    }

    /// Whether the key frame is one of the newest pictures.
    pub(crate) fn is_recent(&self) -> bool {
        (1..=RECENT).contains(&self.units.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backpack_core::Timestamp;

    fn unit(keyframe: bool, size: usize) -> AccessUnit {
        AccessUnit::new(vec![0; size], Timestamp::ZERO, keyframe)
    }

    #[test]
    fn a_group_begins_at_a_key_frame() {
        let mut group = Group::default();
        group.push(&unit(false, 1));
        assert_eq!(group.units().len(), 0);
        for keyframe in [true, false, false, true, false] {
            group.push(&unit(keyframe, 1));
        }
        assert_eq!(group.units().iter().map(|unit| unit.keyframe).collect::<Vec<_>>(), [true, false]);
        assert!(group.is_recent());
    }

    #[test]
    fn a_group_that_grows_too_large_is_not_kept() {
        let mut group = Group::default();
        group.push(&unit(true, BYTES / 2 + 1));
        group.push(&unit(false, BYTES / 2 + 1));
        assert_eq!(group.units().len(), 2);
        group.push(&unit(false, 1));
        group.push(&unit(false, 1));
        assert_eq!(group.units().len(), 0);
        assert!(!group.is_recent());
    }
}
