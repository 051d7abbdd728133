use backpack::core::{Plane, Rect};
use image::{GrayImage, Luma};
use imageproc::distance_transform::Norm;
use imageproc::morphology;
use imageproc::region_labelling::{Connectivity, connected_components};

/// The picture is shrunk to about this width in pixels before it is looked at.
const WIDTH: usize = 384;

/// How far a pixel must be from the background, in grey levels.
const THRESHOLD: f32 = 24.0;

/// The smallest part of the picture that counts as something.
const SMALLEST: f64 = 0.0004;

/// A pixel that differs less than this from the frame before stands still, in grey levels.
const STILL: u8 = 5;

/// If more of the picture than this is new, it is a new picture: a cut, or the camera was moved.
const CUT: f64 = 0.5;

/// Finds what moves before a background that it learns: a stand-in for your own model.
#[derive(Default)]
pub struct MotionDetector {
    background: Vec<f32>,
    previous: GrayImage,
    frames: u32,
}

impl MotionDetector {
    /// The boxes of what moves. After a cut there is nothing to compare with, so there are none and `cut` is true.
    pub fn detect(&mut self, luma: Plane<'_>) -> Motion {
        let picture = shrink(luma);
        let pixels = picture.len() as f64;
        if self.previous.dimensions() != picture.dimensions() {
            self.previous = picture;
            return self.begin_again();
        }
        let mut mask = GrayImage::new(picture.width(), picture.height());
        let foreground = self.subtract(&picture, &mut mask);
        self.previous = picture;
        if f64::from(foreground) > CUT * pixels {
            return self.begin_again();
        }
        morphology::open_mut(&mut mask, Norm::L1, 1);
        morphology::close_mut(&mut mask, Norm::LInf, 3);
        let boxes = boxes(&mask, (SMALLEST * pixels) as u32);
        let (width, height) = (f64::from(mask.width()), f64::from(mask.height()));
        let rects = join_stacked(boxes).into_iter().filter_map(|[left, top, right, bottom]| {
            let [l, t, r, b] = [left, top, right + 1, bottom + 1].map(f64::from);
            Rect::from_tlbr(t / height, l / width, b / height, r / width).ok()
        });
        Motion { rects: rects.collect(), cut: false }
    }

    fn begin_again(&mut self) -> Motion {
        self.background = self.previous.iter().map(|&pixel| pixel.into()).collect();
        self.frames = 1;
        Motion { rects: Vec::new(), cut: true }
    }

    /// Marks what differs from the background, learns, and returns how many pixels differ.
    ///
    /// The background moves towards the picture by a fixed step, which makes it a running median: what passes does not smear it. It moves
    /// faster where the picture stands still, so that the ghost of somebody who was there at first, or stood for long, soon fades.
    fn subtract(&mut self, picture: &GrayImage, mask: &mut GrayImage) -> u32 {
        self.frames += 1;
        let still = (48.0 / self.frames as f32).max(2.0);
        let mut foreground = 0;
        let pixels = picture.iter().zip(self.previous.iter()).zip(&mut self.background).zip(mask.iter_mut());
        for (((&pixel, &previous), background), mask) in pixels {
            let difference = f32::from(pixel) - *background;
            let step = if pixel.abs_diff(previous) < STILL { still } else { 0.3 };
            *background += difference.clamp(-step, step);
            let differs = difference.abs() > THRESHOLD;
            *mask = if differs { 255 } else { 0 };
            foreground += u32::from(differs);
        }
        foreground
    }
}

/// What moved in one frame.
pub struct Motion {
    pub rects: Vec<Rect>,
    pub cut: bool,
}

/// A smaller picture: each pixel is the mean of a square.
fn shrink(luma: Plane<'_>) -> GrayImage {
    let factor = (luma.row_bytes() / WIDTH).max(1);
    let (width, height) = (luma.row_bytes() / factor, luma.height() / factor);
    let mut small = GrayImage::new(width as u32, height as u32);
    let mut sums = vec![0u32; width];
    for (y, row) in small.rows_mut().enumerate() {
        sums.fill(0);
        for line in 0..factor {
            let pixels = luma.row(y * factor + line).chunks_exact(factor);
            for (sum, square) in sums.iter_mut().zip(pixels) {
                *sum += square.iter().map(|&pixel| u32::from(pixel)).sum::<u32>();
            }
        }
        for (Luma([pixel]), sum) in row.zip(&sums) {
            *pixel = (sum / (factor * factor) as u32) as u8;
        }
    }
    small
}

/// Left, top, right and bottom pixel of every connected region of at least `smallest` pixels.
fn boxes(mask: &GrayImage, smallest: u32) -> Vec<[u32; 4]> {
    let labels = connected_components(mask, Connectivity::Eight, Luma([0]));
    let mut regions: Vec<([u32; 4], u32)> = Vec::new();
    for (x, y, &Luma([label])) in labels.enumerate_pixels() {
        let Some(index) = (label as usize).checked_sub(1) else { continue };
        if regions.len() <= index {
            regions.resize(index + 1, ([u32::MAX, u32::MAX, 0, 0], 0));
        }
        let (edges, pixels) = &mut regions[index];
        *edges = [edges[0].min(x), edges[1].min(y), edges[2].max(x), edges[3].max(y)];
        *pixels += 1;
    }
    regions.into_iter().filter(|&(_, pixels)| pixels >= smallest).map(|(edges, _)| edges).collect()
}

/// Joins boxes that stand one above the other: a walking person easily falls apart into head, coat and legs.
fn join_stacked(mut boxes: Vec<[u32; 4]>) -> Vec<[u32; 4]> {
    let mut joined: Vec<[u32; 4]> = Vec::new();
    while let Some(mut next) = boxes.pop() {
        while let Some(at) = joined.iter().position(|other| is_stacked(&next, other)) {
            let other = joined.swap_remove(at);
            next =
                [next[0].min(other[0]), next[1].min(other[1]), next[2].max(other[2]), next[3].max(other[3])];
        }
        joined.push(next);
    }
    joined
}

fn is_stacked(a: &[u32; 4], b: &[u32; 4]) -> bool {
    let common = (a[2].min(b[2]) + 1).saturating_sub(a[0].max(b[0]));
    let narrower = (a[2] - a[0]).min(b[2] - b[0]) + 1;
    let gap = a[1].max(b[1]).saturating_sub(a[3].min(b[3]));
    2 * common > narrower && gap <= 6
}
