use std::cmp::Ordering;

use crate::Point;

/// A product of two numbers is a multiple of 2⁻²¹⁴⁸ and less than 2²⁰⁴⁸ in size: 4196 bits, to which the sum of six adds three.
const LIMBS: usize = 4199_usize.div_ceil(64);

/// The sign of the orientation without any rounding.
///
/// Multiplied out it is a sum of six products of coordinates, and these are added as whole numbers that are long enough for any of them. It
/// takes some hundred nanoseconds, but it is asked only about points on a line or so near that floating-point arithmetic cannot tell.
pub(super) fn orientation(a: Point, b: Point, point: Point) -> Ordering {
    let mut sum = Sum { limbs: [0; LIMBS] };
    for (from, to) in [(a, b), (b, point), (point, a)] {
        sum.add_product(from.x, to.y);
        sum.add_product(-from.y, to.x);
    }
    sum.sign()
}

/// A sum in units of 2⁻²¹⁴⁸. Each limb holds 64 bits of it, and beside them what is still to be carried on.
struct Sum {
    limbs: [i128; LIMBS],
}

impl Sum {
    fn add_product(&mut self, a: f64, b: f64) {
        let ((a, a_exponent), (b, b_exponent)) = (parts(a), parts(b));
        let product = a * b;
        let (first, shift) = ((a_exponent + b_exponent) / 64, (a_exponent + b_exponent) % 64);
        let sign = product.signum();
        // At most 106 bits and a shift of 63 go into three limbs.
        let low = product.unsigned_abs() << shift;
        let high = product.unsigned_abs() >> 64 >> (64 - shift);
        self.limbs[first] += sign * i128::from(low as u64);
        self.limbs[first + 1] += sign * i128::from((low >> 64) as u64);
        if high > 0 {
            self.limbs[first + 2] += sign * i128::from(high as u64);
        }
    }

    fn sign(&self) -> Ordering {
        let mut carry = 0;
        let mut is_zero = true;
        for limb in self.limbs {
            let limb = limb + carry;
            is_zero &= limb as u64 == 0;
            carry = limb >> 64;
        }
        match carry {
            0 if is_zero => Ordering::Equal,
            0 => Ordering::Greater,
            _ => Ordering::Less,
        }
    }
}

/// A finite number as a whole number with its sign, and the exponent of two to multiply it with, counted from −1074.
fn parts(number: f64) -> (i128, usize) {
    let bits = number.to_bits();
    let fraction = i128::from(bits & ((1 << 52) - 1));
    let (whole, exponent) = match (bits >> 52) as usize & 0x7ff {
        0 => (fraction, 0),
        exponent => (fraction | 1 << 52, exponent - 1),
    };
    (if number < 0.0 { -whole } else { whole }, exponent)
}
