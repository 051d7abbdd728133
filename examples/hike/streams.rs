use anyhow::{Context, Result};
use backpack::identity::Identity;
use backpack::kvs::{KvsOutput, Spool};
use backpack::skyline::{Encoder, FrameRate, Hls, Recording, Sink, SkyLine, SkyLineBuilder, rtsp, web};

use crate::names;
use crate::options::Options;

/// Where streams go when no place is named.
const PAGE: &str = "127.0.0.1:8080";

/// How much video waits on disk for Kinesis Video Streams, in bytes: an hour or more.
const SPOOL: u64 = 2 << 30;

/// Starts the streams, on the servers that they share.
pub struct Streams<'a> {
    options: &'a Options,
    page: Option<web::Server>,
    rtsp: Option<rtsp::Server>,
}

impl<'a> Streams<'a> {
    pub fn new(options: &'a Options, identity: Option<&Identity>) -> Result<Self> {
        let elsewhere = !options.record.is_empty()
            || options.rtsp.is_some()
            || options.hls.is_some()
            || options.kvs.is_some()
            || !options.sink.is_empty();
        let address = options.web.as_deref().or((!elsewhere).then_some(PAGE));
        let title = identity.map_or_else(|| "hike".to_owned(), title);
        let page = address.map(|address| web::Server::builder().title(title).bind(address)).transpose()?;
        if let Some(page) = &page {
            eprintln!("watch http://{}/", page.address());
        }
        let rtsp = options.rtsp.as_deref().map(rtsp::Server::bind).transpose()?;
        Ok(Self { options, page, rtsp })
    }

    /// Starts the stream of this name.
    pub fn start(&self, name: &str, size: (u32, u32), frame_rate: Option<FrameRate>) -> Result<SkyLine> {
        let mut sky = SkyLine::builder().name(name).encoder(self.encoder()).size(size.0, size.1);
        if let Some(rate) = frame_rate {
            sky = sky.frame_rate(rate);
        }
        self.outputs(sky, name)?.start().with_context(|| format!("the stream {name} cannot start"))
    }

    fn encoder(&self) -> Encoder {
        let mut encoder = Encoder::h264();
        if let Some(element) = &self.options.encoder {
            encoder = encoder.only(element);
        }
        if let Some(kbps) = self.options.bitrate {
            encoder = encoder.bitrate_kbps(kbps);
        }
        encoder
    }

    fn outputs(&self, mut sky: SkyLineBuilder, name: &str) -> Result<SkyLineBuilder> {
        for path in &self.options.record {
            let path = if self.options.is_several() { names::insert(path, name) } else { path.clone() };
            sky = sky.output(Recording::new(path));
        }
        if let Some(server) = &self.rtsp {
            let mount = server.mount(&format!("/{name}"))?;
            eprintln!("watch {}", mount.url());
            sky = sky.output(mount);
        }
        if let Some(folder) = &self.options.hls {
            let folder = if self.options.is_several() { folder.join(name) } else { folder.clone() };
            sky = sky.output(Hls::new(folder));
        }
        for description in &self.options.sink {
            sky = sky.output(Sink::new(description)?);
        }
        if let Some(stream) = &self.options.kvs {
            let stream = if self.options.is_several() { format!("{stream}-{name}") } else { stream.clone() };
            sky = sky.output(self.kvs(&stream)?);
        }
        if let Some(page) = &self.page {
            sky = sky.output(page.stream(name)?);
        }
        Ok(sky)
    }

    fn kvs(&self, stream: &str) -> Result<KvsOutput> {
        let mut kvs = KvsOutput::builder(stream);
        if let Some(folder) = &self.options.kvs_spool {
            kvs = kvs.spool(Spool::disk(folder.join(stream), SPOOL));
        }
        #[cfg(feature = "aws")]
        {
            kvs = kvs.credentials(backpack::kvs::credentials::DefaultChain::new());
        }
        kvs.build().with_context(|| format!("nothing can be sent to the stream {stream}"))
    }
}

/// The application and the device, as far as they are known.
fn title(identity: &Identity) -> String {
    let names = [identity.application_name(), identity.device_name().or(identity.device_id())];
    names.into_iter().flatten().collect::<Vec<_>>().join(" on ")
}
