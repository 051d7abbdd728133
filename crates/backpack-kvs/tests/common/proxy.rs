//! An HTTP proxy that keeps what clients send through it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

pub struct Proxy {
    pub address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    /// The heads of the requests to the proxy itself.
    asked: Vec<String>,
    /// What was sent on each connection.
    sent: Vec<Arc<Mutex<Vec<u8>>>>,
}

impl Proxy {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let seen = Arc::<Mutex<Seen>>::default();
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(client, &shared));
            }
        });
        Self { address, seen }
    }

    pub fn asked(&self) -> Vec<String> {
        self.seen.lock().expect("no panic").asked.clone()
    }

    /// The bodies of the requests to put media, without their chunks.
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        let sent = self.seen.lock().expect("no panic").sent.clone();
        let sent: Vec<_> = sent.iter().map(|bytes| bytes.lock().expect("no panic").clone()).collect();
        sent.iter().filter(|bytes| bytes.starts_with(b"POST /putMedia")).map(|bytes| body(bytes)).collect()
    }
}

fn serve(mut client: TcpStream, seen: &Mutex<Seen>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if !client.read(&mut byte).is_ok_and(|count| count == 1) {
            return;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let Some(target) = head.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()) else { return };
    let Ok(mut server) = TcpStream::connect(target) else { return };
    let sent = Arc::<Mutex<Vec<u8>>>::default();
    {
        let mut seen = seen.lock().expect("no panic");
        seen.asked.push(head.clone());
        seen.sent.push(Arc::clone(&sent));
    }
    if client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").is_err() {
        return;
    }
    let (mut back, mut answers) = match (client.try_clone(), server.try_clone()) {
        (Ok(back), Ok(answers)) => (back, answers),
        _ => return,
    };
    thread::spawn(move || {
        let _ = std::io::copy(&mut answers, &mut back);
        let _ = back.shutdown(Shutdown::Both);
    });
    let mut buffer = vec![0; 1 << 16];
    while let Ok(count @ 1..) = client.read(&mut buffer) {
        sent.lock().expect("no panic").extend_from_slice(&buffer[..count]);
        if server.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = server.shutdown(Shutdown::Write);
}

/// The body of a request in chunks.
fn body(request: &[u8]) -> Vec<u8> {
    let end = request.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
    let (mut rest, mut body) = (&request[end + 4..], Vec::new());
    while let Some(line) = rest.windows(2).position(|bytes| bytes == b"\r\n") {
        let size =
            std::str::from_utf8(&rest[..line]).ok().and_then(|size| usize::from_str_radix(size, 16).ok());
        let size = size.expect("the size of a chunk");
        let Some(chunk) = rest.get(line + 2..line + 2 + size).filter(|chunk| !chunk.is_empty()) else {
            break;
        };
        body.extend_from_slice(chunk);
        rest = rest.get(line + 4 + size..).unwrap_or_default();
    }
    body
}
