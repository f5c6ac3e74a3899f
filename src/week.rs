//! ISO weeks in the organisation's zone: the only place with civil time.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One ISO week, such as `2026-W12`. Sorts by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week {
    year: i16,
    number: i8,
}

/// The text does not name a week.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a week of the form 2026-W12: {0:?}")]
pub struct WeekError(String);

/// The end of a day that is written as `2026-03-02`, as calendars in `zone` show it.
pub fn end_of_day(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let next = text.trim().parse::<Date>().ok()?.tomorrow().ok()?;
    Some(zone.to_ambiguous_zoned(next.at(0, 0, 0, 0)).compatible().ok()?.timestamp())
}

/// The end of the day that lies `span` after the day of `at`; none beyond the calendar.
pub fn end_of_day_after(at: Timestamp, span: Span, zone: &TimeZone) -> Option<Timestamp> {
    let day = at.to_zoned(zone.clone()).date().checked_add(span).ok()?;
    end_of_day(&day.to_string(), zone)
}

/// The day whose end is `until`.
pub fn last_day(until: Timestamp, zone: &TimeZone) -> Date {
    // A moment that is not on a day's edge belongs to its own day.
    let within = until.checked_sub(1.nanosecond()).unwrap_or(until);
    within.to_zoned(zone.clone()).date()
}

/// The day of a number, counted from the first one of 1970.
pub fn day_of_number(days: u32) -> Date {
    Date::constant(1970, 1, 1).saturating_add(i64::from(days).days())
}

impl Week {
    /// The week that `at` falls in, as calendars in `zone` show it.
    pub fn of(at: Timestamp, zone: &TimeZone) -> Self {
        Self::of_date(at.to_zoned(zone.clone()).date())
    }

    /// The week that `date` falls in.
    pub fn of_date(date: Date) -> Self {
        let iso = date.iso_week_date();
        Self { year: iso.year(), number: iso.week() }
    }

    /// The ISO year, which differs from the calendar's around New Year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The number in the year, 1 to 53.
    pub const fn number(self) -> i8 {
        self.number
    }

    /// The week's Monday.
    pub fn monday(self) -> Date {
        ISOWeekDate::new(self.year, self.number, Weekday::Monday)
            .expect("a week is made from a date or checked when parsed")
            .date()
    }

    /// The year and the month that the week counts in: those of its Thursday, by which ISO 8601
    /// tells a week's year too.
    pub fn month(self) -> (i16, i8) {
        let thursday = self.monday().saturating_add(3.days());
        (thursday.year(), thursday.month())
    }

    /// Whether the next week counts in another month.
    pub fn is_last_of_month(self) -> bool {
        self.month() != self.plus(1).month()
    }

    /// The first instant of the week in `zone`.
    pub fn start(self, zone: &TimeZone) -> Timestamp {
        zone.to_ambiguous_zoned(self.monday().at(0, 0, 0, 0))
            .compatible()
            .expect("the years of weeks lie within the calendar")
            .timestamp()
    }

    /// The week `n` weeks later (earlier when negative).
    pub fn plus(self, n: i64) -> Self {
        Self::of_date(self.monday().saturating_add(n.weeks()))
    }

    /// How many weeks `self` lies after `earlier`; negative when before.
    pub fn since(self, earlier: Self) -> i64 {
        let days = earlier.monday().until(self.monday()).map_or(0, |span| span.get_days());
        i64::from(days / 7)
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.number)
    }
}

impl FromStr for Week {
    type Err = WeekError;

    fn from_str(text: &str) -> Result<Self, WeekError> {
        let wrong = || WeekError(text.chars().take(40).collect());
        let (year, number) = text.split_once("-W").ok_or_else(wrong)?;
        let year: i16 = year.parse().map_err(|_| wrong())?;
        let number: i8 = number.parse().map_err(|_| wrong())?;
        if !(1900..=2200).contains(&year) {
            return Err(wrong());
        }
        ISOWeekDate::new(year, number, Weekday::Monday).map_err(|_| wrong())?;
        Ok(Self { year, number })
    }
}

impl Serialize for Week {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(instant: &str, expected: &str) {
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        assert_eq!(Week::of(instant.parse().unwrap(), &zone).to_string(), expected);
    }

    #[test]
    fn a_last_day_ends_where_the_next_begins() {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let end = end_of_day("2026-03-28", &oslo).unwrap();
        assert_eq!(end.to_string(), "2026-03-28T23:00:00Z");
        assert_eq!(last_day(end, &oslo).to_string(), "2026-03-28");
        assert_eq!(end_of_day("28.3.", &oslo), None);
        assert_eq!(day_of_number(20_514).to_string(), "2026-03-02");
    }

    #[test]
    fn weeks_follow_the_iso_year_in_the_zone() {
        check("2026-12-31T12:00:00Z", "2026-W53");
        check("2027-01-01T12:00:00Z", "2026-W53");
        check("2025-12-31T12:00:00Z", "2026-W01");
        check("2026-03-01T23:30:00Z", "2026-W10"); // Monday 00:30 in Oslo
    }

    /// Counts days and weeks on the fingers: a year's first Thursday lies in its week 1.
    #[test]
    fn a_hundred_years_of_weeks_are_those_of_counting() {
        let months = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let is_leap = |y: i16| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
        // 1 January 2000 was the sixth day of 1999-W52.
        let (mut weekday, mut year, mut number) = (6, 1999, 52);
        let mut long_years = vec![];
        for calendar in 2000..=2100_i16 {
            for (month, days) in (1_i8..).zip(months) {
                let days = days + i8::from(month == 2 && is_leap(calendar));
                for day in 1..=days {
                    if weekday == 8 {
                        // A Monday from 29 December to 4 January begins a year.
                        let begins = month == 12 && 29 <= day || month == 1 && day <= 4;
                        weekday = 1;
                        number = if begins { 1 } else { number + 1 };
                        year += i16::from(begins);
                        long_years.extend((number == 53).then_some(year));
                    }
                    let found = Week::of_date(Date::constant(calendar, month, day));
                    assert_eq!(found, Week { year, number }, "{calendar}-{month}-{day}");
                    weekday += 1;
                }
            }
        }
        // As Python's `date.isocalendar` has them.
        let expected = [
            2004, 2009, 2015, 2020, 2026, 2032, 2037, 2043, 2048, 2054, 2060, 2065, 2071, 2076,
            2082, 2088, 2093, 2099,
        ];
        assert_eq!(long_years, expected);
    }

    #[test]
    fn a_week_that_does_not_exist_is_refused() {
        assert!("2026-W53".parse::<Week>().is_ok());
        assert!("2027-W53".parse::<Week>().is_err());
        assert!("2026-12".parse::<Week>().is_err());
    }

    #[test]
    fn weeks_add_and_subtract_across_new_year() {
        let last: Week = "2026-W53".parse().unwrap();
        assert_eq!(last.plus(1).to_string(), "2027-W01");
        assert_eq!(last.plus(1).since(last), 1);
        assert_eq!(last.plus(-53).since(last), -53);
    }

    #[test]
    fn a_week_starts_at_midnight_also_when_the_clock_changed_on_sunday() {
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let week: Week = "2026-W14".parse().unwrap();
        assert_eq!(week.start(&zone).to_string(), "2026-03-29T22:00:00Z");
    }
}
