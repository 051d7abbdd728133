use crate::{Details, ProviderError, Search};

/// Somebody who may know who this is: a platform, a file, a service of your own.
///
/// A provider works on the thread of the search and may block. It should look for cheap signs first, such as a variable or a file, and say
/// [`not_here`](ProviderError::not_here) without them, so that nobody waits for a network elsewhere. Everything that it needs of the machine it
/// should take from [`Search::host`], so that tests can make a machine up, and it should wait by [`Search::wait`], so that it can be called off.
///
/// ```
/// use backpack_identity::{Chain, Details, Host, Provider, ProviderError, Search};
///
/// /// The label that our factory leaves on every device.
/// struct FactoryLabel;
///
/// impl Provider for FactoryLabel {
///     fn name(&self) -> &str {
///         "factory"
///     }
///
///     fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
///         const PATH: &str = "/etc/factory/label";
///         let Some(label) = search.host().read(PATH)? else {
///             return Err(ProviderError::not_here(format!("there is no {PATH}")));
///         };
///         let Some((serial, name)) = label.trim().split_once(' ') else {
///             return Err(ProviderError::failed(format!("{PATH} should say `SERIAL NAME`")));
///         };
///         Ok(Details::new().device_id(serial, PATH).device_name(name, PATH))
///     }
/// }
///
/// let host = Host::imaginary().with_file("/etc/factory/label", "cam-0017 gate\n");
/// let identity = Chain::standard().first_try(FactoryLabel).host(host).detect_blocking()?;
/// assert_eq!(identity.device_name(), Some("gate"));
/// # Ok::<(), backpack_identity::DetectError>(())
/// ```
pub trait Provider: Send + Sync {
    /// What it is called in sources and errors: one word.
    fn name(&self) -> &str;

    /// Finds out what it can.
    ///
    /// # Errors
    /// [`ProviderError::not_here`] if this is not its platform, which lets the next one try; [`ProviderError::failed`] if it is, and the platform
    /// cannot be asked or does not make sense, which ends the search.
    fn identify(&self, search: &Search) -> Result<Details, ProviderError>;
}

impl<P: Provider + ?Sized> Provider for Box<P> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        (**self).identify(search)
    }
}
