use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

use super::secrets::{Secrets, address};
use super::token::{Token, tokens};
use crate::gst::parser;
use crate::{Codec, OutputError};

const SOURCE: &str = "skyline_source";
const PARSER: &str = "skyline_parser";

/// A description that a pipeline can be made of. Its texts have no secrets in them.
pub(super) struct Description {
    text: String,
    secrets: Secrets,
    name: String,
}

impl Description {
    pub(super) fn new(text: &str) -> Result<Self, OutputError> {
        let mut description = Self { text: text.to_owned(), secrets: Secrets::of(text), name: String::new() };
        let wrong = |reason: String| OutputError::new(format!("the description of a sink: {reason}"));
        gst::init().map_err(|error| wrong(error.to_string()))?;
        // A description for H.265 alone cannot follow H.264.
        let (pipeline, _) = description
            .launch(Codec::H264)
            .or_else(|reason| description.launch(Codec::H265).map_err(|_| reason))
            .map_err(wrong)?;
        description.name = sinks(&pipeline).first().map(name).unwrap_or_default();
        Ok(description)
    }

    /// The sink's element and, if it is known, where it sends to.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn mask(&self, text: &str) -> String {
        self.secrets.mask(text)
    }

    /// The pipeline and its source, which is to be configured for the stream.
    pub(super) fn launch(&self, codec: Codec) -> Result<(gst::Pipeline, gst_app::AppSrc), String> {
        if self.text.trim().is_empty() {
            return Err("it is empty".into());
        }
        let text = format!("appsrc name={SOURCE} ! {} name={PARSER} ! {}", parser(codec), self.text);
        let mut context = gst::ParseContext::new();
        let pipeline = gst::parse::launch_full(&text, Some(&mut context), gst::ParseFlags::FATAL_ERRORS)
            .map_err(|error| {
                self.explain(&error, &context).replace(PARSER, &format!("the {codec} stream"))
            })?;
        let pipeline = pipeline.downcast::<gst::Pipeline>().map_err(|_| "it is not one pipeline")?;
        let source = pipeline.by_name(SOURCE).and_then(|source| source.downcast().ok());
        let source = source.ok_or("it has an element of the name skyline_source")?;
        if sinks(&pipeline).is_empty() {
            return Err("it has no sink: it must end in one, such as `… ! rtmp2sink location=…`".into());
        }
        self.send_at_once(&pipeline);
        Ok((pipeline, source))
    }

    /// The frames come in real time, so that a sink must not wait for their time once more; and a sink that connects again by itself would go on
    /// in the middle of a group of pictures. Who sets one of the properties knows better.
    fn send_at_once(&self, pipeline: &gst::Pipeline) {
        for property in ["sync", "auto-reconnect"] {
            let is_set = |token: &Token<'_>| matches!(token, Token::Property(name, _) if *name == property);
            if tokens(&self.text).iter().any(is_set) {
                continue;
            }
            for sink in sinks(pipeline) {
                if sink.find_property(property).is_some_and(|spec| spec.value_type() == bool::static_type()) {
                    sink.set_property(property, false);
                }
            }
        }
    }

    fn explain(&self, error: &gst::glib::Error, context: &gst::ParseContext) -> String {
        if !error.matches(gst::ParseError::NoSuchElement) {
            return self.mask(error.message());
        }
        let tokens = tokens(&self.text);
        let before = [Token::Word("!")].into_iter().chain(tokens.iter().copied());
        let elements: Vec<_> =
            before.zip(&tokens).filter(|(before, _)| *before == Token::Word("!")).collect();
        let missing = context.missing_elements();
        // Any other word may be the end of a password with a space in it.
        let is_element = |word: &String| elements.iter().any(|(_, element)| **element == Token::Word(word));
        if !missing.iter().all(is_element) {
            return "a word stands where no element can: a value with spaces belongs in quotes".into();
        }
        format!("there is no element {}: is its plugin installed?", missing.join(", "))
    }
}

fn sinks(pipeline: &gst::Pipeline) -> Vec<gst::Element> {
    pipeline.iterate_sinks().into_iter().filter_map(Result::ok).collect()
}

fn name(sink: &gst::Element) -> String {
    let element = sink.factory().map(|factory| factory.name().to_string()).unwrap_or_default();
    match destination(sink) {
        Some(destination) => format!("{element} {destination}"),
        None => element,
    }
}

fn destination(sink: &gst::Element) -> Option<String> {
    let text = |property: &str| {
        let spec = sink.find_property(property)?;
        let is_readable = spec.flags().contains(gst::glib::ParamFlags::READABLE);
        (is_readable && spec.value_type() == String::static_type())
            .then(|| sink.property::<Option<String>>(property))
            .flatten()
    };
    let uri = ["uri", "location"]
        .into_iter()
        .filter_map(text)
        .find_map(|uri| Some(address(uri.split_once("://")?.1)?.to_owned()));
    uri.or_else(|| {
        let host = text("host")?;
        let port = sink.find_property("port")?.value_type() == i32::static_type();
        Some(if port { format!("{host}:{}", sink.property::<i32>("port")) } else { host })
    })
}
