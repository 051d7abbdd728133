//! The recipe for OTLP works.
#![allow(clippy::unwrap_used)]

#[path = "../examples/otlp.rs"]
mod recipe;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use backpack_timepiece::{Clock, Tachometer};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use prost::Message;

/// A collector that takes one request.
fn collect(listener: &TcpListener) -> ExportMetricsServiceRequest {
    let (mut stream, _) = listener.accept().unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line).unwrap();
    assert_eq!(line, "POST /v1/metrics HTTP/1.1\r\n");
    while line != "\r\n" {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    stream.write_all(answer.as_bytes()).unwrap();
    ExportMetricsServiceRequest::decode(&body[..]).unwrap()
}

#[test]
fn a_collector_gets_what_a_tachometer_measured() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/v1/metrics", listener.local_addr().unwrap());
    let collector = thread::spawn(move || collect(&listener));

    let provider = recipe::provider(&endpoint).unwrap();
    let (clock, time) = Clock::manual();
    let reporter = recipe::reporter(&provider, "gate");
    let mut tachometer = Tachometer::with_clock(Duration::from_secs(60), reporter, clock);
    for frame in 0..=50 {
        tachometer.tick();
        time.advance(Duration::from_millis(if frame < 10 { 33 } else { 40 }));
    }
    tachometer.flush();
    provider.shutdown().unwrap();

    let request = collector.join().unwrap();
    let [resource] = &request.resource_metrics[..] else { panic!("{request:?}") };
    let attributes = &resource.resource.as_ref().unwrap().attributes;
    assert!(attributes.iter().any(|attribute| attribute.key == "service.name"));
    let [metric] = &resource.scope_metrics[0].metrics[..] else { panic!("{request:?}") };
    assert_eq!((&metric.name[..], &metric.unit[..]), ("frame_interval", "s"));
    let Some(Data::Histogram(histogram)) = &metric.data else { panic!("{metric:?}") };
    assert_eq!(histogram.aggregation_temporality, AggregationTemporality::Delta as i32);
    let [point] = &histogram.data_points[..] else { panic!("{histogram:?}") };
    assert_eq!(point.count, 50);
    assert!((point.sum.unwrap() - 1.93).abs() < 1e-9);
    assert_eq!((point.min, point.max), (Some(0.033), Some(0.04)));
    // Up to 35 ms, up to 45 ms.
    assert_eq!(point.bucket_counts[4..6], [10, 40]);
    assert_eq!(point.attributes[0].key, "camera");
}
