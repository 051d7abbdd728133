use std::io;
use std::path::Path;
use std::sync::Arc;

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use gstreamer_video as gst_video;

use crate::builder::Settings;
use crate::gate::Gate;
use crate::inbox::{Inbox, Ticket};
use crate::mask::mask;
use crate::{CameraError, Pace, Source, format, package};

/// The name of the first element that is the same for all sources.
const HEAD: &str = "backpack-head";

/// The formats of core, those first that encoders and most models' preprocessing take.
const FORMATS: [gst_video::VideoFormat; 7] = [
    gst_video::VideoFormat::I420,
    gst_video::VideoFormat::Nv12,
    gst_video::VideoFormat::Bgr,
    gst_video::VideoFormat::Rgb,
    gst_video::VideoFormat::Bgra,
    gst_video::VideoFormat::Rgba,
    gst_video::VideoFormat::Gray8,
];

/// A pipeline that is being put together: `source ! … ! videoscale ! videoconvert ! appsink`.
///
/// Scaling and converting hand frames through untouched unless the caller asks for something that the source does not give. Scaling comes
/// first, because it usually makes the picture smaller.
pub(crate) struct Assembly<'a> {
    settings: &'a Settings,
    inbox: &'a Arc<Inbox>,
    ticket: Ticket,
    pipeline: gst::Pipeline,
}

impl<'a> Assembly<'a> {
    pub fn new(settings: &'a Settings, inbox: &'a Arc<Inbox>, ticket: Ticket) -> Self {
        Self { settings, inbox, ticket, pipeline: gst::Pipeline::new() }
    }

    /// The pipeline and its end.
    pub fn build(self) -> Result<(gst::Pipeline, gst_app::AppSink), CameraError> {
        let convert = self.add("videoconvert")?;
        let sink = self.sink();
        self.pipeline.add(&sink).map_err(|error| self.broken(error))?;
        convert.link(&sink).map_err(|error| self.broken(error))?;
        let head = match &self.settings.source {
            Source::TestPattern => self.test_pattern(&convert)?,
            Source::File(path) => self.file(path, &convert)?,
            Source::Uri(uri) => self.address(uri, &convert)?,
            Source::V4l2(device) => self.v4l2(device, &convert)?,
            Source::Description(description) => self.description(description, &convert)?,
        };
        self.choose_format_by_stream(&head, &sink);
        Ok((self.pipeline, sink))
    }

    fn test_pattern(&self, convert: &gst::Element) -> Result<gst::Element, CameraError> {
        let source = self.add("videotestsrc")?;
        source.set_property("is-live", self.settings.live == Some(true));
        let format = self.settings.format.map_or(gst_video::VideoFormat::I420, format::to_gst);
        let mut caps = raw_caps([format], self.settings.size.or(Some((640, 480))));
        caps.make_mut().set("framerate", fraction(self.settings.frame_rate.unwrap_or(30.0)));
        let filter = self.filter(&caps)?;
        let head = self.head(convert)?;
        self.link(&[&source, &filter, &head])?;
        Ok(head)
    }

    fn file(&self, path: &Path, convert: &gst::Element) -> Result<gst::Element, CameraError> {
        let unreadable = |error| CameraError::Open { path: path.to_owned(), error };
        let meta = path.metadata().map_err(unreadable)?;
        if meta.is_dir() {
            return Err(unreadable(io::ErrorKind::IsADirectory.into()));
        }
        if meta.is_file() {
            std::fs::File::open(path).map_err(unreadable)?;
            if meta.len() == 0 {
                let reason = "the file is empty".to_owned();
                return Err(CameraError::NoVideo { camera: self.settings.source.to_string(), reason });
            }
        }
        let absolute = std::path::absolute(path).map_err(unreadable)?;
        let uri = gst::glib::filename_to_uri(absolute, None).map_err(|error| self.broken(error))?;
        self.address(&uri, convert)
    }

    fn address(&self, uri: &str, convert: &gst::Element) -> Result<gst::Element, CameraError> {
        let decoder = self.add("uridecodebin")?;
        decoder.set_property("uri", uri);
        // Only video is decoded; sound is left alone and holds nothing up.
        let video = gst::Caps::builder("video/x-raw").any_features().build();
        decoder.set_property("caps", video);
        decoder.set_property("expose-all-streams", false);
        let latency = u32::try_from(self.settings.latency.as_millis()).unwrap_or(u32::MAX);
        decoder.connect("source-setup", false, move |values| {
            let source = values.get(1)?.get::<gst::Element>().ok()?;
            if source.factory()?.name() == "rtspsrc" {
                source.set_property("latency", latency);
                // Over UDP a camera behind a firewall stays silent, and packets are lost where the network is busy.
                source.set_property_from_str("protocols", "tcp");
                // Sound and metadata need not even be sent.
                source.connect("select-stream", false, |values| {
                    let caps = values.get(2)?.get::<gst::Caps>().ok()?;
                    let media = caps.structure(0)?.get::<&str>("media").ok()?;
                    Some((media == "video").to_value())
                });
            }
            None
        });
        if let Some(bin) = decoder.downcast_ref::<gst::Bin>() {
            let gate = Arc::new(Gate::default());
            bin.connect_deep_element_added(move |_, _, element| {
                gate.watch(element);
                if element.factory().is_some_and(|factory| factory.name() == "multipartdemux") {
                    // Otherwise the decoder waits seconds for further streams.
                    element.set_property("single-stream", true);
                }
            });
        }
        self.link_when_decoded(&decoder, convert)
    }

