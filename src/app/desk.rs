//! The desks' own day: what is asked today, what many ask all at once, what editors tell them.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::decisions::masked;
use super::{App, Decider, DecisionError, Noted};
use crate::desk::{Message, MessageEvent, MessageRow};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{BatchLine, Brief, Entry, EntryError, Inquiry, Line, LogError, Logged};
use crate::journal::Seq;
use crate::people::By;
use crate::record::Change;
use crate::rows::Stored;
use crate::topic::{Recent, SURGE_WINDOW, Topic, USUAL_DAYS};
use crate::view::ViewError;

/// A question of today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedToday {
    /// The inquiry whose words these are; one more is logged as its repeat.
    pub inquiry: Id<Inquiry>,
    /// The words.
    pub text: String,
    /// How many asked today.
    pub contacts: u32,
    /// When the first within the last hours asked, when so many do all at once.
    pub surge_since: Option<Timestamp>,
    /// How many asked within the last hours.
    pub lately: u32,
}

/// An entry of a desk that fits a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskEntry {
    /// Its id.
    pub id: Id<Inquiry>,
    /// The words.
    pub text: String,
    /// What was answered.
    pub note: Option<String>,
    /// When it was asked.
    pub asked: Timestamp,
}

/// What asks the same: a topic, or an inquiry with its repeats.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Same {
    Topic(TopicNumber),
    Inquiry(Id<Inquiry>),
}

#[derive(Default)]
struct Tally {
    today: u32,
    recent: Recent,
    newest: Option<Id<Inquiry>>,
}

impl App {
    /// What is asked today at some desks, all when none is named: most asked first, those that many
    /// ask all at once before all others.
    pub fn asked_today(
        &self,
        shown_max: usize,
        desks: &[String],
    ) -> Result<Vec<AskedToday>, ViewError> {
        let mut tallies: Vec<(Same, Tally)> =
            self.tallies(desks).into_iter().filter(|it| 0 < it.1.today).collect();
        tallies.sort_by_key(|(_, it)| {
            (!it.recent.is_surge(), std::cmp::Reverse((it.today, it.newest)))
        });
        let mut asked = vec![];
        for (same, tally) in tallies.into_iter().take(shown_max) {
            asked.extend(self.asked(same, &tally)?);
        }
        Ok(asked)
    }

    /// What many ask all at once at some desks, all when none is named.
    pub fn surges(&self, desks: &[String]) -> Result<Vec<AskedToday>, ViewError> {
        let mut surges: Vec<(Same, Tally)> =
            self.tallies(desks).into_iter().filter(|it| it.1.recent.is_surge()).collect();
        surges.sort_by_key(|(_, it)| std::cmp::Reverse((it.recent.now, it.newest)));
        let mut asked = vec![];
        for (same, tally) in &surges {
            asked.extend(self.asked(*same, tally)?);
        }
        Ok(asked)
    }

    /// The topics that many ask about all at once, with how many did so lately.
    pub(super) fn surging_topics(&self) -> Vec<(TopicNumber, u32)> {
        let surging = self.tallies(&[]).into_iter().filter(|it| it.1.recent.is_surge());
        let mut topics: Vec<(TopicNumber, u32)> = surging
            .filter_map(|(same, tally)| match same {
                Same::Topic(topic) => Some((topic, tally.recent.now)),
                Same::Inquiry(_) => None,
            })
            .collect();
        topics.sort_unstable();
        topics
    }

    fn tallies(&self, desks: &[String]) -> HashMap<Same, Tally> {
        let now = self.now();
        let today = self.start_of_day(now);
        let span = SURGE_WINDOW + SignedDuration::from_hours(24 * i64::from(USUAL_DAYS));
        let since = today.min(now - span);
        let mut tallies: HashMap<Same, Tally> = HashMap::new();
        let columns = self.state.inquiries.columns();
        let own: Vec<_> = desks.iter().filter_map(|it| columns.desk_code(it)).collect();
        let is_of_desk = |it: &&Line| desks.is_empty() || own.contains(&it.desk);
        let counted = columns.asked_since(since).filter(|it| 0 < it.contacts());
        for line in counted.filter(is_of_desk) {
            let Some(same) = self.same(line) else { continue };
            let tally = tallies.entry(same).or_default();
            tally.recent.count(line.asked, line.contacts(), now);
            if today <= line.asked && line.asked <= now {
                tally.today += line.contacts();
            }
            if line.has_text {
                tally.newest = Some(line.id);
            }
        }
        tallies
    }

    /// What a line asks the same as; none for a bare count.
    fn same(&self, line: &Line) -> Option<Same> {
        if let Some(topic) = line.topic.and_then(|it| self.resolve(it)) {
            return Some(Same::Topic(topic));
        }
        let own = || Some(line.id).filter(|_| line.has_text);
        line.same_as.or_else(own).map(Same::Inquiry)
    }

    fn asked(&self, same: Same, tally: &Tally) -> Result<Option<AskedToday>, ViewError> {
        let (inquiry, text) = match same {
            Same::Topic(number) => match self.state.topics.get(Topic::entity(number)) {
                Some(topic) => (topic.row.exemplar, Some(self.name_of(&topic.row)?)),
                None => return Ok(None),
            },
            Same::Inquiry(id) => {
                let stored = self.state.inquiries.get(id)?.filter(|it| !it.row.removed);
                (id, stored.and_then(|it| it.row.facts.text).map(|it| it.as_str().to_owned()))
            }
        };
        Ok(text.map(|text| AskedToday {
            inquiry,
            text,
            contacts: tally.today,
            surge_since: tally.recent.since.filter(|_| tally.recent.is_surge()),
            lately: tally.recent.now,
        }))
    }

