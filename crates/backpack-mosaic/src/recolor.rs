use backpack_core::{ColorRange, Colorimetry, FrameMut};

/// From the numbers of one colorimetry to those of another one, without the way over RGB, which would cut off colours.
///
/// Chroma depends on chroma alone, and grey stays grey, because both matrices have the same axis of greys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Recolor {
    /// Of luma in new luma; its zero points.
    luma: (i32, i32, i32),
    /// Of Cb and Cr in new luma.
    into_luma: [i32; 2],
    /// Of Cb and Cr in new Cb, and in new Cr.
    chroma: [[i32; 2]; 2],
}

/// Factors are in parts of this.
const ONE: f64 = 65_536.0;

impl Recolor {
    /// The change from one to the other, unless they are the same.
    pub fn new(from: Colorimetry, to: Colorimetry) -> Option<Self> {
        if from == to {
            return None;
        }
        let (old_red, old_blue) = from.matrix.red_and_blue();
        let (red, blue) = to.matrix.red_and_blue();
        let (old_black, old_luma, old_chroma) = extent(from.range);
        let (black, luma, chroma) = extent(to.range);
        // What Cb and Cr add to R', G' and B' beside luma.
        let of_cb = add(old_red, old_blue, 2.0 * (1.0 - old_blue), 0.0);
        let of_cr = add(old_red, old_blue, 0.0, 2.0 * (1.0 - old_red));
        let new_luma = [of_cb, of_cr].map(|[r, g, b]| red * r + (1.0 - red - blue) * g + blue * b);
        let fixed = |factor: f64| (factor * ONE).round() as i32;
        let into_luma = new_luma.map(|part| fixed(part * luma / old_chroma));
        let rescaled = chroma / old_chroma;
        let new = |channel: usize, weight: f64| {
            let parts = [of_cb[channel] - new_luma[0], of_cr[channel] - new_luma[1]];
            parts.map(|part| fixed(part / (2.0 * (1.0 - weight)) * rescaled))
        };
        Some(Self {
            luma: (fixed(luma / old_luma), old_black, black),
            into_luma,
            chroma: [new(2, blue), new(0, red)],
        })
    }

    /// Changes an I420 picture with even sides.
    pub fn apply(&self, picture: &mut FrameMut<'_>) {
        let [luma, cb, cr] = picture.planes_mut() else { return };
        let mut luma_rows = luma.rows_mut();
        for (cb, cr) in cb.rows_mut().zip(cr.rows_mut()) {
            for row in luma_rows.by_ref().take(2) {
                self.luma_row(row, cb, cr);
            }
            self.chroma_row(cb, cr);
        }
    }

    fn luma_row(&self, row: &mut [u8], cb: &[u8], cr: &[u8]) {
        let (gain, old_black, black) = self.luma;
        let offset = (black << 16) + (1 << 15) - gain * old_black;
        for ((pair, &cb), &cr) in row.as_chunks_mut::<2>().0.iter_mut().zip(cb).zip(cr) {
            let shift = self.mixed(self.into_luma, cb, cr) + offset;
            *pair = pair.map(|luma| saturated(i32::from(luma) * gain + shift));
        }
    }

    fn chroma_row(&self, cb: &mut [u8], cr: &mut [u8]) {
        let neutral = (128 << 16) + (1 << 15);
        for (cb, cr) in cb.iter_mut().zip(cr) {
            let [new_cb, new_cr] = self.chroma.map(|parts| self.mixed(parts, *cb, *cr) + neutral);
            (*cb, *cr) = (saturated(new_cb), saturated(new_cr));
        }
    }

    fn mixed(&self, [of_cb, of_cr]: [i32; 2], cb: u8, cr: u8) -> i32 {
        (i32::from(cb) - 128) * of_cb + (i32::from(cr) - 128) * of_cr
    }
}

/// Black, the extent of luma and that of chroma.
fn extent(range: ColorRange) -> (i32, f64, f64) {
    match range {
        ColorRange::Limited => (16, 219.0, 224.0),
        ColorRange::Full => (0, 255.0, 255.0),
    }
}

/// R', G' and B' of a colour with luma 0 whose differences of blue and red from luma are these.
fn add(red: f64, blue: f64, b: f64, r: f64) -> [f64; 3] {
    [r, -(red * r + blue * b) / (1.0 - red - blue), b]
}

fn saturated(fixed: i32) -> u8 {
    (fixed >> 16).clamp(0, 255) as u8
}
