//! Frames: memory that fits is taken, memory that does not is refused.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use backpack_core::{Frame, FrameError, FrameMut, FrameRef, Layout, PixelFormat, PlaneLayout, Timestamp};
use proptest::prelude::*;

#[test]
fn tight_frames_have_the_length_their_format_asks_for() {
    let lengths = [
        (PixelFormat::Rgb8, 45),
        (PixelFormat::Bgr8, 45),
        (PixelFormat::Rgba8, 60),
        (PixelFormat::Bgra8, 60),
        (PixelFormat::Gray8, 15),
        (PixelFormat::I420, 15 + 6 + 6),
        (PixelFormat::Nv12, 15 + 12),
    ];
    assert_eq!(lengths.map(|(format, _)| format), *PixelFormat::ALL);
    for (format, length) in lengths {
        assert!(Frame::new(vec![0; length], 5, 3, format).is_ok(), "{format}");
        for wrong in [length - 1, length + 1, 0] {
            let error = Frame::new(vec![0; wrong], 5, 3, format).unwrap_err();
            assert_eq!(
                error,
                FrameError::Length { format, width: 5, height: 3, plane: None, expected: length, got: wrong }
            );
        }
    }
}

#[test]
fn odd_sizes_round_their_chroma_up() {
    let frame = Frame::black(5, 3, PixelFormat::I420).unwrap();
    let sizes: Vec<_> = frame.view().planes().iter().map(|p| (p.row_bytes(), p.height())).collect();
    assert_eq!(sizes, [(5, 3), (3, 2), (3, 2)]);
    let frame = Frame::black(5, 3, PixelFormat::Nv12).unwrap();
    let sizes: Vec<_> = frame.view().planes().iter().map(|p| (p.row_bytes(), p.height())).collect();
    assert_eq!(sizes, [(5, 3), (6, 2)]);
}

#[test]
fn sizes_of_zero_or_beyond_any_camera_are_refused() {
    for (width, height) in [(0, 480), (640, 0), (u32::MAX, u32::MAX)] {
        let error = Frame::new(Vec::new(), width, height, PixelFormat::Rgb8).unwrap_err();
        assert!(matches!(error, FrameError::Size { .. }));
        assert!(error.to_string().contains("from 1 to 65536"), "{error}");
    }
}

#[test]
fn layouts_refuse_short_strides_overlaps_and_missing_planes() {
    let plane = |offset, stride| PlaneLayout { offset, stride };
    let i420 = |planes: &[PlaneLayout]| Layout::padded(4, 4, PixelFormat::I420, planes);
    assert!(i420(&[plane(0, 8), plane(32, 4), plane(40, 4)]).is_ok());
    assert!(matches!(
        i420(&[plane(0, 3), plane(32, 4), plane(40, 4)]),
        Err(FrameError::Stride { plane: 0, .. })
    ));
    assert!(matches!(
        i420(&[plane(0, 8), plane(20, 4), plane(40, 4)]),
        Err(FrameError::Overlap { plane: 1, .. })
    ));
    assert!(matches!(i420(&[plane(0, 8)]), Err(FrameError::PlaneCount { expected: 3, got: 1, .. })));
    assert!(i420(&[plane(0, usize::MAX), plane(0, 4), plane(0, 4)]).is_err());
}

#[test]
fn planes_in_separate_memory_are_checked_one_by_one() {
    let (luma, chroma) = ([7; 16], [9; 6]);
    let frame = FrameRef::from_planes(&[(&luma, 4), (&chroma, 4)], 4, 4, PixelFormat::Nv12);
    assert_eq!(
        frame.unwrap_err(),
        FrameError::Length {
            format: PixelFormat::Nv12,
            width: 4,
            height: 4,
            plane: Some(1),
            expected: 8,
            got: 6
        }
    );
    let chroma = [9; 8];
    let frame = FrameRef::from_planes(&[(&luma, 4), (&chroma, 4)], 4, 4, PixelFormat::Nv12).unwrap();
    assert_eq!(frame.luma().unwrap().rows().map(<[u8]>::len).sum::<usize>(), 16);
}

