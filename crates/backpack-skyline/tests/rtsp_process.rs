//! What the RTSP server does to its process and its machine: ports, sockets, threads, memory.
#![cfg(feature = "rtsp")]
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;
use std::error::Error;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use backpack_skyline::{Output, StreamInfo, rtsp};
use common::rtsp::{Raw, Reel, connect_with_small_buffer, probe, watch};
use common::{fps, slice, wait_until};

/// These tests look at the whole process, so they run one after the other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What this process has open, by number and target.
fn descriptors() -> Vec<String> {
    let entries = std::fs::read_dir("/proc/self/fd").unwrap();
    // The folder itself is open while it is read, and gone afterwards.
    entries
        .filter_map(|entry| Some(std::fs::read_link(entry.ok()?.path()).ok()?.display().to_string()))
        .collect()
}

fn threads() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok()).collect()
}

fn memory_mib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
}

/// The local addresses of this process's internet sockets, as the kernel writes them.
fn local_addresses() -> Vec<String> {
    let inodes: HashSet<String> = descriptors()
        .iter()
        .filter_map(|target| Some(target.strip_prefix("socket:[")?.trim_end_matches(']').to_owned()))
        .collect();
    let mut addresses = Vec::new();
    for kind in ["tcp", "tcp6", "udp", "udp6"] {
        let table = std::fs::read_to_string(format!("/proc/self/net/{kind}")).unwrap_or_default();
        for line in table.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            if inodes.contains(fields[9]) {
                addresses.push(format!("{kind} {}", fields[1]));
            }
        }
    }
    addresses
}

#[test]
fn the_port_that_was_asked_for_is_the_one_that_is_served() {
    let _alone = alone();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = rtsp::Server::bind(format!("127.0.0.1:{port}")).unwrap();
    assert_eq!(server.address().port(), port);
    let _reel = Reel::start(server.mount("/cam").unwrap());
    assert_eq!(probe(&format!("rtsp://127.0.0.1:{port}/cam"), &[]).unwrap(), "h264,640,360");
}

#[test]
fn a_port_that_is_taken_is_an_error_that_names_it() {
    let _alone = alone();
    let server = rtsp::Server::bind("127.0.0.1:0").unwrap();
    let error = rtsp::Server::bind(server.address()).unwrap_err();
    assert_eq!(error.to_string(), format!("cannot serve RTSP on {}", server.address()));
    assert_eq!(error.source().unwrap().to_string(), "Address already in use (os error 98)");
    assert!(rtsp::Server::bind("192.0.2.1:0").is_err(), "an address of another machine");
}

/// Run by the next test, in another process.
#[test]
fn another_process() {
    let Ok(address) = std::env::var("RTSP_TAKEN_ADDRESS") else { return };
    println!("{}", rtsp::Server::bind(address).unwrap_err());
}

#[test]
fn a_second_process_does_not_share_the_port() {
    let _alone = alone();
    let server = rtsp::Server::bind("127.0.0.1:0").unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["another_process", "--exact", "--nocapture"])
        .env("RTSP_TAKEN_ADDRESS", server.address().to_string())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains(&format!("cannot serve RTSP on {}", server.address())), "{text}");
}

#[test]
fn only_the_address_that_was_asked_for_is_listened_on_while_viewers_watch_over_udp_and_tcp() {
    let _alone = alone();
    let before: HashSet<String> = local_addresses().into_iter().collect();
    let server = rtsp::Server::bind("127.0.0.1:0").unwrap();
    let mount = server.mount("/cam").unwrap();
    let monitor = mount.monitor();
    let _reel = Reel::start(mount);
    let mut viewers = ["udp", "tcp"].map(|transport| watch(monitor.url(), &["-rtsp_transport", transport]));
    wait_until("both to watch", || monitor.viewers() == 2);
    let opened: Vec<String> =
        local_addresses().into_iter().filter(|address| !before.contains(address)).collect();
    println!("{opened:?}");
    assert!(opened.iter().any(|address| address.starts_with("udp")), "{opened:?}");
    // 127.0.0.1, as the kernel writes it on this machine.
    let loopback = format!("{:08X}:", u32::from_ne_bytes([127, 0, 0, 1]));
    assert!(opened.iter().all(|address| address.contains(&loopback)), "{opened:?}");
    for viewer in &mut viewers {
        viewer.kill().unwrap();
        viewer.wait().unwrap();
    }
    wait_until("the viewer over TCP to be gone", || monitor.viewers() < 2);
}

