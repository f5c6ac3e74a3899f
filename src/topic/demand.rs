//! Demand: how many ask, week by week, and whether it rises.

use jiff::{SignedDuration, Timestamp};

use crate::inquiry::{Channel, Tally};
use crate::week::Week;

/// How many asked, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// All contacts.
    pub inquiries: u32,
    /// Searches on the website that found nothing.
    pub searches: u32,
    /// What visitors wrote on a page that did not help them.
    pub feedback: u32,
    /// Contacts of the last 28 days.
    pub last_28_days: u32,
    /// The most contacts within any 30 days that ended by now.
    pub within_30_days_max: u32,
    /// Contacts a week, oldest first; the last one is the week of `now`.
    pub weeks: Vec<u32>,
    /// The first contact or signal.
    pub first: Timestamp,
    /// The last contact or signal.
    pub last: Timestamp,
    /// When the contacts first reached the threshold within 30 days.
    pub candidate_since: Option<Timestamp>,
    /// How the last four weeks compare with the four before.
    pub trend: Trend,
}

/// How the last four whole weeks compare with the four before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trend {
    /// First asked within the last four weeks.
    New,
    /// At least half as many again, and three more.
    Rising,
    /// Neither.
    Steady,
    /// At most half as many, and three fewer.
    Falling,
}

impl Trend {
    /// The name in catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Rising => "rising",
            Self::Steady => "steady",
            Self::Falling => "falling",
        }
    }
}

/// What demand is measured against.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The time of reading.
    pub now: Timestamp,
    /// The week of that.
    pub week: Week,
    /// How many weeks to show.
    pub weeks: usize,
    /// How many contacts within 30 days make a candidate.
    pub candidate_inquiries: u32,
}

const DAYS_30: SignedDuration = SignedDuration::from_hours(30 * 24);
const DAYS_28: SignedDuration = SignedDuration::from_hours(28 * 24);

/// Counts the demand of the inquiries of one topic; `None` when there are none by now. Signals
/// have counts of their own: they make no contact, no candidate and no trend.
pub fn demand(tallies: impl Iterator<Item = Tally>, window: Window) -> Option<Demand> {
    let mut by_now: Vec<Tally> = tallies.filter(|it| it.asked <= window.now).collect();
    // What is in order already takes one look: most are logged when they are asked.
    by_now.sort_by_key(|it| it.asked);
    let (first, last) = (by_now.first()?.asked, by_now.last()?.asked);
    let signals = |of| by_now.iter().filter(move |it| it.channel == of).map(|it| it.count);
    let contacts = by_now.iter().filter(|it| it.channel.is_contact());
    let asked: Vec<(Timestamp, u32, Week)> =
        contacts.map(|it| (it.asked, it.count, it.week)).collect();
    let recent = asked.iter().rev().take_while(|it| window.now - DAYS_28 < it.0);
    let (within_30_days_max, candidate_since) = busiest(&asked, window.candidate_inquiries);
    Some(Demand {
        inquiries: asked.iter().map(|it| it.1).sum(),
        searches: signals(Channel::SiteSearch).sum(),
        feedback: signals(Channel::Feedback).sum(),
        last_28_days: recent.map(|it| it.1).sum(),
        within_30_days_max,
        weeks: weekly(&asked, window),
        first,
        last,
        candidate_since,
        trend: trend(&asked, window.now),
    })
}

/// Contacts a week, oldest first.
fn weekly(asked: &[(Timestamp, u32, Week)], window: Window) -> Vec<u32> {
    let mut weeks = vec![0; window.weeks];
    // Neighbours are of the same week nearly always, and telling weeks apart takes a calendar.
    let mut of = (window.week, 0);
    for (_, count, week) in asked.iter().rev() {
        if *week != of.0 {
            of = (*week, usize::try_from(window.week.since(*week)).unwrap_or(0));
        }
        if of.1 < window.weeks {
            weeks[window.weeks - 1 - of.1] += count;
        }
    }
    weeks
}

