//! Servers of others that take a stream, each a process of its own on ports of its own.

use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Ends with this.
pub struct Server {
    process: Child,
}

impl Server {
    /// As a machine would end that loses its power.
    pub fn kill(mut self) {
        self.end();
    }

    fn start(command: &mut Command, package: &str) -> Self {
        let process = command.stdin(Stdio::null()).spawn();
        Self { process: process.unwrap_or_else(|error| panic!("Debian package {package}: {error}")) }
    }

    fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

pub fn free_tcp_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port()
}

pub fn free_udp_port() -> u16 {
    UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port()
}

/// A fresh folder for this test.
pub fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a folder");
    path
}

/// nginx with its RTMP module; streams go to and come from `rtmp://127.0.0.1:<port>/live/<any name>`.
pub fn nginx(folder: &Path, port: u16) -> Server {
    let module = Path::new("/usr/lib/nginx/modules/ngx_rtmp_module.so");
    assert!(module.exists(), "nginx's RTMP module is missing (Debian packages nginx and libnginx-mod-rtmp)");
    let config = format!(
        "load_module {};
         daemon off; master_process off; pid nginx.pid; error_log error.log info;
         events {{ worker_connections 64; }}
         rtmp {{ server {{ listen 127.0.0.1:{port}; application live {{ live on; wait_key on; }} }} }}",
        module.display()
    );
    fs::write(folder.join("nginx.conf"), config).expect("it is written");
    let prefix = folder.join("");
    let mut command = Command::new("/usr/sbin/nginx");
    Server::start(command.arg("-p").arg(prefix).args(["-e", "error.log", "-c", "nginx.conf"]), "nginx")
}

/// srt-live-transmit, which waits for one that sends and hands on to `target`.
pub fn srt_relay(port: u16, target: &str, stdout: Stdio) -> Server {
    let source = format!("srt://127.0.0.1:{port}?mode=listener");
    let mut command = Command::new("srt-live-transmit");
    Server::start(
        command.args(["-loglevel:fatal", &source, target]).stdout(stdout).stderr(Stdio::null()),
        "srt-tools",
    )
}
