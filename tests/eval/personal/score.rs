//! Recall and precision of what is found, kind by kind.

use std::collections::BTreeMap;
use std::fmt;

use super::generator::Gold;
use super::{Allowed, Kind, redact};
use crate::scores::count;

/// A text's gold and what was found in it, in bytes.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    text: &'a str,
    gold: &'a [Gold],
    found: Vec<(&'static str, usize, usize)>,
}

impl<'a> Seen<'a> {
    /// Looks for personal data in the text as any door of the program does.
    pub(crate) fn of(text: &'a str, gold: &'a [Gold]) -> Self {
        let redacted = redact(text, &Allowed::default());
        let all = redacted.found.iter().chain(&redacted.hints);
        let found = all.map(|it| (kind(it.kind), it.start, it.end)).collect();
        Self { text, gold, found }
    }

    /// How many of the passages something was found in.
    pub(crate) fn found_among(&self, passages: &[Gold]) -> usize {
        let meets =
            |it: &&Gold| self.found.iter().any(|found| found.1 < it.end && it.start < found.2);
        passages.iter().filter(meets).count()
    }
}

/// Kinds by the names of the gold; a number's label is a hint, and so 11 digits are one kind.
pub(crate) const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Iban => "iban",
        Kind::Duf | Kind::Digits12 => "duf",
        Kind::NationalNumber | Kind::Account | Kind::Digits11 => "national",
        Kind::BirthDate => "birth",
        Kind::Phone => "phone",
        Kind::Mail => "mail",
        Kind::SoleTrader => "trader",
        Kind::Address => "address",
        Kind::Property => "property",
        Kind::CaseNumber => "case",
        Kind::Plate => "plate",
        Kind::Name => "name",
        Kind::Reference => "reference",
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    gold: usize,
    covered: usize,
    found: usize,
    right: usize,
}

/// What was found of each kind.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    kinds: BTreeMap<&'static str, Tally>,
    /// A few texts in which something was missed or wrongly found, for whoever reads the table.
    pub(crate) wrong: Vec<String>,
}

impl Scores {
    /// Counts over texts. A passage is covered when all of it is; what is found is right when it
    /// meets a passage of gold, whatever its kind.
    pub(crate) fn of<'a>(texts: impl Iterator<Item = Seen<'a>>) -> Self {
        let mut scores = Self::default();
        for Seen { text, gold, found } in texts {
            for it in gold {
                // An account is 11 digits as a national number is.
                let tally = scores.kinds.entry(it.kind).or_default();
                tally.gold += 1;
                let covers =
                    found.iter().any(|(_, start, end)| *start <= it.start && it.end <= *end);
                tally.covered += usize::from(covers);
                if !covers {
                    scores.wrong.push(format!("missed {}: {text}", &text[it.start..it.end]));
                }
            }
            for (kind, start, end) in found {
                let tally = scores.kinds.entry(kind).or_default();
                tally.found += 1;
                let right = gold.iter().any(|it| it.start < end && start < it.end);
                tally.right += usize::from(right);
                if !right {
                    scores.wrong.push(format!("wrongly {kind} {}: {text}", &text[start..end]));
                }
            }
        }
        scores
    }

    /// The share of the gold that is covered.
    pub(crate) fn recall(&self, kinds: &[&str]) -> f64 {
        let sum = self.sum(kinds);
        count(sum.covered) / count(sum.gold)
    }

    /// The share of what was found that is right.
    pub(crate) fn precision(&self, kinds: &[&str]) -> f64 {
        let sum = self.sum(kinds);
        count(sum.right) / count(sum.found)
    }

    fn sum(&self, kinds: &[&str]) -> Tally {
        let those = self.kinds.iter().filter(|it| kinds.contains(it.0));
        those.fold(Tally::default(), |sum, (_, it)| Tally {
            gold: sum.gold + it.gold,
            covered: sum.covered + it.covered,
            found: sum.found + it.found,
            right: sum.right + it.right,
        })
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:10} {:>6} {:>8} {:>6} {:>9}",
            "kind", "gold", "recall", "found", "precision"
        )?;
        for (kind, it) in &self.kinds {
            let share = |part: usize, all: usize| match all {
                0 => "-".to_owned(),
                _ => format!("{:.4}", count(part) / count(all)),
            };
            let (recall, precision) = (share(it.covered, it.gold), share(it.right, it.found));
            writeln!(f, "{kind:10} {:6} {recall:>8} {:6} {precision:>9}", it.gold, it.found)?;
        }
        Ok(())
    }
}
