//! What each mend has led to, out of the sums of the weeks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::{Share, WeeksTold};
use crate::app::App;
use crate::effect::{
    AFTER_WEEKS_MAX, BEFORE_WEEKS_MAX, Effect, Measured, Mend, WeekCount, drift, measure, spans,
};
use crate::id::TopicNumber;
use crate::topic::Topic;
use crate::view::ViewError;
use crate::week::Week;

/// The same weeks of last year are looked at too.
const YEAR_WEEKS: usize = 52;

/// Until when the numbers go.
#[derive(Clone, Copy, Debug)]
pub struct AsOf {
    /// The last week that is counted.
    pub last: Week,
    /// Pages linked after this are not there yet.
    pub at: Timestamp,
}

/// What the mend of one topic has led to.
#[derive(Clone, Debug, PartialEq)]
pub struct MendEffect {
    /// The topic.
    pub number: TopicNumber,
    /// Its name.
    pub name: String,
    /// The week in which the page was linked.
    pub linked: Week,
    /// What came of it.
    pub effect: Arc<Effect>,
}

impl MendEffect {
    /// What was measured, if it could be.
    pub fn measured(&self) -> Option<&Measured> {
        match &*self.effect {
            Effect::Measured(measured) => Some(measured),
            Effect::TooEarly { .. } | Effect::Incomparable => None,
        }
    }
}

/// Effects that were measured, with the weeks that they were measured on: a thousand draws for
/// each mend are too many for every look at a page, and whole weeks seldom change.
#[derive(Debug, Default)]
pub(super) struct Kept {
    effects: Mutex<BTreeMap<(TopicNumber, Week), MeasuredOn>>,
}

#[derive(Debug)]
struct MeasuredOn {
    /// No number of any week has changed since.
    told: WeeksTold,
    weeks: Vec<WeekCount>,
    effect: Arc<Effect>,
}

/// The weeks that tell of a mend, and the first of them.
struct Around {
    first: Week,
    weeks: Vec<WeekCount>,
}

impl Kept {
    /// The effect of a mend: as it was measured, or anew where a week has other numbers.
    fn measure(
        &self,
        ((topic, linked), told): ((TopicNumber, Week), WeeksTold),
        around: impl FnOnce() -> Around,
        drift: impl FnOnce(&Mend<'_>) -> f64,
    ) -> Arc<Effect> {
        let mut held = self.effects.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held.get_mut(&(topic, linked));
        if let Some(known) = known.as_ref().filter(|it| it.told == told) {
            return Arc::clone(&known.effect);
        }
        let Around { first, weeks } = around();
        if let Some(known) = known.filter(|it| it.weeks == weeks) {
            known.told = told;
            return Arc::clone(&known.effect);
        }
        let mend = Mend { topic, linked, first, weeks: &weeks, drift: 0.0 };
        let effect = Arc::new(measure(&Mend { drift: drift(&mend), ..mend }));
        let known = MeasuredOn { told, effect: Arc::clone(&effect), weeks };
        held.insert((topic, linked), known);
        effect
    }
}

impl App {
    /// What each mend has led to, the newest first. Blocks.
    ///
    /// # Errors
    /// When the words of a topic cannot be read.
    pub fn effects(&self, as_of: AsOf, quotes: bool) -> Result<Vec<MendEffect>, ViewError> {
        let mut mended: BTreeMap<TopicNumber, Timestamp> = BTreeMap::new();
        for gap in self.state.gaps.all() {
            let linked = gap.row.stood_at(as_of.at).linked;
            // What was merged is measured where its contacts are.
            let stands = self.resolve(gap.row.topic) == Some(gap.row.topic);
            if let Some(linked) = linked.filter(|_| stands) {
                mended.insert(gap.row.topic, linked);
            }
        }
        let mut parts: BTreeMap<TopicNumber, Vec<TopicNumber>> =
            mended.keys().map(|it| (*it, vec![*it])).collect();
        for part in self.state.merged() {
            let whole = self.resolve(part).and_then(|it| parts.get_mut(&it));
            whole.into_iter().for_each(|it| it.push(part));
        }
        let rates = self.logging_rates(as_of.last);
        let told = self.weeks_told(as_of.last);
        let mut drifts: BTreeMap<Week, f64> = BTreeMap::new();
        let mut effects = vec![];
        for (number, linked) in mended {
            let Some(row) = self.state.topics.get(Topic::entity(number)) else { continue };
            let linked = Week::of(linked, &self.zone);
            let around = || self.weeks_around((linked, as_of.last), &parts[&number], &rates);
            let drift = |mend: &Mend<'_>| {
                let others = || drift(self.moves(mend, &parts).into_iter());
                *drifts.entry(linked).or_insert_with(others)
            };
            let of = ((number, linked), told);
            let effect = self.kept_figures.effects.measure(of, around, drift);
            let name = self.shown_name(&row.row, quotes)?;
            effects.push(MendEffect { number, name, linked, effect });
        }
        effects.sort_by_key(|it| (std::cmp::Reverse(it.linked), it.number));
        Ok(effects)
    }

    /// The contacts of each topic that nobody has mended, before and after a mend.
    fn moves(
        &self,
        mend: &Mend<'_>,
        mended: &BTreeMap<TopicNumber, Vec<TopicNumber>>,
    ) -> Vec<(u32, u32)> {
        let at = usize::try_from(mend.linked.since(mend.first)).unwrap_or(0);
        let (before, after) = spans(at, mend.weeks.len());
        let columns = self.state.inquiries.columns();
        let mut counts: BTreeMap<TopicNumber, (u32, u32)> = BTreeMap::new();
        for (is_after, span) in [(false, before), (true, after)] {
            let weeks = span.filter_map(|at| i64::try_from(at).ok());
            for sums in weeks.filter_map(|at| columns.in_week(mend.first.plus(at))) {
                for (topic, n) in sums.topics() {
                    let (before, after) = counts.entry(topic).or_default();
                    *(if is_after { after } else { before }) += n;
                }
            }
        }
        counts.into_iter().filter(|it| !mended.contains_key(&it.0)).map(|it| it.1).collect()
    }

    /// The weeks that tell of a mend, and the first of them.
    fn weeks_around(
        &self,
        (linked, last): (Week, Week),
        parts: &[TopicNumber],
        rates: &BTreeMap<Week, Share>,
    ) -> Around {
        let weeks = |n: usize| i64::try_from(n).unwrap_or(0);
        let columns = self.state.inquiries.columns();
        let begun = columns.weeks().next().map_or(linked, |it| it.0);
        let first = begun.max(linked.plus(-weeks(BEFORE_WEEKS_MAX + YEAR_WEEKS)));
        let last = last.min(linked.plus(weeks(AFTER_WEEKS_MAX)));
        let counts = (0..=last.since(first)).map(|at| {
            let week = first.plus(at);
            // More may be logged than was counted, but no more than all.
            let rate = rates.get(&week).map(|it| it.value().min(1.0)).filter(|it| 0.0 < *it);
            let none = WeekCount { rate, ..WeekCount::default() };
            let Some(sums) = columns.in_week(week) else { return none };
            let topic = parts.iter().map(|it| sums.under(*it)).sum();
            WeekCount { topic, others: sums.contacts() - topic, rate }
        });
        Around { first, weeks: counts.collect() }
    }
}
