//! What is true of the generated world. The program under test reads nothing of it.

use super::chance::{self, chance, share};
use super::content::{Need, Tongue, needs};

/// What the website holds of a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// The answer.
    Answer,
    /// The answer, as an editor wrote it after hearing the callers.
    Mended,
    /// The answer in words that no caller uses.
    OtherWords,
    /// The answer in the norm that hardly any caller uses.
    OtherNorm,
    /// Something of the matter, and not what is asked.
    Part,
    /// An answer about last year.
    Old,
    /// Nothing.
    Nothing,
}

/// What an editor will do about a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    Mend,
    /// Links the page and leaves it as it is, save for a line that says nothing.
    Link,
    Dismiss,
    Leave,
}

/// A need as it truly is.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) need: Need,
    pub(super) holds: Holds,
    /// From this day on the page has lost its answer.
    pub(super) breaks: Option<usize>,
    /// Since this day the site does not answer.
    pub(super) unanswered: Option<usize>,
    /// The share of calls that are left after a mend.
    pub(super) left: f64,
    pub(super) mended: Option<usize>,
    pub(super) plan: Plan,
    /// A line that says nothing stands on the page.
    pub(super) is_touched: bool,
}

impl Holds {
    pub(super) const fn answers(self) -> bool {
        match self {
            Self::Answer | Self::Mended | Self::OtherWords | Self::OtherNorm => true,
            Self::Part | Self::Old | Self::Nothing => false,
        }
    }
}

impl Known {
    fn of(need: Need, (seed, at, days): (u64, usize, usize)) -> Self {
        let mut random = chance::of(seed, [1, at, 0]);
        let has_official = need.official.is_some();
        let holds = match share(&mut random) {
            _ if need.own_case => Holds::Nothing,
            it if it < 0.40 => Holds::Answer,
            it if it < 0.52 && has_official => Holds::OtherWords,
            it if it < 0.52 => Holds::Answer,
            it if it < 0.60 => Holds::OtherNorm,
            it if it < 0.70 => Holds::Part,
            it if it < 0.77 => Holds::Old,
            _ => Holds::Nothing,
        };
        let will_break = holds == Holds::Answer && chance(0.15, &mut random);
        let breaks = will_break.then(|| days / 3 + random.below(days / 3));
        let plan = match share(&mut random) {
            it if it < 0.50 => Plan::Mend,
            it if it < 0.70 => Plan::Link,
            it if it < 0.85 => Plan::Dismiss,
            _ => Plan::Leave,
        };
        let left = 0.1 + 0.5 * share(&mut random);
        let unanswered = (!holds.answers()).then_some(0);
        let (mended, is_touched) = (None, false);
        Self { need, holds, breaks, unanswered, left, mended, plan, is_touched }
    }

    /// Whether the site truly lacks what a page could hold.
    pub(super) const fn is_gap(&self) -> bool {
        !self.need.own_case && !self.holds.answers()
    }

    /// How many ask on a day, logged or not.
    pub(super) fn expected(&self, day: usize) -> f64 {
        let left = if self.mended.is_some_and(|it| it < day) { self.left } else { 1.0 };
        self.unmended(day) * left
    }

    /// How many would ask if nothing had been mended.
    pub(super) fn unmended(&self, day: usize) -> f64 {
        const BY_WEEKDAY: [f64; 7] = [0.30, 0.20, 0.18, 0.17, 0.15, 0.0, 0.0];
        self.need.weekly * season(&self.need.season, day) * BY_WEEKDAY[day % 7]
    }

    /// The tongue that a caller asks in.
    pub(super) fn tongue(&self, page: Tongue, of_one: f64) -> Tongue {
        let usual = if self.holds == Holds::OtherNorm { 0.95 } else { 0.45 };
        match () {
            () if of_one < usual => page.other_norm(),
            () if of_one < 0.95 => page,
            () => Tongue::En,
        }
    }

    pub(super) fn mend(&mut self, day: usize) {
        (self.holds, self.unanswered) = (Holds::Mended, None);
        self.mended = Some(day);
    }

    /// The page loses its answer when its day has come.
    pub(super) fn live(&mut self, day: usize) {
        if self.breaks == Some(day) && self.holds == Holds::Answer {
            (self.holds, self.unanswered) = (Holds::Nothing, Some(day));
        }
    }
}

/// How demand moves over the year: a bump around a day, over a floor.
fn season(name: &str, day: usize) -> f64 {
    let (peak, width) = match name {
        "winter" => (20.0, 60.0),
        "snow" => (30.0, 35.0),
        "spring" => (100.0, 40.0),
        "summer" => (180.0, 40.0),
        "autumn" => (250.0, 40.0),
        "election" => (235.0, 25.0),
        "flu" => (290.0, 25.0),
        "dark" => (320.0, 50.0),
        "steady" => return 1.0,
        other => panic!("no season: {other}"),
    };
    let day = f64::from(u32::try_from(day % 365).unwrap());
    let away = (day - peak).abs().min(365.0 - (day - peak).abs());
    0.35 + 1.9 * (-(away / width).powi(2)).exp()
}

/// The share of calls that are logged: it moves between 40 and 90 % over the year.
pub(super) fn logging_rate(day: usize) -> f64 {
    let weeks = f64::from(u32::try_from(day).unwrap()) / 7.0;
    0.65 + 0.25 * (weeks * std::f64::consts::TAU / 23.0).sin()
}

/// The world that a seed makes.
pub(super) fn world(seed: u64, (days, n_needs): (usize, usize)) -> Vec<Known> {
    let all = needs();
    let skip = all.len() - n_needs.min(all.len());
    let known = all.into_iter().skip(skip).enumerate();
    known.map(|(at, need)| Known::of(need, (seed, at, days))).collect()
}
