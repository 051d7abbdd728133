//! What a tachometer measures, on standard output in CloudWatch's embedded metric format: `cargo run -p backpack-cwtacho --example emf`.
//!
//! Where the output of a program goes to CloudWatch Logs anyway (Lambda, ECS and Greengrass do that, or the CloudWatch agent), CloudWatch makes
//! metrics of such lines. The program needs no AWS SDK, no credentials and no network.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, UNIX_EPOCH};

use backpack_timepiece::{Report, Reporter, Tachometer, Worker};
use serde_json::{Value, json};

/// As many values may one metric of a line have.
const VALUES: usize = 100;

/// Writes a line for each report.
pub struct Emf<W> {
    /// Where the metric belongs to.
    pub namespace: String,
    /// Its name.
    pub metric: String,
    /// The names and values of its dimensions.
    pub dimensions: BTreeMap<String, String>,
    /// Standard output, or anything else.
    pub output: W,
}

impl<W: Write> Emf<W> {
    fn line(&self, report: &Report) -> Value {
        let names: Vec<_> = self.dimensions.keys().collect();
        let distribution = report.distribution.condensed(VALUES);
        let (values, counts): (Vec<f64>, Vec<u64>) = distribution.values().unzip();
        let mut line = json!({
            "_aws": {
                "Timestamp": report.time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64,
                "CloudWatchMetrics": [{
                    "Namespace": self.namespace,
                    "Dimensions": [names],
                    "Metrics": [{"Name": self.metric, "Unit": "Seconds", "StorageResolution": 60}],
                }],
            },
        });
        for (name, value) in &self.dimensions {
            line[name] = json!(value);
        }
        line[&self.metric] = json!({
            "Values": values,
            "Counts": counts,
            "Min": report.summary.min.as_secs_f64(),
            "Max": report.summary.max.as_secs_f64(),
            "Sum": report.summary.sum.as_secs_f64(),
            "Count": report.summary.count,
        });
        line
    }
}

impl<W: Write> Reporter for Emf<W> {
    fn report(&mut self, report: Report) {
        // Nobody can be told where standard output is gone.
        let _ = writeln!(self.output, "{}", self.line(&report));
    }
}

#[allow(dead_code)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let emf = Emf {
        namespace: "Yard".to_owned(),
        metric: "FrameInterval".to_owned(),
        dimensions: BTreeMap::from([("Camera".to_owned(), "gate".to_owned())]),
        output: std::io::stdout(),
    };
    // Writing waits for whoever reads.
    let worker = Worker::new("emf", 4)?;
    let mut tachometer = Tachometer::new(Duration::from_secs(60), emf.on(worker));
    loop {
        // In place of a frame.
        std::thread::sleep(Duration::from_millis(33));
        tachometer.tick();
    }
}
