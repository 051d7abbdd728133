use std::time::{Duration, SystemTime};

use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{Credentials, CredentialsError, ProvideCredentials, SharedCredentialsProvider};

/// How long a provider may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The most time before their end at which new ones are got.
const EARLY: Duration = Duration::from_secs(300);

/// The credentials in use.
pub(crate) struct Cache {
    provider: SharedCredentialsProvider,
    current: Option<Current>,
}

#[derive(Clone)]
struct Current {
    credentials: Credentials,
    /// When new ones are to be got, and when these end.
    early: Option<SystemTime>,
}

impl Cache {
    pub(crate) fn new(provider: SharedCredentialsProvider) -> Self {
        Self { provider, current: None }
    }

    /// The credentials at hand, or new ones if those end soon. If none can be got, the ones at hand are used while they last; the error comes beside
    /// them.
    pub(crate) async fn get(&mut self, now: SystemTime) -> (Option<Credentials>, Option<CredentialsError>) {
        if let Some(current) = &self.current
            && current.early.is_none_or(|early| now < early)
        {
            return (Some(current.credentials.clone()), None);
        }
        match load(self.provider.clone()).await {
            Ok(credentials) => {
                self.keep(credentials.clone(), now);
                (Some(credentials), None)
            }
            Err(error) => {
                let current = self.current.as_ref().map(|current| current.credentials.clone());
                let lasts =
                    |credentials: &Credentials| credentials.expiry().is_none_or(|expiry| now < expiry);
                (current.filter(lasts), Some(error))
            }
        }
    }

    /// When new credentials are to be got.
    pub(crate) fn refresh_at(&self) -> Option<SystemTime> {
        self.current.as_ref()?.early
    }

    /// Begins to get new ones.
    pub(crate) fn refresh(&self) -> JoinHandle<Result<Credentials, CredentialsError>> {
        tokio::spawn(load(self.provider.clone()))
    }

    /// Takes credentials; `true` if they last longer than the ones at hand.
    pub(crate) fn keep(&mut self, credentials: Credentials, now: SystemTime) -> bool {
        let before = self.current.as_ref().map(|current| current.credentials.expiry());
        let expiry = credentials.expiry();
        let early = expiry.map(|expiry| {
            let life = expiry.duration_since(now).unwrap_or_default();
            expiry - (life / 5).min(EARLY)
        });
        self.current = Some(Current { credentials, early });
        match (before, expiry) {
            (Some(Some(before)), Some(expiry)) => expiry > before,
            _ => true,
        }
    }

    /// Credentials without an end are asked for anew; ones with an end stay until it is near.
    pub(crate) fn look_again(&mut self) {
        self.current.take_if(|current| current.early.is_none());
    }

    /// The service does not like them: the next ones are to be new.
    pub(crate) fn forget(&mut self) {
        self.current = None;
    }
}

async fn load(provider: SharedCredentialsProvider) -> Result<Credentials, CredentialsError> {
    match timeout(PATIENCE, provider.provide_credentials()).await {
        Ok(result) => result,
        Err(_) => Err(CredentialsError::provider_timed_out(PATIENCE)),
    }
}

/// What went wrong, with its causes.
pub(crate) fn describe(error: &CredentialsError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}
