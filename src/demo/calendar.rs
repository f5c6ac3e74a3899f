//! The demo's twelve whole weeks and the days since, and when its desks are open.

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;

use crate::week::Week;

/// So many whole weeks lie before the one that the demo ends in.
pub const WEEKS: u8 = 12;

/// The desk in the town hall.
pub const RADHUSET: &str = "Rådhuset";
/// The desk in the north of the municipality.
pub const NORDBYGDA: &str = "Servicetorget Nordbygda";
/// The doctors' desk.
pub const LEGEKONTORET: &str = "Legekontoret";
/// All desks.
pub const DESKS: [&str; 3] = [RADHUSET, NORDBYGDA, LEGEKONTORET];

/// The demo's weeks, numbered from 1; the last, begun one is `WEEKS + 1`.
#[derive(Clone, Debug)]
pub struct Calendar {
    end: Timestamp,
    zone: TimeZone,
    first: Week,
}

impl Calendar {
    /// The calendar of a demo that ends at `end`.
    pub fn ending(end: Timestamp, zone: TimeZone) -> Self {
        let first = Week::of(end, &zone).plus(-i64::from(WEEKS));
        Self { end, zone, first }
    }

    /// The demo's last instant.
    pub const fn end(&self) -> Timestamp {
        self.end
    }

    /// The Monday of week `week`.
    pub fn monday(&self, week: u8) -> Date {
        self.week(week).monday()
    }

    /// The calendar's name of week `week`.
    pub fn week(&self, week: u8) -> Week {
        self.first.plus(i64::from(week) - 1)
    }

    /// The demo's week that `at` falls in; before the first week it is 0.
    pub fn week_at(&self, at: Timestamp) -> u8 {
        let since = Week::of(at, &self.zone).since(self.first) + 1;
        u8::try_from(since.clamp(0, i64::from(u8::MAX))).expect("it is clamped")
    }

    /// The instant of a clock time on a day (1 is Monday) of a week.
    pub fn at(&self, week: u8, day: u8, time: Time) -> Timestamp {
        let date = self.monday(week).saturating_add((i64::from(day) - 1).days());
        self.zone
            .to_ambiguous_zoned(date.to_datetime(time))
            .compatible()
            .map_or(self.end, |zoned| zoned.timestamp())
    }

    /// Whether `desk` is open at `at`.
    pub fn is_open(&self, desk: &str, at: Timestamp) -> bool {
        let zoned = at.to_zoned(self.zone.clone());
        let minute = i32::from(zoned.hour()) * 60 + i32::from(zoned.minute());
        let day = u8::try_from(zoned.weekday().to_monday_one_offset()).unwrap_or(7);
        let (from, to) = hours(desk, day);
        !matches!(zoned.weekday(), Weekday::Saturday | Weekday::Sunday)
            && (from..to).contains(&minute)
    }
}

/// From which to which minute of the day a desk is open on a day, 1 being Monday.
pub(super) fn hours(desk: &str, day: u8) -> (i32, i32) {
    match (desk, day) {
        (NORDBYGDA, 3 | 5) => (8 * 60, 14 * 60),
        (NORDBYGDA, _) => (9 * 60, 15 * 60),
        (LEGEKONTORET, _) => (8 * 60 + 30, 15 * 60),
        (_, _) => (8 * 60, 15 * 60 + 30),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(end: &str) -> Calendar {
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        Calendar::ending(end.parse().unwrap(), zone)
    }

    #[test]
    fn twelve_whole_weeks_lie_before_the_week_of_the_end() {
        let calendar = calendar("2026-04-15T10:00:00Z"); // a Wednesday
        assert_eq!(calendar.monday(1).to_string(), "2026-01-19");
        assert_eq!(calendar.monday(13).to_string(), "2026-04-13");
        assert_eq!(calendar.week_at(calendar.end()), 13);
        assert_eq!(calendar.week_at("2026-01-18T10:00:00Z".parse().unwrap()), 0);
    }

    #[test]
    fn the_clock_time_holds_when_the_clock_changes() {
        let calendar = calendar("2026-04-15T10:00:00Z");
        let nine = jiff::civil::time(9, 0, 0, 0);
        assert_eq!(calendar.at(10, 1, nine).to_string(), "2026-03-23T08:00:00Z");
        assert_eq!(calendar.at(11, 1, nine).to_string(), "2026-03-30T07:00:00Z");
    }

    #[test]
    fn desks_are_closed_at_weekends() {
        let calendar = calendar("2026-04-15T10:00:00Z");
        assert!(calendar.is_open(RADHUSET, "2026-04-13T08:00:00Z".parse().unwrap()));
        assert!(!calendar.is_open(RADHUSET, "2026-04-12T08:00:00Z".parse().unwrap()));
        assert!(!calendar.is_open(NORDBYGDA, "2026-04-15T12:30:00Z".parse().unwrap()));
    }
}
