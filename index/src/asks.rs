//! What a question asks for beside its subject: when, where or how much, of which number or
//! place, and whether it is turned round by a "not". Two texts on one subject may differ in that
//! alone.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::OnceLock;

use crate::analysis::{Word, analyzer};

/// What a text asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asks {
    kinds: Kinds,
    /// Names and numbers, sorted.
    names: Vec<String>,
    numbers: Vec<String>,
    /// All other words that say something of the subject, hashed and sorted.
    subject: Vec<u32>,
}

/// The kinds of question in a text, a bit each, and whether a "not" turns it round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u16);

/// The kinds of question in `lang/asks.txt`, by bit. How and may are often asked of one thing.
const KINDS: [&str; 8] = ["much", "when", "where", "who", "why", "many", "how", "may"];
/// The kinds that want an answer of their own.
const OWN_ANSWER: u16 = 0b0011_1111;
/// The line of words that turn a text round.
const NOT: &str = "not";
/// The bit after the last kind's.
const NEGATED: u16 = 1 << KINDS.len();
/// Words after which a place is named.
const BEFORE_PLACE: [&str; 7] = ["i", "på", "ved", "in", "at", "near", "on"];
/// Texts that share so much of their subject and ask for different things differ.
const SUBJECT_SHARED_MIN: f64 = 0.5;
/// Texts that share so much differ in a negation, a number or a name; where they share less, the
/// other words tell what they want.
const SUBJECT_SAME_MIN: f64 = 0.8;
/// Names so like each other are one, spelled in two ways.
const NAME_SLIPS_MAX: usize = 2;

/// Expressions by their first word: the words that follow, and the bit of the kind; the longest
/// first.
struct Table {
    by_first: HashMap<&'static str, Vec<(Vec<&'static str>, u16)>>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut by_first: HashMap<&str, Vec<(Vec<&str>, u16)>> = HashMap::new();
        let lines = include_str!("../lang/asks.txt").lines().filter(|it| !it.starts_with('#'));
        for (kind, expressions) in lines.filter_map(|line| line.split_once(':')) {
            let bit = KINDS.iter().position(|it| *it == kind).unwrap_or(KINDS.len());
            debug_assert!(bit < KINDS.len() || kind == NOT, "{kind} is no kind");
            for expression in expressions.split(',') {
                let mut words = expression.split_whitespace();
                let Some(first) = words.next() else { continue };
                by_first.entry(first).or_default().push((words.collect(), 1 << bit));
            }
        }
        by_first.values_mut().for_each(|it| it.sort_by_key(|it| std::cmp::Reverse(it.0.len())));
        Table { by_first }
    })
}

impl Kinds {
    /// The kinds of question in words, and for each word whether it says what is asked.
    pub(crate) fn of(words: &[Word]) -> (Self, Vec<bool>) {
        let kinds = kinds_of(&lower(words));
        (Self::all(&kinds), kinds.into_iter().map(|it| it != 0).collect())
    }

    fn all(kinds: &[u16]) -> Self {
        Self(kinds.iter().fold(0, |all, it| all | it))
    }

    /// Whether two texts that have so much of their subject in common want different answers.
    pub(crate) fn differ(self, other: Self, shared: f64) -> bool {
        let kinds = |it: Self| it.0 & !NEGATED;
        let (own, others) = (kinds(self), kinds(other));
        let is_asked_otherwise =
            own != 0 && others != 0 && own & others == 0 && (own | others) & OWN_ANSWER != 0;
        let is_turned_round = (self.0 ^ other.0) & NEGATED != 0;
        is_asked_otherwise && SUBJECT_SHARED_MIN <= shared
            || is_turned_round && SUBJECT_SAME_MIN <= shared
    }
}

impl Asks {
    pub(crate) fn of(words: &[Word]) -> Self {
        let lower = lower(words);
        let kinds = kinds_of(&lower);
        let mut asks = Self { kinds: Kinds::all(&kinds), ..Self::default() };
        let mentions = analyzer().concepts(words);
        let is_known = |at| mentions.iter().any(|it| it.is_whole && it.words.contains(&at));
        for (at, word) in words.iter().enumerate() {
            let says_something = !word.is_stop && kinds[at] == 0;
            if word.key.chars().any(|it| it.is_ascii_digit()) {
                asks.numbers.push(word.key.clone());
            } else if says_something && 0 < at && !is_known(at) && is_name(word, &lower[at - 1]) {
                asks.names.push(word.key.clone());
            } else if says_something {
                asks.subject.push(hashed(&word.key));
            }
        }
        asks.names.sort_unstable();
        asks.numbers.sort_unstable();
        asks.subject.sort_unstable();
        asks.subject.dedup();
        asks
    }

