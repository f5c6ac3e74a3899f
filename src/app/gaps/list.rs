//! The list of gaps, the most wanted first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::App;
use crate::app::board::TopicLine;
use crate::gap::{Candidate, Verdict, pareto, rank};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Channel, Norm};
use crate::people::Person;
use crate::review::{State, StateName};
use crate::topic::Scope;
use crate::view::ViewError;

/// So large a share of the unanswered contacts is said to lie with the first gaps.
const PARETO_SHARE: f64 = 0.8;

/// Which gaps to list.
#[derive(Clone, Debug, Default)]
pub struct GapFilter {
    /// Only those in this state; open ones when not said.
    pub state: Option<StateName>,
    /// Whether to list every state.
    pub all: bool,
    /// Only those of this kind.
    pub verdict: Option<Verdict>,
    /// Only those of this owner.
    pub owner: Option<Owner>,
    /// Only those that somebody has asked by this channel.
    pub channel: Option<Channel>,
    /// Only those that most ask in this norm.
    pub norm: Option<Norm>,
    /// Only those whose nearest page lies on this host.
    pub host: Option<String>,
    /// In which order.
    pub order: GapOrder,
}

/// Whose gaps are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Nobody's.
    Nobody,
    /// This person's.
    Person(Id<Person>),
}

/// The order of a list of gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GapOrder {
    /// By demand, certainty and trend.
    #[default]
    Rank,
    /// The most asked in the last 28 days first.
    Asked,
    /// The one that was asked last first.
    Last,
    /// The one that is due first; those without a date last.
    Due,
}

impl GapOrder {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rank, Self::Asked, Self::Last, Self::Due];

    /// The name in addresses and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rank => "rank",
            Self::Asked => "asked",
            Self::Last => "last",
            Self::Due => "due",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// A gap in its place in the list.
#[derive(Clone, Debug)]
pub struct GapPlace {
    /// The topic.
    pub topic: Arc<TopicLine>,
    /// Its weight in the ranking.
    pub weight: f64,
    /// The factor that its trend brought.
    pub trend_factor: f64,
    /// Whether it is one of the first that make up most of the unanswered contacts.
    pub in_pareto: bool,
}

/// What a row of the list shows beside its topic.
#[derive(Clone, Debug)]
pub struct GapLine {
    /// The two commonest other wordings.
    pub wordings: Vec<String>,
    /// The title of the nearest page.
    pub nearest_title: Option<String>,
    /// Who works on it, by name.
    pub owner: Option<String>,
}

/// The list of gaps.
#[derive(Clone, Debug)]
pub struct GapList {
    /// The gaps of the filter, in its order.
    pub gaps: Vec<GapPlace>,
    /// All gaps.
    pub ranked: Arc<RankedGaps>,
    /// How many inquiries are logged in all.
    pub inquiries: usize,
}

/// All gaps in every state, and what the open ones come to.
#[derive(Debug)]
pub struct RankedGaps {
    /// By rank.
    places: Vec<GapPlace>,
    /// The first so many of all open gaps ...
    pub pareto_gaps: usize,
    /// ... are so many of their contacts of the last 28 days, in whole per cent.
    pub pareto_percent: u32,
    /// Contacts of the last 28 days under all open gaps.
    pub contacts: u32,
    /// The contacts of each open gap, the most first.
    pub shares: Vec<u32>,
}

impl RankedGaps {
    fn of(gaps: Vec<Arc<TopicLine>>) -> Self {
        let open = gaps.iter().filter(|it| it.state.name().is_open());
        let mut shares: Vec<u32> = open.map(|it| it.demand.last_28_days).collect();
        shares.sort_unstable_by(|a, b| b.cmp(a));
        let pareto_gaps = pareto(&shares, PARETO_SHARE);
        let contacts: u32 = shares.iter().sum();
        let first: u32 = shares.iter().take(pareto_gaps).sum();
        let least = pareto_gaps.checked_sub(1).and_then(|it| shares.get(it)).copied();
        let candidates: Vec<Candidate> = gaps.iter().map(|it| it.candidate()).collect();
        let mut topics: HashMap<TopicNumber, Arc<TopicLine>> =
            gaps.into_iter().map(|it| (it.number, it)).collect();
        let places = rank(&candidates).into_iter().filter_map(|ranked| {
            let topic = topics.remove(&ranked.topic)?;
            let is_large = least.is_some_and(|least| least <= topic.demand.last_28_days);
            let in_pareto = is_large && topic.state.name().is_open();
            let (weight, trend_factor) = (ranked.weight, ranked.trend_factor);
            Some(GapPlace { topic, weight, trend_factor, in_pareto })
        });
        Self {
            places: places.collect(),
            pareto_gaps,
            pareto_percent: (first * 100).checked_div(contacts).unwrap_or(0),
            contacts,
            shares,
        }
    }
}

