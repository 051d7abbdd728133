use std::fmt;
use std::sync::Arc;

use backpack_core::FrameRef;
use backpack_timepiece::Clock;

use crate::MosaicError;
use crate::slot::Slot;
use crate::stage::Problem;

/// One source of a mosaic, for the thread that reads its camera.
///
/// Clones are of the same source. A source may outlive its mosaic; what it is given then is seen by nobody.
///
/// ```
/// use std::thread;
///
/// use backpack_core::{Frame, PixelFormat};
/// use backpack_mosaic::Mosaic;
///
/// let mut mosaic = Mosaic::builder().size(640, 360).source("yard").source("gate").build()?;
/// let yard = mosaic.source("yard")?;
/// let camera = thread::spawn(move || -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
///     yard.update(&Frame::black(1920, 1080, PixelFormat::Nv12)?)?;
///     yard.lost("the camera was unplugged");
///     Ok(())
/// });
/// camera.join().expect("the camera's thread does not panic").map_err(|error| error.to_string())?;
/// let frame = mosaic.compose();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Source {
    slot: Arc<Slot>,
    clock: Clock,
}

impl Source {
    pub(crate) fn new(slot: Slot, clock: Clock) -> Self {
        Self { slot: Arc::new(slot), clock }
    }

    /// The name, which is the title too.
    pub fn name(&self) -> &str {
        &self.slot.name
    }

    /// Takes the source's newest frame, which is scaled at once; the frame is free when this returns.
    ///
    /// It never waits for the mosaic to be composed. If two threads bring frames of one source, one waits for the other.
    ///
    /// The source is no longer lost then, if it was.
    ///
    /// # Errors
    /// [`MosaicError::Format`] if the mosaic does not know the format, [`MosaicError::Scale`] if there is no memory for the work. The
    /// picture stays as it was.
    pub fn update<'a>(&self, frame: impl Into<FrameRef<'a>>) -> Result<(), MosaicError> {
        let frame = frame.into();
        let now = self.clock.now();
        let mut work = self.slot.work();
        let work = &mut *work;
        work.stage.show(&frame, &mut work.picture).map_err(|problem| self.error(&frame, problem))?;
        let mut mailbox = self.slot.mailbox();
        std::mem::swap(&mut mailbox.picture, &mut work.picture);
        mailbox.is_new = true;
        mailbox.updated = mailbox.updated.max(Some(now));
        mailbox.lost = None;
        Ok(())
    }

    /// Says that no frames come any more, and why, until one does.
    ///
    /// The reason is written on the last picture, for everybody who sees the mosaic: a few words are best, and no password.
    pub fn lost(&self, reason: impl AsRef<str>) {
        let reason = Arc::from(reason.as_ref());
        self.slot.mailbox().lost = Some(reason);
    }

    pub(crate) fn slot(&self) -> &Slot {
        &self.slot
    }

    fn error(&self, frame: &FrameRef<'_>, problem: Problem) -> MosaicError {
        match problem {
            Problem::Format(format) => MosaicError::Format(format),
            Problem::Other(reason) => MosaicError::Scale {
                name: self.slot.name.clone(),
                format: frame.format(),
                width: frame.width(),
                height: frame.height(),
                reason,
            },
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.slot.name).finish_non_exhaustive()
    }
}
