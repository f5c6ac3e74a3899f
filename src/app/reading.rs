//! What the screens of topics and gaps show, read from the tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::App;
use super::PageHealth;
use crate::gap::{Candidate, Judging, Nearest, Verdict, VerdictRow, pareto, rank};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Channel, Inquiry, Line, Norm, OutcomeName};
use crate::people::Person;
use crate::review::{Gap, GapRow, State, StateName};
use crate::rows::Stored;
use crate::topic::{Demand, Scope, Topic, TopicRow, Window, demand};
use crate::view::ViewError;

/// So many weeks stand in a list's little chart.
const WEEKS_SHOWN: usize = 12;
/// So many weeks stand in a topic's chart.
const WEEKS_SHOWN_DETAIL: usize = 26;
/// So large a share of the unanswered contacts is said to lie with the first gaps.
const PARETO_SHARE: f64 = 0.8;

/// Which gaps to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct GapFilter {
    /// Only those in this state; open ones when not said.
    pub state: Option<StateName>,
    /// Only those of this kind.
    pub verdict: Option<Verdict>,
    /// Whether to list every state.
    pub all: bool,
}

/// A topic in a list.
#[derive(Clone, Debug)]
pub struct TopicLine {
    /// Its number.
    pub number: TopicNumber,
    /// Its name: an editor's, or a caller's words.
    pub name: String,
    /// The words that tell it from others, as callers write them.
    pub words: Vec<String>,
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
    /// The version of the work, for the next step to expect.
    pub gap_version: u32,
    /// The version of the topic.
    pub version: u32,
}

/// A gap in its place in the list.
#[derive(Clone, Debug)]
pub struct GapLine {
    /// The topic.
    pub topic: TopicLine,
    /// Its weight in the ranking.
    pub weight: f64,
    /// The two commonest other wordings.
    pub wordings: Vec<String>,
    /// The title of the nearest page.
    pub nearest_title: Option<String>,
    /// Who works on it, by name.
    pub owner: Option<String>,
}

/// The list of gaps.
#[derive(Clone, Debug)]
pub struct GapList {
    /// The gaps, most wanted first.
    pub gaps: Vec<GapLine>,
    /// The first so many ...
    pub pareto_gaps: usize,
    /// ... are so many of the contacts of the last 28 days, in whole per cent.
    pub pareto_percent: u32,
    /// Contacts of the last 28 days under all gaps listed.
    pub contacts: u32,
    /// How many inquiries are logged in all.
    pub inquiries: usize,
}

/// An inquiry with its words.
#[derive(Clone, Debug)]
pub struct WordsOf {
    /// Its id.
    pub id: Id<Inquiry>,
    /// Its words.
    pub text: String,
    /// When it was asked.
    pub asked: Timestamp,
    /// How it came.
    pub channel: Channel,
    /// Where it was logged.
    pub desk: String,
    /// What happened with it.
    pub outcome: OutcomeName,
    /// What was answered.
    pub note: Option<String>,
    /// The norm.
    pub norm: Norm,
}

/// All that the screen of one gap shows.
#[derive(Clone, Debug)]
pub struct GapDetail {
    /// The topic, with the weeks of half a year.
    pub topic: TopicLine,
    /// Its inquiries with words, newest first.
    pub words: Vec<WordsOf>,
    /// Contacts by outcome.
    pub outcomes: BTreeMap<OutcomeName, u32>,
    /// Contacts by channel.
    pub channels: BTreeMap<Channel, u32>,
    /// Contacts by desk.
    pub desks: BTreeMap<String, u32>,
    /// The passages that come nearest, and how their pages fare.
    pub passages: Vec<(NearPassage, PageHealth)>,
    /// The work on it.
    pub gap: Option<Arc<Stored<GapRow>>>,
    /// Who works on it, by name.
    pub owner: Option<String>,
}

/// A passage that comes near an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearPassage {
    /// The page's address, with the passage's anchor.
    pub address: String,
    /// The page's title.
    pub title: String,
    /// The passage's heading.
    pub heading: String,
    /// Its text.
    pub text: String,
    /// Its norm.
    pub norm: Norm,
}

