//! What came to a page and what went.

use std::collections::BTreeSet;

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
}

impl TextChange {
    /// So many passages are named of each kind.
    pub const NAMED_MAX: usize = 5;
    /// So much of a passage is named.
    pub const NAMED_CHARS_MAX: usize = 120;

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
        Self { n_came, n_went, came, went }
    }
}
