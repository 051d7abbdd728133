use std::ops::Range;

use backpack_core::{ColorRange, Colorimetry, PlaneMut};

use super::ink::Ink;
use super::surface::by_rows;
use super::{Area, ChromaSums, Look, Mosaic, Surface};
use crate::Color;

/// A Y'CbCr frame in 4:2:0: four pixels share a sample of each chroma component, which is blended by the mean of their coverage.
pub(crate) struct Yuv<'a, 'f> {
    luma: &'a mut PlaneMut<'f>,
    chroma: Chroma<'a, 'f>,
    sums: &'a mut ChromaSums,
    /// The row of chroma samples that the sums belong to.
    chroma_row: usize,
    area: Area,
    colorimetry: Colorimetry,
    luma_ink: Ink<1>,
    planar_inks: [Ink<1>; 2],
    interleaved_ink: Ink<2>,
}

/// Where the chroma samples lie.
pub(crate) enum Chroma<'a, 'f> {
    /// Cb and Cr each in a plane.
    Planar(&'a mut PlaneMut<'f>, &'a mut PlaneMut<'f>),
    /// Cb and Cr in turn.
    Interleaved(&'a mut PlaneMut<'f>),
}

impl<'a, 'f> Yuv<'a, 'f> {
    pub fn new(
        luma: &'a mut PlaneMut<'f>,
        chroma: Chroma<'a, 'f>,
        sums: &'a mut ChromaSums,
        area: Area,
        colorimetry: Colorimetry,
    ) -> Self {
        sums.reserve(area.right as usize / 2 + 1);
        let none = Ink::new([0], 0);
        Self {
            luma,
            chroma,
            sums,
            chroma_row: 0,
            area,
            colorimetry,
            luma_ink: none.clone(),
            planar_inks: [none.clone(), none],
            interleaved_ink: Ink::new([0; 2], 0),
        }
    }

    /// Covers a rectangle of chroma samples evenly.
    fn cover_chroma(&mut self, rows: Range<usize>, columns: Range<usize>, coverage: u8) {
        match &mut self.chroma {
            Chroma::Planar(cb, cr) => {
                self.planar_inks[0].rect(cb, rows.clone(), columns.clone(), coverage);
                self.planar_inks[1].rect(cr, rows, columns, coverage);
            }
            Chroma::Interleaved(plane) => self.interleaved_ink.rect(plane, rows, columns, coverage),
        }
    }

    /// Blends the chroma of the rows so far, when row `y` belongs to other samples.
    fn turn_to(&mut self, y: usize) {
        if y / 2 != self.chroma_row {
            self.finish();
            self.chroma_row = y / 2;
        }
    }
}

impl Surface for Yuv<'_, '_> {
    fn area(&self) -> Area {
        self.area
    }

    fn ink(&mut self, color: Color) {
        let [y, cb, cr] = components(color, self.colorimetry);
        self.luma_ink = Ink::new([y], color.a);
        match self.chroma {
            Chroma::Planar(..) => self.planar_inks = [Ink::new([cb], color.a), Ink::new([cr], color.a)],
            Chroma::Interleaved(_) => self.interleaved_ink = Ink::new([cb, cr], color.a),
        }
    }

    fn rect(&mut self, area: Area) {
        self.luma_ink.rect(self.luma, area.rows(), area.columns(), 255);
        let rows = area.top as usize / 2..area.bottom as usize / 2;
        for (columns, coverage) in samples(area.columns(), self.area.right as usize) {
            self.cover_chroma(rows.clone(), columns, coverage);
        }
    }

    fn span(&mut self, y: usize, left: usize, right: usize, coverage: u8) {
        self.turn_to(y);
        self.luma_ink.cover(&mut self.luma.row_mut(y)[left..right], coverage);
        self.sums.span(left, right, coverage);
    }

    fn mask(&mut self, y: usize, left: usize, coverage: &[u8]) {
        self.turn_to(y);
        self.luma_ink.mask(&mut self.luma.row_mut(y)[left..left + coverage.len()], coverage);
        self.sums.mask(left, coverage);
    }

