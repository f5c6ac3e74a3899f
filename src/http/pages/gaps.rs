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
    /// States to filter by; the first is all open ones.
    pub states: Vec<Choice>,
    /// Kinds to filter by; the first is all.
    pub kinds: Vec<Choice>,
    /// So many inquiries within 30 days make a gap, for the empty list.
    pub candidate_inquiries: u32,
    /// So many inquiries are logged, for the empty list.
    pub inquiries: usize,
    /// Whether any page of a site is known, for the empty list.
    pub has_pages: bool,
    /// This page and how many there are.
    pub page: (usize, usize),
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
    /// Whether it is one of the first that make up most of the contacts.
    pub in_pareto: bool,
}

impl GapsPage {
    /// Whether a filter is set.
    pub fn is_filtered(&self) -> bool {
        let first = |choices: &[Choice]| choices.first().is_none_or(|it| it.chosen);
        !(first(&self.states) && first(&self.kinds))
    }

    /// The address of another page of the same list.
    pub fn link(&self, page: usize) -> String {
        let chosen = |choices: &[Choice]| {
            choices.iter().find(|it| it.chosen).map(|it| it.value.clone()).unwrap_or_default()
        };
        format!("/gaps?state={}&kind={}&page={page}", chosen(&self.states), chosen(&self.kinds))
    }
}
