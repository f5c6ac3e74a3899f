//! Logs and websites that are made up but behave like real ones: a few needs make up most of a
//! log, a third is asked once, people write in two norms and in haste, and words are compounds.
//!
//! Each text is a function of the seed and its number alone.

mod noise;
mod random;
mod words;

use std::collections::BTreeSet;

use noise::{Filling, capital, filled, noted};
use random::Random;
use words::{Thing, Tongue, Words};

/// The share of inquiries that nobody else asks.
const ONE_OFFS: f64 = 0.32;
/// The share of the others that somebody worded just so before, where he could.
const REPEATS: f64 = 0.3;
/// So many wordings of a need are taken up by others.
const USUAL_WORDINGS: usize = 8;
/// So many needs are about one thing.
const NEEDS_PER_THING: usize = 3;
/// Things that the website has a page of.
const ANSWERED: f64 = 0.75;
/// Passages of a page.
const PASSAGES_PER_PAGE: usize = 6;

/// A log and its website.
pub(crate) struct Logs {
    seed: u64,
    words: Words,
    /// By number, the most wanted first; what only pages are about comes last.
    things: Vec<Thing>,
    needs: usize,
    n_pages: usize,
}

/// How much of what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) inquiries: usize,
    pub(crate) passages: usize,
    pub(crate) seed: u64,
}

/// What somebody asked.
pub(crate) struct Inquiry {
    pub(crate) text: String,
    /// The need behind it.
    pub(crate) label: String,
    /// The page that answers, if any does.
    pub(crate) page: Option<usize>,
}

/// A page of the website.
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) language: &'static str,
    /// Headings and texts.
    pub(crate) passages: Vec<(String, String)>,
}

impl Logs {
    pub(crate) fn new(size: Size) -> Self {
        let words = Words::new();
        let needs = needs_of(size.inquiries);
        let n_pages = size.passages.div_ceil(PASSAGES_PER_PAGE);
        let wanted = needs.div_ceil(NEEDS_PER_THING).max(1);
        let mut random = Random::of(size.seed, 1, 0);
        let (mut things, mut known) = (vec![], BTreeSet::new());
        while things.len() < wanted + n_pages {
            let thing = words.thing(&mut random, 0.0);
            if known.insert(thing) {
                things.push(thing);
            }
        }
        Self { seed: size.seed, words, things, needs, n_pages }
    }

    /// How many pages there are.
    pub(crate) fn n_pages(&self) -> usize {
        self.n_pages
    }

    /// The inquiry with this number; there is no end of them.
    pub(crate) fn inquiry(&self, at: usize) -> Inquiry {
        let mut random = Random::of(self.seed, 2, at as u64);
        if random.chance(ONE_OFFS) {
            let thing = self.words.thing(&mut random, 1.0);
            let aspect = random.pick(&self.words.aspects);
            let text = self.one_off(thing, aspect, &mut random);
            return Inquiry { text, label: format!("once-{at}"), page: None };
        }
        let need = random.rank(self.needs);
        let (thing, aspect) = self.need(need);
        let text = if random.chance(REPEATS) {
            let usual = random.rank(USUAL_WORDINGS) as u64;
            let mut usual = Random::of(self.seed, 3 + usual, need as u64);
            let tongue = tongue(&mut usual);
            self.wording(thing, aspect, (tongue, &mut usual))
        } else {
            let tongue = tongue(&mut random);
            let text = self.wording(thing, aspect, (tongue, &mut random));
            noted(&text, &mut Filling { words: &self.words, thing, tongue, random: &mut random })
        };
        Inquiry { text, label: format!("need-{need}"), page: self.page_of(need) }
    }

    /// What a need is about, and what of it one wants to know.
    fn need(&self, need: usize) -> (Thing, &'static str) {
        let wanted = self.needs.div_ceil(NEEDS_PER_THING);
        let (thing, nth) = (need % wanted, need / wanted);
        let n = self.words.aspects.len();
        let aspect = (Random::of(self.seed, 20, thing as u64).below(n) + nth * 5) % n;
        (self.things[thing], self.words.aspects[aspect])
    }

