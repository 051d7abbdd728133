/// What counters of tracks have in common, so that it is called and described alike.
macro_rules! track_options {
    () => {
        /// Sets how far a track has to be from the line or border for its crossing to count, in parts of the picture; 0.01 to 0.03 suits most
        /// detectors.
        ///
        /// # Errors
        /// [`GeometryError::Margin`] if it is negative or not finite.
        pub fn with_margin(mut self, margin: f64) -> Result<Self, GeometryError> {
            self.tracks.set_margin(margin)?;
            Ok(self)
        }

        /// Sets for how many frames a track is remembered while it is not seen; if it appears again later, it begins anew.
        #[must_use]
        pub fn with_max_age(mut self, frames: u32) -> Self {
            self.tracks.max_age = frames;
            self
        }

        /// How many tracks are remembered.
        pub fn tracks(&self) -> usize {
            self.tracks.len()
        }

        /// Forgets all tracks and keeps the counts, for example where a film is cut.
        pub fn forget_tracks(&mut self) {
            self.tracks.clear();
        }
    };
}

pub(super) use track_options;
