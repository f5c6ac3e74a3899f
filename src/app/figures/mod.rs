//! The organisation's numbers over whole weeks, and what its mends have led to.

mod calls;
mod effects;
mod kept;
mod norms;
mod share;

use std::cmp::Reverse;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::App;
use crate::id::TopicNumber;
use crate::inquiry::{Channel, Columns, Quality, WeekSums};
use crate::topic::{Topic, TopicRow};
use crate::view::ViewError;
use crate::week::Week;

pub use calls::{CallsError, CallsTaken};
pub use effects::{AsOf, MendEffect};
pub(super) use kept::Kept;
use kept::WeeksTold;
pub use norms::NormShare;
pub(super) use norms::Norms;
pub use share::Share;

/// So many weeks are shown when no year is asked for.
pub const FIGURES_WEEKS: i64 = 13;
/// A week is measured against the mean of so many before it.
pub const WEEKS_BEFORE: i64 = 4;
/// So long a page waits for texts to be counted by their norm; what is left is told.
const NORMS_PATIENCE: Duration = Duration::from_millis(40);
/// So many topics are shown.
const TOPICS_MAX: usize = 10;

/// Which numbers are asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct FiguresOf {
    /// An ISO year; the last weeks when none is said.
    pub year: Option<i16>,
    /// Whether topics without a name of their own are named by a caller's words. Mail and those
    /// who may only read get single words of them.
    pub quotes: bool,
}

/// The organisation's numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// The years that anything was logged in, newest first.
    pub years: Vec<i16>,
    /// Whole weeks only, oldest first.
    pub weeks: Vec<WeekFigures>,
    /// The mean of the contacts in the weeks before the last one; none when fewer are known.
    pub mean_before: Option<f64>,
    /// What is asked most, most asked first: in the year, or in the last week.
    pub topics: Vec<TopTopic>,
    /// What each mend has led to, newest first.
    pub effects: Vec<MendEffect>,
    /// How much of the websites' text is in which norm.
    pub norms: Vec<NormShare>,
    /// What an inquiry takes, as the organisation says.
    pub minutes_each: Option<u16>,
}

/// The numbers of one week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekFigures {
    /// The week.
    pub week: Week,
    /// Contacts by channel, in the order that forms show; signals are no contacts.
    pub channels: Vec<(Channel, u32)>,
    /// How many the website answered, of those that tell.
    pub answered: Share,
    /// How much they tell.
    pub quality: Quality,
    /// Of the calls that the switchboard has counted, how many were logged; none without totals.
    pub logged: Option<Share>,
}

/// A topic among the most asked.
#[derive(Clone, Debug, PartialEq)]
pub struct TopTopic {
    /// Its number.
    pub number: TopicNumber,
    /// Its name.
    pub name: String,
    /// Contacts.
    pub contacts: u32,
    /// Their mean over the weeks before; none in a year, and when fewer weeks are known.
    pub mean_before: Option<f64>,
}

impl WeekFigures {
    fn of(week: Week, sums: &WeekSums, logged: Option<Share>) -> Self {
        let channels = Channel::ALL.into_iter().filter(|it| it.is_contact());
        Self {
            week,
            channels: channels.map(|it| (it, sums.by(it))).collect(),
            answered: Share::answered(sums),
            quality: sums.quality(),
            logged,
        }
    }

    /// Contacts with words, or that repeat others', of all; the rest was only counted.
    pub fn told(&self) -> Share {
        let all = self.contacts();
        Share { had: all.saturating_sub(self.quality.only_counted), all }
    }

    /// All contacts.
    pub fn contacts(&self) -> u32 {
        self.channels.iter().map(|it| it.1).sum()
    }
}

/// The weeks that are looked at; `last` is whole.
struct Span {
    first: Week,
    last: Week,
    /// The first week that anything was logged in.
    begun: Week,
}

impl Span {
    fn of(columns: &Columns, year: Option<i16>, whole: Week) -> Option<Self> {
        let begun = columns.weeks().next()?.0;
        let (first, last) = match year {
            None => (whole.plus(1 - FIGURES_WEEKS), whole),
            Some(year) => year_of(year, whole)?,
        };
        let first = first.max(begun);
        (first <= last).then_some(Self { first, last, begun })
    }

    fn weeks(&self) -> impl Iterator<Item = Week> {
        let (first, n) = (self.first, self.last.since(self.first));
        (0..=n).map(move |at| first.plus(at))
    }

    /// The weeks before the last one, when all of them are known.
    fn before(&self) -> Option<RangeInclusive<Week>> {
        let from = self.last.plus(-WEEKS_BEFORE);
        (self.begun <= from).then(|| from..=self.last.plus(-1))
    }
}

/// The first and the last whole week of an ISO year.
fn year_of(year: i16, whole: Week) -> Option<(Week, Week)> {
    let first: Week = format!("{year:04}-W01").parse().ok()?;
    let next: Week = format!("{:04}-W01", year.checked_add(1)?).parse().ok()?;
    Some((first, next.plus(-1).min(whole)))
}

