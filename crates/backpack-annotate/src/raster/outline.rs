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
