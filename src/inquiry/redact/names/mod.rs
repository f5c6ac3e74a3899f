//! Names of people, as hints: by a first name, by what a sentence says of it, by its form.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::number::Find;
use super::plain::{BARRIER, Plain};
use super::{Allowed, Kind, pattern};

/// So much text beside a name is read for what it says of it.
const AROUND_CHARS_MAX: usize = 24;
/// A name has so many words at most.
const WORDS_MAX: usize = 5;
/// A word behind a name says that it is a firm's when it has so many letters.
const NEXT_CHARS_MIN: usize = 4;
/// A name has so many words at most when none of them is known as one.
const UNKNOWN_WORDS_MAX: usize = 3;

/// Names in small letters, and those among them that are no everyday words.
static FIRST_NAMES: LazyLock<(HashSet<&str>, HashSet<&str>)> = LazyLock::new(|| {
    let (sure, both) = include_str!("first_names.txt")
        .split_once("# Names that are words too, or nearly.")
        .expect("the last part begins so");
    let sure: HashSet<&str> = words_of(sure).collect();
    (sure.iter().copied().chain(words_of(both)).collect(), sure)
});

static COMMON: LazyLock<HashSet<&str>> =
    LazyLock::new(|| words_of(include_str!("everyday_words.txt")).collect());

static ORGANISATIONS: LazyLock<(HashSet<&str>, Vec<&str>)> = LazyLock::new(|| {
    let words = || words_of(include_str!("organisation_words.txt"));
    (words().filter(|it| !it.starts_with('-')).collect(), {
        words().filter_map(|it| it.strip_prefix('-')).collect()
    })
});

/// What stands right before a name and says that it is one.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    let said = phrases("before:");
    pattern(&format!(r"(?:^|[^\p{{L}}])(?:{said})[.,:]?\s{{1,2}}$"))
});

/// What people do, right after a name.
static DOES: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"^,?\s(?:{})(?:[^\p{{L}}]|$)", phrases("after:"))));

/// A mask beside a name: whose number it was.
static MASK_AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(r"^[\s,(:;\-]{{0,3}}(?:\p{{L}}[\p{{L}}\-]{{0,12}}\.?:?\s?)?{BARRIER}"))
});

static MASK_BEFORE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"{BARRIER}[\s,):;\-]{{1,3}}$")));

/// Before a capital word these speak of a place.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:^|[^\p{L}])(?:i|på|ved|til|frå|fra|mot|in|at|near|from|to|på\s\p{L}+)\s$")
});

/// How surnames end, here and elsewhere.
static SURNAME: LazyLock<Regex> = LazyLock::new(|| {
    let farms =
        r"vik|vika|nes|næs|dal|dahl|berg|bergh?eim|heim|heimen|stad|land|rud|haug|haugen|mo";
    let more =
        r"moen|bakken|bakk|våg|li|lie|ås|strand|strøm|gaard|gård|gard|sæter|seter|set|øy|eide";
    let last =
        r"eid|bø|hagen|holm|holt|hus|lund|løkken|rød|sund|sand|skog|tveit|tvedt|vold|voll|rønning";
    let sons = r"sen|sson|son|datter|dóttir|dottir";
    let abroad =
        r"ski|ska|sky|ić|vić|vic|ov|ova|ev|eva|enko|chuk|czyk|wicz|ez|ian|yan|oğlu|oglu|zadeh|pour";
    pattern(&format!(r"^\p{{L}}{{2,}}(?:{farms}|{more}|{last}|{sons}|{abroad})$"))
});

/// How words end that are made of others, and are no names.
static MADE: LazyLock<Regex> = LazyLock::new(|| {
    let nordic =
        r"sjon|sjonen|else|elsen|ing|inga|ingen|het|heten|heit|heita|skap|skapet|eri|eriet";
    let english = r"tion|tions|sion|ment|ments|ness|ity|ance|ence|able|ible|age|ics|ware|ful|'s|’s";
    pattern(&format!(r"^\p{{L}}{{2,}}(?:{nordic}|{english})$"))
});