#[test]
fn when_the_server_is_dropped_its_port_sockets_and_threads_are_gone() {
    let _alone = alone();
    let mut before = None;
    // GStreamer keeps some threads and descriptors of its own after the first use.
    for _ in 0..3 {
        let server = rtsp::Server::bind("127.0.0.1:0").unwrap();
        let address = server.address();
        let url = server.url("/cam");
        let reel = Reel::start(server.mount("/cam").unwrap());
        let mut watching = Raw::connect(address);
        watching.play(&url, "");
        let mut described = Raw::connect(address);
        assert_eq!(described.request("DESCRIBE", &url, "").status, 200);
        let _silent = TcpStream::connect(address).unwrap();
        let mount = reel.stop();
        let begun = Instant::now();
        drop(mount);
        drop(server);
        println!("dropped within {:?}", begun.elapsed());
        assert!(begun.elapsed() < Duration::from_secs(3));
        assert!(TcpStream::connect(address).is_err());
        drop((watching, described));
        let ours = || threads().iter().any(|name| name.starts_with("skyline rtsp"));
        assert!(!ours(), "{:?}", threads());
        let now = || (descriptors().len(), threads().len());
        match before {
            None => {
                // Idle threads of GStreamer's pools end after a while.
                std::thread::sleep(Duration::from_millis(500));
                before = Some(now());
            }
            Some((open, running)) => {
                wait_until("descriptors and threads to be as before", || {
                    now().0 <= open && now().1 <= running
                });
            }
        }
    }
}

#[test]
fn connections_are_limited_and_free_their_places() {
    let _alone = alone();
    let server = rtsp::Server::bind("127.0.0.1:0").unwrap();
    let mount = server.mount("/cam").unwrap();
    let mut many: Vec<Raw> = (0..100).map(|_| Raw::connect(server.address())).collect();
    for raw in &mut many {
        assert_eq!(raw.request("OPTIONS", mount.url(), "").status, 200);
    }
    Raw::connect(server.address()).wait_until_closed();
    drop(many);
    wait_until("places to be free", || {
        let mut raw = Raw::connect(server.address());
        raw.try_request("OPTIONS", mount.url()) == Some(200)
    });
}

#[test]
fn a_viewer_that_takes_nothing_is_disconnected_and_costs_little_memory_until_then_but_may_pause() {
    let _alone = alone();
    let server = rtsp::Server::bind("127.0.0.1:0").unwrap();
    // 18 MB and 600 kB a second.
    let sizes = [("/large", 600_000), ("/small", 20_000)];
    let mut mounts = sizes.map(|(path, size)| {
        let mut mount = server.mount(path).unwrap();
        mount.open(&StreamInfo::h264(640, 360, fps(30))).unwrap();
        mount.write(&slice(0, true, 1000)).unwrap();
        (mount, size)
    });
    let mut deaf = sizes.map(|(path, _)| {
        let mut raw = Raw::over(connect_with_small_buffer(server.address()));
        raw.play(&server.url(path), "");
        raw
    });
    let mut paused = Raw::connect(server.address());
    let url = server.url("/small");
    let session = format!("Session: {}\r\n", paused.play(&url, ""));
    let monitors = [0, 1].map(|at: usize| mounts[at].0.monitor());
    wait_until("the viewers to be counted", || monitors[0].viewers() == 1 && monitors[1].viewers() == 2);
    assert_eq!(paused.request("PAUSE", &url, &session).status, 200);
    let (begun, before) = (Instant::now(), memory_mib());
    let mut most = 0;
    for number in 1.. {
        for (mount, size) in &mut mounts {
            mount.write(&slice(number * 33, number % 30 == 0, *size)).unwrap();
        }
        most = most.max(memory_mib().saturating_sub(before));
        if monitors[0].viewers() == 0 && monitors[1].viewers() == 1 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(18), "they are still there");
        std::thread::sleep(Duration::from_millis(33));
    }
    let missed = monitors.each_ref().map(rtsp::MountMonitor::missed);
    println!("gone after {:?}, with {missed:?} pictures missed and {most} MiB more", begun.elapsed());
    assert!(begun.elapsed() > Duration::from_secs(8), "a viewer has some time to recover");
    assert!(missed.iter().all(|&missed| missed > 100));
    assert!(most < 60, "{most} MiB");
    deaf.iter_mut().for_each(Raw::wait_until_closed);
    assert_eq!(paused.request("PLAY", &url, &session).status, 200, "whoever paused may go on");
}

/// The same numbers on every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most)).map(|_| self.next() as u8).collect()
    }
}

