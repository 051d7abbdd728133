//! A metadata service of any platform: an HTTP server on a free port that answers as the test says.

#![allow(dead_code, reason = "each test file uses its share")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use backpack_identity::{Chain, DetectError, Host, Identity, Provider};

/// What came in.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// `name: value` in lower case, but for the value.
    pub headers: Vec<(String, String)>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What goes out.
pub enum Reply {
    Answer(u16, String),
    /// The connection stays open and nothing comes.
    Silence,
}

pub fn ok(body: impl Into<String>) -> Reply {
    Reply::Answer(200, body.into())
}

pub fn status(code: u16) -> Reply {
    Reply::Answer(code, String::new())
}

pub struct Service {
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Service {
    pub fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (requests, is_over) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (seen, over) = (requests.clone(), is_over.clone());
        let thread = thread::spawn(move || {
            // Silent connections are held until the end, or they would not be silent.
            let mut held = Vec::new();
            for stream in listener.incoming() {
                if over.load(Ordering::Acquire) {
                    break;
                }
                held.extend(serve(stream.expect("a connection"), &answer, &seen));
            }
        });
        Self { url, requests, is_over, thread: Some(thread) }
    }

    /// What came in so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("nobody panicked").clone()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        drop(TcpStream::connect(self.url.trim_start_matches("http://")));
        let result = self.thread.take().map(JoinHandle::join);
        assert!(thread::panicking() || matches!(result, Some(Ok(()))), "the service failed");
    }
}

/// One request and its answer; a connection that is to stay open comes back.
fn serve(
    mut stream: TcpStream,
    answer: &impl Fn(&Request) -> Reply,
    seen: &Mutex<Vec<Request>>,
) -> Option<TcpStream> {
    let request = read(&stream)?;
    seen.lock().expect("nobody panicked").push(request.clone());
    match answer(&request) {
        Reply::Answer(code, body) => {
            let length = body.len();
            let head = format!("HTTP/1.1 {code} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            // A client that has gone is none of the service's concern.
            drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())));
            None
        }
        Reply::Silence => Some(stream),
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        line.clear();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let request = Request { method, target, headers };
    let length = request.header("content-length").map_or(0, |length| length.parse().expect("a length"));
    lines.read_exact(&mut vec![0; length]).ok()?;
    Some(request)
}

/// What this provider alone makes of this machine.
pub fn identify(provider: impl Provider + 'static, host: Host) -> Result<Identity, DetectError> {
    Chain::new().first_try(provider).host(host).detect_blocking()
}

/// Whether the provider takes this machine for none of its platform.
pub fn is_elsewhere(provider: impl Provider + 'static, host: Host) -> bool {
    matches!(identify(provider, host), Err(DetectError::Unknown { .. }))
}
