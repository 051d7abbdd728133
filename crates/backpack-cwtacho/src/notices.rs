use std::time::{Duration, Instant};

/// The same is not said again before this has passed.
const SAME: Duration = Duration::from_secs(600);
/// Nor is anything else about the same topic.
const OTHER: Duration = Duration::from_secs(60);

/// What warnings are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Request,
    Refused,
    Dropped,
    Disk,
}

/// Which warnings were given when, so that trouble that lasts does not fill the log.
#[derive(Debug, Default)]
pub(crate) struct Notices(Vec<Notice>);

#[derive(Debug)]
struct Notice {
    topic: Topic,
    said: Instant,
    text: String,
}

impl Notices {
    /// Whether it is time to say this about the topic, after which it has been.
    pub(crate) fn is_due(&mut self, topic: Topic, text: &str, now: Instant) -> bool {
        let Some(last) = self.0.iter_mut().find(|notice| notice.topic == topic) else {
            self.0.push(Notice { topic, said: now, text: text.to_owned() });
            return true;
        };
        let pause = if last.text == text { SAME } else { OTHER };
        let is_due = now.saturating_duration_since(last.said) >= pause;
        if is_due {
            (last.said, last.text) = (now, text.to_owned());
        }
        is_due
    }

    /// The topic is closed; what comes next about it is news. Returns whether anything was said about it.
    pub(crate) fn clear(&mut self, topic: Topic) -> bool {
        let count = self.0.len();
        self.0.retain(|notice| notice.topic != topic);
        self.0.len() < count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_every_ten_minutes_and_something_else_every_minute() {
        let (mut notices, start) = (Notices::default(), Instant::now());
        let mut is_due =
            |topic, text, seconds| notices.is_due(topic, text, start + Duration::from_secs(seconds));
        assert!(is_due(Topic::Request, "no route", 0));
        assert!(is_due(Topic::Disk, "full", 1));
        assert!(!is_due(Topic::Request, "no route", 300));
        assert!(is_due(Topic::Request, "no answer", 301));
        assert!(!is_due(Topic::Request, "no route", 302));
        assert!(is_due(Topic::Request, "no answer", 901));
    }

    #[test]
    fn what_was_mended_and_comes_again_is_news() {
        let (mut notices, start) = (Notices::default(), Instant::now());
        assert!(!notices.clear(Topic::Request));
        assert!(notices.is_due(Topic::Request, "no route", start));
        assert!(notices.clear(Topic::Request));
        assert!(notices.is_due(Topic::Request, "no route", start));
    }
}
