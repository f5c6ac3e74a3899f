//! How sentences name a week or a month, and what it is compared with.

use super::facts::Facts;
use super::period::Period;
use crate::messages::Lang;

/// A week or a month in a reader's language.
#[derive(Clone, Copy)]
pub(super) struct Wording {
    period: Period,
    lang: Lang,
}

impl Wording {
    pub(super) const fn of(facts: &Facts, lang: Lang) -> Self {
        Self { period: facts.period, lang }
    }

    /// The key of a text that weeks and months have each their own of.
    pub(super) fn key(self, key: &str) -> String {
        format!("letter.{key}.{}", self.period.name())
    }

    /// A text that weeks and months have each their own of.
    pub(super) fn text(self, key: &str) -> String {
        self.lang.text(&self.key(key)).to_owned()
    }

    /// As it stands within a sentence: `veke 43`, `oktober`.
    pub(super) fn name(self) -> String {
        match self.period {
            Period::Week(week) => {
                let week = week.number().to_string();
                self.lang.fill("letter.period.week", &[("week", &week)])
            }
            Period::Month(last) => {
                self.lang.text(&format!("report.month.m{}", last.month().1)).to_owned()
            }
        }
    }

    /// As it begins one: `Veke 43`.
    pub(super) fn beginning(self) -> String {
        let name = self.name();
        let mut letters = name.chars();
        let first = letters.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(letters).collect()
    }

    /// The heading of the letter: `Veke 43, 2026`, `Oktober 2026, veke 40–44`.
    pub(super) fn title(self) -> String {
        let number = |week: crate::week::Week| week.number().to_string();
        let last = self.period.last();
        let (first, week) = (number(self.period.first()), number(last));
        let (year, period) = (last.year().to_string(), self.beginning());
        let values = [("first", &*first), ("week", &week), ("year", &year), ("period", &period)];
        self.lang.fill(&self.key("title"), &values)
    }

    /// What is compared with: `dei fire vekene før`.
    pub(super) fn weeks_before(self) -> String {
        self.lang.text(&format!("letter.weeks_before.w{}", self.period.n_before())).to_owned()
    }

    /// Over how many weeks a gap's count goes: `fire veker`.
    pub(super) fn span(self) -> String {
        self.lang.text(&format!("letter.span.w{}", self.period.n_before())).to_owned()
    }

    /// A number before, beside the one of now: `snitt 588`, `før 2 310`.
    pub(super) fn mean(self, n: &str) -> String {
        self.lang.fill(&self.key("mean"), &[("n", n)])
    }
}
