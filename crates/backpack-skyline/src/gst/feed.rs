use std::time::Duration;

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

/// A running pipeline whose first element is fed by this process.
///
/// Feeding blocks while the pipeline is busy. That is meant: it runs on a thread of its own, and the queue in front of that thread decides
/// what is dropped.
#[derive(Debug)]
pub(crate) struct Feed {
    pipeline: gst::Pipeline,
    source: gst_app::AppSrc,
}

impl Feed {
    /// Links `source` and the elements after it and starts them.
    pub(crate) fn start(
        name: &str,
        source: gst_app::AppSrc,
        rest: impl IntoIterator<Item = gst::Element>,
    ) -> Result<Self, String> {
        let pipeline = gst::Pipeline::with_name(name);
        let chain: Vec<gst::Element> = [source.clone().upcast()].into_iter().chain(rest).collect();
        pipeline.add_many(&chain).map_err(text)?;
        gst::Element::link_many(&chain).map_err(text)?;
        source.set_block(true);
        release_on_error(&pipeline, &source);
        let feed = Self { pipeline, source };
        feed.pipeline.set_state(gst::State::Playing).map_err(|error| feed.reason(error))?;
        Ok(feed)
    }

    pub(crate) fn set_caps(&self, caps: &gst::Caps) {
        self.source.set_caps(Some(caps));
    }

    /// Hands over a buffer; waits while the pipeline is busy.
    pub(crate) fn push(&self, buffer: gst::Buffer) -> Result<(), String> {
        if let Some(problem) = self.problem() {
            return Err(problem);
        }
        self.source.push_buffer(buffer).map(drop).map_err(|error| self.reason(error))
    }

    /// Waits until everything that was fed has come out at the end.
    pub(crate) fn finish(&self, patience: Duration) -> Result<(), String> {
        self.source.end_of_stream().map_err(|error| self.reason(error))?;
        let wait = gst::ClockTime::try_from(patience).unwrap_or(gst::ClockTime::MAX);
        let kinds = [gst::MessageType::Error, gst::MessageType::Eos];
        match self.pipeline.bus().and_then(|bus| bus.timed_pop_filtered(wait, &kinds)) {
            Some(message) if message.type_() == gst::MessageType::Eos => Ok(()),
            Some(message) => Err(describe(&message)),
            None => Err(format!("the pipeline did not end within {patience:?}")),
        }
    }

    /// What the pipeline said went wrong, if anything.
    fn problem(&self) -> Option<String> {
        let message = self.pipeline.bus()?.pop_filtered(&[gst::MessageType::Error])?;
        Some(describe(&message))
    }

    /// What the pipeline said went wrong, or else the error itself.
    fn reason(&self, error: impl ToString) -> String {
        self.problem().unwrap_or_else(|| error.to_string())
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // Going to Null only fails for elements that are broken already, and there is nobody left to tell.
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}

/// Makes an element, or says which one is missing.
pub(crate) fn element(name: &str) -> Result<gst::Element, String> {
    gst::ElementFactory::make(name).build().map_err(text)
}

pub(crate) fn text(error: gst::glib::BoolError) -> String {
    error.to_string()
}

/// A pipeline that has stopped takes nothing more from its source; without its limits the source lets go of whoever waits for room.
fn release_on_error(pipeline: &gst::Pipeline, source: &gst_app::AppSrc) {
    let Some(bus) = pipeline.bus() else { return };
    let source = source.downgrade();
    bus.set_sync_handler(move |_, message| {
        if let (gst::MessageType::Error, Some(source)) = (message.type_(), source.upgrade()) {
            source.set_max_bytes(0);
            source.set_max_buffers(0);
        }
        gst::BusSyncReply::Pass
    });
}

fn describe(message: &gst::Message) -> String {
    let element = message.src().map_or_else(|| "pipeline".into(), |source| source.name());
    let gst::MessageView::Error(error) = message.view() else { return format!("{element} stopped") };
    // The last line of the debug text holds the system's own reason, where there is one; the first is a place in GStreamer's source.
    let debug = error.debug().unwrap_or_default();
    let reason = debug.lines().skip(1).last().map(|line| format!(" ({line})"));
    format!("{element}: {}{}", error.error(), reason.unwrap_or_default())
}
