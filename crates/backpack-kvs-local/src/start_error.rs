use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a local service could not be started, or not resumed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Its address cannot be used.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// A stream cannot have this name.
    #[error("{0:?} is no name of a stream: letters, digits, '_', '.' and '-', up to 256")]
    StreamName(String),
    /// The folder cannot be used.
    #[error("cannot keep streams in {}", path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Its certificates could not be made.
    #[error("cannot make a certificate for TLS")]
    Certificate(#[source] Box<dyn Error + Send + Sync>),
    /// Its thread could not be started.
    #[error("cannot start the thread of the local service")]
    Thread(#[source] io::Error),
    /// It has ended.
    #[error("the local service has ended")]
    Ended,
}

impl StartError {
    pub(crate) fn certificate(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Certificate(Box::new(error))
    }
}
