//! From a question to terms: limits, and what to ask for a word that the index lacks.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::{Searcher, Term};

use super::schema::Fields;
use super::slips::Slips;
use super::spread::Spreads;
use crate::analysis::{OwnWords, analyzer, grams};
use crate::repair::Repairs;

/// So much of a question is read.
pub const QUESTION_CHARS_MAX: usize = 512;
/// So many of its words are asked for.
pub const QUESTION_TERMS_MAX: usize = 32;
/// So many words that the index lacks are repaired; the rest is asked for by parts and grams.
const REPAIRED_MAX: usize = 3;
/// So many of the index's words that are near one that it lacks are compared with it.
const COMPARED_MAX: usize = 2_000;
/// A word of fewer texts is asked for by its parts too, and by words that begin with it.
const RARE_TEXTS: u64 = 30;
/// What a part counts beside a whole word.
const PART_WEIGHT: f32 = 0.5;
/// A part has at least so many letters.
const PART_CHARS_MIN: usize = 4;
/// What a part leaves of its word has at least so many letters.
const REST_CHARS_MIN: usize = 3;
/// So many words stand for one that is their beginning, the most frequent.
const LONGER_MAX: usize = 3;
/// So many words with a beginning are looked at in each segment.
const LONGER_SEEN_MAX: usize = 200;
/// What another word for the same counts beside the word itself.
pub(super) const ALIKE_WEIGHT: f32 = 0.5;
/// What an editor's word counts beside the caller's own: it is told and not guessed.
pub(super) const OWN_WEIGHT: f32 = 0.9;
/// So many other words stand for one, the first of the thesaurus that the index has.
const ALIKE_MAX: usize = 6;
/// What a gram counts of a word that the index lacks.
const GRAM_WEIGHT: f32 = 0.3;
/// So many grams of such a word are asked for, the rarest.
const GRAMS_PER_WORD: usize = 6;
/// So many grams are asked for where words find too little, the rarest.
pub(super) const GRAMS_MAX: usize = 24;

/// A word of a question as an index reads it.
#[derive(Clone, Default)]
pub(super) struct Read {
    /// Its key.
    pub(super) key: String,
    /// The index's word that was most likely meant when it does not have this one.
    pub(super) instead: Option<String>,
    /// Whether the index has it.
    pub(super) is_known: bool,
    /// Parts of it, or longer words, that the index has; looked for when it is rare.
    pub(super) related: BTreeSet<String>,
    /// Other words for the same that the index has.
    pub(super) alike: BTreeSet<String>,
    /// What pages say for it by an editor's word, a list of keys each.
    pub(super) own: Vec<Vec<String>>,
    /// Its rarest grams, when the index has neither it nor one that was meant.
    pub(super) grams: Vec<Term>,
}

/// Reads a question's words.
pub(super) fn read(
    question: &str,
    own: &OwnWords,
    spreads: &Spreads,
) -> tantivy::Result<Vec<Read>> {
    let text: String = question.chars().take(QUESTION_CHARS_MAX).collect();
    let mut repaired = 0;
    let mut words = vec![];
    for Content { key, concepts, own } in content(&text, own).into_iter().take(QUESTION_TERMS_MAX) {
        let spread = spreads.most(&key)?;
        let mut word = Read { key, is_known: 0 < spread, own, ..Read::default() };
        word.alike = alike(&word.key, &concepts, spreads)?;
        // A word that an editor has told the meaning of is no slip.
        let is_told = !word.own.is_empty();
        if spread == 0 && repaired < REPAIRED_MAX && !is_told {
            word.instead = repair(&word.key, spreads)?;
            repaired += 1;
        }
        if spread < RARE_TEXTS {
            word.related = parts(&word.key, spreads)?;
            word.related.extend(longer(&word.key, spreads)?);
        }
        if spread == 0 && word.instead.is_none() && !is_told {
            let grams = grams_of(&word.key, spreads.fields);
            word.grams = rarest(grams, GRAMS_PER_WORD, &spreads.searcher)?;
        }
        words.push(word);
    }
    Ok(words)
}

/// A word that says something.
struct Content {
    key: String,
    /// The concepts that it names, or that an expression with it does.
    concepts: Vec<u32>,
    /// What pages say for it, or for an expression with it.
    own: Vec<Vec<String>>,
}

/// The distinct words that say something, in order.
fn content(text: &str, own: &OwnWords) -> Vec<Content> {
    let words = analyzer().words(text);
    let mentions = analyzer().concepts(&words);
    let own = own.in_words(&words);
    let mut seen = BTreeSet::new();
    let says = words.iter().enumerate().filter(|(_, word)| !word.is_stop);
    says.filter(|(_, word)| seen.insert(word.key.clone()))
        .map(|(at, word)| {
            let named = mentions.iter().filter(|it| it.is_whole && it.words.contains(&at));
            let meant = own.iter().filter(|it| it.0.contains(&at)).map(|it| &it.1.words);
            Content {
                key: word.key.clone(),
                concepts: named.map(|it| it.concept).collect(),
                own: meant.map(|it| it.iter().map(|it| it.key.clone()).collect()).collect(),
            }
        })
        .collect()
}

