//! The same questions, answered with whole numbers and by other ways.

use std::cmp::Ordering;
use std::ops::{Mul, Sub};

use backpack_core::Point;
use num_bigint::BigInt;

/// Coordinates that are multiples of this and not much larger than 1 can be multiplied in 128 bits.
pub const UNIT: f64 = 1.0 / (1_u64 << 58) as f64;

/// A whole number; its default is 0.
pub trait Whole: Clone + Default + Ord + Mul<Output = Self> + Sub<Output = Self> + From<i8> {}

impl Whole for i128 {}
impl Whole for BigInt {}

/// A place in whole units, and whether it is moved by a hair: by (ε, ε²) for an ε that is as small as need be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exact<W> {
    pub x: W,
    pub y: W,
    pub hair: i8,
}

impl Exact<i128> {
    pub fn at(point: Point) -> Self {
        let whole = |number: f64| {
            let units = number / UNIT;
            assert!(units.fract() == 0.0 && units.abs() < 2_f64.powi(61), "{number} is no such multiple");
            units as i128
        };
        Self { x: whole(point.x), y: whole(point.y), hair: 0 }
    }
}

impl Exact<BigInt> {
    /// In units of 2⁻¹⁰⁷⁴, of which every double is a multiple.
    pub fn at_any_size(point: Point) -> Self {
        let whole = |number: f64| {
            let (mut number, mut shift) = (number, 1074);
            while number.fract() != 0.0 {
                let step = shift.min(500);
                (number, shift) = (number * 2_f64.powi(step), shift - step);
            }
            // A whole double has its digits in at most 53 bits, and zeros behind them.
            let mut zeros = 0;
            while number.abs() >= 2_f64.powi(60) {
                (number, zeros) = (number / 2.0, zeros + 1);
            }
            BigInt::from(number as i64) << (shift + zeros)
        };
        Self { x: whole(point.x), y: whole(point.y), hair: 0 }
    }
}

impl<W: Whole> Exact<W> {
    /// The place a hair to the right and below.
    pub fn moved(self) -> Self {
        Self { hair: 1, ..self }
    }

    /// The sign of the turn from the way `a`→`b` to the way `a`→`c`, to the right as seen on the screen if it is `Greater`.
    ///
    /// With hairs it is a polynomial in ε, whose cubes cancel; the first of its coefficients that is not 0 has the say.
    pub fn turn(a: &Self, b: &Self, c: &Self) -> Ordering {
        let way = |to: &Self| {
            let [x, y] = [to.x.clone() - a.x.clone(), to.y.clone() - a.y.clone()];
            (x, y, W::from(to.hair - a.hair))
        };
        let ((bx, by, bh), (cx, cy, ch)) = (way(b), way(c));
        let coefficients = [
            (bx.clone() * cy.clone(), by.clone() * cx.clone()),
            (bh.clone() * cy, by * ch.clone()),
            (bx * ch, bh * cx),
        ];
        coefficients
            .into_iter()
            .map(|(plus, minus)| plus.cmp(&minus))
            .find(|sign| sign.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    /// Whether two segments that have no corner on each other cross.
    pub fn crosses(a: &Self, b: &Self, c: &Self, d: &Self) -> bool {
        let parts = |a, b, c, d| {
            let (c, d) = (Self::turn(a, b, c), Self::turn(a, b, d));
            c.is_ne() && c == d.reverse()
        };
        parts(a, b, c, d) && parts(c, d, a, b)
    }
}

type Fixed = Exact<i128>;

/// Follows a straight way out of the polygon, one that meets no corner, and counts the edges on it.
pub fn contains(points: &[Point], place: &Fixed) -> bool {
    let corners: Vec<Fixed> = points.iter().map(|&point| Fixed::at(point)).collect();
    let far = 1 << 62;
    let is_clear = |out: &Fixed| corners.iter().all(|corner| Exact::turn(place, out, corner).is_ne());
    let out =
        (0..).map(|shift| Exact { x: far, y: far / 3 + (shift << 50), hair: 0 }).find(is_clear).unwrap();
    let edges = corners.iter().zip(corners.iter().cycle().skip(1));
    edges.filter(|(a, b)| Exact::crosses(place, &out, a, b)).count() % 2 == 1
}

/// Whether the polygon is simple, has an area, and lies on one side of each of its edges.
pub fn is_convex(points: &[Point]) -> bool {
    let corners: Vec<Fixed> = points.iter().map(|&point| Fixed::at(point)).collect();
    let turns: Vec<Vec<Ordering>> = corners
        .iter()
        .zip(corners.iter().cycle().skip(1))
        .map(|(a, b)| corners.iter().map(|corner| Exact::turn(a, b, corner)).collect())
        .collect();
    let has_area = turns.iter().flatten().any(|turn| turn.is_ne());
    let one_side = [Ordering::Less, Ordering::Greater]
        .iter()
        .any(|side| turns.iter().flatten().all(|turn| turn.is_eq() || turn == side));
    has_area && one_side && !self_intersects(points, true)
}

/// Whether two segments have more in common than the corner at which they follow each other.
pub fn self_intersects(points: &[Point], closed: bool) -> bool {
    let mut corners: Vec<Fixed> = points.iter().map(|&point| Fixed::at(point)).collect();
    if closed {
        corners.push(corners[0].clone());
    }
    let segments: Vec<_> = corners.windows(2).filter(|pair| pair[0] != pair[1]).collect();
    let is_ring = corners.first() == corners.last();
    let count = segments.len();
    (0..count).any(|i| {
        (0..i).any(|j| {
            let (before, after) = (segments[j], segments[i]);
            let mut joints = Vec::new();
            if i == j + 1 {
                joints.push((&before[0], &before[1], &after[1]));
            }
            if is_ring && j == 0 && i == count - 1 {
                joints.push((&after[0], &before[0], &before[1]));
            }
            match &joints[..] {
                [] => have_common_point(before, after),
                joints => joints.iter().any(|(a, b, c)| folds_back(a, b, c)),
            }
        })
    })
}

fn folds_back(a: &Fixed, b: &Fixed, c: &Fixed) -> bool {
    let ahead = (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y);
    Exact::turn(a, b, c).is_eq() && ahead < 0
}

fn have_common_point(first: &[Fixed], second: &[Fixed]) -> bool {
    let lies_on = |point: &Fixed, segment: &[Fixed]| {
        let within = |a: i128, b: i128, c: i128| (a - b) * (a - c) <= 0;
        Exact::turn(&segment[0], &segment[1], point).is_eq()
            && within(point.x, segment[0].x, segment[1].x)
            && within(point.y, segment[0].y, segment[1].y)
    };
    Exact::crosses(&first[0], &first[1], &second[0], &second[1])
        || first.iter().any(|end| lies_on(end, second))
        || second.iter().any(|end| lies_on(end, first))
}
