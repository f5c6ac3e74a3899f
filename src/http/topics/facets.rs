//! What topics and inquiries are told apart by, as forms and addresses name it.

use crate::app::Glance;
use crate::gap::Verdict;
use crate::http::edge::fields::Fields;
use crate::http::pages::{Choice, FacetSeen};
use crate::inquiry::{Channel, Norm, OutcomeName};
use crate::organisation::Labels;
use crate::review::StateName;
use crate::topic::Scope;

/// Something that topics or inquiries are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Facet {
    Verdict,
    State,
    Channel,
    Norm,
    Scope,
    Outcome,
}

impl Facet {
    /// What topics are told apart by.
    pub(super) const OF_TOPICS: [Self; 5] =
        [Self::Verdict, Self::State, Self::Channel, Self::Norm, Self::Scope];
    /// What inquiries are told apart by.
    pub(super) const OF_INQUIRIES: [Self; 3] = [Self::Channel, Self::Outcome, Self::Norm];

    /// Its name in addresses, and the list of its values in the catalogues.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::State => "state",
            Self::Channel => "channel",
            Self::Norm => "norm",
            Self::Scope => "scope",
            Self::Outcome => "outcome",
        }
    }

    /// Its values, in the order that forms show.
    fn values(self) -> Vec<&'static str> {
        match self {
            Self::Verdict => Verdict::ALL.into_iter().map(Verdict::name).collect(),
            Self::State => StateName::ALL.into_iter().map(StateName::name).collect(),
            Self::Channel => Channel::ALL.into_iter().map(Channel::name).collect(),
            Self::Norm => Norm::ALL.into_iter().map(Norm::name).collect(),
            Self::Scope => Scope::ALL.into_iter().map(Scope::name).collect(),
            Self::Outcome => OutcomeName::ALL.into_iter().map(OutcomeName::name).collect(),
        }
    }

    /// The value that is chosen; none for all. What is no value of ours says nothing.
    pub(super) fn chosen(self, fields: &Fields) -> Option<&'static str> {
        let sent = fields.get(self.name());
        self.values().into_iter().find(|it| *it == sent)
    }

    /// The places of the values that a topic has, a bit each, in the order that forms show.
    fn places(self, topic: &Glance) -> u32 {
        fn bits<T: PartialEq, const N: usize>(all: [T; N], has: impl Fn(&T) -> bool) -> u32 {
            (0..).zip(&all).filter(|it| has(it.1)).map(|it: (u32, _)| 1 << it.0).sum()
        }
        match self {
            Self::Verdict => bits(Verdict::ALL, |it| topic.verdict == Some(*it)),
            Self::State => bits(StateName::ALL, |it| topic.state == *it),
            Self::Channel => bits(Channel::ALL, |it| topic.has(*it)),
            Self::Norm => bits(Norm::ALL, |it| topic.norm == *it),
            Self::Scope => bits(Scope::ALL, |it| topic.scope == *it),
            Self::Outcome => 0,
        }
    }

    /// Its values to choose from, each with `says` after its name.
    pub(super) fn seen(
        self,
        labels: &Labels,
        chosen: Option<&str>,
        says: impl Fn(Option<&str>) -> String,
    ) -> FacetSeen {
        let lang = labels.lang();
        let choice = |value: Option<&'static str>| {
            let name = match (value, value.and_then(Channel::parse)) {
                (Some(_), Some(channel)) if self == Self::Channel => labels.channel(channel),
                (Some(value), _) => lang.text(&format!("{}.{value}", self.name())).to_owned(),
                (None, _) => lang.text("facet.all").to_owned(),
            };
            Choice {
                value: value.unwrap_or_default().to_owned(),
                label: format!("{name}{}", says(value)),
                chosen: chosen == value,
            }
        };
        let values = self.values().into_iter().map(|it| choice(Some(it)));
        FacetSeen {
            name: self.name(),
            label: lang.text(&format!("facet.{}", self.name())).to_owned(),
            choices: std::iter::once(choice(None)).chain(values).collect(),
        }
    }
}

/// What topics are to be like.
pub(super) struct Filter {
    /// The value of each facet of topics; none for all.
    chosen: [Option<&'static str>; Facet::OF_TOPICS.len()],
    /// The bit of each.
    bits: [Option<u32>; Facet::OF_TOPICS.len()],
}

/// How many topics each value of each facet would give beside what else is chosen: all of a facet,
/// then by the place of its value.
#[derive(Default)]
pub(super) struct Counts([[usize; VALUES_MAX + 1]; Facet::OF_TOPICS.len()]);

/// No facet of topics has more values.
const VALUES_MAX: usize = 12;

impl Filter {
    pub(super) fn read(fields: &Fields) -> Self {
        let chosen = Facet::OF_TOPICS.map(|it| it.chosen(fields));
        let bit = |(facet, value): (Facet, Option<&str>)| {
            let at = facet.values().iter().position(|it| Some(*it) == value)?;
            u32::try_from(at).ok().map(|it| 1 << it)
        };
        let mut bits = Facet::OF_TOPICS.into_iter().zip(chosen).map(bit);
        Self { chosen, bits: std::array::from_fn(|_| bits.next().flatten()) }
    }

    /// The value of a facet that is chosen.
    pub(super) fn chosen(&self, facet: Facet) -> Option<&'static str> {
        let at = Facet::OF_TOPICS.iter().position(|it| *it == facet)?;
        self.chosen[at]
    }

    /// Whether a topic passes; it is counted where all but at most the facet itself lets it.
    pub(super) fn passes(&self, topic: &Glance, counts: &mut Counts) -> bool {
        let places = Facet::OF_TOPICS.map(|it| it.places(topic));
        let is_out = |at: &usize| self.bits[*at].is_some_and(|bit| places[*at] & bit == 0);
        let mut out = (0..places.len()).filter(is_out);
        match (out.next(), out.next()) {
            (None, _) => (0..places.len()).for_each(|at| counts.add(at, places[at])),
            (Some(at), None) => counts.add(at, places[at]),
            (Some(_), Some(_)) => {}
        }
        (0..places.len()).all(|at| !is_out(&at))
    }
}

impl Counts {
    fn add(&mut self, facet: usize, places: u32) {
        self.0[facet][0] += 1;
        for at in (0..VALUES_MAX).filter(|at| places & (1 << at) != 0) {
            self.0[facet][at + 1] += 1;
        }
    }

    /// Of the facet at a place: those with a value, or all.
    pub(super) fn of(&self, facet: usize, value: Option<&str>) -> usize {
        let values = Facet::OF_TOPICS[facet].values();
        let at = value.and_then(|value| values.iter().position(|it| *it == value));
        self.0[facet][at.map_or(0, |it| it + 1)]
    }
}
