use super::Area;

/// The four sides of an area, `thickness` pixels thick on the inside; they overlap at the corners.
pub(crate) fn outline(area: Area, thickness: i32) -> [Area; 4] {
    let (across, down) = (thickness.min(area.width()), thickness.min(area.height()));
    [
        Area { bottom: area.top + down, ..area },
        Area { top: area.bottom - down, ..area },
        Area { right: area.left + across, ..area },
        Area { left: area.right - across, ..area },
    ]
}

/// The parts of the outline within a quarter of the shorter side from each corner.
pub(crate) fn corners(area: Area, thickness: i32) -> [Area; 8] {
    let reach = (area.width().min(area.height()) / 4).max(thickness).max(1);
    let [top, bottom, left, right] = outline(area, thickness);
    let ends = |side: Area| {
        let first = Area {
            right: side.right.min(side.left + reach),
            bottom: side.bottom.min(side.top + reach),
            ..side
        };
        let last =
            Area { left: side.left.max(side.right - reach), top: side.top.max(side.bottom - reach), ..side };
        [first, last]
    };
    let [[a, b], [c, d], [e, f], [g, h]] = [top, bottom, left, right].map(ends);
    [a, b, c, d, e, f, g, h]
}
