/// A side of a directed line, as seen on the screen by somebody who walks it from its start to its end.
///
/// ```
/// use backpack_core::{Line, Side};
///
/// let door = Line::new((0.2, 0.5), (0.8, 0.5))?;
/// let inside = Side::Right;
/// assert_eq!(door.side((0.5, 0.7)), inside);
/// assert_eq!(door.side((0.5, 0.3)), inside.opposite());
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The left-hand side: above a line that runs from left to right.
    Left,
    /// The right-hand side: below a line that runs from left to right.
    Right,
}

impl Side {
    /// The other side.
    pub fn opposite(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}
