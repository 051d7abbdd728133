//! The OKLCH colour space by Björn Ottosson (<https://bottosson.github.io/posts/oklab/>).

use std::f64::consts::TAU;
use std::sync::LazyLock;

/// The most saturated sRGB colour of this lightness and hue; `turn` is the hue as a part of the full circle.
pub(crate) fn vivid(lightness: f64, turn: f64) -> [u8; 3] {
    let (sin, cos) = (turn * TAU).sin_cos();
    let color = |chroma: f64| linear_srgb(lightness, chroma * cos, chroma * sin);
    // Half of the search interval's width at the end is below what eight bits can show.
    let (mut inside, mut outside) = (0.0, 0.4);
    for _ in 0..10 {
        let chroma = (inside + outside) / 2.0;
        let fits = color(chroma).iter().all(|value| (0.0..=1.0).contains(value));
        *if fits { &mut inside } else { &mut outside } = chroma;
    }
    color(inside).map(|value| (encoded(value) * 255.0).round() as u8)
}

/// Linear sRGB of an OKLab colour; components outside `[0, 1]` are colours that no screen has.
fn linear_srgb(lightness: f64, a: f64, b: f64) -> [f64; 3] {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
}

/// An sRGB component of 0 to 255 as an amount of light, from 0 to 1.
///
/// It is asked for every label of every frame, and powers take their time.
pub(crate) fn light(component: u8) -> f64 {
    static LIGHTS: LazyLock<[f64; 256]> =
        LazyLock::new(|| std::array::from_fn(|component| linear(component as f64 / 255.0)));
    LIGHTS[usize::from(component)]
}

/// An sRGB component as an amount of light.
fn linear(value: f64) -> f64 {
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// An amount of light as an sRGB component.
fn encoded(value: f64) -> f64 {
    if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 }
}
