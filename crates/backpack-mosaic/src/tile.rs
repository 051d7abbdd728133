use std::time::{Duration, Instant};

use backpack_annotate::{Annotation, Color, Dot, HorizontalAnchor, Label, Rectangle, VerticalAnchor};
use backpack_core::{Frame, Rect};

use crate::Source;
use crate::area::Area;
use crate::canvas::{Canvas, copy, copy_dimmed};
use crate::caption::Caption;
use crate::grid::Cell;
use crate::lettering::Lettering;
use crate::look;
use crate::status::Status;

/// The cell of one source: its title, its newest picture and how it stands with it.
pub(crate) struct Tile {
    source: Source,
    bar: Area,
    room: Area,
    picture: Option<Frame>,
    caption: Caption,
}

impl Tile {
    pub fn new(source: Source, cell: Cell) -> Self {
        let (bar, room) = cell.split();
        Self { source, bar, room, picture: None, caption: Caption::new(room) }
    }

    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Draws what never changes.
    pub fn draw_title(&self, canvas: &Canvas, memory: &mut [u8], lettering: &mut Lettering) {
        fill(canvas, memory, self.room, look::PANEL, lettering);
        fill(canvas, memory, self.bar, look::BAR, lettering);
        let size = title_size(self.bar);
        let (left, right) = (self.bar.height, self.bar.height / 3);
        let room = self.bar.width.saturating_sub(left + right);
        let text = lettering.shortened(self.source.name(), size, room);
        let title = Label::new((f64::from(left) / f64::from(self.bar.width), 0.5), text)
            .anchor(HorizontalAnchor::Left, VerticalAnchor::Center)
            .size(f64::from(size) / f64::from(self.bar.height))
            .color(look::TITLE);
        lettering.draw([&title.into()], &mut canvas.part(memory, self.bar));
    }

    /// Draws what is new.
    pub fn draw(
        &mut self,
        now: Instant,
        late_after: Duration,
        canvas: &Canvas,
        memory: &mut [u8],
        lettering: &mut Lettering,
    ) {
        let status = self.look_up(now, late_after);
        if let Some(picture) = &self.picture {
            let place = self.room.centered(picture.width(), picture.height());
            let mut target = canvas.part(memory, place);
            match status.dimming() {
                None => copy(&picture.view(), &mut target),
                Some((light, color)) => copy_dimmed(&picture.view(), &mut target, light, color),
            }
        }
        if let Some(caption) = self.caption.of(&status, lettering) {
            lettering.draw([caption], &mut canvas.part(memory, self.room));
        }
        lettering.draw([&self.light(&status)], &mut canvas.part(memory, self.bar));
    }

    /// Takes the newest picture, and says how it stands with the source.
    fn look_up(&mut self, now: Instant, late_after: Duration) -> Status {
        let mut mailbox = self.source.slot().mailbox();
        if std::mem::take(&mut mailbox.is_new) {
            std::mem::swap(&mut mailbox.picture, &mut self.picture);
        }
        match (&mailbox.lost, mailbox.updated) {
            (Some(reason), _) => Status::Lost(reason.clone()),
            (None, None) => Status::Waiting,
            (None, Some(updated)) => match now.saturating_duration_since(updated) {
                age if age > late_after => Status::Late(age),
                _ => Status::Live,
            },
        }
    }

    /// The light beside the title.
    fn light(&self, status: &Status) -> Annotation {
        let (width, height) = (f64::from(self.bar.width), f64::from(self.bar.height));
        Dot::new((height * 0.5 / width, 0.5)).radius(0.17).color(status.color()).into()
    }
}

/// The height of a line of the title.
fn title_size(bar: Area) -> u32 {
    (bar.height * 7 / 10).max(12)
}

/// Fills an area with a colour.
pub(crate) fn fill(canvas: &Canvas, memory: &mut [u8], area: Area, color: Color, lettering: &mut Lettering) {
    let rectangle = Rectangle::new(Rect::unit()).color(Color::TRANSPARENT).fill(color).into();
    lettering.draw([&rectangle], &mut canvas.part(memory, area));
}
