//! Sends an RTSP camera to Kinesis Video Streams as it is, without decoding or encoding anything.
//!
//! `rtsp_to_kvs rtsp://10.0.0.5/cam yard /var/lib/yard`: what the service has not acknowledged is kept in the folder. Region and credentials come from
//! the environment. A camera that goes away is opened again, ever more seldom.

mod camera;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use backpack::kvs::{Producer, Spool, Video};
use backpack::skyline::Codec;

use crate::camera::Camera;

/// How much video is kept on disk, in bytes.
const SPOOL: u64 = 2 << 30;

/// How long the end may wait for the service.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest wait before the camera is opened again.
const LONGEST: Duration = Duration::from_secs(30);

fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, stream, spool @ ..] = &arguments[..] else {
        bail!("usage: rtsp_to_kvs rtsp://… STREAM [FOLDER]")
    };
    let mut producer = Producer::builder(stream).video(Video::byte_stream(Codec::H264));
    if let Some(folder) = spool.first() {
        producer = producer.spool(Spool::disk(folder, SPOOL));
    }
    let producer = producer.start()?;
    let is_over = Arc::new(AtomicBool::new(false));
    let ends = Arc::clone(&is_over);
    ctrlc::set_handler(move || ends.store(true, Ordering::Relaxed)).context("Ctrl-C cannot be handled")?;

    watch(url, &producer, &is_over);
    println!("{:#?}", producer.stats());
    producer.shutdown(PATIENCE)?;
    Ok(())
}

/// Sends pictures until the program is to end.
fn watch(url: &str, producer: &Producer, is_over: &AtomicBool) {
    let begun = Instant::now();
    let mut wait = Duration::from_secs(1);
    while !is_over.load(Ordering::Relaxed) {
        let opened = Instant::now();
        let sent = send(url, producer, begun, is_over);
        if opened.elapsed() > LONGEST {
            wait = Duration::from_secs(1);
        }
        match sent {
            Ok(()) => tracing::warn!("the camera ended its stream; trying again in {wait:?}"),
            Err(error) => tracing::warn!("the camera is lost: {error:#}; trying again in {wait:?}"),
        }
        let until = Instant::now() + wait;
        while Instant::now() < until && !is_over.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(50));
        }
        wait = (wait * 2).min(LONGEST);
    }
}

/// Sends pictures until the camera ends.
fn send(url: &str, producer: &Producer, begun: Instant, is_over: &AtomicBool) -> Result<()> {
    let camera = Camera::open(url)?;
    // Each connection's time begins at zero; that of the stream goes on.
    let offset = begun.elapsed();
    while !is_over.load(Ordering::Relaxed) {
        let Some(unit) = camera.next(offset)? else { break };
        if let Err(error) = producer.put(&unit) {
            tracing::warn!("a picture is left out: {error}");
        }
    }
    Ok(())
}