    fn page_of(&self, need: usize) -> Option<usize> {
        let thing = need % self.needs.div_ceil(NEEDS_PER_THING);
        (thing < self.n_pages && self.is_answered(thing)).then_some(thing)
    }

    fn is_answered(&self, thing: usize) -> bool {
        Random::of(self.seed, 21, thing as u64).chance(ANSWERED)
    }

    fn wording(
        &self,
        thing: Thing,
        aspect: &'static str,
        (tongue, random): (Tongue, &mut Random),
    ) -> String {
        let wording = *random.pick(self.words.texts(("ask", aspect, tongue)));
        filled(wording, &mut Filling { words: &self.words, thing, tongue, random })
    }

    /// What one asks once often takes in something else.
    fn one_off(&self, thing: Thing, aspect: &'static str, random: &mut Random) -> String {
        let tongue = tongue(random);
        let mut text = self.wording(thing, aspect, (tongue, random));
        if random.chance(0.4) {
            let other = self.words.thing(random, 0.5);
            let with = match tongue {
                Tongue::Nb | Tongue::Nn => "og",
                Tongue::En => "and",
            };
            text = format!("{text} {with} {}", self.words.the(other, tongue));
        }
        noted(&text, &mut Filling { words: &self.words, thing, tongue, random })
    }

    /// The page with this number.
    pub(crate) fn page(&self, at: usize) -> Page {
        let random = &mut Random::of(self.seed, 30, at as u64);
        let wanted = self.needs.div_ceil(NEEDS_PER_THING);
        // What nobody asks for has pages too, in place of what has none.
        let thing = if at < wanted && self.is_answered(at) { at } else { wanted + at };
        let thing = self.things[thing.min(self.things.len() - 1)];
        let tongue = if random.chance(0.6) { Tongue::Nb } else { Tongue::Nn };
        let first = random.below(self.words.aspects.len());
        let passage = |nth: usize| {
            let aspect = self.words.aspects[(first + nth) % self.words.aspects.len()];
            let mut filling = Filling { words: &self.words, thing, tongue, random: &mut *random };
            (heading(aspect, tongue, &mut filling), told(aspect, &mut filling))
        };
        let passages = (0..PASSAGES_PER_PAGE).map(passage).collect();
        Page { title: capital(&self.words.name(thing, tongue)), language: tongue.name(), passages }
    }
}

/// Needs that come again grow more slowly than the log.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of inquiries are far below 2^52"
)]
fn needs_of(inquiries: usize) -> usize {
    ((inquiries as f64).powf(0.75) * 1.2) as usize + 1
}

fn tongue(random: &mut Random) -> Tongue {
    match random.below(100) {
        0..58 => Tongue::Nb,
        58..96 => Tongue::Nn,
        _ => Tongue::En,
    }
}

/// A heading is the beginning of what somebody might ask.
fn heading(aspect: &'static str, tongue: Tongue, filling: &mut Filling<'_>) -> String {
    let wording = *filling.random.pick(filling.words.texts(("ask", aspect, tongue)));
    capital(&filled(wording, filling).split(',').next().unwrap_or("").replace(" {", ""))
}

/// Some sentences, all of the aspect's among them.
fn told(aspect: &'static str, filling: &mut Filling<'_>) -> String {
    let tongue = filling.tongue;
    let words = filling.words;
    let own = words.texts(("tell", aspect, tongue));
    let others = words.texts(("tell", "any", tongue));
    let mut sentences: Vec<String> = vec![];
    for sentence in own {
        sentences.push(filled(sentence, filling));
        if filling.random.chance(0.6) {
            let other = *filling.random.pick(others);
            sentences.push(filled(other, filling));
        }
    }
    sentences.join(" ")
}
