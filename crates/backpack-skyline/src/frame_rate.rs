use std::fmt;
use std::time::Duration;

/// A frame rate as a fraction: 30/1, or 30000/1001 for the 29.97 of NTSC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameRate {
    numerator: u32,
    denominator: u32,
}

impl FrameRate {
    /// `numerator / denominator` frames a second, or `None` if either is zero.
    pub const fn new(numerator: u32, denominator: u32) -> Option<Self> {
        if numerator == 0 || denominator == 0 { None } else { Some(Self { numerator, denominator }) }
    }

    /// The rate at which frames come `interval` apart, to a thousandth of a frame a second; `None` if that is zero or above 1000.
    pub fn from_interval(interval: Duration) -> Option<Self> {
        Self::from_hertz(1.0 / interval.as_secs_f64())
    }

    /// `hertz` frames a second, to a thousandth; `None` unless that is from 0.001 to 1000.
    pub fn from_hertz(hertz: f64) -> Option<Self> {
        let thousandths = (hertz * 1000.0).round();
        if !(1.0..=1_000_000.0).contains(&thousandths) {
            return None;
        }
        // The cast is exact: the value is a whole number in the range above.
        let thousandths = thousandths as u32;
        let ntsc =
            [24_u32, 30, 60, 120].into_iter().find(|&rate| (rate * 1_000_000 + 500) / 1001 == thousandths);
        match ntsc {
            Some(rate) => Self::new(rate * 1000, 1001),
            None if thousandths.is_multiple_of(1000) => Self::new(thousandths / 1000, 1),
            None => Self::new(thousandths, 1000),
        }
    }

    /// Frames, in [`denominator`](FrameRate::denominator) seconds.
    pub const fn numerator(self) -> u32 {
        self.numerator
    }

    /// Seconds that [`numerator`](FrameRate::numerator) frames take.
    pub const fn denominator(self) -> u32 {
        self.denominator
    }

    /// Frames a second.
    pub fn hertz(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }

    /// The time from one frame to the next.
    pub fn interval(self) -> Duration {
        Duration::from_nanos(u64::from(self.denominator) * 1_000_000_000 / u64::from(self.numerator))
    }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.denominator == 1 { 0 } else { 2 };
        write!(f, "{:.digits$} fps", self.hertz())
    }
}
