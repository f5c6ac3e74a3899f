//! Texts held in little room: each is the numbers of its words, and what a word has inside is
//! held once. A feature leads to the latest texts that have it.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use super::read::Read;
use crate::asks::{Kinds, shared};
use crate::space::{Mixed, PAIR_WEIGHT, STOP_WEIGHT, damped, dot, pair_weight, rarity};

/// A word or a pair of words leads to so many texts, the latest.
const LATEST_OF_WORD: usize = 2_000;
/// A gram leads to so many.
const LATEST_OF_GRAM: usize = 500;
/// Numbers of pairs stand behind those of words.
const PAIRS_FROM: u32 = 1 << 31;
/// Set in a text's word that says nothing of the subject there: it may in another language.
const STOP: u32 = 1 << 31;
/// Set in a text's word that says what is asked of the subject.
const ASKS: u32 = 1 << 30;
const MARKS: u32 = STOP | ASKS;

/// The texts.
#[derive(Debug, Default)]
pub(super) struct Held {
    words: Kind,
    pairs: Kind,
    grams: Kind,
    /// By word: its grams.
    inside: Rows,
    /// By place: the text's words, and what kind of question it is.
    texts: Rows,
    kinds: Vec<Kinds>,
}

/// A text to be compared, by the numbers that are held; what is held of no text counts for its
/// length alone.
pub(super) struct Asked {
    words: Weighed,
    grams: Weighed,
    kinds: Kinds,
    /// What it is about: its words that are held, and how many there are in all.
    subject: Vec<u32>,
    subject_len: usize,
}

#[derive(Default)]
struct Weighed {
    known: Vec<(u32, f32)>,
    length: f32,
}

impl Held {
    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Takes in a text.
    pub(super) fn push(&mut self, read: &Read) {
        let at = short(self.len());
        let mut numbers = vec![];
        for word in &read.words {
            let number = self.words.number(word.hash);
            if self.inside.len() <= number as usize {
                let inside: Vec<u32> = word.grams.iter().map(|it| self.grams.number(*it)).collect();
                self.inside.push(&inside);
            }
            self.words.lead(number, at, LATEST_OF_WORD);
            if !word.is_stop {
                for gram in self.inside.row(number as usize) {
                    self.grams.lead(*gram, at, LATEST_OF_GRAM);
                }
            }
            let stop = if word.is_stop { STOP } else { 0 };
            numbers.push(number | stop | if word.asks { ASKS } else { 0 });
        }
        for pair in numbers.windows(2) {
            let number = self.pairs.number(joined(pair[0], pair[1]));
            self.pairs.lead(number, at, LATEST_OF_WORD);
        }
        self.texts.push(&numbers);
        self.kinds.push(read.kinds);
    }

    /// Weighs a text that may have words that no other has.
    pub(super) fn weigh(&self, read: &Read) -> Asked {
        let n = short(self.len());
        let numbers: Vec<Option<u32>> =
            read.words.iter().map(|it| self.words.known(it.hash)).collect();
        let (mut words, mut grams) = (Counts::default(), Counts::default());
        for (word, number) in read.words.iter().zip(&numbers) {
            words.add(*number, word.hash, if word.is_stop { STOP_WEIGHT } else { 1.0 });
            for gram in word.grams.iter().filter(|_| !word.is_stop) {
                grams.add(self.grams.known(*gram), *gram, 1.0);
            }
        }
        for (at, pair) in numbers.windows(2).enumerate() {
            let (a, b) = (&read.words[at], &read.words[at + 1]);
            let number = match *pair {
                [Some(a), Some(b)] => self.pairs.known(joined(a, b)).map(|it| it + PAIRS_FROM),
                _ => None,
            };
            let weight = PAIR_WEIGHT * pair_weight(a.is_stop, b.is_stop);
            words.add(number, a.hash.rotate_left(1) ^ b.hash, weight);
        }
        let word = |number: u32| self.word_rarity(number, n);
        let gram = |number: u32| rarity(n, self.grams.count(number));
        let about = read.words.iter().zip(&numbers).filter(|it| !it.0.is_stop && !it.0.asks);
        let (known, unknown): (Vec<_>, Vec<_>) = about.partition(|it| it.1.is_some());
        let subject = distinct(known.into_iter().filter_map(|it| *it.1).collect());
        let unknown = distinct(unknown.into_iter().map(|it| it.0.hash).collect());
        Asked {
            words: words.weighed(n, word),
            grams: grams.weighed(n, gram),
            kinds: read.kinds,
            subject_len: subject.len() + unknown.len(),
            subject,
        }
    }