#[test]
fn shared_pixels_are_copied_once_when_drawn_on_and_owned_ones_never() {
    let decoder: Arc<[u8; 8]> = Arc::new([5; 8]);
    let layout = Layout::padded(3, 2, PixelFormat::Gray8, &[PlaneLayout { offset: 0, stride: 4 }]).unwrap();
    let mut frame =
        Frame::shared(decoder.clone(), layout).unwrap().with_timestamp(Timestamp::from_millis(40));
    assert!(frame.is_shared());
    frame.view_mut().plane_mut(0).row_mut(1)[2] = 200;
    assert_eq!(*decoder, [5; 8], "the decoder's picture is untouched");
    assert!(!frame.is_shared() && frame.layout().is_tight());
    assert_eq!(frame.bytes(), [5, 5, 5, 5, 5, 200]);
    assert_eq!(frame.timestamp(), Some(Timestamp::from_millis(40)));

    let address = frame.bytes().as_ptr();
    frame.view_mut();
    assert_eq!(frame.bytes().as_ptr(), address);
    let memory = frame.into_pixels().unwrap();
    assert_eq!(memory.as_ptr(), address, "the memory can be used again");
}

#[test]
fn rows_beyond_the_frame_are_empty() {
    let mut frame = Frame::black(4, 2, PixelFormat::Rgb8).unwrap();
    assert_eq!(frame.view().plane(0).row(2), []);
    assert_eq!(frame.view().plane(7).row(0), []);
    assert_eq!(frame.view_mut().plane_mut(0).row_mut(9), []);
    assert_eq!(frame.view().plane(0).row(usize::MAX), []);
    assert_eq!(frame.view_mut().plane_mut(1).row_mut(0), [], "there is one plane");
}

#[test]
fn timestamps_do_not_run_below_zero() {
    let (early, late) = (Timestamp::from_millis(10), Timestamp::from_millis(30));
    assert_eq!(late.since(early).as_millis(), 20);
    assert_eq!(early.since(late).as_millis(), 0);
    assert_eq!(early - late.elapsed(), Timestamp::ZERO);
}

proptest! {
    #[test]
    fn every_pixel_written_through_padded_planes_is_read_back(
        format in prop::sample::select(PixelFormat::ALL),
        width in 1u32..40, height in 1u32..40, pad in 0usize..9, gap in 0usize..9, extra in 0usize..9,
    ) {
        let tight = Layout::tight(width, height, format).unwrap();
        let black = Frame::black(width, height, format).unwrap();
        let mut end = 0;
        let mut planes = Vec::new();
        for plane in black.view().planes() {
            let stride = plane.row_bytes() + pad;
            planes.push(PlaneLayout { offset: end + gap, stride });
            end += gap + stride * plane.height();
        }
        let layout = Layout::padded(width, height, format, &planes).unwrap();
        let mut memory = vec![255; layout.size() + extra];
        let mut frame = FrameMut::with_layout(&mut memory, &layout).unwrap();
        let mut next = 0u8;
        for plane in frame.planes_mut() {
            for byte in plane.rows_mut().flatten() {
                next = next.wrapping_add(1) & 127;
                *byte = next;
            }
        }
        let copy = FrameRef::with_layout(&memory, &layout).unwrap().to_frame();
        prop_assert_eq!(copy.bytes().len(), tight.size());
        let mut next = 0u8;
        for &byte in copy.bytes() {
            next = next.wrapping_add(1) & 127;
            prop_assert_eq!(byte, next);
        }
        let padding = memory.iter().filter(|&&byte| byte == 255).count();
        prop_assert_eq!(padding, memory.len() - tight.size(), "padding is left alone");
    }

    #[test]
    fn no_stride_offset_or_length_panics(
        format in prop::sample::select(PixelFormat::ALL),
        width in any::<u32>(), height in 0u32..70_000, planes in prop::collection::vec((any::<usize>(), any::<usize>()), 0..4),
        length in 0usize..4096,
    ) {
        let planes: Vec<_> = planes.into_iter().map(|(offset, stride)| PlaneLayout { offset, stride }).collect();
        if let Ok(layout) = Layout::padded(width, height, format, &planes) {
            prop_assert!(Frame::with_layout(vec![0; length], layout).is_err() || layout.size() <= length);
        }
    }
}
