/// A side of a directed line, as seen on the screen by somebody who walks it from its start to its end.
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
