//! The picture in the README looks as it did.
#![cfg(feature = "builtin-font")]
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../examples/mosaics/walls.rs"]
mod walls;

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

#[test]
fn the_mosaic_looks_as_it_did() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("mosaic.png");
    let mut reader = png::Decoder::new(BufReader::new(File::open(golden).unwrap())).read_info().unwrap();
    let mut expected = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut expected).unwrap();

    let frame = walls::four().unwrap();
    assert_eq!(frame.bytes().len(), expected.len());
    let differences: Vec<f64> =
        frame.bytes().iter().zip(&expected).map(|(&a, &b)| f64::from(a.abs_diff(b))).collect();
    let many = differences.len() as f64;
    let beyond = 100.0 * differences.iter().filter(|&&difference| difference > 4.0).count() as f64 / many;
    let mean = differences.iter().sum::<f64>() / many;
    // Another processor's vector unit may round another way.
    assert!(
        beyond < 0.05 && mean < 0.5,
        "{beyond:.3} % differ, {mean:.3} in the mean; if it is meant to look otherwise: \
         cargo run -p backpack-mosaic --example mosaics /tmp/mosaics, and take four.png"
    );
}
