//! What stored texts tell of persons.

use askama::Template;

use crate::http::pages::{Frame, Part};

/// What the last reading found, and what waits for a person.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/personal_data.html")]
pub struct PersonalDataPage {
    /// What is around it.
    pub f: Frame,
    /// When texts were read last, and how many; none before the first run since the start.
    pub last: Option<String>,
    /// How many passages of each kind were masked or wait.
    pub kinds: Vec<(String, u64)>,
    /// How many inquiries wait.
    pub waiting: usize,
    /// The first of them.
    pub proposals: Vec<ProposalSeen>,
}

/// An inquiry that waits.
#[derive(Clone, Debug)]
pub struct ProposalSeen {
    /// Its id.
    pub id: String,
    /// Its texts, with what may be personal marked.
    pub texts: Vec<Vec<Part>>,
}
