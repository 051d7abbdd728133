//! The options that many annotations have, so that they are called and described alike everywhere.

/// `color`: of a line, or of all of the shape.
macro_rules! color_setter {
    () => {
        /// The same shape in this colour; by its opacity it is translucent.
        #[must_use]
        pub fn color(self, color: impl Into<$crate::Color>) -> Self {
            Self { color: Some(color.into()), ..self }
        }
    };
}

/// `thickness`: of a line.
macro_rules! thickness_setter {
    () => {
        /// The same shape with a line this thick, in frame heights.
        ///
        /// On the frame it is a whole number of pixels, from 1 to the height of the frame.
        #[must_use]
        pub fn thickness(self, thickness: f64) -> Self {
            Self { thickness: Some(thickness), ..self }
        }
    };
}

/// `fill`: of the inside.
macro_rules! fill_setter {
    () => {
        /// The same shape filled with this colour.
        #[must_use]
        pub fn fill(self, fill: impl Into<$crate::Color>) -> Self {
            Self { fill: Some(fill.into()), ..self }
        }
    };
}

pub(super) use {color_setter, fill_setter, thickness_setter};
