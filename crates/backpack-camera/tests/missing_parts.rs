//! What to install when GStreamer lacks something. In a process of its own, because it takes things from GStreamer.

mod support;

use backpack_camera::Camera;
use gstreamer as gst;
use support::{clip, within};

#[test]
fn the_error_names_what_is_missing_and_the_package_that_has_it() {
    gst::init().unwrap();
    let registry = gst::Registry::get();
    for factory in
        gst::ElementFactory::factories_with_type(gst::ElementFactoryType::DECODER, gst::Rank::MARGINAL)
    {
        let h264 = gst::Caps::new_empty_simple("video/x-h264");
        if factory.can_sink_any_caps(&h264) {
            registry.remove_feature(&factory);
        }
    }
    for element in ["videotestsrc", "rtspsrc"] {
        registry.remove_feature(&registry.lookup_feature(element).unwrap());
    }
    let clip = clip("bikes.mp4");
    let cases = [
        (
            clip.to_str().unwrap().to_owned(),
            "H.264 (High Profile) decoder; install the package gstreamer1.0-libav",
        ),
        ("test".to_owned(), "element videotestsrc; install the package gstreamer1.0-plugins-base"),
        (
            "rtsp://127.0.0.1:1/x".to_owned(),
            "Real Time Streaming Protocol (RTSP) source; install the package gstreamer1.0-plugins-good",
        ),
    ];
    for (source, text) in cases {
        let error = within(15, move || Camera::open(source).unwrap_err().to_string());
        assert!(error.ends_with(text), "{error}");
    }
}
