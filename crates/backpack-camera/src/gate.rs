use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use gstreamer as gst;
use gstreamer::prelude::*;

/// How long a demuxer waits at most; decodebin needs microseconds.
const LIMIT: Duration = Duration::from_secs(1);

/// Holds a demuxer back until decodebin listens to it.
///
/// A demuxer that reads a file begins in a thread of its own while decodebin still ignores its errors. If it fails at once, as it does with a
/// broken file, and the other thread happens not to run, the error is lost and nobody would ever hear of it.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    /// Watches an element that decodebin adds.
    pub fn watch(self: &Arc<Self>, element: &gst::Element) {
        let gate = Arc::clone(self);
        if element.factory().is_some_and(|factory| factory.name() == "typefind") {
            // Comes after decodebin's own handler, in which it adds the demuxer.
            element.connect("have-type", true, move |_| {
                gate.open();
                None
            });
        } else if !element.is::<gst::Bin>()
            && let Some(pad) = element.static_pad("sink")
        {
            pad.add_probe(gst::PadProbeType::PULL | gst::PadProbeType::BUFFER, move |_, _| {
                gate.wait();
                gst::PadProbeReturn::Remove
            });
        }
    }

    fn open(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.opened.notify_all();
    }

    fn wait(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.opened.wait_timeout_while(open, LIMIT, |open| !*open));
    }
}
