//! One gap with all that its screen shows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::trend::{GapTrend, WEEKS_SHOWN};
use crate::app::board::TopicLine;
use crate::app::{App, PageHealth};
use crate::gap::Nearest;
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Channel, DeskCode, Inquiry, Line, Norm, OutcomeName};
use crate::page::Page;
use crate::people::Person;
use crate::review::{Gap, GapRow};
use crate::rows::Stored;
use crate::view::ViewError;

/// So many inquiries are read with their words: of a topic that is asked all day, the last ones
/// tell what is asked.
const WORDS_MAX: usize = 300;

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
    /// Its newest inquiries with words, newest first.
    pub words: Vec<WordsOf>,
    /// How many inquiries with words there are in all.
    pub n_words: usize,
    /// Its weeks.
    pub trend: GapTrend,
    /// The texts of the pages that come nearest.
    pub texts: Vec<String>,
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
    /// One topic with the weeks of half a year; none when nobody asks it.
    ///
    /// # Errors
    /// When the view with the names of topics cannot be read.
    pub fn topic(&self, number: TopicNumber) -> Result<Option<TopicLine>, ViewError> {
        let board = self.board()?;
        let Some(line) = board.get(number) else { return Ok(None) };
        let demand = self.demand_of(&self.tallies_of(number), WEEKS_SHOWN);
        Ok(demand.map(|demand| TopicLine { demand, ..TopicLine::clone(line) }))
    }

    /// All that the screen of one gap shows; none when nobody asks that.
    pub fn gap(&self, number: TopicNumber) -> Result<Option<GapDetail>, ViewError> {
        let Some(number) = self.resolve(number) else { return Ok(None) };
        let Some(topic) = self.topic(number)? else { return Ok(None) };
        let tallies = self.tallies_of(number);
        let (passages, gap) =
            (self.near_passages(&topic), self.state.gaps.get(Gap::entity(number)));
        let mut detail = GapDetail {
            words: vec![],
            n_words: tallies.iter().filter(|it| it.has_text).count(),
            trend: self.trend_of(&tallies, gap.as_ref().map(|it| &it.row), &passages),
            texts: self.near_texts(&passages),
            outcomes: BTreeMap::new(),
            channels: BTreeMap::new(),
            desks: BTreeMap::new(),
            passages,
            gap,
            owner: topic.owner.and_then(|it| self.person_name(it)),
            topic,
        };
        let mut desks: BTreeMap<DeskCode, u32> = BTreeMap::new();
        for tally in &tallies {
            *detail.outcomes.entry(tally.outcome).or_default() += tally.contacts();
            *detail.channels.entry(tally.channel).or_default() += tally.count;
            *desks.entry(tally.desk).or_default() += tally.contacts();
        }
        for line in self.newest_of(number, WORDS_MAX) {
            detail.words.extend(self.words_of(&line)?);
        }
        detail.desks = self.named(desks);
        // Signals have no desk and no outcome.
        detail.outcomes.retain(|_, n| 0 < *n);
        detail.desks.retain(|_, n| 0 < *n);
        Ok(Some(detail))
    }

    fn named(&self, desks: BTreeMap<DeskCode, u32>) -> BTreeMap<String, u32> {
        let columns = self.state.inquiries.columns();
        let named = |(code, n)| Some((columns.desk_name(code)?.to_string(), n));
        desks.into_iter().filter_map(named).collect()
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

    /// The texts of the pages that come nearest, each once.
    fn near_texts(&self, passages: &[(NearPassage, PageHealth)]) -> Vec<String> {
        let page = |it: &NearPassage| it.address.split('#').next().unwrap_or_default().to_owned();
        let pages: BTreeSet<String> = passages.iter().map(|it| page(&it.0)).collect();
        let read = |address: String| {
            let row = self.state.pages.get(Page::entity(&address))?;
            let body = self.bodies.get(&row.row.facts.body).ok()?;
            let texts = body.passages.iter().map(|it| format!("{}\n{}", it.heading, it.text));
            Some(texts.collect::<Vec<_>>().join("\n"))
        };
        pages.into_iter().filter_map(read).collect()
    }

    /// Those who can have a gap, by name.
    pub fn editors(&self) -> Vec<(Id<Person>, String)> {
        let people = self.state.people.read();
        let may = people.iter().filter(|it| !it.row.disabled && it.row.role.may_decide());
        let mut editors: Vec<_> =
            may.map(|it| (Id::from_uuid(it.id), it.row.name.clone())).collect();
        editors.sort_by(|a, b| a.1.cmp(&b.1));
        editors
    }

    /// A person's name, or that of the machine that acted in their place.
    pub fn person_name(&self, id: Id<Person>) -> Option<String> {
        let person = self.state.people.get(id.uuid()).map(|it| it.row.name.clone());
        person.or_else(|| self.state.tokens.get(id.uuid()).map(|it| it.row.grant.name.clone()))
    }
}
