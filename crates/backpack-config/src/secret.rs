use std::fmt;

/// A value that does not show itself: its `Debug` is a mask, and as a parameter it is a secret without being marked as one.
///
/// ```
/// use backpack_config::Secret;
///
/// let password = Secret::new("tr0ub4dor".to_owned());
/// assert_eq!(format!("{password:?}"), "***");
/// assert_eq!(password.expose(), "tr0ub4dor");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides a value.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for where it is needed.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// The value, for good.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(crate::parameter::MASK)
    }
}
