use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

use crate::assembly::Assembly;
use crate::builder::Settings;
use crate::inbox::Inbox;
use crate::messages::Messages;
use crate::{CameraError, Source};

/// A GStreamer pipeline that brings frames from the source to the inbox.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pipeline: gst::Pipeline,
    sink: gst_app::AppSink,
    inbox: Arc<Inbox>,
    starter: JoinHandle<()>,
}

impl Pipeline {
    /// Builds the pipeline and sets it going; frames and errors come to the inbox.
    pub fn start(settings: &Settings, inbox: &Arc<Inbox>) -> Result<Self, CameraError> {
        let ticket = inbox.next_ticket();
        let (pipeline, sink) = Assembly::new(settings, inbox, ticket).build()?;
        // The clock of a source that goes away would stop the pipeline.
        pipeline.use_clock(Some(&gst::SystemClock::obtain()));
        let messages = Messages::new(settings.source.to_string(), Arc::clone(inbox), ticket);
        pipeline.bus().expect("a pipeline has a bus").set_sync_handler(move |_, message| {
            messages.handle(message);
            gst::BusSyncReply::Drop
        });
        let (starting, failing) = (pipeline.clone(), Arc::clone(inbox));
        let camera = settings.source.to_string();
        // In a thread of its own, because a source may wait for the network before it lets go.
        let start = move || {
            if starting.set_state(gst::State::Playing).is_err() {
                let (element, message) = ("pipeline".to_owned(), "it does not start".to_owned());
                // The element that refuses to start has usually said why, and the first error counts.
                failing.fail(ticket, CameraError::Element { camera, element, message, hint: None });
            }
        };
        let starter = thread::Builder::new()
            .name("camera-start".to_owned())
            .spawn(start)
            .map_err(|error| CameraError::Start { message: error.to_string() })?;
        Ok(Self { pipeline, sink, inbox: Arc::clone(inbox), starter })
    }

    /// Whether the source goes on without waiting for its reader; to be asked once the first frame is there.
    pub fn is_live(&self, settings: &Settings) -> bool {
        settings.known_live().unwrap_or_else(|| {
            let sink = self.sink.static_pad("sink").expect("an appsink has a sink pad");
            let mut latency = gst::query::Latency::new();
            let live = sink.peer_query(&mut latency) && latency.result().0;
            // A stream over the network that has neither a length nor a size is a camera, whatever GStreamer takes its source for.
            let endless = || sink.peer_query_duration::<gst::ClockTime>().is_none() && !self.has_size();
            live || matches!(settings.source, Source::Uri(_)) && endless()
        })
    }

    /// Whether the source of an address knows how many bytes there are.
    fn has_size(&self) -> bool {
        self.pipeline
            .iterate_sources()
            .into_iter()
            .flatten()
            .filter(|decoder| decoder.has_property("source"))
            .filter_map(|decoder| decoder.property::<Option<gst::Element>>("source"))
            .any(|source| source.query_duration::<gst::format::Bytes>().is_some())
    }

    /// Whether frames come when they are due, or as soon as they are decoded.
    pub fn set_paced(&self, paced: bool) {
        self.sink.set_sync(paced);
    }

    /// Goes back to the beginning of the stream; whether the source can.
    pub fn rewind(&self) -> bool {
        self.inbox.begin_again();
        self.pipeline.seek_simple(gst::SeekFlags::FLUSH, gst::ClockTime::ZERO).is_ok()
    }

    /// Ends the pipeline with its threads; returns whether they have ended within `limit`.
    ///
    /// A source that waits for the network can take longer; it then ends in the background.
    pub fn end(self, limit: Duration) -> bool {
        // Whoever waits for room in the inbox lets go.
        self.inbox.next_ticket();
        let pipeline = self.pipeline.clone();
        let (done, ended) = mpsc::channel::<()>();
        let end = move || {
            // Only elements that are broken fail to stop, and nothing can be done about them here.
            let _ = self.pipeline.set_state(gst::State::Null);
            let _ = self.starter.join();
            drop(done);
        };
        if thread::Builder::new().name("camera-end".to_owned()).spawn(end).is_err() {
            let _ = pipeline.set_state(gst::State::Null);
        }
        ended.recv_timeout(limit) != Err(RecvTimeoutError::Timeout)
    }
}