/// Small words within a name.
const CONNECTORS: [&str; 14] =
    ["van", "von", "de", "der", "den", "al", "el", "bin", "ibn", "da", "di", "dos", "la", "le"];

/// A word of the text.
struct Word {
    at: Range<usize>,
    lower: String,
    is_capital: bool,
    is_shouted: bool,
    /// Whether one space parts it from the word before.
    joins: bool,
}

/// Finds what is likely to be somebody's name.
pub(super) fn find(plain: &Plain, allowed: &Allowed) -> Vec<Find> {
    let words = words(plain);
    let mut finds = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let end = end_of_sequence(&words, first);
        let next = words.get(end).filter(|it| it.joins);
        let sequence = trimmed(&words[first..end]);
        if is_name(plain, sequence, next, allowed) {
            finds.extend(whole(sequence).map(|at| (Kind::Name, at)));
        }
        first = end.max(first + 1);
    }
    finds.extend(small_names(&words, allowed).map(|at| (Kind::Name, at)));
    finds
}

/// Every sequence of two capital words or more, in small letters.
pub(super) fn proper(plain: &Plain) -> Vec<String> {
    let words = words(plain);
    let mut names = Vec::new();
    let mut first = 0;
    while first < words.len() {
        let end = end_of_sequence(&words, first);
        let sequence = trimmed(&words[first..end]);
        // "Ring Kari Nordmann": which of the words are the name is not known.
        for n in 2..=sequence.len().min(WORDS_MAX) {
            names.extend(sequence.windows(n).map(joined));
        }
        first = end.max(first + 1);
    }
    names
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|it| it.lower.as_str()).collect::<Vec<_>>().join(" ")
}

/// Where the capital words from `first` on end; the same as `first` when it is not capital.
fn end_of_sequence(words: &[Word], first: usize) -> usize {
    let mut end = first;
    while let Some(word) = words.get(end).filter(|it| end == first || it.joins) {
        let connects = |it: &&Word| it.joins && CONNECTORS.contains(&it.lower.as_str());
        let goes_on = || {
            let mut rest = words[end..].iter().skip_while(connects);
            rest.next().is_some_and(|it| it.joins && it.is_capital)
        };
        let is_part = word.is_capital || (first < end && connects(&word) && goes_on());
        if !is_part {
            break;
        }
        end += 1;
    }
    end
}

/// Without the words that only begin a sentence or follow one.
fn trimmed(mut sequence: &[Word]) -> &[Word] {
    let is_common = |it: &Word| COMMON.contains(it.lower.as_str());
    while let [first, rest @ ..] = sequence {
        let is_name = FIRST_NAMES.0.contains(first.lower.as_str())
            && rest.first().is_some_and(|it| !is_common(it));
        if !is_common(first) || is_name {
            break;
        }
        sequence = rest;
    }
    while let [rest @ .., last] = sequence {
        if !is_common(last) {
            break;
        }
        sequence = rest;
    }
    sequence
}

fn whole(sequence: &[Word]) -> Option<Range<usize>> {
    Some(sequence.first()?.at.start..sequence.last()?.at.end)
}

fn is_name(plain: &Plain, words: &[Word], next: Option<&Word>, allowed: &Allowed) -> bool {
    let Some(at) = whole(words) else { return false };
    // "Hansen bakeri"; a short word behind a name is a word of the sentence.
    let next = next.filter(|it| NEXT_CHARS_MIN <= it.at.len());
    // A square is somebody's, with an s; else it is what somebody gets: "får Kari Nordmann plass".
    let is_owner = words.last().is_some_and(|it| it.lower.ends_with('s'));
    let next = next.filter(|it| it.lower != "plass" || is_owner);
    let is_firm = words.iter().chain(next).any(|it| is_of_organisation(&it.lower));
    if is_firm || WORDS_MAX < words.len() || is_allowed(allowed, words) {
        return false;
    }
    let left = plain.left_of(at.start, AROUND_CHARS_MAX);
    let right = plain.right_of(at.end, AROUND_CHARS_MAX);
    let is_called = CUE.is_match(&left) && !words.iter().all(|it| it.is_shouted);
    let has_context =
        || DOES.is_match(&right) || MASK_AFTER.is_match(&right) || MASK_BEFORE.is_match(&left);
    let [first, .., last] = words else {
        let is_known = FIRST_NAMES.1.contains(words[0].lower.as_str());
        return is_called || (is_known && has_context());
    };
    let is_known = words.iter().any(|it| FIRST_NAMES.0.contains(it.lower.as_str()));
    if is_called || is_known {
        return true;
    }
    let is_shouted = first.is_shouted || last.is_shouted;
    if is_shouted || PLACE.is_match(&left) {
        return false;
    }
    // Two capital words are somebody more often than not, unless they are made of other words.
    let is_plain = words.len() <= UNKNOWN_WORDS_MAX && !words.iter().any(is_no_name);
    is_plain || SURNAME.is_match(&last.lower) || has_context()
}

