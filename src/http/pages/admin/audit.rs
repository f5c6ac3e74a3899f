//! Who did what.

use askama::Template;

use crate::http::pages::{Choice, Frame};

/// Who did what.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/audit.html")]
pub struct AuditPage {
    /// What is around it.
    pub f: Frame,
    /// Whose lines to choose from.
    pub people: Vec<Choice>,
    /// The parts of the work to choose from.
    pub areas: Vec<Choice>,
    /// The first day, as typed.
    pub from: String,
    /// The last day, as typed.
    pub to: String,
    /// So many lines fit.
    pub total: usize,
    /// This page, and how many there are.
    pub page: (usize, usize),
    /// The lines, newest first.
    pub lines: Vec<AuditLine>,
    /// Whether the chain of all lines holds.
    pub holds: bool,
}

/// One line of the audit.
#[derive(Clone, Debug)]
pub struct AuditLine {
    /// The day and time.
    pub at: String,
    /// Who, in words.
    pub who: String,
    /// What was done, in words.
    pub says: String,
    /// The same as the audit keeps it.
    pub code: String,
    /// What it concerned.
    pub target: AuditTarget,
    /// Whether it was allowed and done.
    pub done: bool,
}

/// What a line of the audit concerned.
#[derive(Clone, Debug, Default)]
pub struct AuditTarget {
    /// What it is called; empty when it concerned nothing, or is erased.
    pub label: String,
    /// Where it is seen.
    pub href: Option<String>,
}

impl AuditPage {
    /// Whether not all lines are shown.
    pub fn is_filtered(&self) -> bool {
        !self.query().is_empty()
    }

    /// The address of another page with the same filter.
    pub fn at_page(&self, page: usize) -> String {
        let mut query = self.query();
        if 1 < page {
            query.push(("page", page.to_string()));
        }
        address("/admin/audit", &query)
    }

    /// The page before.
    pub fn before(&self) -> String {
        self.at_page(self.page.0.saturating_sub(1))
    }

    /// The page after.
    pub fn after(&self) -> String {
        self.at_page(self.page.0 + 1)
    }

    /// The file with what is shown.
    pub fn file(&self) -> String {
        address("/admin/audit.csv", &self.query())
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        let chosen = |all: &[Choice]| {
            all.iter().find(|it| it.chosen).map_or_else(String::new, |it| it.value.clone())
        };
        let pairs = [
            ("who", chosen(&self.people)),
            ("area", chosen(&self.areas)),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
        ];
        pairs.into_iter().filter(|it| !it.1.is_empty()).collect()
    }
}

fn address(path: &str, query: &[(&'static str, String)]) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    format!("{path}?{query}")
}