    fn v4l2(&self, device: &Path, convert: &gst::Element) -> Result<gst::Element, CameraError> {
        device.metadata().map_err(|error| CameraError::Open { path: device.to_owned(), error })?;
        let source = self.add("v4l2src")?;
        source.set_property("device", device.to_string_lossy().as_ref());
        let filter = self.filter(&self.v4l2_caps())?;
        let decoder = self.add("decodebin")?;
        self.link(&[&source, &filter, &decoder])?;
        self.link_when_decoded(&decoder, convert)
    }

    /// What the caller asks for, which v4l2src takes for a wish if something else follows.
    fn v4l2_caps(&self) -> gst::Caps {
        let any: gst::Caps = ["video/x-raw", "image/jpeg", "video/x-h264"]
            .into_iter()
            .map(gst::Structure::new_empty)
            .collect();
        let mut wish = any.clone();
        if let Some((width, height)) = self.settings.size {
            wish.make_mut().set("width", width as i32);
            wish.make_mut().set("height", height as i32);
        }
        if let Some(rate) = self.settings.frame_rate {
            wish.make_mut().set("framerate", fraction(rate));
        }
        wish.merge(any);
        wish
    }

    fn description(&self, description: &str, convert: &gst::Element) -> Result<gst::Element, CameraError> {
        let mut context = gst::ParseContext::new();
        let described = gst::parse::bin_from_description_full(
            &format!("{description} ! videoscale name={HEAD}"),
            false,
            Some(&mut context),
            gst::ParseFlags::FATAL_ERRORS,
        );
        let refuse = |message: String| CameraError::Description { description: mask(description), message };
        let bin = described.map_err(|error| {
            let element = context.missing_elements().into_iter().next();
            match element.filter(|_| error.matches(gst::ParseError::NoSuchElement)) {
                Some(element) => self.missing(&element),
                None => match error.message().strip_suffix(&format!(" to {HEAD}")) {
                    Some(unlinked) => refuse(format!("it does not end in raw video: {}", mask(unlinked))),
                    None => refuse(mask(error.message())),
                },
            }
        })?;
        let chain = bin.downcast::<gst::Bin>().ok().and_then(|bin| Some((bin.by_name(HEAD)?, bin)));
        let (head, bin) = chain.ok_or_else(|| refuse("it is not a chain of elements".into()))?;
        let end = head.static_pad("src").expect("videoscale has a source pad");
        let end = gst::GhostPad::with_target(&end).map_err(|error| self.broken(error))?;
        bin.add_pad(&end).map_err(|error| self.broken(error))?;
        self.pipeline.add(&bin).map_err(|error| self.broken(error))?;
        bin.link(convert).map_err(|_| refuse(misfit(&end.query_caps(None))))?;
        Ok(head)
    }

    /// The head, linked to what follows.
    fn head(&self, convert: &gst::Element) -> Result<gst::Element, CameraError> {
        let head = self.add("videoscale")?;
        self.link(&[&head, convert])?;
        Ok(head)
    }

    /// Links the first video stream that a decoder finds; further ones stay unlinked, which holds nothing up.
    fn link_when_decoded(
        &self,
        decoder: &gst::Element,
        convert: &gst::Element,
    ) -> Result<gst::Element, CameraError> {
        let head = self.head(convert)?;
        let target = head.static_pad("sink").expect("videoscale has a sink pad");
        let (inbox, ticket, camera) = (Arc::clone(self.inbox), self.ticket, self.settings.source.to_string());
        decoder.connect_pad_added(move |_, pad| {
            if !target.is_linked() && pad.link(&target).is_err() {
                let reason = misfit(&pad.query_caps(None));
                inbox.fail(ticket, CameraError::NoVideo { camera: camera.clone(), reason });
            }
        });
        Ok(head)
    }

