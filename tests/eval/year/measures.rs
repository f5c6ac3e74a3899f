//! What a year says of the program: shares with the counts that they are made of.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use skranke::app::GapFilter;
use skranke::gap::Verdict;
use skranke::id::TopicNumber;
use skranke::review::State;

use super::editors::Desk;
use super::effects::holding;
use super::life::Life;
use super::truth::Holds;

/// A gap must show within so many days of its third call.
const DAYS_MAX: usize = 7;
/// Three contacts within so many days make a gap.
const WINDOW: usize = 30;
const CONTACTS: u32 = 3;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Share(pub(super) usize, pub(super) usize);

#[derive(Debug, Default)]
pub(super) struct Measures {
    /// By need and the day from which it was unanswered: the day of the third call.
    due: BTreeMap<(usize, usize), usize>,
    surfaced: BTreeMap<(usize, usize), usize>,
    /// Where its questions stood a week after the third call, when it was not seen by then.
    stood: BTreeMap<(usize, usize), String>,
    /// What stood in the list, over all looks.
    looks: [usize; 4],
    /// Of the looks at what is answered: those at gaps that a crawl has reopened.
    reopened: usize,
    wrong: BTreeSet<TopicNumber>,
    listed: BTreeSet<TopicNumber>,
}

/// What a year comes to.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) surfaced: Share,
    pub(super) wrong: Share,
    pub(super) reopened: usize,
    pub(super) effects: Share,
    pub(super) wrong_topics: Share,
    pub(super) wrong_kind: Share,
    pub(super) mixed: Share,
    pub(super) mended: Share,
    pub(super) unmended: Share,
    pub(super) stayed: Share,
    pub(super) siblings: Share,
    pub(super) nights: usize,
    pub(super) notes: usize,
    pub(super) shares: (f64, f64),
    pub(super) late: Vec<String>,
}

impl Share {
    pub(super) fn value(self) -> f64 {
        crate::scores::count(self.0) / crate::scores::count(self.1.max(1))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:.3} {}/{}", self.value(), self.0, self.1))
    }
}

impl Measures {
    /// After a day's calls: which gaps have had their third.
    pub(super) fn count(&mut self, life: &Life) {
        for (need, known) in life.world.iter().enumerate() {
            let Some(since) = known.unanswered.filter(|_| known.is_gap()) else { continue };
            let from = (life.day + 1).saturating_sub(WINDOW).max(since);
            let recent = life.logged.values().filter(|it| it.need == Some(need) && from <= it.day);
            if CONTACTS <= recent.map(|it| it.contacts).sum() {
                self.due.entry((need, since)).or_insert(life.day);
            }
        }
    }

    /// After a night: what stands in the list.
    pub(super) fn look(&mut self, life: &Life) {
        for gap in life.app.gaps(&GapFilter::default()).unwrap().gaps {
            let number = gap.topic.number;
            let verdict = gap.topic.verdict();
            let names_it = matches!(verdict, Some(Verdict::HardToFind | Verdict::OtherNorm));
            let members = life.members(number);
            let all: u32 = members.values().sum();
            let holding = |wanted: &dyn Fn(Holds) -> bool| -> u32 {
                let of =
                    members.iter().filter(|it| it.0.is_some_and(|n| wanted(life.world[n].holds)));
                of.map(|it| *it.1).sum()
            };
            let plain = holding(&|it| matches!(it, Holds::Answer | Holds::Mended));
            let any = holding(&|it| it.answers());
            let is_wrong = all < 2 * plain;
            let is_other_kind = !is_wrong && all < 2 * any && !names_it;
            let major = life.majority(number);
            let says = [true, is_wrong, is_other_kind, major.is_none()];
            says.iter().zip(&mut self.looks).for_each(|(it, n)| *n += usize::from(*it));
            self.listed.insert(number);
            let is_reopened = matches!(gap.topic.state, State::Reopened { .. });
            self.reopened += usize::from(is_wrong && is_reopened);
            if is_wrong {
                self.wrong.insert(number);
            }
            let since = major.and_then(|it| Some((it, life.world[it].unanswered?)));
            if let Some(since) = since {
                self.surfaced.entry(since).or_insert(life.day);
            }
        }
    }

    /// Says of gaps whose time is up where their questions stand.
    pub(super) fn look_for(&mut self, life: &Life) {
        for (of, due) in &self.due {
            let is_time = due + DAYS_MAX <= life.day && !self.stood.contains_key(of);
            if is_time && !self.surfaced.contains_key(of) {
                self.stood.insert(*of, life.stands(of.0));
            }
        }
    }

    pub(super) fn outcome(self, life: &Life, desk: &Desk) -> Outcome {
        let is_told = |it: &(&(usize, usize), &usize)| it.1 + DAYS_MAX < life.day;
        let due: Vec<_> = self.due.iter().filter(is_told).collect();
        let in_time = |it: &&(&(usize, usize), &usize)| {
            self.surfaced.get(it.0).is_some_and(|at| *at <= it.1 + DAYS_MAX)
        };
        let late = due.iter().filter(|it| !in_time(it)).map(|(of, day)| {
            let known = &life.world[of.0];
            let at = self.surfaced.get(of);
            let stood = self.stood.get(of).map_or("", String::as_str);
            format!("{} third call day {day}, seen {at:?}; then {stood}", known.need.key)
        });
        let late = late.collect();
        let of_linked = |is_mended: bool| {
            let all = desk.linked.iter().filter(|it| it.is_mended == is_mended && it.is_checked);
            let all: Vec<_> = all.collect();
            Share(all.iter().filter(|it| it.is_verified).count(), all.len())
        };
        let siblings = desk.dismissed.iter().filter(|it| it.has_sibling).count();
        let stayed = desk.dismissed.iter().filter(|it| !it.came_back).count();
        let [looks, wrong, kind, mixed] = self.looks;
        Outcome {
            surfaced: Share(due.iter().filter(in_time).count(), due.len()),
            wrong: Share(wrong, looks),
            reopened: self.reopened,
            effects: holding(life, desk),
            wrong_topics: Share(self.wrong.len(), self.listed.len()),
            wrong_kind: Share(kind, looks),
            mixed: Share(mixed, looks),
            mended: of_linked(true),
            unmended: of_linked(false),
            stayed: Share(stayed, desk.dismissed.len()),
            siblings: Share(siblings, desk.dismissed.len()),
            nights: desk.dismissed.iter().map(|it| it.nights).max().unwrap_or(0),
            notes: life.logged.len(),
            shares: life.shares(),
            late,
        }
    }
}
