//! When a job runs, as the organization's clock on the wall shows it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "monday"),
    (Weekday::Tuesday, "tuesday"),
    (Weekday::Wednesday, "wednesday"),
    (Weekday::Thursday, "thursday"),
    (Weekday::Friday, "friday"),
    (Weekday::Saturday, "saturday"),
    (Weekday::Sunday, "sunday"),
];

/// A time of the day, every day or on one day of the week. Each such day has exactly one slot,
/// also when the clocks skip the hour (then it is the hour after) or show it twice (the first).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// The time of the day.
    pub at: Time,
    /// The day of the week; none for every day.
    pub on: Option<Weekday>,
}

/// The text is no rhythm.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a time such as 02:30 or monday 07:00: {0:?}")]
pub struct RhythmError(String);

/// What an administrator has set for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Whether the clock starts it at all.
    pub is_on: bool,
    /// When.
    pub rhythm: Rhythm,
    /// When it was set: what would have been due before that is not made up.
    pub since: Timestamp,
}

impl Rhythm {
    /// The last slot at or before `now`.
    pub fn last(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        // From tomorrow backwards: a zone may lie a day ahead.
        self.slots(now, zone, (-8..=1).rev()).find(|it| *it <= now)
    }

    /// The first slot after `now`.
    pub fn next(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        self.slots(now, zone, -1..=8).find(|it| now < *it)
    }

    fn slots(
        self,
        now: Timestamp,
        zone: &TimeZone,
        days: impl Iterator<Item = i64>,
    ) -> impl Iterator<Item = Timestamp> {
        let today = now.to_zoned(zone.clone()).date();
        days.filter_map(move |days| self.slot_on(today.checked_add(days.days()).ok()?, zone))
    }

    fn slot_on(self, day: Date, zone: &TimeZone) -> Option<Timestamp> {
        let is_day = self.on.is_none_or(|it| day.weekday() == it);
        let at = zone.to_ambiguous_zoned(day.to_datetime(self.at)).compatible().ok()?;
        is_day.then(|| at.timestamp())
    }

    /// The day of the week by its English name, as forms and records have it.
    pub fn weekday(name: &str) -> Option<Weekday> {
        WEEKDAYS.into_iter().find(|it| it.1 == name).map(|it| it.0)
    }

    /// The name of its day of the week; none for every day.
    pub fn day_name(self) -> Option<&'static str> {
        WEEKDAYS.into_iter().find(|it| Some(it.0) == self.on).map(|it| it.1)
    }

    /// The names of all days of the week.
    pub fn day_names() -> impl Iterator<Item = &'static str> {
        WEEKDAYS.into_iter().map(|it| it.1)
    }

    /// From one slot to the next, as a rule.
    pub fn period(self) -> SignedDuration {
        SignedDuration::from_hours(if self.on.is_some() { 7 * 24 } else { 24 })
    }
}

impl fmt::Display for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(day) = self.day_name() {
            write!(f, "{day} ")?;
        }
        write!(f, "{:02}:{:02}", self.at.hour(), self.at.minute())
    }
}

impl FromStr for Rhythm {
    type Err = RhythmError;

    fn from_str(text: &str) -> Result<Self, RhythmError> {
        let wrong = || RhythmError(text.chars().take(40).collect());
        let (on, at) = match text.split_once(' ') {
            Some((day, at)) => (Some(Self::weekday(day).ok_or_else(wrong)?), at),
            None => (None, text),
        };
        let (hour, minute) = at.split_once(':').ok_or_else(wrong)?;
        let is_plain = |it: &str| it.len() == 2 && it.bytes().all(|byte| byte.is_ascii_digit());
        if !is_plain(hour) || !is_plain(minute) {
            return Err(wrong());
        }
        let hour = hour.parse().map_err(|_| wrong())?;
        let minute = minute.parse().map_err(|_| wrong())?;
        let at = Time::new(hour, minute, 0, 0).map_err(|_| wrong())?;
        Ok(Self { at, on })
    }
}

impl Serialize for Rhythm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rhythm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rhythm: &str, now: &str, expected: (&str, &str)) {
        let rhythm: Rhythm = rhythm.parse().unwrap();
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let now = now.parse().unwrap();
        let found = (rhythm.last(now, &zone).unwrap(), rhythm.next(now, &zone).unwrap());
        assert_eq!(found, (expected.0.parse().unwrap(), expected.1.parse().unwrap()));
    }

    #[test]
    fn every_night_has_its_slot() {
        check("02:30", "2026-03-10T12:00:00Z", ("2026-03-10T01:30:00Z", "2026-03-11T01:30:00Z"));
        check("02:30", "2026-03-11T01:30:00Z", ("2026-03-11T01:30:00Z", "2026-03-12T01:30:00Z"));
    }

    #[test]
    fn a_day_of_the_week_goes_by_the_clock_on_the_wall() {
        // The clocks went forward the night before.
        let monday = "2026-03-30T01:00:00Z";
        check("monday 07:00", monday, ("2026-03-23T06:00:00Z", "2026-03-30T05:00:00Z"));
    }

    #[test]
    fn an_hour_that_is_skipped_comes_after_and_one_that_comes_twice_counts_first() {
        check("02:30", "2026-03-29T01:30:00Z", ("2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"));
        check("02:30", "2026-10-25T01:30:00Z", ("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"));
    }

    #[test]
    fn a_rhythm_is_read_as_it_is_written() {
        for text in ["02:30", "monday 07:00", "sunday 23:59"] {
            assert_eq!(text.parse::<Rhythm>().unwrap().to_string(), text);
        }
        for wrong in ["", "2:30", "24:00", "noon", "mon 07:00", "monday", "07:00 monday", "-1:+3"] {
            assert!(wrong.parse::<Rhythm>().is_err(), "{wrong}");
        }
    }
}
