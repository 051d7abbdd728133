use std::fmt::Write;

use backpack_annotate::{Annotation, HorizontalAnchor, Label, VerticalAnchor};

use crate::area::Area;
use crate::lettering::Lettering;
use crate::look;
use crate::status::Status;

/// What is written on a picture that is not live.
pub(crate) struct Caption {
    /// The height of a line in pixels.
    size: u32,
    room: Area,
    shown: Status,
    label: Annotation,
}

impl Caption {
    /// A caption for this room, which is empty yet.
    pub fn new(room: Area) -> Self {
        let size = (room.height / 11).min(room.width / 12).clamp(10, 64);
        let label = label(room, size, "", &Status::Live);
        Self { size, room, shown: Status::Live, label: label.into() }
    }

    /// The annotation that says how it stands, if there is anything to say.
    pub fn of(&mut self, status: &Status, lettering: &mut Lettering) -> Option<&Annotation> {
        if *status != self.shown {
            self.write(status, lettering);
            self.shown.clone_from(status);
        }
        (*status != Status::Live).then_some(&self.label)
    }

    fn write(&mut self, status: &Status, lettering: &mut Lettering) {
        // An age changes all the time and is short: it is written over the one before.
        if let (Status::Late(_), Status::Late(_), Annotation::Label(label)) =
            (status, &self.shown, &mut self.label)
        {
            label.text.clear();
            // Writing to a string does not fail.
            let _ = write!(label.text, "{status}");
            return;
        }
        let width = self.room.width.saturating_sub(2 * self.size).max(self.size);
        let most = (self.room.height / self.size / 2).max(1) as usize;
        let text = lettering.wrapped(&status.to_string(), self.size, width, most);
        self.label = label(self.room, self.size, &text, status).into();
    }
}

fn label(room: Area, size: u32, text: &str, status: &Status) -> Label {
    let label = Label::new((0.5, 0.5), text)
        .anchor(HorizontalAnchor::Center, VerticalAnchor::Center)
        .size(f64::from(size) / f64::from(room.height))
        .color(status.color());
    // Where nothing is behind the text there is no need for a ground.
    if *status == Status::Waiting { label } else { label.background(look::CAPTION_GROUND) }
}
