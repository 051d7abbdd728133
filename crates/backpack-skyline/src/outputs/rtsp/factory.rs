use std::sync::{Arc, OnceLock};

use gstreamer as gst;
use gstreamer::glib;
use gstreamer_app as gst_app;
use gstreamer_rtsp_server as gst_rtsp;
use gstreamer_rtsp_server::gst_rtsp::{RTSPLowerTrans, RTSPUrl};
use gstreamer_rtsp_server::prelude::*;
use gstreamer_rtsp_server::subclass::prelude::*;

use super::hub::Hub;
use crate::gst::{configure, element};
use crate::{Codec, StreamInfo};

/// The name of the source in a viewer's pipeline.
const SOURCE: &str = "units";

glib::wrapper! {
    /// Makes a pipeline for every viewer of one mount.
    pub(crate) struct Factory(ObjectSubclass<Imp>) @extends gst_rtsp::RTSPMediaFactory;
}

#[derive(Debug, Default)]
pub(crate) struct Imp {
    hub: OnceLock<Arc<Hub>>,
}

impl Factory {
    /// The pool holds the UDP ports on the server's own address; without one they are on every address.
    pub(crate) fn new(hub: Arc<Hub>, pool: Option<&gst_rtsp::RTSPAddressPool>) -> Self {
        let factory: Self = glib::Object::new();
        factory.imp().hub.get_or_init(|| hub);
        factory.set_shared(false);
        factory.set_protocols(RTSPLowerTrans::UDP | RTSPLowerTrans::TCP);
        factory.set_address_pool(pool);
        factory
    }
}

#[glib::object_subclass]
impl ObjectSubclass for Imp {
    const NAME: &'static str = "BackpackRtspMediaFactory";
    type Type = Factory;
    type ParentType = gst_rtsp::RTSPMediaFactory;
}

impl ObjectImpl for Imp {}

impl RTSPMediaFactoryImpl for Imp {
    fn create_element(&self, _: &RTSPUrl) -> Option<gst::Element> {
        let stream = self.hub.get().and_then(|hub| hub.stream());
        let pipeline = match stream.map(|stream| pipeline(&stream)) {
            Some(Ok(pipeline)) => pipeline,
            Some(Err(reason)) => {
                tracing::error!(%reason, "no pipeline for a viewer");
                gst::Bin::new()
            }
            // The stream has just ended. A pipeline without a stream is refused, but none at all would be an error of this program.
            None => gst::Bin::new(),
        };
        Some(pipeline.upcast())
    }

    fn media_configure(&self, media: &gst_rtsp::RTSPMedia) {
        self.parent_media_configure(media);
        let source = media.element().downcast::<gst::Bin>().ok().and_then(|bin| bin.by_name(SOURCE));
        let source = source.and_then(|source| source.downcast::<gst_app::AppSrc>().ok());
        let (Some(hub), Some(source)) = (self.hub.get(), source) else { return };
        let feed =
            gst_rtsp::RTSPContext::with_current_context(|context| hub.join(source.clone(), context.client()));
        match feed.flatten() {
            Some(feed) => {
                let hub = Arc::downgrade(hub);
                media.connect_unprepared(move |_| {
                    if let Some(hub) = hub.upgrade() {
                        hub.leave(&feed);
                    }
                });
            }
            None => gst::element_error!(source, gst::ResourceError::NotFound, ["the stream has ended"]),
        }
    }
}

/// The source and a payloader, as GStreamer's RTSP server wants them.
fn pipeline(stream: &StreamInfo) -> Result<gst::Bin, String> {
    let payloader = match stream.codec {
        Codec::H264 => "rtph264pay",
        Codec::H265 => "rtph265pay",
    };
    // Its limits are kept by whoever feeds it.
    let source = gst_app::AppSrc::builder().name(SOURCE).is_live(true).max_bytes(0).build();
    configure(&source, stream);
    let payloader = element(payloader)?;
    payloader.set_property("name", "pay0");
    payloader.set_property("pt", 96u32);
    let bin = gst::Bin::new();
    let text = |error: glib::BoolError| error.to_string();
    bin.add_many([source.upcast_ref(), &payloader]).map_err(text)?;
    source.link(&payloader).map_err(text)?;
    Ok(bin)
}
