use std::fmt;

use hyper::Uri;

use crate::BuildError;

/// An HTTP proxy that connects to any host (`CONNECT`).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Proxy {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The value of its header field.
    pub(crate) authorization: Option<String>,
}

impl Proxy {
    /// Reads `http://host:port` or `http://user:password@host:port`.
    pub(crate) fn parse(text: &str) -> Result<Self, BuildError> {
        let wrong = || BuildError::Address("a proxy must be like http://user:password@host:port".into());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        if uri.scheme_str() != Some("http") {
            return Err(wrong());
        }
        let authority = uri.authority().ok_or_else(wrong)?;
        let user = authority.as_str().rsplit_once('@').map(|(user, _)| user);
        let authorization =
            user.map(|user| format!("Basic {}", aws_smithy_types::base64::encode(decoded(user))));
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self { host: authority.host().to_owned(), port, authorization })
    }
}

/// The bytes that `%40` and the like stand for.
fn decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = &tail[2..];
            }
            None => {
                out.push(first);
                rest = tail;
            }
        }
    }
    out
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("host", &self.host).field("port", &self.port).finish_non_exhaustive()
    }
}
