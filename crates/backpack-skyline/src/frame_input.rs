use backpack_core::{Frame, FrameRef};

/// A frame on its way into a stream: a [`Frame`] is moved, a [`FrameRef`] or `&Frame` is copied or converted once, into memory that is used again.
#[derive(Debug)]
pub enum FrameInput<'a> {
    /// A frame that the stream may keep.
    Owned(Frame),
    /// A frame that somebody else goes on using.
    Borrowed(FrameRef<'a>),
}

impl FrameInput<'_> {
    pub(crate) fn view(&self) -> FrameRef<'_> {
        match self {
            Self::Owned(frame) => frame.view(),
            Self::Borrowed(frame) => *frame,
        }
    }
}

impl From<Frame> for FrameInput<'_> {
    fn from(frame: Frame) -> Self {
        Self::Owned(frame)
    }
}

impl<'a> From<FrameRef<'a>> for FrameInput<'a> {
    fn from(frame: FrameRef<'a>) -> Self {
        Self::Borrowed(frame)
    }
}

impl<'a> From<&'a Frame> for FrameInput<'a> {
    fn from(frame: &'a Frame) -> Self {
        Self::Borrowed(frame.view())
    }
}
