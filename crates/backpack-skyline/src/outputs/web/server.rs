use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use futures_util::StreamExt;
use futures_util::stream::poll_fn;
use tokio::sync::oneshot;

use super::hub::{Health, Hub};

/// The HTTP server behind a page, on a thread of its own; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(address: impl ToSocketAddrs, hub: Arc<Hub>) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread =
            thread::Builder::new().name(format!("skyline page {}", address.port())).spawn(move || {
                // Dropping the runtime ends all connections.
                if let Err(error) = runtime.block_on(serve(listener, hub, stopped)) {
                    tracing::error!(%error, %address, "the page's server stopped");
                }
            })?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The thread only waits for sockets and ends at once; if it panicked, the panic was printed.
            let _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, hub: Arc<Hub>, stopped: oneshot::Receiver<()>) -> io::Result<()> {
    let app = Router::new()
        .route("/", get(|| async { Html(include_str!("page.html")) }))
        .route("/stream.mp4", get(stream))
        .route("/health.json", get(health))
        .with_state(hub);
    // A small fragment must not wait for more data to fill a packet.
    let listener = tokio::net::TcpListener::from_std(listener)?.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "no TCP_NODELAY");
        }
    });
    tokio::select! {
        result = axum::serve(listener, app) => result,
        _ = stopped => Ok(()),
    }
}

/// Nothing that is live may be kept by a cache.
const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");

async fn stream(State(hub): State<Arc<Hub>>) -> Response {
    let Some(subscription) = hub.subscribe() else {
        let retry = (header::RETRY_AFTER, "1");
        return (StatusCode::SERVICE_UNAVAILABLE, [NO_STORE, retry], "There is no stream yet.\n")
            .into_response();
    };
    let mut pieces = subscription.pieces;
    let body = poll_fn(move |context| pieces.poll_recv(context)).map(Ok::<_, Infallible>);
    let content_type = (header::CONTENT_TYPE, subscription.mime);
    ([content_type, (NO_STORE.0, NO_STORE.1.to_owned())], Body::from_stream(body)).into_response()
}

async fn health(State(hub): State<Arc<Hub>>) -> impl IntoResponse {
    let Health { streaming, width, height, frames_per_second, kbps, viewers, missed } = hub.health();
    let json = format!(
        "{{\"streaming\":{streaming},\"width\":{width},\"height\":{height},\"fps\":{frames_per_second:.2},\
         \"kbps\":{kbps:.0},\"viewers\":{viewers},\"missed\":{missed}}}\n"
    );
    ([(header::CONTENT_TYPE, "application/json"), NO_STORE], json)
}
