//! The recipe for the embedded metric format works.
#![allow(clippy::unwrap_used)]

#[path = "../examples/emf.rs"]
mod recipe;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backpack_timepiece::{Clock, Tachometer};
use recipe::Emf;
use serde_json::{Value, json};

#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn each_report_is_a_line_of_which_cloudwatch_makes_a_metric() {
    let output = Output::default();
    let emf = Emf {
        namespace: "Yard".to_owned(),
        metric: "FrameInterval".to_owned(),
        dimensions: BTreeMap::from([("Camera".to_owned(), "gate \"north\"".to_owned())]),
        output: output.clone(),
    };
    let (clock, time) = Clock::manual();
    let mut tachometer = Tachometer::with_clock(Duration::from_secs(60), emf, clock);
    for frame in 0..=3000 {
        tachometer.tick();
        time.advance(Duration::from_micros(30_000 + frame % 1000 * 17));
    }
    tachometer.flush();

    let text = String::from_utf8(output.0.lock().unwrap().clone()).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    let start = 1_577_836_800_000;
    for line in &lines {
        let head = &line["_aws"];
        assert!((start + 50_000..start + 130_000).contains(&head["Timestamp"].as_i64().unwrap()));
        let expected = json!([{
            "Namespace": "Yard",
            "Dimensions": [["Camera"]],
            "Metrics": [{"Name": "FrameInterval", "Unit": "Seconds", "StorageResolution": 60}],
        }]);
        assert_eq!(head["CloudWatchMetrics"], expected);
        assert_eq!(line["Camera"], "gate \"north\"");
        let metric = &line["FrameInterval"];
        let list = |name: &str| {
            metric[name].as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect::<Vec<_>>()
        };
        let (values, counts) = (list("Values"), list("Counts"));
        assert!(
            (50..=100).contains(&values.len()) && values.len() == counts.len(),
            "{} values",
            values.len()
        );
        assert_eq!(Some(counts.iter().sum()), metric["Count"].as_f64());
        assert_eq!(
            (metric["Min"].as_f64(), metric["Max"].as_f64()),
            (values.first().copied(), values.last().copied())
        );
        let sum: f64 = values.iter().zip(&counts).map(|(value, count)| value * count).sum();
        assert!((sum / metric["Sum"].as_f64().unwrap() - 1.0).abs() < 1e-12);
    }
    let count = |line: &Value| line["FrameInterval"]["Count"].as_u64().unwrap();
    assert_eq!(lines.iter().map(count).sum::<u64>(), 3000);
}
