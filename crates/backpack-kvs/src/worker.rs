use std::sync::{Arc, Mutex, TryLockError};
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use backpack_skyline::Backoff;
use backpack_timepiece::Clock;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::connection::{Connection, Opening, Skew};
use crate::control::Control;
use crate::control_plane::ControlPlane;
use crate::credentials::{Cache, CredentialsError, describe};
use crate::error_id::Reaction;
use crate::events::Events;
use crate::http;
use crate::intake::Intake;
use crate::signer::Signer;
use crate::spool::{Pace, Store};
use crate::{ConnectionError, ConnectionState, ErrorId, Event, ServiceErrorKind};

/// How often clocks are looked at; a clock that a test moves tells nobody.
pub(crate) const TICK: Duration = Duration::from_millis(100);

/// The service takes five connections a second for each stream.
const BETWEEN_CONNECTIONS: Duration = Duration::from_millis(250);

/// The first wait until new credentials are tried again, and the longest.
const CREDENTIALS_BACKOFF: Backoff =
    Backoff { initial: Duration::from_secs(1), max: Duration::from_secs(30) };

/// Sends what is in the spool, one connection after the other.
pub(crate) struct Worker {
    pub(crate) settings: Settings,
    pub(crate) store: Store,
    pub(crate) intake: Arc<Mutex<Intake>>,
    pub(crate) control: Arc<Control>,
    pub(crate) control_plane: ControlPlane,
    pub(crate) credentials: Cache,
    pub(crate) events: Events,
    pub(crate) skew: Skew,
    /// Failures since a fragment was persisted.
    pub(crate) failures: u32,
    pub(crate) connected: Option<Instant>,
    /// How many fragments were persisted at the last look.
    pub(crate) persisted: u64,
}

/// What does not change.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) region: String,
    pub(crate) clock: Clock,
    pub(crate) backoff: Backoff,
    pub(crate) patience: Duration,
    pub(crate) connection_age: Duration,
    pub(crate) pace: Pace,
    /// How often clocks are looked at while a connection is open, when each look takes time from a frame loop.
    pub(crate) tick: Duration,
}

/// Getting new credentials while the old ones are in use.
#[derive(Default)]
struct Refresh {
    task: Option<JoinHandle<Result<Credentials, CredentialsError>>>,
    failures: u32,
    /// When to try again.
    again: Option<Instant>,
}

impl Worker {
    /// Runs until everything is persisted and nothing more will come, or until it is stopped.
    pub(crate) async fn run(mut self) {
        let control = Arc::clone(&self.control);
        tokio::select! {
            biased;
            () = control.stopped() => {}
            () = self.send_all() => {}
        }
        self.store.release();
        control.status().connection = ConnectionState::Ended;
    }

    async fn send_all(&mut self) {
        while self.wait_for_work().await {
            self.control.status().connection = ConnectionState::Connecting;
            self.wait_for_turn().await;
            let result = self.connect_and_send().await;
            self.note_progress();
            if let Err(ConnectionError::Refused { timecode, error }) = &result {
                self.refused(*timecode, *error);
            }
            self.store.release();
            match result {
                Ok(()) => {
                    self.failures = 0;
                    self.control.status().connection = ConnectionState::Idle;
                    self.events.publish(Event::Rotated);
                }
                Err(error) => self.recover(error).await,
            }
        }
    }

    /// Waits until there is something to send; `false` if there will be nothing.
    async fn wait_for_work(&self) -> bool {
        loop {
            if self.store.first().is_some() {
                return true;
            }
            if self.store.is_closing() && self.store.is_empty() {
                return false;
            }
            self.tidy();
            // It is of no matter which of the two it was.
            let _ = timeout(TICK, self.store.changed()).await;
        }
    }

    /// Ends what nothing comes for any more, and drops what is too old; whether nothing comes.
    fn tidy(&self) -> bool {
        let is_idle = match self.intake.try_lock() {
            Ok(mut intake) => intake.end_if_idle(),
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner().end_if_idle(),
            // Something is coming right now.
            Err(TryLockError::WouldBlock) => false,
        };
        self.store.make_room();
        is_idle
    }

