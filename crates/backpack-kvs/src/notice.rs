/// What the service is to do when it has the fragment that is being made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// Makes an image of it, if the stream is configured for images.
    Image {
        /// What the image's name in S3 begins with; at most 256 bytes.
        prefix: Option<String>,
    },
    /// Tells those who subscribed, if the stream is configured for notifications.
    Notification,
}