impl App {
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
        let rows = self.state.topics.all();
        let may_be = |it: &&TopicRow| it.number == number || it.merged_into.is_some();
        let rows = rows.iter().map(|it| &it.row).filter(may_be);
        rows.map(|it| it.number).filter(|it| self.resolve(*it) == Some(number)).collect()
    }

    /// The live inquiries under a topic, in order of logging.
    pub fn lines_of(&self, number: TopicNumber) -> Vec<Line> {
        let (parts, columns) = (self.parts(number), self.state.inquiries.columns());
        let lines = parts.iter().flat_map(|part| columns.of_topic(*part));
        let mut lines: Vec<Line> = lines.cloned().collect();
        lines.sort_unstable_by_key(|line| line.seq);
        lines
    }

    /// All topics that anybody asks, by number.
    pub fn topics(&self) -> Result<Vec<TopicLine>, ViewError> {
        let mut parts: BTreeMap<TopicNumber, Vec<TopicNumber>> = BTreeMap::new();
        let rows = self.state.topics.all();
        for row in &rows {
            if let Some(whole) = self.resolve(row.row.number) {
                parts.entry(whole).or_default().push(row.row.number);
            }
        }
        let mut topics = vec![];
        for stored in rows.iter().filter(|it| self.resolve(it.row.number) == Some(it.row.number)) {
            let lines: Vec<Line> = {
                let columns = self.state.inquiries.columns();
                let parts = parts.get(&stored.row.number).into_iter().flatten();
                parts.flat_map(|part| columns.of_topic(*part)).cloned().collect()
            };
            topics.extend(self.topic_line(stored, &lines, WEEKS_SHOWN)?);
        }
        topics.sort_by_key(|it| it.number);
        Ok(topics)
    }

    /// One topic; none when nobody asks it.
    pub fn topic(&self, number: TopicNumber) -> Result<Option<TopicLine>, ViewError> {
        let Some(stored) = self.state.topics.get(Topic::entity(number)) else { return Ok(None) };
        self.topic_line(&stored, &self.lines_of(number), WEEKS_SHOWN_DETAIL)
    }

    fn topic_line(
        &self,
        stored: &Stored<TopicRow>,
        lines: &[Line],
        weeks: usize,
    ) -> Result<Option<TopicLine>, ViewError> {
        let window = Window {
            now: self.now(),
            week: self.week(),
            weeks,
            candidate_inquiries: self.state.settings().candidate_inquiries,
        };
        let Some(demand) = demand(lines.iter(), window) else { return Ok(None) };
        let number = stored.row.number;
        let gap = self.state.gaps.get(Gap::entity(number));
        Ok(Some(TopicLine {
            number,
            name: self.name_of(&stored.row)?,
            demand,
            channels: channels(lines),
            verdict: self.state.verdicts.get(Judging::entity(number)),
            words: stored.row.words.clone(),
            scope: stored.row.scope,
            norm: main_norm(lines),
            state: gap.as_ref().map_or(State::New, |it| it.row.state.seen_at(self.now())),
            gap_version: gap.map_or(0, |it| it.version),
            version: stored.version,
        }))
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

    /// The gaps, most wanted first.
    pub fn gaps(&self, filter: GapFilter) -> Result<GapList, ViewError> {
        let topics = self.topics()?;
        let listed: BTreeMap<TopicNumber, TopicLine> = topics
            .into_iter()
            .filter(|topic| self.is_listed(topic, filter))
            .map(|topic| (topic.number, topic))
            .collect();
        let candidates: Vec<Candidate> = listed.values().map(TopicLine::candidate).collect();
        let mut gaps = vec![];
        for ranked in rank(&candidates) {
            if let Some(topic) = listed.get(&ranked.topic) {
                gaps.push(self.gap_line(topic.clone(), ranked.weight)?);
            }
        }
        let counts: Vec<u32> = gaps.iter().map(|it| it.topic.demand.last_28_days).collect();
        let pareto_gaps = pareto(&counts, PARETO_SHARE);
        let contacts: u32 = counts.iter().sum();
        let mut sorted = counts;
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        let first: u32 = sorted.iter().take(pareto_gaps).sum();
        Ok(GapList {
            gaps,
            pareto_gaps,
            pareto_percent: (first * 100).checked_div(contacts).unwrap_or(0),
            contacts,
            inquiries: self.state.inquiries.columns().len(),
        })
    }

    fn is_listed(&self, topic: &TopicLine, filter: GapFilter) -> bool {
        let verdict = topic.verdict.as_ref().map(|it| it.row.judgement.verdict);
        let needs_an_editor = verdict.is_some_and(Verdict::needs_an_editor);
        let touched = topic.state != State::New;
        let threshold = self.state.settings().candidate_inquiries;
        let wanted = threshold <= topic.demand.within_30_days_max;
        let is_gap = topic.scope == Scope::General && (touched || (needs_an_editor && wanted));
        let name = topic.state.name();
        let in_state = match filter.state {
            Some(state) => state == name,
            None => filter.all || name.is_open(),
        };
        is_gap && in_state && filter.verdict.is_none_or(|it| verdict == Some(it))
    }

    fn gap_line(&self, topic: TopicLine, weight: f64) -> Result<GapLine, ViewError> {
        const WORDINGS: usize = 2;
        let mut wordings: Vec<(String, u32, u64)> = vec![];
        for line in self.lines_of(topic.number).iter().filter(|it| it.has_text) {
            let Some(text) = self.state.inquiries.words(line.seq)? else { continue };
            if text.to_lowercase() == topic.name.to_lowercase() {
                continue;
            }
            match wordings.iter_mut().find(|it| it.0.to_lowercase() == text.to_lowercase()) {
                Some(known) => known.1 += 1,
                None => wordings.push((text, 1, line.seq)),
            }
        }
        wordings.sort_by_key(|it| (std::cmp::Reverse((it.1, it.2)),));
        let nearest =
            topic.verdict.as_ref().and_then(|it| it.row.judgement.evidence.pages.first().cloned());
        Ok(GapLine {
            weight,
            wordings: wordings.into_iter().take(WORDINGS).map(|it| it.0).collect(),
            nearest_title: nearest.and_then(|it| self.page_title(&it)),
            owner: self.owner_of(&topic.state),
            topic,
        })
    }

    /// All that the screen of one gap shows; none when nobody asks that.
    pub fn gap(&self, number: TopicNumber) -> Result<Option<GapDetail>, ViewError> {
        let Some(number) = self.resolve(number) else { return Ok(None) };
        let Some(topic) = self.topic(number)? else { return Ok(None) };
        let lines = self.lines_of(number);
        let mut detail = GapDetail {
            words: vec![],
            outcomes: BTreeMap::new(),
            channels: BTreeMap::new(),
            desks: BTreeMap::new(),
            passages: self.near_passages(&topic),
            gap: self.state.gaps.get(Gap::entity(number)),
            owner: self.owner_of(&topic.state),
            topic,
        };
        for line in lines.iter().rev() {
            *detail.outcomes.entry(line.outcome).or_default() += line.contacts();
            *detail.channels.entry(line.channel).or_default() += line.count;
            *detail.desks.entry(line.desk.to_string()).or_default() += line.contacts();
            detail.words.extend(self.words_of(line)?);
        }
        // Signals have no desk and no outcome.
        detail.outcomes.retain(|_, n| 0 < *n);
        detail.desks.retain(|_, n| 0 < *n);
        Ok(Some(detail))
    }

    /// An inquiry with its words; none when it has none.
    pub fn words_of(&self, line: &Line) -> Result<Option<WordsOf>, ViewError> {
        let Some(stored) = self.state.inquiries.at(line.seq)? else { return Ok(None) };
        let facts = stored.row.facts;
        Ok(facts.text.map(|text| WordsOf {
            id: line.id,
            text: text.as_str().to_owned(),
            asked: facts.asked,
            channel: facts.channel,
            desk: facts.desk,
            outcome: facts.outcome.name(),
            note: facts.note.map(|it| it.as_str().to_owned()),
            norm: facts.norm,
        }))
    }

    fn near_passages(&self, topic: &TopicLine) -> Vec<(NearPassage, PageHealth)> {
        const SHOWN: usize = 3;
        let nearest = topic.verdict.iter().flat_map(|it| &it.row.judgement.evidence.nearest);
        let read = |it: &Nearest| {
            Some((self.passage(&it.address, it.passage)?, self.page_health(&it.address)))
        };
        nearest.take(SHOWN).filter_map(read).collect()
    }

    /// The name of whoever works on a gap.
    pub fn owner_of(&self, state: &State) -> Option<String> {
        let State::Taken { owner, .. } = state else { return None };
        self.person_name(*owner)
    }

    /// A person's name.
    pub fn person_name(&self, id: Id<Person>) -> Option<String> {
        self.state.people.get(id.uuid()).map(|it| it.row.name.clone())
    }
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
}

fn channels(lines: &[Line]) -> Vec<Channel> {
    let by = |it: &Channel| lines.iter().any(|line| line.channel == *it);
    Channel::ALL.into_iter().filter(by).collect()
}

/// The norm of most inquiries; unsure ones have no say.
fn main_norm(lines: &[Line]) -> Norm {
    let mut counts: BTreeMap<Norm, u32> = BTreeMap::new();
    for line in lines.iter().filter(|it| it.norm != Norm::Unsure) {
        *counts.entry(line.norm).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|it| (it.1, std::cmp::Reverse(it.0)));
    most.map_or(Norm::Unsure, |it| it.0)
}
