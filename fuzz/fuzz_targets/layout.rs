#![no_main]

use arbitrary::Arbitrary;
use backpack_core::{Frame, Layout, PixelFormat, PlaneLayout};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    format: u8,
    width: u32,
    height: u32,
    planes: Vec<(usize, usize)>,
    length: u16,
}

fuzz_target!(|input: Input| {
    let format = PixelFormat::ALL[usize::from(input.format) % PixelFormat::ALL.len()];
    let planes: Vec<_> =
        input.planes.iter().map(|&(offset, stride)| PlaneLayout { offset, stride }).collect();
    let Ok(layout) = Layout::padded(input.width, input.height, format, &planes) else { return };
    let Ok(mut frame) = Frame::with_layout(vec![0; input.length.into()], layout) else { return };
    for plane in frame.view().planes() {
        assert_eq!(plane.rows().len(), plane.height());
        assert!(plane.rows().all(|row| row.len() == plane.row_bytes()));
    }
    for plane in frame.view_mut().planes_mut() {
        plane.rows_mut().for_each(|row| row.fill(1));
    }
    assert!(frame.view().to_frame().bytes().iter().all(|&byte| byte == 1), "every pixel can be written");
});
