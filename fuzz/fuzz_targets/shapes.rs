#![no_main]

use backpack_core::{Line, Point, PolyLine, Rect};
use libfuzzer_sys::fuzz_target;
use serde_json::from_slice;

fuzz_target!(|text: &[u8]| {
    if let Ok(point) = from_slice::<Point>(text) {
        assert!(point.is_finite());
    }
    if let Ok(polyline) = from_slice::<PolyLine>(text) {
        let written = serde_json::to_vec(&polyline).expect("shapes can be written");
        let again: PolyLine = from_slice(&written).expect("what is written can be read");
        assert_eq!(
            (again.is_closed(), again.points().len()),
            (polyline.is_closed(), polyline.points().len())
        );
    }
    let _ = (from_slice::<Line>(text), from_slice::<Rect>(text));
});
