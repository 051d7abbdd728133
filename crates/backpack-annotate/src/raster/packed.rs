use backpack_core::PlaneMut;

use super::ink::Ink;
use super::tones::Tones;
use super::{Area, Look, Mosaic, Surface};
use crate::Color;

/// A frame of one plane with `N` bytes a pixel.
pub(crate) struct Packed<'a, 'f, const N: usize> {
    plane: &'a mut PlaneMut<'f>,
    area: Area,
    ink: Ink<N>,
    /// The colours of ink and paper and their mixtures, from when the paper was last known.
    tones: Option<(Color, Color, Tones)>,
    /// Whether it is known now.
    is_on_paper: bool,
    /// A colour as the bytes of a pixel.
    pixel: fn(Color) -> [u8; N],
}

impl<'a, 'f, const N: usize> Packed<'a, 'f, N> {
    pub fn new(plane: &'a mut PlaneMut<'f>, area: Area, pixel: fn(Color) -> [u8; N]) -> Self {
        Self { plane, area, ink: Ink::new([0; N], 0), tones: None, is_on_paper: false, pixel }
    }
}

impl<const N: usize> Surface for Packed<'_, '_, N> {
    fn area(&self) -> Area {
        self.area
    }

    fn ink(&mut self, color: Color) {
        self.ink = Ink::new((self.pixel)(color), color.a);
        self.is_on_paper = false;
    }

    fn ink_on(&mut self, color: Color, paper: Color) {
        self.ink(color);
        if N == 1 {
            return;
        }
        self.is_on_paper = true;
        // The labels of a box have the same colours.
        if self.tones.as_ref().is_none_or(|(ink, under, _)| (*ink, *under) != (color, paper)) {
            let tones = Tones::new((self.pixel)(paper), (self.pixel)(color), color.a);
            self.tones = Some((color, paper, tones));
        }
    }

    fn rect(&mut self, area: Area) {
        self.ink.rect(self.plane, area.rows(), area.columns(), 255);
    }

    fn span(&mut self, y: usize, left: usize, right: usize, coverage: u8) {
        self.ink.cover(&mut self.plane.row_mut(y)[N * left..N * right], coverage);
    }

    fn mask(&mut self, y: usize, left: usize, coverage: &[u8]) {
        let row = &mut self.plane.row_mut(y)[N * left..N * (left + coverage.len())];
        match &self.tones {
            Some((.., tones)) if self.is_on_paper => tones.mask::<N>(row, coverage),
            _ => self.ink.mask(row, coverage),
        }
    }

    fn mosaic(&mut self, mosaic: &mut Mosaic, area: Area, cells: (usize, usize), look: Look) {
        mosaic.draw::<N>(self.plane, area, cells, look);
    }

    fn finish(&mut self) {}
}
