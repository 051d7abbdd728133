use backpack::camera;
use backpack::skyline::Stats;
use backpack::timepiece::{StopWatch, Ticker};

/// How far a walk is, for whoever watches the terminal.
#[derive(Debug, Default)]
pub struct Progress {
    frames_per_second: f64,
    /// The 95th percentile of a frame's time, in milliseconds.
    p95: f64,
    frames: u64,
    dropped: u64,
    /// Of the outputs that have viewers.
    viewers: Option<usize>,
}

impl Progress {
    pub fn update(
        &mut self,
        ticker: &Ticker,
        watch: &StopWatch,
        camera: &camera::Stats,
        stream: impl FnOnce() -> Stats,
    ) {
        self.frames += 1;
        // Percentiles are sorted for and counters gathered, which need not be done for every frame.
        if self.frames % 8 != 1 {
            return;
        }
        let stream = stream();
        self.frames_per_second = ticker.summary().frequency().unwrap_or_default();
        self.p95 = watch.summary().p95.as_secs_f64() * 1000.0;
        let lost: u64 = stream.outputs.iter().map(|output| output.dropped).sum();
        self.viewers = stream.outputs.iter().filter_map(|output| output.viewers).reduce(|a, b| a + b);
        self.dropped = camera.dropped + stream.dropped.total() + lost;
    }

    pub fn describe(&self) -> String {
        let viewers = self.viewers.map(|viewers| format!("   {viewers} watching"));
        format!(
            "{:5.1} fps   frame p95 {:5.1} ms   {} frames   {} dropped{}",
            self.frames_per_second,
            self.p95,
            self.frames,
            self.dropped,
            viewers.unwrap_or_default()
        )
    }
}
