//! Texts that say the same in the same words are one wording; their words are numbered.

use std::collections::{BTreeMap, HashMap};

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
    let mut lexicon: HashMap<String, u32> = HashMap::new();
    let mut read: Vec<(Vec<Token>, Vec<&Text<'a>>)> = by_text
        .into_iter()
        .map(|(text, same)| {
            let words = analyzer().words(text);
            (words.into_iter().map(|word| numbered(word, &mut lexicon)).collect(), same)
        })
        .collect();
    let keys = in_order(lexicon, &mut read);
    let mut silent = vec![];
    let mut by_words: BTreeMap<Vec<Token>, Vec<&Text<'a>>> = BTreeMap::new();
    for (tokens, same) in read {
        if tokens.is_empty() {
            silent.extend(same.into_iter().map(|text| text.key));
        } else {
            by_words.entry(tokens).or_default().extend(same);
        }
    }
    let wording = |(tokens, mut same): (Vec<Token>, Vec<&'a Text<'a>>)| {
        same.sort_by_key(|it| it.key);
        let keys = same.iter().map(|it| it.key).collect();
        let first = same.first()?;
        let (pages, passages) = (&first.pages, &first.passages);
        Some(Wording { text: first.text, keys, pages, passages, tokens })
    };
    let all: Vec<Wording<'a>> = by_words.into_iter().filter_map(wording).collect();
    let asks = |at: usize| Asks::of(&analyzer().words(all[at].text));
    let asks = in_parallel(all.len(), |range| range.map(asks).collect());
    Wordings { all, asks, keys, silent }
}

fn numbered(word: Word, lexicon: &mut HashMap<String, u32>) -> Token {
    let next = u32::try_from(lexicon.len()).unwrap_or(u32::MAX);
    Token::new(*lexicon.entry(word.key).or_insert(next), word.is_stop)
}

/// Numbers words anew by their keys' order, so that the order of texts does not matter.
fn in_order(
    lexicon: HashMap<String, u32>,
    read: &mut [(Vec<Token>, Vec<&Text<'_>>)],
) -> Vec<String> {
    let mut sorted: Vec<(String, u32)> = lexicon.into_iter().collect();
    sorted.sort_unstable();
    let mut numbers = vec![0; sorted.len()];
    for (next, (_, number)) in (0..).zip(&sorted) {
        numbers[*number as usize] = next;
    }
    for token in read.iter_mut().flat_map(|it| &mut it.0) {
        *token = Token::new(numbers[token.number() as usize], token.is_stop());
    }
    sorted.into_iter().map(|it| it.0).collect()
}
