//! What a text is taken for, and that passwords stay hidden.

use std::path::{Path, PathBuf};

use backpack_camera::{Camera, Source};

#[test]
fn a_text_is_taken_for_what_it_looks_like() {
    let cases = [
        ("test", Source::TestPattern),
        ("/dev/video0", Source::V4l2("/dev/video0".into())),
        ("rtsp://10.0.0.1/live", Source::Uri("rtsp://10.0.0.1/live".into())),
        ("HTTP+x://host", Source::Uri("HTTP+x://host".into())),
        ("clip.mp4", Source::File("clip.mp4".into())),
        ("/var/video0.mp4", Source::File("/var/video0.mp4".into())),
        ("odd name://x.mp4", Source::File("odd name://x.mp4".into())),
        ("://x", Source::File("://x".into())),
        ("", Source::File("".into())),
    ];
    for (text, source) in cases {
        assert_eq!(Source::from(text), source, "{text}");
        assert_eq!(text.parse(), Ok(source));
    }
    assert_eq!(Source::from(PathBuf::from("/dev/video1")), Source::v4l2("/dev/video1"));
    assert_eq!(Source::from(Path::new("test")), Source::file("test"), "a path is a path");
}

#[test]
fn passwords_are_hidden_wherever_a_source_is_shown() {
    let sources = [
        Source::from("rtsp://admin:s3cret@camera/live"),
        Source::description("rtspsrc location=rtsp://camera user-id=admin user-pw=s3cret ! decodebin"),
    ];
    for source in sources {
        let shown = format!("{source} {source:?} {:?}", Camera::builder(source.clone()));
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(shown.contains("admin") && shown.contains("camera"), "{shown}");
    }
    assert_eq!(Source::from("rtsp://admin:s3cret@camera/live").to_string(), "rtsp://admin:***@camera/live");
}
