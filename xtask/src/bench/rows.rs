use crate::bench::peer::{
    OPENCV_DRAWING, ORIGINAL_DRAWING, ORIGINAL_GEOMETRY, ORIGINAL_RTSP, ORIGINAL_STREAM, ORIGINAL_TIMEPIECE,
    Peer, SUPERVISION_DRAWING,
};
use crate::bench::target::Target::{
    self, AtMostBytes, AtMostFloors, AtMostNanoseconds, AtMostTimes, TimesBetter, TimesBetterThan,
};

/// The benchmarks of one crate, which are one bench target of cargo and one script of each peer.
pub struct Topic {
    pub name: &'static str,
    /// What is measured, in a sentence or two.
    pub about: &'static str,
    pub package: &'static str,
    /// The bench target of cargo.
    pub bench: &'static str,
    pub harness: Harness,
    pub peers: &'static [Peer],
    pub rows: &'static [Row],
}

/// How a bench target measures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Harness {
    Divan,
    /// It prints its figures as one line of JSON, and needs these features.
    Json {
        features: &'static str,
    },
}

/// What a figure counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Nanoseconds,
    Bytes,
}

/// An operation that is measured.
pub struct Row {
    pub what: &'static str,
    pub bench: &'static str,
    /// The benchmark of what the operation cannot do without.
    pub floor: Option<&'static str>,
    /// The benchmark of a like operation that this one is to keep up with.
    pub beside: Option<&'static str>,
    /// The peers' figure for the same.
    pub peer: &'static str,
    /// The name of a peer that cannot do the same.
    not_by: Option<&'static str>,
    pub unit: Unit,
    pub targets: &'static [Target],
}

pub const TOPICS: &[Topic] = &[
    Topic {
        name: "timepiece",
        about: "What the frame loop pays for measuring itself. The floor is one read of the clock.",
        package: "backpack-timepiece",
        bench: "timepiece",
        harness: Harness::Divan,
        peers: &[ORIGINAL_TIMEPIECE],
        rows: TIMEPIECE,
    },
    Topic {
        name: "geometry",
        about: "The questions that counting asks, in exact arithmetic.",
        package: "backpack-core",
        bench: "geometry",
        harness: Harness::Divan,
        peers: &[ORIGINAL_GEOMETRY],
        rows: GEOMETRY,
    },
    Topic {
        name: "drawing",
        about: "50 boxes with 100 labels, 5 polygons and 10 markers on a frame of 1080p. The peers draw on BGR only, so that is what all formats are compared with.",
        package: "backpack-annotate",
        bench: "draw",
        harness: Harness::Divan,
        peers: &[ORIGINAL_DRAWING, OPENCV_DRAWING, SUPERVISION_DRAWING],
        rows: DRAWING,
    },
    Topic {
        name: "stream",
        about: "Frames of 1080p in BGR through x264 at its fastest into a recording. The floor is a copy of a frame, which comes at the pace of a camera as frames do.",
        package: "backpack-skyline",
        bench: "stream",
        harness: Harness::Json { features: "gstreamer" },
        peers: &[ORIGINAL_STREAM],
        rows: STREAM,
    },
    Topic {
        name: "rtsp",
        about: "From the start of a viewer to its first clean picture, at 720p.",
        package: "backpack-skyline",
        bench: "rtsp",
        harness: Harness::Json { features: "rtsp" },
        peers: &[ORIGINAL_RTSP],
        rows: RTSP,
    },
    Topic {
        name: "kvs",
        about: "30 s of 720p at the pace of a camera into a local Kinesis Video Streams in another process.",
        package: "backpack-kvs",
        bench: "produce",
        harness: Harness::Json { features: "default" },
        peers: &[],
        rows: KVS,
    },
];

const TIMEPIECE: &[Row] = &[
    row("Ticker::tick", "tick", "ticker_tick").on_clock().targets(&[AtMostFloors(1.5)]),
    row("StopWatch start and stop", "start_and_stop", "stopwatch_enter_exit")
        .on_clock()
        .targets(&[AtMostFloors(3.0)]),
    row("StopWatch child by name", "start_and_stop_a_child_by_name", "stopwatch_child_enter_exit").on_clock(),
    row("Tachometer::tick", "tachometer_tick", "ticker_tachometer_tick")
        .on_clock()
        .targets(&[AtMostNanoseconds(60.0), TimesBetter(100.0)]),
    row("StopWatchTachometer::measure", "stopwatch_tachometer_measure", "stopwatch_tachometer_enter_exit")
        .on_clock(),
    row("AlarmClock, 10 intervals", "alarm_clock_10_intervals", "alarmclock_10_interval")
        .on_clock()
        .targets(&[TimesBetter(200.0)]),
    row("AlarmClock, 10 ordinals", "alarm_clock_10_ordinals", "alarmclock_10_ordinal").on_clock(),
    row("AlarmClock, 10 mixed", "alarm_clock_10_mixed", "alarmclock_10_mixed").on_clock(),
    row("Summary of 6000 intervals", "summary_of_6000", "stats_of_6000_min_mean_max"),
];

