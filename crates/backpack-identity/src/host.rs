use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fmt, fs, io};

use crate::ProviderError;

/// No file that says who somebody is comes near this, in bytes.
const LONGEST_FILE: u64 = 1 << 20;

/// The machine that providers look at: environment variables, files, and the program that runs.
///
/// By default it is the one that the program runs on. Tests make one up, so that they need not touch the environment, which all threads share; and a
/// container into which the host's files are mounted can look at those.
///
/// ```
/// use backpack_identity::{Chain, Host};
///
/// let device = Host::imaginary()
///     .with_variable("BALENA", "1")
///     .with_variable("BALENA_DEVICE_UUID", "0ac5e2d7")
///     .with_file("/proc/sys/kernel/hostname", "gate\n");
/// let identity = Chain::standard().host(device).detect_blocking()?;
/// assert_eq!(identity.device_id(), Some("0ac5e2d7"));
///
/// let host = Host::this().with_root("/host");
/// # Ok::<(), backpack_identity::DetectError>(())
/// ```
#[derive(Clone)]
pub struct Host {
    is_real: bool,
    variables: BTreeMap<String, String>,
    files: BTreeMap<PathBuf, Vec<u8>>,
    root: Option<PathBuf>,
    executable: Option<PathBuf>,
}

impl Host {
    /// The machine that the program runs on.
    pub fn this() -> Self {
        Self {
            is_real: true,
            root: Some("/".into()),
            executable: env::current_exe().ok(),
            ..Self::imaginary()
        }
    }

    /// A machine without variables and files.
    pub fn imaginary() -> Self {
        Self {
            is_real: false,
            variables: BTreeMap::new(),
            files: BTreeMap::new(),
            root: None,
            executable: None,
        }
    }

    /// The same machine with this variable, whatever else it has of that name. An empty value is the same as none.
    #[must_use]
    pub fn with_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// The same machine with this file, whatever else it has there. The path is absolute.
    #[must_use]
    pub fn with_file(mut self, path: impl Into<PathBuf>, contents: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), contents.into());
        self
    }

    /// The same machine with its files below this folder.
    #[must_use]
    pub fn with_root(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = Some(root.into());
        self
    }

    /// The same machine running this program.
    #[must_use]
    pub fn with_executable(mut self, path: impl Into<PathBuf>) -> Self {
        self.executable = Some(path.into());
        self
    }

    /// The value of an environment variable, if it is there and not empty.
    ///
    /// # Errors
    /// [`ProviderError::Failed`] if it is no UTF-8.
    pub fn variable(&self, name: &str) -> Result<Option<String>, ProviderError> {
        let value = match self.variables.get(name) {
            Some(value) => Some(value.clone()),
            None if self.is_real => match env::var(name) {
                Ok(value) => Some(value),
                Err(env::VarError::NotPresent) => None,
                Err(env::VarError::NotUnicode(_)) => {
                    return Err(ProviderError::failed(format!("the variable {name} is not UTF-8")));
                }
            },
            None => None,
        };
        Ok(value.filter(|value| !value.trim().is_empty()))
    }

    /// The text of a file, if it is there. The path is absolute.
    ///
    /// # Errors
    /// [`ProviderError::Failed`] if it is there and cannot be read, is longer than 1 MiB or no UTF-8.
    pub fn read(&self, path: impl AsRef<Path>) -> Result<Option<String>, ProviderError> {
        let path = path.as_ref();
        let failed = |what: &str| ProviderError::failed(format!("{} {what}", path.display()));
        let contents = match self.bytes(path) {
            Ok(contents) => contents,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(failed("cannot be read").caused_by(error)),
        };
        if contents.len() as u64 > LONGEST_FILE {
            return Err(failed("is longer than 1 MiB"));
        }
        String::from_utf8(contents).map(Some).map_err(|_| failed("is not UTF-8"))
    }

    /// The program that runs.
    pub fn executable(&self) -> Option<&Path> {
        self.executable.as_deref()
    }

    fn bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        if let Some(contents) = self.files.get(path) {
            return Ok(contents.clone());
        }
        let Some(root) = &self.root else { return Err(io::ErrorKind::NotFound.into()) };
        let file = fs::File::open(root.join(path.strip_prefix("/").unwrap_or(path)))?;
        let mut contents = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(file, LONGEST_FILE + 1), &mut contents)?;
        Ok(contents)
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::this()
    }
}

/// Without values, as tokens and keys are among them.
impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("is_real", &self.is_real)
            .field("variables", &self.variables.keys().collect::<Vec<_>>())
            .field("files", &self.files.keys().collect::<Vec<_>>())
            .field("root", &self.root)
            .field("executable", &self.executable)
            .finish()
    }
}
