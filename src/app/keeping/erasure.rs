//! Which words are to go, decided from the records alone: nothing is written here.
//!
//! What goes is the words of questions and answers, and single words that topics and verdicts
//! took from them and that no question which stays has. Counts, weeks, channels, desks and
//! topics stay.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use uuid::Uuid;

use super::{KeepError, Newest};
use crate::audit::{AuditEvent, AuditRow};
use crate::gap::VerdictEvent;
use crate::inquiry::{InquiryEvent, InquiryFacts, Question};
use crate::journal::{Journal, NewRecord, Record, Seq};
use crate::organisation::{OrganisationEvent, Retention, Settings};
use crate::record::{Kind, RecordError, decode, encode};
use crate::schedule::JobEvent;
use crate::topic::TopicEvent;

/// So many records are read at once.
const AT_A_TIME: usize = 1_000;
/// A clock farther from the newest record than this is not believed.
const CLOCK_MAX: SignedDuration = SignedDuration::from_hours(24);

/// What is due, by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Inquiries whose words go.
    pub texts: u64,
    /// Records that no longer say who logged.
    pub authors: u64,
    /// Lines of the audit that no longer say who and what.
    pub audit: u64,
    /// Topics and verdicts that lose words which only those inquiries had.
    pub words: u64,
    /// Records of sessions.
    pub sessions: u64,
}

/// What goes, said by ids and instants.
#[derive(Clone, Debug, Default)]
pub(super) struct Going {
    /// Inquiries whose words go, whenever they were made.
    pub(super) ids: BTreeSet<Uuid>,
    /// Inquiries whose words were masked: what they said before goes, what they say now stays.
    pub(super) masked: BTreeSet<Uuid>,
    /// The words of inquiries made before this.
    pub(super) texts_before: Option<Timestamp>,
    /// The authors of records made before this.
    pub(super) authors_before: Option<Timestamp>,
    /// Lines of the audit from before this.
    pub(super) audit_before: Option<Timestamp>,
    /// Records of sessions from before this.
    pub(super) sessions_before: Option<Timestamp>,
}

/// What goes, with all that follows from it.
#[derive(Debug, Default)]
pub(super) struct Erasure {
    going: Going,
    /// Every inquiry whose words go.
    inquiries: HashSet<Uuid>,
    /// What the masked inquiries say now.
    newest: HashMap<Uuid, Said>,
    /// Words, in small letters, that only those inquiries have.
    pub(super) words: HashSet<String>,
    pub(super) counts: Counts,
}

/// A question and its answer.
type Said = (Option<Question>, Option<Question>);

/// A journal and what the erasure must know of it beforehand.
pub(super) struct Records<'a> {
    journal: &'a Journal,
    newest: Newest,
    settings: Settings,
    /// The last line of the audit.
    pub(super) line: Option<AuditRow>,
}

