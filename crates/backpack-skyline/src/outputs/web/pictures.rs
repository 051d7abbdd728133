use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use bytes::Bytes;
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use tokio::sync::watch;

use crate::gst::{Alive, Feed, Limits, element, parser, unit_caps};
use crate::{AccessUnit, Codec, KeyFrameRequest, Viewer, Viewers};

/// How many units may wait for the decoder.
const QUEUE: usize = 30;

/// For how long decoding goes on when nobody watches any more: somebody who takes a picture every few seconds would else wait for each.
const LINGER: Duration = Duration::from_secs(5);

/// Pictures wait in front of the decoder's thread. A decoder that hangs for so long will not come back.
const LIMITS: Limits = Limits { buffers: 2, bytes: usize::MAX, stall: Duration::from_secs(5) };

/// How long the decoder may take to end.
const FINISH: Duration = Duration::from_secs(2);

/// Decodes a stream and encodes the newest picture as JPEG, on a thread of its own.
#[derive(Debug)]
pub(crate) struct Pictures {
    /// Taken to end the thread.
    units: Option<mpsc::SyncSender<AccessUnit>>,
    newest: watch::Receiver<Option<Bytes>>,
    watching: Viewers,
    /// When somebody watched last.
    watched: Instant,
    /// Nothing is decoded before a key frame.
    needs_key_frame: bool,
    thread: Option<JoinHandle<()>>,
}

/// Shows the newest picture to somebody who watches.
pub(crate) struct Watch {
    /// `None` until there is a picture; closed when there will be none any more.
    pub(crate) newest: watch::Receiver<Option<Bytes>>,
    _watching: Viewer,
}

/// Why there are no decoded pictures.
#[derive(Debug)]
pub(crate) enum NoPictures {
    /// There is no stream to decode now.
    NoStream,
    /// Nothing here can decode it.
    NoDecoder(String),
}

impl Pictures {
    pub(crate) fn start(name: &str, codec: Codec) -> Result<Self, String> {
        let (show, newest) = watch::channel(None);
        let feed = decoder(codec, show)?;
        let (units, waiting) = mpsc::sync_channel::<AccessUnit>(QUEUE);
        let stream = name.to_owned();
        let thread = thread::Builder::new()
            .name(format!("skyline page pictures {name}"))
            .spawn(move || {
                for unit in waiting {
                    if let Err(reason) = feed.push(gst::Buffer::from_slice(unit.data)) {
                        tracing::warn!(%stream, %reason, "pictures cannot be decoded");
                        return;
                    }
                }
            })
            .map_err(|error| format!("a thread could not be started: {error}"))?;
        Ok(Self {
            units: Some(units),
            newest,
            watching: Viewers::default(),
            watched: Instant::now(),
            needs_key_frame: true,
            thread: Some(thread),
        })
    }

    pub(crate) fn watch(&self) -> Watch {
        Watch { newest: self.newest.clone(), _watching: self.watching.join() }
    }

    /// Gives the decoder a unit if there is room; returns whether pictures are still wanted and made.
    pub(crate) fn offer(&mut self, unit: &AccessUnit, request: &KeyFrameRequest) -> bool {
        if self.watching.count() > 0 {
            self.watched = Instant::now();
        } else if self.watched.elapsed() > LINGER {
            return false;
        }
        if self.needs_key_frame && !unit.keyframe {
            return true;
        }
        match self.units.as_ref().map(|units| units.try_send(unit.clone())) {
            Some(Ok(())) => self.needs_key_frame = false,
            Some(Err(mpsc::TrySendError::Full(_))) => {
                self.needs_key_frame = true;
                request.ask();
            }
            Some(Err(mpsc::TrySendError::Disconnected(_))) | None => return false,
        }
        true
    }
}

impl Drop for Pictures {
    fn drop(&mut self) {
        drop(self.units.take());
        let Some(thread) = self.thread.take() else { return };
        let deadline = Instant::now() + FINISH;
        while !thread.is_finished() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(2));
        }
        if thread.is_finished() {
            // If it panicked, the panic was printed.
            let _ = thread.join();
        } else {
            tracing::warn!("a decoder did not end within {FINISH:?} and was given up");
        }
    }
}

/// A pipeline that shows every picture it is done with: one that is late is skipped for the next.
fn decoder(codec: Codec, show: watch::Sender<Option<Bytes>>) -> Result<Feed, String> {
    gst::init().map_err(|error| error.to_string())?;
    let decoders: &[&str] = match codec {
        Codec::H264 => &["avdec_h264", "openh264dec"],
        Codec::H265 => &["avdec_h265"],
    };
    let decoder = decoders
        .iter()
        .find_map(|name| element(name).ok())
        .ok_or_else(|| format!("no {codec} decoder is installed (one of {})", decoders.join(", ")))?;
    if decoder.find_property("max-threads").is_some() {
        // More threads would each keep a picture back.
        decoder.set_property("max-threads", 1i32);
    }
    let newest = element("queue")?;
    newest.set_property("max-size-buffers", 1u32);
    newest.set_property_from_str("leaky", "downstream");
    let source = gst_app::AppSrc::builder().caps(&unit_caps(codec).build()).format(gst::Format::Time).build();
    let sink = gst_app::AppSink::builder().sync(false).build();
    let callbacks = gst_app::AppSinkCallbacks::builder().new_sample(move |sink| {
        let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
        let picture =
            sample.buffer().and_then(|buffer| buffer.map_readable().ok()).ok_or(gst::FlowError::Error)?;
        show.send_replace(Some(Bytes::copy_from_slice(&picture)));
        Ok(gst::FlowSuccess::Ok)
    });
    sink.set_callbacks(callbacks.build());
    let chain = [
        element(parser(codec))?,
        decoder,
        element("videoconvert")?,
        newest,
        element("jpegenc")?,
        sink.upcast(),
    ];
    Feed::start("pictures", source, chain, LIMITS, Alive::default())
}
