use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use futures_channel::oneshot;
use tracing::debug;

use crate::search::Waits;
use crate::{
    Builder, Cancel, Details, DetectError, Host, Identity, Provider, ProviderError, Search, providers,
};

/// The providers, in the order in which they are asked.
///
/// Platforms are asked until one of them is here; then the host's own providers complete what it does not know. What the application
/// [configured](Self::configured) wins over all. A provider that is here and fails ends the search: an identity that says something else today
/// than yesterday is worse than an error.
///
/// ```
/// use backpack_identity::providers::{Ecs, Greengrass, Linux};
/// use backpack_identity::{Chain, Field};
///
/// let chain = Chain::new().first_try(Greengrass::new()).or_else(Ecs::new()).completed_by(Linux::new());
/// let identity = chain.detect_blocking()?;
/// println!("{identity:#}");
/// # Ok::<(), backpack_identity::DetectError>(())
/// ```
#[derive(Default)]
pub struct Chain {
    configured: Builder,
    platforms: VecDeque<Box<dyn Provider>>,
    completing: Vec<Box<dyn Provider>>,
    host: Host,
    cancel: Cancel,
    waits: Option<Waits>,
}

impl Chain {
    /// A chain that asks nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// All the platforms of this crate: Panorama (with the feature `panorama`), Greengrass, ECS, balena, Kubernetes, EC2, of which one at most is
    /// taken, completed by Jetson and Linux. Each is recognised without network, by variables or files.
    pub fn standard() -> Self {
        #[cfg(feature = "panorama")]
        let chain = Self::new().or_else(providers::Panorama::new());
        #[cfg(not(feature = "panorama"))]
        let chain = Self::new();
        chain
            .or_else(providers::Greengrass::new())
            .or_else(providers::Ecs::new())
            .or_else(providers::Balena::new())
            .or_else(providers::Kubernetes::new())
            .or_else(providers::Ec2::new())
            .completed_by(providers::Jetson::new())
            .completed_by(providers::Linux::new())
    }

    /// Asks this platform before those that are there already.
    #[must_use]
    pub fn first_try(mut self, platform: impl Provider + 'static) -> Self {
        self.platforms.push_front(Box::new(platform));
        self
    }

    /// Asks this platform if none of those before it is here.
    #[must_use]
    pub fn or_else(mut self, platform: impl Provider + 'static) -> Self {
        self.platforms.push_back(Box::new(platform));
        self
    }

    /// Asks this provider, whatever the platform, for what nobody before it knows.
    #[must_use]
    pub fn completed_by(mut self, provider: impl Provider + 'static) -> Self {
        self.completing.push(Box::new(provider));
        self
    }

    /// Values that win over what anybody else says.
    #[must_use]
    pub fn configured(mut self, values: Builder) -> Self {
        self.configured = values;
        self
    }

    /// Looks at this machine, rather than at the one that it runs on: a made-up one in tests, or a host whose files are mounted somewhere.
    #[must_use]
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Can be called off by this.
    #[must_use]
    pub fn cancelled_by(mut self, cancel: &Cancel) -> Self {
        self.cancel = cancel.clone();
        self
    }

    /// Spends waits by calling this instead of waiting, for tests that let time pass by hand.
    #[must_use]
    pub fn waits_by(mut self, wait: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.waits = Some(Arc::new(wait));
        self
    }

    /// Finds the identity, on a thread of its own, which is named `identity`.
    ///
    /// Dropping the future calls the search off: the thread then ends by itself, at the latest when the request that it waits for does, which
    /// takes two seconds unless a provider was told otherwise.
    ///
    /// # Errors
    /// See [`DetectError`].
    pub async fn detect(self) -> Result<Identity, DetectError> {
        let abandon = Abandon { cancel: self.cancel.clone(), flag: Arc::default() };
        let flag = abandon.flag.clone();
        let (sender, receiver) = oneshot::channel();
        // If nobody takes the result, nobody wanted it.
        let work = move || drop(sender.send(self.run(flag)));
        thread::Builder::new().name("identity".into()).spawn(work).map_err(DetectError::Thread)?;
        receiver.await.unwrap_or(Err(DetectError::Panicked))
    }

    /// Finds the identity on the calling thread.
    ///
    /// # Errors
    /// See [`DetectError`].
    pub fn detect_blocking(self) -> Result<Identity, DetectError> {
        self.run(Arc::default())
    }

    fn run(self, abandoned: Arc<AtomicBool>) -> Result<Identity, DetectError> {
        let search = Search::new(self.host, self.cancel, abandoned, self.waits);
        let mut asked = Vec::new();
        let mut details = ask(&self.configured, &search, &mut asked)?.unwrap_or_default();
        asked.clear();
        for platform in &self.platforms {
            if let Some(found) = ask(platform, &search, &mut asked)? {
                details.fill(found);
                break;
            }
        }
        for provider in &self.completing {
            details.fill(ask(provider, &search, &mut asked)?.unwrap_or_default());
        }
        Identity::new(details).map_err(|_| DetectError::Unknown { asked })
    }
}

/// What a provider knows, or nothing if this is not its platform.
fn ask(
    provider: &impl Provider,
    search: &Search,
    asked: &mut Vec<(String, String)>,
) -> Result<Option<Details>, DetectError> {
    let name = provider.name();
    match search.check().and_then(|()| provider.identify(search)) {
        Ok(details) => {
            debug!(provider = name, "it knows something of the identity");
            asked.push((name.to_owned(), "knows no id".to_owned()));
            Ok(Some(details.by(name)))
        }
        Err(ProviderError::NotHere(why)) => {
            debug!(provider = name, why, "not this platform");
            asked.push((name.to_owned(), why));
            Ok(None)
        }
        Err(ProviderError::Cancelled) => Err(DetectError::Cancelled),
        Err(error) => Err(DetectError::Provider { provider: name.to_owned(), error }),
    }
}

/// Calls the search off when the future that waits for it is dropped.
struct Abandon {
    cancel: Cancel,
    flag: Arc<AtomicBool>,
}

impl Drop for Abandon {
    fn drop(&mut self) {
        self.flag.store(true, Ordering::Release);
        self.cancel.wake();
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |providers: &mut dyn Iterator<Item = &Box<dyn Provider>>| {
            providers.map(|provider| provider.name().to_owned()).collect::<Vec<_>>()
        };
        f.debug_struct("Chain")
            .field("configured", &self.configured)
            .field("platforms", &names(&mut self.platforms.iter()))
            .field("completing", &names(&mut self.completing.iter()))
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}
