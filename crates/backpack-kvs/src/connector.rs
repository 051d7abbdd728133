use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::proxy::Proxy;
use crate::url::Url;
use crate::{BuildError, ConnectionError};

/// How long it may take to reach a server.
const PATIENCE: Duration = Duration::from_secs(10);

/// A proxy's answer is far shorter.
const LONGEST_ANSWER: usize = 8 * 1024;

/// A connection, encrypted or not.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Connects to servers.
#[derive(Clone)]
pub(crate) struct Connector {
    /// Nothing where no server is encrypted: reading the system's authorities takes its time.
    tls: Option<Arc<ClientConfig>>,
    proxy: Option<Proxy>,
}

/// A device's own certificate.
pub(crate) struct Identity<'a> {
    pub(crate) certificate: &'a Path,
    pub(crate) key: &'a Path,
}

impl Connector {
    /// Connects to servers that are not encrypted.
    pub(crate) fn plain(proxy: Option<Proxy>) -> Self {
        Self { tls: None, proxy }
    }

    /// Trusts the certificate authorities of this file, or else the system's.
    pub(crate) fn new(
        authorities: Option<&Path>,
        proxy: Option<Proxy>,
        identity: Option<Identity<'_>>,
    ) -> Result<Self, BuildError> {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| BuildError::Tls(error.to_string()))?
            .with_root_certificates(roots(authorities)?);
        let mut tls = match identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                let key = PrivateKeyDer::from_pem_file(identity.key)
                    .map_err(|error| unreadable(identity.key, &error))?;
                builder
                    .with_client_auth_cert(certificates(identity.certificate)?, key)
                    .map_err(|error| BuildError::Tls(error.to_string()))?
            }
        };
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { tls: Some(Arc::new(tls)), proxy })
    }

    /// Connects to the server of an address.
    pub(crate) async fn connect(&self, url: &Url) -> Result<Box<dyn Io>, ConnectionError> {
        let failed = |error: String| ConnectionError::Unreachable { host: url.authority(), error };
        match timeout(PATIENCE, self.try_to_connect(url)).await {
            Ok(Ok(io)) => Ok(io),
            Ok(Err(error)) => Err(failed(error.to_string())),
            Err(_) => Err(failed(format!("no answer within {PATIENCE:?}"))),
        }
    }

    async fn try_to_connect(&self, url: &Url) -> io::Result<Box<dyn Io>> {
        let tcp = match &self.proxy {
            None => TcpStream::connect((url.name(), url.port)).await?,
            Some(proxy) => through(proxy, url).await?,
        };
        tcp.set_nodelay(true)?;
        if !url.is_tls {
            return Ok(Box::new(tcp));
        }
        let missing = || io::Error::other("it is encrypted, and the service's other address is not");
        let tls = self.tls.clone().ok_or_else(missing)?;
        let name = ServerName::try_from(url.name().to_owned()).map_err(io::Error::other)?;
        Ok(Box::new(TlsConnector::from(tls).connect(name, tcp).await?))
    }
}

/// A connection that the proxy makes.
async fn through(proxy: &Proxy, url: &Url) -> io::Result<TcpStream> {
    let error = |text: String| io::Error::other(format!("proxy {}:{}: {text}", proxy.host, proxy.port));
    let connected = TcpStream::connect((proxy.host.as_str(), proxy.port)).await;
    let mut tcp = connected.map_err(|reason| error(reason.to_string()))?;
    let target = format!("{}:{}", url.host, url.port);
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
    if let Some(authorization) = &proxy.authorization {
        request += &format!("Proxy-Authorization: {authorization}\r\n");
    }
    request += "\r\n";
    tcp.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // Byte by byte, as what follows belongs to the server behind it.
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() > LONGEST_ANSWER {
            return Err(error("its answer has no end".into()));
        }
        answer.push(tcp.read_u8().await?);
    }
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.lines().next().unwrap_or_default();
    let is_open = status.split(' ').nth(1).is_some_and(|code| code.starts_with('2'));
    if is_open { Ok(tcp) } else { Err(error(format!("it answered {status}"))) }
}

fn roots(authorities: Option<&Path>) -> Result<RootCertStore, BuildError> {
    let mut roots = RootCertStore::empty();
    match authorities {
        Some(path) => {
            for certificate in certificates(path)? {
                roots.add(certificate).map_err(|error| BuildError::Tls(error.to_string()))?;
            }
        }
        None => {
            let found = rustls_native_certs::load_native_certs();
            // The system may have some that this TLS does not read; one that the service needs is missed when it connects.
            roots.add_parsable_certificates(found.certs);
        }
    }
    Ok(roots)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, BuildError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = read.map_err(|error| unreadable(path, &error))?;
    if certificates.is_empty() {
        return Err(BuildError::Tls(format!("{} holds no certificate", path.display())));
    }
    Ok(certificates)
}

fn unreadable(path: &Path, error: &dyn std::error::Error) -> BuildError {
    BuildError::Tls(format!("{} cannot be read: {error}", path.display()))
}