    /// Whether a text and the one at a place are on one subject and want different answers.
    pub(super) fn differs(&self, asked: &Asked, at: u32) -> bool {
        let kinds = self.kinds[at as usize];
        if kinds == asked.kinds {
            return false;
        }
        let about = self.texts.row(at as usize).iter().filter(|it| **it & MARKS == 0);
        let about = distinct(about.copied().collect());
        let common = about.iter().filter(|it| asked.subject.binary_search(it).is_ok()).count();
        asked.kinds.differ(kinds, shared(common, asked.subject_len + about.len()))
    }

    /// The texts that share features with one, with what they share, rare features first and
    /// no more of them than so many places.
    pub(super) fn reached(&self, asked: &Asked, places_max: usize) -> Vec<(u32, f32)> {
        let of_words = asked.words.known.iter().map(|(number, value)| {
            let kind = if *number < PAIRS_FROM { &self.words } else { &self.pairs };
            (*value, kind.latest(number % PAIRS_FROM))
        });
        let of_grams = asked.grams.known.iter().map(|it| (it.1, self.grams.latest(it.0)));
        let mut leads: Vec<(f32, &[u32])> = of_words.chain(of_grams).collect();
        leads.sort_by_key(|it| it.1.len());
        let mut shared: HashMap<u32, f32, BuildHasherDefault<Mixed>> = HashMap::default();
        let mut left = places_max;
        for (value, places) in leads {
            let Some(rest) = left.checked_sub(places.len()) else { break };
            left = rest;
            places.iter().for_each(|at| *shared.entry(*at).or_default() += value * value);
        }
        shared.into_iter().collect()
    }

    /// How alike a text and the one at a place are, 0 to 1.
    pub(super) fn likeness(&self, asked: &Asked, at: u32) -> f32 {
        let n = short(self.len());
        let numbers = self.texts.row(at as usize);
        let (mut words, mut grams) = (Counts::default(), Counts::default());
        let is_stop = |number: u32| number & STOP != 0;
        for number in numbers {
            let word = number & !MARKS;
            words.add(Some(word), 0, if is_stop(*number) { STOP_WEIGHT } else { 1.0 });
            if !is_stop(*number) {
                let inside = self.inside.row(word as usize);
                inside.iter().for_each(|gram| grams.add(Some(*gram), 0, 1.0));
            }
        }
        for pair in numbers.windows(2) {
            let number = self.pairs.known(joined(pair[0], pair[1])).map(|it| it + PAIRS_FROM);
            let weight = PAIR_WEIGHT * pair_weight(is_stop(pair[0]), is_stop(pair[1]));
            words.add(number, 0, weight);
        }
        let word = |number: u32| self.word_rarity(number, n);
        let gram = |number: u32| rarity(n, self.grams.count(number));
        let (words, grams) = (words.weighed(n, word), grams.weighed(n, gram));
        (asked.words.cosine(&words) + asked.grams.cosine(&grams)) / 2.0
    }

    fn word_rarity(&self, number: u32, n: u32) -> f32 {
        let kind = if number < PAIRS_FROM { &self.words } else { &self.pairs };
        rarity(n, kind.count(number % PAIRS_FROM))
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let kinds = [&self.words, &self.pairs, &self.grams].into_iter().map(Kind::bytes);
        let texts = self.texts.bytes() + self.kinds.capacity() * size_of::<Kinds>();
        kinds.sum::<usize>() + self.inside.bytes() + texts
    }
}

/// Counts of features, known ones by number and others by hash.
#[derive(Default)]
struct Counts {
    known: Vec<(u32, f32)>,
    unknown: Vec<(u64, f32)>,
}

impl Counts {
    fn add(&mut self, number: Option<u32>, hash: u64, count: f32) {
        match number {
            Some(number) => self.known.push((number, count)),
            None => self.unknown.push((hash, count)),
        }
    }

    fn weighed(mut self, n: u32, rarity_of: impl Fn(u32) -> f32) -> Weighed {
        summed(&mut self.known);
        summed(&mut self.unknown);
        for (number, count) in &mut self.known {
            *count = damped(*count) * rarity_of(*number);
        }
        let alone = rarity(n, 0);
        let unknown = self.unknown.iter().map(|it| damped(it.1) * alone);
        let all = self.known.iter().map(|it| it.1).chain(unknown);
        Weighed { length: all.map(|it| it * it).sum::<f32>().sqrt(), known: self.known }
    }
}

/// Adds up the counts of each feature; sorts them.
fn summed<T: Ord + Copy>(counts: &mut Vec<(T, f32)>) {
    counts.sort_unstable_by_key(|it| it.0);
    counts.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        kept.1 += if is_same { next.1 } else { 0.0 };
        is_same
    });
}

