use std::error::Error;

/// What a callback may return: nothing, or a result whose error is passed on.
///
/// ```
/// use backpack_timepiece::Outcome;
///
/// fn failed(outcome: impl Outcome) -> bool {
///     outcome.into_result().is_err()
/// }
///
/// assert!(!failed(()));
/// assert!(failed(std::fs::read("/no/such/file")));
/// assert!(failed(Err::<(), _>("the network is down")));
/// ```
pub trait Outcome {
    /// The error, if it is one.
    fn into_result(self) -> Result<(), Box<dyn Error + Send + Sync>>;
}

impl Outcome for () {
    fn into_result(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }
}

impl<T, E: Into<Box<dyn Error + Send + Sync>>> Outcome for Result<T, E> {
    fn into_result(self) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.map(drop).map_err(Into::into)
    }
}
