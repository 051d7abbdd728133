//! The web page in headless Chromium: it plays, late viewers play, and the picture is the newest one.
#![cfg(all(feature = "gstreamer", feature = "web"))]
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use backpack_core::Timestamp;
use backpack_skyline::web::{Page, PageMonitor};
use backpack_skyline::{Encoder, SkyLine};
use common::barcode;
use common::browser::Browser;
use common::fps;
use serde_json::Value;

const RATE: u32 = 30;

/// The longest time for which the picture may stand still, in milliseconds.
const FREEZE: f64 = 1000.0;

/// A stream of numbered frames in real time, until it is dropped.
struct NumberedStream {
    monitor: PageMonitor,
    put_at: Arc<Mutex<HashMap<u16, f64>>>,
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl NumberedStream {
    fn start() -> Self {
        let page = Page::bind("127.0.0.1:0").unwrap();
        let monitor = page.monitor();
        let mut sky = SkyLine::builder()
            .encoder(Encoder::h264())
            .output(page)
            .size(640, 360)
            .frame_rate(fps(RATE))
            .start()
            .unwrap();
        let put_at = Arc::new(Mutex::new(HashMap::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (log, stopped) = (Arc::clone(&put_at), Arc::clone(&stop));
        let thread = thread::spawn(move || {
            let begun = Instant::now();
            for number in 0u16.. {
                let due = Duration::from_secs(1) * u32::from(number) / RATE;
                thread::sleep((begun + due).saturating_duration_since(Instant::now()));
                if stopped.load(Ordering::Acquire) {
                    break;
                }
                // A camera that misses pictures, or a model that takes too long now and then.
                if number % 10 == 9 || number % 50 > 44 {
                    continue;
                }
                let frame = barcode::frame(number, 640, 360).with_timestamp(Timestamp::from(due));
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
                log.lock().unwrap().insert(number, now.as_secs_f64() * 1000.0);
                sky.put(frame).unwrap();
            }
            sky.stop().unwrap();
        });
        Self { monitor, put_at, stop, thread: Some(thread) }
    }

    fn url(&self) -> String {
        format!("http://{}/", self.monitor.address())
    }
}

impl Drop for NumberedStream {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.thread.take().unwrap().join().unwrap();
    }
}

/// Collects the frame number and the wall time in milliseconds of 60 pictures as they are shown.
const WATCH: &str = r#"
    const video = document.querySelector("video");
    const canvas = document.createElement("canvas");
    canvas.width = 640; canvas.height = 360;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const shown = [];
    const deadline = Date.now() + 20000;
    while (shown.length < 60 && Date.now() < deadline) {
        const meta = await new Promise(done => {
            video.requestVideoFrameCallback((now, meta) => done(meta));
            setTimeout(() => done(null), 3000);
        });
        if (!meta) continue;
        context.drawImage(video, 0, 0, 640, 360);
        let number = 0;
        for (let bit = 0; bit < 16; bit++) {
            const [r, g, b] = context.getImageData(bit * 40 + 20, 16, 1, 1).data;
            if (r + g + b > 384) number |= 1 << bit;
        }
        const grey = context.getImageData(320, 200, 1, 1).data[0];
        shown.push({ number, grey, wall: performance.timeOrigin + performance.now(), time: video.currentTime });
    }
    return shown;
"#;

struct Shown {
    number: u16,
    grey: u64,
    wall: f64,
    time: f64,
}

fn watch(browser: &Browser) -> Vec<Shown> {
    let shown = browser.run(WATCH);
    let read = |entry: &Value| Shown {
        number: u16::try_from(entry["number"].as_u64().unwrap()).unwrap(),
        grey: entry["grey"].as_u64().unwrap(),
        wall: entry["wall"].as_f64().unwrap(),
        time: entry["time"].as_f64().unwrap(),
    };
    shown.as_array().unwrap_or_else(|| panic!("the script failed: {shown}")).iter().map(read).collect()
}

#[test]
fn the_page_plays_for_a_first_and_for_a_late_viewer() {
    let stream = NumberedStream::start();
    let first = Browser::open("first", &stream.url());
    let seen = watch(&first);
    assert_eq!(seen.len(), 60, "the first viewer saw too few pictures");
    let late = Browser::open("late", &stream.url());
    let seen_late = watch(&late);
    assert_eq!(seen_late.len(), 60, "the late viewer saw too few pictures");
    assert_eq!(stream.monitor.viewers(), 2);

    let put_at = stream.put_at.lock().unwrap().clone();
    for (viewer, seen) in [("first", &seen), ("late", &seen_late)] {
        assert!(seen.windows(2).all(|pair| pair[0].number <= pair[1].number), "pictures go back in time");
        assert!(seen[59].number > seen[0].number + 50 && seen[59].time > seen[0].time, "time stands still");
        // Luma 96 of limited range is grey level 93.
        assert!(seen.iter().all(|shown| shown.grey.abs_diff(93) < 12), "the picture is blank or wrong");
        let longest = seen.windows(2).map(|pair| pair[1].wall - pair[0].wall).fold(0.0, f64::max);
        assert!(longest < FREEZE, "the picture stood still for {longest:.0} ms");
        let mut latencies: Vec<f64> = seen.iter().map(|shown| shown.wall - put_at[&shown.number]).collect();
        latencies.sort_by(f64::total_cmp);
        println!(
            "{viewer} viewer: latency from put to screen {:.0} ms median, {:.0} ms at most",
            latencies[30], latencies[59]
        );
        assert!(latencies[30] < 2000.0, "this is not live");
    }
}
