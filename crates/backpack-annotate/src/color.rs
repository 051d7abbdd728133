use std::fmt;
use std::io::Write;
use std::str::FromStr;

use crate::{ParseColorError, color_name, oklch};

/// A colour in sRGB with opacity.
///
/// ```
/// use backpack_annotate::Color;
///
/// let color: Color = "orange".parse()?;
/// assert_eq!(color, Color::hex(0xffa500));
/// assert_eq!(color.with_opacity(0.5).to_string(), "#ffa50080");
/// assert_eq!(color.contrast(), Color::BLACK); // For text on it.
/// assert_ne!(Color::palette(7), Color::palette(8)); // For boxes around tracks 7 and 8.
/// # Ok::<(), backpack_annotate::ParseColorError>(())
/// ```
///
/// With the feature `serde` a colour is written as `"#rrggbb"`, or `"#rrggbbaa"` unless it is opaque, and read from any text that is a colour
/// and from arrays `[r, g, b]` and `[r, g, b, a]` of whole numbers from 0 to 255.
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

    /// An opaque colour as a number `0xrrggbb`; what is above its lower 24 bits is ignored.
    #[doc(alias = "from_hex")]
    pub const fn hex(rgb: u32) -> Self {
        let [_, r, g, b] = rgb.to_be_bytes();
        Self::rgb(r, g, b)
    }

    /// The same colour with another opacity, from 0 (invisible) to 255.
    #[must_use]
    pub const fn with_alpha(self, a: u8) -> Self {
        Self { a, ..self }
    }

    /// The same colour with another opacity, from 0 (invisible) to 1.
    ///
    /// What lies outside is taken for the nearer of the two, and NaN for 0.
    #[doc(alias = "alpha")]
    #[must_use]
    pub const fn with_opacity(self, opacity: f64) -> Self {
        // The conversion to an integer saturates, and makes NaN 0.
        self.with_alpha((opacity * 255.0).round() as u8)
    }

    /// The same colour with red, green and blue multiplied by `factor`: darker below 1, brighter above. Opacity stays.
    ///
    /// Products are cut to whole numbers up to 255, as in the Python toolkit. A factor that is negative or NaN is taken for 0.
    #[doc(alias = "brightness")]
    #[must_use]
    pub const fn brightened(self, factor: f64) -> Self {
        let Self { r, g, b, a } = self;
        Self::rgba(scaled(r, factor), scaled(g, factor), scaled(b, factor), a)
    }

    /// A vivid colour for a number such as a class or a track, always the same for the same number: a perceptually even palette.
    ///
    /// This is the one to use, unless colours have to be those that another application gives to the same numbers: then there is
    /// [`from_id`](Color::from_id).
    ///
    /// Any fourteen consecutive numbers have colours that are well apart: each takes a step of the golden ratio around the hues of OKLCH,
    /// where equal steps look equally large, and lightness alternates between three levels. All are light enough for night pictures and
    /// as saturated as sRGB allows.
    pub fn palette(id: u64) -> Self {
        /// 2⁶⁴ ÷ golden ratio: the product wraps around just as the hue does.
        const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
        const LIGHTNESS: [f64; 3] = [0.74, 0.82, 0.66];
        let turn = id.wrapping_mul(GOLDEN) as f64 / 2f64.powi(64);
        let [r, g, b] = oklch::vivid(LIGHTNESS[(id % 3) as usize], turn);
        Self::rgb(r, g, b)
    }

    /// The pseudo-random colour that the Python toolkit panorama-backpack has for a number; its salt was `"salt"` by default.
    ///
    /// It is the first three bytes of the MD5 digest of the salt with the decimal number after it. Use it where colours must stay those of an
    /// application in Python, or where a salt is to tell two kinds of numbers apart. Any colour may come up, dark and dull ones too, and two
    /// numbers may have similar ones; otherwise prefer [`palette`](Color::palette).
    pub fn from_id(id: u64, salt: &str) -> Self {
        let mut context = md5::Context::new();
        context.consume(salt);
        // A digest takes all that is written to it.
        let _ = write!(context, "{id}");
        let [r, g, b, ..] = context.finalize().0;
        Self::rgb(r, g, b)
    }

    /// The relative luminance by WCAG 2: 0 for black, 1 for white; opacity plays no part.
    pub fn luminance(self) -> f64 {
        let [r, g, b] = [self.r, self.g, self.b].map(oklch::light);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Black or white, whichever has the higher WCAG 2 contrast ratio to this colour: text on it is legible.
    ///
    /// The ratio is 4.58 or more for every colour; level AA of WCAG asks for 4.5. Opacity plays no part.
    pub fn contrast(self) -> Self {
        let luminance = self.luminance();
        let (to_black, to_white) = ((luminance + 0.05) / 0.05, 1.05 / (luminance + 0.05));
        if to_black >= to_white { Self::BLACK } else { Self::WHITE }
    }
}

/// Reads the hexadecimal notations of CSS, `#rgb`, `#rgba`, `#rrggbb` and `#rrggbbaa`, its 148 colour names, and `transparent`.
///
/// As in CSS, upper and lower case are the same and white space around a colour (space, tab, line feed, form feed, carriage return) means
/// nothing. Functions such as `rgb(…)` are not read.
impl FromStr for Color {
    type Err = ParseColorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim_ascii();
        match text.strip_prefix('#') {
            Some(digits) => from_digits(text, digits),
            None => color_name::find(text).ok_or_else(|| ParseColorError::name(text)),
        }
    }
}

/// Reads the digits of a hexadecimal notation; `text` is all of it.
fn from_digits(text: &str, digits: &str) -> Result<Color, ParseColorError> {
    let value = digits.chars().try_fold(0u32, |value, digit| match digit.to_digit(16) {
        Some(digit_value) => Ok(value << 4 | digit_value),
        None => Err(ParseColorError::digit(text, digit)),
    })?;
    match digits.len() {
        3 => Ok(from_nibbles(value << 4 | 0xf)),
        4 => Ok(from_nibbles(value)),
        6 => Ok(Color::hex(value)),
        8 => Ok(from_bytes(value)),
        length => Err(ParseColorError::length(text, length)),
    }
}

/// The colour `0xrgba`, each digit standing for two of the same.
fn from_nibbles(rgba: u32) -> Color {
    let [r, g, b, a] = [12, 8, 4, 0].map(|shift| (rgba >> shift & 0xf) as u8 * 0x11);
    Color::rgba(r, g, b, a)
}

/// The colour `0xrrggbbaa`.
fn from_bytes(rgba: u32) -> Color {
    let [r, g, b, a] = rgba.to_be_bytes();
    Color::rgba(r, g, b, a)
}

/// A component times a factor; the conversion to an integer cuts, saturates, and makes NaN 0.
const fn scaled(component: u8, factor: f64) -> u8 {
    (component as f64 * factor) as u8
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
