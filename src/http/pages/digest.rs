//! A week's letter as a page.

use askama::Template;

use super::{Chart, Frame};

/// A week's letter.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/digest.html")]
pub struct DigestPage {
    /// What is around it.
    pub f: Frame,
    /// The week, `2026-W12`.
    pub week: String,
    /// Its number.
    pub week_number: i8,
    /// Its first and last day.
    pub days: (String, String),
    /// The week before.
    pub before: String,
    /// The week after; none when it has not begun.
    pub after: Option<String>,
    /// The finding, in one sentence.
    pub headline: String,
    /// A few figures with what they were before.
    pub figures: Vec<DigestFigure>,
    /// Inquiries week by week.
    pub chart: Chart,
    /// What to decide, what is verified, what is still asked, what rises.
    pub sections: Vec<DigestSection>,
}

/// A figure.
#[derive(Clone, Debug)]
pub struct DigestFigure {
    /// What it measures, in the page's language.
    pub label: String,
    /// The figure.
    pub value: String,
    /// What it was before, in words.
    pub before: String,
}

/// A part of the letter.
#[derive(Clone, Debug)]
pub struct DigestSection {
    /// Its heading, in the page's language.
    pub title: String,
    /// Its lines.
    pub items: Vec<DigestItem>,
    /// What it says when there are none.
    pub empty: String,
}

/// A line of the letter.
#[derive(Clone, Debug)]
pub struct DigestItem {
    /// The topic's number.
    pub number: String,
    /// The topic's name.
    pub name: String,
    /// More, in the page's language.
    pub detail: String,
}

impl DigestPage {
    /// Whether nothing was logged and nothing happened.
    pub fn is_empty(&self) -> bool {
        self.figures.is_empty() && self.sections.iter().all(|it| it.items.is_empty())
    }
}
