//! Nothing that a camera brings makes the mosaic panic.
#![allow(clippy::unwrap_used)]

use backpack_core::{Colorimetry, Frame, PixelFormat};
use backpack_mosaic::Mosaic;
use proptest::prelude::*;

/// Any size from 1 to 4000, mostly of not too many pixels.
fn any_size() -> impl Strategy<Value = (u32, u32)> {
    prop_oneof![
        8 => (1u32..40, 1u32..40),
        8 => (1u32..4000, 1u32..40),
        8 => (1u32..40, 1u32..4000),
        8 => (1u32..900, 1u32..900),
        1 => (1u32..4000, 1u32..4000),
    ]
}

fn any_format() -> impl Strategy<Value = PixelFormat> {
    proptest::sample::select(PixelFormat::ALL)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_frame_can_be_shown_in_any_mosaic(
        size in any_size(), format in any_format(), out in (60u32..2000, 40u32..1200), out_format in any_format(),
        sources in 1usize..12, columns in proptest::option::of(1u32..4), full in any::<bool>(), name in ".{0,60}", reason in ".{0,200}",
    ) {
        let names = (0..sources).map(|id| format!("{id} {name}"));
        let builder = Mosaic::builder().size(out.0, out.1).format(out_format).sources(names);
        let builder = if let Some(columns) = columns { builder.columns(columns) } else { builder };
        let Ok(mut mosaic) = builder.build() else { return Ok(()) };
        let colorimetry = if full { Colorimetry::BT601 } else { Colorimetry::BT709 };
        let frame = Frame::black(size.0, size.1, format).unwrap().with_colorimetry(colorimetry);
        mosaic.update(sources - 1, &frame).unwrap();
        let source = mosaic.sources().next().unwrap().clone();
        source.lost(&reason);
        let composed = mosaic.compose();
        prop_assert_eq!((composed.width(), composed.height(), composed.format()), (out.0, out.1, out_format));
    }
}