/// A request that may have anything wrong with it.
fn malformed(random: &mut Random, base: &str) -> Vec<u8> {
    if random.below(8) == 0 {
        return random.bytes(300);
    }
    let method = random.pick(&[
        "OPTIONS",
        "DESCRIBE",
        "SETUP",
        "PLAY",
        "PAUSE",
        "TEARDOWN",
        "GET_PARAMETER",
        "SET_PARAMETER",
        "ANNOUNCE",
        "RECORD",
        "REDIRECT",
        "GET",
        "POST",
        "",
        "describe",
        "\u{fffd}",
    ]);
    let path = random.pick(&[
        "/cam",
        "/cam/stream=0",
        "/cam/stream=99",
        "/cam/stream=-1",
        "/empty",
        "/nothing",
        "",
        "/",
        "//",
        "/../..",
        "/%",
        "/%00",
        "?x",
        "/cam?%zz",
    ]);
    let url = match random.below(8) {
        0 => "*".to_owned(),
        1 => format!("rtsp://{}", "a".repeat(random.below(5000))),
        2 => "http://[::1".to_owned(),
        _ => format!("{base}{path}"),
    };
    let version = random.pick(&["RTSP/1.0", "RTSP/2.0", "RTSP/9.9", "HTTP/1.0", "HTTP/1.1", "", "RTSP/"]);
    let mut text = format!("{method} {url} {version}\r\n");
    for _ in 0..random.below(6) {
        let name = random.pick(&[
            "CSeq",
            "Session",
            "Transport",
            "Range",
            "Require",
            "Authorization",
            "Content-Type",
            "Accept",
            "Blocksize",
            "Scale",
            "Speed",
            "x-sessioncookie",
            "Content-Base",
            "Bandwidth",
            "KeyMgmt",
            "",
            "X:",
        ]);
        let value = random.pick(&[
            "1",
            "-1",
            "99999999999999999999",
            "",
            "RTP/AVP/TCP;unicast;interleaved=0-1",
            "RTP/AVP;unicast;client_port=1-0",
            "RTP/AVP;multicast;destination=224.0.0.1",
            "RTP/AVP/TCP;interleaved=300-999",
            "RTP/AVP;unicast;client_port=40000-40001",
            "RTP/SAVP;unicast",
            "raw/x;;;=;",
            "npt=0-",
            "npt=-5-now",
            "clock=19961108T143720.25Z-",
            "smpte=::",
            "Basic x",
            "Digest username=\"a\", nonce",
            "Digest ,,,=",
            "application/sdp",
            "%s%n%x",
        ]);
        text += &format!("{name}: {value}\r\n");
    }
    match random.below(6) {
        0 => text += "Content-Length: 4000000000\r\n\r\n",
        1 => text += "Content-Length: -7\r\n\r\nabc",
        2 => text += "Content-Length: 20\r\nContent-Type: application/sdp\r\n\r\nv=0\r\nm=video 0 RTP/A",
        3 => {}
        _ => text += "\r\n",
    }
    let mut bytes = text.into_bytes();
    if random.below(4) == 0 {
        for _ in 0..random.below(10) {
            let at = random.below(bytes.len());
            bytes[at] = random.next() as u8;
        }
    }
    if random.below(6) == 0 {
        // Interleaved data that may promise more than comes.
        bytes.extend([b'$', random.next() as u8, random.next() as u8, random.next() as u8]);
        bytes.extend(random.bytes(200));
    }
    bytes
}

#[test]
fn thousands_of_malformed_requests_neither_crash_nor_leak_and_do_not_keep_others_from_watching() {
    let _alone = alone();
    let server = rtsp::Server::bind("127.0.0.1:0").unwrap();
    let mount = server.mount("/cam").unwrap();
    let monitor = mount.monitor();
    let _reel = Reel::start(mount);
    let _empty = server.mount("/empty").unwrap();
    let base = server.url("");
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut settled = None;
    for round in 0..8 {
        for _ in 0..100 {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
            for _ in 0..=random.below(8) {
                // The server may have had enough of it.
                if stream.write_all(&malformed(&mut random, &base)).is_err() {
                    break;
                }
                let mut answer = [0; 4096];
                let _ = std::io::Read::read(&mut stream, &mut answer);
            }
        }
        Raw::connect(server.address()).play(monitor.url(), "");
        wait_until("all viewers to be gone", || monitor.viewers() == 0);
        let count = descriptors().len();
        println!("round {round}: {count} descriptors, {} MiB, {} threads", memory_mib(), threads().len());
        // The first rounds fill caches and pools.
        if round == 2 {
            settled = Some((count, memory_mib()));
        }
    }
    let (open, memory) = settled.unwrap();
    wait_until("descriptors to be closed", || descriptors().len() <= open + 4);
    assert!(memory_mib() < memory + 16, "{} after {memory} MiB", memory_mib());
    assert_eq!(probe(monitor.url(), &[]).unwrap(), "h264,640,360");
}
