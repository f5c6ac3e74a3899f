//! The text as the finders read it, each character tied to its place in the original.

use std::iter;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::{Found, Kind};

/// Stands for a masked passage; no finder takes it for a letter, a digit or a separator.
pub(super) const BARRIER: char = '\u{fffc}';

/// More separators than this part two numbers from each other.
const SEPARATORS_MAX: usize = 3;
/// The same where only a number that proves itself is taken.
const LOOSE_MAX: usize = 12;

/// The zeros of the other scripts' digits that keyboards of our visitors write.
const ZEROS: [u32; 9] = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0e50, 0x1040];

#[derive(Clone, Copy)]
struct Letter {
    ch: char,
    start: usize,
    end: usize,
}

/// The normalised characters, with bytes of the original, and what has been masked so far.
pub(super) struct Plain {
    letters: Vec<Letter>,
    found: Vec<Found>,
}

/// The plain text as a string, for patterns.
pub(super) struct View {
    /// What the patterns read.
    pub(super) text: String,
    starts: Vec<usize>,
}

/// Digits that stand together, as a range of characters.
#[derive(Clone)]
pub(super) struct Group {
    /// The characters.
    pub(super) at: Range<usize>,
    /// The same as text.
    pub(super) digits: String,
}

impl Plain {
    /// Reads `text`; masks that already stand in it become barriers.
    pub(super) fn new(text: &str) -> Self {
        let mut letters = Vec::with_capacity(text.len());
        let mut start = 0;
        while let Some(ch) = text[start..].chars().next() {
            let mask = mask_at(&text[start..]);
            let end = start + mask.map_or(ch.len_utf8(), str::len);
            if mask.is_some() {
                letters.push(Letter { ch: BARRIER, start, end });
            } else if !is_invisible(ch) {
                let normal = iter::once(ch).nfkc().map(ascii_digit).map(plain_space);
                letters.extend(normal.map(|ch| Letter { ch, start, end }));
            }
            start = end;
        }
        Self { letters, found: Vec::new() }
    }

    /// The character at `index`.
    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.letters.get(index).map(|letter| letter.ch)
    }

    /// The character before `index`.
    pub(super) fn before(&self, index: usize) -> Option<char> {
        self.at(index.checked_sub(1)?)
    }

    /// Whether a digit touches the range from outside.
    pub(super) fn is_inside_number(&self, at: &Range<usize>) -> bool {
        let is_digit = |ch: Option<char>| ch.is_some_and(|ch| ch.is_ascii_digit());
        is_digit(self.before(at.start)) || is_digit(self.at(at.end))
    }

    /// At most `count` characters before `index`, in lower case.
    pub(super) fn left_of(&self, index: usize, count: usize) -> String {
        self.text(index.saturating_sub(count)..index)
    }

    /// At most `count` characters from `index` on, in lower case.
    pub(super) fn right_of(&self, index: usize, count: usize) -> String {
        self.text(index..index.saturating_add(count))
    }

    /// The characters of the range that exist, in lower case.
    pub(super) fn text(&self, at: Range<usize>) -> String {
        let end = at.end.min(self.letters.len());
        let letters = self.letters.get(at.start..end).unwrap_or_default();
        letters.iter().flat_map(|letter| letter.ch.to_lowercase()).collect()
    }

    /// The digits of the range, without what separates them.
    pub(super) fn digits(&self, at: &Range<usize>) -> String {
        self.text(at.clone()).chars().filter(char::is_ascii_digit).collect()
    }

    /// The whole text for patterns.
    pub(super) fn view(&self) -> View {
        let mut view = View { text: String::new(), starts: Vec::new() };
        for letter in &self.letters {
            view.starts.push(view.text.len());
            view.text.push(letter.ch);
        }
        view
    }

    /// Numbers: groups of digits with nothing but a few separators between them.
    pub(super) fn runs(&self) -> Vec<Vec<Group>> {
        self.joined(|gap| self.separates(gap))
    }

    /// Groups that lines, lists or a wide space part; most are several numbers, and only what
    /// proves itself is one.
    pub(super) fn loose_runs(&self) -> Vec<Vec<Group>> {
        let is_loose = |gap: Range<usize>| {
            let between = self.letters.get(gap).unwrap_or_default();
            between.len() <= LOOSE_MAX && between.iter().all(|it| is_loose_separator(it.ch))
        };
        let mut runs = self.joined(is_loose);
        runs.retain(|run| !self.is_close(run));
        runs
    }

    /// Whether only a few separators part the groups.
    pub(super) fn is_close(&self, groups: &[Group]) -> bool {
        groups.windows(2).all(|pair| self.separates(pair[0].at.end..pair[1].at.start))
    }

    fn joined(&self, joins: impl Fn(Range<usize>) -> bool) -> Vec<Vec<Group>> {
        let mut runs: Vec<Vec<Group>> = Vec::new();
        for group in self.groups() {
            let last = runs.last().and_then(|run| run.last());
            let is_next = last.is_some_and(|last| joins(last.at.end..group.at.start));
            match runs.last_mut() {
                Some(run) if is_next => run.push(group),
                Some(_) | None => runs.push(vec![group]),
            }
        }
        runs
    }

    /// Every group of digits.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (index, letter) in self.letters.iter().enumerate() {
            if !letter.ch.is_ascii_digit() {
                continue;
            }
            match groups.last_mut() {
                Some(group) if group.at.end == index => {
                    group.at.end += 1;
                    group.digits.push(letter.ch);
                }
                Some(_) | None => {
                    groups.push(Group { at: index..index + 1, digits: letter.ch.to_string() });
                }
            }
        }
        groups
    }

    /// Masks each range; ranges that overlap become one.
    pub(super) fn cover(&mut self, mut finds: Vec<(Kind, Range<usize>)>) {
        for (_, at) in &mut finds {
            *at = self.widened(at);
        }
        finds.sort_by_key(|(_, at)| (at.start, at.end));
        let mut merged: Vec<(Kind, Range<usize>)> = Vec::new();
        for (kind, at) in finds {
            match merged.last_mut() {
                Some((_, last)) if at.start < last.end => last.end = last.end.max(at.end),
                Some(_) | None => merged.push((kind, at)),
            }
        }
        for (kind, at) in merged.into_iter().rev() {
            self.cover_one(kind, at);
        }
    }

    /// The ranges in bytes of the original, in order; of those that overlap, the first.
    pub(super) fn located(&self, mut finds: Vec<(Kind, Range<usize>)>) -> Vec<Found> {
        finds.sort_by_key(|(_, at)| (at.start, std::cmp::Reverse(at.end)));
        let mut located: Vec<Found> = Vec::new();
        for (kind, at) in finds {
            let at = self.widened(&at);
            let Some((first, last)) = self.letters.get(at).and_then(|it| it.first().zip(it.last()))
            else {
                continue;
            };
            let found = Found { kind, start: first.start, end: last.end };
            if located.last().is_none_or(|it| it.end <= found.start) {
                located.push(found);
            }
        }
        located
    }

    /// What was masked, in the order of the text.
    pub(super) fn into_found(mut self) -> Vec<Found> {
        self.found.sort_by_key(|found| found.start);
        self.found
    }

    fn cover_one(&mut self, kind: Kind, at: Range<usize>) {
        let Some(covered) = self.letters.get(at.clone()) else {
            return;
        };
        let (Some(first), Some(last)) = (covered.first(), covered.last()) else {
            return;
        };
        let (start, end) = (first.start, last.end);
        self.found.retain(|found| found.end <= start || end <= found.start);
        self.found.push(Found { kind, start, end });
        self.letters.splice(at, [Letter { ch: BARRIER, start, end }]);
    }

    /// One original character may have become several; they are masked together.
    fn widened(&self, at: &Range<usize>) -> Range<usize> {
        let same = |one: usize, other: usize| {
            let (one, other) = (self.letters.get(one), self.letters.get(other));
            one.zip(other).is_some_and(|(one, other)| one.start == other.start)
        };
        let (mut start, mut end) = (at.start, at.end);
        while 0 < start && same(start - 1, start) {
            start -= 1;
        }
        while 0 < end && same(end - 1, end) {
            end += 1;
        }
        start..end
    }

    fn separates(&self, at: Range<usize>) -> bool {
        at.len() <= SEPARATORS_MAX && self.letters[at].iter().all(|it| is_separator(it.ch))
    }
}

