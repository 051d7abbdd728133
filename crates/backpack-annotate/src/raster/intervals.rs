/// Stretches of a row that something was drawn in.
#[derive(Default)]
pub(crate) struct Intervals(Vec<(usize, usize)>);

impl Intervals {
    /// Adds the stretch from `start` to before `end`.
    pub fn push(&mut self, start: usize, end: usize) {
        match self.0.last_mut() {
            // Shapes often come from left to right.
            Some(last) if last.0 <= start && start <= last.1 => last.1 = last.1.max(end),
            _ => self.0.push((start, end)),
        }
    }

    /// Takes out everything that was added, from left to right, what touches in one piece.
    pub fn drain(&mut self, mut visit: impl FnMut(usize, usize)) {
        self.0.sort_unstable();
        let mut stretches = self.0.drain(..);
        let Some(mut current) = stretches.next() else { return };
        for (start, end) in stretches {
            if start <= current.1 {
                current.1 = current.1.max(end);
            } else {
                visit(current.0, current.1);
                current = (start, end);
            }
        }
        visit(current.0, current.1);
    }
}
