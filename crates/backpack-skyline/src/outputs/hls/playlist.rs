use std::collections::VecDeque;
use std::fmt::Write;

use crate::outputs::fmp4::TIMESCALE;

/// A media playlist (RFC 8216, 4.3.3).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Playlist {
    /// The longest that a segment may last, in seconds.
    pub(super) target: u64,
    /// Whether segments are only ever added.
    pub(super) keeps_all: bool,
    /// The number of the first segment.
    pub(super) sequence: u64,
    /// How many discontinuities stood before the first segment's.
    pub(super) discontinuities: u64,
    pub(super) entries: VecDeque<Entry>,
    /// Whether nothing more will come.
    pub(super) ended: bool,
}

/// A segment in a playlist.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Entry {
    pub(super) file: String,
    /// The file with the header that its pictures need.
    pub(super) header: String,
    /// In ticks.
    pub(super) duration: u64,
    /// Whether something else precedes it than what comes before it in time.
    pub(super) discontinuity: bool,
    /// The wall time of its first picture (ISO 8601).
    pub(super) date: Option<String>,
}

impl Playlist {
    /// How long all segments last together, in ticks.
    pub(super) fn duration(&self) -> u64 {
        self.entries.iter().map(|entry| entry.duration).sum()
    }

    /// Removes the first segment from the list.
    pub(super) fn remove_first(&mut self) -> Option<Entry> {
        let entry = self.entries.pop_front()?;
        self.sequence += 1;
        self.discontinuities += u64::from(entry.discontinuity);
        Some(entry)
    }

    pub(super) fn render(&self) -> String {
        let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "#EXT-X-TARGETDURATION:{}", self.target);
        if self.keeps_all {
            text.push_str("#EXT-X-PLAYLIST-TYPE:EVENT\n");
        }
        let _ = writeln!(text, "#EXT-X-MEDIA-SEQUENCE:{}", self.sequence);
        let _ = writeln!(text, "#EXT-X-DISCONTINUITY-SEQUENCE:{}", self.discontinuities);
        let mut header = None;
        for entry in &self.entries {
            if entry.discontinuity {
                text.push_str("#EXT-X-DISCONTINUITY\n");
            }
            if header != Some(&entry.header) {
                let _ = writeln!(text, "#EXT-X-MAP:URI=\"{}\"", entry.header);
                header = Some(&entry.header);
            }
            if let Some(date) = &entry.date {
                let _ = writeln!(text, "#EXT-X-PROGRAM-DATE-TIME:{date}");
            }
            let _ = writeln!(text, "#EXTINF:{},\n{}", Seconds(entry.duration), entry.file);
        }
        if self.ended {
            text.push_str("#EXT-X-ENDLIST\n");
        }
        text
    }

    /// Reads what [`render`](Playlist::render) wrote, in an earlier run perhaps; `None` if it is something else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next() != Some("#EXTM3U") {
            return None;
        }
        let mut playlist = Self::default();
        let mut entry = Entry::default();
        for line in lines {
            let (tag, value) = line.split_once(':').unwrap_or((line, ""));
            match tag {
                "#EXT-X-TARGETDURATION" => playlist.target = parse_number(value)?,
                "#EXT-X-PLAYLIST-TYPE" => playlist.keeps_all = value == "EVENT",
                "#EXT-X-MEDIA-SEQUENCE" => playlist.sequence = parse_number(value)?,
                "#EXT-X-DISCONTINUITY-SEQUENCE" => playlist.discontinuities = parse_number(value)?,
                "#EXT-X-DISCONTINUITY" => entry.discontinuity = true,
                "#EXT-X-MAP" => {
                    entry.header = value.strip_prefix("URI=\"")?.strip_suffix('"')?.to_owned();
                }
                "#EXT-X-PROGRAM-DATE-TIME" => entry.date = Some(value.to_owned()),
                "#EXTINF" => entry.duration = parse_seconds(value.strip_suffix(',')?)?,
                "#EXT-X-ENDLIST" => playlist.ended = true,
                _ if line.starts_with('#') || line.is_empty() => {}
                _ => {
                    let next = Entry { header: entry.header.clone(), ..Entry::default() };
                    let complete = std::mem::replace(&mut entry, next);
                    playlist.entries.push_back(Entry { file: line.to_owned(), ..complete });
                }
            }
        }
        Some(playlist)
    }
}

/// Ticks as seconds with six digits, which is finer than a tick.
struct Seconds(u64);

impl std::fmt::Display for Seconds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let timescale = u64::from(TIMESCALE);
        write!(f, "{}.{:06}", self.0 / timescale, self.0 % timescale * 1_000_000 / timescale)
    }
}

/// A number that leaves room for others after it.
fn parse_number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|&number| number <= u64::MAX / 2)
}

fn parse_seconds(text: &str) -> Option<u64> {
    let seconds: f64 = text.parse().ok()?;
    // A cast from float saturates.
    (0.0..1e6).contains(&seconds).then(|| (seconds * f64::from(TIMESCALE)).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entries() -> impl Strategy<Value = Vec<Entry>> {
        let entry = (0u64..100, 0u64..3, 1u64..900_000, any::<bool>(), any::<bool>());
        let entry = entry.prop_map(|(file, header, duration, discontinuity, dated)| Entry {
            file: format!("{file}.m4s"),
            header: format!("{header}.mp4"),
            duration,
            discontinuity,
            date: dated.then(|| "2026-01-02T03:04:05.678Z".to_owned()),
        });
        prop::collection::vec(entry, 0..10)
    }

    proptest! {
        #[test]
        fn what_is_rendered_is_read_back(
            entries in entries(), numbers in any::<(u32, u32, u32)>(), keeps_all in any::<bool>(), ended in any::<bool>(),
        ) {
            let playlist = Playlist {
                target: numbers.0.into(),
                keeps_all,
                sequence: numbers.1.into(),
                discontinuities: numbers.2.into(),
                entries: entries.into(),
                ended,
            };
            prop_assert_eq!(Playlist::parse(&playlist.render()), Some(playlist));
        }

        #[test]
        fn any_text_is_read_without_a_panic(lines in prop::collection::vec("(#EXT(INF|-X-MAP|-X-MEDIA-SEQUENCE):)?.{0,20}", 0..10)) {
            if let Some(mut playlist) = Playlist::parse(&format!("#EXTM3U\n{}", lines.join("\n"))) {
                playlist.duration();
                while playlist.remove_first().is_some() {}
            }
        }
    }
}
