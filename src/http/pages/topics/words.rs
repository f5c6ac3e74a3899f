//! The table of what callers say and what the pages say for it.

use askama::Template;

use crate::http::pages::{FieldError, Frame, error_of};

/// The table.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/words.html")]
pub struct WordsPage {
    /// What is around it.
    pub f: Frame,
    /// The rows that count, the newest change first.
    pub rows: Vec<WordSeen>,
    /// How many there are in all.
    pub total: usize,
    /// How many the words let through.
    pub found: usize,
    /// Those that were taken out last.
    pub removed: Vec<WordSeen>,
    /// Words to look for, as typed.
    pub query: String,
    /// This page and how many there are.
    pub page: (usize, usize),
    /// The form.
    pub form: WordForm,
    /// What is wrong with a pasted table, a sentence a line.
    pub bad_lines: Vec<String>,
    /// The pasted table, as typed.
    pub table: String,
}

/// A row.
#[derive(Clone, Debug)]
pub struct WordSeen {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// What callers say.
    pub said: String,
    /// What the pages say.
    pub written: String,
    /// Why.
    pub note: String,
    /// The topic it comes from.
    pub topic: Option<String>,
    /// When it last changed, and who changed it.
    pub changed: String,
    /// Questions with the word, and those that lead to a page by this row.
    pub brought: Option<(u32, u32)>,
}

/// The form of a row.
#[derive(Clone, Debug, Default)]
pub struct WordForm {
    /// The row that is changed; empty for a new one.
    pub id: String,
    /// Its version as seen.
    pub version: u32,
    /// What callers say, as typed.
    pub said: String,
    /// What the pages say, as typed.
    pub written: String,
    /// Why, as typed.
    pub note: String,
    /// The topic it comes from.
    pub topic: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// What somebody else has made of the row meanwhile.
    pub theirs: Option<(String, String)>,
}

impl WordForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}

impl WordsPage {
    /// The address of another page of the same list.
    pub fn link(&self, page: usize) -> String {
        let query: String = url::form_urlencoded::byte_serialize(self.query.as_bytes()).collect();
        format!("/words?q={query}&page={page}")
    }
}
