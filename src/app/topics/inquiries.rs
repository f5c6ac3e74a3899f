//! All inquiries: found by their words and by what is known of them, and put in their place many
//! at a time.

use std::collections::HashSet;

use jiff::Timestamp;
use skranke_index::IndexError;

use crate::app::{App, DecisionError, Noted};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{
    Brief, Channel, DeskCode, Inquiry, InquiryEvent, Line, Norm, OutcomeName, Standing, TakenOut,
};
use crate::journal::{Batch, Expect, Seq};
use crate::people::By;
use crate::record::encode;
use crate::topic::Run;
use crate::view::ViewError;

/// So many inquiries are looked at by their words, the most alike; the page says when there may be
/// more.
const ALIKE_MAX: usize = 500;
/// A text is found when it has so large a share of what is looked for, rare words counting more.
const COVERAGE_MIN: f32 = 0.5;
/// So many inquiries can be put in their place at once.
pub const CHOSEN_MAX: usize = 500;
/// So often a step is tried anew when something was written meanwhile.
const TRIES_MAX: u32 = 5;

/// The topic that inquiries are under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Under {
    /// Any or none.
    #[default]
    Any,
    /// None.
    None,
    /// This one, or what was merged into it.
    Topic(TopicNumber),
}

/// Which inquiries are wanted.
#[derive(Clone, Debug, Default)]
pub struct InquiryFilter {
    /// Words that they have; empty for any.
    pub text: String,
    /// How they came.
    pub channel: Option<Channel>,
    /// What happened with them.
    pub outcome: Option<OutcomeName>,
    /// The norm of their text.
    pub norm: Option<Norm>,
    /// Asked at this time or later.
    pub since: Option<Timestamp>,
    /// Where they were logged.
    pub desk: Option<String>,
    /// The host of the page that comes nearest to an answer of their topic.
    pub host: Option<String>,
    /// The topic that they are under.
    pub under: Under,
    /// Those that an editor has taken out, and not those that count.
    pub is_out: bool,
    /// Logged before this place in the journal.
    pub before: Option<Seq>,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct InquiryList {
    /// A page of them: most alike first when words were looked for, else the newest first.
    pub lines: Vec<Line>,
    /// How many there are.
    pub total: usize,
    /// Whether there may be more that are less alike.
    pub is_cut: bool,
    /// Whether words cannot be looked for now.
    pub is_down: bool,
}

/// A filter as it is asked of one brief after the other.
struct Fits<'a> {
    filter: &'a InquiryFilter,
    standing: Standing,
    desk: Option<DeskCode>,
    /// The numbers of the topics that are wanted, those merged into them too; any when none.
    topics: Option<HashSet<TopicNumber>>,
}

impl Fits<'_> {
    /// The one topic with its parts, or none, under which all lie that can fit: far fewer to look
    /// at than all.
    fn few(&self) -> Option<Vec<Option<TopicNumber>>> {
        if self.standing != Standing::Live {
            return None;
        }
        match (self.filter.under, &self.filter.host, &self.topics) {
            (Under::None, _, _) => Some(vec![None]),
            (Under::Topic(_), None, Some(topics)) => {
                Some(topics.iter().map(|it| Some(*it)).collect())
            }
            (Under::Any | Under::Topic(_), _, _) => None,
        }
    }

    fn fits(&self, brief: &Brief) -> bool {
        let filter = self.filter;
        brief.has_text
            && brief.standing == self.standing
            && filter.channel.is_none_or(|it| brief.channel == it)
            && filter.outcome.is_none_or(|it| brief.outcome == it)
            && filter.norm.is_none_or(|it| brief.norm == it)
            && filter.since.is_none_or(|it| brief.is_since(it))
            && filter.before.is_none_or(|it| brief.seq < it)
            && (filter.under != Under::None || brief.topic.is_none())
            && self.desk.is_none_or(|it| brief.desk == it)
            && self
                .topics
                .as_ref()
                .is_none_or(|it| brief.topic.is_some_and(|own| it.contains(&own)))
    }
}

