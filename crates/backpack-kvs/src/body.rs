use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::spool::{Feed, Next};

/// The body of a request: what a feed has, at its pace.
pub(crate) struct FragmentBody {
    feed: Feed,
    pause: Option<Pin<Box<Sleep>>>,
    progress: Progress,
}

/// How far a body has come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Arc<AtomicU8>);

const ENDED: u8 = 1;
const BROKEN: u8 = 2;

/// The fragment that was being sent is gone.
#[derive(Debug, thiserror::Error)]
#[error("the fragment that was being sent is gone")]
pub(crate) struct Broken;

impl Progress {
    /// Whether all of it was taken.
    pub(crate) fn has_ended(&self) -> bool {
        self.0.load(Ordering::Acquire) == ENDED
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.0.load(Ordering::Acquire) == BROKEN
    }
}

impl FragmentBody {
    pub(crate) fn new(feed: Feed) -> (Self, Progress) {
        let progress = Progress::default();
        (Self { feed, pause: None, progress: progress.clone() }, progress)
    }
}

impl Body for FragmentBody {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = &mut *self;
        loop {
            if let Some(pause) = &mut this.pause {
                std::task::ready!(pause.as_mut().poll(context));
                this.pause = None;
            }
            match this.feed.next(context.waker()) {
                Next::Part(bytes) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Next::Wait => return Poll::Pending,
                Next::WaitUntil(due) => this.pause = Some(Box::pin(sleep_until(Instant::from_std(due)))),
                Next::End => {
                    this.progress.0.store(ENDED, Ordering::Release);
                    return Poll::Ready(None);
                }
                Next::Broken => {
                    this.progress.0.store(BROKEN, Ordering::Release);
                    return Poll::Ready(Some(Err(Broken)));
                }
            }
        }
    }
}
