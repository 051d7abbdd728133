use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use super::hub::Hub;
use super::server::Server;
use crate::{AccessUnit, Output, OutputError, StreamInfo};

/// A web page that plays the stream live.
///
/// The page is there from [`bind`](Page::bind) on, and says that it waits while there is no stream. It ends when the page is dropped with the SkyLine it was
/// given to.
#[derive(Debug)]
pub struct Page {
    hub: Arc<Hub>,
    server: Server,
}

/// A view of a [`Page`] from outside; clones look at the same page.
#[derive(Debug, Clone)]
pub struct PageMonitor {
    hub: Arc<Hub>,
    address: SocketAddr,
}

/// Why a page cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("cannot serve a page on {address}")]
pub struct BindError {
    address: String,
    source: io::Error,
}

impl Page {
    /// Serves a page on this address; port 0 takes a free port.
    ///
    /// Everybody who can reach the address can watch. Bind to `127.0.0.1` unless the network is trusted.
    ///
    /// # Errors
    /// If the address is not one of this machine's, or its port is in use.
    pub fn bind(address: impl ToSocketAddrs + ToString) -> Result<Self, BindError> {
        let text = address.to_string();
        let hub = Arc::new(Hub::default());
        let server =
            Server::start(address, Arc::clone(&hub)).map_err(|source| BindError { address: text, source })?;
        Ok(Self { hub, server })
    }

    /// The address on which the page is served, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// A view of the page that stays when the page is given to a SkyLine.
    pub fn monitor(&self) -> PageMonitor {
        PageMonitor { hub: Arc::clone(&self.hub), address: self.address() }
    }
}

impl PageMonitor {
    /// The address on which the page is served.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many viewers are watching.
    pub fn viewers(&self) -> usize {
        self.hub.health().viewers
    }

    /// How many pictures viewers missed because they or their network could not keep up.
    pub fn missed(&self) -> u64 {
        self.hub.health().missed
    }
}

impl Output for Page {
    fn name(&self) -> String {
        format!("page http://{}", self.address())
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        self.hub.open(stream);
        Ok(())
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        self.hub.send(unit).map_err(OutputError::new)
    }

    fn close(&mut self) -> Result<(), OutputError> {
        self.hub.close();
        Ok(())
    }
}
