use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Either};
use hyper::Response;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout};

use super::Body;
use super::ack_body::AckBody;
use super::api_error::ApiError;
use super::routes::{Asked, header};
use crate::cutter::Cutter;
use crate::mkv::{Ingest, Refusal, Step};
use crate::service::{Service, State};
use crate::{Ack, AckChunks, AckRecord, CutHow, ErrorId, Fragment, FragmentId, LostAcks, Operation};

/// Chunks that wait for the producer to read them.
const QUEUE: usize = 1024;
/// Acknowledgements that are to be sent together wait so long for each other.
const JOIN: Duration = Duration::from_millis(200);
/// After an error the rest of the body is read so long, as closing at once could swallow the error.
const LINGER: Duration = Duration::from_secs(1);

/// One call of PutMedia.
struct PutMedia {
    service: Arc<Service>,
    cutter: Arc<Cutter>,
    stream: String,
    arn: String,
    connection: u64,
    ingest: Ingest,
    acks: mpsc::Sender<Bytes>,
    changes: watch::Receiver<u64>,
    began: Instant,
    /// When data came last, and when the producer was last told that none does.
    fed: Instant,
    idled: Instant,
    open: Option<FragmentId>,
    /// Received, to be stored then.
    storing: VecDeque<(Instant, Fragment)>,
    /// Acknowledgements that wait for more, since then.
    joined: (BytesMut, usize, Option<Instant>),
    fragments: u64,
    bytes: u64,
    cut_after: Option<u64>,
}

/// Why a connection ends.
enum End {
    /// The body is there as a whole, and everything is said.
    Done,
    /// The producer has gone.
    Gone,
    /// It is cut on purpose.
    Cut(CutHow),
    /// The producer is told why.
    Refused(Refusal),
    /// Nothing came for too long.
    Idle,
}

/// Takes the call, or says why not.
pub fn start(
    service: &Arc<Service>,
    cutter: Arc<Cutter>,
    parts: &Parts,
    body: Incoming,
    asked: &mut Asked,
) -> Result<Response<Body>, ApiError> {
    let (name, arn) = (header(parts, "x-amzn-stream-name"), header(parts, "x-amzn-stream-arn"));
    let named =
        name.or(arn).ok_or_else(|| ApiError::invalid_argument("neither x-amzn-stream-name nor -arn"))?;
    let start = start_timestamp(parts)?;
    let now = service.now_ms();
    let admitted = service.write(|state| {
        let name = state.stream_name(name, arn).ok_or_else(|| ApiError::not_found(named))?;
        if !state.admits(Operation::PutMedia, &name) {
            return Err(ApiError::client_limit());
        }
        let limits = state.limits.clone();
        let stream = state.streams.get_mut(&name).ok_or_else(|| ApiError::not_found(named))?;
        if stream.connections >= limits.connections {
            return Err(ApiError::connection_limit());
        }
        stream.connections += 1;
        let arn = stream.info.arn.clone();
        let connection = state.connections;
        state.connections += 1;
        Ok((name, arn, connection, limits, state.draw_cut()))
    });
    let (stream, arn, connection, limits, cut_after) = admitted?;
    asked.stream = Some(stream.clone());
    let (acks, receiver) = mpsc::channel(QUEUE);
    let began = Instant::now();
    let put_media = PutMedia {
        service: service.clone(),
        cutter,
        stream,
        arn,
        connection,
        ingest: Ingest::new(&limits, start, now),
        acks,
        changes: service.subscribe(),
        began,
        fed: began,
        idled: began,
        open: None,
        storing: VecDeque::new(),
        joined: (BytesMut::new(), 0, None),
        fragments: 0,
        bytes: 0,
        cut_after,
    };
    tokio::spawn(put_media.run(body));
    Ok(Response::new(Either::Right(AckBody(receiver))))
}

/// What is added to timecodes, in milliseconds; 0 if they are absolute.
fn start_timestamp(parts: &Parts) -> Result<i64, ApiError> {
    let start = header(parts, "x-amzn-producer-start-timestamp");
    let milliseconds = start.map(|text| {
        let wrong = || {
            let message = format!("x-amzn-producer-start-timestamp {text:?}: seconds with three decimals");
            ApiError::invalid_argument(message)
        };
        let (seconds, decimals) = text.split_once('.').ok_or_else(wrong)?;
        let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if decimals.len() != 3 || !all_digits(seconds) || !all_digits(decimals) {
            return Err(wrong());
        }
        format!("{seconds}{decimals}").parse::<i64>().map_err(|_| wrong())
    });
    match (header(parts, "x-amzn-fragment-timecode-type"), milliseconds.transpose()?) {
        (Some("ABSOLUTE"), _) => Ok(0),
        (Some("RELATIVE"), Some(start)) => Ok(start),
        (Some("RELATIVE"), None) => {
            Err(ApiError::invalid_argument("RELATIVE without x-amzn-producer-start-timestamp"))
        }
        (Some(other), _) => Err(ApiError::invalid_argument(format!(
            "x-amzn-fragment-timecode-type {other:?}: ABSOLUTE or RELATIVE"
        ))),
        (None, _) => Err(ApiError::invalid_argument("x-amzn-fragment-timecode-type is missing")),
    }
}

