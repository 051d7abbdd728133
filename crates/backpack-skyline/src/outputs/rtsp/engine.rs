use std::io;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use gstreamer::glib;
use gstreamer_rtsp_server as gst_rtsp;
use gstreamer_rtsp_server::gio;
use gstreamer_rtsp_server::prelude::*;

use super::connections::Connections;
use super::hub::FAREWELL;
use super::mounts::Mounts;

/// How often what has expired is looked for.
const HOUSEKEEPING: Duration = Duration::from_secs(2);

/// How long the connections may take to be closed at the end.
const PATIENCE: Duration = Duration::from_secs(2);

/// The server's thread with a main loop of its own; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Engine {
    scheduler: Scheduler,
    main_loop: glib::MainLoop,
    connections: Arc<Connections>,
    /// Says when the thread is at its end, so that waiting for it has a deadline.
    ended: Mutex<mpsc::Receiver<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Runs things on the server's thread.
#[derive(Debug, Clone)]
pub(crate) struct Scheduler(glib::MainContext);

impl Scheduler {
    /// Runs `action` after `delay`; or never, if the server ends before.
    pub(crate) fn after(&self, delay: Duration, action: impl FnOnce() + Send + 'static) {
        let mut action = Some(action);
        let run = move || {
            if let Some(action) = action.take() {
                action();
            }
            glib::ControlFlow::Break
        };
        glib::timeout_source_new(delay, None, glib::Priority::DEFAULT, run).attach(Some(&self.0));
    }
}

impl Engine {
    pub(crate) fn start(
        listener: TcpListener,
        server: gst_rtsp::RTSPServer,
        mounts: &Arc<Mounts>,
        port: u16,
    ) -> io::Result<Self> {
        // A thread for each connection: one that waits for its stream to begin must not keep the others waiting.
        let threads = gst_rtsp::RTSPThreadPool::new();
        threads.set_max_threads(-1);
        server.set_thread_pool(Some(&threads));
        let connections = Arc::new(Connections::default());
        connections.watch(&server, mounts);
        let context = glib::MainContext::new();
        let main_loop = glib::MainLoop::new(Some(&context), false);
        let (end, ended) = mpsc::channel();
        let worker = Worker {
            context: context.clone(),
            main_loop: main_loop.clone(),
            server,
            connections: Arc::clone(&connections),
        };
        let thread = thread::Builder::new().name(format!("skyline rtsp {port}")).spawn(move || {
            worker.run(listener);
            drop(end);
        })?;
        let scheduler = Scheduler(context);
        Ok(Self { scheduler, main_loop, connections, ended: Mutex::new(ended), thread: Some(thread) })
    }

    pub(crate) fn scheduler(&self) -> Scheduler {
        self.scheduler.clone()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // Viewers whose stream has just ended are being told so.
        self.connections.wait_until_none(FAREWELL + Duration::from_millis(100));
        let main_loop = self.main_loop.clone();
        self.scheduler.after(Duration::ZERO, move || main_loop.quit());
        let ended = self.ended.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        if ended.recv_timeout(2 * PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout) {
            tracing::error!("the RTSP server's thread did not end in time and was given up");
        } else if let Some(thread) = self.thread.take() {
            // If it panicked, the panic was printed.
            let _ = thread.join();
        }
    }
}

struct Worker {
    context: glib::MainContext,
    main_loop: glib::MainLoop,
    server: gst_rtsp::RTSPServer,
    connections: Arc<Connections>,
}

impl Worker {
    fn run(self, listener: TcpListener) {
        let served = self.context.with_thread_default(|| {
            let socket = gio::Socket::from_fd(OwnedFd::from(listener)).map_err(|error| error.to_string())?;
            socket.set_blocking(false);
            self.serve(&socket);
            socket.close().map_err(|error| error.to_string())
        });
        if let Ok(Err(error)) = served {
            tracing::error!(%error, "the socket of the RTSP server");
        }
        self.connections.close_all();
        if !self.connections.wait_until_none(PATIENCE) {
            tracing::error!("connections of the RTSP server did not end in time");
        }
    }

    fn serve(&self, socket: &gio::Socket) {
        let accept = self.accept(socket);
        accept.attach(Some(&self.context));
        let housekeeping = self.housekeeping();
        housekeeping.attach(Some(&self.context));
        self.main_loop.run();
        accept.destroy();
        housekeeping.destroy();
    }

    fn accept(&self, socket: &gio::Socket) -> glib::Source {
        let (server, connections) = (self.server.clone(), Arc::clone(&self.connections));
        let accept = move |socket: &gio::Socket, _| {
            connections.accept(socket, &server);
            glib::ControlFlow::Continue
        };
        let (name, priority) = (Some("accept"), glib::Priority::DEFAULT);
        SocketExtManual::create_source(
            socket,
            glib::IOCondition::IN,
            gio::Cancellable::NONE,
            name,
            priority,
            accept,
        )
    }

    fn housekeeping(&self) -> glib::Source {
        let (server, connections) = (self.server.clone(), Arc::clone(&self.connections));
        let clean = move || {
            if let Some(sessions) = server.session_pool() {
                sessions.cleanup();
            }
            connections.close_idle();
            glib::ControlFlow::Continue
        };
        glib::timeout_source_new(HOUSEKEEPING, Some("housekeeping"), glib::Priority::DEFAULT, clean)
    }
}
