use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::client::conn::http1::{Builder, SendRequest};
use hyper::{HeaderMap, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::ConnectionError;
use crate::connector::{Connector, Io};
use crate::url::Url;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest answer that is read.
const LONGEST: usize = 64 * 1024;

/// How much hyper may hold: what is in its buffer has left the spool's sight, and takes time on a slow link.
const BUFFER: usize = 64 * 1024;

/// The end of a connection that a task drives. Whatever it is doing, it is over when this is dropped.
pub(crate) struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Begins to speak HTTP.
pub(crate) async fn handshake<B>(io: Box<dyn Io>) -> Result<(SendRequest<B>, Driver), ConnectionError>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (sender, connection) =
        Builder::new().max_buf_size(BUFFER).handshake(TokioIo::new(io)).await.map_err(lost)?;
    // Its result says little: a connection that was reset may be a success.
    let task = tokio::spawn(async move { drop(connection.await) });
    Ok((sender, Driver(task)))
}

/// An answer that was read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Sends a request on a connection of its own and reads the answer.
pub(crate) async fn fetch(
    connector: &Connector,
    url: &Url,
    request: Request<Whole>,
) -> Result<Answer, ConnectionError> {
    let io = connector.connect(url).await?;
    let exchange = async {
        let (mut sender, _driver) = handshake(io).await?;
        let (head, body) = sender.send_request(request).await.map_err(lost)?.into_parts();
        Ok(Answer { status: head.status, headers: head.headers, body: read(body).await? })
    };
    let late = |_| ConnectionError::Unreachable {
        host: url.authority(),
        error: format!("no answer within {PATIENCE:?}"),
    };
    timeout(PATIENCE, exchange).await.map_err(late)?
}

/// The beginning of a body, as far as it is of interest.
pub(crate) async fn read(mut body: Incoming) -> Result<Bytes, ConnectionError> {
    let mut read = Vec::new();
    while let Some(bytes) = next(&mut body).await? {
        read.extend_from_slice(&bytes);
        if read.len() > LONGEST {
            break;
        }
    }
    Ok(read.into())
}

/// The next bytes of a body.
pub(crate) async fn next(body: &mut Incoming) -> Result<Option<Bytes>, ConnectionError> {
    loop {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await;
        match frame.transpose().map_err(lost)?.map(Frame::into_data) {
            None => return Ok(None),
            Some(Ok(bytes)) => return Ok(Some(bytes)),
            // Trailers say nothing that is of use here.
            Some(Err(_)) => {}
        }
    }
}

pub(crate) fn lost(error: hyper::Error) -> ConnectionError {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    ConnectionError::Lost(text)
}

/// A body that is there as a whole.
pub(crate) struct Whole(Option<Bytes>);

impl Whole {
    pub(crate) fn new(bytes: impl Into<Bytes>) -> Self {
        Self(Some(bytes.into()))
    }
}

impl Body for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, Bytes::len) as u64)
    }
}
