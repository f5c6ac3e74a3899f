//! What a website learns from a log: how near its pages come to questions by what they mean.

use std::collections::BTreeMap;

use super::calibrate::{Curve, NOWHERE, Near};
use super::counts::Counts;
use super::svd::{Matrix, add, dot};
use super::{Meaning, scaled};
use crate::analysis::analyzer;
use crate::parallel::in_parallel;
use crate::passages::{Asked, PassageSet, Window};

/// A log of fewer different questions teaches nothing.
const QUESTIONS_MIN: usize = 40;
/// So many different questions are learned from; what they do not tell, more would not.
const QUESTIONS_MAX: usize = 2_000;
/// Space is made of so many parts of pages; the others are then placed in it.
const WINDOWS_MAX: usize = 3_000;
/// What is near everything says little: so much of a part's nearness to the questions that it is
/// nearest to is taken off.
const HUB_SHARE: f32 = 0.9;
/// So many questions tell how near a part is to everything.
const HUB_QUESTIONS: usize = 20;
/// Pages as alike as this are about the same: when the one does not answer, the other does not.
const SAME_SUBJECT_MIN: f32 = 0.4;
/// So many of the most alike questions speak for a question ...
const NEIGHBORS: usize = 10;
/// ... and so much weight speaks for what the question finds itself.
const OWN_WEIGHT: f32 = 0.05;
/// What the pages that those questions find weigh beside what the question finds itself.
const NEIGHBORS_SHARE: f32 = 0.3;
/// What all of a page weighs beside its nearest part where pages are ranked: of two pages with a
/// part that comes near, the one that is about nothing else is meant.
const WHOLE_SHARE: f32 = 0.5;

/// A website's pages and a log in one space.
pub(crate) struct Learned {
    meaning: Meaning,
    /// Where the parts of pages lie, and how near each is to everything.
    windows: Matrix,
    hubs: Vec<f32>,
    /// By page: its parts, from the first to before the last.
    parts: Vec<(usize, usize)>,
    /// By page: where its parts lie on average.
    wholes: Matrix,
    curve: Curve,
    questions: Vec<Known>,
    /// Where the questions lie.
    places: Matrix,
}

/// A question of the log.
struct Known {
    /// The hash of its wording.
    wording: u64,
    /// How surely no page answers it.
    gap: f32,
    /// The pages that it finds by words and by meaning.
    pages: Vec<(usize, f32)>,
}

/// What a question finds.
pub(crate) struct Reading {
    /// How near each candidate page comes, by what the question and the ones like it mean.
    pub(crate) by_page: Vec<(usize, f32)>,
    /// How surely no page answers, 0 to 1.
    pub(crate) gap: f32,
}

/// A question on its way to being known.
struct Learning {
    wording: u64,
    candidates: Vec<(usize, f32)>,
    place: Vec<f32>,
}

