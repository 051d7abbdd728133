use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use backpack::identity::Identity;
use backpack::skyline::StatsPublisher;
use backpack::timepiece::{MetricsReporter, Tachometer};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

use crate::options::Options;

/// Prometheus asks about as often; CloudWatch's figures are by the minute.
const WINDOW: Duration = Duration::from_secs(15);
#[cfg(feature = "aws")]
const MINUTE: Duration = Duration::from_secs(60);

/// Limits of buckets in seconds, close together about the intervals of usual frame rates.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.02, 0.03, 0.035, 0.045, 0.06, 0.1, 0.25, 1.0];

/// Where the figures of the frame loops go.
pub struct Figures {
    is_scraped: bool,
    cloudwatch: Option<cloudwatch::CloudWatch>,
}

impl Figures {
    pub fn new(options: &Options) -> Result<Self> {
        if let Some(address) = &options.prometheus {
            serve(address).with_context(|| format!("figures cannot be served at {address}"))?;
            eprintln!("Prometheus finds figures at http://{address}/metrics");
        }
        let cloudwatch = options.cloudwatch.as_deref().map(cloudwatch::start).transpose()?;
        Ok(Self { is_scraped: options.prometheus.is_some(), cloudwatch })
    }

    /// What publishes the counters of a stream.
    pub fn counters(&self, stream: &str) -> Option<StatsPublisher> {
        self.is_scraped.then(|| StatsPublisher::new(stream))
    }

    /// Meters for the frame intervals of a camera.
    pub fn tachometers(&self, camera: &str, identity: Option<&Identity>) -> Result<Vec<Tachometer>> {
        let mut tachometers = Vec::new();
        if self.is_scraped {
            let reporter = MetricsReporter::new("hike_frame_interval_seconds").label("camera", camera);
            tachometers.push(Tachometer::new(WINDOW, reporter));
        }
        if let Some(cloudwatch) = &self.cloudwatch {
            tachometers.push(cloudwatch::tachometer(cloudwatch, camera, identity)?);
        }
        Ok(tachometers)
    }

    /// Sends what waits, and says what could not be sent.
    pub fn end(self) {
        if let Some(cloudwatch) = self.cloudwatch {
            cloudwatch::end(&cloudwatch);
        }
    }
}

fn serve(address: &str) -> Result<()> {
    let address: SocketAddr =
        address.parse().context("an address and a port are expected, such as 127.0.0.1:9000")?;
    PrometheusBuilder::new()
        .with_http_listener(address)
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &BUCKETS)?
        .install()?;
    Ok(())
}

#[cfg(feature = "aws")]
mod cloudwatch {
    use std::time::Duration;

    use anyhow::Result;
    pub use backpack::cwtacho::CloudWatch;
    use backpack::identity::Identity;
    use backpack::timepiece::Tachometer;

    pub fn start(namespace: &str) -> Result<CloudWatch> {
        Ok(CloudWatch::builder(namespace).build()?)
    }

    /// Each camera of each device is a metric of its own, which costs about 0.30 $ a month.
    pub fn tachometer(
        cloudwatch: &CloudWatch,
        camera: &str,
        identity: Option<&Identity>,
    ) -> Result<Tachometer> {
        let dimensions = identity.into_iter().flat_map(Identity::dimensions);
        let metric = cloudwatch.metric("FrameInterval").dimensions(dimensions).dimension("Camera", camera);
        Ok(Tachometer::new(super::MINUTE, metric.percentiles().reporter()?))
    }

    pub fn end(cloudwatch: &CloudWatch) {
        if let Err(error) = cloudwatch.shutdown(Duration::from_secs(10)) {
            eprintln!("CloudWatch: {error}");
        }
    }
}

#[cfg(not(feature = "aws"))]
mod cloudwatch {
    use anyhow::{Result, bail};
    use backpack::identity::Identity;
    use backpack::timepiece::Tachometer;

    /// There is none.
    pub enum CloudWatch {}

    pub fn start(_: &str) -> Result<CloudWatch> {
        bail!("this hike was built without the AWS SDK, which `--features aws` builds in")
    }

    pub fn tachometer(cloudwatch: &CloudWatch, _: &str, _: Option<&Identity>) -> Result<Tachometer> {
        match *cloudwatch {}
    }

    pub fn end(cloudwatch: &CloudWatch) {
        match *cloudwatch {}
    }
}
