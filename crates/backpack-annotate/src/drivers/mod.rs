mod frame_driver;
mod grid;
mod painter;
mod problem;
mod tag;

pub use frame_driver::FrameDriver;
