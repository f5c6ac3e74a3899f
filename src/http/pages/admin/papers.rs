//! Papers for the organisation to complete, and what is shown to whoever asks to see the log.

use askama::Template;

use crate::http::pages::{Document, FieldError, Frame, error_of};

/// The papers.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/papers.html")]
pub struct PapersPage {
    /// What is around it.
    pub f: Frame,
    /// The papers to complete.
    pub papers: Vec<PaperSeen>,
    /// The period that is suggested for an inspection.
    pub period: (String, String),
}

/// A paper in the list.
#[derive(Clone, Debug)]
pub struct PaperSeen {
    /// Its name in addresses.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// So much is left to fill in.
    pub blanks: usize,
}

/// A paper.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/paper.html")]
pub struct PaperPage {
    /// What is around it.
    pub f: Frame,
    /// Its name in addresses.
    pub name: &'static str,
    /// So much is left to fill in.
    pub blanks: usize,
    /// What it says.
    pub text: Document,
}

/// What was logged in a period, for somebody from outside.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/inspection.html")]
pub struct InspectionPage {
    /// What is around it.
    pub f: Frame,
    /// Whose log it is.
    pub organisation: String,
    /// The first and the last day, as typed.
    pub period: (String, String),
    /// The day that it was made on.
    pub made: String,
    /// So many rows there are.
    pub total: usize,
    /// So many pieces are masked.
    pub masked: u64,
    /// So many rows have no words.
    pub without_words: usize,
    /// The first rows.
    pub rows: Vec<InspectedSeen>,
    /// So many more are in the file.
    pub more: usize,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// A row of what was logged.
#[derive(Clone, Debug)]
pub struct InspectedSeen {
    /// The day.
    pub day: String,
    /// The code of how it came.
    pub channel: &'static str,
    /// Where it was logged.
    pub desk: String,
    /// What was asked.
    pub text: String,
    /// What was answered.
    pub note: String,
    /// The code of what happened with it.
    pub outcome: &'static str,
    /// How often it came.
    pub count: u32,
    /// What was left out and why; empty when nothing was.
    pub why: String,
}

impl InspectionPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}
