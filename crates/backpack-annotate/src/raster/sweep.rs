use std::ops::Range;

/// Something that reaches over rows of pixels.
pub(crate) trait Rows {
    fn rows(&self) -> Range<usize>;
}

/// Goes down the rows that `items` reach over, each time with those that reach over the row.
///
/// The work for a row depends only on what lies in it. `active` is scratch memory.
pub(crate) fn sweep<T: Rows>(
    items: &mut [T],
    active: &mut Vec<usize>,
    mut visit: impl FnMut(usize, &[T], &[usize]),
) {
    items.sort_unstable_by_key(|item| item.rows().start);
    active.clear();
    let mut next = 0;
    let mut row = 0;
    while next < items.len() || !active.is_empty() {
        if active.is_empty() {
            row = items[next].rows().start;
        }
        while items.get(next).is_some_and(|item| item.rows().start <= row) {
            active.push(next);
            next += 1;
        }
        active.retain(|&index| row < items[index].rows().end);
        visit(row, items, active);
        row += 1;
    }
}
