//! moto, a CloudWatch that keeps what is put.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server of its own, which ends with this.
pub struct Moto {
    pub url: String,
    process: Child,
}

impl Moto {
    pub fn start() -> Self {
        let support = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support");
        let mut process = Command::new(python(&support))
            .arg("-B")
            .arg(support.join("moto_server.py"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        assert!(!port.is_empty(), "moto did not start");
        Self { url: format!("http://127.0.0.1:{}", port.trim()), process }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The Python that moto is installed for. It lies in the target directory, from where it is used without a network.
fn python(support: &Path) -> std::path::PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let environment = target.join("moto");
    let wanted = fs::read_to_string(support.join("requirements.txt")).unwrap();
    let installed = fs::read_to_string(environment.join("installed.txt")).unwrap_or_default();
    assert_eq!(installed, wanted, "moto is not installed: `cargo xtask test` does it");
    environment.join("bin/python")
}
