use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use backpack_timepiece::Clock;
use tokio::runtime::{self, Runtime};

use crate::backlog::Backlog;
use crate::client::{Client, Target};
use crate::cloudwatch::Owner;
use crate::disk::Disk;
use crate::error::BuildError;
use crate::inbox::Inbox;
use crate::limits;
use crate::memory::Memory;
use crate::retry::Retry;
use crate::run::Run;
use crate::worker::{Progress, Worker};
use crate::{CloudWatch, Credentials};

/// Enough for two weeks of a metric without percentiles, or a day of one with them, at a report each minute.
const MEMORY: usize = 4 << 20;
/// Less would not hold a few reports with percentiles.
const LEAST_MEMORY: usize = 16 << 10;
const LEAST_DISK: u64 = 64 << 10;

/// Describes where and how reports are sent, begun by [`CloudWatch::builder`].
#[derive(Clone)]
#[must_use]
pub struct Builder {
    namespace: String,
    target: Target,
    memory: usize,
    disk: Option<(PathBuf, u64)>,
    interval: Duration,
    retry: Retry,
    clock: Clock,
}

impl Builder {
    pub(crate) fn new(namespace: String) -> Self {
        let timeout = Duration::from_secs(30);
        let target = Target { region: None, endpoint_url: None, credentials: None, timeout };
        let (interval, retry, clock) = (Duration::from_secs(60), Retry::default(), Clock::system());
        Self { namespace, target, memory: MEMORY, disk: None, interval, retry, clock }
    }

    /// Sends to this region, such as `eu-west-1`. Else it is that of the environment (`AWS_REGION`), of the profile, or of the machine in EC2.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.target.region = Some(region.into());
        self
    }

    /// Sends to this URL instead of the region's own: a VPC endpoint or a server for tests. The region is needed all the same.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.target.endpoint_url = Some(url.into());
        self
    }

    /// Signs requests with these keys. Else they are looked for where AWS programs do: in the environment, profiles, `credential_process`, web
    /// identity, the credentials endpoint of ECS, EKS and Greengrass, and the instance profile in EC2; temporary ones are renewed five minutes before they
    /// expire.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.target.credentials = Some(credentials);
        self
    }

    /// Keeps reports that cannot be sent in so many bytes of memory at most, else in 4 MiB. When there is no more room, the oldest go.
    pub fn backlog(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Keeps reports in files of this directory until they are sent, in so many bytes at most; when there is no more room, the oldest sixteenth goes. The
    /// memory serves only while the disk fails.
    ///
    /// A report is on disk a moment after it was reported. What a run could not send before it ended, however it ended, the next one sends.
    /// The directory belongs to one running program alone.
    pub fn disk_backlog(mut self, directory: impl Into<PathBuf>, bytes: u64) -> Self {
        self.disk = Some((directory.into(), bytes));
        self
    }

    /// Lets the first report wait so long for others to be sent with it, else a minute: fewer requests cost less. A request's worth is sent at
    /// once.
    pub fn send_interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Waits so long after the first failure and at most so long after more, else a second and five minutes. Each wait is cut short by up to a half, by
    /// chance.
    pub fn retry(mut self, first: Duration, longest: Duration) -> Self {
        self.retry = Retry { first, longest };
        self
    }

    /// Gives a request up after this time, else after 30 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.target.timeout = timeout;
        self
    }

    /// Reads the time of this clock, else of the system's. Waits take real time all the same.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Opens the backlog and starts the thread that sends. The network is not needed yet.
    ///
    /// # Errors
    /// [`BuildError`] if something was described that cannot be.
    pub fn build(self) -> Result<CloudWatch, BuildError> {
        self.check()?;
        let Self { namespace, target, memory, disk, interval, retry, clock } = self;
        let disk = disk.map(|(folder, bytes)| Disk::open(&folder, bytes, namespace.clone())).transpose()?;
        let backlog = Backlog::new(namespace.clone(), Memory::new(memory), disk);
        let progress = Progress::new(&backlog);
        let (inbox, client) = (Arc::new(Inbox::new(backlog.len())), Arc::new(Client::new(target)));
        let run = Run::begin(clock);
        let worker =
            Worker { inbox: inbox.clone(), backlog, client, run: run.clone(), interval, retry, progress };
        let runtime =
            runtime::Builder::new_current_thread().enable_all().build().map_err(BuildError::Thread)?;
        let work = move || work(worker, runtime);
        let thread =
            thread::Builder::new().name("cloudwatch".to_owned()).spawn(work).map_err(BuildError::Thread)?;
        Ok(CloudWatch(Arc::new(Owner { namespace, inbox, run, thread: Mutex::new(Some(thread)) })))
    }

    fn check(&self) -> Result<(), BuildError> {
        let namespace = &self.namespace;
        limits::check_namespace(namespace)
            .map_err(|problem| BuildError::Namespace { namespace: namespace.clone(), problem })?;
        if let Some(region) = self.target.region.as_deref().filter(|region| !is_region(region)) {
            return Err(BuildError::Region(region.to_owned()));
        }
        if let Some(url) = &self.target.endpoint_url {
            check_endpoint(url).map_err(|problem| BuildError::Endpoint { problem })?;
        }
        let too_small = |place, bytes, least| Err(BuildError::Backlog { place, bytes, least });
        if self.memory < LEAST_MEMORY {
            return too_small("in memory", self.memory as u64, LEAST_MEMORY as u64);
        }
        match self.disk {
            Some((_, bytes)) if bytes < LEAST_DISK => too_small("on disk", bytes, LEAST_DISK),
            _ => Ok(()),
        }
    }
}

/// Without the endpoint, into which people write passwords.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("namespace", &self.namespace)
            .field("region", &self.target.region)
            .field("disk", &self.disk)
            .finish_non_exhaustive()
    }
}

/// The thread.
fn work(worker: Worker, runtime: Runtime) {
    let mut end = End { inbox: worker.inbox.clone(), is_kept: false };
    end.is_kept = runtime.block_on(worker.work());
    // Looking up a name cannot be interrupted, and nobody waits for it any more.
    runtime.shutdown_background();
}

/// Tells of the end, also if the worker panics and what waited is lost.
struct End {
    inbox: Arc<Inbox>,
    is_kept: bool,
}

impl Drop for End {
    fn drop(&mut self) {
        self.inbox.end(self.is_kept);
    }
}

fn is_region(region: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    region.starts_with(|c: char| c.is_ascii_lowercase()) && region.chars().all(is_allowed)
}

fn check_endpoint(url: &str) -> Result<(), &'static str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let authority = rest.ok_or("begins neither with https:// nor with http://")?;
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("has a user or a password in it: keys belong in `credentials`");
    }
    if authority.is_empty() || url.contains(char::is_whitespace) {
        return Err("names no host");
    }
    Ok(())
}
