use harfrust::{Buffer, BufferFlags, Direction, Script, ShapeOptions, ShapePlan, ShaperFont, shape};
use unicode_bidi::ParagraphBidiInfo;

use super::piece::Piece;
use super::shaped::Shaped;
use crate::text::atlas::MISSING;
use crate::text::characters::{is_blank, is_ignorable};
use crate::text::fonts::Fonts;
use crate::text::spot::Spot;

/// Plans that are kept; there is one for each font, script and direction.
const PLANS: usize = 64;

/// Makes glyphs of characters: splits a line by direction, font and script, and shapes each piece.
#[derive(Default)]
pub(super) struct Shaper {
    buffer: Buffer,
    /// How to shape, by font.
    plans: Vec<(u16, ShapePlan)>,
}

impl Shaper {
    /// Shapes a line. The first letter with a direction says where it begins.
    pub fn shape(&mut self, fonts: &Fonts, text: &str) -> Shaped {
        let visible = |character| if is_blank(character) { ' ' } else { character };
        let text: String = text.chars().map(visible).collect();
        let mut line = Shaped::default();
        if text.is_empty() {
            return line;
        }
        let bidi = ParagraphBidiInfo::new(&text, None);
        line.from_right = bidi.paragraph_level.is_rtl();
        let (levels, runs) = bidi.visual_runs(0..text.len());
        for run in runs {
            let from_right = levels.get(run.start).is_some_and(|level| level.is_rtl());
            let run = text.get(run).unwrap_or_default();
            let direction = if from_right { Direction::RightToLeft } else { Direction::LeftToRight };
            self.run(fonts, run, direction, &mut line);
        }
        line
    }

    /// Adds a run of characters in one direction.
    fn run(&mut self, fonts: &Fonts, text: &str, direction: Direction, line: &mut Shaped) {
        let mut pieces = Piece::of(fonts, text);
        if direction == Direction::RightToLeft {
            pieces.reverse();
        }
        for Piece { range, font, script } in pieces {
            let text = text.get(range).unwrap_or_default();
            match font {
                Some(font) => self.glyphs(fonts, font, script, direction, text, line),
                None => boxes(fonts, text, line),
            }
        }
    }

    /// Adds the glyphs of a font.
    fn glyphs(
        &mut self,
        fonts: &Fonts,
        rank: u16,
        script: Option<Script>,
        direction: Direction,
        text: &str,
        line: &mut Shaped,
    ) {
        let Some((font, ratio)) = fonts.shaping(rank) else { return };
        self.fill(text, script, direction);
        let Self { buffer, plans } = self;
        let plan = plan(plans, rank, font, script, direction);
        if shape(&ShaperFont::new(font), buffer, ShapeOptions::new().plan(Some(plan))).is_err() {
            return boxes(fonts, text, line);
        }
        for (info, position) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
            let Some(glyph) = u16::try_from(info.glyph_id).ok().filter(|&glyph| glyph != MISSING) else {
                push_box(fonts, line);
                continue;
            };
            let (x, y) = (position.x_offset as f32 * ratio, position.y_offset as f32 * ratio);
            line.spots.push(Spot { font: rank, glyph, x: line.width + x, y });
            line.width += position.x_advance as f32 * ratio;
        }
    }

    fn fill(&mut self, text: &str, script: Option<Script>, direction: Direction) {
        self.buffer.clear();
        self.buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
        self.buffer.set_script(script);
        self.buffer.set_direction(direction);
        self.buffer.push_str(text);
    }
}

/// How to shape a script in a font.
fn plan<'a>(
    plans: &'a mut Vec<(u16, ShapePlan)>,
    rank: u16,
    font: &harfrust::Font,
    script: Option<Script>,
    direction: Direction,
) -> &'a ShapePlan {
    let fits = |(of, plan): &(u16, ShapePlan)| {
        *of == rank && plan.script() == script && plan.direction() == direction
    };
    let index = plans.iter().position(fits).unwrap_or_else(|| {
        if plans.len() >= PLANS {
            plans.clear();
        }
        plans.push((rank, ShapePlan::new(font, direction, script, None, &[])));
        plans.len() - 1
    });
    &plans[index].1
}

/// Adds boxes for characters that no font has.
fn boxes(fonts: &Fonts, text: &str, line: &mut Shaped) {
    for character in text.chars().filter(|&character| !is_ignorable(character)) {
        match character {
            ' ' => line.width += fonts.missing_space(),
            _ => push_box(fonts, line),
        }
    }
}

fn push_box(fonts: &Fonts, line: &mut Shaped) {
    line.spots.push(Spot { font: 0, glyph: MISSING, x: line.width, y: 0.0 });
    line.width += fonts.missing_advance();
}
