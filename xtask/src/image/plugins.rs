//! What an image holds beside the program and its libraries.

/// The packages of Debian that hold it.
pub const PACKAGES: &[&str] = &[
    "ca-certificates",
    "glib-networking",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-plugins-ugly",
    "libgstrtspserver-1.0-0",
    // The libraries that C programs take for granted.
    "libc6",
    "libgcc-s1",
];

/// The plugins of GStreamer that Backpack's crates use. H.264 is decoded by OpenH264; what needs libav is another package.
pub const PLUGINS: &[&str] = &[
    "app",
    "autoconvert",
    "coreelements",
    "flv",
    "isomp4",
    "jpeg",
    "matroska",
    "mpegtsdemux",
    "mpegtsmux",
    "openh264",
    "playback",
    "png",
    "rtmp2",
    "rtp",
    "rtpmanager",
    "rtsp",
    "srt",
    "srtp",
    "tcp",
    "typefindfunctions",
    "udp",
    "video4linux2",
    "videoconvertscale",
    "videoparsersbad",
    "videorate",
    "videotestsrc",
    "x264",
];

/// What libraries load by name while they run, which no list of needed libraries tells of.
pub const LOADED_BY_NAME: &[&str] = &[
    // Host names.
    "libnss_dns.so.2",
    "libnss_files.so.2",
    "libresolv.so.2",
    // Ending threads.
    "libgcc_s.so.1",
];
