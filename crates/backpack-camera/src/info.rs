use backpack_core::PixelFormat;

/// What a camera and its source agreed on.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Info {
    /// The width of the frames in pixels.
    pub width: u32,
    /// The height of the frames in pixels.
    pub height: u32,
    /// The format of the frames.
    pub format: PixelFormat,
    /// Frames per second, if the source says so and does not vary.
    pub frame_rate: Option<f64>,
    /// Whether the source goes on without waiting for its reader, so that only the newest frame is kept.
    pub live: bool,
}
