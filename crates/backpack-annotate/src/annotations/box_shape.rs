/// What the line of a [`BoundingBox`](crate::BoundingBox) looks like.
///
/// ```
/// use backpack_annotate::{BoundingBox, BoxShape, FrameDriver, Style};
/// use backpack_core::Rect;
///
/// let person = BoundingBox::new(Rect::from_tlbr(0.2, 0.4, 0.8, 0.5)?).shape(BoxShape::Corners);
/// assert_eq!(person.shape, Some(BoxShape::Corners));
/// // Or for all boxes of a driver:
/// let driver = FrameDriver::new().with_style(Style::default().box_shape(BoxShape::Rounded));
/// # let _ = driver;
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[doc(alias("RoundBoxAnnotator", "BoxCornerAnnotator"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum BoxShape {
    /// All four sides.
    #[default]
    Plain,
    /// All four sides, with round corners.
    Rounded,
    /// Only the corners, so that less of the picture is hidden.
    Corners,
}
