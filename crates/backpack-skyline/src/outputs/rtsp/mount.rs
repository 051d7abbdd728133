use std::sync::Arc;

use super::hub::Hub;
use super::server::Host;
use crate::{AccessUnit, KeyFrameRequest, Output, OutputError, StreamInfo, Viewers};

/// One stream of a [`Server`](super::Server), on a path of its own.
///
/// The mount is there until it is dropped with the SkyLine it was given to. While there is no stream, viewers are told so at once (503); when
/// a stream ends, or goes on with another size or codec, its viewers are told and disconnected.
#[derive(Debug)]
pub struct Mount {
    path: String,
    url: String,
    hub: Arc<Hub>,
    host: Arc<Host>,
}

/// A view of a [`Mount`] from outside; clones look at the same mount.
#[derive(Debug, Clone)]
pub struct MountMonitor {
    url: String,
    hub: Arc<Hub>,
}

impl Mount {
    pub(crate) fn new(path: &str, url: String, hub: Arc<Hub>, host: Arc<Host>) -> Self {
        Self { path: path.to_owned(), url, hub, host }
    }

    /// Where the stream can be watched, with the address that the server was bound to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A view of the mount that stays when the mount is given to a SkyLine.
    pub fn monitor(&self) -> MountMonitor {
        MountMonitor { url: self.url.clone(), hub: Arc::clone(&self.hub) }
    }
}

impl MountMonitor {
    /// Where the stream can be watched, with the address that the server was bound to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many viewers are watching.
    pub fn viewers(&self) -> usize {
        self.hub.viewers().count()
    }

    /// How many pictures viewers missed because they or their network could not keep up.
    pub fn missed(&self) -> u64 {
        self.hub.missed()
    }
}

impl Output for Mount {
    fn name(&self) -> String {
        format!("rtsp {}", self.url)
    }

    fn key_frames(&mut self, request: KeyFrameRequest) {
        self.hub.set_key_frame_request(request);
    }

    fn viewers(&self) -> Option<Viewers> {
        Some(self.hub.viewers().clone())
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        self.hub.open(stream);
        Ok(())
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        if self.hub.send(unit) { Ok(()) } else { Err(OutputError::new("the mount is not open")) }
    }

    fn close(&mut self) -> Result<(), OutputError> {
        self.hub.close();
        Ok(())
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        self.host.unmount(&self.path);
        self.hub.close();
    }
}
