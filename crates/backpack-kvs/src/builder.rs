use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backpack_skyline::Backoff;
use backpack_timepiece::Clock;

use crate::connector::Connector;
use crate::control_plane::ControlPlane;
use crate::credentials::{Environment, ProvideCredentials, SharedCredentialsProvider};
use crate::cutter::{Cut, LARGEST};
use crate::output::KvsOutput;
use crate::producer::Parts;
use crate::proxy::Proxy;
use crate::spool::{Pace, Spool};
use crate::url::Url;
use crate::worker::{Settings, TICK};
use crate::{BuildError, CreateStream, Producer, Video};

/// What a producer is made of.
#[derive(Debug, Clone)]
#[must_use]
pub struct ProducerBuilder {
    stream: String,
    region: Option<String>,
    credentials: Option<SharedCredentialsProvider>,
    /// Read at once, so that no password in it is kept as text.
    endpoint: Option<Result<Url, BuildError>>,
    authorities: Option<PathBuf>,
    proxy: Option<Result<Proxy, BuildError>>,
    create: Option<CreateStream>,
    pub(crate) spool: Spool,
    fragment_duration: Duration,
    connection_age: Duration,
    acknowledgement_timeout: Duration,
    backoff: Backoff,
    is_paced: bool,
    linger: Duration,
    video: Video,
    clock: Clock,
    pub(crate) drain: Duration,
}

impl ProducerBuilder {
    pub(crate) fn new(stream: String) -> Self {
        Self {
            stream,
            region: None,
            credentials: None,
            endpoint: None,
            authorities: None,
            proxy: None,
            create: None,
            spool: Spool::default(),
            fragment_duration: Duration::from_secs(2),
            connection_age: Duration::from_secs(40 * 60),
            acknowledgement_timeout: Duration::from_secs(30),
            backoff: Backoff::default(),
            is_paced: true,
            linger: Duration::from_millis(200),
            video: Video::byte_stream(backpack_skyline::Codec::H264),
            clock: Clock::system(),
            drain: Duration::from_secs(8),
        }
    }

    /// The region of the stream, such as `eu-west-1`; what `AWS_REGION` or `AWS_DEFAULT_REGION` says, unless told.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Where credentials come from; the environment, unless told. They are refreshed early: when a fifth of their life is left, or five minutes.
    pub fn credentials(mut self, provider: impl ProvideCredentials + 'static) -> Self {
        self.credentials = Some(SharedCredentialsProvider::new(provider));
        self
    }

    /// Creates the stream if it does not exist; unless told, that is an error.
    pub fn create_stream(mut self, create: CreateStream) -> Self {
        self.create = Some(create);
        self
    }

    /// Where fragments are kept until they are persisted; 64 MiB of memory, unless told.
    pub fn spool(mut self, spool: Spool) -> Self {
        self.spool = spool;
        self
    }

    /// How long fragments are to be, from 1 to 10 s; 2 s, unless told.
    ///
    /// A key frame is asked for when a fragment is so long; where nobody can be asked, fragments end at the first key frame after a second. Longer ones
    /// cost less, shorter ones are seen and persisted sooner.
    pub fn fragment_duration(mut self, duration: Duration) -> Self {
        self.fragment_duration = duration;
        self
    }

    /// What is put is encoded like this; an H.264 byte stream, unless told.
    pub fn video(mut self, video: Video) -> Self {
        self.video = video;
        self
    }

    /// Another address of the service, `https://host`, such as a VPC endpoint; one with `http` is for tests, as nothing is encrypted then.
    pub fn endpoint(mut self, address: impl AsRef<str>) -> Self {
        self.endpoint = Some(Url::parse(address.as_ref()));
        self
    }

    /// Trusts the certificate authorities in this PEM file instead of the system's.
    pub fn authorities(mut self, path: impl AsRef<Path>) -> Self {
        self.authorities = Some(path.as_ref().to_owned());
        self
    }

    /// Connects through this HTTP proxy, `http://host:port` or `http://user:password@host:port`.
    pub fn proxy(mut self, address: impl AsRef<str>) -> Self {
        self.proxy = Some(Proxy::parse(address.as_ref()));
        self
    }

    /// How long to wait after a failure; from half a second to half a minute, unless told. What is waited is random, from half of that to all of it.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// After what time another connection takes over, up to 44 minutes; 40 minutes, unless told. The service ends one after 45.
    pub fn connection_age(mut self, age: Duration) -> Self {
        self.connection_age = age;
        self
    }

