//! Whether the season may have done what a mend seems to have done.

use std::ops::Range;

use super::{WeekCount, sums};

/// So many weeks back lies the same season.
const YEAR_WEEKS: usize = 52;
/// Last year's fall tells something when so many contacts were to be expected in it.
const EXPECTED_MIN: f64 = 5.0;
/// A peak is so many times the topic's usual share.
const PEAK: f64 = 1.5;
/// A usual share is known from so many weeks.
const USUAL_WEEKS_MIN: usize = 26;

/// Why the season may have done it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Season {
    /// Less than a year is known before the mend: its season is not.
    ShortHistory,
    /// The same weeks of last year fell likewise, without a mend.
    FellLastYear,
    /// The weeks before the mend were a peak of the topic.
    PeakBefore,
}

impl Season {
    /// The name in catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ShortHistory => "short_history",
            Self::FellLastYear => "fell_last_year",
            Self::PeakBefore => "peak_before",
        }
    }
}

/// What is to be warned of.
pub(super) fn warnings(
    weeks: &[WeekCount],
    before: Range<usize>,
    after: Range<usize>,
) -> Vec<Season> {
    let mut warnings = vec![];
    let year_back =
        |it: &Range<usize>| Some(it.start.checked_sub(YEAR_WEEKS)?..it.end - YEAR_WEEKS);
    match (year_back(&before), year_back(&after)) {
        (Some(before_then), Some(after_then)) => {
            let now = fall(weeks, &before, &after);
            let then = fall(weeks, &before_then, &after_then);
            let likewise = now.zip(then).is_some_and(|(now, then)| 0.0 < now && now / 2.0 <= then);
            warnings.extend(likewise.then_some(Season::FellLastYear));
        }
        (None, _) | (_, None) => warnings.push(Season::ShortHistory),
    }
    let usual = before.end.saturating_sub(YEAR_WEEKS)..before.end;
    let is_peak = share(weeks, &usual).zip(share(weeks, &before));
    let is_peak = is_peak.is_some_and(|(usual, before)| PEAK * usual < before);
    if USUAL_WEEKS_MIN <= usual.len() && is_peak {
        warnings.push(Season::PeakBefore);
    }
    warnings
}

/// By which share the topic fell against all others; none when too few tell.
fn fall(weeks: &[WeekCount], before: &Range<usize>, after: &Range<usize>) -> Option<f64> {
    let (topic, others) = sums(weeks.get(after.clone())?);
    let expected = share(weeks, before)? * f64::from(others);
    (EXPECTED_MIN <= expected).then(|| 1.0 - f64::from(topic) / expected)
}

fn share(weeks: &[WeekCount], of: &Range<usize>) -> Option<f64> {
    let (topic, others) = sums(weeks.get(of.clone())?);
    (0 < others).then(|| f64::from(topic) / f64::from(others))
}
