use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;

use gstreamer as gst;
use gstreamer_rtsp_server as gst_rtsp;
use gstreamer_rtsp_server::gio;
use gstreamer_rtsp_server::prelude::*;

use super::auth::Auth;
use super::engine::Engine;
use super::mounts::Mounts;
use super::{BindError, Server};

/// The UDP ports that the streams may be sent from: those that nobody is assigned (RFC 6335).
const UDP_PORTS: std::ops::RangeInclusive<u16> = 49152..=65535;

/// The largest body of a request; those that players send are far smaller.
const REQUEST_BODY: u32 = 64 << 10;

/// The description of a [`Server`] with users or TLS.
#[derive(Clone, Default)]
#[must_use = "a server serves once it is bound"]
pub struct ServerBuilder {
    users: Vec<(String, String)>,
    /// Certificate and key.
    tls: Option<(String, String)>,
}

/// Neither passwords nor keys are shown.
impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let users: Vec<&str> = self.users.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("ServerBuilder").field("users", &users).field("tls", &self.tls.is_some()).finish()
    }
}

impl ServerBuilder {
    /// Lets only this user in, and those added before and after. Both Basic and Digest authentication are understood.
    ///
    /// Without TLS, Basic sends the password in the clear.
    pub fn user(mut self, name: impl Into<String>, password: impl Into<String>) -> Self {
        self.users.push((name.into(), password.into()));
        self
    }

    /// Encrypts the connections (`rtsps`), with a certificate and its private key in PEM.
    ///
    /// Pictures that are sent over UDP are not encrypted; a viewer that wants them to be asks for TCP.
    pub fn tls(mut self, certificate: impl Into<String>, key: impl Into<String>) -> Self {
        self.tls = Some((certificate.into(), key.into()));
        self
    }

    /// Serves on this address; port 0 takes a free port.
    ///
    /// # Errors
    /// If the address is not one of this machine's, or its port is in use; if a user's name or the certificate cannot be used.
    pub fn bind(self, address: impl ToSocketAddrs + ToString) -> Result<Server, BindError> {
        gst::init().map_err(|error| BindError::GStreamer(error.to_string()))?;
        let scheme = if self.tls.is_some() { "rtsps" } else { "rtsp" };
        let auth = self.auth()?;
        let (listener, local) =
            listen(&address).map_err(|source| BindError::Address { address: address.to_string(), source })?;
        let pool = udp_ports(local)?;
        let points = gst_rtsp::RTSPMountPoints::new();
        let server = gst_rtsp::RTSPServer::new();
        server.set_mount_points(Some(&points));
        server.set_auth(auth.as_ref());
        server.set_content_length_limit(REQUEST_BODY);
        let mounts = Arc::new(Mounts::new(points));
        let engine = Engine::start(listener, server, &mounts, local.port()).map_err(BindError::Thread)?;
        tracing::info!(address = %local, scheme, "the RTSP server serves");
        Ok(Server::new(local, scheme, mounts, pool, engine))
    }

    fn auth(self) -> Result<Option<Auth>, BindError> {
        if let Some((name, _)) = self.users.iter().find(|(name, _)| !is_user_name(name)) {
            return Err(BindError::User(name.clone()));
        }
        if self.users.is_empty() && self.tls.is_none() {
            return Ok(None);
        }
        let auth = Auth::new(self.users);
        if let Some((certificate, key)) = self.tls {
            // GLib would take a certificate without its key, and then refuse every connection.
            if !key.contains("PRIVATE KEY-----") {
                return Err(BindError::Tls("there is no private key".into()));
            }
            let certificate = gio::TlsCertificate::from_pem(&format!("{certificate}\n{key}"))
                .map_err(|error| BindError::Tls(error.to_string()))?;
            auth.set_tls_certificate(Some(&certificate));
        }
        Ok(Some(auth))
    }
}

/// How many bytes of a connection may wait in the kernel before they are sent.
const UNSENT: u32 = 128 << 10;

fn listen(address: &impl ToSocketAddrs) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    let socket = socket2::SockRef::from(&listener);
    // Connections inherit these options: a picture must not wait until the one before is acknowledged, nor in the kernel for the
    // network, where it could not be dropped any more.
    socket.set_tcp_nodelay(true)?;
    socket.set_tcp_notsent_lowat(UNSENT)?;
    let local = listener.local_addr()?;
    Ok((listener, local))
}

/// A pool of UDP ports on the address alone; none if the server listens on every address.
fn udp_ports(local: SocketAddr) -> Result<Option<gst_rtsp::RTSPAddressPool>, BindError> {
    if local.ip().is_unspecified() {
        return Ok(None);
    }
    let pool = gst_rtsp::RTSPAddressPool::new();
    let address = local.ip().to_string();
    pool.add_range(&address, &address, *UDP_PORTS.start(), *UDP_PORTS.end(), 0)
        .map_err(|error| BindError::GStreamer(error.to_string()))?;
    Ok(Some(pool))
}

/// Whether a name can stand in the headers of both kinds of authentication.
fn is_user_name(name: &str) -> bool {
    !name.is_empty() && !name.contains([':', '"', '\\']) && !name.contains(char::is_control)
}
