//! Words: compounds of parts in two norms, their forms, and names of places.

use std::collections::BTreeMap;

use super::random::Random;

/// In which language somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tongue {
    Nb,
    Nn,
    En,
}

/// What is asked for: parts of a compound by their places in the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Thing {
    first: usize,
    second: Option<usize>,
    head: usize,
    /// Which of several, when each place has one.
    place: Option<usize>,
}

/// Of a text: the list, what it is about or for, and its language.
type Kind = (&'static str, &'static str, Tongue);

/// The lists.
pub(crate) struct Words {
    firsts: Vec<[&'static str; 3]>,
    heads: Vec<[&'static str; 4]>,
    begins: Vec<&'static str>,
    ends: Vec<&'static str>,
    /// Wordings, sentences, openings, fillings.
    texts: BTreeMap<Kind, Vec<&'static str>>,
    /// What can be asked.
    pub(crate) aspects: Vec<&'static str>,
}

impl Tongue {
    fn named(name: &str) -> Option<Self> {
        match name {
            "nb" => Some(Self::Nb),
            "nn" => Some(Self::Nn),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// As pages name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }
}

impl Words {
    pub(crate) fn new() -> Self {
        let (begins, ends) = include_str!("places.txt").split_once("\n-\n").unwrap_or_default();
        let mut words = Self {
            firsts: rows(include_str!("parts.txt")).filter_map(cells).collect(),
            heads: rows(include_str!("heads.txt")).filter_map(cells).collect(),
            begins: rows(begins).flat_map(str::split_whitespace).collect(),
            ends: rows(ends).flat_map(str::split_whitespace).collect(),
            texts: BTreeMap::new(),
            aspects: vec![],
        };
        words.read("ask", include_str!("questions.txt"));
        words.read("tell", include_str!("sentences.txt"));
        words.read("note", include_str!("noise.txt"));
        words
    }

    fn read(&mut self, name: &'static str, list: &'static str) {
        for row in rows(list) {
            let mut cells = row.splitn(3, ' ');
            let (Some(kind), Some(tongue), Some(text)) = (cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            let Some(tongue) = Tongue::named(tongue) else { continue };
            if name == "ask" && !self.aspects.contains(&kind) {
                self.aspects.push(kind);
            }
            self.texts.entry((name, kind, tongue)).or_default().push(text);
        }
    }

    /// The texts of a kind.
    pub(crate) fn texts(&self, kind: Kind) -> &[&'static str] {
        self.texts.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// A thing that somebody may ask for.
    pub(crate) fn thing(&self, random: &mut Random, own: f64) -> Thing {
        Thing {
            first: random.rank(self.firsts.len()),
            second: random.chance(0.2 + own / 4.0).then(|| random.below(self.firsts.len())),
            head: random.rank(self.heads.len()),
            place: random.chance(0.25 + own / 4.0).then(|| random.rank(self.places())),
        }
    }

    /// How many places there are.
    pub(crate) fn places(&self) -> usize {
        self.begins.len() * self.ends.len()
    }

    /// A place's name; the most common begin and end alike seldom.
    pub(crate) fn place(&self, at: usize) -> String {
        let mixed = at.wrapping_mul(7_919) % self.places();
        let (begin, end) = (mixed % self.begins.len(), mixed / self.begins.len());
        format!("{}{}", self.begins[begin], self.ends[end]).replace("sss", "ss")
    }

    /// A place with the word before it.
    pub(crate) fn at_place(&self, at: usize, tongue: Tongue) -> String {
        let name = self.place(at);
        let on = ["neset", "øya", "holmen", "haugen", "moen", "marka", "stranda", "torget"];
        match tongue {
            Tongue::En => format!("in {name}"),
            Tongue::Nb | Tongue::Nn if on.iter().any(|it| name.ends_with(it)) => {
                format!("på {name}")
            }
            Tongue::Nb | Tongue::Nn => format!("i {name}"),
        }
    }

    fn row(tongue: Tongue) -> usize {
        match tongue {
            Tongue::Nb => 0,
            Tongue::Nn => 1,
            Tongue::En => 2,
        }
    }

    /// The word of a thing's first part, alone.
    pub(crate) fn first(&self, thing: Thing, tongue: Tongue) -> &'static str {
        let part = self.firsts[thing.first][Self::row(tongue)];
        part.split('+').next().unwrap_or(part)
    }

    /// The definite form of a thing's last part, alone.
    pub(crate) fn head(&self, thing: Thing, tongue: Tongue) -> String {
        self.definite("", thing, tongue)
    }

    /// The bare name.
    pub(crate) fn name(&self, thing: Thing, tongue: Tongue) -> String {
        let (stem, _) = self.stems(thing, tongue);
        let name = format!("{}{stem}", self.beginning(thing, tongue));
        match thing.place {
            Some(place) => format!("{name} {}", self.place(place)),
            None => name,
        }
    }

    /// With its article.
    pub(crate) fn indefinite(&self, thing: Thing, tongue: Tongue) -> String {
        let article = match (tongue, self.gender(thing)) {
            (Tongue::Nb, "n") => "et ",
            (Tongue::Nb, _) => "en ",
            (Tongue::Nn, "n") => "eit ",
            (Tongue::Nn, "f") => "ei ",
            (Tongue::Nn, _) => "ein ",
            (Tongue::En, _) => "a ",
        };
        format!("{article}{}", self.name(thing, tongue))
    }

    /// In its definite form.
    pub(crate) fn the(&self, thing: Thing, tongue: Tongue) -> String {
        let the = self.definite(&self.beginning(thing, tongue), thing, tongue);
        match thing.place {
            Some(place) => format!("{the} {}", self.at_place(place, tongue)),
            None => the,
        }
    }

    fn definite(&self, beginning: &str, thing: Thing, tongue: Tongue) -> String {
        let (stem, doubled) = self.stems(thing, tongue);
        let ending = match (tongue, self.gender(thing)) {
            (Tongue::En, _) => return format!("{beginning}{stem}"),
            (_, "n") => "et",
            (Tongue::Nn, "f") => "a",
            (_, _) => "en",
        };
        format!("{beginning}{}{ending}", doubled.strip_suffix('e').unwrap_or(&doubled))
    }

    fn beginning(&self, thing: Thing, tongue: Tongue) -> String {
        let parts = [Some(thing.first), thing.second].into_iter().flatten();
        let part = |at: usize| match tongue {
            Tongue::En => format!("{} ", self.firsts[at][2]),
            Tongue::Nb | Tongue::Nn => self.firsts[at][Self::row(tongue)].replace('+', ""),
        };
        parts.map(part).collect()
    }

    fn gender(&self, thing: Thing) -> &'static str {
        self.heads[thing.head][2]
    }

    /// The last part as it stands and before endings.
    fn stems(&self, thing: Thing, tongue: Tongue) -> (&'static str, String) {
        let head = &self.heads[thing.head];
        let written = match tongue {
            Tongue::Nb => head[0],
            Tongue::Nn => head[1],
            Tongue::En => head[3],
        };
        (written.split('|').next().unwrap_or(written), written.replace('|', ""))
    }
}

fn rows(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|it| !it.starts_with('#') && !it.trim().is_empty())
}

fn cells<const N: usize>(row: &'static str) -> Option<[&'static str; N]> {
    row.split_whitespace().collect::<Vec<_>>().try_into().ok()
}