    /// Keeps the distance between connections that the service asks for.
    async fn wait_for_turn(&mut self) {
        if let Some(connected) = self.connected.filter(|_| self.settings.pace.is_limited()) {
            tokio::time::sleep_until((connected + BETWEEN_CONNECTIONS).into()).await;
        }
        self.connected = Some(Instant::now());
    }

    async fn connect_and_send(&mut self) -> Result<(), ConnectionError> {
        let credentials = self.credentials().await?;
        let clock = self.settings.clock.clone();
        let time = self.skew.apply(clock.wall());
        let region = self.settings.region.clone();
        let signer = || Signer { credentials: &credentials, region: &region, time };
        let url = self.control_plane.data_address(&signer(), &self.events).await?;
        let Some((_, begins)) = self.store.first() else { return Ok(()) };
        let opening = Opening {
            connector: &self.control_plane.connector,
            url: &url,
            stream: &self.control_plane.stream,
            signer: signer(),
            pace: self.settings.pace.clone(),
            patience: self.settings.patience,
            clock: clock.clone(),
        };
        let (mut connection, mut head) = Connection::open(opening, &self.store, begins).await?;
        let mut body = None;
        let mut refresh = Refresh::default();
        let opened = clock.now();
        let mut tick = interval(self.settings.tick);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                bytes = next(&mut body) => {
                    let Some(body) = &mut body else { continue };
                    connection.take(bytes, body).await?;
                    self.note_progress();
                }
                answer = &mut head, if body.is_none() => {
                    body = Some(connection.accept(answer, &credentials).await?);
                    self.connected();
                }
                _ = tick.tick() => {
                    self.store.send_gathered();
                    connection.check()?;
                    self.refresh_credentials(&mut refresh).await;
                    let is_idle = self.tidy() && self.store.has_nothing_to_send();
                    let age = clock.now().saturating_duration_since(opened);
                    if is_idle || age >= self.settings.connection_age {
                        self.store.turn();
                    }
                }
            }
            if connection.is_done() {
                return Ok(());
            }
        }
    }

    fn connected(&self) {
        let mut status = self.control.status();
        status.connections += 1;
        status.reconnects += u64::from(self.failures > 0);
        status.connection = ConnectionState::Connected;
        drop(status);
        tracing::debug!(stream = self.control_plane.stream, "the service takes fragments");
        self.events.publish(Event::Connected);
    }

    /// Once something is persisted, failures are counted anew.
    fn note_progress(&mut self) {
        let persisted = self.store.persisted();
        if persisted > self.persisted {
            self.persisted = persisted;
            self.failures = 0;
        }
    }

    async fn credentials(&mut self) -> Result<Credentials, ConnectionError> {
        let now = self.skew.apply(self.settings.clock.wall());
        let (credentials, error) = self.credentials.get(now).await;
        let text = error.as_ref().map(describe);
        if let Some(error) = &text {
            self.credentials_failed(error);
        }
        credentials.ok_or_else(|| ConnectionError::Credentials(text.unwrap_or_default()))
    }

    fn credentials_failed(&self, error: &str) {
        tracing::warn!(error, "there are no new credentials");
        self.control.status().last_error = Some(format!("no new credentials: {error}"));
        self.events.publish(Event::CredentialsFailed { error: error.to_owned() });
    }

    /// Gets new credentials before the ones of the connection end, and then has another connection take over.
    async fn refresh_credentials(&mut self, refresh: &mut Refresh) {
        let now = self.skew.apply(self.settings.clock.wall());
        let moment = self.settings.clock.now();
        if let Some(task) = refresh.task.take_if(|task| task.is_finished()) {
            let result = match task.await {
                Ok(result) => result.map_err(|error| describe(&error)),
                Err(error) => Err(error.to_string()),
            };
            let result = result.and_then(|credentials| {
                let are_newer = self.credentials.keep(credentials, now);
                are_newer.then_some(()).ok_or_else(|| "the provider has the old ones still".to_owned())
            });
            match result {
                Ok(()) => {
                    *refresh = Refresh::default();
                    self.store.turn();
                }
                Err(error) => {
                    refresh.failures += 1;
                    refresh.again = Some(moment + CREDENTIALS_BACKOFF.wait(refresh.failures));
                    self.credentials_failed(&error);
                }
            }
            return;
        }
        let is_due = self.credentials.refresh_at().is_some_and(|due| now >= due);
        let may_try = refresh.again.is_none_or(|again| moment >= again);
        if is_due && may_try && refresh.task.is_none() {
            refresh.task = Some(self.credentials.refresh());
        }
    }

    /// Does what an error asks for, and waits.
    async fn recover(&mut self, error: ConnectionError) {
        let is_skew_known = self.react(&error);
        self.failures += 1;
        let wait =
            if is_skew_known { Duration::ZERO } else { jitter(self.settings.backoff.wait(self.failures)) };
        self.tell_failure(&error, wait);
        let due = self.settings.clock.now() + wait;
        loop {
            let left = due.saturating_duration_since(self.settings.clock.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(TICK)).await;
            self.tidy();
        }
    }

    fn tell_failure(&self, error: &ConnectionError, wait: Duration) {
        tracing::warn!(stream = self.control_plane.stream, %error, retry_in = ?wait, "no connection");
        let mut status = self.control.status();
        status.failures += 1;
        status.last_error = Some(error.to_string());
        status.connection = ConnectionState::Failed;
        drop(status);
        self.events.publish(Event::Failed { error: error.to_string(), retry_in: wait });
    }

    /// Does what an error asks for; `true` if it was the clock that was wrong, and is right now.
    fn react(&mut self, error: &ConnectionError) -> bool {
        match error {
            ConnectionError::Unreachable { .. } | ConnectionError::Silent(_) => self.control_plane.forget(),
            ConnectionError::Service(service) => {
                let wall = self.settings.clock.wall();
                let is_rejected = matches!(service.status, 400 | 401 | 403);
                let skew = service.date.filter(|_| is_rejected).and_then(|date| self.skew.learn(wall, date));
                if let Some(skew) = skew {
                    tracing::warn!("the clock of this device differs from the service's, which counts");
                    self.skew = skew;
                    return true;
                }
                match service.kind {
                    ServiceErrorKind::NotAuthorized
                    | ServiceErrorKind::ExpiredToken
                    | ServiceErrorKind::Signature => self.credentials.forget(),
                    ServiceErrorKind::ResourceNotFound => self.control_plane.forget_stream(),
                    ServiceErrorKind::ClientLimitExceeded => {}
                    _ => self.control_plane.forget(),
                }
            }
            _ => {}
        }
        false
    }

    fn refused(&mut self, timecode: Option<u64>, error: ErrorId) {
        self.events.publish(Event::Refused { timecode, error });
        match error.reaction() {
            Reaction::Suspect => {
                let Some(refused) = self.store.refuse(timecode) else { return };
                if refused.is_set_aside {
                    tracing::warn!(timecode = refused.timecode, %error, "a fragment is set aside");
                    let reason = error.to_string();
                    self.events.publish(Event::SetAside { timecode: refused.timecode, reason });
                }
            }
            Reaction::LookUp => self.control_plane.forget_stream(),
            Reaction::Resend => {}
        }
    }
}

/// From half of the wait to all of it, so that many devices do not come back at the same moment.
fn jitter(wait: Duration) -> Duration {
    wait.mul_f64(0.5 + 0.5 * fastrand::f64())
}

/// The next bytes of an answer; nothing, ever, while there is none.
async fn next(body: &mut Option<hyper::body::Incoming>) -> Result<Option<bytes::Bytes>, ConnectionError> {
    match body {
        Some(body) => http::next(body).await,
        None => std::future::pending().await,
    }
}
