use std::io;

/// Why a server cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The address is not one of this machine's, or its port is in use.
    #[error("cannot serve RTSP on {address}")]
    Address {
        /// The address as given.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// A user's name cannot be used.
    #[error(
        "the user name {0:?}: it must not be empty nor contain colons, quotes, backslashes or control characters"
    )]
    User(String),
    /// The certificate or its key cannot be used.
    #[error(
        "the certificate and its key must be given in PEM, and GLib needs its TLS module (glib-networking): {0}"
    )]
    Tls(String),
    /// GStreamer does not work here.
    #[error("GStreamer: {0}")]
    GStreamer(String),
    /// A thread could not be started.
    #[error("a thread could not be started")]
    Thread(#[source] io::Error),
}

/// Why a server does not take a mount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MountError {
    /// The path cannot be part of a URL.
    #[error(
        "the path {0:?}: it must be one or more names, each behind a slash, of letters, digits and `-._~`, such as \"/cam\""
    )]
    Path(String),
    /// Another mount has this path.
    #[error("the path {0:?} is taken already")]
    Taken(String),
}
