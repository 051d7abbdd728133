use std::sync::{Arc, Mutex, PoisonError};

use gstreamer as gst;
use gstreamer::prelude::*;

use crate::inbox::{Inbox, Ticket};
use crate::mask::mask;
use crate::{CameraError, package};

/// Turns what a pipeline's elements say into the camera's errors and log.
#[derive(Debug)]
pub(crate) struct Messages {
    camera: String,
    inbox: Arc<Inbox>,
    ticket: Ticket,
    missing: Mutex<Vec<Missing>>,
    last_warning: Mutex<String>,
}

/// What a pipeline lacked, as it said before it failed.
#[derive(Debug)]
struct Missing {
    /// `decoder`, `element`, `urisource` and so on.
    kind: String,
    /// The media type, the element or the scheme.
    detail: String,
    /// For people, such as `H.264 decoder`.
    name: String,
}

impl Messages {
    pub fn new(camera: String, inbox: Arc<Inbox>, ticket: Ticket) -> Self {
        Self { camera, inbox, ticket, missing: Mutex::default(), last_warning: Mutex::default() }
    }

    /// Takes a message in the thread that posts it.
    pub fn handle(&self, message: &gst::Message) {
        match message.view() {
            gst::MessageView::Error(error) => {
                let error = self.error(message, &error.error(), error.debug().as_deref());
                self.inbox.fail(self.ticket, error);
            }
            gst::MessageView::Warning(warning) => {
                let error = self.element_error(message, &warning.error(), warning.debug().as_deref());
                self.warn(error.to_string());
            }
            gst::MessageView::Element(element) => {
                let missing = element.structure().and_then(Missing::from_structure);
                self.missing.lock().unwrap_or_else(PoisonError::into_inner).extend(missing);
            }
            _ => {}
        }
    }

    /// Logs a warning; a damaged stream repeats the same one with every frame, which is logged as a trace.
    fn warn(&self, warning: String) {
        let mut last = self.last_warning.lock().unwrap_or_else(PoisonError::into_inner);
        if *last == warning {
            tracing::trace!("{warning}");
        } else {
            tracing::warn!("{warning}");
            *last = warning;
        }
    }

    fn error(&self, message: &gst::Message, error: &gst::glib::Error, debug: Option<&str>) -> CameraError {
        let camera = self.camera.clone();
        match error.kind::<gst::StreamError>() {
            Some(gst::StreamError::TypeNotFound | gst::StreamError::WrongType) => {
                return CameraError::NoVideo { camera, reason: mask(error.message()) };
            }
            _ if error.matches(gst::StreamError::CodecNotFound)
                || error.matches(gst::CoreError::MissingPlugin) => {}
            _ => return self.element_error(message, error, debug),
        }
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(video) = missing.iter().find(|missing| missing.may_be_video()) {
            return CameraError::Missing { camera, what: video.name.clone(), package: video.package() };
        }
        // Only video is asked for, so all that the source has counts as lacking a decoder.
        let others: Vec<_> = debug
            .into_iter()
            .flat_map(str::lines)
            .filter_map(|line| line.strip_prefix("Missing decoder: ")?.split(" (").next())
            .collect();
        if others.is_empty() {
            return self.element_error(message, error, debug);
        }
        CameraError::NoVideo { camera, reason: format!("only {}", others.join(", ")) }
    }

    fn element_error(
        &self,
        message: &gst::Message,
        error: &gst::glib::Error,
        debug: Option<&str>,
    ) -> CameraError {
        let element = message.src().map_or_else(|| "pipeline".to_owned(), kind_of);
        let mut hint = debug.and_then(hint);
        if element == "souphttpsrc" && error.matches(gst::StreamError::Failed) {
            // It has nothing else to say when it gets no answer.
            hint = Some("the server cannot be reached or does not answer".to_owned());
        }
        CameraError::Element { camera: self.camera.clone(), element, message: mask(error.message()), hint }
    }
}

/// The kind of element, which says more than the name it has in the pipeline.
fn kind_of(object: &gst::Object) -> String {
    let factory = object.downcast_ref::<gst::Element>().and_then(|element| element.factory());
    factory.map_or_else(|| object.name(), |factory| factory.name()).into()
}

/// What an element says to developers, without the place in its source code.
fn hint(debug: &str) -> Option<String> {
    let (_, said) = debug.split_once('\n')?;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    (!said.is_empty()).then(|| mask(&said))
}

impl Missing {
    fn from_structure(structure: &gst::StructureRef) -> Option<Self> {
        if structure.name() != "missing-plugin" {
            return None;
        }
        let detail = match structure.get::<gst::Caps>("detail") {
            Ok(caps) => caps.structure(0)?.name().to_string(),
            Err(_) => structure.get("detail").ok()?,
        };
        Some(Self { kind: structure.get("type").ok()?, detail, name: structure.get("name").ok()? })
    }

    fn may_be_video(&self) -> bool {
        !["audio/", "text/", "subpicture/", "application/x-subtitle"]
            .iter()
            .any(|other| self.detail.starts_with(other))
    }

    fn package(&self) -> Option<&'static str> {
        match self.kind.as_str() {
            "element" => package::of_element(&self.detail),
            "urisource" => package::of_scheme(&self.detail),
            _ => package::of_media_type(&self.detail),
        }
    }
}
