//! What cannot be is refused, and it is said why.
#![allow(clippy::unwrap_used)]

use backpack_core::{Frame, PixelFormat};
use backpack_mosaic::{Mosaic, MosaicBuilder, MosaicError};

fn refused(builder: MosaicBuilder) -> (MosaicError, String) {
    let error = builder.build().unwrap_err();
    let text = error.to_string();
    (error, text)
}

#[test]
fn a_mosaic_needs_sources() {
    let (error, text) = refused(Mosaic::builder());
    assert_eq!(error, MosaicError::NoSources);
    assert_eq!(text, "a mosaic without sources: name at least one");
}

#[test]
fn sources_have_different_names() {
    let (_, text) = refused(Mosaic::builder().sources(["yard", "gate", "yard"]));
    assert_eq!(text, r#"two sources of a mosaic are called "yard": each needs a name of its own"#);
}

#[test]
fn a_mosaic_has_a_size() {
    for size in [(0, 720), (1280, 0), (70_000, 720)] {
        let (error, _) = refused(Mosaic::builder().size(size.0, size.1).source("yard"));
        assert_eq!(error, MosaicError::Size { width: size.0, height: size.1, max: 65_536 });
    }
    let (_, text) = refused(Mosaic::builder().size(0, 720).source("yard"));
    assert_eq!(text, "a mosaic of 0×720 pixels: each side must be from 1 to 65536");
}

#[test]
fn a_grid_has_columns() {
    let (error, text) = refused(Mosaic::builder().source("yard").columns(0));
    assert_eq!(error, MosaicError::NoColumns);
    assert_eq!(text, "a mosaic of 0 columns: there must be at least 1");
}

#[test]
fn cells_are_large_enough_to_show_something() {
    let (_, text) = refused(Mosaic::builder().size(320, 240).sources((0..100).map(|id| id.to_string())));
    assert!(text.starts_with("a mosaic of 320×240 pixels in "), "{text}");
    assert!(text.ends_with(", each needs 64×48"), "{text}");
    let (error, _) = refused(Mosaic::builder().source("yard").columns(u32::MAX));
    assert!(matches!(error, MosaicError::CellSize { cell_width: 0, .. }));
    refused(Mosaic::builder().size(1, 1).source("yard"));
}

#[test]
fn an_unknown_source_is_named_with_those_there_are() {
    let mosaic = Mosaic::builder().sources(["yard", "gate"]).build().unwrap();
    let error = mosaic.source("roof").unwrap_err();
    assert_eq!(error.to_string(), r#"the mosaic has no source "roof"; it has "yard", "gate""#);
    let frame = Frame::black(64, 48, PixelFormat::Gray8).unwrap();
    let error = mosaic.update(2, &frame).unwrap_err();
    assert_eq!(error.to_string(), r#"the mosaic has no source 2; it has "yard", "gate""#);
}
