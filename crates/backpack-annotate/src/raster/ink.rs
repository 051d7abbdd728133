use std::ops::Range;

use backpack_core::PlaneMut;

use super::blend::{mix, scaled, weight};

/// The length of the repeated colour in bytes: whole pixels of one, two, three and four bytes.
const PATTERN: usize = 96;

/// Pixels that are blended together.
const GROUP: usize = 16;

/// A colour for pixels of `N` bytes, ready to be put on planes.
#[derive(Clone)]
pub(crate) struct Ink<const N: usize> {
    /// The colour over and over.
    pattern: [u8; PATTERN],
    /// The opacity.
    weight: u16,
}

impl<const N: usize> Ink<N> {
    pub fn new(color: [u8; N], opacity: u8) -> Self {
        Self { pattern: std::array::from_fn(|index| color[index % N]), weight: weight(opacity) }
    }

    /// Covers a rectangle of pixels evenly.
    pub fn rect(&self, plane: &mut PlaneMut<'_>, rows: Range<usize>, columns: Range<usize>, coverage: u8) {
        if rows.is_empty() || columns.is_empty() {
            return;
        }
        let (stride, length) = (plane.stride(), N * columns.len());
        let bytes = &mut plane.data_mut()[rows.start * stride + N * columns.start..];
        let rows = bytes.chunks_mut(stride).take(rows.len());
        let weight = weight(scaled(coverage, self.weight));
        // Upright lines are many short rows: of known length, they need neither loop nor call.
        match length {
            1 => self.columns::<1>(rows, weight),
            2 => self.columns::<2>(rows, weight),
            3 => self.columns::<3>(rows, weight),
            4 => self.columns::<4>(rows, weight),
            6 => self.columns::<6>(rows, weight),
            8 => self.columns::<8>(rows, weight),
            9 => self.columns::<9>(rows, weight),
            12 => self.columns::<12>(rows, weight),
            _ => rows.for_each(|row| self.put(&mut row[..length], weight)),
        }
    }

    fn columns<'a, const LENGTH: usize>(&self, rows: impl Iterator<Item = &'a mut [u8]>, weight: u16) {
        let mut over = [0; LENGTH];
        over.copy_from_slice(&self.pattern[..LENGTH]);
        for bytes in rows.filter_map(|row| row.first_chunk_mut::<LENGTH>()) {
            if weight == 256 {
                *bytes = over;
            } else {
                for (sample, over) in bytes.iter_mut().zip(over) {
                    *sample = mix(*sample, over, weight);
                }
            }
        }
    }

    /// Covers all of `row` evenly.
    pub fn cover(&self, row: &mut [u8], coverage: u8) {
        self.put(row, weight(scaled(coverage, self.weight)));
    }

    fn put(&self, row: &mut [u8], weight: u16) {
        if weight == 256 {
            self.replace(row);
            return;
        }
        for chunk in row.chunks_mut(PATTERN) {
            for (sample, &over) in chunk.iter_mut().zip(&self.pattern) {
                *sample = mix(*sample, over, weight);
            }
        }
    }

    /// Covers each pixel of `row` by its part.
    pub fn mask(&self, row: &mut [u8], coverage: &[u8]) {
        if N == 1 {
            self.mix_by_parts(row, std::iter::repeat(self.pattern[0]), coverage);
            return;
        }
        let (groups, rest) = coverage.as_chunks::<GROUP>();
        let (grouped, single) = row.split_at_mut(N * GROUP * groups.len());
        for (pixels, parts) in grouped.chunks_exact_mut(N * GROUP).zip(groups) {
            // Much of a row is either empty or full.
            match u128::from_ne_bytes(*parts) {
                0 => {}
                u128::MAX if self.weight == 256 => self.replace(pixels),
                _ => self.blend::<GROUP, { 4 * GROUP + 4 }>(pixels, parts),
            }
        }
        // Slanted lines are many short rows.
        let (fours, rest) = rest.as_chunks::<4>();
        let (grouped, single) = single.split_at_mut(N * 4 * fours.len());
        for (pixels, parts) in grouped.chunks_exact_mut(N * 4).zip(fours) {
            self.blend::<4, 20>(pixels, parts);
        }
        for (pixel, &part) in single.chunks_exact_mut(N).zip(rest) {
            let weight = weight(scaled(part, self.weight));
            for (sample, &over) in pixel.iter_mut().zip(&self.pattern) {
                *sample = mix(*sample, over, weight);
            }
        }
    }

    /// Covers a group of pixels, each by its part; `BYTES` is room for four bytes of each and four more.
    fn blend<const PIXELS: usize, const BYTES: usize>(&self, pixels: &mut [u8], parts: &[u8; PIXELS]) {
        // The coverage of the single bytes, so that they can be blended in vectors.
        let mut repeated = [0; BYTES];
        for (index, &part) in parts.iter().enumerate() {
            // What is too much is written over by the next one.
            let four = u32::from(part) * 0x0101_0101;
            repeated[N * index..][..4].copy_from_slice(&four.to_ne_bytes());
        }
        self.mix_by_parts(pixels, self.pattern.iter().copied(), &repeated);
    }

    /// Mixes bytes with those of the colour, each by its part.
    fn mix_by_parts(&self, under: &mut [u8], over: impl Iterator<Item = u8>, parts: &[u8]) {
        let samples = under.iter_mut().zip(over).zip(parts);
        if self.weight == 256 {
            samples.for_each(|((sample, over), &part)| *sample = mix(*sample, over, weight(part)));
        } else {
            samples.for_each(|((sample, over), &part)| {
                *sample = mix(*sample, over, weight(scaled(part, self.weight)));
            });
        }
    }

    fn replace(&self, row: &mut [u8]) {
        if N == 1 {
            row.fill(self.pattern[0]);
            return;
        }
        let mut chunks = row.chunks_exact_mut(PATTERN);
        for chunk in &mut chunks {
            chunk.copy_from_slice(&self.pattern);
        }
        let rest = chunks.into_remainder();
        rest.copy_from_slice(&self.pattern[..rest.len()]);
    }
}
