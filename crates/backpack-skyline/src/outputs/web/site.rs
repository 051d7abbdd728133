use std::sync::{Arc, Mutex};

use super::access::Access;
use super::hub::Hub;
use crate::lock::lock;

/// What a server serves. The locks are only held for moments.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) access: Access,
    /// What the page is called, if it has a name.
    pub(crate) title: String,
    /// The name of the cookie with the token. Cookies do not tell ports apart, so the name does.
    pub(crate) cookie: String,
    streams: Mutex<Vec<(String, Arc<Hub>)>>,
    #[cfg(feature = "hls")]
    folders: Mutex<Vec<(String, std::path::PathBuf)>>,
}

/// Why a stream cannot have a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// The name cannot stand in an address.
    #[error("a stream named {0:?}: 1 to 64 letters, digits, - and _ are possible, except `health`")]
    Unfit(String),
    /// There is one of this name already.
    #[error("there is a stream named {0:?} already")]
    Taken(String),
}

impl Site {
    pub(crate) fn new(access: Access, title: String, port: u16) -> Self {
        Self {
            access,
            title,
            cookie: format!("skyline-{port}"),
            streams: Mutex::default(),
            #[cfg(feature = "hls")]
            folders: Mutex::default(),
        }
    }

    pub(crate) fn add(&self, name: &str) -> Result<Arc<Hub>, NameError> {
        insert(&mut lock(&self.streams), name, Arc::new(Hub::new(name)))
    }

    pub(crate) fn remove(&self, hub: &Arc<Hub>) {
        lock(&self.streams).retain(|(_, other)| !Arc::ptr_eq(other, hub));
    }

    pub(crate) fn hub(&self, name: &str) -> Option<Arc<Hub>> {
        find(&lock(&self.streams), name)
    }

    pub(crate) fn hubs(&self) -> Vec<Arc<Hub>> {
        lock(&self.streams).iter().map(|(_, hub)| Arc::clone(hub)).collect()
    }

    #[cfg(feature = "hls")]
    pub(crate) fn add_folder(&self, name: &str, path: &std::path::Path) -> Result<(), NameError> {
        insert(&mut lock(&self.folders), name, path.to_owned()).map(drop)
    }

    #[cfg(feature = "hls")]
    pub(crate) fn folder(&self, name: &str) -> Option<std::path::PathBuf> {
        find(&lock(&self.folders), name)
    }
}

fn find<T: Clone>(things: &[(String, T)], name: &str) -> Option<T> {
    things.iter().find(|(other, _)| other == name).map(|(_, thing)| thing.clone())
}

fn insert<T: Clone>(things: &mut Vec<(String, T)>, name: &str, thing: T) -> Result<T, NameError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    // `health.json` is for all streams together.
    if !(1..=64).contains(&name.len()) || !name.bytes().all(is_plain) || name == "health" {
        return Err(NameError::Unfit(name.to_owned()));
    }
    if find(things, name).is_some() {
        return Err(NameError::Taken(name.to_owned()));
    }
    things.push((name.to_owned(), thing.clone()));
    Ok(thing)
}
