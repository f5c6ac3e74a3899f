//! A topic as lists show it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::app::App;
use crate::gap::{Candidate, Judging, Verdict, VerdictRow};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Channel, Line, Norm, Tally};
use crate::journal::Seq;
use crate::people::Person;
use crate::review::{Gap, State};
use crate::rows::Stored;
use crate::topic::{Demand, Scope, TopicRow, Window, demand, holds_until};
use crate::view::ViewError;

/// So many weeks stand in a list's little chart.
const WEEKS_SHOWN: usize = 12;

/// A topic in a list.
#[derive(Clone, Debug)]
pub struct TopicLine {
    /// Its number.
    pub number: TopicNumber,
    /// Its name: an editor's, or a caller's words.
    pub name: String,
    /// The words that tell it from others, as callers write them.
    pub words: Vec<String>,
    /// Its name and these words in small letters, a line each, to be searched.
    pub small: Box<str>,
    /// How many ask, and when.
    pub demand: Demand,
    /// The channels that anybody has asked it by.
    pub channels: Vec<Channel>,
    /// The last judgement.
    pub verdict: Option<Arc<Stored<VerdictRow>>>,
    /// Who can answer.
    pub scope: Scope,
    /// The norm that most of its inquiries are in.
    pub norm: Norm,
    /// Where the work on it stands now.
    pub state: State,
    /// Who has it.
    pub owner: Option<Id<Person>>,
    /// The end of the day that it is to be done by.
    pub due: Option<Timestamp>,
    /// The version of the work, for the next step to expect.
    pub gap_version: u32,
    /// The version of the topic.
    pub version: u32,
}

impl TopicLine {
    /// The topic as the ranking weighs it.
    pub fn candidate(&self) -> Candidate {
        Candidate {
            topic: self.number,
            last_28_days: self.demand.last_28_days,
            inquiries: self.demand.inquiries,
            gap_score: self.verdict.as_ref().map_or(0.5, |it| it.row.judgement.gap_score),
            trend: self.demand.trend,
        }
    }

    /// What the topic was judged to be.
    pub fn verdict(&self) -> Option<Verdict> {
        self.verdict.as_ref().map(|it| it.row.judgement.verdict)
    }

    /// The address of the page that comes nearest.
    pub fn nearest_page(&self) -> Option<&str> {
        let pages = &self.verdict.as_ref()?.row.judgement.evidence.pages;
        pages.first().map(String::as_str)
    }

    /// The host of that page.
    pub fn nearest_host(&self) -> Option<&str> {
        let (_, rest) = self.nearest_page()?.split_once("://")?;
        rest.split(['/', '?', '#']).next()
    }
}

impl App {
    /// The demand of a topic over so many weeks as of now; none when nobody asks it.
    pub(in crate::app) fn demand_of(&self, tallies: &[Tally], weeks: usize) -> Option<Demand> {
        let window = Window {
            now: self.now(),
            week: self.week(),
            weeks,
            candidate_inquiries: self.state.settings().candidate_inquiries,
        };
        demand(tallies.iter().copied(), window)
    }

    /// A topic's line, and the instant that it holds to while nothing is written.
    pub(super) fn topic_line(
        &self,
        stored: &Stored<TopicRow>,
        tallies: &[Tally],
    ) -> Result<(Option<TopicLine>, Timestamp), ViewError> {
        let now = self.now();
        let until = holds_until(tallies.iter().map(|it| it.asked), now);
        let Some(demand) = self.demand_of(tallies, WEEKS_SHOWN) else { return Ok((None, until)) };
        let number = stored.row.number;
        let gap = self.state.gaps.get(Gap::entity(number));
        let state = gap.as_ref().map_or(State::New, |it| it.row.state.seen_at(now));
        let until = match state {
            State::Snoozed { until: end, .. } => until.min(end),
            _ => until,
        };
        let name = self.name_of(&stored.row)?;
        let line = TopicLine {
            number,
            small: small(&name, &stored.row.words),
            name,
            words: stored.row.words.clone(),
            demand,
            channels: channels(tallies),
            verdict: self.state.verdicts.get(Judging::entity(number)),
            scope: stored.row.scope,
            norm: main_norm(tallies),
            state,
            owner: gap.as_ref().and_then(|it| it.row.holder()),
            due: gap.as_ref().and_then(|it| it.row.due),
            gap_version: gap.map_or(0, |it| it.version),
            version: stored.version,
        };
        Ok((Some(line), until))
    }

