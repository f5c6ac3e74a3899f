//! What came to a page and what went.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::bodies::Body;

/// Which passages came to a page and which went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextChange {
    /// How many came.
    pub n_came: u32,
    /// How many went.
    pub n_went: u32,
    /// The beginnings of the first that came, at most `TextChange::NAMED_MAX`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub came: Vec<String>,
    /// The same of those that went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub went: Vec<String>,
    /// Words that the page has more often than before, at most `TextChange::MORE_MAX`; none in
    /// older records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
}

impl TextChange {
    /// So many passages are named of each kind.
    pub const NAMED_MAX: usize = 5;
    /// So much of a passage is named.
    pub const NAMED_CHARS_MAX: usize = 120;
    /// So many words are told.
    pub const MORE_MAX: usize = 300;

    /// What became of a page's passages.
    pub fn of(old: &Body, new: &Body) -> Self {
        let beginnings = |of: &Body, other: &Body| {
            let mut others: BTreeSet<(&str, &str)> = BTreeSet::new();
            others.extend(other.passages.iter().map(|it| (it.heading.as_str(), it.text.as_str())));
            let own = of.passages.iter().map(|it| (it.heading.as_str(), it.text.as_str()));
            let only: Vec<(&str, &str)> = own.filter(|it| !others.contains(it)).collect();
            let named = only.iter().take(Self::NAMED_MAX).map(|(heading, text)| {
                format!("{heading}: {text}").chars().take(Self::NAMED_CHARS_MAX).collect()
            });
            (u32::try_from(only.len()).unwrap_or(u32::MAX), named.collect::<Vec<String>>())
        };
        let ((n_came, came), (n_went, went)) = (beginnings(new, old), beginnings(old, new));
        Self { n_came, n_went, came, went, more: more(old, new) }
    }

    /// What came, as far as it is told, as one text.
    pub fn said(&self) -> String {
        let told = if self.more.is_empty() { &self.came } else { &self.more };
        told.join(" ")
    }
}

fn more(old: &Body, new: &Body) -> Vec<String> {
    let (before, now) = (counted(old), counted(new));
    let rises = |it: &(String, u32)| before.get(&it.0).copied().unwrap_or(0) < it.1;
    now.into_iter().filter(rises).map(|it| it.0).take(TextChange::MORE_MAX).collect()
}

/// How often a page has each word.
fn counted(body: &Body) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    let texts = body.passages.iter().flat_map(|it| [&it.heading, &it.text]);
    for word in texts.chain([&body.title]).flat_map(|it| it.split(|c: char| !c.is_alphanumeric())) {
        if !word.is_empty() {
            *counts.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    counts
}
