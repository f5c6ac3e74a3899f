//! Dates and times as people write them in lists.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Nobody has logged questions outside these years; a date there is a slip.
const YEARS: std::ops::Range<i16> = 1990..2100;

/// The first three letters of the months, as nb, nn and en begin them.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["mar"],
    &["apr"],
    &["mai", "may"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["des", "dec"],
];

/// Reads an instant; a time without a zone is in `zone`, a date without a time is at noon.
///
/// Days stand before months, as in Norway: `3/4/2026` is in April.
pub(super) fn instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    let found = text.parse().ok().or_else(|| {
        let civil = civil(text)?;
        Some(zone.to_ambiguous_zoned(civil).compatible().ok()?.timestamp())
    });
    found.filter(|it: &Timestamp| YEARS.contains(&it.to_zoned(zone.clone()).year()))
}

/// Reads a day without a time.
pub(in crate::inquiry) fn date(text: &str) -> Option<Date> {
    day(&text.trim().to_lowercase()).filter(|it| YEARS.contains(&it.year()))
}

fn civil(text: &str) -> Option<DateTime> {
    let text = text.replace(['\u{a0}', '\u{202f}'], " ").to_lowercase();
    if let Some(found) = serial(&text) {
        return Some(found);
    }
    // The split that leaves a whole date on its left; "2. mars 2026 kl. 10" has many spaces.
    let splits = text.match_indices([' ', 't', ',']).map(|(at, _)| at);
    let noon = Time::constant(12, 0, 0, 0);
    if let Some(date) = day(&text) {
        return Some(DateTime::from_parts(date, noon));
    }
    splits.into_iter().find_map(|at| {
        let date = day(&text[..at])?;
        let time = clock(&text[at + 1..])?;
        Some(DateTime::from_parts(date, time))
    })
}

/// A spreadsheet's day number with a part of the day, `46083.458`, in a cell without a format.
fn serial(text: &str) -> Option<DateTime> {
    let (days, fraction) = text.split_once(['.', ','])?;
    Some(DateTime::from_parts(serial_day(days)?, part_of_day(fraction)?))
}

/// A spreadsheet's day number, `46083`.
fn serial_day(text: &str) -> Option<Date> {
    let days: i32 = text.parse().ok().filter(|_| text.len() == 5)?;
    Date::constant(1899, 12, 30).checked_add(days.days()).ok()
}

/// The time of day from the digits of a fraction, to the nearest second.
fn part_of_day(fraction: &str) -> Option<Time> {
    let is_digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let part: f64 = format!("0.{fraction}").parse().ok().filter(|_| is_digits)?;
    let seconds = ((part * 86_400.0).round() as i32).min(86_399);
    let parts = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let [hour, minute, second] = [parts.0, parts.1, parts.2].map(|it| i8::try_from(it).ok());
    Time::new(hour?, minute?, second?, 0).ok()
}

/// `2026-03-02`, `02.03.2026`, `2.3.26`, `02/03/2026`, `20260302`, `måndag 2. mars 2026`.
fn day(text: &str) -> Option<Date> {
    let text = text.trim().trim_end_matches(',');
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return date_of(text.get(6..8)?, text.get(4..6)?.parse().ok()?, text.get(..4)?);
    }
    if let Some(date) = serial_day(text) {
        return Some(date);
    }
    let mut parts: Vec<&str> =
        text.split(['.', '/', '-', ' ', ',']).filter(|it| !it.is_empty()).collect();
    if 3 < parts.len() && (parts[0].ends_with("dag") || parts[0].ends_with("day")) {
        parts.remove(0);
    }
    let &[first, second, third] = parts.as_slice() else {
        return None;
    };
    match (month(first), month(second)) {
        (Some(month), None) => date_of(second, month, third),
        (None, Some(month)) => date_of(first, month, third),
        _ if first.len() == 4 => date_of(third, second.parse().ok()?, first),
        _ => date_of(first, second.parse().ok()?, third),
    }
}

fn month(word: &str) -> Option<i8> {
    let begins = |names: &&[&str]| names.iter().any(|name| word.starts_with(name));
    let index = MONTHS.iter().position(begins)?;
    i8::try_from(index + 1).ok()
}

fn date_of(day: &str, month: i8, year: &str) -> Option<Date> {
    let full = match year.len() {
        2 => 2000,
        4 => 0,
        _ => return None,
    };
    let year = full + year.parse::<i16>().ok()?;
    Date::new(year, month, day.parse().ok()?).ok()
}

/// `10:58`, `10.58`, `1058`, `10:58:37`, `kl. 10.58`, `2:05 pm`, and a spreadsheet's `0.457`.
fn clock(text: &str) -> Option<Time> {
    let text = text.trim().trim_start_matches(',').trim_start();
    let text = text.strip_prefix("klokka").or_else(|| text.strip_prefix("kl")).unwrap_or(text);
    let text = text.trim_start_matches('.').trim();
    if let Some(fraction) = text.strip_prefix("0.").filter(|it| 2 < it.len()) {
        return part_of_day(fraction);
    }
    let half = |word: &str| text.strip_suffix(word).map(str::trim_end);
    let (text, added) = match (half("am"), half("pm")) {
        (Some(rest), _) => (rest, Some(0)),
        (None, Some(rest)) => (rest, Some(12)),
        (None, None) => (text, None),
    };
    let mut parts = match text.len() {
        4 if text.bytes().all(|byte| byte.is_ascii_digit()) => vec![&text[..2], &text[2..]],
        _ => text.split([':', '.']).collect(),
    };
    parts.resize(parts.len().max(3), "0");
    let number = |it: &str| it.parse::<i8>().ok();
    let hour = number(parts[0])?;
    let hour = added.map_or(Some(hour), |it| (1..=12).contains(&hour).then_some(hour % 12 + it))?;
    Time::new(hour, number(parts[1])?, number(parts[2])?, 0).ok()
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
        for text in [
            "2026-03-02 10:58",
            "2026-03-02T10:58:00",
            "02.03.2026 10:58",
            "2.3.26 kl. 10.58",
            "2/3/2026 10:58",
            "02-03-2026, 10:58:00",
            "2. mars 2026 kl 10.58",
            "20260302 1058",
            "måndag 2. mars 2026 10:58",
            "2 March 2026 10:58 AM",
            "Mar 2, 2026 10:58",
            "02.03.2026\u{a0}10:58",
            "46083.45694",
            "02.03.2026 0.456944444",
        ] {
            check(text, Some("2026-03-02T09:58:00Z"));
        }
        check("02.03.2026 2:05 PM", Some("2026-03-02T13:05:00Z"));
        check("02/03/2026 7", Some("2026-03-02T06:00:00Z"));
    }

    #[test]
    fn a_date_alone_is_at_noon() {
        check("02.07.2026", Some("2026-07-02T10:00:00Z"));
        check("2. juli 2026", Some("2026-07-02T10:00:00Z"));
        check("46083", Some("2026-03-02T11:00:00Z"));
    }

    #[test]
    fn an_hour_that_the_clock_change_skips_is_read_all_the_same() {
        check("29.03.2026 02:30", Some("2026-03-29T01:30:00Z"));
    }

    #[test]
    fn what_is_no_date_is_not_guessed() {
        for text in [
            "31.02.2026",
            "3/14/2026",
            "i går",
            "",
            "02.03",
            "99999",
            "12.12.1066",
            "2026",
            "02.03.2026 25:00",
            "02.03.2026 10:58:61",
            "t",
            "0.5",
            "2.3.226",
        ] {
            check(text, None);
        }
    }
}
