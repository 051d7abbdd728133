//! The web page in headless Chromium: it plays, late viewers play, and the picture is the newest one.
//!
//! Screenshots are left in `target/tmp` for whoever wants to look at them.
#![cfg(all(feature = "gstreamer", feature = "web"))]
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use backpack_core::Timestamp;
use backpack_skyline::web::{Page, Server};
use backpack_skyline::{AccessUnit, Codec, Output, StreamInfo};
use base64::Engine;
use common::browser::Browser;
use common::numbered::NumberedStream;
use common::{fps, wait_until};
use serde_json::Value;

/// The longest time for which the picture may stand still, in milliseconds.
const FREEZE: f64 = 1000.0;

/// Collects the frame number and the wall time in milliseconds of 60 pictures as they are shown.
const WATCH: &str = r#"
    const video = document.querySelector("video");
    const image = document.querySelector("img");
    const pictures = location.search.includes("mjpeg");
    const canvas = document.createElement("canvas");
    canvas.width = 640; canvas.height = 360;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const shown = [];
    const deadline = Date.now() + 20000;
    while (shown.length < 60 && Date.now() < deadline) {
        const meta = await new Promise(done => {
            if (pictures) requestAnimationFrame(() => done(image.naturalWidth === 640));
            else video.requestVideoFrameCallback((now, meta) => done(meta));
            setTimeout(() => done(null), 3000);
        });
        if (!meta) continue;
        context.drawImage(pictures ? image : video, 0, 0, 640, 360);
        let number = 0;
        for (let bit = 0; bit < 16; bit++) {
            const [r, g, b] = context.getImageData(bit * 40 + 20, 16, 1, 1).data;
            if (r + g + b > 384) number |= 1 << bit;
        }
        // An image is looked at more often than it changes.
        if (pictures && shown.length && shown[shown.length - 1].number === number) continue;
        const grey = context.getImageData(320, 200, 1, 1).data[0];
        shown.push({ number, grey, wall: performance.timeOrigin + performance.now(), time: pictures ? number : video.currentTime });
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
        check(viewer, seen, &put_at);
    }
}

/// The pictures must move on, be right, and be the newest ones.
fn check(viewer: &str, seen: &[Shown], put_at: &HashMap<u16, f64>) {
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

/// Keeps a picture of the page.
fn screenshot(browser: &Browser, name: &str) {
    let png = base64::prelude::BASE64_STANDARD.decode(browser.screenshot()).unwrap();
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("page-{name}.png")), png).unwrap();
}

/// Waits until a script in the page returns `true`.
fn wait_for(browser: &Browser, what: &str, condition: &str) {
    wait_until(what, || browser.run(&format!("return {condition};")) == true);
}

const BOTH_PLAY: &str = "[...document.querySelectorAll('.tile')].filter(tile => tile.classList.contains('live') \
     && tile.querySelector('video').currentTime > 0 && /fps.*delay.*viewer/.test(tile.textContent)).length === 2";

/// Two streams, of which the second goes on although the first ends.
fn two_streams(server: &Server) -> (NumberedStream, NumberedStream) {
    let start = |name| NumberedStream::start(vec![Box::new(server.stream(name).unwrap())]);
    (start("yard"), start("gate"))
}

#[test]
fn two_streams_are_shown_together_and_one_of_them_large() {
    let server = Server::bind("127.0.0.1:0").unwrap();
    let (yard, _gate) = two_streams(&server);
    let browser = Browser::open("two", &format!("http://{}/", server.address()));
    wait_for(&browser, "both streams to play", BOTH_PLAY);
    screenshot(&browser, "two");

    browser.run("document.querySelectorAll('.screen')[1].click();");
    let only_gate = "document.body.classList.contains('one') && document.querySelectorAll('.tile')[0].offsetHeight === 0 \
        && document.querySelectorAll('.tile.live .screen')[0].offsetHeight > 500";
    wait_for(&browser, "one stream to be large", only_gate);
    wait_for(
        &browser,
        "the other one to be spared",
        "(await (await fetch('yard.json')).json()).viewers === 0",
    );
    screenshot(&browser, "large");
    browser.run("document.querySelector('.large .back').click();");
    wait_for(&browser, "both streams to play again", BOTH_PLAY);

    yard.stop();
    wait_for(
        &browser,
        "the ended stream to leave the page",
        "document.querySelectorAll('.tile').length === 1",
    );
}

