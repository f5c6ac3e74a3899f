//! All gaps in their order, kept up with the board line by line: ranking very many of them anew
//! for a screen takes longer than anybody waits.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::GapPlace;
use crate::app::board::{Glance, TopicLine};
use crate::gap::{Verdict, pareto, weigh};
use crate::id::TopicNumber;
use crate::review::State;
use crate::topic::Scope;

/// So large a share of the unanswered contacts is said to lie with the first gaps.
const PARETO_SHARE: f64 = 0.8;

type Line = (Glance, Arc<TopicLine>);

/// All gaps in every state, by rank.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct Ranked {
    by_rank: BTreeMap<Rank, Line>,
    /// How many open gaps have so many contacts of the last 28 days, the most first.
    open: BTreeMap<Reverse<u32>, usize>,
}

/// A topic's place among all: the heaviest first, between equals the older number.
#[derive(Clone, Copy, Debug)]
struct Rank {
    weight: f64,
    trend_factor: f64,
    topic: TopicNumber,
}

/// What the open gaps come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pareto {
    /// The first so many of all open gaps ...
    pub gaps: usize,
    /// ... are so many of their contacts of the last 28 days, in whole per cent.
    pub percent: u32,
    /// Contacts of the last 28 days under all open gaps.
    pub contacts: u32,
    /// The contacts of each open gap, the most first.
    pub shares: Vec<u32>,
}

impl TopicLine {
    /// Whether it stands among the gaps in any state.
    pub(in crate::app) fn is_gap(&self) -> bool {
        let needs_an_editor = self.verdict().is_some_and(Verdict::needs_an_editor);
        let touched = self.state != State::New;
        let wanted = self.demand.candidate_since.is_some();
        self.scope == Scope::General && (touched || (needs_an_editor && wanted))
    }

    fn rank(&self) -> Rank {
        let ranked = weigh(&self.candidate());
        let (weight, trend_factor) = (ranked.weight, ranked.trend_factor);
        Rank { weight, trend_factor, topic: ranked.topic }
    }
}

impl Ranked {
    /// Puts a topic's line in place of the one before.
    pub(in crate::app) fn put(&mut self, before: Option<Line>, line: Option<Line>) {
        if let Some((glance, topic)) = before.filter(|it| it.1.is_gap()) {
            self.by_rank.remove(&topic.rank());
            let contacts = Reverse(topic.demand.last_28_days);
            if glance.state.is_open()
                && let Some(n) = self.open.get_mut(&contacts)
            {
                *n -= 1;
                if *n == 0 {
                    self.open.remove(&contacts);
                }
            }
        }
        if let Some((glance, topic)) = line.filter(|it| it.1.is_gap()) {
            if glance.state.is_open() {
                *self.open.entry(Reverse(topic.demand.last_28_days)).or_default() += 1;
            }
            self.by_rank.insert(topic.rank(), (glance, topic));
        }
    }

    /// The gaps by rank.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.by_rank.values()
    }

    /// What the open ones come to.
    pub(super) fn pareto(&self) -> Pareto {
        let each = |(contacts, n): (&Reverse<u32>, &usize)| std::iter::repeat_n(contacts.0, *n);
        let shares: Vec<u32> = self.open.iter().flat_map(each).collect();
        let gaps = pareto(&shares, PARETO_SHARE);
        let contacts: u32 = shares.iter().sum();
        let first: u32 = shares.iter().take(gaps).sum();
        let percent = (first * 100).checked_div(contacts).unwrap_or(0);
        Pareto { gaps, percent, contacts, shares }
    }
}

impl Pareto {
    /// A gap in its place.
    pub(super) fn place(&self, topic: &Arc<TopicLine>) -> GapPlace {
        let least = self.gaps.checked_sub(1).and_then(|it| self.shares.get(it));
        let is_large = least.is_some_and(|least| *least <= topic.demand.last_28_days);
        let rank = topic.rank();
        GapPlace {
            weight: rank.weight,
            trend_factor: rank.trend_factor,
            in_pareto: is_large && topic.state.name().is_open(),
            topic: Arc::clone(topic),
        }
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rank {}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        other.weight.total_cmp(&self.weight).then(self.topic.cmp(&other.topic))
    }
}
