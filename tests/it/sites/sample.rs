//! What a person read on pages of others, compared with what was read by the program.

use skranke::page::{Body, Passage};

/// Pages of real sites and what they say.
pub(crate) const SAMPLE: &str = include_str!("../../fixtures/reading/sample.txt");

/// A page as a person has read it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expected {
    pub(crate) package: &'static str,
    pub(crate) path: &'static str,
    title: &'static str,
    count: usize,
    heads: Vec<&'static str>,
    texts: Vec<[&'static str; 3]>,
    foreign: Vec<&'static str>,
}

/// How much of what was expected was found, and what was not.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) titles: Share,
    pub(crate) headings: Share,
    pub(crate) passages: Share,
    /// Passages without boilerplate.
    pub(crate) clean: Share,
    pub(crate) misses: Vec<String>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Share {
    right: usize,
    all: usize,
}

impl Share {
    fn note(&mut self, is_right: bool) {
        self.all += 1;
        self.right += usize::from(is_right);
    }

    pub(crate) fn all(self) -> usize {
        self.all
    }

    /// Whether the share is at least so many of a hundred.
    pub(crate) fn is_at_least(self, percent: usize) -> bool {
        0 < self.all && self.all * percent <= self.right * 100
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.right, self.all)
    }
}

/// The pages of which such a text tells.
pub(crate) fn pages(text: &'static str) -> Vec<Expected> {
    let mut pages: Vec<Expected> = vec![];
    let (mut package, mut foreign) = ("", vec![]);
    for line in text.lines().filter(|it| !it.is_empty() && !it.starts_with('#')) {
        let (key, value) = line.split_once(' ').expect("a key and what it says");
        match key {
            "package" => (package, foreign) = (value, vec![]),
            "foreign" => foreign.push(value),
            "page" => {
                let foreign = foreign.clone();
                pages.push(Expected { package, path: value, foreign, ..Expected::default() });
            }
            _ => pages.last_mut().expect("a page comes first").take(key, value),
        }
    }
    pages
}

impl Expected {
    fn take(&mut self, key: &str, value: &'static str) {
        match key {
            "title" => self.title = value,
            "count" => self.count = value.parse().expect("a number"),
            "head" => self.heads.push(value),
            "not" => self.foreign.push(value),
            "text" => {
                let parts: Vec<&str> = value.splitn(3, " | ").collect();
                self.texts.push(parts.try_into().expect("heading, beginning and end"));
            }
            other => panic!("the sample has no key {other}"),
        }
    }

    /// Compares the page with what was read.
    pub(crate) fn judge(&self, body: &Body, score: &mut Score) {
        let mut miss = |what: &str, said: &str| {
            score.misses.push(format!("{} {}: {what}: {said}", self.package, self.path));
        };
        let is_right = self.title == tidy(&body.title);
        score.titles.note(is_right);
        if !is_right {
            miss("title", &body.title);
        }
        let headings = headings(body);
        let mut at = 0;
        for head in self.heads.iter().map(|it| tidy(it)) {
            let found = headings[at..].iter().position(|it| *it == head);
            score.headings.note(found.is_some());
            match found {
                Some(place) => at += place + 1,
                None => miss("heading", &head),
            }
        }
        score.headings.note(headings.len() == self.count);
        if headings.len() != self.count {
            miss("count of headings", &format!("{} for {}", headings.len(), self.count));
        }
        for [head, first, last] in &self.texts {
            let is_right = body.passages.iter().any(|it| holds(it, head, [first, last]));
            score.passages.note(is_right);
            if !is_right {
                miss("passage", first);
            }
        }
        for passage in &body.passages {
            let text = tidy(&passage.text);
            let foreign = self.foreign.iter().find(|it| text.contains(&tidy(it)));
            score.clean.note(foreign.is_none());
            foreign.iter().for_each(|it| miss("boilerplate", it));
        }
    }
}

fn holds(passage: &Passage, head: &str, [first, last]: [&str; 2]) -> bool {
    let text = tidy(&passage.text);
    let starts = tidy(&passage.heading).starts_with(&tidy(head));
    let first_at = text.find(&tidy(first));
    starts && first_at.is_some_and(|at| text[at..].contains(&tidy(last)))
}

/// The headings in the order of the page: each passage brings those of its path that are new.
fn headings(body: &Body) -> Vec<String> {
    let mut seen: Vec<Vec<String>> = vec![];
    for passage in &body.passages {
        let path: Vec<String> = passage.path.iter().map(|it| tidy(it)).collect();
        for end in 1..=path.len() {
            if !seen.iter().any(|it| *it == path[..end]) {
                seen.push(path[..end].to_vec());
            }
        }
    }
    seen.into_iter().filter_map(|mut it| it.pop()).collect()
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
