//! What several tests of programs need: real clips, ways to run a program within a time, and looks at what it made.
#![allow(dead_code, reason = "each test file uses its share")]
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

/// Far more than anything here takes, also on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A real clip, which the project's test command fetches.
pub fn clip(name: &str) -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clips");
    let path = std::env::var_os("BACKPACK_CLIPS").map_or(default, PathBuf::from).join(name);
    assert!(path.exists(), "{} is missing: `cargo xtask test` fetches it", path.display());
    path
}

/// An empty folder for a test of this name, which is to be the only one.
pub fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// An address with a port that was free a moment ago, and that nobody listens on now.
pub fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command that must end by itself within this time.
pub fn run(command: &mut Command, limit: Duration) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let read_errors = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stderr.read_to_end(&mut bytes).map(|_| bytes)
    });
    let read_output = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).map(|_| bytes)
    });
    let status = wait(&mut child, limit);
    let stdout = read_output.join().unwrap().unwrap();
    Output { status, stdout, stderr: read_errors.join().unwrap().unwrap() }
}

pub fn wait(child: &mut Child, limit: Duration) -> ExitStatus {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("the program did not end within {limit:?}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Runs a command with arguments that cannot work, and returns what it says.
pub fn refusal(command: &mut Command) -> String {
    let output = run(command, PATIENCE);
    assert!(!output.status.success(), "{command:?} should fail");
    let said = text(&output.stderr);
    assert!(!said.contains("panicked"), "{said}");
    said
}

pub fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_there() {
        assert!(Instant::now() < deadline, "{what} did not come");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Sends a signal, such as `INT`, to a program.
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// A program that runs until it is told to end, and is killed with the test if that fails.
pub struct Running {
    child: Child,
    lines: Receiver<String>,
    /// What it has said so far.
    pub output: String,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        send_lines(child.stdout.take().unwrap(), sender.clone());
        send_lines(child.stderr.take().unwrap(), sender);
        Self { child, lines, output: String::new() }
    }

    /// Waits for a line on stdout or stderr with this in it.
    pub fn line(&mut self, part: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("no line with {part:?} came, but:\n{}", self.output)
            };
            self.output += &line;
            self.output.push('\n');
            if line.contains(part) {
                return line;
            }
        }
    }

    /// Ends it by a signal; returns how it ended and all that it has said.
    pub fn end(mut self, name: &str) -> (ExitStatus, String) {
        signal(&self.child, name);
        let status = wait(&mut self.child, PATIENCE);
        for line in &self.lines {
            self.output += &line;
            self.output.push('\n');
        }
        (status, std::mem::take(&mut self.output))
    }
}

fn send_lines(from: impl Read + Send + 'static, to: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let _ = to.send(line);
        }
    });
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Codec, pixel format, size and number of frames; ffprobe must find nothing wrong.
pub fn probe(path: &Path) -> String {
    let entries = "stream=codec_name,pix_fmt,width,height,nb_read_frames";
    let arguments = ["-v", "error", "-count_frames", "-show_entries", entries, "-of", "csv=p=0"];
    let output = Command::new("ffprobe").args(arguments).arg(path).output().unwrap();
    assert_eq!(text(&output.stderr), "");
    text(&output.stdout).trim().trim_end_matches(',').to_owned()
}

/// How long a recording lasts.
pub fn seconds(path: &Path) -> f64 {
    let arguments = ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"];
    let output = Command::new("ffprobe").args(arguments).arg(path).output().unwrap();
    text(&output.stdout).trim().parse().unwrap()
}

/// The answer to a GET, if anybody answers.
pub fn get(address: &str, path: &str) -> Option<String> {
    let mut answer = String::new();
    request(address, path)?.read_to_string(&mut answer).ok()?;
    Some(answer)
}

/// The connection on which the answer to a GET comes.
pub fn request(address: &str, path: &str) -> Option<TcpStream> {
    let mut connection = TcpStream::connect(address).ok()?;
    connection.set_read_timeout(Some(PATIENCE)).ok()?;
    write!(connection, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").ok()?;
    Some(connection)
}

/// Sets what programs for AWS need, to a service of a test's own.
pub fn at_aws<'a>(command: &'a mut Command, endpoint: &str) -> &'a mut Command {
    command
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_ACCESS_KEY_ID", "a key")
        .env("AWS_SECRET_ACCESS_KEY", "a secret")
        .env_remove("AWS_SESSION_TOKEN")
        .env_remove("AWS_ENDPOINT_URL_KINESIS_VIDEO")
        .env_remove("AWS_ENDPOINT_URL_CLOUDWATCH")
        .env("AWS_ENDPOINT_URL", endpoint)
}
