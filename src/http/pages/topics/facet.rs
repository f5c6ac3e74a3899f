//! What a list can be told apart by.

use crate::http::pages::Choice;

/// Something that a list can be told apart by.
#[derive(Clone, Debug)]
pub struct FacetSeen {
    /// Its name in the address.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// Its values; the first is all.
    pub choices: Vec<Choice>,
}

impl FacetSeen {
    /// The value that is chosen; empty for all.
    pub fn chosen(&self) -> &str {
        self.choices.iter().find(|it| it.chosen).map_or("", |it| it.value.as_str())
    }

    /// Whether not all are shown.
    pub fn is_set(&self) -> bool {
        !self.chosen().is_empty()
    }
}