/// Other words for the same that the index has.
fn alike(key: &str, concepts: &[u32], spreads: &Spreads) -> tantivy::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for other in concepts.iter().flat_map(|it| analyzer().concept_words(*it)) {
        if found.len() < ALIKE_MAX && other != key && 0 < spreads.most(other)? {
            found.insert(other.clone());
        }
    }
    Ok(found)
}

/// What is asked of an index.
pub(super) struct Terms {
    /// Words in texts and in titles that have them, each with its weight.
    pub(super) words: Vec<(Term, f32)>,
    /// Rare grams of words that the index lacks, each with its weight.
    pub(super) lacking: Vec<(Term, f32)>,
}

impl Terms {
    pub(super) fn of(words: &[&Read], spreads: &Spreads) -> tantivy::Result<Self> {
        let mut weights: BTreeMap<&str, f32> = BTreeMap::new();
        for word in words {
            for part in &word.related {
                weights.entry(part).or_insert(PART_WEIGHT);
            }
            for other in &word.alike {
                weights.entry(other).or_insert(ALIKE_WEIGHT);
            }
        }
        for other in words.iter().flat_map(|it| it.own.iter().flatten()) {
            weights.insert(other, OWN_WEIGHT);
        }
        for word in words {
            let known = word.is_known.then_some(&word.key);
            weights.extend(known.into_iter().chain(&word.instead).map(|it| (it.as_str(), 1.0)));
        }
        let mut terms = vec![];
        for (key, weight) in weights {
            terms.extend(spreads.terms(key)?.map(|(term, share)| (term, weight * share)));
        }
        let lacking: BTreeSet<&Term> = words.iter().flat_map(|it| &it.grams).collect();
        let lacking = lacking.into_iter().map(|it| (it.clone(), GRAM_WEIGHT)).collect();
        Ok(Self { words: terms, lacking })
    }
}

/// The grams of all words.
pub(super) fn all_grams(words: &[&Read], fields: Fields) -> BTreeSet<Term> {
    let keys = words.iter().flat_map(|it| [&it.key].into_iter().chain(&it.instead));
    keys.flat_map(|it| grams_of(it, fields)).collect()
}

fn grams_of(key: &str, fields: Fields) -> impl Iterator<Item = Term> {
    grams(key).into_iter().map(move |it| Term::from_field_text(fields.grams, &it))
}

/// So many of the terms that the index has, those of the fewest texts.
pub(super) fn rarest(
    terms: impl Iterator<Item = Term>,
    n: usize,
    searcher: &Searcher,
) -> tantivy::Result<Vec<Term>> {
    let mut found: Vec<(u64, Term)> = vec![];
    for term in terms {
        found.push((searcher.doc_freq(&term)?, term));
    }
    found.retain(|it| 0 < it.0);
    found.sort_unstable();
    found.dedup();
    Ok(found.into_iter().take(n).map(|it| it.1).collect())
}

/// The index's word that was most likely meant.
fn repair(key: &str, spreads: &Spreads) -> tantivy::Result<Option<String>> {
    let mut repairs = Repairs::of(key);
    let Some(allowed) = repairs.allowed() else { return Ok(None) };
    let mut left = COMPARED_MAX;
    for inverted in spreads.lists_of_texts() {
        let mut words = inverted.terms().search(Slips::of(key, allowed)).into_stream()?;
        while let Some((word, info)) = words.next() {
            if left == 0 {
                return Ok(repairs.best());
            }
            left -= 1;
            if let Ok(word) = std::str::from_utf8(word) {
                repairs.compare(word, info.doc_freq);
            }
        }
    }
    Ok(repairs.best())
}

/// The longest beginning and the longest end of a word that the index has, as `barnehag` and
/// `plass` of `barnehageplass`.
fn parts(key: &str, spreads: &Spreads) -> tantivy::Result<BTreeSet<String>> {
    let cuts: Vec<usize> = key.char_indices().map(|it| it.0).chain([key.len()]).collect();
    let chars = cuts.len() - 1;
    let mut found = BTreeSet::new();
    let lengths = || (PART_CHARS_MIN..=chars.saturating_sub(REST_CHARS_MIN)).rev();
    for part in lengths().map(|length| &key[..cuts[length]]) {
        if 0 < spreads.most(part)? {
            found.insert(part.to_owned());
            break;
        }
    }
    for part in lengths().map(|length| &key[cuts[chars - length]..]) {
        if 0 < spreads.most(part)? {
            found.insert(part.to_owned());
            break;
        }
    }
    Ok(found)
}

/// The most frequent words that begin with a word: it may be half typed.
fn longer(key: &str, spreads: &Spreads) -> tantivy::Result<Vec<String>> {
    if key.chars().count() < REST_CHARS_MIN {
        return Ok(vec![]);
    }
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for inverted in spreads.lists() {
        let mut words = inverted.terms().range().gt(key).into_stream()?;
        let mut left = LONGER_SEEN_MAX;
        while let Some((word, info)) = words.next().filter(|_| 0 < left) {
            let Some(word) = std::str::from_utf8(word).ok().filter(|it| it.starts_with(key)) else {
                break;
            };
            *counts.entry(word.to_owned()).or_default() += info.doc_freq;
            left -= 1;
        }
    }
    let mut counts: Vec<(String, u32)> = counts.into_iter().collect();
    counts.sort_by_key(|it| std::cmp::Reverse(it.1));
    Ok(counts.into_iter().take(LONGER_MAX).map(|it| it.0).collect())
}
