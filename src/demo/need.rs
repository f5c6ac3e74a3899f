//! What people need to know, in which words they ask, and how often in which week.

use serde::Deserialize;

use super::content::{self, DemoError};

/// How the website stands to a need: the truth that the verdicts should come near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page answers in words near the callers'.
    Answered,
    /// A page answers in other words.
    HardToFind,
    /// A page answers, but in the other norm.
    OtherNorm,
    /// A page is about it and leaves the point out.
    Partly,
    /// No page answers.
    Missing,
    /// Only the case officer can answer.
    OwnCase,
    /// Somebody else answers for it.
    OutsideRemit,
    /// Asked by one person only.
    Once,
}

/// The norm or language of a wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tongue {
    Nynorsk,
    Bokmal,
    English,
}

/// One way to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wording {
    pub(super) text: String,
    pub(super) tongue: Tongue,
}

/// One recurring question.
#[derive(Clone, Debug)]
pub(super) struct Need {
    pub(super) key: String,
    pub(super) kind: Kind,
    /// The page that answers or should.
    pub(super) page: Option<String>,
    /// The week in which its mended page goes live.
    pub(super) mended: Option<u8>,
    /// How often it is asked in an ordinary week.
    pub(super) weekly: f64,
    pub(super) curve: Curve,
    /// The desk that mostly gets it; none for the two general ones.
    pub(super) desk: Option<String>,
    /// What the desk answers from its own knowledge.
    pub(super) note: Option<String>,
    /// The first is the most usual.
    pub(super) wordings: Vec<Wording>,
}

impl Need {
    /// The place of each tongue's most usual wording.
    pub(super) fn usual(&self) -> Vec<usize> {
        let tongue = |at: usize| self.wordings.get(at).map(|wording| wording.tongue);
        let opens = |at: &usize| *at == 0 || tongue(*at) != tongue(*at - 1);
        (0..self.wordings.len()).filter(opens).collect()
    }

    /// How the website stands to the need in `week`.
    pub(super) fn kind_in(&self, week: u8) -> Kind {
        match self.mended {
            Some(mended) if mended <= week && self.key != FAILED_MEND => Kind::Answered,
            Some(_) | None => self.kind,
        }
    }
}

/// The need whose mended page still does not answer.
const FAILED_MEND: &str = "hundepark";

/// How the demand moves over the weeks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Curve {
    Steady,
    Rising,
    Falling,
    /// High in the middle of the weeks.
    Season,
    /// Little, save in this week and the next.
    Burst(u8),
    /// Nothing before this week.
    Late(u8),
    /// Nearly nothing after this week.
    Mended(u8),
}

impl Curve {
    fn parse(text: &str) -> Option<Self> {
        let (name, week) = text.split_once(':').unwrap_or((text, "0"));
        let week: u8 = week.parse().ok()?;
        match name {
            "steady" => Some(Self::Steady),
            "rising" => Some(Self::Rising),
            "falling" => Some(Self::Falling),
            "season" => Some(Self::Season),
            "burst" => Some(Self::Burst(week)),
            "late" => Some(Self::Late(week)),
            "mended" => Some(Self::Mended(week)),
            _ => None,
        }
    }

    /// The demand of a week as a part of the ordinary one.
    pub(super) fn factor(self, week: u8) -> f64 {
        let at = f64::from(week);
        match self {
            Self::Steady => 1.0,
            Self::Rising => 0.4 + 0.1 * at,
            Self::Falling => 1.7 - 0.1 * at,
            Self::Season => 0.35 + 1.3 * (-(at - 6.5).powi(2) / 10.0).exp(),
            Self::Burst(peak) if week == peak => 5.0,
            Self::Burst(peak) if week == peak + 1 => 2.0,
            Self::Burst(_) => 0.5,
            Self::Late(start) => f64::from(u8::from(start <= week)) * 1.5,
            Self::Mended(end) if week < end => 1.15,
            Self::Mended(end) if week == end => 0.2,
            Self::Mended(_) => 0.04,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    need: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    key: String,
    kind: Kind,
    page: Option<String>,
    mended: Option<u8>,
    weekly: f64,
    curve: String,
    desk: Option<String>,
    note: Option<String>,
    #[serde(default)]
    nn: String,
    #[serde(default)]
    nb: String,
    #[serde(default)]
    en: String,
}

/// The files of needs, in order.
const FILES: [&str; 4] = ["answered", "elsewhere", "missing", "own"];

/// All recurring questions, in the order of the files.
pub(super) fn needs() -> Result<Vec<Need>, DemoError> {
    let mut needs = Vec::new();
    for name in FILES {
        let file = format!("inquiries/{name}.toml");
        for written in content::table::<File>(&file)?.need {
            needs.push(read(written, &file)?);
        }
    }
    Ok(needs)
}

fn read(written: Written, file: &str) -> Result<Need, DemoError> {
    let curve = Curve::parse(&written.curve)
        .ok_or_else(|| DemoError::Head { file: file.to_owned(), line: written.curve.clone() })?;
    let mut wordings = Vec::new();
    for (text, tongue) in in_order(&written) {
        wordings.extend(text.lines().map(|line| Wording { text: line.to_owned(), tongue }));
    }
    Ok(Need {
        key: written.key,
        kind: written.kind,
        page: written.page,
        mended: written.mended,
        weekly: written.weekly,
        curve,
        desk: written.desk,
        note: written.note,
        wordings,
    })
}

/// Nynorsk first: the first wording of all is the need's most usual one.
fn in_order(written: &Written) -> [(&str, Tongue); 3] {
    [(&written.nn, Tongue::Nynorsk), (&written.nb, Tongue::Bokmal), (&written.en, Tongue::English)]
}

/// What only one person asks, in one wording each.
pub(super) fn asked_once() -> Result<Vec<String>, DemoError> {
    Ok(content::text("inquiries/once.txt")?.lines().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_need_has_many_wordings_and_no_wording_stands_twice() {
        let mut seen = BTreeSet::new();
        for need in needs().unwrap() {
            assert!(7 <= need.wordings.len(), "{} has few wordings", need.key);
            for wording in need.wordings {
                assert!(seen.insert(wording.text.clone()), "twice: {}", wording.text);
            }
        }
        let once = asked_once().unwrap();
        assert!(150 <= once.len());
        assert!(once.into_iter().all(|text| seen.insert(text)));
    }

    #[test]
    fn a_curve_keeps_near_the_ordinary_demand() {
        for curve in [Curve::Steady, Curve::Rising, Curve::Falling, Curve::Season] {
            let mean = (1..=12).map(|week| curve.factor(week)).sum::<f64>() / 12.0;
            assert!((0.8..1.2).contains(&mean), "{curve:?} {mean}");
        }
        assert_eq!(Curve::parse("burst:4"), Some(Curve::Burst(4)));
        assert_eq!(Curve::parse("sideways"), None);
    }
}
