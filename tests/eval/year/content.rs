//! What is asked and what the website holds, read from files; questions as a desk notes them.

use serde::Deserialize;

use super::chance::{chance, pick, share};
use crate::personal::generator::Random;

/// What people want to know.
#[derive(Debug, Deserialize)]
pub(super) struct Need {
    pub(super) key: String,
    pub(super) page: String,
    pub(super) weekly: f64,
    pub(super) season: String,
    pub(super) head: String,
    pub(super) says: String,
    pub(super) part: String,
    pub(super) official: Option<String>,
    #[serde(default)]
    pub(super) own_case: bool,
    nn: String,
    nb: String,
    en: String,
}

/// A page as it is without what the needs want of it.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub(super) slug: String,
    pub(super) lang: String,
    pub(super) title: String,
    pub(super) intro: String,
}

/// Words for what only one person asks.
#[derive(Debug, Deserialize)]
pub(super) struct Once {
    starts: Vec<String>,
    middles: Vec<String>,
    ends: Vec<String>,
    things: String,
}

/// The language of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tongue {
    Nn,
    Nb,
    En,
}

#[derive(Deserialize)]
struct Needs {
    need: Vec<Need>,
}

#[derive(Deserialize)]
struct Pages {
    page: Vec<Page>,
}

pub(super) fn needs() -> Vec<Need> {
    toml::from_str::<Needs>(include_str!("needs.toml")).unwrap().need
}

pub(super) fn pages() -> Vec<Page> {
    toml::from_str::<Pages>(include_str!("pages.toml")).unwrap().page
}

pub(super) fn once() -> Once {
    toml::from_str(include_str!("once.toml")).unwrap()
}

impl Tongue {
    /// The one of a page's two-letter code.
    pub(super) fn of(lang: &str) -> Self {
        if lang == "nn" { Self::Nn } else { Self::Nb }
    }

    pub(super) fn other_norm(self) -> Self {
        if self == Self::Nn { Self::Nb } else { Self::Nn }
    }
}

impl Need {
    /// One way to ask, written out in full.
    pub(super) fn phrase(&self, tongue: Tongue, random: &mut Random) -> String {
        let templates = match tongue {
            Tongue::Nn => &self.nn,
            Tongue::Nb => &self.nb,
            Tongue::En => &self.en,
        };
        let lines: Vec<&str> = templates.lines().filter(|it| !it.is_empty()).collect();
        expanded(pick(&lines, random), random)
    }
}

impl Once {
    /// A question about two things that hardly anybody else names.
    pub(super) fn phrase(&self, random: &mut Random) -> String {
        let things: Vec<&str> = self.things.split_whitespace().collect();
        let [start, middle, end] =
            [&self.starts, &self.middles, &self.ends].map(|it| pick(it, random));
        let (a, b) = (pick(&things, random), pick(&things, random));
        format!("{start} {a} {middle} {b} {end}").trim().to_owned()
    }
}

/// Takes one of each `[a|b]`.
fn expanded(template: &str, random: &mut Random) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('[') {
        let (slot, left) = after.split_once(']').unwrap();
        let choices: Vec<&str> = slot.split('|').collect();
        text.push_str(before);
        text.push_str(pick(&choices, random));
        rest = left;
    }
    text.push_str(rest);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const BEFORE: [&str; 10] = [
    "spm: ",
    "Hei, ",
    "hei! ",
    "på tlf: ",
    "mor ringer: ",
    "eldre mann, ",
    "kunde: ",
    "ny her, ",
    "dame i skranken: ",
    "innringar: ",
];
const AFTER: [&str; 8] =
    ["?", " ??", ", takk", ", haster", " - ringer igjen", ", fann det ikkje", ", litt sur", "?"];
/// A word in writing, and in the mouth of some.
const DIALECT: [(&str, &str); 12] = [
    ("ikkje", "itj"),
    ("ikke", "itj"),
    ("kva", "ka"),
    ("hva", "ka"),
    ("korleis", "koss"),
    ("hvordan", "koss"),
    ("kor", "kor"),
    ("hvor", "kor"),
    ("eg", "æ"),
    ("jeg", "æ"),
    ("når", "ka tid"),
    ("mykje", "my"),
];

/// The question as noted: an opener, an ending, a slip of the fingers, a mouthful of dialect.
pub(super) fn noted(text: &str, random: &mut Random) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    if chance(0.06, random) {
        for word in &mut words {
            let spoken = DIALECT.iter().find(|it| it.0 == word);
            *word = spoken.map_or(word.clone(), |it| it.1.to_owned());
        }
    }
    if chance(0.15, random) {
        slip(&mut words, random);
    }
    let mut noted = words.join(" ");
    if chance(0.25, random) {
        noted.insert_str(0, pick(&BEFORE, random));
    }
    if chance(0.35, random) {
        noted.push_str(pick(&AFTER, random));
    }
    noted
}

fn slip(words: &mut [String], random: &mut Random) {
    let at = random.below(words.len());
    let mut letters: Vec<char> = words[at].chars().collect();
    if letters.len() < 6 {
        return;
    }
    let place = 1 + random.below(letters.len() - 3);
    if share(random) < 0.5 {
        letters.swap(place, place + 1);
    } else {
        letters.remove(place);
    }
    words[at] = letters.into_iter().collect();
}
