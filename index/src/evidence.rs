//! What a verdict is made of: how near the site comes to a topic's questions, in which words.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{Language, Word, analyzer, detect};
use crate::passages::{PassageHit, PassageSet};

/// How near the site comes to one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The passages that come nearest, best first.
    pub passages: Vec<PassageHit>,
    /// Pages with their scores, best first.
    pub pages: Vec<(u64, f32)>,
    /// The question's words that the nearest passages have, as written.
    pub covered: Vec<String>,
    /// The question's words that they lack, as written.
    pub missing: Vec<String>,
    /// The share of the question's words that they have, rare ones counting more.
    pub coverage: f32,
    /// The best passage's score over the score that the question could reach at most.
    pub nearness: f32,
    /// How sure it is that no page answers, 0 to 1.
    pub gap_score: f32,
}

/// How near the site comes to a topic.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicEvidence {
    /// The passages that most questions come near, best first.
    pub passages: Vec<PassageHit>,
    /// Pages with their scores, best first.
    pub pages: Vec<(u64, f32)>,
    /// Words of callers that the nearest passages have, commonest first.
    pub covered: Vec<String>,
    /// Words of callers that they lack, commonest first.
    pub missing: Vec<String>,
    /// How sure it is that no page answers, 0 to 1.
    pub gap_score: f32,
    /// The share of the questions that lead to the same page among their first three.
    pub agreement: f32,
    /// What the evidence says.
    pub finding: Finding,
}

/// What the evidence says of a topic, before anybody's word is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// A page answers in words that callers use.
    Answered,
    /// A page answers a part.
    Partly,
    /// A page is near, in other words than callers use.
    HardToFind,
    /// A page answers only in the norm that the callers do not use.
    OtherNorm,
    /// No page comes near.
    Missing,
}

/// So many passages are looked at for each question.
const PASSAGES: usize = 3;
/// So many pages are told.
const PAGES: usize = 10;
/// What nearness weighs beside coverage in the gap score.
const NEARNESS_SHARE: f32 = 0.6;
/// Below this gap score a page answers.
const ANSWERED_MAX: f32 = 0.47;
/// Above this gap score no page comes near.
const MISSING_MIN: f32 = 0.62;
/// So large a share of a topic's questions must lead to one page to call it hard to find.
const AGREEMENT_MIN: f32 = 0.6;
/// At most so many words are told.
const WORDS_MAX: usize = 12;

/// Looks up one question.
pub fn evidence(question: &str, set: &PassageSet) -> Evidence {
    let mut words: Vec<Word> =
        analyzer().words(question).into_iter().filter(|word| !word.is_stop).collect();
    words.iter_mut().for_each(|word| {
        word.key = set.read_keys([std::mem::take(&mut word.key)]).into_iter().collect();
    });
    let keys: BTreeSet<String> = words.iter().map(|it| it.key.clone()).collect();
    let near = set.nearest(&keys, PASSAGES);
    let (best, coverage) = best_covered(&keys, &near, set);
    let held = best.map(|at| set.keys_at(at));
    let has = |key: &str| held.is_some_and(|held| holds(held, key));
    let (covered, missing): (Vec<Word>, Vec<Word>) =
        words.into_iter().partition(|word| has(&word.key));
    let ceiling = set.ceiling(&keys);
    let score = near.first().map_or(0.0, |it| it.1);
    let nearness = if 0.0 < ceiling { (score / ceiling).min(1.0) } else { 0.0 };
    let gap_score = 1.0 - NEARNESS_SHARE * nearness - (1.0 - NEARNESS_SHARE) * coverage;
    Evidence {
        passages: near.into_iter().map(|(at, score)| set.hit_at(at, score)).collect(),
        pages: set.pages(question, PAGES),
        covered: distinct(covered),
        missing: distinct(missing),
        coverage,
        nearness,
        gap_score: gap_score.clamp(0.0, 1.0),
    }
}

/// The near passage that has most of the question, by rarity, and the share that it has.
fn best_covered(
    keys: &BTreeSet<String>,
    near: &[(usize, f32)],
    set: &PassageSet,
) -> (Option<usize>, f32) {
    let total: f32 = keys.iter().map(|it| set.rarity(it)).sum();
    let mut best = (None, 0.0);
    for (at, _) in near {
        let held = set.keys_at(*at);
        let has: f32 = keys.iter().filter(|it| holds(held, it)).map(|it| set.rarity(it)).sum();
        let share = if 0.0 < total { has / total } else { 0.0 };
        if best.0.is_none() || best.1 < share {
            best = (Some(*at), share);
        }
    }
    best
}

/// Whether a passage has a word: as it is, or as a part of a compound.
fn holds(held: &BTreeSet<String>, key: &str) -> bool {
    const PART_CHARS_MIN: usize = 5;
    held.contains(key)
        || (PART_CHARS_MIN <= key.chars().count() && held.iter().any(|it| it.contains(key)))
}

fn distinct(words: Vec<Word>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    words.into_iter().filter(|it| seen.insert(it.key.clone())).map(|it| it.written).collect()
}