impl<'a> Records<'a> {
    /// Reads what must be known; none when there are no records.
    pub(super) fn of(journal: &'a Journal) -> Result<Option<Self>, KeepError> {
        let mut newest: Option<Newest> = None;
        let (mut settings, mut line) = (Settings::default(), None);
        each(journal, |record| {
            let (seq, at) = (record.seq, record.at);
            newest = newest.filter(|it| at <= it.at).or(Some(Newest { seq, at }));
            match Kind::of(record.kind) {
                Some(Kind::Organisation) => {
                    let OrganisationEvent::Set { settings: set, .. } = decode(record)?;
                    settings = set;
                }
                Some(Kind::Audit) => {
                    let AuditEvent::Noted(row) = decode(record)?;
                    line = Some(row);
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(newest.map(|newest| Self { journal, newest, settings, line }))
    }

    /// Refuses a clock that is more than a day off the newest record.
    pub(super) fn assure_clock(&self, now: Timestamp) -> Result<(), KeepError> {
        let Newest { seq, at: newest } = self.newest;
        match now.duration_since(newest).abs() <= CLOCK_MAX {
            true => Ok(()),
            false => Err(KeepError::Clock { now, seq, newest }),
        }
    }

    /// What the organisation's retention says by `now`.
    pub(super) fn retained_from(&self, now: Timestamp, zone: &TimeZone) -> Going {
        Self::retained_by(self.settings.retention, now, zone)
    }

    /// The same by a retention that is not set yet.
    pub(super) fn retained_by(kept: Retention, now: Timestamp, zone: &TimeZone) -> Going {
        let before = |span: Span| now.to_zoned(zone.clone()).checked_sub(span).ok();
        let months = |n: u16| before(Span::new().months(n)).map(|it| it.timestamp());
        let days = |n: u16| before(Span::new().days(n)).map(|it| it.timestamp());
        Going {
            ids: BTreeSet::new(),
            masked: BTreeSet::new(),
            texts_before: months(kept.text_months),
            authors_before: days(kept.author_days),
            audit_before: months(kept.audit_months),
            sessions_before: days(kept.session_days),
        }
    }

    /// Whether there are such inquiries; names the first that is not.
    pub(super) fn missing(&self, ids: &BTreeSet<Uuid>) -> Result<Option<Uuid>, KeepError> {
        let mut left = ids.clone();
        each(self.journal, |record| {
            if record.kind == Kind::Inquiry.number() {
                left.remove(&record.entity);
            }
            Ok(())
        })?;
        Ok(left.pop_first())
    }

    /// Finds out all that goes. Reads the journal twice: which words only go together with their
    /// questions is known at its end.
    pub(super) fn due(&self, going: &Going) -> Result<Erasure, KeepError> {
        let mut erasure = Erasure { going: going.clone(), ..Erasure::default() };
        let mut kept = HashSet::new();
        let mut texts = BTreeSet::new();
        each(self.journal, |record| {
            if record.kind != Kind::Inquiry.number() {
                return Ok(());
            }
            let is_old = going.texts_before.is_some_and(|it| record.at < it);
            if going.ids.contains(&record.entity) || record.version == 1 && is_old {
                erasure.inquiries.insert(record.entity);
            }
            let (InquiryEvent::Logged(facts) | InquiryEvent::Edited(facts)) = decode(record)?
            else {
                return Ok(());
            };
            let is_masked = going.masked.contains(&record.entity);
            if is_masked {
                let said = (facts.text.clone(), facts.note.clone());
                erasure.newest.insert(record.entity, said);
            }
            let is_going = is_masked || erasure.inquiries.contains(&record.entity);
            let said = [&facts.text, &facts.note];
            let said = said.into_iter().flatten().map(|it| it.as_str());
            let into = if is_going { &mut erasure.words } else { &mut kept };
            for text in said {
                into.extend(words(text));
                if is_going {
                    texts.insert(record.entity);
                }
            }
            Ok(())
        })?;
        erasure.newest.retain(|id, _| !erasure.inquiries.contains(id));
        for said in erasure.newest.values().flat_map(|it| [&it.0, &it.1]).flatten() {
            kept.extend(words(said.as_str()));
        }
        erasure.words.retain(|it| !kept.contains(it));
        erasure.counts.texts = texts.len() as u64;
        let mut counts = erasure.counts;
        each(self.journal, |record| {
            let Some((kind, _)) = erasure.reduced(record)? else { return Ok(()) };
            match kind {
                Loses::Text => {}
                Loses::Author => counts.authors += 1,
                Loses::Words => counts.words += 1,
                Loses::Line => counts.audit += 1,
            }
            Ok(())
        })?;
        erasure.counts = counts;
        Ok(erasure)
    }
}

/// What a record loses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Loses {
    Text,
    Author,
    Words,
    Line,
}

impl Erasure {
    /// Whether anything in the journal changes.
    pub(super) fn is_empty(&self) -> bool {
        Counts { sessions: 0, ..self.counts } == Counts::default()
    }

    /// What stands in place of a record; none when it stays as it is. A record that cannot be
    /// read was met when all this was decided, and stopped it.
    pub(super) fn reduce(&self, record: &Record) -> Option<NewRecord> {
        self.reduced(record).ok().flatten().map(|it| it.1)
    }

    fn reduced(&self, record: &Record) -> Result<Option<(Loses, NewRecord)>, RecordError> {
        let (entity, at) = (record.entity, record.at);
        let is_before = |limit: Option<Timestamp>| limit.is_some_and(|it| at < it);
        match Kind::of(record.kind) {
            Some(Kind::Inquiry) => self.inquiry(record, is_before(self.going.authors_before)),
            Some(Kind::Topic) if !self.words.is_empty() => {
                let changed = self.topic(decode(record)?);
                Ok(changed.map(|it| (Loses::Words, encode(entity, &it))))
            }
            Some(Kind::Verdict) if !self.words.is_empty() => {
                let changed = self.verdict(decode(record)?);
                Ok(changed.map(|it| (Loses::Words, encode(entity, &it))))
            }
            Some(Kind::Audit) if is_before(self.going.audit_before) => {
                let AuditEvent::Noted(row) = decode(record)?;
                let row = row.reduced();
                Ok(row.map(|it| (Loses::Line, encode(entity, &AuditEvent::Noted(it)))))
            }
            Some(Kind::Job) if is_before(self.going.audit_before) => match decode(record)? {
                JobEvent::Started { n, due, by: Some(_) } => {
                    let event = JobEvent::Started { n, due, by: None };
                    Ok(Some((Loses::Line, encode(entity, &event))))
                }
                JobEvent::Awaited | JobEvent::Started { .. } | JobEvent::Ended { .. } => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn inquiry(
        &self,
        record: &Record,
        is_anonymous: bool,
    ) -> Result<Option<(Loses, NewRecord)>, RecordError> {
        let before: InquiryEvent = decode(record)?;
        let mut event = before.clone();
        let is_going = self.inquiries.contains(&record.entity);
        let by = match &mut event {
            InquiryEvent::Logged(facts) | InquiryEvent::Edited(facts) => {
                if let Some((text, note)) = self.newest.get(&record.entity) {
                    facts.text = facts.text.take().and(text.clone());
                    facts.note = facts.note.take().and(note.clone());
                }
                if is_going {
                    *facts = InquiryFacts { text: None, note: None, ..facts.clone() };
                }
                &mut facts.by
            }
            InquiryEvent::Removed { by, .. }
            | InquiryEvent::Restored { by }
            | InquiryEvent::Moved { by, .. } => by,
        };
        let loses = if is_anonymous && by.take().is_some() { Loses::Author } else { Loses::Text };
        Ok((event != before).then(|| (loses, encode(record.entity, &event))))
    }

    fn topic(&self, event: TopicEvent) -> Option<TopicEvent> {
        let TopicEvent::Labelled { exemplar, words } = &event else { return None };
        let left: Vec<String> = words.iter().filter(|it| self.may_stay(it)).cloned().collect();
        let exemplar = *exemplar;
        (left.len() < words.len()).then_some(TopicEvent::Labelled { exemplar, words: left })
    }

    fn verdict(&self, event: VerdictEvent) -> Option<VerdictEvent> {
        let VerdictEvent::Judged(before) = &event;
        let mut after = before.clone();
        let evidence = &mut after.evidence;
        evidence.covered.retain(|it| self.may_stay(it));
        evidence.missing.retain(|it| self.may_stay(it));
        evidence.reworded.retain(|it| self.may_stay(&it.asked));
        (after != *before).then_some(VerdictEvent::Judged(after))
    }

    fn may_stay(&self, said: &str) -> bool {
        !words(said).any(|it| self.words.contains(&it))
    }
}

/// Whether a record of the short-lived stream is old enough to lose what it says.
pub(super) fn old_session(going: &Going, record: &Record) -> Option<NewRecord> {
    const NOTHING: &[u8] = b"{}";
    let is_old = going.sessions_before.is_some_and(|it| record.at < it);
    (is_old && record.payload != NOTHING).then(|| NewRecord {
        kind: record.kind,
        kind_version: record.kind_version,
        entity: record.entity,
        payload: NOTHING.to_vec(),
    })
}

/// The words of a text, in small letters.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    let lower = text.to_lowercase();
    let words: Vec<String> = lower
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// Visits every record in order.
fn each(
    journal: &Journal,
    mut visit: impl FnMut(&Record) -> Result<(), RecordError>,
) -> Result<(), KeepError> {
    let mut after: Seq = 0;
    loop {
        let records = journal.read(after, AT_A_TIME)?;
        let Some(last) = records.last() else { return Ok(()) };
        after = last.seq;
        records.iter().try_for_each(&mut visit)?;
    }
}

/// How many records of the short-lived stream are due.
pub(super) fn old_sessions(brief: &Journal, going: &Going) -> Result<u64, KeepError> {
    let mut due = 0;
    each(brief, |record| {
        due += u64::from(old_session(going, record).is_some());
        Ok(())
    })?;
    Ok(due)
}
