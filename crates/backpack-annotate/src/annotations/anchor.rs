/// Which vertical of a text lies on its position, and on which one its lines are aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum HorizontalAnchor {
    /// Where the text begins, on the left.
    #[default]
    Left,
    /// The middle between left and right.
    Center,
    /// Where the text ends, on the right.
    Right,
}

/// Which level of a text lies on its position; the levels are those of the font and do not depend on the letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum VerticalAnchor {
    /// The font's ascender line, in the first line of text.
    Top,
    /// The middle between top and bottom.
    Center,
    /// The line on which the letters of the first line stand.
    Baseline,
    /// The font's descender line, in the last line of text.
    #[default]
    Bottom,
}