impl App {
    /// The inquiries with words that a filter lets through: `n` of them after the first `skip`.
    /// Blocks. Words are looked for in the index; without words only columns are read.
    ///
    /// # Errors
    /// When the view cannot be read. An index that fails is told in the log and finds nothing.
    pub fn find_inquiries(
        &self,
        filter: &InquiryFilter,
        place: (usize, usize),
    ) -> Result<InquiryList, ViewError> {
        let is_wordless = filter.text.trim().is_empty();
        let mut list = InquiryList::default();
        let Some(fits) = self.fits(filter)? else { return Ok(list) };
        let found;
        (found, list.total) = if is_wordless {
            self.walked(&fits, place)
        } else {
            let found = match filter.is_out {
                true => self.taken_out(&fits)?,
                false => self.alike(&fits, &mut list)?,
            };
            let total = found.len();
            (found.into_iter().skip(place.0).take(place.1).collect(), total)
        };
        let columns = self.state.inquiries.columns();
        list.lines = found.into_iter().filter_map(|it| columns.line(it).cloned()).collect();
        Ok(list)
    }

    /// A filter made ready; none when nothing can fit.
    fn fits<'a>(&self, filter: &'a InquiryFilter) -> Result<Option<Fits<'a>>, ViewError> {
        let desk = match &filter.desk {
            Some(name) => match self.state.inquiries.columns().desk_code(name) {
                Some(code) => Some(code),
                None => return Ok(None),
            },
            None => None,
        };
        let topics = match (&filter.host, filter.under) {
            (None, Under::Any | Under::None) => None,
            (None, Under::Topic(topic)) => Some(self.parts(topic).into_iter().collect()),
            (Some(host), under) => {
                let board = self.board()?;
                let near = board.lines().filter(|it| it.nearest_host() == Some(host));
                let near = near.map(|it| it.number);
                let wanted = near.filter(|it| match under {
                    Under::Topic(topic) => *it == topic,
                    Under::Any | Under::None => true,
                });
                Some(wanted.flat_map(|it| self.parts(it)).collect())
            }
        };
        let standing = if filter.is_out { Standing::TakenOut } else { Standing::Live };
        Ok(Some(Fits { filter, standing, desk, topics }))
    }

    /// A page of those that a filter without words lets through, the newest first, and how many
    /// there are.
    fn walked(&self, fits: &Fits<'_>, (skip, n): (usize, usize)) -> (Vec<Seq>, usize) {
        let columns = self.state.inquiries.columns();
        let (mut found, mut total) = (vec![], 0);
        let look_at = |brief: &Brief| {
            if !fits.fits(brief) {
                return;
            }
            if skip <= total && found.len() < n {
                found.push(brief.seq);
            }
            total += 1;
        };
        match fits.few() {
            None => columns.briefs().iter().rev().for_each(look_at),
            Some(topics) => {
                let under = topics.iter().flat_map(|it| columns.briefs_under(*it));
                let mut briefs: Vec<Brief> = under.collect();
                briefs.sort_by_key(|it| it.seq);
                briefs.iter().rev().for_each(look_at);
            }
        }
        (found, total)
    }

    /// Those that have the words, the most alike first.
    fn alike(&self, fits: &Fits<'_>, list: &mut InquiryList) -> Result<Vec<Seq>, ViewError> {
        self.start_live();
        let hits = self.hits(&fits.filter.text);
        let (reading, hits) = match hits {
            Ok(Some(found)) => found,
            Ok(None) => {
                list.is_down = true;
                return Ok(vec![]);
            }
            Err(error) => {
                tracing::error!(error = format!("{error:?}"), "a search of inquiries failed");
                list.is_down = true;
                return Ok(vec![]);
            }
        };
        list.is_cut = ALIKE_MAX <= hits.len();
        let is_wanted = |seq: &Seq| {
            let columns = self.state.inquiries.columns();
            columns.brief(*seq).is_some_and(|it| fits.fits(it))
        };
        let mut found = vec![];
        for seq in hits.into_iter().filter(is_wanted) {
            let words = self.state.inquiries.words(seq)?;
            if words.is_some_and(|it| COVERAGE_MIN <= reading.coverage(&it)) {
                found.push(seq);
            }
        }
        Ok(found)
    }

    /// Words as the index reads them, and what is like them; none while there is no index.
    fn hits(&self, text: &str) -> Result<Option<(skranke_index::Reading, Vec<Seq>)>, IndexError> {
        let Some(searcher) = self.live.searcher() else { return Ok(None) };
        let reading = searcher.read_by_inquiries(text)?;
        let hits = searcher.inquiries_of(&reading, ALIKE_MAX)?;
        Ok(Some((reading, hits.into_iter().map(|it| it.key).collect())))
    }

    /// Those that were taken out and have the words, the newest first: few, and not in the index.
    fn taken_out(&self, fits: &Fits<'_>) -> Result<Vec<Seq>, ViewError> {
        let wanted = fits.filter.text.trim().to_lowercase();
        let mut with_words = vec![];
        for seq in self.walked(fits, (0, ALIKE_MAX)).0 {
            let text = self.state.inquiries.at(seq)?.and_then(|it| it.row.facts.text);
            if text.is_some_and(|it| it.as_str().to_lowercase().contains(&wanted)) {
                with_words.push(seq);
            }
        }
        Ok(with_words)
    }

    /// Puts inquiries under a topic, or under none, for every later run: all of them or none.
    /// Blocks.
    pub fn place_inquiries(
        &self,
        ids: &[Id<Inquiry>],
        topic: Option<TopicNumber>,
        by: By,
    ) -> Result<Seq, DecisionError> {
        let topic = match topic {
            Some(topic) => Some(self.resolve(topic).ok_or(DecisionError::Unknown("topic"))?),
            None => None,
        };
        let target = topic.map_or_else(|| "none".to_owned(), |it| it.to_string());
        let noted = Noted { by, action: "topic.receive", target };
        self.change_all(ids, &InquiryEvent::Moved { topic, by }, &noted)
    }

    /// Takes inquiries out of all counts for a reason, or puts them back when there is none: all of
    /// them or none. Blocks.
    pub fn take_out_inquiries(
        &self,
        ids: &[Id<Inquiry>],
        reason: Option<TakenOut>,
        by: By,
    ) -> Result<Seq, DecisionError> {
        let (event, action) = match reason {
            Some(_) => (InquiryEvent::Removed { reason, by }, "inquiry.take_out"),
            None => (InquiryEvent::Restored { by }, "inquiry.put_back"),
        };
        let noted = Noted { by, action, target: ids.len().to_string() };
        self.change_all(ids, &event, &noted)
    }

    /// What was written meanwhile, by the live assignment or by the same person a moment ago, is no
    /// reason to refuse.
    fn change_all(
        &self,
        ids: &[Id<Inquiry>],
        event: &InquiryEvent,
        noted: &Noted<'_>,
    ) -> Result<Seq, DecisionError> {
        self.change_chosen(ids, || self.change_now(ids, event, noted.clone()))
    }

    /// Does something to what was chosen, and again when others have changed it meanwhile.
    pub(in crate::app) fn change_chosen<T>(
        &self,
        ids: &[Id<Inquiry>],
        change: impl Fn() -> Result<T, DecisionError>,
    ) -> Result<T, DecisionError> {
        if ids.is_empty() {
            return Err(DecisionError::Unknown("inquiry"));
        }
        if CHOSEN_MAX < ids.len() {
            return Err(DecisionError::Settings("at most 500 inquiries can be chosen at once"));
        }
        let mut tries = 1;
        loop {
            match change() {
                Err(DecisionError::Conflict) if tries < TRIES_MAX => self.settle()?,
                ended => return ended,
            }
            tries += 1;
        }
    }

    fn change_now(
        &self,
        ids: &[Id<Inquiry>],
        event: &InquiryEvent,
        noted: Noted<'_>,
    ) -> Result<Seq, DecisionError> {
        let now = self.now();
        let mut batch = Batch {
            key: Id::<Run>::new(now).uuid(),
            body_hash: 0,
            at: now,
            expect: vec![],
            records: vec![],
        };
        for id in ids {
            let stored = self.state.inquiries.get(*id)?.ok_or(DecisionError::Unknown("inquiry"))?;
            batch.expect.push(Expect { entity: stored.id, version: stored.version });
            batch.records.push(encode(stored.id, event));
        }
        Ok(self.append_noted(batch, noted)?)
    }
}
