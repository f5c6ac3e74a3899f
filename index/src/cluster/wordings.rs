//! Texts that say the same in the same words are one wording; their words are numbered.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use crate::analysis::{Word, analyzer};
use crate::asks::Asks;
use crate::parallel::in_parallel;

/// A text to group.
#[derive(Clone, Debug, Default)]
pub struct Text<'a> {
    /// The caller's key.
    pub key: u64,
    /// The words.
    pub text: &'a str,
    /// The pages that it leads to with their scores, best first; none when not known.
    pub pages: Vec<(u64, f32)>,
    /// The passages likewise, under keys that no page has.
    pub passages: Vec<(u64, f32)>,
}

/// A word of a wording: its number and whether it says nothing of the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Token(u32);

impl Token {
    fn new(number: u32, is_stop: bool) -> Self {
        Self(number << 1 | u32::from(is_stop))
    }

    pub(super) fn number(self) -> u32 {
        self.0 >> 1
    }

    pub(super) fn is_stop(self) -> bool {
        self.0 & 1 == 1
    }

    /// A place in a table of all tokens.
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

/// One wording and everybody who used it.
pub(super) struct Wording<'a> {
    pub(super) text: &'a str,
    pub(super) keys: Vec<u64>,
    pub(super) pages: &'a [(u64, f32)],
    pub(super) passages: &'a [(u64, f32)],
    pub(super) tokens: Vec<Token>,
}

impl Wording<'_> {
    /// Whether the site has different answers for two: neither's best passage is among the other's.
    pub(super) fn parts_from(&self, other: &Self) -> bool {
        let is_among = |best: &(u64, f32), all: &[(u64, f32)]| all.iter().any(|it| it.0 == best.0);
        match (self.passages.first(), other.passages.first()) {
            (Some(own), Some(others)) => {
                !is_among(own, other.passages) && !is_among(others, self.passages)
            }
            (None, _) | (_, None) => false,
        }
    }
}

/// All wordings, in an order that depends on the texts alone, and the key of every word's number.
pub(super) struct Wordings<'a> {
    pub(super) all: Vec<Wording<'a>>,
    /// By wording: what it asks for beside its subject.
    pub(super) asks: Vec<Asks>,
    pub(super) keys: Vec<String>,
    /// The keys of texts without a word, which are like no other.
    pub(super) silent: Vec<u64>,
}

/// Collects texts by what they say.
pub(super) fn wordings<'a>(texts: &'a [Text<'a>]) -> Wordings<'a> {
    let mut by_text: HashMap<&str, Vec<&Text<'a>>> = HashMap::new();
    texts.iter().for_each(|text| by_text.entry(text.text).or_default().push(text));
    let (distinct, mut same): (Vec<&str>, Vec<Vec<&Text<'a>>>) = by_text.into_iter().unzip();
    let some = |range: Range<usize>| vec![Lines::read(&distinct[range])];
    let (mut read, keys) = numbered(in_parallel(distinct.len(), some));
    let mut order: Vec<usize> = (0..read.len()).collect();
    order.sort_unstable_by(|a, b| read[*a].0.cmp(&read[*b].0));
    let alike: Vec<&[usize]> = order.chunk_by(|a, b| read[*a].0 == read[*b].0).collect();
    let mut found = Wordings { all: vec![], asks: vec![], keys, silent: vec![] };
    for places in alike {
        let mut all: Vec<(&Text<'a>, usize)> = vec![];
        for at in places {
            all.extend(std::mem::take(&mut same[*at]).into_iter().map(|text| (text, *at)));
        }
        all.sort_by_key(|it| it.0.key);
        let keys: Vec<u64> = all.iter().map(|it| it.0.key).collect();
        let Some(&(first, at)) = all.first() else { continue };
        let (tokens, asks) = std::mem::take(&mut read[at]);
        if tokens.is_empty() {
            found.silent.extend(keys);
        } else {
            let (pages, passages) = (first.pages.as_slice(), first.passages.as_slice());
            found.all.push(Wording { text: first.text, keys, pages, passages, tokens });
            found.asks.push(asks);
        }
    }
    found
}

/// Some texts with their words numbered as they came.
#[derive(Default)]
struct Lines {
    lexicon: HashMap<String, u32>,
    read: Vec<(Vec<Token>, Asks)>,
}

impl Lines {
    fn read(texts: &[&str]) -> Self {
        let mut lines = Self::default();
        for text in texts {
            let words = analyzer().words(text);
            let asks = Asks::of(&words);
            let tokens = words.into_iter().map(|word| lines.token(word)).collect();
            lines.read.push((tokens, asks));
        }
        lines
    }

    fn token(&mut self, word: Word) -> Token {
        let next = u32::try_from(self.lexicon.len()).unwrap_or(u32::MAX);
        Token::new(*self.lexicon.entry(word.key).or_insert(next), word.is_stop)
    }
}

/// Numbers words anew by their keys' order, so that the order of texts does not matter; with the
/// keys.
fn numbered(all: Vec<Lines>) -> (Vec<(Vec<Token>, Asks)>, Vec<String>) {
    let keys: BTreeSet<&String> = all.iter().flat_map(|it| it.lexicon.keys()).collect();
    let keys: Vec<String> = keys.into_iter().cloned().collect();
    let number = |key: &String| keys.binary_search(key).ok().and_then(|it| u32::try_from(it).ok());
    let mut read = vec![];
    for mut lines in all {
        let mut numbers = vec![u32::MAX; lines.lexicon.len()];
        for (key, own) in &lines.lexicon {
            numbers[*own as usize] = number(key).unwrap_or(u32::MAX);
        }
        for token in lines.read.iter_mut().flat_map(|it| &mut it.0) {
            *token = Token::new(numbers[token.number() as usize], token.is_stop());
        }
        read.append(&mut lines.read);
    }
    (read, keys)
}