/// Looks up all questions of a topic and sums up what they find.
pub fn topic_evidence(questions: &[&str], set: &PassageSet) -> TopicEvidence {
    let each: Vec<Evidence> = questions.iter().map(|it| evidence(it, set)).collect();
    sum_up(questions, &each, set)
}

/// Sums up what a topic's questions find; `each` is the evidence of each question.
pub fn sum_up(questions: &[&str], each: &[Evidence], set: &PassageSet) -> TopicEvidence {
    #[expect(clippy::cast_precision_loss, reason = "counts of questions are far below 2^24")]
    let n = each.len().max(1) as f32;
    let gap_score = each.iter().map(|it| it.gap_score).sum::<f32>() / n;
    let pages = shared_pages(each);
    let passages = shared_passages(each);
    let agreement = pages.first().map_or(0.0, |best| agreement(each, best.0) / n);
    let finding = finding(gap_score, agreement);
    let other_norm = finding == Finding::Answered && in_other_norm(questions, each, set);
    TopicEvidence {
        covered: commonest(each.iter().map(|it| &it.covered)),
        missing: commonest(each.iter().map(|it| &it.missing)),
        finding: if other_norm { Finding::OtherNorm } else { finding },
        passages,
        pages,
        gap_score,
        agreement,
    }
}

fn finding(gap_score: f32, agreement: f32) -> Finding {
    if gap_score < ANSWERED_MAX {
        Finding::Answered
    } else if AGREEMENT_MIN <= agreement && gap_score < MISSING_MIN {
        Finding::HardToFind
    } else if gap_score < MISSING_MIN {
        Finding::Partly
    } else {
        Finding::Missing
    }
}

/// Pages by what each question gives them: a first place counts one, a second a half, and so on,
/// more when it comes nearer.
fn shared_pages(each: &[Evidence]) -> Vec<(u64, f32)> {
    let mut sums: BTreeMap<u64, f32> = BTreeMap::new();
    for evidence in each {
        for (place, (page, _)) in (1_u16..).zip(&evidence.pages) {
            *sums.entry(*page).or_default() += (0.2 + evidence.nearness) / f32::from(place);
        }
    }
    let mut pages: Vec<(u64, f32)> = sums.into_iter().collect();
    pages.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    pages.truncate(PAGES);
    pages
}

fn shared_passages(each: &[Evidence]) -> Vec<PassageHit> {
    let mut sums: BTreeMap<(u64, u32), f32> = BTreeMap::new();
    for evidence in each {
        for (place, hit) in (1_u16..).zip(&evidence.passages) {
            let score = (0.2 + evidence.nearness) / f32::from(place);
            *sums.entry((hit.page, hit.passage)).or_default() += score;
        }
    }
    let mut hits: Vec<PassageHit> = sums
        .into_iter()
        .map(|((page, passage), score)| PassageHit { page, passage, score })
        .collect();
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then((a.page, a.passage).cmp(&(b.page, b.passage))));
    hits.truncate(PAGES);
    hits
}

fn agreement(each: &[Evidence], page: u64) -> f32 {
    const FIRST: usize = 3;
    each.iter().map(|it| f32::from(it.pages.iter().take(FIRST).any(|it| it.0 == page))).sum()
}

/// Whether the callers are surely of one norm and the passages that answer surely of the other.
fn in_other_norm(questions: &[&str], each: &[Evidence], set: &PassageSet) -> bool {
    let callers = majority(questions.iter().map(|it| detect(it)));
    let best = each.iter().filter_map(|it| it.passages.first());
    let site = majority(best.filter_map(|hit| set.language_of(hit)));
    matches!((callers, site), (Some(Language::Nb), Some(Language::Nn)) | (Some(Language::Nn), Some(Language::Nb)))
}

/// The norm of nearly all that are sure of theirs, when most are.
fn majority(languages: impl Iterator<Item = Language>) -> Option<Language> {
    let all: Vec<Language> = languages.collect();
    let count = |it| all.iter().filter(|other| **other == it).count();
    let (nb, nn) = (count(Language::Nb), count(Language::Nn));
    let sure = 2 * (nb + nn) > all.len();
    match () {
        () if sure && 5 * nn <= nb => Some(Language::Nb),
        () if sure && 5 * nb <= nn => Some(Language::Nn),
        () => None,
    }
}

/// Words by how many questions have them, as first written.
fn commonest<'a>(lists: impl Iterator<Item = &'a Vec<String>>) -> Vec<String> {
    let mut counts: BTreeMap<String, (u32, usize, String)> = BTreeMap::new();
    for word in lists.flatten() {
        let key = analyzer().normalized(word);
        let at = counts.len();
        counts.entry(key).or_insert_with(|| (0, at, word.clone())).0 += 1;
    }
    let mut words: Vec<(u32, usize, String)> = counts.into_values().collect();
    words.sort_by_key(|it| (std::cmp::Reverse(it.0), it.1));
    words.into_iter().take(WORDS_MAX).map(|it| it.2).collect()
}
