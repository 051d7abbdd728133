use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials;
use backpack_timepiece::Clock;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::{Method, Request, Response, StatusCode};
use tokio::time::timeout;

use crate::body::{FragmentBody, Progress};
use crate::connector::Connector;
use crate::http::{self, Answer, Driver};
use crate::signer::Signer;
use crate::spool::{Feed, Pace, Store};
use crate::url::Url;
use crate::{Ack, AckParser, ConnectionError, ServiceError};

/// How long the service may take to say why it refuses a connection, and what it has persisted of it before.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// One request that sends fragments, and its answer, which acknowledges them meanwhile.
pub(crate) struct Connection {
    store: Store,
    clock: Clock,
    progress: Progress,
    parser: AckParser,
    watch: Watch,
    /// Nothing is sent any more when this is dropped.
    _driver: Driver,
}

/// What a connection is made of.
pub(crate) struct Opening<'a> {
    pub(crate) connector: &'a Connector,
    pub(crate) url: &'a Url,
    pub(crate) stream: &'a str,
    pub(crate) signer: Signer<'a>,
    pub(crate) pace: Pace,
    /// How long the service may say nothing.
    pub(crate) patience: Duration,
    pub(crate) clock: Clock,
}

/// The answer's beginning, which comes when it comes.
type Head = std::pin::Pin<Box<dyn Future<Output = hyper::Result<Response<Incoming>>> + Send>>;

impl Connection {
    /// Connects and begins to send; the answer is still to come.
    pub(crate) async fn open(
        opening: Opening<'_>,
        store: &Store,
        begins: u64,
    ) -> Result<(Self, Head), ConnectionError> {
        let io = opening.connector.connect(opening.url).await?;
        let (mut sender, driver) = http::handshake(io).await?;
        let feed = Feed::new(store.clone(), Arc::from(opening.stream), opening.pace);
        let (body, progress) = FragmentBody::new(feed);
        let path = opening.url.path("/putMedia");
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&path)
            .header(HOST, opening.url.authority())
            .header("x-amzn-stream-name", opening.stream)
            .header("x-amzn-fragment-timecode-type", "ABSOLUTE")
            .header("x-amzn-producer-start-timestamp", seconds(begins))
            .header("x-amzn-fragment-acknowledgment-required", "1")
            .body(body)
            .map_err(|error| ConnectionError::Signature(error.to_string()))?;
        let scheme = if opening.url.is_tls { "https" } else { "http" };
        let address = format!("{scheme}://{}{path}", opening.url.authority());
        opening.signer.sign(&mut request, &address, &[])?;
        let head: Head = Box::pin(async move { sender.send_request(request).await });
        let connection = Self {
            store: store.clone(),
            watch: Watch { patience: opening.patience, unanswered: None, stalled: None },
            clock: opening.clock,
            progress,
            parser: AckParser::new(),
            _driver: driver,
        };
        Ok((connection, head))
    }

    /// Takes the beginning of the answer.
    pub(crate) async fn accept(
        &self,
        head: hyper::Result<Response<Incoming>>,
        credentials: &Credentials,
    ) -> Result<Incoming, ConnectionError> {
        let (head, body) = head.map_err(|error| self.lost(error))?.into_parts();
        if head.status == StatusCode::OK {
            return Ok(body);
        }
        let body = timeout(LAST_WORDS, http::read(body)).await.ok().and_then(Result::ok);
        let answer = Answer { status: head.status, headers: head.headers, body: body.unwrap_or_default() };
        let secrets = [
            credentials.access_key_id(),
            credentials.secret_access_key(),
            credentials.session_token().unwrap_or_default(),
        ];
        Err(ServiceError::read("PutMedia", &answer, &secrets).into())
    }

    /// Takes bytes of the answer, and notes what they acknowledge. An answer that ends, or an error in it, is the end of the connection.
    pub(crate) async fn take(
        &mut self,
        bytes: Result<Option<Bytes>, ConnectionError>,
        body: &mut Incoming,
    ) -> Result<(), ConnectionError> {
        let bytes =
            bytes.map_err(|error| if self.progress.is_broken() { ConnectionError::Spool } else { error })?;
        let Some(bytes) = bytes else {
            if self.is_done() {
                return Ok(());
            }
            return Err(ConnectionError::Lost("the service ended its answer".into()));
        };
        self.watch.unanswered = None;
        let acks = self.parser.push(&bytes);
        let refused = acks.iter().find_map(|ack| match ack {
            Ack::Error { timecode, id } => Some((*timecode, *id)),
            _ => None,
        });
        self.note(&acks);
        let Some((timecode, error)) = refused else { return Ok(()) };
        // What it has persisted need not be sent again.
        let last_words = async {
            while let Ok(Some(bytes)) = http::next(body).await {
                let acks = self.parser.push(&bytes);
                self.note(&acks);
            }
        };
        // Most often the service closes the connection at once.
        let _ = timeout(LAST_WORDS, last_words).await;
        Err(ConnectionError::Refused { timecode, error })
    }

    fn note(&self, acks: &[Ack]) {
        for ack in acks {
            self.store.acknowledge(ack);
        }
    }

    /// Whether everything was sent and acknowledged.
    pub(crate) fn is_done(&self) -> bool {
        self.progress.has_ended() && self.store.in_flight() == 0
    }

    /// Fails if the service has been silent for too long.
    pub(crate) fn check(&mut self) -> Result<(), ConnectionError> {
        if self.progress.is_broken() {
            return Err(ConnectionError::Spool);
        }
        let (awaits_ack, is_stuck, sent) = self.store.outstanding();
        self.watch.check(self.clock.now(), awaits_ack, is_stuck, sent)
    }

    fn lost(&self, error: hyper::Error) -> ConnectionError {
        if self.progress.is_broken() { ConnectionError::Spool } else { http::lost(error) }
    }
}

