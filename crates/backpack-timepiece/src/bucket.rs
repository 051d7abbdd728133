//! How lengths of time are sorted: finely enough that all in one bucket are nearly the same, and into few enough that all buckets fit in memory.

/// As many leading binary digits tell buckets apart, beside the first.
pub(crate) const DIGITS: u32 = 7;

/// Buckets are numbered from the shortest lengths to the longest.
pub(crate) const COUNT: usize = index(u64::MAX, DIGITS) + 1;

/// The bucket of a length in nanoseconds: the shortest have one each, above that one spans less than 2 to the power of −`digits` of the lengths
/// in it.
pub(crate) const fn index(nanos: u64, digits: u32) -> usize {
    let shift = (u64::BITS - 1 - digits).saturating_sub(nanos.leading_zeros());
    ((shift as usize) << digits) + (nanos >> shift) as usize
}

/// The shortest and the longest length in a bucket that `DIGITS` tell apart.
pub(crate) const fn bounds(index: usize) -> (u64, u64) {
    let shift = (index >> DIGITS).saturating_sub(1);
    let first = ((index - (shift << DIGITS)) as u64) << shift;
    (first, first + ((1 << shift) - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_lie_side_by_side_and_cover_every_length() {
        let mut next = 0;
        for bucket in 0..COUNT {
            let (first, last) = bounds(bucket);
            assert_eq!((first, index(first, DIGITS), index(last, DIGITS)), (next, bucket, bucket));
            assert!((last - first) as f64 <= first as f64 / 128.0, "{first} to {last}");
            next = last.wrapping_add(1);
        }
        assert_eq!(next, 0, "the last bucket ends with the longest length");
    }
}
