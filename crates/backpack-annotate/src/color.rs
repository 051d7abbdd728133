use std::fmt;
use std::str::FromStr;

use crate::{ParseColorError, oklch};

/// A colour in sRGB with opacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Opacity: 0 is invisible, 255 hides what is below. The colour is not premultiplied by it.
    pub a: u8,
}

impl Color {
    /// CSS `transparent`: draws nothing.
    pub const TRANSPARENT: Self = Self::rgba(0, 0, 0, 0);
    /// CSS `black`.
    pub const BLACK: Self = Self::rgb(0x00, 0x00, 0x00);
    /// CSS `gray`.
    pub const GRAY: Self = Self::rgb(0x80, 0x80, 0x80);
    /// CSS `silver`.
    pub const SILVER: Self = Self::rgb(0xc0, 0xc0, 0xc0);
    /// CSS `white`.
    pub const WHITE: Self = Self::rgb(0xff, 0xff, 0xff);
    /// CSS `maroon`.
    pub const MAROON: Self = Self::rgb(0x80, 0x00, 0x00);
    /// CSS `red`.
    pub const RED: Self = Self::rgb(0xff, 0x00, 0x00);
    /// CSS `orange`.
    pub const ORANGE: Self = Self::rgb(0xff, 0xa5, 0x00);
    /// CSS `olive`.
    pub const OLIVE: Self = Self::rgb(0x80, 0x80, 0x00);
    /// CSS `yellow`.
    pub const YELLOW: Self = Self::rgb(0xff, 0xff, 0x00);
    /// CSS `green`, which is a dark one; the full green of a screen is [`LIME`](Color::LIME).
    pub const GREEN: Self = Self::rgb(0x00, 0x80, 0x00);
    /// CSS `lime`.
    pub const LIME: Self = Self::rgb(0x00, 0xff, 0x00);
    /// CSS `teal`.
    pub const TEAL: Self = Self::rgb(0x00, 0x80, 0x80);
    /// CSS `cyan` or `aqua`.
    pub const CYAN: Self = Self::rgb(0x00, 0xff, 0xff);
    /// CSS `navy`.
    pub const NAVY: Self = Self::rgb(0x00, 0x00, 0x80);
    /// CSS `blue`.
    pub const BLUE: Self = Self::rgb(0x00, 0x00, 0xff);
    /// CSS `purple`.
    pub const PURPLE: Self = Self::rgb(0x80, 0x00, 0x80);
    /// CSS `magenta` or `fuchsia`.
    pub const MAGENTA: Self = Self::rgb(0xff, 0x00, 0xff);

    /// An opaque colour.
    pub const fn rgb(r: u8, g: u8, b: u8) -> Self {
        Self { r, g, b, a: 255 }
    }

    /// A colour with opacity.
    pub const fn rgba(r: u8, g: u8, b: u8, a: u8) -> Self {
        Self { r, g, b, a }
    }

    /// The same colour with another opacity.
    #[must_use]
    pub const fn with_alpha(self, a: u8) -> Self {
        Self { a, ..self }
    }

    /// A vivid colour for a number such as a class or a track, always the same for the same number.
    ///
    /// Any fourteen consecutive numbers have colours that are well apart: each takes a step of the golden ratio around the hues of OKLCH,
    /// where equal steps look equally large, and lightness alternates between three levels. All are light enough for night pictures and
    /// as saturated as sRGB allows.
    pub fn from_id(id: u64) -> Self {
        /// 2⁶⁴ ÷ golden ratio: the product wraps around just as the hue does.
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        const LIGHTNESS: [f64; 3] = [0.74, 0.82, 0.66];
        let turn = id.wrapping_mul(GOLDEN) as f64 / 2f64.powi(64);
        let [r, g, b] = oklch::vivid(LIGHTNESS[(id % 3) as usize], turn);
        Self::rgb(r, g, b)
    }

    /// The relative luminance by WCAG 2: 0 for black, 1 for white; opacity plays no part.
    #[doc(alias = "brightness")]
    pub fn luminance(self) -> f64 {
        let [r, g, b] = [self.r, self.g, self.b].map(|value| oklch::linear(f64::from(value) / 255.0));
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Black or white, whichever has the higher WCAG 2 contrast ratio to this colour: text on it is legible.
    pub fn contrast(self) -> Self {
        let luminance = self.luminance();
        let (to_black, to_white) = ((luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05));
        if to_black >= to_white { Self::BLACK } else { Self::WHITE }
    }
}

/// Reads the hexadecimal notations of CSS: `#rgb`, `#rgba`, `#rrggbb` and `#rrggbbaa`, in either case.
impl FromStr for Color {
    type Err = ParseColorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseColorError::new(text);
        let digits = text.strip_prefix('#').ok_or_else(error)?;
        let mut values = [0xf; 8];
        let count = digits.chars().count();
        if !matches!(count, 3 | 4 | 6 | 8) {
            return Err(error());
        }
        for (value, digit) in values.iter_mut().zip(digits.chars()) {
            *value = digit.to_digit(16).ok_or_else(error)? as u8;
        }
        let component = |index: usize| match count {
            3 | 4 => values[index] * 0x11,
            _ => values[2 * index] << 4 | values[2 * index + 1],
        };
        Ok(Self { r: component(0), g: component(1), b: component(2), a: component(3) })
    }
}

/// Writes `#rrggbb`, or `#rrggbbaa` unless the colour is opaque.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { r, g, b, a } = self;
        write!(f, "#{r:02x}{g:02x}{b:02x}")?;
        if *a == 255 { Ok(()) } else { write!(f, "{a:02x}") }
    }
}

impl From<(u8, u8, u8)> for Color {
    fn from((r, g, b): (u8, u8, u8)) -> Self {
        Self::rgb(r, g, b)
    }
}

impl From<(u8, u8, u8, u8)> for Color {
    fn from((r, g, b, a): (u8, u8, u8, u8)) -> Self {
        Self::rgba(r, g, b, a)
    }
}
