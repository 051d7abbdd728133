use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Seconds since 1970 of a date as `YYYYMMDDTHHMMSSZ`.
pub fn parse(text: &str) -> Option<i64> {
    if text.len() != 16 {
        return None;
    }
    let date = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    Some(TimeZone::UTC.to_timestamp(date).ok()?.as_second())
}
