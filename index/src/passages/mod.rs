//! A website's passages in memory: what a question leads to, and how near it comes.

mod asked;
mod field;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use crate::analysis::{Language, Word, analyzer};
use crate::meaning::Learned;

use asked::first_letter;
pub(crate) use asked::{Asked, weighed};
pub(crate) use field::TITLE_WEIGHT;
use field::{K1, Scorer};

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
    pages: Vec<Page>,
    /// Page (by place) and ordinal of every passage.
    places: Vec<(u32, u32)>,
    languages: Vec<Language>,
    /// Words of passages by their first letter, and how many passages have them.
    vocabulary: HashMap<char, Vec<(String, u32)>>,
    by_page: Scorer,
    by_passage: Scorer,
    windows: Vec<Window>,
    learned: OnceLock<Option<Learned>>,
}

/// What is known of a page.
#[derive(Default)]
struct Page {
    key: u64,
    /// Its words, headings and title among them.
    keys: BTreeSet<String>,
    /// What it names, and in which words, as first written.
    concepts: BTreeMap<u32, String>,
}

/// A part of a page that is long enough to tell what it is about.
pub(crate) struct Window {
    /// The page's place.
    pub(crate) page: u32,
    /// Title, headings and text.
    pub(crate) text: String,
}

/// A window has at least so many words, ...
const WINDOW_WORDS_MIN: usize = 60;
/// ... and a rest with fewer joins the one before it.
const REST_WORDS_MIN: usize = 20;
/// So many pages come into question for a question.
const CANDIDATES: usize = 20;

impl PassageSet {
    /// Makes a website's passages ready.
    pub fn new(pages: &[PageText]) -> Self {
        let mut set = Self::default();
        for (at, page) in (0_u32..).zip(pages) {
            let title = analyzer().words(&page.title);
            let mut of_page = Page { key: page.key, ..Page::default() };
            of_page.learn(&title);
            let mut whole: Vec<Word> = vec![];
            for (ordinal, passage) in (0_u32..).zip(&page.passages) {
                let text = analyzer().words(&passage.text);
                let heading = analyzer().words(&passage.heading);
                let headings = [title.as_slice(), heading.as_slice()].concat();
                set.by_passage.add(&headings, &text);
                of_page.learn(&heading);
                of_page.learn(&text);
                set.languages.push(passage.language);
                set.places.push((at, ordinal));
                whole.extend(heading);
                whole.extend(text);
            }
            set.by_page.add(&title, &whole);
            set.windows.extend(windows(at, page));
            set.pages.push(of_page);
        }
        set.by_page.finish();
        set.by_passage.finish();
        for (word, n) in set.by_passage.words.spread() {
            let of_letter = set.vocabulary.entry(first_letter(word)).or_default();
            of_letter.push((word.clone(), u32::try_from(n).unwrap_or(u32::MAX)));
        }
        set
    }

