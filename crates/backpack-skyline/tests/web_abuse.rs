//! The web page's server among clients that are broken, slow or too many.
#![cfg(feature = "web")]
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use backpack_core::Timestamp;
use backpack_skyline::web::Page;
use backpack_skyline::{AccessUnit, Output, StreamInfo};
use common::{PATIENCE, fps, wait_until};

/// These tests count what the whole process has open, so they run one after the other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn page() -> Page {
    let mut page = Page::bind("127.0.0.1:0").unwrap();
    page.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    let data =
        [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9, 0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80, 0, 0, 1, 0x65, 0x55];
    page.write(&AccessUnit::new(data.to_vec(), Timestamp::ZERO, true)).unwrap();
    page
}

/// Writes a unit every few milliseconds.
struct Ticking(Arc<AtomicBool>, Option<JoinHandle<()>>);

impl Ticking {
    fn start(mut page: Page) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for n in 1.. {
                if stopped.load(Ordering::Acquire) {
                    return;
                }
                page.write(&AccessUnit::new(vec![0, 0, 1, 0x41, 1], Timestamp::from_millis(n * 10), false))
                    .unwrap();
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        Self(stop, Some(thread))
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
        let ended = self.1.take().unwrap().join();
        assert!(ended.is_ok() || std::thread::panicking());
    }
}

