/// A rectangle of pixels whose chroma samples are its own: its place and size are even, unless it goes up to the picture's border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
}

impl Area {
    /// The upper `height` rows and the rest.
    pub fn split_at(self, height: u32) -> (Self, Self) {
        let height = height.min(self.height);
        let rest = Self { top: self.top + height, height: self.height - height, ..self };
        (Self { height, ..self }, rest)
    }

    /// The size, at most that of the area, of a picture that keeps its shape: off by less than a pixel for the sake of even numbers.
    pub fn fitted(&self, width: u32, height: u32) -> (u32, u32) {
        let [room_width, room_height, width, height] =
            [self.width, self.height, width, height].map(f64::from);
        let scale = (room_width / width).min(room_height / height);
        (even_side(width * scale, self.width), even_side(height * scale, self.height))
    }

    /// The place in the middle of the area for something of this size, which is even.
    pub fn centered(&self, width: u32, height: u32) -> Self {
        let left = self.left + even((self.width.saturating_sub(width)) / 2);
        let top = self.top + even((self.height.saturating_sub(height)) / 2);
        Self { left, top, width, height }
    }
}

/// The even number at or below.
pub(crate) fn even(value: u32) -> u32 {
    value & !1
}

/// The nearest even number of pixels, from 2 to `limit`.
fn even_side(side: f64, limit: u32) -> u32 {
    ((side / 2.0).round() as u32 * 2).clamp(2, limit.max(2))
}