impl App {
    /// The numbers of the last whole weeks, or of a year. Blocks.
    ///
    /// # Errors
    /// When the words of a topic cannot be read.
    pub fn figures(&self, of: FiguresOf) -> Result<Figures, ViewError> {
        let whole = self.week().plus(-1);
        let as_of = AsOf { last: whole, at: self.now() };
        let mut figures = Figures {
            years: self.years(),
            weeks: vec![],
            mean_before: None,
            topics: vec![],
            effects: self.effects(as_of, of.quotes)?,
            norms: self.norm_shares(NORMS_PATIENCE),
            minutes_each: self.state.settings().minutes_each,
        };
        let rates = self.logging_rates(whole);
        let counts = {
            let columns = self.state.inquiries.columns();
            let Some(span) = Span::of(&columns, of.year, whole) else { return Ok(figures) };
            let none = WeekSums::default();
            let sums = |week| columns.in_week(week).unwrap_or(&none);
            let week = |it| WeekFigures::of(it, sums(it), rates.get(&it).copied());
            figures.weeks = span.weeks().map(week).collect();
            let before = span.before();
            let contacts = |weeks: RangeInclusive<Week>| {
                let within = columns.weeks().filter(|it| weeks.contains(&it.0));
                within.map(|it| it.1.contacts()).sum()
            };
            figures.mean_before = before.clone().map(contacts).map(mean);
            match of.year {
                Some(_) => self.by_topic(&columns, &(span.first..=span.last), None),
                None => self.by_topic(&columns, &(span.last..=span.last), before.as_ref()),
            }
        };
        let has_before = of.year.is_none() && figures.mean_before.is_some();
        figures.topics = self.most_asked(counts, has_before, of.quotes)?;
        Ok(figures)
    }

    /// The years that anything was logged in, newest first.
    fn years(&self) -> Vec<i16> {
        let whole = self.week().plus(-1);
        let columns = self.state.inquiries.columns();
        let weeks = columns.weeks().rev().map(|it| it.0).filter(|it| *it <= whole);
        let mut years: Vec<i16> = weeks.map(Week::year).collect();
        years.dedup();
        years
    }

    /// Contacts under each topic in some weeks, and in those before, by number. Numbers are given
    /// in turn, so that a place for each takes less than looking each of them up.
    fn by_topic(
        &self,
        columns: &Columns,
        weeks: &RangeInclusive<Week>,
        before: Option<&RangeInclusive<Week>>,
    ) -> Vec<(u32, u32)> {
        let n = self.next_number().0;
        let mut counts = vec![(0, 0); usize::try_from(n).unwrap_or(0)];
        for (week, sums) in columns.weeks() {
            let is_now = weeks.contains(&week);
            if !is_now && !before.is_some_and(|it| it.contains(&week)) {
                continue;
            }
            for (topic, n) in sums.topics() {
                let count = place(topic).and_then(|it| counts.get_mut(it));
                let Some((now, before)) = count else { continue };
                *(if is_now { now } else { before }) += n;
            }
        }
        counts
    }

    fn most_asked(
        &self,
        mut counts: Vec<(u32, u32)>,
        has_before: bool,
        quotes: bool,
    ) -> Result<Vec<TopTopic>, ViewError> {
        for part in self.state.merged() {
            let part_count = place(part).and_then(|it| counts.get_mut(it)).map(std::mem::take);
            let whole = self.resolve(part).and_then(place).and_then(|it| counts.get_mut(it));
            if let Some((count, whole)) = part_count.zip(whole) {
                *whole = (whole.0 + count.0, whole.1 + count.1);
            }
        }
        let mut most: Vec<_> = (0..).map(TopicNumber).zip(counts).filter(|it| 0 < it.1.0).collect();
        most.sort_unstable_by_key(|(number, count)| (Reverse(count.0), *number));
        let mut topics = vec![];
        for (number, (contacts, before)) in most {
            if topics.len() == TOPICS_MAX {
                break;
            }
            let Some(row) = self.state.topics.get(Topic::entity(number)) else { continue };
            let name = self.shown_name(&row.row, quotes)?;
            let mean_before = has_before.then(|| mean(before));
            topics.push(TopTopic { number, name, contacts, mean_before });
        }
        Ok(topics)
    }

    /// The name that a topic goes by, with or without a caller's words.
    fn shown_name(&self, row: &TopicRow, quotes: bool) -> Result<String, ViewError> {
        if quotes { self.name_of(row) } else { Ok(self.told_name(row)) }
    }
}

fn place(topic: TopicNumber) -> Option<usize> {
    usize::try_from(topic.0).ok()
}

fn mean(contacts: u32) -> f64 {
    f64::from(contacts) / f64::from(i32::try_from(WEEKS_BEFORE).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(text: &str) -> Week {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(year: i16, expected: (&str, &str)) {
        let (first, last) = year_of(year, week("2027-W04")).unwrap();
        assert_eq!((first, last), (week(expected.0), week(expected.1)));
    }

    #[test]
    fn a_year_has_all_its_weeks_and_this_one_those_that_are_over() {
        check(2026, ("2026-W01", "2026-W53"));
        check(2025, ("2025-W01", "2025-W52"));
        check(2027, ("2027-W01", "2027-W04"));
        assert_eq!(year_of(i16::MAX, week("2027-W04")), None);
    }
}