/// The status line of the answer to a good request.
fn status(address: SocketAddr) -> String {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = String::new();
    // A server that refuses may have closed already.
    let _ = connection.write_all(b"GET /health.json HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    let _ = connection.read_to_string(&mut answer);
    answer.lines().next().unwrap_or_default().to_owned()
}

fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

/// The resident memory of this process in KiB.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Numbers that look random, the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// A request that is wrong somewhere, or everywhere.
fn malformed(random: &mut Random) -> Vec<u8> {
    const PIECES: [&[u8]; 22] = [
        b"GET ",
        b"POST ",
        b"HEAD ",
        b"/",
        b"/stream.mp4",
        b"/stream.jpg",
        b"/hls/../..",
        b"/%00%zz",
        b"?token=%ff&&=",
        b" HTTP/1.1",
        b" HTTP/9.9",
        b"\r\n",
        b"\r\n\r\n",
        b"\n",
        b"Host: a\r\n",
        b"Content-Length: 99999999999\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Cookie: ;;==;\r\n",
        b"Authorization: Basic \xff\r\n",
        b"\0\xff\xfe",
        b"Connection: Upgrade\r\n",
    ];
    let mut request = Vec::new();
    if random.below(3) > 0 {
        request.extend_from_slice(b"GET /stream.mp4 HTTP/1.1\r\n");
    }
    for _ in 0..random.below(12) {
        match random.below(8) {
            0 => request.extend((0..random.below(400)).map(|_| random.below(256) as u8)),
            1 => request.extend(std::iter::repeat_n(b'a', random.below(20_000))),
            _ => request.extend_from_slice(PIECES[random.below(PIECES.len())]),
        }
    }
    request.extend_from_slice(if random.below(2) == 0 { b"\r\n\r\n" } else { b"" });
    request
}

/// Sends it and takes a little of the answer, if there is one, before it leaves.
fn bother(address: SocketAddr, request: &[u8], random: &mut Random) {
    let mut connection = TcpStream::connect(address).unwrap();
    // The server may have had enough before the end.
    let _ = connection.write_all(request);
    if random.below(2) == 0 {
        connection.set_read_timeout(Some(Duration::from_millis(2))).unwrap();
        let _ = connection.read(&mut [0; 512]);
    }
}

#[test]
fn thousands_of_malformed_requests_leave_nothing_behind() {
    let _alone = alone();
    let page = page();
    let (address, monitor) = (page.address(), page.monitor());
    // Who asks for the stream and leaves more to read behind is noticed when something is sent.
    let _stream = Ticking::start(page);
    let mut random = Random(0x5eed_cafe);
    for _ in 0..500 {
        let request = malformed(&mut random);
        bother(address, &request, &mut random);
    }
    wait_until("all viewers to be gone", || monitor.viewers() == 0);
    assert_eq!(status(address), "HTTP/1.1 200 OK");
    let (files, before) = (open_files(), memory());
    for _ in 0..4000 {
        let request = malformed(&mut random);
        bother(address, &request, &mut random);
    }
    assert_eq!(status(address), "HTTP/1.1 200 OK");
    wait_until("all files to be closed", || open_files() <= files + 2);
    wait_until("all viewers to be gone", || monitor.viewers() == 0);
    let grown = memory().saturating_sub(before);
    println!("{files} files open before and {} after, {grown} KiB more memory", open_files());
    assert!(grown < 8 << 10, "{grown} KiB more than before");
}

#[test]
fn a_client_that_sends_no_request_is_thrown_off_and_makes_room() {
    let _alone = alone();
    let page = page();
    let address = page.address();
    let begun = Instant::now();
    // More than there is room for; some are silent, some send a byte now and then.
    let mut crowd: Vec<TcpStream> = (0..300).map(|_| TcpStream::connect(address).unwrap()).collect();
    wait_until("the crowd to fill the server", || status(address) != "HTTP/1.1 200 OK");
    wait_until("room again", || {
        for mut connection in crowd.iter().step_by(2) {
            let _ = connection.write_all(b"G");
        }
        std::thread::sleep(Duration::from_millis(500));
        status(address) == "HTTP/1.1 200 OK"
    });
    println!("room again after {:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(15));
    for connection in &mut crowd {
        connection.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut rest = Vec::new();
        // An answer or none, but then the end.
        if let Err(error) = connection.read_to_end(&mut rest) {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        }
    }
}

#[test]
fn too_many_clients_are_told_so_while_those_inside_are_served() {
    let _alone = alone();
    let mut page = page();
    let address = page.address();
    let mut viewers: Vec<TcpStream> = (0..256).map(|_| TcpStream::connect(address).unwrap()).collect();
    for viewer in &mut viewers {
        viewer.set_read_timeout(Some(PATIENCE)).unwrap();
        viewer.write_all(b"GET /stream.mp4 HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
        assert_ne!(viewer.read(&mut [0; 4096]).unwrap(), 0);
    }
    let viewing = page.viewers().unwrap();
    wait_until("all to watch", || viewing.count() == 256);
    let mut refused = TcpStream::connect(address).unwrap();
    refused.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut answer = String::new();
    refused.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    page.write(&AccessUnit::new(vec![0, 0, 1, 0x41, 1], Timestamp::from_millis(40), false)).unwrap();
    for viewer in &mut viewers {
        assert_ne!(viewer.read(&mut [0; 4096]).unwrap(), 0, "those inside go on");
    }
    viewers.truncate(200);
    wait_until("room again", || status(address) == "HTTP/1.1 200 OK");
    assert_eq!(viewing.count(), 200);
}

#[test]
fn a_viewer_that_takes_nothing_for_long_is_thrown_off() {
    let _alone = alone();
    let mut page = page();
    let viewing = page.viewers().unwrap();
    let mut stuck = TcpStream::connect(page.address()).unwrap();
    stuck.write_all(b"GET /stream.mp4 HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
    wait_until("the viewer to watch", || viewing.count() == 1);
    let begun = Instant::now();
    for n in 1.. {
        let mut data =
            vec![0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9, 0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80, 0, 0, 1, 0x65];
        data.resize(200_000, 0x55);
        page.write(&AccessUnit::new(data, Timestamp::from_millis(n * 40), true)).unwrap();
        if viewing.count() == 0 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(45), "it is still there");
        std::thread::sleep(Duration::from_millis(40));
    }
    println!("thrown off after {:?}", begun.elapsed());
    assert!(begun.elapsed() > Duration::from_secs(25), "a viewer that is slow for a while may stay");
}
