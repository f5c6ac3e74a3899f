//! Texts that say the same in the same words are one wording.

use std::collections::BTreeMap;

use crate::analysis::analyzer;

/// A text to group.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    /// The caller's key.
    pub key: u64,
    /// The words.
    pub text: &'a str,
    /// The pages that it leads to with their scores, best first; none when not known.
    pub pages: Vec<(u64, f32)>,
}

/// One wording and everybody who used it.
pub(super) struct Wording<'a> {
    pub(super) text: &'a str,
    pub(super) keys: Vec<u64>,
    pub(super) pages: &'a [(u64, f32)],
}

/// Collects texts by what they say, in an order that depends on the texts alone.
pub(super) fn wordings<'a>(texts: &'a [Text<'a>]) -> Vec<Wording<'a>> {
    let mut by_words: BTreeMap<String, Vec<&Text<'a>>> = BTreeMap::new();
    for text in texts {
        let normalized = analyzer().normalized(text.text);
        // A text without a word is like no other.
        let name = if normalized.is_empty() { format!(" {}", text.key) } else { normalized };
        by_words.entry(name).or_default().push(text);
    }
    by_words
        .into_values()
        .filter_map(|mut same| {
            same.sort_by_key(|it| it.key);
            let first = *same.first()?;
            let keys = same.iter().map(|it| it.key).collect();
            Some(Wording { text: first.text, keys, pages: &first.pages })
        })
        .collect()
}
