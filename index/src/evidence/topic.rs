//! What a topic's questions find together.

use std::collections::BTreeMap;

use super::words::Words;
use super::{Evidence, PAGES, Reworded, evidences};
use crate::analysis::{Language, detect};
use crate::passages::{PassageHit, PassageSet};

/// How near the site comes to a topic.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicEvidence {
    /// The passages that most questions come near, best first.
    pub passages: Vec<PassageHit>,
    /// Pages with their scores, best first.
    pub pages: Vec<(u64, f32)>,
    /// Words of callers that the nearest pages have, commonest first.
    pub covered: Vec<String>,
    /// Words of callers for which they have other words, commonest first.
    pub reworded: Vec<Reworded>,
    /// Words of callers for which they have none, commonest first.
    pub missing: Vec<String>,
    /// The share of the callers' words that the nearest pages have as they are.
    pub coverage: f32,
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
    /// A page answers in other words than callers use.
    HardToFind,
    /// A page answers only in the norm that the callers do not use.
    OtherNorm,
    /// No page comes near.
    Missing,
}

/// When a page answers, and when none comes near, by the gap score.
struct Limits {
    answered_max: f32,
    missing_min: f32,
    /// A page that has a smaller share of the callers' words says it in other words.
    coverage_min: f32,
}

/// The gap score is how surely no page answers.
const LEARNED: Limits = Limits { answered_max: 0.5, missing_min: 0.7, coverage_min: 0.25 };
/// The gap score counts words. Words alone do not tell "no page" from "a page in words that
/// callers do not use": that takes somebody who found the page.
const BY_WORDS: Limits = Limits { answered_max: 0.47, missing_min: 0.62, coverage_min: 0.0 };

/// Looks up all questions of a topic and sums up what they find.
pub fn topic_evidence(questions: &[&str], set: &PassageSet) -> TopicEvidence {
    sum_up(questions, &evidences(questions, set), set)
}

/// Sums up what a topic's questions find; `each` is the evidence of each question.
pub fn sum_up(questions: &[&str], each: &[Evidence], set: &PassageSet) -> TopicEvidence {
    #[expect(clippy::cast_precision_loss, reason = "counts of questions are far below 2^24")]
    let n = each.len().max(1) as f32;
    let gap_score = each.iter().map(|it| it.gap_score).sum::<f32>() / n;
    let pages = shared_pages(each);
    let passages = shared_passages(each);
    let agreement = pages.first().map_or(0.0, |best| agreement(each, best.0) / n);
    let coverage = each.iter().map(|it| it.coverage).sum::<f32>() / n;
    let limits = if set.learned().is_some() { LEARNED } else { BY_WORDS };
    let finding = limits.finding(gap_score, coverage);
    let words = Words::of(each);
    let other_norm = finding == Finding::Answered && in_other_norm(questions, each, set);
    TopicEvidence {
        covered: words.covered,
        reworded: words.reworded,
        missing: words.missing,
        finding: if other_norm { Finding::OtherNorm } else { finding },
        passages,
        pages,
        coverage,
        gap_score,
        agreement,
    }
}

impl Limits {
    fn finding(&self, gap_score: f32, coverage: f32) -> Finding {
        let in_their_words = self.coverage_min <= coverage;
        match () {
            () if self.missing_min <= gap_score => Finding::Missing,
            () if !in_their_words => Finding::HardToFind,
            () if self.answered_max <= gap_score => Finding::Partly,
            () => Finding::Answered,
        }
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
    hits.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then((a.page, a.passage).cmp(&(b.page, b.passage)))
    });
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
    matches!(
        (callers, site),
        (Some(Language::Nb), Some(Language::Nn)) | (Some(Language::Nn), Some(Language::Nb))
    )
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
