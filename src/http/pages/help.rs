//! A short page of help.

use askama::Template;

use super::Frame;

/// Help: how to log, what the words mean, which keys do what.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/help.html")]
pub struct HelpPage {
    /// What is around it.
    pub f: Frame,
    /// So many inquiries within 30 days make a gap.
    pub candidate_inquiries: u32,
}

impl HelpPage {
    /// The verdicts, in the order of how much there is to do.
    pub fn verdicts(&self) -> [&'static str; 6] {
        ["missing", "partly", "hard_to_find", "other_norm", "outdated", "answered"]
    }
}
