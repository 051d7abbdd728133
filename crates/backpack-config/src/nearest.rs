//! What an unknown name may have been meant to be.

/// The longest name that is looked at, in bytes; those from outside may be of any length.
const LONGEST: usize = 64;

/// The one of `names` that is most like `name`, if one is.
pub(crate) fn nearest(name: &str, names: impl Iterator<Item = String>) -> Option<String> {
    if name.len() > LONGEST {
        return None;
    }
    let word = plain(name);
    let tolerance = (word.chars().count() / 3).max(1);
    names
        .map(|candidate| (distance(&word, &plain(&candidate)), candidate))
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The name with what is only notation made alike.
fn plain(name: &str) -> String {
    name.to_lowercase().replace(['_', '-'], ".")
}

/// How many letters differ; a name that only lacks the structs around it is near.
fn distance(word: &str, candidate: &str) -> usize {
    let is_last = candidate.strip_suffix(word).is_some_and(|before| before.ends_with('.'));
    if is_last { 1 } else { strsim::damerau_levenshtein(word, candidate) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Option<String> {
        let names = ["threshold", "camera.url", "camera.user", "id"];
        nearest(name, names.into_iter().map(str::to_owned))
    }

    #[test]
    fn a_slip_of_the_pen_is_found() {
        assert_eq!(of("treshold").as_deref(), Some("threshold"));
        assert_eq!(of("Threshold").as_deref(), Some("threshold"));
        assert_eq!(of("camera_url").as_deref(), Some("camera.url"));
        assert_eq!(of("user").as_deref(), Some("camera.user"));
    }

    #[test]
    fn what_is_like_nothing_is_like_nothing() {
        assert_eq!(of("region"), None);
        assert_eq!(of("no"), None);
        assert_eq!(of(&"threshold".repeat(1000)), None);
    }
}
