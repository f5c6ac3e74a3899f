//! All inquiries: found by their words and by what is known of them, and put in their place many
//! at a time.

use jiff::Timestamp;
use skranke_index::IndexError;

use crate::app::{App, DecisionError, Noted};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Channel, Inquiry, InquiryEvent, Line, Norm, OutcomeName, TakenOut};
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
/// So many lines are looked at before those who log get their turn.
const LINES_AT_ONCE: usize = 20_000;
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
    /// The topic that they are under.
    pub under: Under,
    /// Those that an editor has taken out, and not those that count.
    pub is_out: bool,
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

impl InquiryFilter {
    fn fits(&self, line: &Line) -> bool {
        line.has_text
            && self.is_out == line.taken_out.is_some()
            && self.channel.is_none_or(|it| line.channel == it)
            && self.outcome.is_none_or(|it| line.outcome == it)
            && self.norm.is_none_or(|it| line.norm == it)
            && self.since.is_none_or(|it| it <= line.asked)
            && (self.under != Under::None || line.topic.is_none())
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
        (skip, n): (usize, usize),
    ) -> Result<InquiryList, ViewError> {
        let is_wordless = filter.text.trim().is_empty();
        let mut list = InquiryList::default();
        let found = match filter {
            InquiryFilter { is_out: true, .. } => self.taken_out(filter)?,
            InquiryFilter { under: Under::Topic(topic), .. } if is_wordless => {
                let mut lines = self.lines_of(*topic);
                lines.retain(|it| filter.fits(it));
                lines.iter().rev().map(|it| it.seq).collect()
            }
            _ if is_wordless => self.walked(filter),
            _ => self.alike(filter, &mut list)?,
        };
        list.total = found.len();
        let columns = self.state.inquiries.columns();
        let lines = found.into_iter().skip(skip).take(n);
        list.lines = lines.filter_map(|it| columns.line(it).cloned()).collect();
        Ok(list)
    }

    /// Those that a filter without words lets through, the newest first.
    fn walked(&self, filter: &InquiryFilter) -> Vec<Seq> {
        let (mut found, mut after) = (vec![], 0);
        loop {
            let columns = self.state.inquiries.columns();
            let mut seen = 0;
            for line in columns.live_after(after).take(LINES_AT_ONCE) {
                (seen, after) = (seen + 1, line.seq);
                if filter.fits(line) {
                    found.push(line.seq);
                }
            }
            if seen < LINES_AT_ONCE {
                break;
            }
        }
        found.reverse();
        found
    }

    /// Those that have the words, the most alike first.
    fn alike(&self, filter: &InquiryFilter, list: &mut InquiryList) -> Result<Vec<Seq>, ViewError> {
        self.start_live();
        let hits = self.hits(&filter.text);
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
        let parts = match filter.under {
            Under::Topic(topic) => self.parts(topic),
            Under::Any | Under::None => vec![],
        };
        let is_wanted = |seq: Seq| {
            let columns = self.state.inquiries.columns();
            columns.line(seq).is_some_and(|it| {
                let is_under = it.topic.is_some_and(|topic| parts.contains(&topic));
                let is_of_topic = !matches!(filter.under, Under::Topic(_)) || is_under;
                !it.removed && is_of_topic && filter.fits(it)
            })
        };
        let mut found = vec![];
        for seq in hits.into_iter().filter(|it| is_wanted(*it)) {
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

    /// Those that were taken out, the newest first: few, and not in the index.
    fn taken_out(&self, filter: &InquiryFilter) -> Result<Vec<Seq>, ViewError> {
        let mut found: Vec<Seq> = {
            let columns = self.state.inquiries.columns();
            let fits = |it: &&Line| match filter.under {
                Under::Topic(topic) => it.topic.and_then(|it| self.resolve(it)) == Some(topic),
                Under::Any | Under::None => true,
            };
            columns.taken_out().filter(|it| filter.fits(it)).filter(fits).map(|it| it.seq).collect()
        };
        found.reverse();
        let wanted = filter.text.trim().to_lowercase();
        if wanted.is_empty() {
            return Ok(found);
        }
        found.truncate(ALIKE_MAX);
        let mut with_words = vec![];
        for seq in found {
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
        if ids.is_empty() {
            return Err(DecisionError::Unknown("inquiry"));
        }
        if CHOSEN_MAX < ids.len() {
            return Err(DecisionError::Settings("at most 500 inquiries can be chosen at once"));
        }
        let mut tries = 1;
        loop {
            match self.change_now(ids, event, noted.clone()) {
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
