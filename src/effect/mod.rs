//! What a mended page has led to: contacts after the mend against those to be expected without it.
//!
//! Expected is what came before, moved as all other contacts moved. So a busy month, or a desk
//! that logs less, is no effect. What moves the topic alone, such as its season, is warned of, and
//! the interval is as wide as topics have moved by themselves at that time.

mod bootstrap;
mod drift;
mod random;
mod season;
#[cfg(test)]
mod tests;

pub use drift::drift;
pub(crate) use random::Random;
pub use season::Season;

use std::ops::Range;

use crate::id::TopicNumber;
use crate::week::Week;

/// So many whole weeks before the mend are looked at.
pub const BEFORE_WEEKS_MAX: usize = 8;
/// With fewer before it there is nothing to compare with.
pub const BEFORE_WEEKS_MIN: usize = 2;
/// With fewer whole weeks after the mend it is too early to tell.
pub const AFTER_WEEKS_MIN: usize = 4;
/// Half a year after a mend, other things have changed as well.
pub const AFTER_WEEKS_MAX: usize = 26;

/// The contacts of one week.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WeekCount {
    /// Under the topic.
    pub topic: u32,
    /// Under all others, or none.
    pub others: u32,
    /// The share of all contacts that were logged, above 0 and at most 1; none when not known.
    pub rate: Option<f64>,
}

/// A topic whose page was mended.
#[derive(Clone, Copy, Debug)]
pub struct Mend<'a> {
    /// The topic.
    pub topic: TopicNumber,
    /// The week in which the page was linked; it counts neither before nor after.
    pub linked: Week,
    /// The first week that is known.
    pub first: Week,
    /// That week and those after it, whole weeks only.
    pub weeks: &'a [WeekCount],
    /// How much topics moved by themselves between the weeks before and after: the variance of
    /// its logarithm, see [`drift`].
    pub drift: f64,
}

/// Places in a list of so many weeks: those before and after the one at which a page was linked.
pub fn spans(linked: usize, weeks: usize) -> (Range<usize>, Range<usize>) {
    let at = linked.min(weeks);
    let to = weeks.min(at + 1 + AFTER_WEEKS_MAX);
    (at.saturating_sub(BEFORE_WEEKS_MAX)..at, (at + 1).min(to)..to)
}

/// What can be said of a mend.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Fewer than four whole weeks have passed.
    TooEarly {
        /// So many have.
        weeks: usize,
    },
    /// Nobody asked before, or nothing else was logged then: there is nothing to compare with.
    Incomparable,
    /// It was measured.
    Measured(Measured),
}

/// The first and the last of some weeks, with the contacts under the topic in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first week.
    pub first: Week,
    /// The last week.
    pub last: Week,
    /// How many whole weeks.
    pub weeks: usize,
    /// How many contacts were logged.
    pub count: u32,
}

/// Two numbers, the lower one first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// What a number of contacts comes to, when its interval is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Fewer than expected.
    Fewer,
    /// More than expected.
    More,
    /// The interval holds zero: no certain effect yet.
    Uncertain,
}

/// A number of contacts saved, with the interval that holds the true one in 95 of 100 cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Saved {
    /// Expected less observed; below zero when more came.
    pub contacts: f64,
    /// Where the true number lies.
    pub interval: Interval,
}

/// The measured effect of one mend.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Before the mend.
    pub before: Period,
    /// After it.
    pub after: Period,
    /// Logged contacts to be expected after it, had nothing been mended.
    pub expected: f64,
    /// What was saved: of all contacts where the logging rate is known, else of the logged ones.
    pub saved: Saved,
    /// The logging rates before and after the mend; none unless both are known.
    pub rates: Option<(f64, f64)>,
    /// Why the season may have done it.
    pub season: Vec<Season>,
    draws: Vec<f64>,
}

impl Saved {
    /// What the number comes to.
    pub fn finding(&self) -> Finding {
        if 0.0 < self.interval.low {
            Finding::Fewer
        } else if self.interval.high < 0.0 {
            Finding::More
        } else {
            Finding::Uncertain
        }
    }
}

/// Measures what a mend has led to, up to the last week that is known.
pub fn measure(mend: &Mend<'_>) -> Effect {
    let at = usize::try_from(mend.linked.since(mend.first)).unwrap_or(0);
    let (was, is) = spans(at, mend.weeks.len());
    let (before, after) = (&mend.weeks[was.clone()], &mend.weeks[is.clone()]);
    if after.len() < AFTER_WEEKS_MIN {
        return Effect::TooEarly { weeks: after.len() };
    }
    let (topic, others) = sums(before);
    if before.len() < BEFORE_WEEKS_MIN || topic == 0 || others == 0 {
        return Effect::Incomparable;
    }
    let rates = logging_rate(before).zip(logging_rate(after));
    // A rate of one side alone says nothing of how the two compare.
    let bare: Vec<WeekCount> = after.iter().map(|it| WeekCount { rate: None, ..*it }).collect();
    let after = if rates.is_some() { after } else { &bare };
    let share = f64::from(topic) / f64::from(others);
    let draws = bootstrap::draws((before, after), mend);
    let period = |start: usize, weeks: &[WeekCount]| Period {
        first: week(mend.first, start),
        last: week(mend.first, start + weeks.len() - 1),
        weeks: weeks.len(),
        count: sums(weeks).0,
    };
    let contacts = share * weighted(after, |it| it.others) - weighted(after, |it| it.topic);
    Effect::Measured(Measured {
        before: period(was.start, before),
        after: period(is.start, after),
        expected: share * f64::from(sums(after).1),
        saved: Saved { contacts, interval: bootstrap::interval(&draws) },
        rates,
        season: season::warnings(mend.weeks, was, is),
        draws,
    })
}

/// What several mends have saved together; none without any.
pub fn together<'a>(mends: impl IntoIterator<Item = &'a Measured>) -> Option<Saved> {
    let (mut contacts, mut draws): (f64, Vec<f64>) = (0.0, vec![]);
    for mend in mends {
        contacts += mend.saved.contacts;
        draws.resize(mend.draws.len(), 0.0);
        draws.iter_mut().zip(&mend.draws).for_each(|(sum, draw)| *sum += draw);
    }
    (!draws.is_empty()).then(|| Saved { contacts, interval: bootstrap::interval(&draws) })
}

fn week(first: Week, at: usize) -> Week {
    first.plus(i64::try_from(at).unwrap_or(i64::MAX))
}

fn sums(weeks: &[WeekCount]) -> (u32, u32) {
    weeks.iter().fold((0, 0), |sum, it| (sum.0 + it.topic, sum.1 + it.others))
}

/// The share of the weeks' contacts that were logged, of those weeks that it is known for.
fn logging_rate(weeks: &[WeekCount]) -> Option<f64> {
    let known = || weeks.iter().filter_map(|it| Some((*it, it.rate.filter(|it| 0.0 < *it)?)));
    let logged = |it: &WeekCount| f64::from(it.topic + it.others);
    let (sum, all) = known().fold((0.0, 0.0), |sum, (week, rate)| {
        (sum.0 + logged(&week), sum.1 + logged(&week) / rate)
    });
    (0.0 < all).then(|| sum / all)
}

/// Contacts with those that were not logged; a week whose rate is not known has the mean one.
fn weighted(weeks: &[WeekCount], of: impl Fn(&WeekCount) -> u32) -> f64 {
    let mean = logging_rate(weeks).unwrap_or(1.0);
    let rate = |it: &WeekCount| it.rate.filter(|it| 0.0 < *it).unwrap_or(mean);
    weeks.iter().map(|it| f64::from(of(it)) / rate(it)).sum()
}
