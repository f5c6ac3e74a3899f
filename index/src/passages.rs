//! A website's passages in memory: what a question leads to, and how near it comes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::analysis::{Language, analyzer, grams};
use crate::repair::Repairs;

/// A page of a website.
#[derive(Clone, Debug, Default)]
pub struct PageText {
    /// The caller's key.
    pub key: u64,
    /// The title.
    pub title: String,
    /// The passages in reading order.
    pub passages: Vec<PassageText>,
}

/// A section of a page.
#[derive(Clone, Debug, Default)]
pub struct PassageText {
    /// The heading.
    pub heading: String,
    /// The text.
    pub text: String,
    /// The norm or language.
    pub language: Language,
}

/// A passage that a question leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PassageHit {
    /// The page's key.
    pub page: u64,
    /// Which of its passages, from 0.
    pub passage: u32,
    /// The higher the nearer.
    pub score: f32,
}

/// A website's passages, ready to be searched.
#[derive(Default)]
pub struct PassageSet {
    pages: Vec<u64>,
    /// Page (by place) and ordinal of every passage.
    places: Vec<(u32, u32)>,
    languages: Vec<Language>,
    keys: Vec<BTreeSet<String>>,
    by_page: Scorer,
    by_passage: Scorer,
}

/// What words of a title weigh beside words of the text.
pub(crate) const TITLE_WEIGHT: f32 = 0.7;
/// BM25's usual parameters (Robertson & Zaragoza 2009).
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// BM25 over words, words of titles and grams inside words, summed.
#[derive(Default)]
struct Scorer {
    words: Field,
    titles: Field,
    grams: Field,
}

#[derive(Default)]
struct Field {
    postings: HashMap<String, Vec<(u32, f32)>>,
    lengths: Vec<f32>,
    mean: f32,
}

