use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use gstreamer_rtsp_server as gst_rtsp;

use super::engine::Engine;
use super::hub::Hub;
use super::mounts::Mounts;
use super::{BindError, Mount, MountError, ServerBuilder};

/// An RTSP server.
///
/// It serves until this handle and all its [mounts](Mount) are dropped; then its port is closed and its thread has ended. Every SkyLine that
/// is to be watched gets a mount of its own. Dropping the last of them waits for connected players to take the end of their streams, for less than
/// half a second, and for their connections to be closed, for a few seconds at most.
///
/// At most 100 connections are served at a time; one that asks for no stream is closed after half a minute.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use backpack_skyline::{Encoder, SkyLine, rtsp};
///
/// let server = rtsp::Server::bind("127.0.0.1:8554")?;
/// let mut sky = SkyLine::builder().encoder(Encoder::h264()).output(server.mount("/cam")?).start()?;
/// println!("watch with: ffplay -fflags nobuffer {}", server.url("/cam"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    host: Arc<Host>,
}

/// What the server and its mounts keep alive together.
#[derive(Debug)]
pub(crate) struct Host {
    address: SocketAddr,
    scheme: &'static str,
    mounts: Arc<Mounts>,
    pool: Option<gst_rtsp::RTSPAddressPool>,
    engine: Engine,
}

impl Server {
    /// Serves on this address, to everybody who can reach it; port 0 takes a free port.
    ///
    /// Bind to `127.0.0.1` unless the network is trusted, or ask for names and passwords with the [builder](Server::builder).
    ///
    /// # Errors
    /// If the address is not one of this machine's, or its port is in use.
    pub fn bind(address: impl ToSocketAddrs + ToString) -> Result<Self, BindError> {
        Self::builder().bind(address)
    }

    /// Begins the description of a server with users or TLS.
    pub fn builder() -> ServerBuilder {
        ServerBuilder::default()
    }

    pub(crate) fn new(
        address: SocketAddr,
        scheme: &'static str,
        mounts: Arc<Mounts>,
        pool: Option<gst_rtsp::RTSPAddressPool>,
        engine: Engine,
    ) -> Self {
        Self { host: Arc::new(Host { address, scheme, mounts, pool, engine }) }
    }

    /// The address on which the server listens, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.host.address
    }

    /// The URL of a path on this server, such as `rtsp://127.0.0.1:8554/cam`.
    pub fn url(&self, path: &str) -> String {
        self.host.url(path)
    }

    /// A place for one stream, to be given to a SkyLine.
    ///
    /// # Errors
    /// If the path cannot be part of a URL, or another mount has it.
    pub fn mount(&self, path: &str) -> Result<Mount, MountError> {
        let hub = Arc::new(Hub::new(self.host.engine.scheduler()));
        self.host.mounts.add(path, &hub, self.host.pool.as_ref())?;
        Ok(Mount::new(path, self.url(path), hub, Arc::clone(&self.host)))
    }
}

impl Host {
    fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    pub(crate) fn unmount(&self, path: &str) {
        self.mounts.remove(path);
    }
}