const GEOMETRY: &[Row] = &[
    row("Point::distance", "point_distance", "point_distance"),
    row("Line::crossing", "line_crossing", "line_intersects").targets(&[TimesBetter(100.0)]),
    row("PolyLine::contains, 20 vertices", "polyline20_contains", "polyline20_has_inside")
        .targets(&[TimesBetter(300.0)]),
    row("PreparedPolygon::contains, 20 vertices", "prepared20_contains", "polyline20_has_inside")
        .targets(&[TimesBetter(300.0)]),
    row(
        "PolyLine made, and self_intersects, 20 vertices",
        "polyline20_made_and_self_intersects",
        "polyline20_cold_self_intersects",
    ),
    row(
        "PolyLine made, and is_convex, 20 vertices",
        "polyline20_made_and_is_convex",
        "polyline20_cold_is_convex",
    ),
    row("Rect::contains", "rect_contains", "rect_has_inside"),
];

const DRAWING: &[Row] = &[
    row("scene opaque, RGB", "opaque::RGB", "opaque"),
    row("scene opaque, I420", "opaque::I420", "opaque").beside("opaque::RGB").targets(YUV),
    row("scene opaque, NV12", "opaque::NV12", "opaque").beside("opaque::RGB").targets(YUV),
    row("scene one fill, RGB", "one_fill::RGB", "one_fill").targets(&[
        TimesBetterThan("original", 8.0),
        TimesBetterThan("OpenCV", 2.5),
        TimesBetterThan("supervision", 8.0),
    ]),
    row("scene one fill, I420", "one_fill::I420", "one_fill").beside("one_fill::RGB").targets(YUV),
    row("scene one fill, NV12", "one_fill::NV12", "one_fill").beside("one_fill::RGB").targets(YUV),
    row("scene all alpha, RGB", "all_alpha::RGB", "all_alpha")
        .not_by("supervision")
        .targets(&[TimesBetterThan("original", 300.0)]),
    row("scene all alpha, I420", "all_alpha::I420", "all_alpha")
        .not_by("supervision")
        .beside("all_alpha::RGB")
        .targets(YUV),
    row("scene all alpha, NV12", "all_alpha::NV12", "all_alpha")
        .not_by("supervision")
        .beside("all_alpha::RGB")
        .targets(YUV),
];

const STREAM: &[Row] = &[
    row("processor time per frame", "cpu_per_frame", "cpu_per_frame").targets(&[TimesBetter(1.54)]),
    row("peak memory", "peak_memory", "peak_memory").bytes().targets(&[TimesBetter(2.0)]),
    row("put, borrowed", "put_borrowed", "put").on_copy().targets(&[AtMostNanoseconds(900_000.0)]),
    row("put, owned", "put_owned", "put").on_copy().targets(&[AtMostNanoseconds(50_000.0)]),
    row("put, owned, 99th percentile", "put_owned_p99", "put").not_by("original"),
    row("put, the longest with a stalled output", "put_stalled", "put")
        .not_by("original")
        .targets(&[AtMostNanoseconds(5_000_000.0)]),
];

const RTSP: &[Row] = &[
    row("first picture over UDP", "first_picture_udp", "first_picture_udp").targets(&[TimesBetter(10.0)]),
    row("first picture over TCP", "first_picture_tcp", "first_picture_tcp").targets(&[TimesBetter(10.0)]),
];

const MIB: f64 = 1048576.0;

/// Drawing straight into Y'CbCr is to be no reason to convert.
const YUV: &[Target] = &[AtMostTimes(1.2, "RGB")];

/// The null output is the pace and the pictures without a producer.
const KVS: &[Row] = &[
    row("processor time of 30 s, null output", "cpu_null", ""),
    row("processor time of 30 s, http", "cpu_http", "")
        .beside("cpu_null")
        .targets(&[AtMostTimes(1.9, "null output")]),
    row("processor time of 30 s, TLS", "cpu_tls", "")
        .beside("cpu_null")
        .targets(&[AtMostTimes(2.1, "null output")]),
    row("added to the null output, http", "cpu_added_http", "").targets(&[AtMostNanoseconds(60e6)]),
    row("added to the null output, TLS", "cpu_added_tls", "").targets(&[AtMostNanoseconds(75e6)]),
    row("memory added, http", "memory_added_http", "").bytes().targets(&[AtMostBytes(2.0 * MIB)]),
    row("memory added, TLS", "memory_added_tls", "").bytes().targets(&[AtMostBytes(4.0 * MIB)]),
    row("first answer, http", "first_answer_http", "").targets(&[AtMostNanoseconds(50e6)]),
    row("first answer, TLS", "first_answer_tls", "").targets(&[AtMostNanoseconds(50e6)]),
    row("a megabyte of backlog", "backlog_per_megabyte", "").targets(&[AtMostNanoseconds(5e6)]),
];

const fn row(what: &'static str, bench: &'static str, peer: &'static str) -> Row {
    Row { what, bench, floor: None, beside: None, peer, not_by: None, unit: Unit::Nanoseconds, targets: &[] }
}

impl Row {
    /// The operation reads the clock, so that is its floor.
    const fn on_clock(self) -> Self {
        Self { floor: Some("floor_one_clock_read"), ..self }
    }

    /// The operation takes a frame over, of which a copy is the simplest way.
    const fn on_copy(self) -> Self {
        Self { floor: Some("memcpy"), ..self }
    }

    const fn bytes(self) -> Self {
        Self { unit: Unit::Bytes, ..self }
    }

    const fn beside(self, bench: &'static str) -> Self {
        Self { beside: Some(bench), ..self }
    }

    const fn not_by(self, peer: &'static str) -> Self {
        Self { not_by: Some(peer), ..self }
    }

    const fn targets(self, targets: &'static [Target]) -> Self {
        Self { targets, ..self }
    }

    /// Whether the peer of this name has a figure for the same.
    pub fn is_done_by(&self, peer: &str) -> bool {
        self.not_by != Some(peer)
    }
}
