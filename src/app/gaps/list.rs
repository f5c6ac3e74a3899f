//! The list of gaps, the most wanted first.

use std::sync::Arc;

use super::Pareto;
use crate::app::App;
use crate::app::board::{Glance, TopicLine};
use crate::gap::Verdict;
use crate::id::Id;
use crate::inquiry::{Channel, Norm};
use crate::people::Person;
use crate::review::StateName;
use crate::view::ViewError;

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
    /// Gaps of the filter, in its order: a page of them, or all.
    pub gaps: Vec<GapPlace>,
    /// How many gaps pass the filter.
    pub total: usize,
    /// Which page this is, from 1, and how many there are.
    pub page: (usize, usize),
    /// What all open gaps come to.
    pub pareto: Pareto,
    /// How many inquiries are logged in all.
    pub inquiries: usize,
}

impl App {
    /// All gaps in the order of the filter. Blocks.
    ///
    /// # Errors
    /// When the view with the names of topics cannot be read.
    pub fn gaps(&self, filter: &GapFilter) -> Result<GapList, ViewError> {
        self.gap_page(filter, (1, usize::MAX))
    }

    /// A page of the gaps in the order of the filter, or the last one when there are fewer; with
    /// how many stand on a page. Blocks.
    ///
    /// # Errors
    /// When the view with the names of topics cannot be read.
    pub fn gap_page(
        &self,
        filter: &GapFilter,
        (page, size): (usize, usize),
    ) -> Result<GapList, ViewError> {
        let board = self.board()?;
        let wanted = board.gaps().lines().filter(|it| filter.lets(it));
        let mut gaps: Vec<&Arc<TopicLine>> = wanted.map(|it| &it.1).collect();
        put_in_order(&mut gaps, filter.order);
        let pages = gaps.len().div_ceil(size).max(1);
        let page = page.clamp(1, pages);
        let pareto = board.gaps().pareto();
        let shown = gaps.iter().skip((page - 1) * size).take(size);
        Ok(GapList {
            gaps: shown.map(|it| pareto.place(it)).collect(),
            total: gaps.len(),
            page: (page, pages),
            pareto,
            inquiries: self.state.inquiries.columns().len(),
        })
    }

    /// What a row of the list shows beside the topic; the wordings are those of so many of its
    /// newest inquiries.
    ///
    /// # Errors
    /// When the view with the words of inquiries cannot be read.
    pub fn gap_line(&self, topic: &TopicLine, newest: usize) -> Result<GapLine, ViewError> {
        let nearest = topic.nearest_page();
        Ok(GapLine {
            wordings: self.other_wordings(topic, newest)?,
            nearest_title: nearest.and_then(|it| self.page_title(it)),
            owner: topic.owner.and_then(|it| self.person_name(it)),
        })
    }

    /// The commonest wordings of a topic's newest inquiries beside its name.
    fn other_wordings(&self, topic: &TopicLine, newest: usize) -> Result<Vec<String>, ViewError> {
        const WORDINGS: usize = 2;
        let name = topic.name.to_lowercase();
        let mut wordings: Vec<(String, u32, u64)> = vec![];
        for line in self.newest_of(topic.number, newest) {
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

/// Sorts gaps that stand by rank; the rank decides between equals.
fn put_in_order(gaps: &mut [&Arc<TopicLine>], order: GapOrder) {
    use std::cmp::Reverse;
    match order {
        GapOrder::Rank => {}
        GapOrder::Asked => gaps.sort_by_cached_key(|it| Reverse(it.demand.last_28_days)),
        GapOrder::Last => gaps.sort_by_cached_key(|it| Reverse(it.demand.last)),
        GapOrder::Due => {
            gaps.sort_by_cached_key(|it| it.due.map_or((true, None), |due| (false, Some(due))));
        }
    }
}

impl GapFilter {
    fn lets(&self, (glance, topic): &(Glance, Arc<TopicLine>)) -> bool {
        let in_state = match self.state {
            Some(state) => state == glance.state,
            None => self.all || glance.state.is_open(),
        };
        in_state
            && self.verdict.is_none_or(|it| glance.verdict == Some(it))
            && self.channel.is_none_or(|it| glance.has(it))
            && self.norm.is_none_or(|it| glance.norm == it)
            && self.owner.is_none_or(|it| it.has(topic))
            && self.host.as_ref().is_none_or(|it| topic.nearest_host() == Some(it.as_str()))
    }
}

impl Owner {
    fn has(self, topic: &TopicLine) -> bool {
        match self {
            Self::Nobody => topic.owner.is_none(),
            Self::Person(id) => topic.owner == Some(id),
        }
    }
}
