use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;

/// How many connections are served at a time.
const MAX_CONNECTIONS: usize = 256;

/// How long a client may take to send the head of a request, the time before its first byte included.
const REQUEST: Duration = Duration::from_secs(10);

/// For how long a client may take nothing of what it asked for.
const STALL: Duration = Duration::from_secs(30);

/// The largest head of a request.
const HEAD_BYTES: usize = 16 << 10;

/// Serves every connection on a task of its own, for as long as the runtime runs.
pub(crate) async fn serve(listener: TcpListener, app: Router) -> io::Result<()> {
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let connection = match listener.accept().await {
            Ok((connection, _)) => connection,
            Err(error) => {
                // The system may be short of something, such as file descriptors, for a while.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        match Arc::clone(&slots).try_acquire_owned() {
            Ok(slot) => drop(tokio::spawn(serve_one(connection, app.clone(), slot))),
            Err(_) => refuse(&connection),
        }
    }
}

/// The slot is free again when the connection ends.
async fn serve_one(connection: TcpStream, app: Router, _slot: OwnedSemaphorePermit) {
    // A small fragment must not wait for more data to fill a packet.
    if let Err(error) = connection.set_nodelay(true) {
        tracing::debug!(%error, "no TCP_NODELAY");
    }
    let mut connection = TimeoutStream::new(connection);
    connection.set_write_timeout(Some(STALL));
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(Box::pin(connection)), TowerToHyperService::new(app));
    if let Err(error) = served.await {
        tracing::debug!(%error, "a connection ended");
    }
}

fn refuse(connection: &TcpStream) {
    let answer = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    // Whoever does not get the answer sees that the connection ends.
    let _ = connection.try_write(answer);
}
