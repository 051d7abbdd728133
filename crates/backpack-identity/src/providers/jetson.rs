use crate::{Details, Host, Provider, ProviderError, Search};

const COMPATIBLE: &str = "/proc/device-tree/compatible";
const MODEL: &str = "/proc/device-tree/model";
const SERIAL: &str = "/proc/device-tree/serial-number";

/// NVIDIA Jetson, by its device tree.
///
/// | field | from |
/// |---|---|
/// | device id | `/proc/device-tree/serial-number` |
/// | device name | `/proc/device-tree/model`, such as `NVIDIA Jetson Orin Nano Developer Kit` |
///
/// Containers do not see the device tree unless it is mounted: `docker run -v /proc/device-tree:/proc/device-tree:ro`; without, the application has the
/// device id that [`Linux`](crate::providers::Linux) gives.
#[derive(Debug, Clone, Copy, Default)]
pub struct Jetson;

impl Jetson {
    /// The provider.
    pub fn new() -> Self {
        Self
    }
}

impl Provider for Jetson {
    fn name(&self) -> &str {
        "jetson"
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        let host = search.host();
        // A list of names, such as "nvidia,p3768-0000+p3767-0005", "nvidia,tegra234", with a null byte after each.
        let compatible = host.read(COMPATIBLE)?.unwrap_or_default();
        if !compatible.split('\0').any(|name| name.starts_with("nvidia,tegra")) {
            return Err(ProviderError::not_here(format!("{COMPATIBLE} names no Tegra")));
        }
        let mut details = Details::new();
        if let Some(serial) = property(host, SERIAL)? {
            details = details.device_id(serial, SERIAL);
        }
        if let Some(model) = property(host, MODEL)? {
            details = details.device_name(model, MODEL);
        }
        Ok(details)
    }
}

/// A text of the device tree, which ends with a null byte.
fn property(host: &Host, path: &str) -> Result<Option<String>, ProviderError> {
    let text = host.read(path)?.unwrap_or_default();
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