    /// Asks for the stream's own format once it is known, or for I420 if core does not have it.
    ///
    /// Left to itself, videoconvert would turn the 4:2:2 of many cameras into RGB, because that loses least.
    fn choose_format_by_stream(&self, head: &gst::Element, sink: &gst_app::AppSink) {
        if self.settings.format.is_some() {
            return;
        }
        let (size, sink) = (self.settings.size, sink.clone());
        let pad = head.static_pad("sink").expect("videoscale has a sink pad");
        pad.add_probe(gst::PadProbeType::EVENT_DOWNSTREAM, move |_, info| {
            if let Some(gst::EventView::Caps(event)) = info.event().map(|event| event.view())
                && let Ok(stream) = gst_video::VideoInfo::from_caps(event.caps())
            {
                let own = Some(stream.format()).filter(|format| FORMATS.contains(format));
                sink.set_caps(Some(&raw_caps([own.unwrap_or(gst_video::VideoFormat::I420)], size)));
            }
            gst::PadProbeReturn::Ok
        });
    }

    fn sink(&self) -> gst_app::AppSink {
        let ticket = self.ticket;
        let (frames, end) = (Arc::clone(self.inbox), Arc::clone(self.inbox));
        let callbacks = gst_app::AppSinkCallbacks::builder()
            .new_sample(move |sink| {
                let sample = sink.pull_sample().map_err(|_| gst::FlowError::Flushing)?;
                frames.put(ticket, sample)
            })
            .eos(move |_| end.end(ticket));
        // Pacing a live source would add its latency to each frame.
        let paced = self.settings.pace == Pace::RealTime && self.settings.known_live() == Some(false);
        let caps = match self.settings.format {
            Some(format) => raw_caps([format::to_gst(format)], self.settings.size),
            None => raw_caps(FORMATS, self.settings.size),
        };
        let sink = gst_app::AppSink::builder()
            .caps(&caps)
            .max_buffers(1)
            .enable_last_sample(false)
            .sync(paced)
            .callbacks(callbacks.build())
            .build();
        let pad = sink.static_pad("sink").expect("an appsink has a sink pad");
        // A decoder may then give its own padded memory; without this it copies each frame into a tight one.
        pad.add_probe(gst::PadProbeType::QUERY_DOWNSTREAM, |_, info| {
            match info.query_mut().map(|query| query.view_mut()) {
                Some(gst::QueryViewMut::Allocation(allocation)) => {
                    allocation.add_allocation_meta::<gst_video::VideoMeta>(None);
                    gst::PadProbeReturn::Handled
                }
                _ => gst::PadProbeReturn::Ok,
            }
        });
        sink
    }

    fn filter(&self, caps: &gst::Caps) -> Result<gst::Element, CameraError> {
        let filter = self.add("capsfilter")?;
        filter.set_property("caps", caps);
        Ok(filter)
    }

    fn add(&self, kind: &str) -> Result<gst::Element, CameraError> {
        let element = gst::ElementFactory::make(kind).build().map_err(|_| self.missing(kind))?;
        self.pipeline.add(&element).map_err(|error| self.broken(error))?;
        Ok(element)
    }

    fn link(&self, elements: &[&gst::Element]) -> Result<(), CameraError> {
        gst::Element::link_many(elements).map_err(|error| self.broken(error))
    }

    fn missing(&self, element: &str) -> CameraError {
        CameraError::Missing {
            camera: self.settings.source.to_string(),
            what: format!("element {element}"),
            package: package::of_element(element),
        }
    }

    /// For what only an incomplete installation of GStreamer can cause.
    fn broken(&self, error: impl ToString) -> CameraError {
        CameraError::Element {
            camera: self.settings.source.to_string(),
            element: "pipeline".to_owned(),
            message: mask(&error.to_string()),
            hint: None,
        }
    }
}

/// Raw video in plain memory, in one of these formats.
fn raw_caps(
    formats: impl IntoIterator<Item = gst_video::VideoFormat>,
    size: Option<(u32, u32)>,
) -> gst::Caps {
    let caps = gst_video::VideoCapsBuilder::new().format_list(formats);
    match size {
        Some((width, height)) => caps.width(width as i32).height(height as i32).build(),
        None => caps.build(),
    }
}

/// Why a stream with these caps cannot be linked.
fn misfit(caps: &gst::CapsRef) -> String {
    let foreign = |name: &&str| name.starts_with("memory:") && *name != "memory:SystemMemory";
    let features = caps.features(0).map(|features| features.iter().map(|name| name.as_str()));
    match features.and_then(|mut names| names.find(foreign)) {
        Some(memory) => format!(
            "the frames are in {memory}, not in plain memory; \
             describe the source with an element that fetches them from there"
        ),
        None => format!("it is not raw video but {caps}"),
    }
}

fn fraction(frames_per_second: f64) -> gst::Fraction {
    gst::Fraction::approximate_f64(frames_per_second).unwrap_or(gst::Fraction::new(30, 1))
}
