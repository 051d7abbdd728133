use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use gstreamer_rtsp_server as gst_rtsp;
use gstreamer_rtsp_server::gio;
use gstreamer_rtsp_server::glib;
use gstreamer_rtsp_server::prelude::*;

use super::mounts::Mounts;
use crate::lock::lock;

/// The most connections at a time; each takes a few threads.
const LIMIT: usize = 100;

/// A connection that has no session for so long is closed.
const IDLE: Duration = Duration::from_secs(30);

/// How long to wait when the system has no room for one more connection.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// The connections of a server.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: Mutex<Vec<Connection>>,
    /// How many there have ever been.
    accepted: AtomicUsize,
    changed: Condvar,
}

#[derive(Debug)]
struct Connection {
    client: gst_rtsp::RTSPClient,
    idle_since: Instant,
}

impl Connections {
    /// Keeps track of the server's connections from now on, and answers for mounts without a stream.
    pub(crate) fn watch(self: &Arc<Self>, server: &gst_rtsp::RTSPServer, mounts: &Arc<Mounts>) {
        let (connections, mounts) = (Arc::downgrade(self), Arc::downgrade(mounts));
        server.connect_client_connected(move |_, client| {
            let (Some(connections), Some(mounts)) = (connections.upgrade(), mounts.upgrade()) else { return };
            connections.add(client);
            client.connect_pre_describe_request(move |_, context| mounts.check(context));
        });
    }

    /// Accepts a connection, if there is room for one more.
    pub(crate) fn accept(&self, socket: &gio::Socket, server: &gst_rtsp::RTSPServer) {
        if lock(&self.open).len() >= LIMIT {
            tracing::warn!(limit = LIMIT, "a connection is refused, because there are too many");
            drop(socket.accept(gio::Cancellable::NONE));
            return;
        }
        let before = self.accepted.load(Ordering::Acquire);
        // It succeeds even if nothing was accepted.
        let _ = gst_rtsp::RTSPServer::io_func(socket, glib::IOCondition::IN, server);
        if self.accepted.load(Ordering::Acquire) == before {
            // The connection still waits to be accepted; trying without end would only keep a core busy.
            thread::sleep(EXHAUSTED);
        }
    }

    fn add(self: &Arc<Self>, client: &gst_rtsp::RTSPClient) {
        self.accepted.fetch_add(1, Ordering::AcqRel);
        lock(&self.open).push(Connection { client: client.clone(), idle_since: Instant::now() });
        let connections = Arc::downgrade(self);
        client.connect_closed(move |client| {
            if let Some(connections) = connections.upgrade() {
                connections.remove(client);
            }
        });
    }

    fn remove(&self, client: &gst_rtsp::RTSPClient) {
        lock(&self.open).retain(|connection| connection.client != *client);
        self.changed.notify_all();
    }

    /// Closes connections that have had no session for long.
    pub(crate) fn close_idle(&self) {
        let now = Instant::now();
        let idle = |connection: &mut Connection| {
            if !connection.client.session_filter(None).is_empty() {
                connection.idle_since = now;
            }
            now.saturating_duration_since(connection.idle_since) > IDLE
        };
        let mut open = lock(&self.open);
        let idle: Vec<_> = open
            .iter_mut()
            .filter_map(|connection| idle(connection).then(|| connection.client.clone()))
            .collect();
        drop(open);
        idle.iter().for_each(|client| client.close());
    }

    pub(crate) fn close_all(&self) {
        let clients: Vec<_> = lock(&self.open).iter().map(|connection| connection.client.clone()).collect();
        clients.iter().for_each(|client| client.close());
    }

    /// Waits until there is no connection, no longer than `patience`; returns whether there is none.
    pub(crate) fn wait_until_none(&self, patience: Duration) -> bool {
        let open = lock(&self.open);
        let (open, _) = self
            .changed
            .wait_timeout_while(open, patience, |open| !open.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        open.is_empty()
    }
}
