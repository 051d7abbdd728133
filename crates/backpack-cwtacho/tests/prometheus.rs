//! The recipe for Prometheus works.
#![allow(clippy::unwrap_used)]

#[path = "../examples/prometheus.rs"]
mod recipe;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// Serves on any port that is free.
fn serve() -> SocketAddr {
    // Somebody else may take the port between finding and using it.
    let serve = || {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        recipe::serve(address).ok().map(|()| address)
    };
    (0..10).find_map(|_| serve()).expect("no port is free")
}

#[test]
fn prometheus_fetches_what_a_tachometer_measured() {
    let address = serve();
    let mut tachometer = recipe::tachometer(Duration::from_secs(3600), "gate");
    for _ in 0..=20 {
        std::thread::sleep(Duration::from_millis(6));
        tachometer.tick();
    }
    tachometer.flush();

    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    let value = |line: &str| -> f64 {
        let found = page.lines().find_map(|shown| shown.strip_prefix(line));
        found.unwrap_or_else(|| panic!("there is no {line} in\n{page}")).trim().parse().unwrap()
    };
    assert_eq!(value(r#"frame_interval_seconds_count{camera="gate"}"#), 20.0);
    assert_eq!(value(r#"frame_interval_seconds_bucket{camera="gate",le="0.005"}"#), 0.0);
    assert_eq!(value(r#"frame_interval_seconds_bucket{camera="gate",le="+Inf"}"#), 20.0);
    assert!(value(r#"frame_interval_seconds_sum{camera="gate"}"#) >= 0.12);
}