impl PutMedia {
    async fn run(mut self, mut body: Incoming) {
        let end = self.receive(&mut body).await;
        // What was received is stored, whether or not the producer learns of it.
        for (_, fragment) in std::mem::take(&mut self.storing) {
            if let Err(refusal) = self.store(fragment) {
                tracing::warn!(stream = self.stream, %refusal, "a fragment is lost");
            }
        }
        let linger = match end {
            End::Refused(refusal) => {
                tracing::debug!(stream = self.stream, connection = self.connection, %refusal, "refused");
                self.error(&refusal).await;
                true
            }
            End::Cut(how) => {
                self.cutter.cut(how);
                false
            }
            End::Idle => true,
            End::Done | End::Gone => false,
        };
        self.flush().await;
        let (name, arn) = (&self.stream, &self.arn);
        self.service.write(|state| {
            if let Some(stream) = state.streams.get_mut(name).filter(|stream| stream.info.arn == *arn) {
                stream.connections = stream.connections.saturating_sub(1);
            }
        });
        drop(self);
        if linger {
            let rest = async { while let Some(Ok(_)) = body.frame().await {} };
            let _ = timeout(LINGER, rest).await;
        }
    }

    async fn receive(&mut self, body: &mut Incoming) -> End {
        let mut is_open = true;
        loop {
            if let Some(end) = self.look_around().await {
                return end;
            }
            if !is_open && self.storing.is_empty() {
                return End::Done;
            }
            let wake = self.wake();
            tokio::select! {
                biased;
                _ = self.changes.changed() => {}
                () = self.acks.closed() => return End::Gone,
                frame = body.frame(), if is_open => match frame {
                    Some(Ok(frame)) => {
                        if let Some(data) = frame.data_ref() {
                            let result = self.take(data).await;
                            if let Err(end) = result {
                                return end;
                            }
                        }
                    }
                    Some(Err(_)) => return End::Gone,
                    None => {
                        is_open = false;
                        self.ingest.finish();
                        if let Err(end) = self.steps().await {
                            return end;
                        }
                    }
                },
                () = sleep_until(wake) => {}
            }
        }
    }

    /// When something is due without data.
    fn wake(&self) -> Instant {
        let limits = self.service.read(|state| state.limits.clone());
        let mut times = vec![self.began + limits.connection_lifetime, self.idled + limits.idle_interval];
        times.push(self.fed + limits.idle_timeout);
        times.extend(self.storing.front().map(|(due, _)| *due));
        times.extend(self.joined.2.map(|since| since + JOIN));
        times.into_iter().min().unwrap_or(self.began)
    }

    /// Does what is due without data.
    async fn look_around(&mut self) -> Option<End> {
        if let Err(refusal) = self.store_due().await {
            return Some(End::Refused(refusal));
        }
        let now = Instant::now();
        if self.joined.2.is_some_and(|since| now >= since + JOIN) {
            self.flush().await;
        }
        let (limits, is_there) = self.service.read(|state| (state.limits.clone(), self.is_of(state)));
        if !is_there {
            return Some(End::Refused(Refusal::new(ErrorId::StreamNotActive, "the stream was deleted")));
        }
        if now >= self.began + limits.connection_lifetime {
            let reason = format!("a connection of {:?}", limits.connection_lifetime);
            return Some(End::Refused(Refusal::new(ErrorId::ConnectionDuration, reason)));
        }
        if now >= self.fed + limits.idle_timeout {
            return Some(End::Idle);
        }
        if now >= self.idled + limits.idle_interval {
            self.idled = now;
            self.emit(Ack::Idle, None).await;
        }
        None
    }

    async fn take(&mut self, data: &Bytes) -> Result<(), End> {
        self.fed = Instant::now();
        self.idled = self.fed;
        let room = self.cut_after.map(|limit| limit.saturating_sub(self.bytes));
        let length =
            room.map_or(data.len(), |room| data.len().min(usize::try_from(room).unwrap_or(usize::MAX)));
        self.ingest.push(&data[..length]);
        self.bytes += length as u64;
        self.steps().await?;
        if self.cut_after.is_some_and(|limit| self.bytes >= limit) {
            if let Some(how) = self.service.write(|state| state.faults.take_byte_cut()) {
                return Err(End::Cut(how));
            }
            self.cut_after = None;
        }
        Ok(())
    }

    async fn steps(&mut self) -> Result<(), End> {
        loop {
            match self.ingest.next_step() {
                Ok(None) => break,
                Ok(Some(step)) => self.step(step).await?,
                Err(refusal) => {
                    self.store_due().await.map_err(End::Refused)?;
                    // A fragment that was never announced is the one at fault, if its timecode is known.
                    if let Some(timecode) = self.ingest.timecode() {
                        self.announce(timecode);
                    }
                    return Err(End::Refused(refusal));
                }
            }
        }
        self.store_due().await.map_err(End::Refused)
    }

