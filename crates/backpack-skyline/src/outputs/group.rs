/// What came since the last key frame, for viewers who join.
#[derive(Debug)]
pub(crate) struct Group<T> {
    items: Vec<T>,
    bytes: usize,
    limit: usize,
}

impl<T> Group<T> {
    /// A group that is kept until it has grown beyond so many bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { items: Vec::new(), bytes: 0, limit }
    }

    /// Adds the next item. A group that grew too large is not kept; there is none until the next key frame then.
    pub(crate) fn push(&mut self, item: T, bytes: usize, keyframe: bool) {
        if keyframe || self.bytes > self.limit {
            self.items.clear();
            self.bytes = 0;
        }
        if keyframe || !self.items.is_empty() {
            self.bytes += bytes;
            self.items.push(item);
        }
    }

    pub(crate) fn items(&self) -> &[T] {
        &self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_begins_at_a_key_frame() {
        let mut group = Group::new(100);
        group.push(0, 1, false);
        assert_eq!(group.items().len(), 0);
        for (item, keyframe) in [(1, true), (2, false), (3, false), (4, true), (5, false)] {
            group.push(item, 1, keyframe);
        }
        assert_eq!(group.items(), [4, 5]);
    }

    #[test]
    fn a_group_that_grows_too_large_is_not_kept() {
        let mut group = Group::new(100);
        group.push(0, 51, true);
        group.push(1, 51, false);
        assert_eq!(group.items().len(), 2);
        group.push(2, 1, false);
        group.push(3, 1, false);
        assert_eq!(group.items().len(), 0);
    }
}
