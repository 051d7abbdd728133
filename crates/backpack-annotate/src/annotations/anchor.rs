/// Which vertical of a text lies on its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HorizontalAnchor {
    /// Where the text begins.
    #[default]
    Left,
    /// The middle between beginning and end.
    Center,
    /// Where the text ends.
    Right,
}

/// Which level of a text lies on its position; the levels are those of the font and do not depend on the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum VerticalAnchor {
    /// The font's ascender line.
    Top,
    /// The middle between top and bottom.
    Center,
    /// The line on which the letters stand.
    Baseline,
    /// The font's descender line.
    #[default]
    Bottom,
}
