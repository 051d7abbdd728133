use std::fmt::Write;

use hmac_sha256::HMAC;

use crate::{Details, Host, Provider, ProviderError, Search};

const MACHINE_ID: &str = "/etc/machine-id";
const HOST_NAMES: [&str; 2] = ["/proc/sys/kernel/hostname", "/etc/hostname"];
/// Keeps the hashes of this project apart from those of others. Changing it changes every device's id.
const PURPOSE: &[u8] = b"panorama-backpack device id";

/// Any Linux, by what every installation has.
///
/// | field | from |
/// |---|---|
/// | device id | `/etc/machine-id`, hashed; without it, the host name |
/// | device name | the host name |
/// | application name | the name of the executable |
///
/// The machine id itself is [not to be told to others], so that what is given out is a keyed hash of it, in 32 hexadecimal digits, which is the same
/// after every start and after updates. It is made when the system is installed: cloned disks share it, and so do containers from one image if the image
/// has one. Empty the file in the image that you clone, and each copy makes its own.
///
/// [not to be told to others]: https://www.freedesktop.org/software/systemd/man/latest/machine-id.html
#[derive(Debug, Clone, Copy, Default)]
pub struct Linux;

impl Linux {
    /// The provider.
    pub fn new() -> Self {
        Self
    }
}

impl Provider for Linux {
    fn name(&self) -> &str {
        "linux"
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        let host = search.host();
        let name = host_name(host)?;
        let mut details = Details::new();
        match (machine_id(host)?, &name) {
            (Ok(id), _) => details = details.device_id(hashed(&id), format!("{MACHINE_ID}, hashed")),
            (Err(why), Some((name, path))) => {
                details = details.device_id(name, format!("{path}, as {MACHINE_ID} {why}"));
            }
            (Err(_), None) => {}
        }
        if let Some((name, path)) = name {
            details = details.device_name(name, path);
        }
        if let Some(program) = host.executable().and_then(|path| path.file_stem()) {
            details = details.application_name(program.to_string_lossy(), "the name of the executable");
        }
        if details.is_empty() {
            let why = format!("there is neither {MACHINE_ID} nor a host name");
            return Err(ProviderError::not_here(why));
        }
        Ok(details)
    }
}

/// The machine's id, or why it has none.
fn machine_id(host: &Host) -> Result<Result<String, &'static str>, ProviderError> {
    let Some(text) = host.read(MACHINE_ID)? else { return Ok(Err("is missing")) };
    let id = text.trim();
    Ok(match id {
        "" => Err("is empty"),
        // What stands there until the first start is over.
        "uninitialized" => Err("is not initialised yet"),
        id if id.len() != 32 || !id.bytes().all(|b| b.is_ascii_hexdigit()) => Err("is no machine id"),
        id if id.bytes().all(|b| b == b'0') => Err("is all zeros"),
        id => Ok(id.to_ascii_lowercase()),
    })
}

fn hashed(id: &str) -> String {
    let hash = HMAC::mac(PURPOSE, id.as_bytes());
    hash.iter().take(16).fold(String::with_capacity(32), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The name of the host and the file that it is from. Names that every host has to begin with are none.
pub fn host_name(host: &Host) -> Result<Option<(String, &'static str)>, ProviderError> {
    for path in HOST_NAMES {
        let text = host.read(path)?.unwrap_or_default();
        let name = text.trim();
        if !matches!(name, "" | "(none)" | "localhost" | "localhost.localdomain") {
            return Ok(Some((name.to_owned(), path)));
        }
    }
    Ok(None)
}