impl Learned {
    /// Learns from a log; none when there is too little to learn from.
    pub(crate) fn of<'a>(
        set: &PassageSet,
        questions: impl Iterator<Item = &'a str>,
    ) -> Option<Self> {
        let questions = sample(questions);
        if questions.len() < QUESTIONS_MIN || set.windows().is_empty() {
            return None;
        }
        let asked: Vec<Asked> = in_parallel(questions.len(), |range| {
            range.map(|at| set.asked(questions[at])).collect()
        });
        let meaning = space(set, &asked);
        let mut learned = Self::without_questions(set, meaning);
        let learning = learned.placed(set, &asked);
        learned.hubs = learned.hubs(&learning);
        let centers = learned.centers();
        let near: Vec<Near> = learning.iter().map(|it| learned.near(it, &centers)).collect();
        learned.curve = Curve::of(&near);
        let places = learning.iter().flat_map(|it| it.place.iter().copied()).collect();
        let known = |(it, near): (Learning, Near)| Known {
            gap: learned.curve.at(near.best),
            pages: learned.joined(&it),
            wording: it.wording,
        };
        let questions: Vec<Known> = learning.into_iter().zip(near).map(known).collect();
        learned.places = Matrix { width: learned.windows.width, cells: places };
        learned.questions = questions;
        Some(learned)
    }

    fn without_questions(set: &PassageSet, meaning: Meaning) -> Self {
        let width = meaning.axes.width;
        let mut windows = Matrix { width, cells: vec![] };
        let mut parts: Vec<(usize, usize)> = vec![];
        let all = set.windows();
        let place = |at: usize| {
            let counts = Counts::of(&analyzer().words(&all[at].text));
            meaning.place(&counts).unwrap_or_else(|| vec![0.0; width])
        };
        windows.cells = in_parallel(all.len(), |range| range.flat_map(place).collect());
        for (at, window) in all.iter().enumerate() {
            parts.resize(parts.len().max(window.page as usize + 1), (at, at));
            parts[window.page as usize].1 = at + 1;
        }
        let hubs = vec![0.0; set.windows().len()];
        let wholes = wholes(&windows, &parts);
        Self {
            meaning,
            windows,
            hubs,
            parts,
            wholes,
            curve: Curve::of(&[]),
            questions: vec![],
            places: Matrix::default(),
        }
    }

    fn placed(&self, set: &PassageSet, asked: &[Asked]) -> Vec<Learning> {
        let placed = |asked: &Asked| {
            let place = self.meaning.place(&Counts::of(&asked.words))?;
            let candidates = set.candidates(asked);
            Some(Learning { wording: wording(asked), candidates, place })
        };
        in_parallel(asked.len(), |range| asked[range].iter().filter_map(placed).collect())
    }

    /// How near each part of a page is to the questions that it is nearest to.
    fn hubs(&self, learning: &[Learning]) -> Vec<f32> {
        let mut nearest: BTreeMap<usize, Vec<f32>> = BTreeMap::new();
        for question in learning {
            for at in question.candidates.iter().flat_map(|it| self.parts_of(it.0)) {
                nearest.entry(at).or_default().push(dot(&question.place, self.windows.row(at)));
            }
        }
        let mut hubs = vec![0.0; self.hubs.len()];
        for (at, mut likeness) in nearest {
            likeness.sort_by(|a, b| b.total_cmp(a));
            likeness.truncate(HUB_QUESTIONS);
            // A question that it does not come into question for is not near.
            hubs[at] = likeness.iter().sum::<f32>() / short(HUB_QUESTIONS.min(learning.len()));
        }
        hubs
    }

    fn parts_of(&self, page: usize) -> std::ops::Range<usize> {
        let (from, to) = self.parts.get(page).copied().unwrap_or_default();
        from..to
    }

    /// In which direction pages lie on the whole.
    fn centers(&self) -> Vec<Option<Vec<f32>>> {
        (0..self.parts.len()).map(|page| scaled(self.wholes.row(page).to_vec())).collect()
    }

    /// How near pages come to a question, and how near those come that are about something else
    /// than the nearest.
    fn near(&self, question: &Learning, centers: &[Option<Vec<f32>>]) -> Near {
        let by_page = self.by_page(&question.place, &question.candidates);
        let Some((nearest, best)) = nearest(&by_page) else {
            return Near { best: NOWHERE, by_chance: NOWHERE };
        };
        let is_other = |page: usize| match (&centers[nearest], &centers[page]) {
            (Some(a), Some(b)) => page != nearest && dot(a, b) <= SAME_SUBJECT_MIN,
            (None, _) | (_, None) => page != nearest,
        };
        let others = by_page.iter().filter(|it| is_other(it.0)).map(|it| it.1);
        // A question whose words no other page has is near to none of them.
        let by_chance = others.reduce(f32::max).unwrap_or(NOWHERE).min(best);
        Near { best, by_chance }
    }

    fn by_page(&self, place: &[f32], candidates: &[(usize, f32)]) -> Vec<(usize, f32)> {
        let near = |at: usize| dot(place, self.windows.row(at)) - HUB_SHARE * self.hubs[at];
        let of_page = |page| self.parts_of(page).map(near).reduce(f32::max);
        candidates.iter().filter_map(|(page, _)| Some((*page, of_page(*page)?))).collect()
    }

    /// How near all of a page comes beside its nearest part.
    fn whole(&self, place: &[f32], page: usize) -> f32 {
        WHOLE_SHARE * dot(place, self.wholes.row(page))
    }

    /// Candidate pages by words and by meaning.
    fn joined(&self, question: &Learning) -> Vec<(usize, f32)> {
        let by_words: BTreeMap<usize, f32> = question.candidates.iter().copied().collect();
        let near = self.by_page(&question.place, &question.candidates);
        let whole = |page| self.whole(&question.place, page);
        near.into_iter().map(|(page, near)| (page, by_words[&page] + near + whole(page))).collect()
    }

    /// Reads a question: how near the candidate pages come, and how surely none answers, as far
    /// as it and the questions most like it tell.
    pub(crate) fn read(&self, asked: &Asked, candidates: &[(usize, f32)]) -> Option<Reading> {
        let place = self.meaning.place(&Counts::of(asked.meaning()))?;
        let mut by_page = self.by_page(&place, candidates);
        let own = self.curve.at(nearest(&by_page).map_or(NOWHERE, |it| it.1));
        let neighbors = self.neighbors(&place, wording(asked));
        let weight = neighbors.iter().map(|it| it.0).sum::<f32>() + OWN_WEIGHT;
        let told = neighbors.iter().map(|it| it.0 * it.1.gap).sum::<f32>() + OWN_WEIGHT * own;
        let mut found: BTreeMap<usize, f32> = BTreeMap::new();
        for (share, (page, score)) in
            neighbors.iter().flat_map(|(share, it)| it.pages.iter().map(move |it| (share, it)))
        {
            *found.entry(*page).or_default() += share / weight * score;
        }
        for (page, near) in &mut by_page {
            *near += self.whole(&place, *page);
            *near += NEIGHBORS_SHARE * found.get(page).copied().unwrap_or(0.0);
        }
        Some(Reading { by_page, gap: (own + told / weight) / 2.0 })
    }

    /// The questions most alike, each with its weight.
    fn neighbors(&self, place: &[f32], wording: u64) -> Vec<(f32, &Known)> {
        let mut alike: Vec<(f32, usize)> = vec![];
        for (at, other) in self.questions.iter().enumerate() {
            let likeness = dot(place, self.places.row(at));
            if 0.0 < likeness && other.wording != wording {
                alike.push((likeness, at));
            }
        }
        let order =
            |a: &(f32, usize), b: &(f32, usize)| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1));
        if NEIGHBORS < alike.len() {
            alike.select_nth_unstable_by(NEIGHBORS, order);
            alike.truncate(NEIGHBORS);
        }
        alike.sort_by(order);
        alike.into_iter().map(|(likeness, at)| (likeness.powi(3), &self.questions[at])).collect()
    }
}

