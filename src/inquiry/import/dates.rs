//! Dates and times as people write them in lists.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

/// Reads an instant; a time without a zone is in `zone`, a date without a time is at noon.
pub(super) fn instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    let (date, time) = match text.split_once([' ', 'T']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let time = time.map_or(Some(Time::constant(12, 0, 0, 0)), clock)?;
    let civil = DateTime::from_parts(day(date)?, time);
    Some(zone.to_ambiguous_zoned(civil).compatible().ok()?.timestamp())
}

/// `2026-03-02`, `02.03.2026`, `2.3.26`, `02/03/2026`.
fn day(text: &str) -> Option<Date> {
    let text = text.trim_end_matches(',');
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    let parts: Vec<&str> = text.split(['.', '/']).filter(|it| !it.is_empty()).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let year: i16 = year.parse().ok()?;
    let year = if (0..100).contains(&year) { 2000 + year } else { year };
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `10:58`, `10.58`, `10:58:37`, `kl. 10.58`.
fn clock(text: &str) -> Option<Time> {
    let text = text.trim().trim_start_matches("kl").trim_start_matches('.').trim();
    let mut parts = text.split([':', '.']);
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next().map_or(Some(0), |it| it.parse().ok())?;
    let second = parts.next().map_or(Some(0), |it| it.parse().ok())?;
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let found = instant(text, &zone).map(|it| it.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        check("2026-03-02T10:58:37+01:00", Some("2026-03-02T09:58:37Z"));
        check("2026-03-02 10:58", Some("2026-03-02T09:58:00Z"));
        check("02.03.2026 10:58", Some("2026-03-02T09:58:00Z"));
        check("2.3.26 kl. 10.58", Some("2026-03-02T09:58:00Z"));
        check("02.07.2026", Some("2026-07-02T10:00:00Z"));
        check("02/03/2026 7", Some("2026-03-02T06:00:00Z"));
        check("31.02.2026", None);
        check("i går", None);
        check("", None);
    }
}
