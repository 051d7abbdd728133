use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use backpack_skyline::Backoff;

use super::{Cache, Credentials, ProvideCredentials, SharedCredentialsProvider, describe};

/// How often credentials without an end are looked at again.
const LOOK: Duration = Duration::from_secs(300);

const BACKOFF: Backoff = Backoff { initial: Duration::from_secs(1), max: Duration::from_secs(60) };

/// A file with credentials in the form that kvssink's `credential-path` reads, kept fresh.
///
/// Only its owner may read the file, and it is replaced as a whole: kvssink never sees half of one. New credentials are got when a fifth of the life of
/// the old ones is left, or five minutes; failures are logged and retried. The file stays when this is dropped, as kvssink may run on.
#[derive(Debug)]
pub struct CredentialsFile {
    path: PathBuf,
    problem: Arc<Mutex<Option<String>>>,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

/// Why a credentials file cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialsFileError {
    /// There are no credentials.
    #[error("no credentials: {0}")]
    Credentials(String),
    /// The file cannot be written.
    #[error("{path} cannot be written: {error}")]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        error: String,
    },
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(String),
}

impl CredentialsFile {
    /// Writes the file, and keeps it fresh on a thread of its own.
    ///
    /// # Errors
    /// If there are no credentials, or the file cannot be written: kvssink needs it before it starts.
    pub fn start(
        path: impl Into<PathBuf>,
        provider: impl ProvideCredentials + 'static,
    ) -> Result<Self, CredentialsFileError> {
        let path = path.into();
        let no_thread = |error: io::Error| CredentialsFileError::Thread(error.to_string());
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(no_thread)?;
        let mut keeper = Keeper {
            path: path.clone(),
            cache: Cache::new(SharedCredentialsProvider::new(provider)),
            written: None,
            failures: 0,
        };
        let (stop, stopped) = mpsc::channel();
        let (first, started) = mpsc::sync_channel(1);
        let problem = Arc::<Mutex<Option<String>>>::default();
        let noted = Arc::clone(&problem);
        let run = move || {
            let mut wait = match runtime.block_on(keeper.refresh()) {
                Ok(wait) => wait,
                Err(error) => return drop(first.send(Err(error))),
            };
            if first.send(Ok(())).is_err() {
                return;
            }
            while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let result = runtime.block_on(keeper.refresh());
                wait = result.as_ref().map_or_else(|_| keeper.retry(), |wait| *wait);
                let problem = result.err().map(|error| error.to_string());
                if let Some(error) = &problem {
                    tracing::warn!(error, retry_in = ?wait, "the credentials file is not refreshed");
                }
                *noted.lock().unwrap_or_else(PoisonError::into_inner) = problem;
            }
        };
        let thread = thread::Builder::new().name("kvs credentials".into()).spawn(run).map_err(no_thread)?;
        let ended = |_| CredentialsFileError::Thread("it ended at once".into());
        started.recv().map_err(ended)??;
        Ok(Self { path, problem, stop: Some(stop), thread: Some(thread) })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the file was not refreshed the last time, if so.
    pub fn problem(&self) -> Option<String> {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for CredentialsFile {
    fn drop(&mut self) {
        // The thread sleeps until the channel is gone; one that waits for a provider is left to end by itself.
        self.stop = None;
        let Some(thread) = self.thread.take() else { return };
        if thread.is_finished() && thread.join().is_err() {
            tracing::error!("the thread of a credentials file panicked");
        }
    }
}

struct Keeper {
    path: PathBuf,
    cache: Cache,
    written: Option<String>,
    failures: u32,
}

impl Keeper {
    /// Gets credentials and writes them if they are other ones; tells when to do so again.
    async fn refresh(&mut self) -> Result<Duration, CredentialsFileError> {
        let now = SystemTime::now();
        self.cache.look_again();
        let (credentials, error) = self.cache.get(now).await;
        if let Some(error) = error {
            return Err(CredentialsFileError::Credentials(describe(&error)));
        }
        let missing = || CredentialsFileError::Credentials("the provider has none".into());
        let credentials = credentials.ok_or_else(missing)?;
        let line = line(&credentials);
        if self.written.as_ref() != Some(&line) {
            replace(&self.path, &line).map_err(|error| CredentialsFileError::Write {
                path: self.path.display().to_string(),
                error: error.to_string(),
            })?;
            self.written = Some(line);
        }
        self.failures = 0;
        let early = self.cache.refresh_at().map(|early| early.duration_since(SystemTime::now()));
        // A provider that still has the old ones is asked again after a second.
        Ok(early.map_or(LOOK, |wait| wait.unwrap_or_default().max(Duration::from_secs(1))))
    }

    fn retry(&mut self) -> Duration {
        self.failures += 1;
        BACKOFF.wait(self.failures)
    }
}

/// The only line of the file.
fn line(credentials: &Credentials) -> String {
    let (key, secret) = (credentials.access_key_id(), credentials.secret_access_key());
    let Some(token) = credentials.session_token() else { return format!("CREDENTIALS\t{key}\t{secret}\n") };
    // Without an end of their own they are read again before this one.
    let expiry = credentials.expiry().unwrap_or_else(|| SystemTime::now() + 3 * LOOK);
    let whole = DateTime::from_secs(DateTime::from(expiry).secs());
    let expiry = whole.fmt(Format::DateTime).unwrap_or_default();
    format!("CREDENTIALS\t{key}\t{expiry}\t{secret}\t{token}\n")
}

/// Writes a file that only its owner may read, and puts it in the place of the old one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().ok_or_else(|| io::Error::other("it has no name"))?.to_owned();
    name.push(format!(".{}", std::process::id()));
    let beside = path.with_file_name(name);
    // One that a crash left behind is in the way.
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let replaced = written.and_then(|()| fs::rename(&beside, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&beside);
    }
    replaced
}