/// The gaps by rank, with the turn of the board that they were ranked at.
#[derive(Debug, Default)]
pub(in crate::app) struct Kept {
    inner: Mutex<Option<(u64, Arc<RankedGaps>)>>,
}

impl App {
    /// The gaps in the order of the filter.
    ///
    /// # Errors
    /// When the view with the names of topics cannot be read.
    pub fn gaps(&self, filter: &GapFilter) -> Result<GapList, ViewError> {
        let ranked = self.ranked()?;
        let wanted = ranked.places.iter().filter(|it| self.is_wanted(&it.topic, filter));
        let mut gaps: Vec<GapPlace> = wanted.cloned().collect();
        self.put_in_order(&mut gaps, filter.order);
        Ok(GapList { gaps, ranked, inquiries: self.state.inquiries.columns().len() })
    }

    /// All gaps by rank. With very many topics that takes longer than anybody waits, so it is done
    /// when the board has changed.
    fn ranked(&self) -> Result<Arc<RankedGaps>, ViewError> {
        let board = self.board()?;
        let mut kept = self.ranked.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ranked)) = kept.as_ref().filter(|it| it.0 == board.turn()) {
            return Ok(Arc::clone(ranked));
        }
        let gaps = board.lines().filter(|it| self.is_gap(it));
        let ranked = Arc::new(RankedGaps::of(gaps.cloned().collect()));
        *kept = Some((board.turn(), Arc::clone(&ranked)));
        Ok(ranked)
    }

    /// Sorts places that stand by rank; the rank decides between equals.
    fn put_in_order(&self, places: &mut [GapPlace], order: GapOrder) {
        use std::cmp::Reverse;
        match order {
            GapOrder::Rank => {}
            GapOrder::Asked => places.sort_by_key(|it| Reverse(it.topic.demand.last_28_days)),
            GapOrder::Last => places.sort_by_key(|it| Reverse(it.topic.demand.last)),
            GapOrder::Due => {
                places
                    .sort_by_key(|it| it.topic.due.map_or((true, None), |due| (false, Some(due))));
            }
        }
    }

    /// Whether a topic stands among the gaps in any state.
    pub(in crate::app) fn is_gap(&self, topic: &TopicLine) -> bool {
        let needs_an_editor = topic.verdict().is_some_and(Verdict::needs_an_editor);
        let touched = topic.state != State::New;
        let wanted = topic.demand.candidate_since.is_some();
        topic.scope == Scope::General && (touched || (needs_an_editor && wanted))
    }

    fn is_wanted(&self, topic: &TopicLine, filter: &GapFilter) -> bool {
        let name = topic.state.name();
        let in_state = match filter.state {
            Some(state) => state == name,
            None => filter.all || name.is_open(),
        };
        let verdict = topic.verdict();
        let owner = match filter.owner {
            Some(Owner::Nobody) => topic.owner.is_none(),
            Some(Owner::Person(id)) => topic.owner == Some(id),
            None => true,
        };
        in_state
            && owner
            && filter.verdict.is_none_or(|it| verdict == Some(it))
            && filter.channel.is_none_or(|it| topic.channels.contains(&it))
            && filter.norm.is_none_or(|it| topic.norm == it)
            && filter.host.as_ref().is_none_or(|it| topic.nearest_host() == Some(it.as_str()))
    }

    /// What a row of the list shows beside the topic.
    ///
    /// # Errors
    /// When the view with the words of inquiries cannot be read.
    pub fn gap_line(&self, topic: &TopicLine) -> Result<GapLine, ViewError> {
        let nearest = topic.nearest_page();
        Ok(GapLine {
            wordings: self.other_wordings(topic)?,
            nearest_title: nearest.and_then(|it| self.page_title(it)),
            owner: topic.owner.and_then(|it| self.person_name(it)),
        })
    }

    /// The commonest wordings of a topic's newest inquiries beside its name.
    fn other_wordings(&self, topic: &TopicLine) -> Result<Vec<String>, ViewError> {
        const WORDINGS: usize = 2;
        /// Of a topic that is asked all day, the last ones tell what is asked.
        const NEWEST: usize = 60;
        let name = topic.name.to_lowercase();
        let mut wordings: Vec<(String, u32, u64)> = vec![];
        let lines = self.lines_of(topic.number);
        for line in lines.iter().rev().filter(|it| it.has_text).take(NEWEST) {
            let Some(text) = self.state.inquiries.words(line.seq)? else { continue };
            let lower = text.to_lowercase();
            if lower == name {
                continue;
            }
            match wordings.iter_mut().find(|it| it.0.to_lowercase() == lower) {
                Some(known) => known.1 += 1,
                None => wordings.push((text, 1, line.seq)),
            }
        }
        wordings.sort_by_key(|it| std::cmp::Reverse((it.1, it.2)));
        Ok(wordings.into_iter().take(WORDINGS).map(|it| it.0).collect())
    }
}
