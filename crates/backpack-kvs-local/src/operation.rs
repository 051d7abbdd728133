/// The operations of the service that exist here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// What a stream is.
    DescribeStream,
    /// Makes a stream.
    CreateStream,
    /// Where media of a stream go.
    GetDataEndpoint,
    /// Ends a stream.
    DeleteStream,
    /// Which streams there are.
    ListStreams,
    /// Takes media.
    PutMedia,
}

impl Operation {
    /// The one that a request of this path is for.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        Some(match path {
            "/describeStream" => Self::DescribeStream,
            "/createStream" => Self::CreateStream,
            "/getDataEndpoint" => Self::GetDataEndpoint,
            "/deleteStream" => Self::DeleteStream,
            "/listStreams" => Self::ListStreams,
            "/putMedia" => Self::PutMedia,
            _ => return None,
        })
    }
}
