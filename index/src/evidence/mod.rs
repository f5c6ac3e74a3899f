//! What a verdict is made of: how near the site comes to a topic's questions, in which words.

mod said;
#[cfg(test)]
mod tests;
mod topic;
mod words;

use std::collections::{BTreeSet, HashMap};

use crate::analysis::{Meant, OwnWords, Word, analyzer};
use crate::parallel::in_parallel;
use crate::passages::{Asked, PassageHit, PassageSet};

pub use said::SaidWords;
pub use topic::{Finding, TopicEvidence, sum_up, topic_evidence};

/// How near the site comes to one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The passages that come nearest, best first.
    pub passages: Vec<PassageHit>,
    /// Pages with their scores, best first.
    pub pages: Vec<(u64, f32)>,
    /// The question's words that the nearest page has, as written.
    pub covered: Vec<String>,
    /// The question's words for which it has other words.
    pub reworded: Vec<Reworded>,
    /// The question's words for which it has none, as written.
    pub missing: Vec<String>,
    /// The share of the question's words that it has as they are, rare ones counting more.
    pub coverage: f32,
    /// The best passage's score over the score that the question could reach at most.
    pub nearness: f32,
    /// How sure it is that no page answers, 0 to 1.
    pub gap_score: f32,
}

/// A word of callers for which a page has another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reworded {
    /// As a caller wrote it.
    pub asked: String,
    /// As the page has it.
    pub written: String,
}

/// So many passages are looked at for each question.
const PASSAGES: usize = 3;
/// So many pages are told.
const PAGES: usize = 10;
/// What nearness weighs beside coverage where nothing was learned from a log.
const NEARNESS_SHARE: f32 = 0.6;

/// What a question's own evidence weighs beside its topic's.
const OWN_SHARE: f32 = 0.75;

impl Evidence {
    /// The question's evidence as its topic bears it out: one question says little, and its topic
    /// may hold another one that is answered.
    #[must_use]
    pub fn within(&self, topic: &TopicEvidence) -> Self {
        let joint = |own: f32, topic: f32| OWN_SHARE * own + (1.0 - OWN_SHARE) * topic;
        Self {
            gap_score: joint(self.gap_score, topic.gap_score),
            coverage: joint(self.coverage, topic.coverage),
            ..self.clone()
        }
    }
}

/// Looks up one question.
pub fn evidence(question: &str, set: &PassageSet) -> Evidence {
    evidence_by(question, set, &OwnWords::default())
}

/// Looks up one question by an organisation's own words.
pub fn evidence_by(question: &str, set: &PassageSet, own: &OwnWords) -> Evidence {
    let asked = set.asked_by(question, own);
    let found = set.found(&asked, PAGES);
    let said = Said::of(&asked, found.best, set);
    let by_words = 1.0 - NEARNESS_SHARE * found.nearness - (1.0 - NEARNESS_SHARE) * said.coverage;
    Evidence {
        passages: found.passages.into_iter().take(PASSAGES).collect(),
        pages: found.pages,
        covered: said.covered,
        reworded: said.reworded,
        missing: said.missing,
        coverage: said.coverage,
        nearness: found.nearness,
        gap_score: found.gap.unwrap_or(by_words).clamp(0.0, 1.0),
    }
}

/// Looks up many questions, each wording once, on all processors; in the order given.
pub fn evidences(questions: &[&str], set: &PassageSet) -> Vec<Evidence> {
    evidences_by(questions, set, &OwnWords::default())
}

/// The same by an organisation's own words.
pub fn evidences_by(questions: &[&str], set: &PassageSet, own: &OwnWords) -> Vec<Evidence> {
    let mut different: Vec<&str> = vec![];
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut of_question: Vec<usize> = Vec::with_capacity(questions.len());
    for question in questions {
        let place = *places.entry(analyzer().normalized(question)).or_insert(different.len());
        if place == different.len() {
            different.push(question);
        }
        of_question.push(place);
    }
    let found = in_parallel(different.len(), |range| {
        range.map(|at| evidence_by(different[at], set, own)).collect()
    });
    of_question.into_iter().map(|at| found[at].clone()).collect()
}

/// What a page says of the words of a question.
#[derive(Default)]
struct Said {
    covered: Vec<String>,
    reworded: Vec<Reworded>,
    missing: Vec<String>,
    coverage: f32,
}

impl Said {
    fn of(asked: &Asked, page: Option<usize>, set: &PassageSet) -> Self {
        let mut said = Self::default();
        let (mut has, mut all) = (0.0, 0.0);
        for (word, concepts) in &asked.content {
            let rarity = set.rarity(&word.key);
            all += rarity;
            if page.is_some_and(|page| set.holds(page, &word.key)) {
                has += rarity;
                said.covered.push(word.written.clone());
                continue;
            }
            let own = page.and_then(|page| told_for(page, asked.own.get(&word.key)?, set));
            match own.or_else(|| page.and_then(|page| words_for(page, concepts, set))) {
                Some(written) => said.reworded.push(told(word, written)),
                None => said.missing.push(word.written.clone()),
            }
        }
        said.coverage = if 0.0 < all { has / all } else { 0.0 };
        said
    }
}

fn words_for<'a>(page: usize, concepts: &BTreeSet<u32>, set: &'a PassageSet) -> Option<&'a str> {
    concepts.iter().find_map(|concept| set.words_for(page, *concept))
}

/// What a page says for a word by an editor's word.
fn told_for<'a>(page: usize, meant: &'a [Meant], set: &PassageSet) -> Option<&'a str> {
    let says = |it: &&Meant| it.words.iter().all(|word| set.holds(page, &word.key));
    meant.iter().find(says).map(|it| it.written.as_str())
}

fn told(word: &Word, written: &str) -> Reworded {
    Reworded { asked: word.written.clone(), written: written.to_owned() }
}
