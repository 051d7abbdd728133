use std::fmt;

use hyper::Uri;

use crate::BuildError;

/// Where a server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) is_tls: bool,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Empty, or beginning with a slash.
    path: String,
}

impl Url {
    /// Reads `https://host`, `http://host:port/path` and the like.
    pub(crate) fn parse(text: &str) -> Result<Self, BuildError> {
        // The text is not shown, as somebody may have put a password into it.
        let wrong = || BuildError::Address("an address must be like https://host or http://host:port".into());
        let uri: Uri = text.parse().map_err(|_| wrong())?;
        let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'));
        let authority = authority.ok_or_else(wrong)?;
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(wrong()),
        };
        let port = authority.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let path = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { is_tls, host: authority.host().to_owned(), port, path })
    }

    /// What a request calls the server: the host, and the port unless it is the usual one.
    pub(crate) fn authority(&self) -> String {
        let usual = if self.is_tls { 443 } else { 80 };
        if self.port == usual { self.host.clone() } else { format!("{}:{}", self.host, self.port) }
    }

    /// The path of an action below this address.
    pub(crate) fn path(&self, action: &str) -> String {
        format!("{}{action}", self.path)
    }

    /// The name without the brackets of an IPv6 address.
    pub(crate) fn name(&self) -> &str {
        self.host.trim_start_matches('[').trim_end_matches(']')
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", if self.is_tls { "https" } else { "http" }, self.authority(), self.path)
    }
}
