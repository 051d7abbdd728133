use backpack_annotate::{
    Annotation, Color, Driver, Font, FrameDriver, HorizontalAnchor, Label, VerticalAnchor,
};
use backpack_core::{FrameMut, PixelFormat};

const ELLIPSIS: char = '…';

/// Draws text, and makes it fit.
pub(crate) struct Lettering {
    driver: FrameDriver,
    /// Where text is drawn to see how wide it is.
    sheet: Vec<u8>,
}

impl Lettering {
    /// With these fonts, or with the built-in one.
    pub fn new(fonts: Vec<Font>) -> Self {
        let driver = if fonts.is_empty() { FrameDriver::new() } else { FrameDriver::with_fonts(fonts) };
        Self { driver, sheet: Vec::new() }
    }

    /// Draws annotations whose places and sizes are numbers.
    pub fn draw<'a>(&mut self, scene: impl IntoIterator<Item = &'a Annotation>, frame: &mut FrameMut<'_>) {
        draw(&mut self.driver, scene, frame);
    }

    /// The text in one line at most `room` pixels wide, with an ellipsis if it had to be cut off.
    pub fn shortened(&mut self, text: &str, size: u32, room: u32) -> String {
        let text = in_one_line(text);
        if self.fits(&text, size, room) {
            return text;
        }
        let cuts: Vec<usize> = text.char_indices().map(|(index, _)| index).collect();
        let cut_at = |index: usize| {
            let mut cut = text[..index].trim_end().to_owned();
            cut.push(ELLIPSIS);
            cut
        };
        let fitting = cuts.partition_point(|&index| self.fits(&cut_at(index), size, room));
        cut_at(cuts[fitting.saturating_sub(1)])
    }

    /// The text in at most so many lines, broken between words; what does not fit is cut off.
    pub fn wrapped(&mut self, text: &str, size: u32, room: u32, most: usize) -> String {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match (longer.filter(|longer| self.fits(longer, size, room)), lines.last_mut()) {
                (Some(longer), Some(line)) => *line = longer,
                _ => lines.push(word.to_owned()),
            }
            // The rest of a novel will not be read.
            if lines.len() > most {
                break;
            }
        }
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1));
            lines.push(rest.join(" "));
        }
        let lines: Vec<String> = lines.iter().map(|line| self.shortened(line, size, room)).collect();
        lines.join("\n")
    }

    /// Whether a line of text is at most so many pixels wide.
    fn fits(&mut self, text: &str, size: u32, room: u32) -> bool {
        let (width, height) = (room + 2 * size, size);
        self.sheet.clear();
        self.sheet.resize((width * height) as usize, 0);
        let label = Label::new((0.0, 0.0), text).anchor(HorizontalAnchor::Left, VerticalAnchor::Top);
        let label = label.size(1.0).color(Color::WHITE).into();
        let mut frame = FrameMut::new(&mut self.sheet, width, height, PixelFormat::Gray8)
            .expect("the memory was made for this size");
        draw(&mut self.driver, [&label], &mut frame);
        self.sheet.chunks_exact(width as usize).all(|row| row[room as usize..].iter().all(|&ink| ink == 0))
    }
}

fn draw<'a>(
    driver: &mut FrameDriver,
    scene: impl IntoIterator<Item = &'a Annotation>,
    frame: &mut FrameMut<'_>,
) {
    driver.render(scene, frame).expect("places and sizes are numbers, and the formats can be drawn on");
}

/// Without what would begin a new line or be drawn as nothing in particular.
fn in_one_line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.trim().to_owned()
}

#[cfg(all(test, feature = "builtin-font"))]
mod tests {
    use super::*;

    const LONG: &str = "Eingang West, Tor 3 (Anlieferung), Kamera über der Laderampe";

    #[test]
    fn a_text_that_fits_stays_whole_and_others_are_cut_off_where_the_room_ends() {
        let mut lettering = Lettering::new(Vec::new());
        assert_eq!(lettering.shortened(LONG, 14, 1000), LONG);
        for room in [1, 20, 60, 133, 200, 321] {
            let text = lettering.shortened(LONG, 14, room);
            let kept = text.strip_suffix(ELLIPSIS).unwrap();
            assert!(LONG.starts_with(kept) && kept == kept.trim_end(), "{text}");
            assert!(kept.is_empty() || lettering.fits(&text, 14, room), "{text}");
            let more: String = LONG.chars().take(kept.chars().count() + 2).chain([ELLIPSIS]).collect();
            assert!(!lettering.fits(&more, 14, room), "{text}");
        }
    }

    #[test]
    fn a_title_is_one_line() {
        let mut lettering = Lettering::new(Vec::new());
        assert_eq!(lettering.shortened(" two\nlines\t", 14, 1000), "two lines");
        assert_eq!(lettering.shortened("\r\n", 14, 1000), "");
    }

    #[test]
    fn a_reason_is_broken_between_words_and_ends_where_the_room_does() {
        let mut lettering = Lettering::new(Vec::new());
        let text = lettering.wrapped(LONG, 14, 150, 9);
        assert_eq!(text.replace('\n', " "), LONG);
        assert!(text.lines().count() > 2 && text.lines().all(|line| lettering.fits(line, 14, 150)), "{text}");
        let text = lettering.wrapped(LONG, 14, 150, 2);
        assert!(text.lines().count() == 2 && text.ends_with(ELLIPSIS), "{text}");
        assert_eq!(lettering.wrapped("", 14, 150, 2), "");
    }
}
