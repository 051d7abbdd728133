use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use super::hub::Hub;
use super::server::{BindError, Server};
use crate::{AccessUnit, KeyFrameRequest, Output, OutputError, StreamInfo, Viewers};

/// A stream on a web page.
///
/// It is there from the beginning, and says that it waits while there is no stream. It leaves the page when it is dropped with the SkyLine it was
/// given to.
#[derive(Debug)]
pub struct Page {
    server: Server,
    hub: Arc<Hub>,
}

/// A view of a [`Page`] from outside; clones look at the same page.
#[derive(Debug, Clone)]
pub struct PageMonitor {
    hub: Arc<Hub>,
    address: SocketAddr,
}

impl Page {
    /// Serves a page with a single stream, named `stream`, on this address; port 0 takes a free port. The server ends with the page.
    ///
    /// Everybody who can reach the address can watch. Bind to `127.0.0.1` unless the network is trusted, or use a [`Server`], which can ask for
    /// credentials and serve several streams.
    ///
    /// # Errors
    /// If the address is not one of this machine's, or its port is in use.
    pub fn bind(address: impl ToSocketAddrs + ToString) -> Result<Self, BindError> {
        let server = Server::bind(address)?;
        Ok(server.stream("stream").expect("the first stream of a server can have this name"))
    }

    pub(super) fn new(server: Server, hub: Arc<Hub>) -> Self {
        Self { server, hub }
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
        self.hub.viewers().count()
    }

    /// How many pictures viewers missed because they or their network could not keep up.
    pub fn missed(&self) -> u64 {
        self.hub.missed()
    }
}

impl Output for Page {
    fn name(&self) -> String {
        format!("page http://{}/#{}", self.address(), self.hub.name())
    }

    fn key_frames(&mut self, request: KeyFrameRequest) {
        self.hub.key_frames(request);
    }

    fn viewers(&self) -> Option<Viewers> {
        Some(self.hub.viewers().clone())
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

impl Drop for Page {
    fn drop(&mut self) {
        self.hub.close();
        self.server.site().remove(&self.hub);
    }
}
