use crate::raster::Area;
use crate::text::Block;

/// A text with its background.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub block: Block,
    pub area: Area,
    /// Space between the text and the left and right border.
    pub across: i32,
    /// Space above and below the text.
    pub down: i32,
}

impl Tag {
    /// A tag at the origin.
    pub fn new(block: Block, across: i32, down: i32) -> Self {
        let area = Area::new(0, 0, block.width + 2 * across, block.height + 2 * down);
        Self { block, area, across, down }
    }

    /// The same tag with its top left corner here, or as close to it as it can be inside the frame.
    ///
    /// A tag that is too large shows its beginning.
    pub fn at(self, left: i32, top: i32, frame: &Area) -> Self {
        let left = left.min(frame.right - self.area.width()).max(0);
        let top = top.min(frame.bottom - self.area.height()).max(0);
        Self { area: Area::new(left, top, self.area.width(), self.area.height()), ..self }
    }

    /// The tag that stands above the box `outer`, or inside or below it if there is no room above.
    ///
    /// It overlaps the box's line of `thickness` pixels, so that the two are one piece.
    pub fn above(self, outer: &Area, thickness: i32, frame: &Area) -> Self {
        let height = self.area.height();
        let (above, below) = (outer.top + thickness - height, outer.bottom - thickness);
        let inside = outer.top.max(0);
        let fits_inside = inside + height <= outer.bottom;
        let top = if above >= 0 {
            above
        } else if fits_inside || below + height > frame.bottom {
            inside
        } else {
            below
        };
        self.at(outer.left, top, frame)
    }

    /// The tag that stands below the box `outer`, or inside or above it if there is no room below or `other` is there.
    pub fn below(self, outer: &Area, thickness: i32, frame: &Area, other: Option<&Area>) -> Self {
        let height = self.area.height();
        let (above, below) = (outer.top + thickness - height, outer.bottom - thickness);
        let inside = outer.bottom.min(frame.bottom) - height;
        let places = [
            (below, below + height <= frame.bottom),
            (inside, inside >= outer.top),
            (above, above >= 0),
            // On a box too small for two tags, next to the other one.
            (other.map_or(inside, |other| other.bottom), true),
            (other.map_or(inside, |other| other.top - height), true),
        ];
        let free = |tag: &Tag| !other.is_some_and(|other| other.overlaps(&tag.area));
        places
            .into_iter()
            .filter(|&(_, possible)| possible)
            .map(|(top, _)| self.clone().at(outer.left, top, frame))
            .find(free)
            .unwrap_or_else(|| self.clone().at(outer.left, inside, frame))
    }

    /// The row below the baseline of the first line.
    pub fn baseline(&self) -> i32 {
        self.area.top + self.down + self.block.ascent
    }
}
