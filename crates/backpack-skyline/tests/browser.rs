//! The web page in headless Chromium: it plays, late viewers play, and the picture is the newest one.
#![cfg(all(feature = "gstreamer", feature = "web"))]
#![allow(clippy::unwrap_used)]

mod common;

use backpack_skyline::web::Page;
use common::browser::Browser;
use common::numbered::NumberedStream;
use serde_json::Value;

/// The longest time for which the picture may stand still, in milliseconds.
const FREEZE: f64 = 1000.0;

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
    let page = Page::bind("127.0.0.1:0").unwrap();
    let monitor = page.monitor();
    let url = format!("http://{}/", monitor.address());
    let stream = NumberedStream::start(vec![Box::new(page)]);
    let first = Browser::open("first", &url);
    let seen = watch(&first);
    assert_eq!(seen.len(), 60, "the first viewer saw too few pictures");
    let late = Browser::open("late", &url);
    let seen_late = watch(&late);
    assert_eq!(seen_late.len(), 60, "the late viewer saw too few pictures");
    assert_eq!(monitor.viewers(), 2);

    let put_at = stream.put_at();
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
