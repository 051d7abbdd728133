//! A component of AWS IoT Greengrass: it watches a camera, shows it on a web page, and logs how that goes.
//!
//! The recipe beside it, `recipe.yaml`, tells it its name and its configuration, and passes on what the nucleus tells each component. A deployment
//! changes the configuration by merging, say, `{"parameters": {"input": "rtsp://10.0.0.5/cam"}}`. `cargo xtask image --bin greengrass` makes the image
//! that the recipe loads. Without Greengrass, `cargo run -p backpack-examples --bin greengrass` runs it on your own machine.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use backpack::camera::{Camera, Event};
use backpack::config::{Loaded, Parameters, Secret, Sources, Value};
use backpack::core::PixelFormat;
use backpack::identity::Identity;
use backpack::skyline::{Encoder, SizeChange, SkyLine, web::Server};
use backpack::timepiece::{Report, Tachometer};
use tracing::{error, info, warn};

/// What a deployment may configure.
#[derive(Debug, Parameters)]
#[param(crate = "backpack::config")]
struct Component {
    /// The camera's address, in which there may be a password; a test pattern unless told.
    input: Option<Secret<String>>,

    /// Where the web page is.
    #[param(default = "127.0.0.1:8080")]
    web: String,

    /// How often to log the frame rate, in seconds.
    #[param(default = Duration::from_secs(60))]
    interval: Duration,
}

/// Holds the component's configuration as JSON; the recipe sets it.
const CONFIGURATION: &str = "COMPONENT_CONFIGURATION";

fn main() -> ExitCode {
    // Greengrass keeps what is on stdout in the component's log file, where colours would be in the way.
    tracing_subscriber::fmt().with_ansi(false).init();
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let component = configuration()?;
    component.settings().iter().for_each(|setting| info!("{setting}"));
    component.warnings().iter().for_each(|warning| warn!("{warning}"));
    let identity = Identity::detect_blocking()?;
    info!("{identity}");

    let input = component.input.as_ref().map_or("test", |input| input.expose());
    let camera = Camera::builder(input).format(PixelFormat::I420).on_event(tell);
    // Greengrass ends a component by SIGTERM, which is handled alike.
    let stop = camera.stop_handle();
    ctrlc::set_handler(move || stop.stop()).context("signals cannot be handled")?;
    let mut camera = camera.open()?;

    let title = identity.application_name().unwrap_or("camera");
    let server = Server::builder().title(title).bind(&component.web)?;
    info!("the page is at http://{}/", server.address());
    let mut sky = SkyLine::builder()
        .encoder(Encoder::h264())
        .size_change(SizeChange::NewSegment)
        .output(server.stream("camera")?)
        .start()?;
    let mut tachometer = Tachometer::new(component.interval, |report: Report| info!("frames: {report}"));

    let watched = watch(&mut camera, &mut sky, &mut tachometer);
    tachometer.flush();
    sky.stop()?;
    camera.close()?;
    info!("ended after {} frames", sky.stats().frames);
    watched
}

/// The configuration that the recipe hands over; without one, the defaults.
fn configuration() -> Result<Loaded<Component>> {
    let sources = match std::env::var(CONFIGURATION) {
        Ok(json) => {
            let value = json.parse::<Value>().with_context(|| format!("{CONFIGURATION} is no JSON"))?;
            Sources::new().greengrass(value)
        }
        Err(_) => Sources::new(),
    };
    Ok(sources.read()?)
}

fn watch(camera: &mut Camera, sky: &mut SkyLine, tachometer: &mut Tachometer) -> Result<()> {
    while let Some(frame) = camera.next_frame()? {
        tachometer.tick();
        // Your model, and what you draw.
        sky.put(frame)?;
    }
    Ok(())
}

fn tell(event: Event) {
    match event {
        Event::Lost { error } => warn!("the camera is lost: {error}"),
        Event::Reconnecting { attempt, wait } => warn!("attempt {attempt} to reconnect in {wait:?}"),
        Event::Reconnected { .. } => info!("the camera is back"),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use backpack::config::Description;

    use super::*;

    #[test]
    fn the_recipe_has_the_defaults_of_the_program() -> Result<()> {
        let recipe: Value = serde_saphyr::from_str(include_str!("recipe.yaml"))?;
        let defaults = |recipe: &Value| recipe["ComponentConfiguration"]["DefaultConfiguration"].clone();
        assert_eq!(defaults(&recipe)["parameters"], defaults(&Description::of::<Component>().greengrass()));
        Ok(())
    }
}