    pub(super) fn start_of_day(&self, now: Timestamp) -> Timestamp {
        let start = now.to_zoned(self.zone.clone()).start_of_day();
        start.map_or(now, |it| it.timestamp())
    }

    /// The newest entries of a desk whose words or answer hold every word of a query.
    pub fn desk_entries(&self, desk: &str, query: &str) -> Result<Vec<DeskEntry>, ViewError> {
        /// So many are shown.
        const SHOWN_MAX: usize = 30;
        /// So many are looked through.
        const LOOK_MAX: usize = 20_000;
        let wanted: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let seqs: Vec<Seq> = {
            let columns = self.state.inquiries.columns();
            let desk = columns.desk_code(desk);
            let of_desk = |it: &&Brief| it.is_live() && it.has_text && Some(it.desk) == desk;
            let newest = columns.briefs().iter().rev().filter(of_desk);
            newest.take(LOOK_MAX).map(|it| it.seq).collect()
        };
        let mut found = vec![];
        for seq in seqs {
            if SHOWN_MAX <= found.len() {
                break;
            }
            let Some(stored) = self.state.inquiries.at(seq)? else { continue };
            let facts = stored.row.facts;
            let Some(text) = facts.text else { continue };
            let note = facts.note.map(|it| it.as_str().to_owned());
            let all = format!("{} {}", text.as_str(), note.as_deref().unwrap_or_default());
            let all = all.to_lowercase();
            if wanted.iter().all(|it| all.contains(it.as_str())) {
                let id = Id::from_uuid(stored.id);
                found.push(DeskEntry {
                    id,
                    text: text.as_str().to_owned(),
                    note,
                    asked: facts.asked,
                });
            }
        }
        Ok(found)
    }

    /// Logs the lines of a batch, each as `entry` but for its words and its count. The id of
    /// `entry` is the batch's: sent twice, it adds nothing. Blocks.
    ///
    /// # Errors
    /// The line, from 0, that cannot be taken; those before it are logged.
    pub fn log_batch(
        &self,
        entry: &Entry,
        lines: Vec<BatchLine>,
    ) -> Result<Vec<Logged>, (usize, LogError)> {
        let mut logged = vec![];
        for (at, line) in lines.into_iter().enumerate() {
            let part = (at as u64).to_be_bytes();
            let entry = Entry {
                id: Id::derived(&[b"batch", entry.id.uuid().as_bytes(), &part]),
                counts_only: line.text.is_none(),
                text: line.text,
                count: line.count,
                ..entry.clone()
            };
            logged.push(self.log(entry).map_err(|error| (at, error))?);
        }
        Ok(logged)
    }

    /// Whether a line of a batch could be taken, before any is.
    pub fn check_batch(
        &self,
        entry: &Entry,
        lines: &[BatchLine],
    ) -> Result<(), (usize, EntryError)> {
        for (at, line) in lines.iter().enumerate() {
            let counts_only = line.text.is_none();
            let (text, count) = (line.text.clone(), line.count);
            let entry = Entry { text, count, counts_only, ..entry.clone() };
            entry.accept(&self.allowed(), &self.zone).map_err(|error| (at, error))?;
        }
        Ok(())
    }

    /// The messages that the desks see now, the newest first.
    pub fn messages(&self) -> Vec<Stored<MessageRow>> {
        let now = self.now();
        let all = self.state.messages.all();
        let shown = all.iter().filter(|it| it.row.is_shown(now));
        let mut shown: Vec<Stored<MessageRow>> = shown.map(|it| it.as_ref().clone()).collect();
        shown.sort_by_key(|it| std::cmp::Reverse((it.row.put, it.id)));
        shown.truncate(MessageRow::SHOWN_MAX);
        shown
    }

    /// Puts up a message to every desk. Blocks.
    pub fn put_message(
        &self,
        text: &str,
        until: Timestamp,
        by: By,
    ) -> Result<Id<Message>, DecisionError> {
        let id = Id::<Message>::new(self.now());
        self.put_message_under(id, (text, until), by)?;
        Ok(id)
    }

    /// Puts up a message under an id; the same once more adds nothing. Blocks.
    pub fn put_message_under(
        &self,
        id: Id<Message>,
        (text, until): (&str, Timestamp),
        by: By,
    ) -> Result<(), DecisionError> {
        let (text, now) = (masked(text, &self.allowed()), self.now());
        let is_short = text.chars().count() <= MessageRow::TEXT_CHARS_MAX;
        if text.is_empty() || !is_short || until <= now {
            return Err(DecisionError::Message);
        }
        let noted = Noted { by, action: "message.put", target: id.to_string() };
        let change = Change { entity: id.uuid(), version: Some(0), now };
        let batch = change.batch(&MessageEvent::Put { text, until, by });
        self.append_noted(batch, noted).map_err(DecisionError::Journal)?;
        Ok(())
    }

    /// Takes a message down. Blocks.
    pub fn end_message(&self, id: Id<Message>, who: Decider) -> Result<Seq, DecisionError> {
        let entity: Uuid = id.uuid();
        self.state.messages.get(entity).ok_or(DecisionError::Unknown("message"))?;
        let noted = Noted { by: who.by, action: "message.end", target: id.to_string() };
        self.decide((entity, vec![]), &MessageEvent::Ended { by: who.by }, noted)
    }
}
