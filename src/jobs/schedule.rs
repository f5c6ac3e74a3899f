//! When jobs run by themselves, as the organisation's clock shows it.

use jiff::civil::{Time, Weekday, time};
use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};

use super::Job;

/// The website is read at night, before anybody logs.
const CRAWL_AT: Time = time(2, 30, 0, 0);
/// The letter is there when the week begins.
const DIGEST_AT: Time = time(7, 0, 0, 0);

/// Which job runs next after `now`, and when.
pub fn next(now: Timestamp, zone: &TimeZone) -> (Job, Timestamp) {
    let crawl = next_at(now, zone, (CRAWL_AT, None));
    let digest = next_at(now, zone, (DIGEST_AT, Some(Weekday::Monday)));
    if crawl <= digest { (Job::Crawl, crawl) } else { (Job::Digest, digest) }
}

/// The first time after `now` that the clock shows `at`, on that weekday if one is named.
fn next_at(now: Timestamp, zone: &TimeZone, (at, on): (Time, Option<Weekday>)) -> Timestamp {
    const DAYS: i64 = 8;
    let today = now.to_zoned(zone.clone()).date();
    let instants = (0..=DAYS).filter_map(|days| {
        let day = today.checked_add(days.days()).ok()?;
        let is_day = on.is_none_or(|it| day.weekday() == it);
        // An hour that the clock skips in spring becomes the hour after it.
        let zoned = day.to_datetime(at).to_zoned(zone.clone()).ok()?;
        is_day.then(|| zoned.timestamp())
    });
    instants.into_iter().find(|it| now < *it).unwrap_or(now + SignedDuration::from_hours(24))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(now: &str, expected: (Job, &str)) {
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let (job, at) = next(now.parse().unwrap(), &zone);
        assert_eq!((job, at), (expected.0, expected.1.parse().unwrap()));
    }

    #[test]
    fn the_website_is_read_each_night() {
        check("2026-03-10T12:00:00Z", (Job::Crawl, "2026-03-11T01:30:00Z"));
        check("2026-03-11T01:30:00Z", (Job::Crawl, "2026-03-12T01:30:00Z"));
    }

    #[test]
    fn the_letter_is_written_on_monday_morning_by_the_clock_on_the_wall() {
        check("2026-03-09T02:00:00Z", (Job::Digest, "2026-03-09T06:00:00Z"));
        // The clocks went forward the night before.
        check("2026-03-30T01:00:00Z", (Job::Digest, "2026-03-30T05:00:00Z"));
    }

    #[test]
    fn an_hour_that_the_clocks_skip_is_made_up_for() {
        check("2026-03-28T12:00:00Z", (Job::Crawl, "2026-03-29T01:30:00Z"));
    }
}
