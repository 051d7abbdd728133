use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::cutter::Cutter;
use crate::http::respond;
use crate::service::Service;
use crate::transport::Transport;
use crate::{CutHow, StartError};

const BACKLOG: u32 = 128;
/// A connection that was ended by FIN is read so long, as closing it earlier could become a reset.
const LINGER: Duration = Duration::from_secs(5);

/// What the handle asks of the server's thread.
pub(crate) enum Command {
    /// Ends the listener and all connections, and keeps the port.
    Pause(oneshot::Sender<Result<(), StartError>>),
    Resume(oneshot::Sender<Result<(), StartError>>),
    /// Ends all connections, but goes on listening.
    Disconnect(CutHow, oneshot::Sender<Result<(), StartError>>),
    Stop,
}

/// Where the server listens, or would.
enum Door {
    Open(TcpListener),
    /// Bound, so that nobody else gets the port, but refusing connections.
    Shut(TcpSocket),
}

pub(crate) struct Server {
    service: Arc<Service>,
    tls: Option<TlsAcceptor>,
    address: SocketAddr,
    door: Option<Door>,
    connections: JoinSet<()>,
    cutters: Vec<Arc<Cutter>>,
}

impl Server {
    /// To be called within a runtime.
    pub fn bind(
        service: Arc<Service>,
        tls: Option<Arc<ServerConfig>>,
        port: u16,
    ) -> Result<Self, StartError> {
        let wanted = SocketAddr::from(([127, 0, 0, 1], port));
        let listening = bind(wanted).and_then(|socket| socket.listen(BACKLOG));
        let listen = |listener: TcpListener| Ok((listener.local_addr()?, listener));
        let (address, listener) =
            listening.and_then(listen).map_err(|source| StartError::Listen { address: wanted, source })?;
        Ok(Self {
            service,
            tls: tls.map(TlsAcceptor::from),
            address,
            door: Some(Door::Open(listener)),
            connections: JoinSet::new(),
            cutters: Vec::new(),
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Until it is told to stop, or nobody is there who could.
    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Pause(done)) => drop(done.send(self.pause().await)),
                    Some(Command::Resume(done)) => drop(done.send(self.resume())),
                    Some(Command::Disconnect(how, done)) => {
                        self.cutters.drain(..).for_each(|cutter| cutter.cut(how));
                        drop(done.send(Ok(())));
                    }
                    Some(Command::Stop) | None => break,
                },
                stream = accept(self.door.as_ref()) => match stream {
                    Ok(stream) => self.take(stream),
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be taken");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                },
                Some(_) = self.connections.join_next(), if !self.connections.is_empty() => {
                    self.cutters.retain(|cutter| Arc::strong_count(cutter) > 1);
                }
            }
        }
        self.connections.shutdown().await;
    }

    fn take(&mut self, stream: TcpStream) {
        let cutter = Arc::new(Cutter::new());
        self.cutters.push(cutter.clone());
        self.connections.spawn(connection(self.service.clone(), self.tls.clone(), stream, cutter));
    }

    async fn pause(&mut self) -> Result<(), StartError> {
        if matches!(self.door, Some(Door::Open(_))) {
            self.door = None;
            self.connections.shutdown().await;
            self.cutters.clear();
            self.door = Some(Door::Shut(bind(self.address).map_err(|source| self.error(source))?));
        }
        Ok(())
    }

    fn resume(&mut self) -> Result<(), StartError> {
        let socket = match self.door.take() {
            Some(Door::Shut(socket)) => Ok(socket),
            Some(door @ Door::Open(_)) => {
                self.door = Some(door);
                return Ok(());
            }
            None => bind(self.address),
        };
        let listener =
            socket.and_then(|socket| socket.listen(BACKLOG)).map_err(|source| self.error(source))?;
        self.door = Some(Door::Open(listener));
        Ok(())
    }

    fn error(&self, source: io::Error) -> StartError {
        StartError::Listen { address: self.address, source }
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections of before may linger on the port.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

async fn accept(door: Option<&Door>) -> io::Result<TcpStream> {
    match door {
        Some(Door::Open(listener)) => listener.accept().await.map(|(stream, _)| stream),
        Some(Door::Shut(_)) | None => std::future::pending().await,
    }
}

async fn connection(service: Arc<Service>, tls: Option<TlsAcceptor>, stream: TcpStream, cutter: Arc<Cutter>) {
    let _ = stream.set_nodelay(true);
    let stream = Arc::new(stream);
    let transport = Transport::new(stream.clone(), service.clone());
    let exchange = async {
        match tls {
            Some(tls) => match tls.accept(transport).await {
                Ok(transport) => serve(service, cutter.clone(), transport).await,
                Err(error) => tracing::debug!(%error, "no TLS"),
            },
            None => serve(service, cutter.clone(), transport).await,
        }
    };
    tokio::select! {
        // First, so that a response that is cut off does not come to its end before.
        biased;
        how = cutter.wait() => cut(&stream, how).await,
        () = exchange => {}
    }
}

async fn serve(
    service: Arc<Service>,
    cutter: Arc<Cutter>,
    io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) {
    let answer = service_fn(|request| respond(service.clone(), cutter.clone(), request));
    if let Err(error) = http1::Builder::new().serve_connection(TokioIo::new(io), answer).await {
        tracing::debug!(%error, "a connection ended");
    }
}

/// The transport on top of the stream is still there, and is dropped after this.
async fn cut(stream: &TcpStream, how: CutHow) {
    let socket = socket2::SockRef::from(stream);
    match how {
        CutHow::Reset => drop(socket.set_linger(Some(Duration::ZERO))),
        CutHow::Finish => {
            let _ = socket.shutdown(std::net::Shutdown::Write);
            let mut scrap = [0; 16 * 1024];
            let rest = async {
                while stream.readable().await.is_ok() {
                    match stream.try_read(&mut scrap) {
                        Ok(0) => break,
                        Err(error) if error.kind() != io::ErrorKind::WouldBlock => break,
                        _ => {}
                    }
                }
            };
            let _ = timeout(LINGER, rest).await;
        }
    }
}
