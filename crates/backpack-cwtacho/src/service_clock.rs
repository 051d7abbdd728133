use std::time::{Duration, SystemTime};

use crate::condensed::millis;
use crate::limits;

/// Below this, clocks are taken for right.
const TOLERANCE: u64 = 5 * 60 * 1000;
/// By more than this a clock does not run apart from the monotonic clock: it has been set.
const STEP: u64 = 60 * 1000;

/// How far the clock of CloudWatch is ahead of the device's, where that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ServiceClock {
    /// In milliseconds; zero where the device's clock is right.
    ahead: i64,
}

/// When a report was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// By the wall clock of the device, in milliseconds since 1970.
    pub(crate) time: i64,
    /// When by that clock the run began that made the report. Of no use of another run than this.
    pub(crate) epoch: Option<i64>,
}

/// Why a report is not sent because of its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutOfTime {
    Expired,
    Future,
}

impl ServiceClock {
    /// Notes what time CloudWatch said it was when the device's clock showed `device`. Returns by how much that is ahead if it is news.
    pub(crate) fn observe(&mut self, service: SystemTime, device: SystemTime) -> Option<i64> {
        let ahead = millis(service).saturating_sub(millis(device));
        let ahead = if ahead.unsigned_abs() > TOLERANCE { ahead } else { 0 };
        let is_news = self.ahead.abs_diff(ahead) > STEP;
        if is_news {
            self.ahead = ahead;
        }
        is_news.then_some(ahead)
    }

    /// The time to send a report with, in milliseconds since 1970, at a moment when the device's clock shows `device` and has this run begun at
    /// `epoch`.
    ///
    /// It is the device's time, unless its clock has been set since or is wrong, which is made up for.
    pub(crate) fn time(&self, stamp: Stamp, device: SystemTime, epoch: i64) -> Result<i64, OutOfTime> {
        let step = |then: i64| epoch.saturating_add(self.ahead).saturating_sub(then);
        let step = stamp.epoch.map(step).filter(|step| step.unsigned_abs() > STEP).unwrap_or(0);
        let time = stamp.time.saturating_add(step);
        let now = millis(device).saturating_add(self.ahead);
        let span = |limit: Duration| i64::try_from(limit.as_millis()).unwrap_or(i64::MAX);
        match now.saturating_sub(time) {
            age if age > span(limits::AGE) => Err(OutOfTime::Expired),
            age if age < -span(limits::AHEAD) => Err(OutOfTime::Future),
            _ => Ok(time),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    const DAY: u64 = 24 * 3600 * 1000;
    const NOW: u64 = 20_000 * DAY;

    fn at(millis: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(millis)
    }

    /// A report of this run, which began when the device's clock showed `began`; that clock shows `device` now, `uptime` later.
    fn own(clock: ServiceClock, time: u64, began: u64, device: u64, uptime: u64) -> Result<u64, OutOfTime> {
        let stamp = Stamp { time: time.cast_signed(), epoch: Some(began.cast_signed()) };
        clock.time(stamp, at(device), device.cast_signed() - uptime.cast_signed()).map(i64::cast_unsigned)
    }

    fn earlier(time: u64) -> Result<u64, OutOfTime> {
        let stamp = Stamp { time: time.cast_signed(), epoch: None };
        ServiceClock::default().time(stamp, at(NOW), NOW.cast_signed()).map(i64::cast_unsigned)
    }

    #[test]
    fn reports_of_the_last_two_weeks_are_sent_with_their_own_time() {
        assert_eq!(own(ServiceClock::default(), NOW - 5000, NOW - 60_010, NOW, 60_000), Ok(NOW - 5000));
        assert_eq!(earlier(NOW - 14 * DAY), Ok(NOW - 14 * DAY));
        assert_eq!(earlier(NOW - 14 * DAY - 1), Err(OutOfTime::Expired));
        assert_eq!(earlier(NOW + 7_200_000), Ok(NOW + 7_200_000));
        assert_eq!(earlier(NOW + 7_200_001), Err(OutOfTime::Future));
    }

    #[test]
    fn a_clock_that_was_set_right_since_the_report_gives_it_the_right_time() {
        // The device began in 1970 and met a time server ten minutes later; the report is of the first second.
        assert_eq!(own(ServiceClock::default(), 1000, 0, NOW, 600_000), Ok(NOW - 599_000));
        // The same of an earlier run, whose beginning tells nothing.
        assert_eq!(earlier(1000), Err(OutOfTime::Expired));
        // The clock was three days fast.
        let began = NOW + 3 * DAY;
        assert_eq!(own(ServiceClock::default(), began + 1000, began, NOW, 9000), Ok(NOW - 8000));
    }

    #[test]
    fn a_clock_that_is_wrong_is_made_up_for_when_cloudwatch_says_the_time() {
        let mut clock = ServiceClock::default();
        assert_eq!(clock.observe(at(NOW), at(1000)), Some(NOW.cast_signed() - 1000));
        assert_eq!(clock.observe(at(NOW + 1000), at(2000)), None, "it is known");
        assert_eq!(own(clock, 500, 0, 2000, 2000), Ok(NOW - 500));
        assert_eq!(clock.observe(at(NOW + 3000), at(NOW + 3200)), Some(0), "it was set right");
        assert_eq!(own(clock, 500, 0, NOW + 3000, 4000), Ok(NOW - 500));
    }

    #[test]
    fn a_clock_that_is_a_little_wrong_is_left_alone() {
        let mut clock = ServiceClock::default();
        assert_eq!(clock.observe(at(NOW), at(NOW + 290_000)), None);
        assert_eq!(clock, ServiceClock::default());
    }

    #[test]
    fn no_time_is_too_strange() {
        let clock = ServiceClock { ahead: i64::MAX };
        for time in [i64::MIN, i64::MAX, 0] {
            for epoch in [None, Some(i64::MAX), Some(i64::MIN)] {
                let _ = clock.time(Stamp { time, epoch }, at(NOW), time);
            }
        }
    }
}