/// Where the parts of each page lie on average.
fn wholes(windows: &Matrix, parts: &[(usize, usize)]) -> Matrix {
    let mut wholes = Matrix { width: windows.width, cells: vec![] };
    for (from, to) in parts {
        let mut whole = vec![0.0; windows.width];
        (*from..*to).for_each(|at| add(&mut whole, 1.0 / short(to - from), windows.row(at)));
        wholes.cells.extend(whole);
    }
    wholes
}

fn nearest(by_page: &[(usize, f32)]) -> Option<(usize, f32)> {
    by_page.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
}

/// A question as its repeats have it in common.
fn wording(asked: &Asked) -> u64 {
    hash(&asked.words.iter().map(|it| it.key.as_str()).collect::<Vec<_>>().join(" "))
}

/// Different questions in the order of their wording; of many the ones whose hash is smallest, so
/// that the order in which they came does not matter.
fn sample<'a>(questions: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut different: BTreeMap<String, &str> = BTreeMap::new();
    for text in questions {
        let first = different.entry(analyzer().normalized(text)).or_insert(text);
        *first = text.min(*first);
    }
    different.remove("");
    let mut hashes: Vec<u64> = different.keys().map(|it| hash(it)).collect();
    hashes.sort_unstable();
    let too_many = hashes.get(QUESTIONS_MAX).copied();
    let sample = different.into_iter().filter(|it| too_many.is_none_or(|max| hash(&it.0) < max));
    sample.map(|it| it.1).collect()
}

/// FNV-1a (Fowler, Noll & Vo).
fn hash(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

/// The space of a website's pages and of questions.
fn space(set: &PassageSet, asked: &[Asked]) -> Meaning {
    let every = set.windows().len().div_ceil(WINDOWS_MAX).max(1);
    let windows: Vec<&Window> = set.windows().iter().step_by(every).collect();
    let counts = |it: &&Window| Counts::of(&analyzer().words(&it.text));
    let mut texts = in_parallel(windows.len(), |range| windows[range].iter().map(counts).collect());
    texts.extend(asked.iter().map(|it| Counts::of(&it.words)));
    Meaning::of(&texts)
}

#[expect(clippy::cast_precision_loss, reason = "so many questions are not looked at")]
fn short(n: usize) -> f32 {
    n.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_lies_between_its_parts() {
        let windows = Matrix { width: 2, cells: vec![1.0, 0.0, 1.0, 0.0, 0.0, 1.0] };
        let wholes = wholes(&windows, &[(0, 1), (1, 3), (3, 3)]);
        assert_eq!(wholes.cells, [1.0, 0.0, 0.5, 0.5, 0.0, 0.0]);
    }
}