    /// Whether there is nothing to search.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Learns from a log what words mean on this site, and how near pages come to questions that
    /// they do not answer. From then on judgements rest on that; a second log is not looked at.
    pub fn learn<'a>(&self, questions: impl IntoIterator<Item = &'a str>) {
        self.learned.get_or_init(|| Learned::of(self, questions.into_iter()));
    }

    /// What it has learned.
    pub(crate) fn learned(&self) -> Option<&Learned> {
        self.learned.get()?.as_ref()
    }

    /// The parts of pages, in order.
    pub(crate) fn windows(&self) -> &[Window] {
        &self.windows
    }

    /// The pages that a question leads to with their scores, best first. A page counts by all
    /// its text and by its best passage, and by what it means when that was learned.
    pub fn pages(&self, question: &str, n: usize) -> Vec<(u64, f32)> {
        self.found(&self.asked(question), n).pages
    }

    /// The passages that a question leads to, best first.
    pub fn passages(&self, question: &str, n: usize) -> Vec<PassageHit> {
        let scores = self.by_passage.scores(&self.asked(question));
        top(&scores, n).into_iter().map(|(at, score)| self.hit(at, score)).collect()
    }

    /// Pages by their words alone, by place, best first; one is what a passage of all words has.
    pub(crate) fn candidates(&self, asked: &Asked) -> Vec<(usize, f32)> {
        self.by_words(asked).0
    }

    /// Pages by their words alone, and passages.
    fn by_words(&self, asked: &Asked) -> (Vec<(usize, f32)>, Vec<f32>) {
        let mut scores = self.by_page.scores(asked);
        let mut of_passages = self.by_passage.scores(asked);
        let mut best = vec![0.0_f32; scores.len()];
        for ((page, _), score) in self.places.iter().zip(&of_passages) {
            best[*page as usize] = best[*page as usize].max(*score);
        }
        let ceiling = self.ceiling(asked).max(f32::MIN_POSITIVE);
        scores.iter_mut().zip(best).for_each(|(score, best)| *score = (*score + best) / ceiling);
        of_passages.iter_mut().for_each(|it| *it /= ceiling);
        (top(&scores, CANDIDATES), of_passages)
    }

    /// All that a question finds: words and meaning together.
    pub(crate) fn found(&self, asked: &Asked, n: usize) -> Found {
        let (candidates, of_passages) = self.by_words(asked);
        let reading = self.learned().and_then(|it| it.read(asked, &candidates));
        let (meant, gap) = reading.map_or((vec![], None), |it| (it.by_page, Some(it.gap)));
        let meant: BTreeMap<usize, f32> = meant.into_iter().collect();
        let near = |page: usize| meant.get(&page).copied().unwrap_or(0.0);
        let joined = candidates.iter().map(|(page, score)| (*page, score + near(*page)));
        let pages = ranked(joined.collect());
        let known: BTreeSet<usize> = pages.iter().map(|it| it.0).collect();
        let passages = self.places.iter().zip(&of_passages).enumerate();
        let passages = passages.map(|(at, (place, score))| (at, place.0 as usize, *score));
        let of_known = passages
            .filter(|(_, page, score)| 0.0 < *score && known.contains(page))
            .map(|(at, page, score)| (at, score + near(page)));
        Found {
            best: pages.first().map(|it| it.0),
            passages: self.hits(of_known.collect(), n),
            pages: self.keyed(pages, n),
            nearness: of_passages.iter().copied().fold(0.0, f32::max).min(1.0),
            gap,
        }
    }

    fn keyed(&self, pages: Vec<(usize, f32)>, n: usize) -> Vec<(u64, f32)> {
        pages.into_iter().take(n).map(|(page, score)| (self.pages[page].key, score)).collect()
    }

    fn hits(&self, passages: Vec<(usize, f32)>, n: usize) -> Vec<PassageHit> {
        ranked(passages).into_iter().take(n).map(|(at, score)| self.hit(at, score)).collect()
    }

    fn hit(&self, at: usize, score: f32) -> PassageHit {
        let (page, passage) = self.places[at];
        PassageHit { page: self.pages[page as usize].key, passage, score }
    }

    /// The score that a passage would have that holds every word of the question once or twice:
    /// what a real score is measured against.
    fn ceiling(&self, asked: &Asked) -> f32 {
        let words: f32 = asked.keys.iter().map(|it| self.by_passage.words.rarity(it)).sum();
        let grams: f32 = asked.grams.iter().map(|it| self.by_passage.grams.rarity(it)).sum();
        (K1 + 1.0) / 2.0 * (words + grams)
    }

    /// How rare a key is among the passages.
    pub(crate) fn rarity(&self, key: &String) -> f32 {
        self.by_passage.words.rarity(key)
    }

    /// Whether a page has a word: as it is, or as a part of a compound.
    pub(crate) fn holds(&self, page: usize, key: &str) -> bool {
        const PART_CHARS_MIN: usize = 5;
        let held = &self.pages[page].keys;
        held.contains(key)
            || (PART_CHARS_MIN <= key.chars().count() && held.iter().any(|it| it.contains(key)))
    }

    /// A page's own words for something, as first written.
    pub(crate) fn words_for(&self, page: usize, concept: u32) -> Option<&str> {
        self.pages[page].concepts.get(&concept).map(String::as_str)
    }

    /// The language of a hit's passage.
    pub(crate) fn language_of(&self, hit: &PassageHit) -> Option<Language> {
        let page = self.pages.iter().position(|it| it.key == hit.page)?;
        let place = (u32::try_from(page).ok()?, hit.passage);
        self.places.binary_search(&place).ok().map(|at| self.languages[at])
    }
}

/// What a question finds.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The place of the page that comes nearest.
    pub(crate) best: Option<usize>,
    pub(crate) pages: Vec<(u64, f32)>,
    pub(crate) passages: Vec<PassageHit>,
    /// The best passage's score over the highest possible one, by words.
    pub(crate) nearness: f32,
    /// How sure it is that no page answers; none when nothing was learned.
    pub(crate) gap: Option<f32>,
}

impl Page {
    fn learn(&mut self, words: &[Word]) {
        self.keys.extend(words.iter().filter(|it| !it.is_stop).map(|it| it.key.clone()));
        for mention in analyzer().concepts(words) {
            let written = || {
                let words = words[mention.words.clone()].iter().map(|it| it.written.as_str());
                words.collect::<Vec<_>>().join(" ")
            };
            self.concepts.entry(mention.concept).or_insert_with(written);
        }
    }
}

/// The parts of a page: its passages put together until there are words enough.
fn windows(at: u32, page: &PageText) -> Vec<Window> {
    let mut parts: Vec<(usize, String)> = vec![];
    let mut is_open = false;
    for passage in &page.passages {
        let heading = if passage.heading == page.title { "" } else { &passage.heading };
        let words = [heading, &passage.text].map(|it| it.split_whitespace().count());
        let words = words[0] + words[1];
        match parts.last_mut().filter(|_| is_open) {
            Some(part) => {
                part.0 += words;
                part.1.extend(["\n", heading, "\n", &passage.text]);
            }
            None => parts.push((words, format!("{}\n{heading}\n{}", page.title, passage.text))),
        }
        is_open = parts.last().is_some_and(|it| it.0 < WINDOW_WORDS_MIN);
    }
    if let [.., before, rest] = parts.as_mut_slice()
        && rest.0 < REST_WORDS_MIN
    {
        before.1.push('\n');
        before.1.push_str(&rest.1);
        parts.pop();
    }
    parts.into_iter().map(|(_, text)| Window { page: at, text }).collect()
}

fn top(scores: &[f32], n: usize) -> Vec<(usize, f32)> {
    let mut found: Vec<(usize, f32)> =
        scores.iter().copied().enumerate().filter(|it| 0.0 < it.1).collect();
    if n < found.len() {
        found.select_nth_unstable_by(n, order);
        found.truncate(n);
    }
    ranked(found)
}

/// The highest score first, ties to the first place.
fn order(a: &(usize, f32), b: &(usize, f32)) -> Ordering {
    b.1.total_cmp(&a.1).then(a.0.cmp(&b.0))
}

fn ranked(mut found: Vec<(usize, f32)>) -> Vec<(usize, f32)> {
    found.sort_unstable_by(order);
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
