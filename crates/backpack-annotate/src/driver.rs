use crate::{Annotation, RenderError};

/// Draws scenes onto targets of type `T`, such as frames.
///
/// A driver may leave out what its target cannot show.
pub trait Driver<T: ?Sized> {
    /// Draws the annotations in their order, each over the ones before.
    ///
    /// The scene is anything that yields annotations by reference: `&[Annotation]`, `&Vec<Annotation>`, a chain of iterators.
    ///
    /// # Errors
    /// The first [`RenderError`] that occurs. An annotation that cannot be drawn is left out and does not keep the others from being
    /// drawn.
    fn render<'a>(
        &mut self,
        scene: impl IntoIterator<Item = &'a Annotation>,
        target: &mut T,
    ) -> Result<(), RenderError>;
}