/// A word that is part of a heading: "Søk Om Plass".
fn is_no_name(word: &Word) -> bool {
    let connects = CONNECTORS.contains(&word.lower.as_str());
    (COMMON.contains(word.lower.as_str()) && !connects) || MADE.is_match(&word.lower)
}

fn is_of_organisation(word: &str) -> bool {
    let (words, endings) = &*ORGANISATIONS;
    let ends = |ending: &&str| word.len() > ending.len() + 1 && word.ends_with(ending);
    words.contains(word) || (word.len() > 4 && endings.iter().any(ends))
}

fn is_allowed(allowed: &Allowed, words: &[Word]) -> bool {
    let ends = (0..words.len()).map(|from| &words[from..]).filter(|it| 2 <= it.len());
    !allowed.names.is_empty() && ends.map(joined).any(|it| allowed.names.contains(&it))
}

/// "kari nordvik" in a hurry: a first name that is no other word, and the form of a surname.
fn small_names<'a>(
    words: &'a [Word],
    allowed: &'a Allowed,
) -> impl Iterator<Item = Range<usize>> + 'a {
    const SURNAME_BYTES_MIN: usize = 5;
    words.windows(2).filter_map(move |pair| {
        let [first, last] = pair else { return None };
        let is_small = !first.is_capital && !last.is_capital && last.joins;
        let is_known = is_small && FIRST_NAMES.1.contains(first.lower.as_str());
        let is_surname = is_known
            && SURNAME_BYTES_MIN <= last.lower.len()
            && SURNAME.is_match(&last.lower)
            && !COMMON.contains(last.lower.as_str())
            && !is_of_organisation(&last.lower);
        (is_surname && !is_allowed(allowed, pair)).then_some(first.at.start..last.at.end)
    })
}

fn words(plain: &Plain) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut index = 0;
    while let Some(ch) = plain.at(index) {
        if !ch.is_alphabetic() {
            index += 1;
            continue;
        }
        let start = index;
        let is_inner = |at: usize| {
            let joins = plain.at(at).is_some_and(|ch| matches!(ch, '-' | '\'' | '’'));
            joins && plain.at(at + 1).is_some_and(char::is_alphabetic)
        };
        while plain.at(index).is_some_and(char::is_alphabetic) || is_inner(index) {
            index += 1;
        }
        let joins = plain.before(start) == Some(' ')
            && words.last().is_some_and(|it| it.at.end + 1 == start);
        let is_shouted = start + 1 < index
            && (start..index).all(|at| plain.at(at).is_some_and(|ch| !ch.is_lowercase()));
        let lower = plain.text(start..index);
        words.push(Word {
            at: start..index,
            lower,
            is_capital: ch.is_uppercase(),
            is_shouted,
            joins,
        });
    }
    words
}

/// The phrases of one part of the list, for a pattern.
fn phrases(part: &str) -> String {
    let lines = include_str!("phrases.txt").lines().filter_map(|it| it.strip_prefix(part));
    let phrases = lines.flat_map(|it| it.split(',')).map(str::trim).filter(|it| !it.is_empty());
    phrases.collect::<Vec<_>>().join("|")
}

fn words_of(list: &'static str) -> impl Iterator<Item = &'static str> {
    let lines = list.lines().filter(|it| !it.starts_with('#'));
    lines.flat_map(str::split_whitespace)
}
