//! The list of gaps, the most wanted first.

use askama::Template;

use super::{Choice, Frame, Strip, Weekly};

/// The list of gaps.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/gaps.html")]
pub struct GapsPage {
    /// What is around it.
    pub f: Frame,
    /// The gaps of the filter, most wanted first.
    pub gaps: Vec<GapSeen>,
    /// The first so many ...
    pub pareto_gaps: usize,
    /// ... are so many per cent of the contacts under gaps of the last 28 days.
    pub pareto_percent: u32,
    /// Each gap's share of the contacts, as a strip.
    pub strip: Strip,
    /// Contacts of the last 28 days under these gaps.
    pub contacts: u32,
    /// What the list can be filtered by.
    pub filters: GapFilters,
    /// How many gaps pass the filter.
    pub listed: usize,
    /// So many inquiries within 30 days make a gap, for the empty list.
    pub candidate_inquiries: u32,
    /// So many inquiries are logged, for the empty list.
    pub inquiries: usize,
    /// Whether any page of a site is known, for the empty list.
    pub has_pages: bool,
    /// This page and how many there are.
    pub page: (usize, usize),
}

/// What a list of gaps can be filtered and ordered by; the first of each is the usual one.
#[derive(Clone, Debug)]
pub struct GapFilters {
    /// States; the first is all open ones.
    pub states: Vec<Choice>,
    /// Kinds.
    pub kinds: Vec<Choice>,
    /// Whose.
    pub owners: Vec<Choice>,
    /// Channels that it is asked by.
    pub channels: Vec<Choice>,
    /// Norms that it is asked in.
    pub norms: Vec<Choice>,
    /// Hosts of the nearest page.
    pub sites: Vec<Choice>,
    /// Orders.
    pub orders: Vec<Choice>,
}

impl GapFilters {
    fn named(&self) -> [(&'static str, &[Choice]); 7] {
        [
            ("state", &self.states),
            ("kind", &self.kinds),
            ("owner", &self.owners),
            ("channel", &self.channels),
            ("norm", &self.norms),
            ("site", &self.sites),
            ("order", &self.orders),
        ]
    }

    /// Whether one beyond state and kind is set, so that they stand open.
    pub fn is_more_set(&self) -> bool {
        self.named()[2..].iter().any(|it| it.1.first().is_some_and(|it| !it.chosen))
    }
}

/// A gap in the list.
#[derive(Clone, Debug)]
pub struct GapSeen {
    /// The topic's number, `T12`.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The two commonest other wordings.
    pub wordings: Vec<String>,
    /// Contacts of the last 28 days.
    pub last_28_days: u32,
    /// The last twelve weeks.
    pub weeks: Weekly,
    /// The code of the trend.
    pub trend: String,
    /// The code of the verdict.
    pub verdict: String,
    /// The title of the nearest page.
    pub nearest: Option<String>,
    /// The code of the state.
    pub state: String,
    /// Who works on it.
    pub owner: Option<String>,
    /// The day that it was last asked.
    pub last: String,
    /// The day that it is to be done by, and whether that has passed.
    pub due: Option<(String, bool)>,
    /// Why it stands here.
    pub why: String,
    /// Whether it is one of the first that make up most of the contacts.
    pub in_pareto: bool,
}

impl GapsPage {
    /// Whether a filter is set.
    pub fn is_filtered(&self) -> bool {
        // The order is no filter.
        self.filters.named()[..6].iter().any(|it| it.1.first().is_some_and(|it| !it.chosen))
    }

    /// The address of another page of the same list.
    pub fn link(&self, page: usize) -> String {
        let chosen = self.filters.named().into_iter().filter_map(|(name, choices)| {
            let chosen = choices.iter().skip(1).find(|it| it.chosen)?;
            Some(format!("{name}={}&", chosen.value))
        });
        format!("/gaps?{}page={page}", chosen.collect::<String>())
    }
}
