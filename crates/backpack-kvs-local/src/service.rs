use std::collections::{BTreeMap, HashMap};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use backpack_timepiece::Clock;
use tokio::sync::watch;

use crate::folder::Folder;
use crate::stream::Stream;
use crate::{Credentials, CutAt, ErrorId, Faults, Limits, Operation, RequestRecord, StartError, StreamInfo};

/// With which all numbers of fragments begin.
const NUMBER_PREFIX: &str = "9134385233318143239";

/// All that connections share.
pub(crate) struct Service {
    pub region: Option<String>,
    pub clock: Clock,
    pub folder: Option<Folder>,
    /// Whether people may look at what there is, without a signature.
    pub page: bool,
    state: Mutex<State>,
    /// Notified with every change, for threads.
    changed: Condvar,
    /// The same for tasks.
    version: watch::Sender<u64>,
}

pub(crate) struct State {
    pub endpoint: String,
    pub credentials: Vec<Credentials>,
    pub streams: BTreeMap<String, Stream>,
    pub faults: Faults,
    pub limits: Limits,
    pub requests: Vec<RequestRecord>,
    /// PutMedia connections so far.
    pub connections: u64,
    /// The number of the last fragment.
    pub last_number: u64,
    /// The suffix of the last stream's ARN.
    last_stream: u64,
    /// For random cuts and errors; made anew when the faults are set.
    pub cut_random: fastrand::Rng,
    pub error_random: fastrand::Rng,
    /// When which operation of which stream was called in the last second.
    pub calls: HashMap<(Operation, String), Vec<Instant>>,
}

impl Service {
    pub fn new(
        region: Option<String>,
        clock: Clock,
        folder: Option<Folder>,
        page: bool,
        state: State,
    ) -> Self {
        Self {
            region,
            clock,
            folder,
            page,
            state: Mutex::new(state),
            changed: Condvar::new(),
            version: watch::Sender::new(0),
        }
    }