    /// Where the area has its samples of chroma to itself, their sums need not be kept from row to row.
    fn block(&mut self, area: Area, coverage: &[u8], pitch: usize) {
        if area.evened() != area {
            by_rows(self, area, coverage, pitch);
            return;
        }
        let (width, samples) = (area.columns().len(), area.left as usize / 2..area.right as usize / 2);
        for (y, rows) in area.rows().step_by(2).zip(coverage.chunks(2 * pitch)) {
            let (upper, lower) = (&rows[..width], &rows[pitch..pitch + width]);
            self.luma_ink.mask(&mut self.luma.row_mut(y)[area.columns()], upper);
            self.luma_ink.mask(&mut self.luma.row_mut(y + 1)[area.columns()], lower);
            let means = self.sums.means(upper, lower);
            match &mut self.chroma {
                Chroma::Planar(cb, cr) => {
                    self.planar_inks[0].mask(&mut cb.row_mut(y / 2)[samples.clone()], means);
                    self.planar_inks[1].mask(&mut cr.row_mut(y / 2)[samples.clone()], means);
                }
                Chroma::Interleaved(plane) => {
                    let samples = 2 * samples.start..2 * samples.end;
                    self.interleaved_ink.mask(&mut plane.row_mut(y / 2)[samples], means);
                }
            }
        }
    }

    fn mosaic(&mut self, mosaic: &mut Mosaic, area: Area, cells: (usize, usize), look: Look) {
        let half = |length: i32| (length + 1) / 2;
        let chroma = Area {
            left: half(area.left),
            top: half(area.top),
            right: half(area.right),
            bottom: half(area.bottom),
        };
        mosaic.draw::<1>(self.luma, area, cells, look);
        match &mut self.chroma {
            Chroma::Planar(cb, cr) => {
                mosaic.draw::<1>(cb, chroma, cells, look);
                mosaic.draw::<1>(cr, chroma, cells, look);
            }
            Chroma::Interleaved(plane) => mosaic.draw::<2>(plane, chroma, cells, look),
        }
    }

    fn finish(&mut self) {
        let Self { chroma, sums, chroma_row: row, area, planar_inks, interleaved_ink, .. } = self;
        let rows = if 2 * *row + 1 < area.bottom as usize { 2 } else { 1 };
        match chroma {
            Chroma::Planar(cb, cr) => {
                let (cb, cr) = (cb.row_mut(*row), cr.row_mut(*row));
                sums.drain(area.right as usize, rows, |start, coverage| {
                    let columns = start..start + coverage.len();
                    planar_inks[0].mask(&mut cb[columns.clone()], coverage);
                    planar_inks[1].mask(&mut cr[columns], coverage);
                });
            }
            Chroma::Interleaved(plane) => {
                let samples = plane.row_mut(*row);
                sums.drain(area.right as usize, rows, |start, coverage| {
                    let columns = 2 * start..2 * (start + coverage.len());
                    interleaved_ink.mask(&mut samples[columns], coverage);
                });
            }
        }
    }
}

/// The chroma samples of some columns of pixels, with how much of them is covered: the first one, those between, the last one.
///
/// At the right border of an odd frame a sample has only one column, so it is covered wholly.
fn samples(pixels: Range<usize>, width: usize) -> [(Range<usize>, u8); 3] {
    const HALF: u8 = 128;
    let first = pixels.start / 2..pixels.start.div_ceil(2);
    let last = pixels.end / 2..pixels.end.div_ceil(2);
    if pixels.end == width {
        [(first.clone(), HALF), (first.end..last.end, 255), (last.end..last.end, HALF)]
    } else {
        [(first.clone(), HALF), (first.end..last.start, 255), (last, HALF)]
    }
}

/// Y', Cb and Cr of a colour.
fn components(color: Color, colorimetry: Colorimetry) -> [u8; 3] {
    let [r, g, b] = [color.r, color.g, color.b].map(|value| f64::from(value) / 255.0);
    let (red, blue) = colorimetry.matrix.red_and_blue();
    let y = red * r + (1.0 - red - blue) * g + blue * b;
    let (cb, cr) = ((b - y) / (1.0 - blue) / 2.0, (r - y) / (1.0 - red) / 2.0);
    // A cast from a float stays in the type's range.
    match colorimetry.range {
        ColorRange::Limited => [16.0 + 219.0 * y, 128.0 + 224.0 * cb, 128.0 + 224.0 * cr],
        ColorRange::Full => [255.0 * y, 128.0 + 255.0 * cb, 128.0 + 255.0 * cr],
    }
    .map(|value| value.round() as u8)
}
