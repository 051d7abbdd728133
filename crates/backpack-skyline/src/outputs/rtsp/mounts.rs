use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use gstreamer_rtsp_server as gst_rtsp;
use gstreamer_rtsp_server::gst_rtsp::RTSPStatusCode;
use gstreamer_rtsp_server::prelude::*;

use super::MountError;
use super::factory::Factory;
use super::hub::Hub;
use crate::lock::lock;

/// Which stream is on which path.
#[derive(Debug)]
pub(crate) struct Mounts {
    points: gst_rtsp::RTSPMountPoints,
    hubs: Mutex<HashMap<String, Weak<Hub>>>,
}

impl Mounts {
    pub(crate) fn new(points: gst_rtsp::RTSPMountPoints) -> Self {
        Self { points, hubs: Mutex::default() }
    }

    pub(crate) fn add(
        &self,
        path: &str,
        hub: &Arc<Hub>,
        pool: Option<&gst_rtsp::RTSPAddressPool>,
    ) -> Result<(), MountError> {
        if !is_path(path) {
            return Err(MountError::Path(path.to_owned()));
        }
        let mut hubs = lock(&self.hubs);
        if hubs.contains_key(path) {
            return Err(MountError::Taken(path.to_owned()));
        }
        hubs.insert(path.to_owned(), Arc::downgrade(hub));
        self.points.add_factory(path, Factory::new(Arc::clone(hub), pool));
        Ok(())
    }

    pub(crate) fn remove(&self, path: &str) {
        let mut hubs = lock(&self.hubs);
        self.points.remove_factory(path);
        hubs.remove(path);
    }

    /// Answers at once for a stream that is not there; GStreamer would wait for its first picture.
    pub(crate) fn check(&self, context: &gst_rtsp::RTSPContext) -> RTSPStatusCode {
        let path = context.uri().map(|uri| uri.decode_path_components().join("/")).unwrap_or_default();
        let hub = lock(&self.hubs).get(&path).and_then(Weak::upgrade);
        match hub {
            Some(hub) if hub.stream().is_none() => RTSPStatusCode::ServiceUnavailable,
            // GStreamer knows what to say about paths that do not exist.
            _ => RTSPStatusCode::Ok,
        }
    }
}

/// Whether this is a path such as `/cam` or `/yard/left`.
fn is_path(path: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let is_name = |name: &str| !matches!(name, "" | "." | "..") && name.bytes().all(is_plain);
    path.strip_prefix('/').is_some_and(|names| names.split('/').all(is_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_made_of_plain_names_behind_slashes() {
        for path in ["/cam", "/yard/left", "/a-b_c.d~1"] {
            assert!(is_path(path), "{path}");
        }
        for path in ["", "/", "cam", "/cam/", "//cam", "/c m", "/cam?x", "/cäm", "/../cam", "/%41"] {
            assert!(!is_path(path), "{path}");
        }
    }
}
