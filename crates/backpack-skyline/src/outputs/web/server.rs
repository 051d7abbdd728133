use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::oneshot;

use super::access::Access;
use super::page::Page;
use super::site::{NameError, Site};
use super::{connections, routes};

/// The end of the runtime waits so long for a file that is being read.
const FINISH: Duration = Duration::from_secs(1);

/// A web server for any number of streams, on one port and one page.
///
/// It ends when it and all its [pages](Server::stream) are dropped; clones are the same server.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use backpack_skyline::web::Server;
///
/// let server = Server::builder().user("guard", "a long password").bind("127.0.0.1:8080")?;
/// let (yard, gate) = (server.stream("yard")?, server.stream("gate")?);
/// // Each is an output of a SkyLine of its own.
/// # drop((yard, gate));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Server(Arc<Running>);

/// The settings of a [`Server`].
#[derive(Debug)]
#[must_use = "call `bind` to begin"]
pub struct ServerBuilder {
    access: Result<Access, &'static str>,
    title: String,
}

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot serve a page on {address}")]
pub struct BindError {
    address: String,
    source: io::Error,
}

/// The server's thread; it ends when this is dropped.
#[derive(Debug)]
struct Running {
    address: SocketAddr,
    site: Arc<Site>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves on this address; port 0 takes a free port.
    ///
    /// Everybody who can reach the address can watch: bind to `127.0.0.1` unless the network is trusted, or ask for credentials with a
    /// [builder](Server::builder).
    ///
    /// # Errors
    /// If the address is not one of this machine's, or its port is in use.
    pub fn bind(address: impl ToSocketAddrs + ToString) -> Result<Self, BindError> {
        Self::builder().bind(address)
    }

    /// Settings for a server that asks for credentials.
    pub fn builder() -> ServerBuilder {
        ServerBuilder { access: Ok(Access::Everybody), title: String::new() }
    }

    /// The address on which it serves, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    /// A place on the page for a stream: an output to give to a SkyLine. It leaves the page when the output is dropped.
    ///
    /// # Errors
    /// If the name is taken, or has anything but letters, digits, `-` and `_` in it.
    pub fn stream(&self, name: &str) -> Result<Page, NameError> {
        let hub = self.0.site.add(name)?;
        Ok(Page::new(self.clone(), hub))
    }

    /// Serves the files of an HLS output at `/hls/<name>/index.m3u8`, for as long as the server runs.
    ///
    /// # Errors
    /// If the name is taken, or has anything but letters, digits, `-` and `_` in it.
    #[cfg(feature = "hls")]
    pub fn hls(&self, name: &str, output: &crate::Hls) -> Result<(), NameError> {
        self.0.site.add_folder(name, output.directory())
    }

    pub(super) fn site(&self) -> &Site {
        &self.0.site
    }
}

impl ServerBuilder {
    /// Names the page, such as after the device that it is on: the name stands above the streams and in the browser's tab.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Lets in who knows this token: a browser is given it once in the address (`/?token=…`) and remembers it in a cookie, other programs send it as
    /// `Authorization: Bearer …` or in the address. It consists of letters, digits and `-._~`; make it long and random.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.access = Access::token(token.into());
        self
    }

    /// Lets in who knows this name and password (HTTP Basic authentication, for which browsers ask by themselves).
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.access = Access::user(name, password);
        self
    }

    /// Serves on this address; port 0 takes a free port.
    ///
    /// # Errors
    /// If the credentials cannot be used, the address is not one of this machine's, or its port is in use.
    pub fn bind(self, address: impl ToSocketAddrs + ToString) -> Result<Server, BindError> {
        let text = address.to_string();
        self.access
            .map_err(|reason| io::Error::new(io::ErrorKind::InvalidInput, reason))
            .and_then(|access| Running::start(address, access, self.title))
            .map(|running| Server(Arc::new(running)))
            .map_err(|source| BindError { address: text, source })
    }
}

impl Running {
    fn start(address: impl ToSocketAddrs, access: Access, title: String) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let site = Arc::new(Site::new(access, title, address.port()));
        let name = format!("skyline page {}", address.port());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .thread_name(format!("{name} files"))
            .max_blocking_threads(2)
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let app = routes::router(Arc::clone(&site));
        let thread = thread::Builder::new().name(name).spawn(move || {
            let result = runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                tokio::select! {
                    result = connections::serve(listener, app) => result,
                    _ = stopped => Ok(()),
                }
            });
            if let Err(error) = result {
                tracing::error!(%error, %address, "the page's server stopped");
            }
            // This ends all connections.
            runtime.shutdown_timeout(FINISH);
        })?;
        Ok(Self { address, site, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread only waits for sockets and ends at once; if it panicked, the panic was printed.
            let _ = thread.join();
        }
    }
}
