use std::ops::Range;

/// A rectangle of whole pixels; `right` and `bottom` are the first ones outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

impl Area {
    pub fn new(left: i32, top: i32, width: i32, height: i32) -> Self {
        Self { left, top, right: left + width, bottom: top + height }
    }

    pub fn width(&self) -> i32 {
        self.right - self.left
    }

    pub fn height(&self) -> i32 {
        self.bottom - self.top
    }

    /// The columns of an area in the frame.
    pub fn columns(&self) -> Range<usize> {
        self.left as usize..self.right as usize
    }

    /// The rows of an area in the frame.
    pub fn rows(&self) -> Range<usize> {
        self.top as usize..self.bottom as usize
    }

    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The smallest area around this one that begins and ends at even columns and rows.
    pub fn evened(&self) -> Self {
        Self {
            left: self.left & !1,
            top: self.top & !1,
            right: (self.right + 1) & !1,
            bottom: (self.bottom + 1) & !1,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.left >= self.right || self.top >= self.bottom
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        !self.intersection(other).is_empty()
    }
}