    /// Whether two texts on one subject want different answers.
    pub(crate) fn differ(&self, other: &Self) -> bool {
        let shared = self.shared(other);
        let is_another_case = are_others(&self.numbers, &other.numbers, |a, b| a == b)
            || are_others(&self.names, &other.names, are_spellings);
        self.kinds.differ(other.kinds, shared) || is_another_case && SUBJECT_SAME_MIN <= shared
    }

    /// The share of both texts' subject that they have in common.
    fn shared(&self, other: &Self) -> f64 {
        let common = self.subject.iter().filter(|it| other.subject.binary_search(it).is_ok());
        shared(common.count(), self.subject.len() + other.subject.len())
    }
}

/// The share of two texts' words that they have in common, told from the count of those and of
/// all words of both; texts without any have all in common.
pub(crate) fn shared(common: usize, all: usize) -> f64 {
    if all == 0 { 1.0 } else { share(common, all - common) }
}

fn lower(words: &[Word]) -> Vec<String> {
    words.iter().map(|it| it.written.to_lowercase()).collect()
}

#[expect(clippy::cast_precision_loss, reason = "texts have few words")]
fn share(part: usize, all: usize) -> f64 {
    part as f64 / all as f64
}

/// For each word the bit of the expression that it is in, or none.
fn kinds_of(words: &[String]) -> Vec<u16> {
    let mut kinds = vec![];
    while kinds.len() < words.len() {
        let (bit, length) = kind_at(&words[kinds.len()..]);
        kinds.extend(std::iter::repeat_n(bit, length));
    }
    kinds
}

/// The kind of the expression that words begin with, and how many words it has.
fn kind_at(words: &[String]) -> (u16, usize) {
    let known = table().by_first.get(words[0].as_str()).into_iter().flatten();
    let mut found = known.filter(|(rest, _)| {
        rest.len() < words.len() && rest.iter().zip(&words[1..]).all(|(a, b)| a == b)
    });
    found.next().map_or((0, 1), |(rest, bit)| (*bit, 1 + rest.len()))
}

/// Whether a word that the thesaurus does not know is written, or stands, as a place's name.
fn is_name(word: &Word, before: &str) -> bool {
    word.written.starts_with(char::is_uppercase) || BEFORE_PLACE.contains(&before)
}

/// Whether both have some, and none in common.
fn are_others(a: &[String], b: &[String], are_one: impl Fn(&str, &str) -> bool) -> bool {
    !a.is_empty() && !b.is_empty() && !a.iter().any(|a| b.iter().any(|b| are_one(a, b)))
}

fn are_spellings(a: &str, b: &str) -> bool {
    const CHARS_MIN: usize = 6;
    a == b
        || (CHARS_MIN <= a.chars().count()
            && strsim::osa_distance(a, b) <= NAME_SLIPS_MAX
            && a.chars().next() == b.chars().next())
}

fn hashed(key: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    u32::try_from(hasher.finish() >> 32).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, b: &str, differ: bool) {
        let asks = |text: &str| Asks::of(&analyzer().words(text));
        assert_eq!(asks(a).differ(&asks(b)), differ, "{a} | {b}");
        assert_eq!(asks(b).differ(&asks(a)), differ, "{b} | {a}");
    }

    #[test]
    fn kinds_of_question_are_told_apart() {
        check("når opnar symjehallen", "kva kostar symjehallen", true);
        check("når er loppemarkedet", "hvor er loppemarkedet", true);
        check("hvor mye koster sfo", "hvor søker jeg sfo", true);
        check("can I bring a dog to the pool", "when is the pool open for dogs", true);
        check("hvordan søker jeg sfo", "korleis søkje om SFO", false);
        check("how do I cancel", "can I cancel", false);
        check("symjehallen", "når opnar symjehallen", false);
    }

    #[test]
    fn a_negation_a_number_or_a_place_makes_another_question() {
        check("lysløypa er preparert", "lysløypa er ikkje preparert", true);
        check("buss linje 4 forsinka", "buss linje 9 forsinket", true);
        check("hull i asfalten i Furulia", "hull i asfalten i Bjørkelia", true);
        check("hull i asfalten i Furulia", "hull i asfalten i furulia", false);
        check("får ikke logget inn", "logge inn virker ikke", false);
        check("kort virker ikke", "hvor kan jeg fornye passet mitt", false);
    }
}
