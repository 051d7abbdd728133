use super::intervals::Intervals;

/// The coverage of the two rows of pixels that share a row of chroma samples, summed up.
#[derive(Default)]
pub(crate) struct ChromaSums {
    /// One sum of up to four coverages for each chroma sample; zero outside the stretches.
    sums: Vec<u16>,
    touched: Intervals,
    /// The sums of one stretch as coverage.
    coverage: Vec<u8>,
}

impl ChromaSums {
    /// Makes room for rows of `samples` chroma samples.
    pub fn reserve(&mut self, samples: usize) {
        if self.sums.len() < samples {
            self.sums.resize(samples, 0);
            self.coverage.resize(samples, 0);
        }
    }

    /// Adds pixels that are covered evenly.
    pub fn span(&mut self, left: usize, right: usize, coverage: u8) {
        if left >= right {
            return;
        }
        let coverage = u16::from(coverage);
        self.touched.push(left / 2, right.div_ceil(2));
        // The samples that the stretch covers only half of, then the whole ones.
        let (first, last) = (left.div_ceil(2), right / 2);
        if left % 2 == 1 {
            self.sums[left / 2] += coverage;
        }
        if right % 2 == 1 {
            self.sums[right / 2] += coverage;
        }
        if first < last {
            self.sums[first..last].iter_mut().for_each(|sum| *sum += 2 * coverage);
        }
    }

    /// Adds pixels that are covered by parts.
    pub fn mask(&mut self, left: usize, coverage: &[u8]) {
        let right = left + coverage.len();
        if coverage.is_empty() {
            return;
        }
        self.touched.push(left / 2, right.div_ceil(2));
        let (single, pairs) = coverage.split_at(left % 2);
        if let [part] = single {
            self.sums[left / 2] += u16::from(*part);
        }
        let sums = &mut self.sums[left.div_ceil(2)..right.div_ceil(2)];
        let pairs = pairs.chunks_exact(2);
        if let ([part], Some(sum)) = (pairs.remainder(), sums.last_mut()) {
            *sum += u16::from(*part);
        }
        for (sum, pair) in sums.iter_mut().zip(pairs) {
            let pair = u16::from_ne_bytes([pair[0], pair[1]]);
            *sum += (pair & 0xff) + (pair >> 8);
        }
    }

    /// The mean coverage of the samples under two rows of whole pairs of pixels.
    pub fn means(&mut self, upper: &[u8], lower: &[u8]) -> &[u8] {
        let pairs = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
        let means = &mut self.coverage[..upper.len() / 2];
        for (mean, (upper, lower)) in means.iter_mut().zip(pairs) {
            let (upper, lower) = (u16::from_ne_bytes(*upper), u16::from_ne_bytes(*lower));
            *mean = (((upper & 0xff) + (upper >> 8) + (lower & 0xff) + (lower >> 8) + 2) >> 2) as u8;
        }
        means
    }

    /// Hands out the mean coverage of the touched samples, and begins the next row.
    ///
    /// `width` is the frame's, in pixels: the last sample of an odd one stands for a single column. `rows` is how many rows of pixels share
    /// the samples: two, but one at the bottom of an odd height.
    pub fn drain(&mut self, width: usize, rows: usize, mut visit: impl FnMut(usize, &[u8])) {
        let Self { sums, touched, coverage } = self;
        let factor = if rows == 1 { 2 } else { 1 };
        touched.drain(|start, end| {
            if end * 2 > width {
                sums[end - 1] *= 2;
            }
            let (sums, coverage) = (&mut sums[start..end], &mut coverage[start..end]);
            for (mean, &mut sum) in coverage.iter_mut().zip(&mut *sums) {
                *mean = ((sum * factor + 2) >> 2) as u8;
            }
            sums.fill(0);
            visit(start, coverage);
        });
    }
}
