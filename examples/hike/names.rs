use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A short name for each input, fit for an address and for a file: the file's name without its extension, or the host; each one only once.
pub fn of(inputs: &[String]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut free = |name: String| {
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name));
        let free = free.unwrap_or(name);
        taken.insert(free.clone());
        free
    };
    inputs.iter().map(|input| free(name(input))).collect()
}

fn name(input: &str) -> String {
    let place = match input.split_once("://") {
        // The host alone: a user, a password or a token must not become part of a name.
        Some((_, rest)) => {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let host = authority.rsplit('@').next().unwrap_or_default();
            host.rsplit_once(':').map_or(host, |(host, _port)| host)
        }
        None => Path::new(input).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default(),
    };
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    let plain: String = place.chars().map(|letter| if is_plain(letter) { letter } else { '-' }).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "camera".to_owned() } else { plain.to_owned() }
}

/// The path for one of several streams: its name goes before the extension.
pub fn insert(path: &Path, name: &str) -> PathBuf {
    let mut file = path.file_stem().map(OsString::from).unwrap_or_default();
    file.push(format!("-{name}"));
    if let Some(extension) = path.extension() {
        file.push(".");
        file.push(extension);
    }
    path.with_file_name(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_get_short_names_without_secrets_and_each_its_own() {
        let inputs = [
            "clips/vtest.avi",
            "test",
            "test",
            "rtsp://admin:hun/ter2@10.0.0.5:554/cam?token=hunter2",
            "rtsp://admin:hunter2@10.0.0.5:554/cam",
            "/dev/video0",
            "Ört lich.mp4",
            "…",
        ];
        let names = of(&inputs.map(str::to_owned));
        let expected = ["vtest", "test", "test-2", "admin", "10-0-0-5", "video0", "rt-lich", "camera"]
            .map(str::to_owned);
        assert_eq!(names, expected);
    }

    #[test]
    fn a_name_goes_before_the_extension() {
        assert_eq!(insert(Path::new("a/b.mkv"), "yard"), Path::new("a/b-yard.mkv"));
        assert_eq!(insert(Path::new("out"), "yard"), Path::new("out-yard"));
    }
}
