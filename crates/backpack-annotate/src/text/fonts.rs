use ab_glyph::{Font as _, GlyphId, OutlinedGlyph, point};

use super::atlas::MISSING;
use super::font::Font;

/// Fonts that stand in for each other. Measures are in units of the first one, whose lines they share.
///
/// All have the em of the first font, so that their letters go together.
pub(super) struct Fonts {
    fonts: Vec<Font>,
    /// From ascender to descender.
    height: f32,
    /// From ascender to baseline.
    ascent: f32,
    /// From a descender to the next line's ascender.
    gap: f32,
}

impl Fonts {
    /// Fonts by rank; of more than 65,536 the last ones are left out. Without any, all characters are missing.
    pub fn new(fonts: impl IntoIterator<Item = Font>) -> Self {
        let fonts: Vec<Font> = fonts.into_iter().take(1 << 16).collect();
        let measures = |font: &Font| {
            let glyphs = font.glyphs();
            (glyphs.height_unscaled(), glyphs.ascent_unscaled(), glyphs.line_gap_unscaled())
        };
        let (height, ascent, gap) = fonts.first().map_or((1.0, 0.8, 0.0), measures);
        Self { fonts, height, ascent, gap }
    }

    /// How many pixels a unit has where text is `size` pixels high.
    pub fn scale(&self, size: u32) -> f32 {
        size as f32 / self.height
    }

    /// How far the ascender line lies above the baseline, in pixels.
    pub fn ascent(&self, size: u32) -> i32 {
        (self.ascent * self.scale(size)).round() as i32
    }

    /// How far a line lies below the one before it, in pixels: once to twice the size.
    pub fn pitch(&self, size: u32) -> i32 {
        // A font that asks for more than that is broken.
        (size as f32 + (self.gap * self.scale(size)).clamp(0.0, size as f32)).round() as i32
    }

    /// How far the box that stands for a missing character takes the line on.
    pub fn missing_advance(&self) -> f32 {
        self.height * 0.55
    }

    /// How far a space takes the line on that no font has.
    pub fn missing_space(&self) -> f32 {
        self.height * 0.3
    }

    /// The first font that has a character, and the glyph.
    pub fn find(&self, character: char) -> Option<(u16, u16)> {
        let found = |(rank, font): (u16, &Font)| match font.glyphs().glyph_id(character).0 {
            MISSING => None,
            glyph => Some((rank, glyph)),
        };
        (0..=u16::MAX).zip(&self.fonts).find_map(found)
    }

    /// Whether a font has a character.
    #[cfg(feature = "shaping")]
    pub fn has(&self, font: u16, character: char) -> bool {
        self.font(font).is_some_and(|font| font.glyphs().glyph_id(character).0 != MISSING)
    }

    /// A font for shaping, and how many units of the first font one of its units is.
    #[cfg(feature = "shaping")]
    pub fn shaping(&self, font: u16) -> Option<(&harfrust::Font, f32)> {
        self.font(font).map(|font| (font.shaping(), self.ratio(font)))
    }

    /// How far a glyph takes the line on.
    #[cfg(not(feature = "shaping"))]
    pub fn advance(&self, font: u16, glyph: u16) -> f32 {
        self.font(font)
            .map_or(0.0, |font| font.glyphs().h_advance_unscaled(GlyphId(glyph)) * self.ratio(font))
    }

    /// By how much the distance between two letters of a font differs from the first one's advance.
    #[cfg(not(feature = "shaping"))]
    pub fn kerning(&self, font: u16, first: u16, second: u16) -> f32 {
        self.font(font).map_or(0.0, |font| {
            font.glyphs().kern_unscaled(GlyphId(first), GlyphId(second)) * self.ratio(font)
        })
    }

    /// A glyph where text is `size` pixels high, `shift` pixels to the right.
    pub fn outline(&self, font: u16, glyph: u16, size: u32, shift: f32) -> Option<OutlinedGlyph> {
        let font = self.font(font)?;
        // The height of this font where the first one's is the size: for the first one the factor is 1.
        let factor = font.glyphs().height_unscaled() * self.ratio(font) / self.height;
        let glyph = GlyphId(glyph).with_scale_and_position(size as f32 * factor, point(shift, 0.0));
        font.glyphs().outline_glyph(glyph)
    }

    /// How many units of the first font a unit of this one is.
    fn ratio(&self, font: &Font) -> f32 {
        self.fonts.first().map_or(1.0, |first| first.units_per_em() / font.units_per_em())
    }

    fn font(&self, rank: u16) -> Option<&Font> {
        self.fonts.get(usize::from(rank))
    }
}
