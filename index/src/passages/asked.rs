//! A question as a website reads it: slips mended, words with what they mean.

use std::collections::{BTreeMap, BTreeSet};

use super::PassageSet;
use crate::analysis::{Meant, Mention, OwnWords, Word, analyzer, folded, grams};
use crate::repair::Repairs;

/// A question.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// All its words in order; a slip has the key of the word that was meant.
    pub(crate) words: Vec<Word>,
    /// Its distinct words that say something, in order, with the concepts that they name.
    pub(crate) content: Vec<(Word, BTreeSet<u32>)>,
    pub(super) keys: BTreeSet<String>,
    pub(super) grams: BTreeSet<String>,
    /// What it means, and how surely.
    pub(super) concepts: BTreeMap<u32, f32>,
    /// By key of one of its words: what pages say for it.
    pub(crate) own: BTreeMap<String, Vec<Meant>>,
    /// The words to find its meaning by where pages say something for them: `words` stay as a
    /// site has learned them.
    told: Option<Vec<Word>>,
}

impl Asked {
    /// The words that tell what it means.
    pub(crate) fn meaning(&self) -> &[Word] {
        self.told.as_deref().unwrap_or(&self.words)
    }
}

/// How surely words mean each concept that they name: a word of two concepts means either, and a
/// part of a compound is half a word.
pub(crate) fn weighed(mentions: &[Mention]) -> impl Iterator<Item = (u32, f32)> {
    const PART_WEIGHT: f32 = 0.5;
    mentions.iter().map(|it| {
        let beside = mentions.iter().filter(|other| other.words.start == it.words.start).count();
        let whole = if it.is_whole { 1.0 } else { PART_WEIGHT };
        (it.concept, whole / f32::from(u16::try_from(beside).unwrap_or(u16::MAX)))
    })
}

impl Asked {
    /// Reads the word at a place as it was said, and not as a slip of another one.
    fn take_for(&mut self, said: &Word, at: usize, set: &PassageSet) {
        let read = self.words[at].key.clone();
        let is_elsewhere = |key: &str| {
            let others = self.words.iter().enumerate().filter(|it| it.0 != at);
            others.into_iter().any(|it| it.1.key == key)
        };
        if read == said.key && set.has(&read) || is_elsewhere(&read) {
            return;
        }
        self.keys.remove(&read);
        for gram in grams(&read) {
            self.grams.remove(&gram);
        }
        if let Some(content) = self.content.iter_mut().find(|it| it.0.key == read) {
            content.0 = said.clone();
        }
    }
}

impl PassageSet {
    fn has(&self, key: &str) -> bool {
        self.by_passage.words.contains(key) || self.by_passage.titles.contains(key)
    }

    /// Reads a question. A word that no passage has and that names no concept is taken for a slip:
    /// it is read as the nearest word that some passage has.
    pub(crate) fn asked(&self, question: &str) -> Asked {
        let mut words = analyzer().words(question);
        let known = analyzer().concepts(&words);
        for (at, word) in words.iter_mut().enumerate().filter(|it| !it.1.is_stop) {
            let is_named = known.iter().any(|it| it.is_whole && it.words.contains(&at));
            if let Some(meant) = self.repaired(&word.key).filter(|_| !is_named) {
                word.key = meant;
            }
        }
        let mentions = analyzer().concepts(&words);
        let mut asked = Asked::default();
        for (at, word) in words.iter().enumerate().filter(|it| !it.1.is_stop) {
            let named = mentions.iter().filter(|it| it.words.contains(&at)).map(|it| it.concept);
            asked.grams.extend(grams(&word.key));
            if asked.keys.insert(word.key.clone()) {
                asked.content.push((word.clone(), named.collect()));
            }
        }
        for (concept, weight) in weighed(&mentions) {
            let most = asked.concepts.entry(concept).or_default();
            *most = most.max(weight);
        }
        Asked { words, ..asked }
    }

    /// The same with an organisation's own words: a caller's word that no passage has counts no
    /// more, and is no slip; the page's words for it count instead.
    pub(crate) fn asked_by(&self, question: &str, own: &OwnWords) -> Asked {
        let mut asked = self.asked(question);
        let said = if own.is_empty() { vec![] } else { analyzer().words(question) };
        let meant = own.in_words(&said);
        if meant.is_empty() {
            return asked;
        }
        let mut told = asked.words.clone();
        for (places, meant) in &meant {
            for at in places.clone().filter(|at| !said[*at].is_stop) {
                asked.take_for(&said[at], at, self);
                told[at] = said[at].clone();
                asked.own.entry(said[at].key.clone()).or_default().push((*meant).clone());
            }
            for word in &meant.words {
                asked.grams.extend(grams(&word.key));
                asked.keys.insert(word.key.clone());
                told.push(word.clone());
            }
        }
        Asked { told: Some(told), ..asked }
    }

    /// The word of the site that was most likely meant; none when the site has this one.
    pub(super) fn repaired(&self, key: &str) -> Option<String> {
        if self.has(key) {
            return None;
        }
        let mut repairs = Repairs::of(key);
        let near = self.vocabulary.get(&first_letter(key)).into_iter().flatten();
        near.for_each(|(word, count)| repairs.compare(word, *count));
        repairs.best()
    }
}

/// The letter that a word begins with, typed without rings; a slip seldom changes it.
pub(super) fn first_letter(key: &str) -> char {
    let first: String = key.chars().take(1).collect();
    folded(&first).chars().next().unwrap_or_default()
}