/// Notices a service that takes nothing or says nothing: a network that swallows everything gives no error for a long time.
#[derive(Debug)]
struct Watch {
    patience: Duration,
    /// Since when a whole fragment has been without an answer.
    unanswered: Option<Instant>,
    /// Since when so many bytes have been sent, and more could be.
    stalled: Option<(Instant, u64)>,
}

impl Watch {
    fn check(
        &mut self,
        now: Instant,
        awaits_ack: bool,
        is_stuck: bool,
        sent: u64,
    ) -> Result<(), ConnectionError> {
        self.unanswered = awaits_ack.then(|| self.unanswered.unwrap_or(now));
        self.stalled =
            is_stuck.then(|| self.stalled.filter(|&(_, then)| then == sent).unwrap_or((now, sent)));
        let since = self.unanswered.into_iter().chain(self.stalled.map(|(since, _)| since)).min();
        match since.map(|since| now.saturating_duration_since(since)) {
            Some(silent) if silent > self.patience => Err(ConnectionError::Silent(self.patience)),
            _ => Ok(()),
        }
    }
}

/// Seconds since 1970 with three decimals, which the service insists on.
fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}

/// The wall clock as the service sees it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Skew {
    /// How far the service is ahead, in milliseconds.
    ahead: i64,
}

/// The service allows five minutes; a little less is no skew yet, but the time that an answer took.
const ALLOWED: i64 = 60_000;

impl Skew {
    pub(crate) fn apply(self, wall: SystemTime) -> SystemTime {
        let step = Duration::from_millis(self.ahead.unsigned_abs());
        let moved = if self.ahead < 0 { wall.checked_sub(step) } else { wall.checked_add(step) };
        moved.unwrap_or(wall)
    }

    /// The skew by what the service's clock shows; `None` if that is what was taken for it already.
    pub(crate) fn learn(self, wall: SystemTime, service: SystemTime) -> Option<Self> {
        let ahead = match service.duration_since(wall) {
            Ok(ahead) => i64::try_from(ahead.as_millis()),
            Err(error) => i64::try_from(error.duration().as_millis()).map(|behind| -behind),
        };
        let ahead = ahead.ok()?;
        ((ahead - self.ahead).abs() > ALLOWED).then_some(Self { ahead })
    }
}
