use backpack_core::Plane;

/// Writes the means of 2×2 samples of `source` to `target`, without padding; returns the width and height.
///
/// An odd last column or row is averaged with itself.
pub(crate) fn halve(source: Plane<'_>, target: &mut Vec<u8>) -> (usize, usize) {
    let (width, height) = (source.row_bytes().div_ceil(2), source.height().div_ceil(2));
    target.resize(width * height, 0);
    for (y, row) in target.chunks_exact_mut(width).enumerate() {
        let upper = source.row(2 * y);
        let lower = if 2 * y + 1 < source.height() { source.row(2 * y + 1) } else { upper };
        halve_row(upper, lower, row);
    }
    (width, height)
}

fn halve_row(upper: &[u8], lower: &[u8], target: &mut [u8]) {
    let (upper, upper_rest) = upper.as_chunks::<2>();
    let (lower, lower_rest) = lower.as_chunks::<2>();
    for ((mean, a), b) in target.iter_mut().zip(upper).zip(lower) {
        *mean = ((u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]) + 2) / 4) as u8;
    }
    if let (Some(mean), [a], [b]) = (target.last_mut(), upper_rest, lower_rest) {
        *mean = (u16::from(*a) + u16::from(*b)).div_ceil(2) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plane_scaler::tight;

    #[test]
    fn each_sample_is_the_mean_of_those_it_stands_for() {
        let mut half = Vec::new();
        let samples = [0, 4, 100, 8, 12, 200, 50, 70, 30];
        assert_eq!(halve(tight(&samples, 3, 3), &mut half), (2, 2));
        assert_eq!(half, [6, 150, 60, 30]);
    }
}
