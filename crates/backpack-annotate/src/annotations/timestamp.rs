use std::time::SystemTime;

use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::{HorizontalAnchor, Label, TimestampError, VerticalAnchor};

/// The time in writing, with the feature `timestamp`.
impl Label {
    /// Date and time to the second, such as `2026-02-25 06:13:20`.
    pub const TIMESTAMP_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

    /// The time in the device's time zone, in the top left corner.
    ///
    /// The time is passed in, because a driver does not know it: a recording has its own. The format has the conversions of `strftime`.
    ///
    /// # Errors
    /// [`TimestampError`] if the format is not one, or the time is before the year −9999 or after 9999.
    ///
    /// ```
    /// use std::time::{Duration, SystemTime};
    ///
    /// use backpack_annotate::{Color, Label};
    ///
    /// let taken = SystemTime::UNIX_EPOCH + Duration::from_millis(1_772_000_000_250);
    /// let stamp = Label::timestamp_utc(taken, "%d.%m.%Y %H:%M:%S%.3f UTC")?.color(Color::YELLOW);
    /// assert_eq!(stamp.text, "25.02.2026 06:13:20.250 UTC");
    /// let local = Label::timestamp(taken, Label::TIMESTAMP_FORMAT)?;
    /// assert_eq!(local.text.len(), "2026-02-25 06:13:20".len());
    /// # Ok::<(), backpack_annotate::TimestampError>(())
    /// ```
    #[doc(alias = "TimestampAnnotation")]
    pub fn timestamp(time: SystemTime, format: &str) -> Result<Self, TimestampError> {
        written(time, format, TimeZone::system())
    }

    /// The same in Coordinated Universal Time.
    ///
    /// # Errors
    /// As [`timestamp`](Label::timestamp).
    pub fn timestamp_utc(time: SystemTime, format: &str) -> Result<Self, TimestampError> {
        written(time, format, TimeZone::UTC)
    }
}

fn written(time: SystemTime, format: &str, zone: TimeZone) -> Result<Label, TimestampError> {
    let error = |reason: jiff::Error| TimestampError::new(format, reason.to_string());
    let time = Timestamp::try_from(time).map_err(error)?;
    let text = strtime::format(format, &ZonedDateTime::new(time, zone)).map_err(error)?;
    Ok(Label::new((0.02, 0.02), text).anchor(HorizontalAnchor::Left, VerticalAnchor::Top))
}