    /// A topic's name: an editor's, or the words of its most central inquiry.
    pub fn name_of(&self, row: &TopicRow) -> Result<String, ViewError> {
        if let Some(name) = &row.name {
            return Ok(name.clone());
        }
        let words = self.state.inquiries.get(row.exemplar)?;
        let words = words.filter(|it| !it.row.removed).and_then(|it| it.row.facts.text);
        Ok(words.map_or_else(|| row.number.to_string(), |it| it.as_str().to_owned()))
    }

    /// The topic that a number leads to: itself, or what it was merged into.
    pub fn resolve(&self, number: TopicNumber) -> Option<TopicNumber> {
        self.state.resolve(number)
    }

    /// The next topic number that was never used.
    pub fn next_number(&self) -> TopicNumber {
        self.state.next_number()
    }

    /// The numbers whose inquiries are a topic's: its own, and those merged into it.
    pub fn parts(&self, number: TopicNumber) -> Vec<TopicNumber> {
        self.state.parts(number)
    }

    /// The live inquiries under a topic, in order of logging.
    pub fn lines_of(&self, number: TopicNumber) -> Vec<Line> {
        let (parts, columns) = (self.parts(number), self.state.inquiries.columns());
        let lines = parts.iter().flat_map(|part| columns.of_topic(*part));
        let mut lines: Vec<Line> = lines.cloned().collect();
        lines.sort_unstable_by_key(|line| line.seq);
        lines
    }

    /// What counts under a topic, in order of logging within each of its parts.
    pub fn tallies_of(&self, number: TopicNumber) -> Vec<Tally> {
        let (parts, columns) = (self.parts(number), self.state.inquiries.columns());
        parts.iter().flat_map(|part| columns.tallies(Some(*part))).map(|it| it.1).collect()
    }

    /// The last logged inquiries with words under a topic, the newest first; `n` at most.
    pub fn newest_of(&self, number: TopicNumber, n: usize) -> Vec<Line> {
        let (parts, columns) = (self.parts(number), self.state.inquiries.columns());
        let of_part = |part: &TopicNumber| {
            let with_words = columns.tallies(Some(*part)).rev().filter(|it| it.1.has_text);
            with_words.take(n).map(|it| it.0).collect::<Vec<Seq>>()
        };
        let mut newest: Vec<Seq> = parts.iter().flat_map(of_part).collect();
        newest.sort_unstable_by_key(|it| std::cmp::Reverse(*it));
        newest.into_iter().take(n).filter_map(|it| columns.line(it).cloned()).collect()
    }
}

fn small(name: &str, words: &[String]) -> Box<str> {
    let mut small = name.to_lowercase();
    for word in words {
        small.push('\n');
        small.push_str(&word.to_lowercase());
    }
    small.into()
}

fn channels(tallies: &[Tally]) -> Vec<Channel> {
    let by = |it: &Channel| tallies.iter().any(|tally| tally.channel == *it);
    Channel::ALL.into_iter().filter(by).collect()
}

/// The norm of most inquiries; unsure ones have no say.
fn main_norm(tallies: &[Tally]) -> Norm {
    let count = |norm: Norm| tallies.iter().filter(|it| it.norm == norm).count();
    let told = Norm::ALL.into_iter().filter(|it| *it != Norm::Unsure);
    let most = told.map(|it| (count(it), it)).filter(|it| 0 < it.0);
    most.max_by_key(|it| (it.0, std::cmp::Reverse(it.1))).map_or(Norm::Unsure, |it| it.1)
}
