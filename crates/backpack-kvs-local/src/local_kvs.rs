use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::server::{Command, Server};
use crate::service::Service;
use crate::tls::Tls;
use crate::{
    AckRecord, Builder, Credentials, CutHow, Faults, Limits, Playback, RequestRecord, StartError, StreamInfo,
};

/// The end of the runtime waits so long for what cannot be ended.
const FINISH: Duration = Duration::from_secs(1);

/// A Kinesis Video Streams on this machine. It ends when it is stopped or dropped.
///
/// All methods can be called from any thread, but not from within an asynchronous task, as some wait for the service's thread.
pub struct LocalKvs {
    service: Arc<Service>,
    address: SocketAddr,
    endpoint: String,
    ca_pem: Option<String>,
    commands: mpsc::Sender<Command>,
    thread: Option<JoinHandle<()>>,
}

impl LocalKvs {
    /// Says what it is to be like.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn start(service: Arc<Service>, tls: bool, port: u16) -> Result<Self, StartError> {
        let tls = tls.then(Tls::generate).transpose()?;
        let (ca_pem, config) = tls.map(|tls| (tls.ca_pem, tls.config)).unzip();
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::Thread)?;
        let server = {
            let _inside = runtime.enter();
            Server::bind(service.clone(), config, port)?
        };
        let address = server.address();
        let scheme = if ca_pem.is_some() { "https" } else { "http" };
        let endpoint = format!("{scheme}://{address}");
        service.write(|state| state.endpoint.clone_from(&endpoint));
        let (commands, receiver) = mpsc::channel(8);
        let run = move || {
            runtime.block_on(server.run(receiver));
            runtime.shutdown_timeout(FINISH);
        };
        let thread =
            thread::Builder::new().name("local kvs".into()).spawn(run).map_err(StartError::Thread)?;
        Ok(Self { service, address, endpoint, ca_pem, commands, thread: Some(thread) })
    }

    /// The address of the control plane and of PutMedia, without a slash at its end.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of the authority that a client has to trust, if it speaks TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// The streams, by name.
    pub fn streams(&self) -> Vec<StreamInfo> {
        self.service.read(|state| state.streams.values().map(|stream| stream.info.clone()).collect())
    }

    /// What is stored of a stream, if there is one of that name.
    pub fn playback(&self, stream: &str) -> Option<Playback> {
        self.service.read(|state| state.streams.get(stream).map(|stream| stream.playback()))
    }

    /// The acknowledgements of a stream, over all connections, in the order in which they were made.
    pub fn acks(&self, stream: &str) -> Vec<AckRecord> {
        self.service
            .read(|state| state.streams.get(stream).map_or_else(Vec::new, |stream| stream.acks.clone()))
    }

    /// All requests, in the order in which they were answered; a PutMedia is answered at its begin.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.service.read(|state| state.requests.clone())
    }

    /// How many PutMedia connections a stream has now.
    pub fn connections(&self, stream: &str) -> usize {
        self.service.read(|state| state.streams.get(stream).map_or(0, |stream| stream.connections))
    }

    /// What goes wrong from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.service.write(|state| state.set_faults(faults));
    }

    /// Changes some of what goes wrong; random numbers begin anew.
    pub fn update_faults(&self, change: impl FnOnce(&mut Faults)) {
        self.service.write(|state| {
            let mut faults = state.faults.clone();
            change(&mut faults);
            state.set_faults(faults);
        });
    }

    /// What goes wrong, with what is left of the faults that happen so often only.
    pub fn faults(&self) -> Faults {
        self.service.read(|state| state.faults.clone())
    }

    /// What is allowed from now on. Rules for fragments change with the next connection.
    pub fn set_limits(&self, limits: Limits) {
        self.service.write(|state| state.limits = limits);
    }

    /// Requests may only be signed with these from now on; connections that are there stay.
    pub fn set_credentials(&self, credentials: impl IntoIterator<Item = Credentials>) {
        let credentials = credentials.into_iter().collect();
        self.service.write(|state| state.credentials = credentials);
    }

    /// Ends all connections and refuses new ones, as if the service were gone; the port stays taken.
    ///
    /// # Errors
    ///
    /// The port could not be kept, or the service has ended.
    pub fn pause(&self) -> Result<(), StartError> {
        self.ask(Command::Pause)
    }

    /// Takes connections again, on the same port.
    ///
    /// # Errors
    ///
    /// The port was lost, or the service has ended.
    pub fn resume(&self) -> Result<(), StartError> {
        self.ask(Command::Resume)
    }

    /// Ends all connections that are there.
    ///
    /// # Errors
    ///
    /// The service has ended.
    pub fn disconnect(&self, how: CutHow) -> Result<(), StartError> {
        self.ask(|done| Command::Disconnect(how, done))
    }

    /// Waits until the condition holds, which is looked at again after everything that happens; `false` if the time is over first.
    pub fn wait_until(&self, timeout: Duration, mut condition: impl FnMut(&Self) -> bool) -> bool {
        self.service.wait(timeout, || condition(self))
    }

    /// Ends it, with all its connections.
    pub fn stop(mut self) {
        self.end();
    }

    fn ask(
        &self,
        command: impl FnOnce(oneshot::Sender<Result<(), StartError>>) -> Command,
    ) -> Result<(), StartError> {
        let (done, answer) = oneshot::channel();
        self.commands.blocking_send(command(done)).map_err(|_| StartError::Ended)?;
        answer.blocking_recv().map_err(|_| StartError::Ended)?
    }

    fn end(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        let _ = self.commands.try_send(Command::Stop);
        if thread.join().is_err() {
            tracing::error!("the thread of the local service has panicked");
        }
    }
}

impl fmt::Debug for LocalKvs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKvs").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Drop for LocalKvs {
    fn drop(&mut self) {
        self.end();
    }
}
