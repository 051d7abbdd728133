//! Shows an RTSP camera on a live web page, and waits for the camera when it goes away.
//!
//! `cargo run --release -p backpack-examples --bin rtsp_camera_to_web -- --input rtsp://user:password@10.0.0.5/stream` and a look at http://127.0.0.1:8080/. The picture is
//! decoded and encoded again, so that your model can have it between and draw on it. A camera that is not there at the start is an error; one that
//! goes away later is tried again, ever more seldom, for as long as it takes.

use std::io::stderr;

use anyhow::{Context, Result, ensure};
use backpack::camera::{Camera, Event};
use backpack::core::PixelFormat;
use backpack::skyline::{Encoder, SizeChange, SkyLine, web::Page};
use clap::Parser;
use tracing::{info, warn};

/// Shows an RTSP camera on a live web page.
#[derive(Parser)]
struct Options {
    /// The camera, such as rtsp://user:password@10.0.0.5/stream.
    #[arg(long, value_name = "ADDRESS")]
    input: String,

    /// Where the page is. 0.0.0.0 instead of 127.0.0.1 shows it to the whole network.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    web: String,
}

fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(stderr).init();
    let options = Options::parse();
    ensure!(
        options.input.starts_with("rtsp"),
        "--input takes an address that begins with rtsp:// or rtsps://"
    );

    let camera = Camera::builder(options.input.as_str()).format(PixelFormat::I420).on_event(tell);
    // This handle works while the camera is being opened, too.
    let stop = camera.stop_handle();
    ctrlc::set_handler(move || stop.stop()).context("Ctrl-C cannot be handled")?;
    let mut camera = camera.open()?;

    let page = Page::bind(&options.web)?;
    println!("watch http://{}/", page.address());
    // A camera may come back with another size.
    let mut sky = SkyLine::builder()
        .encoder(Encoder::h264())
        .size_change(SizeChange::NewSegment)
        .output(page)
        .start()?;

    let shown = show(&mut camera, &mut sky);
    // Whatever ended the loop, viewers get what is on its way.
    sky.stop()?;
    info!("{} frames shown; the camera came back {} times", sky.stats().units, camera.stats().reconnects);
    camera.close()?;
    shown
}

fn show(camera: &mut Camera, sky: &mut SkyLine) -> Result<()> {
    while let Some(frame) = camera.next_frame()? {
        // Your model, and what you draw.
        sky.put(frame)?;
    }
    Ok(())
}

/// What the camera says of itself. Passwords in its address are masked.
fn tell(event: Event) {
    match event {
        Event::Connected(info) => info!("the camera gives {}×{}", info.width, info.height),
        Event::Lost { error } => warn!("the camera is lost: {error}"),
        Event::Reconnecting { attempt, wait } => warn!("attempt {attempt} to reconnect in {wait:?}"),
        Event::Reconnected { .. } => info!("the camera is back"),
        _ => {}
    }
}
