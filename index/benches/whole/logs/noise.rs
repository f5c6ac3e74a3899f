//! How a wording becomes a note: slots are filled, somebody begins and ends it, and slips.

use super::random::Random;
use super::words::{Thing, Tongue, Words};

/// What fills a wording's slots.
pub(crate) struct Filling<'a> {
    pub(crate) words: &'a Words,
    pub(crate) thing: Thing,
    pub(crate) tongue: Tongue,
    pub(crate) random: &'a mut Random,
}

/// Fills the slots `{a}`.
pub(crate) fn filled(wording: &str, filling: &mut Filling<'_>) -> String {
    let mut pieces = wording.split('{');
    let mut text = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        let (slot, rest) = piece.split_once('}').unwrap_or((piece, ""));
        text.push_str(&filling.slot(slot));
        text.push_str(rest);
    }
    text
}

impl Filling<'_> {
    fn slot(&mut self, slot: &str) -> String {
        let (words, thing, tongue) = (self.words, self.thing, self.tongue);
        match slot {
            "a" if self.random.chance(0.5) => words.indefinite(thing, tongue),
            "a" | "c" => words.name(thing, tongue),
            "d" => words.the(thing, tongue),
            "D" => capital(&words.the(thing, tongue)),
            "f" => words.first(thing, tongue).to_owned(),
            "h" => words.head(thing, tongue),
            "n" => (1 + self.random.below(99)).to_string(),
            "s" => words.at_place(self.random.rank(words.places()), tongue),
            "p" => words.place(self.random.rank(words.places())),
            "m" => self.one_of("m"),
            "w" => self.one_of("w"),
            _ => self.one_of("k"),
        }
    }

    fn one_of(&mut self, kind: &'static str) -> String {
        (*self.random.pick(self.words.texts(("note", kind, self.tongue)))).to_owned()
    }
}

/// The wording as noted: with an opening, an ending, a slip, letters without rings.
pub(crate) fn noted(text: &str, filling: &mut Filling<'_>) -> String {
    let mut note = text.to_owned();
    if filling.random.chance(0.12) {
        note = slipped(&note, filling.random);
    }
    if filling.random.chance(0.45) {
        note = format!("{}{note}", edge("begin", filling));
    }
    if filling.random.chance(0.4) {
        note.push_str(&edge("end", filling));
    } else if filling.random.chance(0.3) {
        note.push('?');
    }
    if filling.random.chance(0.04) {
        note = note.replace('å', "aa").replace('ø', "o").replace('æ', "ae");
    }
    if filling.random.chance(0.2) { capital(&note) } else { note }
}

fn edge(kind: &'static str, filling: &mut Filling<'_>) -> String {
    let text = *filling.random.pick(filling.words.texts(("note", kind, filling.tongue)));
    filled(&text.replace('_', " "), filling)
}

/// One slip of the fingers in a longer word.
fn slipped(text: &str, random: &mut Random) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len()).filter(|at| 5 < words[*at].chars().count()).collect();
    if long.is_empty() {
        return text.to_owned();
    }
    let word = &mut words[*random.pick(&long)];
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + random.below(letters.len() - 2);
    match random.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.swap(at, at + 1),
        2 => letters.insert(at, letters[at]),
        _ => letters[at] = *random.pick(&['e', 'r', 'a', 'n', 's', 'i']),
    }
    *word = letters.into_iter().collect();
    words.join(" ")
}

pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |it| it.to_uppercase().chain(letters).collect())
}
