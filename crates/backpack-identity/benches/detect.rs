//! What it costs to find out who this is, where no platform is.

use backpack_identity::{Chain, Host, Identity};

fn main() {
    divan::main();
}

/// On the machine that runs the benchmark, which is no platform's, or else this measures the platform.
#[divan::bench]
fn this_machine() -> Identity {
    Identity::detect_blocking().expect("every machine has a name")
}

#[divan::bench]
fn imaginary_machine(bencher: divan::Bencher) {
    let host = Host::imaginary().with_file("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
    bencher.bench(|| Chain::standard().host(host.clone()).detect_blocking());
}