    /// To look something up.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.lock())
    }

    /// To change something; everyone who waits looks again.
    pub fn write<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        self.version.send_modify(|version| *version = version.wrapping_add(1));
        result
    }

    /// Told of every change.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Whether it came true before the time was over.
    pub fn wait(&self, timeout: Duration, mut condition: impl FnMut() -> bool) -> bool {
        let deadline = Instant::now() + timeout;
        loop {
            let version = *self.version.borrow();
            if condition() {
                return true;
            }
            let mut state = self.lock();
            while *self.version.borrow() == version {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return false;
                }
                // Not longer at once, as a change may fall between the look at the version and the wait.
                let nap = left.min(Duration::from_millis(20));
                state = self.changed.wait_timeout(state, nap).unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }

    /// The service's time, with the offset that it is to have.
    pub fn now(&self) -> SystemTime {
        let offset = self.read(|state| state.faults.clock_offset);
        let (now, by) = (self.clock.wall(), Duration::from_secs(offset.unsigned_abs()));
        let moved = if offset < 0 { now.checked_sub(by) } else { now.checked_add(by) };
        moved.unwrap_or(now)
    }

    /// The same in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        let since = self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// A new stream without anything of its own.
    pub fn stream_info(&self, name: &str) -> StreamInfo {
        let region = self.region.as_deref().unwrap_or("us-east-1");
        let created = self.now();
        let suffix = self.write(|state| state.next_stream(created));
        StreamInfo {
            name: name.into(),
            arn: format!("arn:aws:kinesisvideo:{region}:123456789012:stream/{name}/{suffix}"),
            device_name: None,
            media_type: None,
            kms_key_id: None,
            retention_hours: 24,
            tags: BTreeMap::new(),
            version: "1".into(),
            created,
        }
    }

    /// Makes a stream, in the folder too.
    pub fn create(&self, info: StreamInfo) -> Result<(), StartError> {
        if let Some(folder) = &self.folder {
            folder.create(&info)?;
        }
        self.write(|state| state.add_stream(info));
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    pub fn new(credentials: Vec<Credentials>, faults: Faults, limits: Limits) -> Self {
        let mut state = Self {
            endpoint: String::new(),
            credentials,
            streams: BTreeMap::new(),
            faults: Faults::default(),
            limits,
            requests: Vec::new(),
            connections: 0,
            last_number: 0,
            last_stream: 0,
            cut_random: fastrand::Rng::with_seed(0),
            error_random: fastrand::Rng::with_seed(0),
            calls: HashMap::new(),
        };
        state.set_faults(faults);
        state
    }

    pub fn set_faults(&mut self, faults: Faults) {
        if let Some(random) = &faults.random_errors {
            self.error_random = fastrand::Rng::with_seed(random.seed);
        }
        let seed = faults.cuts.iter().find_map(|cut| match cut.at {
            CutAt::RandomBytes { seed, .. } => Some(seed),
            _ => None,
        });
        self.cut_random = fastrand::Rng::with_seed(seed.unwrap_or(0));
        self.faults = faults;
    }

    /// By name or by ARN.
    pub fn stream_name(&self, name: Option<&str>, arn: Option<&str>) -> Option<String> {
        match (name, arn) {
            (Some(name), _) => self.streams.contains_key(name).then(|| name.to_owned()),
            (None, Some(arn)) => self
                .streams
                .values()
                .find(|stream| stream.info.arn == arn)
                .map(|stream| stream.info.name.clone()),
            (None, None) => None,
        }
    }

    /// What tells a stream from an earlier one of its name.
    fn next_stream(&mut self, now: SystemTime) -> u64 {
        let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        self.last_stream = u64::try_from(since.as_millis()).unwrap_or(0).max(self.last_stream + 1);
        self.last_stream
    }

    pub fn add_stream(&mut self, info: StreamInfo) {
        self.streams.insert(info.name.clone(), Stream::new(info));
    }

    /// Whether a stream takes one more call of this operation in this second.
    pub fn admits(&mut self, operation: Operation, stream: &str) -> bool {
        let Some(limit) = self.limits.calls_per_second else { return true };
        let now = Instant::now();
        let calls = self.calls.entry((operation, stream.to_owned())).or_default();
        calls.retain(|call| now.duration_since(*call) < Duration::from_secs(1));
        if calls.len() >= limit as usize {
            return false;
        }
        calls.push(now);
        true
    }

    /// After how many bytes of its body a new connection is to be cut.
    pub fn draw_cut(&mut self) -> Option<u64> {
        let cuts = self.faults.cuts.iter().filter(|cut| cut.times != Some(0));
        cuts.into_iter().find_map(|cut| match &cut.at {
            CutAt::Bytes(bytes) => Some(*bytes),
            CutAt::RandomBytes { range, .. } if range.is_empty() => Some(range.start),
            CutAt::RandomBytes { range, .. } => Some(self.cut_random.u64(range.clone())),
            CutAt::Fragment(_) => None,
        })
    }

    /// The error that a connection's fragment with this index is to get.
    pub fn take_error(&mut self, index: u64) -> Option<ErrorId> {
        if let Some(error) = self.faults.take_error(index) {
            return Some(error);
        }
        let random = self.faults.random_errors.as_ref()?;
        if self.error_random.f64() >= random.probability {
            return None;
        }
        self.error_random.choice(&random.ids).copied()
    }

    /// The next fragment's number: as long as the service's, and growing.
    pub fn next_number(&mut self) -> String {
        self.last_number += 1;
        format!("{NUMBER_PREFIX}{:028}", self.last_number)
    }

    /// A fragment with this number is there from before.
    pub fn skip_number(&mut self, number: &str) {
        let earlier = number.strip_prefix(NUMBER_PREFIX).and_then(|number| number.parse().ok());
        self.last_number = self.last_number.max(earlier.unwrap_or(0));
    }
}
