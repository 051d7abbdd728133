use std::path::PathBuf;
use std::sync::Arc;

use backpack_timepiece::Clock;

use crate::folder::Folder;
use crate::service::{Service, State};
use crate::stream_info::is_name;
use crate::{Credentials, Faults, Limits, LocalKvs, StartError};

/// The settings of a [`LocalKvs`].
#[derive(Debug, Clone, Default)]
#[must_use = "call `start` to begin"]
pub struct Builder {
    pub(crate) tls: bool,
    pub(crate) port: u16,
    region: Option<String>,
    streams: Vec<String>,
    credentials: Vec<Credentials>,
    faults: Faults,
    limits: Limits,
    clock: Clock,
    folder: Option<PathBuf>,
    page: bool,
}

impl Builder {
    /// Whether it speaks TLS, with a certificate by an authority of its own ([`LocalKvs::ca_pem`]); by default it speaks HTTP.
    pub fn tls(self, tls: bool) -> Self {
        Self { tls, ..self }
    }

    /// The port on 127.0.0.1; 0, the default, takes a free one.
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Signatures must be for this region; by default for any.
    pub fn region(self, region: impl Into<String>) -> Self {
        Self { region: Some(region.into()), ..self }
    }

    /// There is this stream already.
    pub fn stream(mut self, name: impl Into<String>) -> Self {
        self.streams.push(name.into());
        self
    }

    /// Requests may be signed with these keys, which do not expire.
    pub fn credentials(self, access_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        self.temporary_credentials(Credentials::new(access_key, secret_key))
    }

    /// The same for credentials with a session token.
    pub fn temporary_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials.push(credentials);
        self
    }

    /// What goes wrong from the begin on.
    pub fn faults(self, faults: Faults) -> Self {
        Self { faults, ..self }
    }

    /// What is allowed.
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// From which the service takes date and time, for signatures, tokens and timestamps. Delays and timeouts are in real time.
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Streams and fragments are kept in this folder too, and are there again at the next start. It is created if it is not there.
    pub fn folder(self, folder: impl Into<PathBuf>) -> Self {
        Self { folder: Some(folder.into()), ..self }
    }

    /// Whether the endpoint's address shows a browser what is stored, without a signature; by default not.
    pub fn page(self, page: bool) -> Self {
        Self { page, ..self }
    }

    /// Starts it, on a thread of its own.
    ///
    /// # Errors
    ///
    /// A stream's name is none, the port is taken, the folder cannot be used, or there is no thread to be had.
    pub fn start(self) -> Result<LocalKvs, StartError> {
        if let Some(name) = self.streams.iter().find(|name| !is_name(name)) {
            return Err(StartError::StreamName(name.clone()));
        }
        let mut state = State::new(self.credentials, self.faults, self.limits);
        let folder = self.folder.map(Folder::open).transpose()?;
        if let Some(folder) = &folder {
            folder.load(&mut state)?;
        }
        let service = Arc::new(Service::new(self.region, self.clock, folder, self.page, state));
        for name in self.streams {
            if !service.read(|state| state.streams.contains_key(&name)) {
                service.create(service.stream_info(&name))?;
            }
        }
        LocalKvs::start(service, self.tls, self.port)
    }
}
