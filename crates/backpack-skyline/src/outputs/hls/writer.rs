use std::collections::VecDeque;
use std::fmt::Write;
use std::time::SystemTime;

use super::folder::{Folder, INDEX, MEDIA, header_name, segment_name};
use super::playlist::{Entry, Playlist};
use super::segmenter::Segment;
use crate::outputs::fmp4::{Header, TIMESCALE, fragment, ticks};
use crate::{OutputError, StreamInfo};

/// Writes segments and playlists, and removes what nobody needs any more.
#[derive(Debug)]
pub(super) struct Writer {
    folder: Folder,
    playlist: Playlist,
    /// How many segments stay in the list; all without a number.
    window: Option<usize>,
    /// The number in the name of the next file.
    next: u64,
    /// Whether an earlier run may have been watched, from which the first segment differs.
    resumes: bool,
    /// How much was written in this run, in ticks.
    written: u64,
    retired: VecDeque<Retired>,
    /// The file with the header of the stream that is open.
    header: Option<String>,
    /// What is added to the times of the stream that is open, in ticks.
    shift: u64,
    /// Where the last segment ended in the files' time, in ticks.
    end: u64,
    /// The highest bit rate so far, and the one that the index tells.
    peak: u64,
    announced: u64,
}

/// A file that is in no list any more. Players that have read an older list may still ask for it (RFC 8216, 6.2.2).
#[derive(Debug)]
struct Retired {
    file: String,
    header: String,
    /// It is removed when so much has been written.
    due: u64,
}

impl Writer {
    /// Goes on where an earlier run in the same directory ended.
    pub(super) fn open(folder: Folder, target: u64, window: Option<usize>) -> Result<Self, OutputError> {
        let found = folder.scan()?;
        let old = folder.read(MEDIA).and_then(|text| Playlist::parse(&text));
        let resumes = old.is_some();
        let next = found.iter().map(|(_, number)| number + 1).max().unwrap_or(0);
        let fresh = Playlist { target, keeps_all: window.is_none(), ..Playlist::default() };
        let mut retired = VecDeque::new();
        let playlist = match old {
            Some(old) if window.is_none() && old.keeps_all && old.target == target => {
                Playlist { ended: false, ..old }
            }
            old => {
                let mut old = old.unwrap_or_default();
                let due = old.duration();
                if window.is_some() {
                    let stale =
                        found.into_iter().map(|(file, _)| Retired { file, header: String::new(), due });
                    retired.extend(stale);
                }
                while old.remove_first().is_some() {}
                Playlist { sequence: old.sequence.max(next), discontinuities: old.discontinuities, ..fresh }
            }
        };
        Ok(Self {
            folder,
            playlist,
            window,
            next,
            resumes,
            written: 0,
            retired,
            header: None,
            shift: 0,
            end: 0,
            peak: 0,
            announced: 0,
        })
    }

    /// Whatever is added next has another header.
    pub(super) fn change_header(&mut self) {
        self.header = None;
    }

    /// Writes a segment and then the list with it.
    pub(super) fn add(
        &mut self,
        segment: &Segment,
        header: &Header,
        stream: &StreamInfo,
    ) -> Result<(), OutputError> {
        let is_new = self.header.is_none();
        let header_file = match self.header.take() {
            Some(file) => file,
            None => {
                let file = header_name(self.next);
                self.folder.write(&file, &header.bytes)?;
                self.shift = ticks(stream.started.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default());
                file
            }
        };
        self.header = Some(header_file.clone());
        let file = segment_name(self.next);
        let begins = self.file_time(segment.begins);
        // The numbers of fragments only need to increase.
        let bytes = fragment(self.next as u32, begins, &segment.samples).map_err(OutputError::new)?;
        self.folder.write(&file, &bytes)?;
        self.next += 1;
        self.end = begins + segment.duration;
        self.written += segment.duration;
        let is_first = self.playlist.entries.is_empty() && !self.resumes && self.playlist.sequence == 0;
        self.playlist.entries.push_back(Entry {
            file,
            header: header_file,
            duration: segment.duration,
            discontinuity: !segment.follows && !is_first,
            date: stream.started.checked_add(segment.shown.elapsed()).and_then(date),
        });
        self.slide();
        self.publish()?;
        self.write_index(bytes.len(), segment.duration, is_new, header, stream)?;
        self.remove_retired();
        Ok(())
    }

    /// When something begins in the files. Their time is the wall time, so that it also goes on over stops and restarts, and it never goes back:
    /// not every player would bear with that, although the list warns of it.
    fn file_time(&mut self, begins: u64) -> u64 {
        let time = begins.saturating_add(self.shift);
        self.shift += self.end.saturating_sub(time);
        time.max(self.end)
    }

    /// Tells players that nothing more will come.
    pub(super) fn end(&mut self) -> Result<(), OutputError> {
        self.playlist.ended = true;
        if self.playlist.entries.is_empty() { Ok(()) } else { self.publish() }
    }

    fn publish(&self) -> Result<(), OutputError> {
        self.folder.write(MEDIA, self.playlist.render().as_bytes())
    }

    /// Takes segments out of the list that are beyond the window. Three target durations must remain (RFC 8216, 6.2.2).
    fn slide(&mut self) {
        let Some(window) = self.window else { return };
        let least = 3 * self.playlist.target * u64::from(TIMESCALE);
        while self.playlist.entries.len() > window {
            let before = self.playlist.duration();
            let first = self.playlist.entries.front().map_or(0, |entry| entry.duration);
            if before - first < least {
                return;
            }
            let Some(Entry { file, header, .. }) = self.playlist.remove_first() else { return };
            self.retired.push_back(Retired { file, header, due: self.written + first + before });
        }
    }

    fn remove_retired(&mut self) {
        while let Some(Retired { file, header, .. }) =
            self.retired.pop_front_if(|retired| retired.due <= self.written)
        {
            self.folder.remove(&file);
            let is_used = self.playlist.entries.iter().any(|entry| entry.header == header)
                || self.retired.iter().any(|retired| retired.header == header)
                || self.header.as_ref() == Some(&header);
            if !is_used && !header.is_empty() {
                self.folder.remove(&header);
            }
        }
    }

    /// Writes the index anew if its codecs, size or bandwidth are not true any more.
    fn write_index(
        &mut self,
        bytes: usize,
        duration: u64,
        is_new: bool,
        header: &Header,
        stream: &StreamInfo,
    ) -> Result<(), OutputError> {
        let timescale = u64::from(TIMESCALE);
        // What is short says little about the rate (RFC 8216, 4.1).
        let ticks = duration.max(self.playlist.target * timescale / 2);
        self.peak = self.peak.max(bytes as u64 * 8 * timescale / ticks);
        if !is_new && self.peak <= self.announced {
            return Ok(());
        }
        // Some room, so that it need not be written every time.
        let bandwidth = self.peak + self.peak / 4;
        let StreamInfo { width, height, frame_rate, .. } = stream;
        let mut text = String::from("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},CODECS=\"{}\",RESOLUTION={width}x{height},FRAME-RATE={:.3}\n{MEDIA}",
            header.codecs,
            frame_rate.hertz(),
        );
        self.folder.write(INDEX, text.as_bytes())?;
        self.announced = bandwidth;
        Ok(())
    }
}

/// In the form that playlists want (ISO 8601); `None` beyond the year 9999.
fn date(time: SystemTime) -> Option<String> {
    jiff::Timestamp::try_from(time).ok().map(|time| format!("{time:.3}"))
}