/// Until when a demand as of `now` holds while nothing is written, but for the end of the week: the
/// next instant at which one of these grows too old for a count, or is asked at all.
pub fn holds_until(asked: impl Iterator<Item = Timestamp>, now: Timestamp) -> Timestamp {
    let changes = |asked: Timestamp| [asked, asked + DAYS_28, asked + DAYS_28 * 2];
    let oldest = now - DAYS_28 * 2;
    let recent = asked.filter(|it| oldest < *it);
    let ahead = recent.flat_map(changes).filter(|it| now < *it);
    ahead.min().unwrap_or(Timestamp::MAX)
}

/// The most contacts within 30 days, and when they first were as many as `wanted`.
fn busiest(asked: &[(Timestamp, u32, Week)], wanted: u32) -> (u32, Option<Timestamp>) {
    let (mut oldest, mut sum, mut max, mut since) = (0, 0, 0, None);
    for &(at, count, _) in asked {
        sum += count;
        while asked[oldest].0 <= at - DAYS_30 {
            sum -= asked[oldest].1;
            oldest += 1;
        }
        max = max.max(sum);
        if wanted <= sum && since.is_none() {
            since = Some(at);
        }
    }
    (max, since)
}

fn trend(asked: &[(Timestamp, u32, Week)], now: Timestamp) -> Trend {
    let between = |from: Timestamp, to: Timestamp| -> u32 {
        let since = asked.iter().rev().take_while(|it| from < it.0);
        since.filter(|it| it.0 <= to).map(|it| it.1).sum()
    };
    let (recent, before) = (between(now - DAYS_28, now), between(now - DAYS_28 * 2, now - DAYS_28));
    let is_new = asked.first().is_some_and(|it| now - DAYS_28 < it.0);
    if is_new {
        Trend::New
    } else if before + before.div_ceil(2) <= recent && before + 3 <= recent {
        Trend::Rising
    } else if recent * 2 <= before && recent + 3 <= before {
        Trend::Falling
    } else {
        Trend::Steady
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> Timestamp {
        let start: Timestamp = "2026-01-01T09:00:00Z".parse().unwrap();
        start + SignedDuration::from_hours(day * 24)
    }

    fn asked(days: &[i64]) -> Vec<(Timestamp, u32, Week)> {
        let week: Week = "2026-W01".parse().unwrap();
        days.iter().map(|day| (at(*day), 1, week)).collect()
    }

    /// Walks an hour at a time: between two instants that are told, nothing changes.
    #[test]
    fn a_demand_holds_until_the_instant_that_is_told() {
        let asked = asked(&[0, 3, 3, 20, 31]);
        let seen = |now: Timestamp| {
            let known: Vec<_> = asked.iter().copied().filter(|it| it.0 <= now).collect();
            let recent = known.iter().filter(|it| now - DAYS_28 < it.0).count();
            (known.len(), recent, (!known.is_empty()).then(|| trend(&known, now)))
        };
        let mut now = at(-1);
        while now < at(100) {
            let until = holds_until(asked.iter().map(|it| it.0), now);
            let mut later = now;
            while later < until && later < at(100) {
                assert_eq!(seen(later), seen(now), "at {later}, told at {now}");
                later += SignedDuration::from_hours(1);
            }
            now = later.max(until.min(at(100)));
        }
    }

    #[test]
    fn three_in_thirty_days_make_a_candidate_and_three_in_sixty_do_not() {
        assert_eq!(busiest(&asked(&[0, 29, 29]), 3), (3, Some(at(29))));
        assert_eq!(busiest(&asked(&[0, 30, 59]), 3), (2, None));
    }

    #[track_caller]
    fn check(days: &[i64], now: i64, expected: Trend) {
        assert_eq!(trend(&asked(days), at(now)), expected);
    }

    #[test]
    fn the_trend_compares_four_weeks_with_the_four_before() {
        check(&[50, 51], 56, Trend::New);
        check(&[0, 10, 30, 31, 32, 33, 34], 50, Trend::Rising);
        check(&[0, 10, 30, 31], 50, Trend::Steady);
        check(&[0, 1, 2, 3, 10, 30], 50, Trend::Falling);
    }
}