#[test]
fn the_page_fits_on_a_phone() {
    let server = Server::bind("127.0.0.1:0").unwrap();
    let _streams = two_streams(&server);
    let _waiting = server.stream("back-door").unwrap();
    let phone = Browser::open_on_a_phone("phone", &format!("http://{}/", server.address()));
    wait_for(&phone, "both streams to play", BOTH_PLAY);
    let fits = "document.documentElement.scrollWidth <= innerWidth && innerWidth === 375 \
        && [...document.querySelectorAll('.tile, .tile *')].every(part => part.getBoundingClientRect().right <= innerWidth)";
    assert_eq!(phone.run(&format!("return {fits};")), true, "something sticks out");
    screenshot(&phone, "phone");
    phone.run("scrollTo(0, 1e4);");
    wait_for(
        &phone,
        "the last tile",
        "scrollY > 0 && document.querySelectorAll('.tile')[2].getBoundingClientRect().bottom <= innerHeight",
    );
    screenshot(&phone, "phone-end");
    phone.run("location.hash = '#yard';");
    wait_for(&phone, "a large stream", "document.querySelector('.large.live video').offsetHeight > 300");
    assert_eq!(
        phone.run(&format!("return {fits} && document.documentElement.scrollHeight <= innerHeight;")),
        true
    );
    screenshot(&phone, "phone-large");
}

#[test]
fn a_token_in_the_address_opens_the_page_and_does_not_stay_there() {
    let server = Server::builder().token("only-for-this-test").bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", server.address());
    let _stream = NumberedStream::start(vec![Box::new(server.stream("yard").unwrap())]);
    let browser = Browser::open("token", &address);
    let text = browser.run("return document.body.innerText;");
    assert_eq!(text.as_str().unwrap().trim(), "This page needs a token:  Show");
    screenshot(&browser, "token");
    // As a person does it.
    browser.run("document.querySelector('input').value = 'only-for-this-test'; document.querySelector('button').click();");
    let plays = "document.querySelector('.live video')?.currentTime > 0";
    wait_for(&browser, "the stream to play", plays);
    assert_eq!(browser.run("return location.href;"), address.as_str());
    browser.go(&address);
    wait_for(&browser, "the cookie to open the page again", plays);
    assert_eq!(browser.run("return document.cookie;"), "", "scripts cannot read it");
}

#[test]
fn a_browser_without_media_source_gets_pictures() {
    let page = Page::bind("127.0.0.1:0").unwrap();
    let monitor = page.monitor();
    let url = format!("http://{}/?mjpeg", monitor.address());
    let stream = NumberedStream::start(vec![Box::new(page)]);
    let browser = Browser::open("mjpeg", &url);
    let seen = watch(&browser);
    assert_eq!(seen.len(), 60, "too few pictures");
    assert_eq!(monitor.viewers(), 1);
    screenshot(&browser, "mjpeg");
    check("mjpeg", &seen, &stream.put_at());
    drop(browser);
    wait_until("the viewer to be gone", || monitor.viewers() == 0);
    wait_until("the decoder to end", || !threads().iter().any(|name| name.starts_with("skyline page pi")));
}

/// The names of this process's threads, as far as the system keeps them.
fn threads() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok()).collect()
}

/// A stream of another encoder in real time, each picture behind a delimiter.
fn h265() -> Vec<Vec<u8>> {
    let arguments = "-v error -f lavfi -i testsrc2=size=640x360:rate=25:duration=4 -pix_fmt yuv420p -c:v libx265 \
        -preset ultrafast -x265-params log-level=none:aud=1:bframes=0:keyint=25:repeat-headers=1 -f hevc -";
    let output = std::process::Command::new("ffmpeg").args(arguments.split_whitespace()).output().unwrap();
    let bytes = output.stdout;
    let begins: Vec<usize> =
        (0..bytes.len()).filter(|&at| bytes[at..].starts_with(&[0, 0, 0, 1, 0x46, 1])).collect();
    let ends = begins.iter().skip(1).copied().chain([bytes.len()]);
    begins.iter().zip(ends).map(|(&begin, end)| bytes[begin..end].to_vec()).collect()
}

#[test]
fn what_the_browser_cannot_play_is_said_and_shown_as_pictures() {
    let mut page = Page::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", page.address());
    let pictures = h265();
    assert_eq!(pictures.len(), 100);
    page.open(&StreamInfo::new(Codec::H265, 640, 360, fps(25))).unwrap();
    page.write(&AccessUnit::new(pictures[0].clone(), Timestamp::ZERO, true)).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1..2000 {
                if stop.load(std::sync::atomic::Ordering::Acquire) {
                    return;
                }
                let data = pictures[n % 100].clone();
                page.write(&AccessUnit::new(data, Timestamp::from_millis(n as u64 * 40), n % 25 == 0))
                    .unwrap();
                std::thread::sleep(Duration::from_millis(40));
            }
        });
        let browser = Browser::open("h265", &url);
        let can = browser.run("return MediaSource.isTypeSupported('video/mp4; codecs=\"hvc1.1.6.L63.90\"');");
        if can == false {
            let says = "document.querySelector('.live img')?.naturalWidth === 640 \
                && document.querySelector('.trouble').innerText.includes('This browser cannot play H.265')";
            wait_for(&browser, "pictures and a reason", says);
        } else {
            wait_for(&browser, "the video to play", "document.querySelector('.live video')?.currentTime > 0");
        }
        screenshot(&browser, "h265");
        stop.store(true, std::sync::atomic::Ordering::Release);
    });
}