    /// How long the service may take nothing, or acknowledge nothing, before the connection is given up; 30 s, unless told.
    pub fn acknowledgement_timeout(mut self, timeout: Duration) -> Self {
        self.acknowledgement_timeout = timeout;
        self
    }

    /// Sends a backlog as fast as the network takes it, instead of within the service's limits of five fragments and 12.5 MB a second.
    pub fn unlimited_rate(mut self) -> Self {
        self.is_paced = false;
        self
    }

    /// How long pictures are gathered to be sent together, up to a second; 200 ms, unless told, and zero sends each at once.
    ///
    /// Waking the thread that sends, and sending, are most of what a producer costs: the 30 times a second of a camera take three times the processor time of
    /// four. Pictures that no others follow wait for up to five times as long; the first of a fragment never waits, as it is what ends the one before.
    pub fn linger(mut self, linger: Duration) -> Self {
        self.linger = linger;
        self
    }

    /// The clock, for tests.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How long an output waits for the last fragments to be persisted when its stream ends; 8 s, unless told.
    pub fn drain(mut self, patience: Duration) -> Self {
        self.drain = patience;
        self
    }

    /// Starts the producer and its thread. Nothing is asked of the service before there is something to send.
    ///
    /// # Errors
    /// If a setting is out of its range, or missing, or if the spool on disk cannot be opened.
    pub fn start(self) -> Result<Producer, BuildError> {
        let parts = self.parts()?;
        Producer::start(parts)
    }

    /// The same as an output of a SkyLine or a fan-out.
    ///
    /// # Errors
    /// If a setting is out of its range, or missing, or if the spool on disk cannot be opened.
    pub fn build(self) -> Result<KvsOutput, BuildError> {
        let (name, drain) = (self.stream.clone(), self.drain);
        Ok(KvsOutput::new(name, self.start()?, drain))
    }

    fn parts(self) -> Result<Parts, BuildError> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
        if !(1..=256).contains(&self.stream.len()) || !self.stream.chars().all(is_plain) {
            return Err(BuildError::StreamName(self.stream));
        }
        let seconds = Duration::from_secs;
        within("the fragments' duration", self.fragment_duration, seconds(1), seconds(10))?;
        within("a connection's age", self.connection_age, seconds(1), seconds(44 * 60))?;
        within("the time that pictures are gathered", self.linger, Duration::ZERO, seconds(1))?;
        within("the acknowledgements' timeout", self.acknowledgement_timeout, seconds(1), seconds(600))?;
        let variable = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let region =
            self.region.or_else(|| variable("AWS_REGION")).or_else(|| variable("AWS_DEFAULT_REGION"));
        let region = region.ok_or(BuildError::NoRegion)?;
        let is_region =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        if region.is_empty() || !region.chars().all(is_region) {
            return Err(BuildError::Address(format!("a region is like eu-west-1, not {region:?}")));
        }
        let credentials = match self.credentials {
            Some(credentials) => credentials,
            None if Environment::is_set() => SharedCredentialsProvider::new(Environment::new()),
            None => return Err(BuildError::NoCredentials),
        };
        let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let usual = || Url::parse(&format!("https://kinesisvideo.{region}.{domain}"));
        let told = variable("AWS_ENDPOINT_URL_KINESIS_VIDEO").or_else(|| variable("AWS_ENDPOINT_URL"));
        let address = self.endpoint.or_else(|| told.map(|told| Url::parse(&told))).unwrap_or_else(usual)?;
        let proxy = self.proxy.transpose()?;
        let authorities = self.authorities.as_deref();
        let connector = match address.is_tls || authorities.is_some() {
            true => Connector::new(authorities, proxy, None)?,
            false => Connector::plain(proxy),
        };
        let bytes = LARGEST.min(self.spool.limit().min(self.spool.memory) / 2);
        Ok(Parts {
            cut: Cut { duration: self.fragment_duration, bytes },
            control_plane: ControlPlane::new(connector, address, self.stream, self.create),
            credentials,
            settings: Settings {
                region,
                clock: self.clock,
                backoff: self.backoff,
                patience: self.acknowledgement_timeout,
                connection_age: self.connection_age,
                pace: if self.is_paced { Pace::of_service() } else { Pace::unlimited() },
                tick: TICK.max(5 * self.linger),
            },
            linger: self.linger,
            spool: self.spool,
            video: self.video,
        })
    }
}

fn within(what: &'static str, value: Duration, least: Duration, most: Duration) -> Result<(), BuildError> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(BuildError::Duration { what, least, most }) }
}