impl Field {
    fn add(&mut self, terms: impl Iterator<Item = String>) {
        let at = u32::try_from(self.lengths.len()).unwrap_or(u32::MAX);
        let mut counts: BTreeMap<String, f32> = BTreeMap::new();
        terms.for_each(|term| *counts.entry(term).or_default() += 1.0);
        self.lengths.push(counts.values().sum());
        for (term, count) in counts {
            self.postings.entry(term).or_default().push((at, count));
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of passages are far below 2^24")]
    fn finish(&mut self) {
        self.mean = self.lengths.iter().sum::<f32>() / (self.lengths.len().max(1) as f32);
    }

    /// Rarity of a term; the highest for one that no text has.
    #[expect(clippy::cast_precision_loss, reason = "counts of passages are far below 2^24")]
    fn rarity(&self, term: &str) -> f32 {
        let n = self.lengths.len() as f32;
        let df = self.postings.get(term).map_or(0, Vec::len) as f32;
        (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
    }

    fn score(&self, terms: &BTreeSet<String>, weight: f32, into: &mut [f32]) {
        for term in terms {
            let Some(postings) = self.postings.get(term) else { continue };
            let rarity = self.rarity(term);
            for (at, count) in postings {
                let length = self.lengths[*at as usize] / self.mean.max(1.0);
                let tf = count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
                into[*at as usize] += weight * rarity * tf;
            }
        }
    }
}

impl Scorer {
    fn add(&mut self, title: &str, text: &str) {
        let keys = |text: &str| {
            let words = analyzer().words(text).into_iter().filter(|it| !it.is_stop);
            words.map(|it| it.key).collect::<Vec<String>>()
        };
        let (title, text) = (keys(title), keys(text));
        let all = text.iter().chain(&title);
        self.grams.add(all.flat_map(|key| grams(key)));
        self.words.add(text.into_iter());
        self.titles.add(title.into_iter());
    }

    fn finish(&mut self) {
        self.words.finish();
        self.titles.finish();
        self.grams.finish();
    }

    fn scores(&self, keys: &BTreeSet<String>) -> Vec<f32> {
        let mut scores = vec![0.0; self.words.lengths.len()];
        let inner: BTreeSet<String> = keys.iter().flat_map(|key| grams(key)).collect();
        self.words.score(keys, 1.0, &mut scores);
        self.titles.score(keys, TITLE_WEIGHT, &mut scores);
        self.grams.score(&inner, 1.0, &mut scores);
        scores
    }
}

impl PassageSet {
    /// Makes a website's passages ready.
    pub fn new(pages: &[PageText]) -> Self {
        let mut set = Self::default();
        for (at, page) in (0_u32..).zip(pages) {
            set.pages.push(page.key);
            let mut whole = String::new();
            for (ordinal, passage) in (0_u32..).zip(&page.passages) {
                let text = format!("{}\n{}", passage.heading, passage.text);
                let title = format!("{} {}", page.title, passage.heading);
                set.by_passage.add(&title, &passage.text);
                set.keys.push(
                    analyzer().keys(&format!("{title}\n{}", passage.text)).into_iter().collect(),
                );
                set.languages.push(passage.language);
                set.places.push((at, ordinal));
                whole.push_str(&text);
                whole.push('\n');
            }
            set.by_page.add(&page.title, &whole);
        }
        set.by_page.finish();
        set.by_passage.finish();
        set
    }

    /// Whether there is nothing to search.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The keys of a question. A word that no passage has is read as the nearest one that some
    /// passage has.
    pub(crate) fn read_keys(&self, keys: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        keys.into_iter().map(|key| self.repaired(&key).unwrap_or(key)).collect()
    }

    fn repaired(&self, key: &str) -> Option<String> {
        let known = &self.by_passage.words.postings;
        if known.contains_key(key) || self.by_passage.titles.postings.contains_key(key) {
            return None;
        }
        let mut repairs = Repairs::of(key);
        known.iter().for_each(|(word, found)| {
            repairs.compare(word, u32::try_from(found.len()).unwrap_or(u32::MAX))
        });
        repairs.best()
    }

    /// The pages that a question leads to with their scores, best first. A page counts by all
    /// its text and by its best passage.
    pub fn pages(&self, question: &str, n: usize) -> Vec<(u64, f32)> {
        let keys = self.read_keys(analyzer().keys(question));
        let mut scores = self.by_page.scores(&keys);
        let mut best = vec![0.0_f32; scores.len()];
        for ((page, _), score) in self.places.iter().zip(self.by_passage.scores(&keys)) {
            best[*page as usize] = best[*page as usize].max(score);
        }
        scores.iter_mut().zip(best).for_each(|(score, best)| *score += best);
        top(&scores, n).into_iter().map(|(at, score)| (self.pages[at], score)).collect()
    }

    /// The passages that a question leads to, best first.
    pub fn passages(&self, question: &str, n: usize) -> Vec<PassageHit> {
        let keys = self.read_keys(analyzer().keys(question));
        let found = top(&self.by_passage.scores(&keys), n);
        found.into_iter().map(|(at, score)| self.hit(at, score)).collect()
    }

    fn hit(&self, at: usize, score: f32) -> PassageHit {
        let (page, passage) = self.places[at];
        PassageHit { page: self.pages[page as usize], passage, score }
    }

    /// The score that a passage would have that holds every word of the question once or twice:
    /// what a real score is measured against.
    pub(crate) fn ceiling(&self, keys: &BTreeSet<String>) -> f32 {
        let inner: BTreeSet<String> = keys.iter().flat_map(|key| grams(key)).collect();
        let sum = |field: &Field, terms: &BTreeSet<String>| {
            terms.iter().map(|it| field.rarity(it)).sum::<f32>()
        };
        (K1 + 1.0) / 2.0 * (sum(&self.by_passage.words, keys) + sum(&self.by_passage.grams, &inner))
    }

    /// How rare a key is among the passages.
    pub(crate) fn rarity(&self, key: &str) -> f32 {
        self.by_passage.words.rarity(key)
    }

    /// Scores of all passages for these keys, best first.
    pub(crate) fn nearest(&self, keys: &BTreeSet<String>, n: usize) -> Vec<(usize, f32)> {
        top(&self.by_passage.scores(keys), n)
    }

    /// The keys of a passage, its headings and title among them.
    pub(crate) fn keys_at(&self, at: usize) -> &BTreeSet<String> {
        &self.keys[at]
    }

    /// The language of a hit's passage.
    pub(crate) fn language_of(&self, hit: &PassageHit) -> Option<Language> {
        let page = self.pages.iter().position(|it| *it == hit.page)?;
        let place = (u32::try_from(page).ok()?, hit.passage);
        self.places.binary_search(&place).ok().map(|at| self.languages[at])
    }

    /// The passage at a place as a hit.
    pub(crate) fn hit_at(&self, at: usize, score: f32) -> PassageHit {
        self.hit(at, score)
    }
}

fn top(scores: &[f32], n: usize) -> Vec<(usize, f32)> {
    let mut found: Vec<(usize, f32)> =
        scores.iter().copied().enumerate().filter(|it| 0.0 < it.1).collect();
    found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found.truncate(n);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> PassageSet {
        let passage = |heading: &str, text: &str| PassageText {
            heading: heading.to_owned(),
            text: text.to_owned(),
            language: Language::Nb,
        };
        PassageSet::new(&[
            PageText {
                key: 7,
                title: "Søke barnehageplass".into(),
                passages: vec![
                    passage("Frist", "Søknadsfristen for hovedopptaket er 1. mars."),
                    passage("Pris", "Foreldrebetalingen er 2 000 kroner i måneden."),
                ],
            },
            PageText {
                key: 9,
                title: "Svømmehallen".into(),
                passages: vec![passage("Åpningstider", "Svømmehallen er åpen fra 10 til 18.")],
            },
        ])
    }

    #[test]
    fn a_question_leads_to_its_page_in_the_other_norm() {
        assert_eq!(set().pages("når er fristen for barnehageplassar", 1)[0].0, 7);
        assert_eq!(
            set().pages("korleis er opningstidene i symjehallen", 1).first().map(|it| it.0),
            Some(9)
        );
    }

    #[test]
    fn a_slip_of_the_pen_still_leads_there() {
        assert_eq!(set().pages("når er søknadsfrsiten", 1).first().map(|it| it.0), Some(7));
        assert_eq!(set().repaired("søknadsfrsit").as_deref(), Some("søknadsfrist"));
        assert_eq!(set().repaired("hund"), None);
    }

    #[test]
    fn a_question_of_stop_words_leads_nowhere() {
        assert!(set().pages("hvem kan jeg", 3).is_empty());
        assert!(PassageSet::new(&[]).pages("barnehage", 3).is_empty());
    }
}