impl View {
    /// Turns bytes of the view into a range of characters.
    pub(super) fn letters(&self, bytes: Range<usize>) -> Range<usize> {
        let index = |byte| self.starts.partition_point(|&start| start < byte);
        index(bytes.start)..index(bytes.end)
    }
}

/// Whether people write `ch` between the digits of one number.
pub(super) fn is_separator(ch: char) -> bool {
    let dot = matches!(ch, '.' | '_' | '\u{b7}' | '\u{2022}' | '\u{2027}' | '\u{22c5}');
    dot || matches!(ch, ' ' | '\t' | '/' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether `ch` may part the digits of one number that somebody has put into a list or on lines.
fn is_loose_separator(ch: char) -> bool {
    is_separator(ch) || matches!(ch, '\n' | '\r' | ',' | ':' | ';' | '|' | '*' | '\'' | '+' | '=')
}

/// Whatever is white counts as a space; a new line stays one.
fn plain_space(ch: char) -> char {
    match ch {
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => '\n',
        '\n' | '\r' | '\t' => ch,
        _ if ch.is_whitespace() => ' ',
        _ => ch,
    }
}

fn is_invisible(ch: char) -> bool {
    (ch.is_control() && !ch.is_whitespace())
        || matches!(ch,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20e3}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn ascii_digit(ch: char) -> char {
    let code = u32::from(ch);
    let value = ZEROS.iter().find_map(|&zero| code.checked_sub(zero).filter(|&it| it < 10));
    value.and_then(|value| char::from_digit(value, 10)).unwrap_or(ch)
}

fn mask_at(text: &str) -> Option<&'static str> {
    if !text.starts_with('[') {
        return None;
    }
    Kind::ALL.iter().map(|kind| kind.mask()).find(|mask| text.starts_with(mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, runs: &[&str]) {
        let plain = Plain::new(text);
        let joined = |run: &Vec<Group>| {
            run.iter().map(|group| group.digits.as_str()).collect::<Vec<_>>().join("+")
        };
        assert_eq!(plain.runs().iter().map(joined).collect::<Vec<_>>(), runs);
    }

    #[test]
    fn separators_join_the_groups_of_one_number() {
        check("a 12 34-56 – 78, 9", &["12+34+56+78", "9"]);
        check("1\u{200b}2\u{a0}３\u{2009}٤", &["12+3+4"]);
        check("1\u{1680}2_3·4\u{3000}5", &["1+2+3+4+5"]);
    }

    #[test]
    fn masks_part_numbers() {
        check("1 [telefon] 2 [11 siffer]", &["1", "2"]);
    }
}