impl Weighed {
    fn cosine(&self, other: &Self) -> f32 {
        let length = self.length * other.length;
        if 0.0 < length { dot(&self.known, &other.known) / length } else { 0.0 }
    }
}

/// Features of a kind.
#[derive(Debug, Default)]
struct Kind {
    numbers: HashMap<u64, u32, BuildHasherDefault<Mixed>>,
    /// In how many texts each stands, those taken out too.
    counts: Vec<u32>,
    latest: Vec<Latest>,
}

/// The latest texts that have a feature; most have one.
#[derive(Debug)]
enum Latest {
    None,
    One([u32; 1]),
    // Twice boxed, since most features need no list at all.
    #[expect(clippy::box_collection, reason = "the list's own fields would double the size of all")]
    Many(Box<Vec<u32>>),
}

impl Kind {
    fn known(&self, hash: u64) -> Option<u32> {
        self.numbers.get(&hash).copied()
    }

    fn number(&mut self, hash: u64) -> u32 {
        let next = short(self.counts.len());
        let number = *self.numbers.entry(hash).or_insert(next);
        if number == next {
            self.counts.push(0);
            self.latest.push(Latest::None);
        }
        number
    }

    fn count(&self, number: u32) -> u32 {
        self.counts[number as usize]
    }

    fn latest(&self, number: u32) -> &[u32] {
        match &self.latest[number as usize] {
            Latest::None => &[],
            Latest::One(at) => at,
            Latest::Many(places) => places,
        }
    }

    /// Lets a feature lead to a text, in place of the oldest when it leads to so many.
    fn lead(&mut self, number: u32, at: u32, max: usize) {
        let count = &mut self.counts[number as usize];
        let latest = &mut self.latest[number as usize];
        let newest = (*count as usize).saturating_sub(1) % max;
        match latest {
            Latest::None => *latest = Latest::One([at]),
            // Once for a text, however often it has the feature.
            Latest::One([known]) if *known == at => return,
            Latest::One([known]) => *latest = Latest::Many(Box::new(vec![*known, at])),
            Latest::Many(places) if places[newest.min(places.len() - 1)] == at => return,
            Latest::Many(places) if places.len() < max => places.push(at),
            Latest::Many(places) => places[*count as usize % max] = at,
        }
        *count += 1;
    }

    fn bytes(&self) -> usize {
        let lists = self.latest.iter().map(|it| match it {
            Latest::None | Latest::One(_) => 0,
            Latest::Many(places) => 24 + places.capacity() * 4,
        });
        let table = self.numbers.capacity() * 8 / 7 * 17;
        table + self.counts.capacity() * 4 + self.latest.capacity() * 16 + lists.sum::<usize>()
    }
}

/// Lists of numbers, one behind the other.
#[derive(Debug, Default)]
struct Rows {
    ends: Vec<u32>,
    numbers: Vec<u32>,
}

impl Rows {
    fn push(&mut self, row: &[u32]) {
        self.numbers.extend(row);
        self.ends.push(short(self.numbers.len()));
    }

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn row(&self, at: usize) -> &[u32] {
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.numbers[from as usize..self.ends[at] as usize]
    }

    fn bytes(&self) -> usize {
        (self.ends.capacity() + self.numbers.capacity()) * 4
    }
}

fn distinct<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort_unstable();
    all.dedup();
    all
}

fn joined(a: u32, b: u32) -> u64 {
    (u64::from(a & !MARKS) << 32) | u64::from(b & !MARKS)
}

fn short(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::join::read::read;

    #[test]
    fn a_feature_leads_to_the_latest_texts() {
        let mut kind = Kind::default();
        let number = kind.number(7);
        for at in 0..10 {
            kind.lead(number, at, 4);
            kind.lead(number, at, 4);
        }
        let mut latest = kind.latest(number).to_vec();
        latest.sort_unstable();
        assert_eq!((latest, kind.count(number)), (vec![6, 7, 8, 9], 10));
    }

    #[test]
    fn a_text_is_most_like_itself() {
        let mut held = Held::default();
        for text in ["når opnar symjehallen", "kva kostar SFO", "hund utan band"] {
            held.push(&read(text));
        }
        let asked = held.weigh(&read("Når opnar symjehallen?"));
        assert!(0.99 < held.likeness(&asked, 0));
        assert!(held.likeness(&asked, 1) < 0.2);
        let asked = held.weigh(&read("asbest"));
        assert!(held.reached(&asked, 100).is_empty());
    }
}