    async fn step(&mut self, step: Step) -> Result<(), End> {
        match step {
            Step::Opened(timecode) => {
                self.announce(timecode);
                if let Some(id) = self.open.clone() {
                    self.emit(Ack::Buffering(id), None).await;
                }
            }
            Step::Frame => {
                let index = self.fragments;
                if self.service.read(|state| state.faults.cuts.is_empty()) {
                    return Ok(());
                }
                if let Some(how) = self.service.write(|state| state.faults.take_fragment_cut(index)) {
                    return Err(End::Cut(how));
                }
            }
            Step::Closed(fragment) => self.received(*fragment).await?,
        }
        Ok(())
    }

    fn announce(&mut self, timecode: i64) {
        if self.open.as_ref().is_none_or(|open| open.timecode != timecode) {
            let number = self.service.write(|state| state.next_number());
            self.open = Some(FragmentId { timecode, number });
        }
    }

    async fn received(&mut self, mut fragment: Fragment) -> Result<(), End> {
        let index = self.fragments;
        self.fragments += 1;
        if let Some(id) = self.service.write(|state| state.take_error(index)) {
            self.store_due().await.map_err(End::Refused)?;
            return Err(End::Refused(Refusal::new(id, "an error on demand")));
        }
        let Some(id) = self.open.take() else { return Ok(()) };
        fragment.number = id.number.clone();
        fragment.server_timestamp = self.service.now_ms();
        let delay = self.service.read(|state| state.faults.store_delay);
        self.storing.push_back((Instant::now() + delay, fragment));
        self.emit(Ack::Received(id), None).await;
        Ok(())
    }

    /// Stores what is due; an error if a fragment cannot be.
    async fn store_due(&mut self) -> Result<(), Refusal> {
        while self.storing.front().is_some_and(|(due, _)| *due <= Instant::now()) {
            let Some((_, fragment)) = self.storing.pop_front() else { break };
            let id = FragmentId { timecode: fragment.timecode, number: fragment.number.clone() };
            if let Err(refusal) = self.store(fragment) {
                self.open = Some(id);
                return Err(refusal);
            }
            self.emit(Ack::Persisted(id), None).await;
        }
        Ok(())
    }

    fn store(&self, fragment: Fragment) -> Result<(), Refusal> {
        if !self.service.read(|state| self.is_of(state)) {
            return Ok(());
        }
        if let Some(folder) = &self.service.folder {
            let stored = folder.store(&self.stream, &fragment);
            stored.map_err(|error| Refusal::new(ErrorId::Archival, error.to_string()))?;
        }
        self.service.write(|state| {
            if let Some(stream) = state.streams.get_mut(&self.stream) {
                stream.store(fragment);
            }
        });
        Ok(())
    }

    /// Whether the stream is there still, and no other of its name.
    fn is_of(&self, state: &State) -> bool {
        state.streams.get(&self.stream).is_some_and(|stream| stream.info.arn == self.arn)
    }

    async fn error(&mut self, refusal: &Refusal) {
        let ack = Ack::Error { fragment: self.open.clone(), id: refusal.id };
        self.emit(ack, Some(&refusal.reason)).await;
        if self.service.read(|state| state.faults.ack_form.double_errors) {
            let fragment = Some(FragmentId { timecode: -1, number: String::new() });
            self.emit(Ack::Error { fragment, id: refusal.id }, Some(&refusal.reason)).await;
        }
    }

    async fn emit(&mut self, ack: Ack, reason: Option<&str>) {
        let json = ack.to_json();
        let time = self.service.now();
        let form = self.service.write(|state| {
            let is_sent = match state.faults.lost_acks {
                LostAcks::None => true,
                LostAcks::Persisted => !matches!(ack, Ack::Persisted(_)),
                LostAcks::All => false,
            };
            let reason = reason.map(str::to_owned);
            let record = AckRecord { time, connection: self.connection, ack, is_sent, reason };
            if let Some(stream) = state.streams.get_mut(&self.stream) {
                stream.acks.push(record);
            }
            is_sent.then_some(state.faults.ack_form)
        });
        let Some(form) = form else { return };
        let mut text = Bytes::from(if form.without_newlines { json } else { json + "\n" });
        match form.chunks {
            AckChunks::One => self.send(text).await,
            AckChunks::Bytes => {
                while !text.is_empty() {
                    let byte = text.split_to(1);
                    self.send(byte).await;
                }
            }
            AckChunks::SplitAt(at) => {
                let first = text.split_to(at.min(text.len()));
                self.send(first).await;
                self.send(text).await;
            }
            AckChunks::Joined(count) => {
                self.joined.0.extend_from_slice(&text);
                self.joined.1 += 1;
                self.joined.2.get_or_insert_with(Instant::now);
                if self.joined.1 >= count {
                    self.flush().await;
                }
            }
        }
    }

    /// Sends what waits to be sent together.
    async fn flush(&mut self) {
        let (text, count, since) = &mut self.joined;
        (*count, *since) = (0, None);
        let text = text.split().freeze();
        self.send(text).await;
    }

    /// An empty chunk would end the response.
    async fn send(&self, chunk: Bytes) {
        if !chunk.is_empty() {
            // A producer that has gone is noticed elsewhere.
            let _ = self.acks.send(chunk).await;
        }
    }
}
