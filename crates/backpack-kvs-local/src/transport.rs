use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use crate::service::Service;

/// How often it is looked whether a black hole is one still.
const LOOK: Duration = Duration::from_millis(20);
/// How often a limited rate lets bytes through.
const SLICE: Duration = Duration::from_millis(20);

/// A connection that reads as slowly as it is told to, or not at all.
pub(crate) struct Transport {
    stream: Arc<TcpStream>,
    service: Arc<Service>,
    /// What may be read until when, if the rate is limited.
    slice: Option<(Instant, u64)>,
    read_nap: Pin<Box<Sleep>>,
    write_nap: Pin<Box<Sleep>>,
}

impl Transport {
    pub fn new(stream: Arc<TcpStream>, service: Arc<Service>) -> Self {
        let nap = || Box::pin(tokio::time::sleep(Duration::ZERO));
        Self { stream, service, slice: None, read_nap: nap(), write_nap: nap() }
    }

    /// How many bytes may be read now.
    fn poll_allowance(&mut self, cx: &mut Context<'_>) -> Poll<u64> {
        loop {
            let (is_hole, rate) =
                self.service.read(|state| (state.faults.black_hole, state.faults.read_rate));
            if is_hole {
                ready!(nap(&mut self.read_nap, Instant::now() + LOOK, cx));
                continue;
            }
            let Some(rate) = rate else { return Poll::Ready(u64::MAX) };
            let now = Instant::now();
            match self.slice {
                Some((until, left)) if left > 0 && now < until => return Poll::Ready(left),
                Some((until, _)) if now < until => ready!(nap(&mut self.read_nap, until, cx)),
                _ => {
                    // At least one byte, at the rate it takes.
                    let bytes = (u128::from(rate) * SLICE.as_millis() / 1000).max(1);
                    let time =
                        SLICE.max(Duration::from_secs(1) / u32::try_from(rate.max(1)).unwrap_or(u32::MAX));
                    self.slice = Some((now + time, u64::try_from(bytes).unwrap_or(u64::MAX)));
                }
            }
        }
    }
}

/// Ready when it is over; else the task is woken then.
fn nap(sleep: &mut Pin<Box<Sleep>>, until: Instant, cx: &mut Context<'_>) -> Poll<()> {
    sleep.as_mut().reset(until);
    sleep.as_mut().poll(cx)
}

impl AsyncRead for Transport {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let allowed = ready!(this.poll_allowance(cx));
        loop {
            ready!(this.stream.poll_read_ready(cx))?;
            let room = buf.remaining().min(usize::try_from(allowed).unwrap_or(usize::MAX));
            match this.stream.try_read(buf.initialize_unfilled_to(room)) {
                Ok(count) => {
                    buf.advance(count);
                    if let Some((_, left)) = &mut this.slice {
                        *left = left.saturating_sub(count as u64);
                    }
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Transport {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        while this.service.read(|state| state.faults.black_hole) {
            ready!(nap(&mut this.write_nap, Instant::now() + LOOK, cx));
        }
        loop {
            ready!(this.stream.poll_write_ready(cx))?;
            match this.stream.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return Poll::Ready(result),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(socket2::SockRef::from(&*self.stream).shutdown(std::net::Shutdown::Write))
    }
}
