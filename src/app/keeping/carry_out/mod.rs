//! Carrying wishes out: the history is rewritten and what was made from it is thrown away.
//!
//! Only while nobody has the data folder open. A crash at any point leaves the wishes standing,
//! so that the next opening begins again; doing it twice leaves the state of once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::erasure::{Counts, Going, Records, old_session, old_sessions, words};
use super::error::io;
use super::wishes::{Wish, add_erased};
use super::{KeepError, Retained, RetentionRun, aside};
use crate::audit::{self, Chain};
use crate::backup::is_unfinished;
use crate::failpoint;
use crate::id::Id;
use crate::inquiry::Inquiry;
use crate::journal::{Batch, Journal, JournalError, Options, Plan, Record, Stream};
use mail::text_of;

mod mail;

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// What went, by kind.
    pub counts: Counts,
    /// Letters in the outbox that held words which went.
    pub letters: u64,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// It is done.
    Done(Erased),
    /// It is written down for whoever has the data folder open now.
    Later,
}

/// Looks at a data folder before anything of it is opened.
///
/// # Errors
/// When it is only half restored. A wish that cannot be carried out is logged and stays: people
/// must be able to log all the same.
pub(in crate::app) fn before_open(
    data: &Path,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<(), KeepError> {
    if is_unfinished(data) {
        return Err(KeepError::HalfRestored { data: data.to_owned() });
    }
    if let Err(error) = aside::prune(data, now) {
        let error = format!("{error:?}");
        tracing::warn!(error, "what was moved aside is still there");
    }
    match carry_out(data, now, zone) {
        Ok(None) => {}
        Ok(Some(Erased { counts, letters })) => {
            let Counts { texts, authors, audit, words, sessions } = counts;
            tracing::info!(texts, authors, audit, words, sessions, letters, "erased what was due");
        }
        Err(error) => {
            let error = format!("{error:?}");
            tracing::error!(error, "what was wished to be erased is still there");
        }
    }
    Ok(())
}

/// Erases the words of one inquiry, at once or as soon as the data folder is opened next.
pub fn erase(
    data: &Path,
    id: Id<Inquiry>,
    (now, zone): (Timestamp, &TimeZone),
) -> Result<Request, KeepError> {
    let wish = Wish::Erase { id, at: now };
    let journal = match open(data, Stream::Journal) {
        Err(JournalError::Locked { .. }) => {
            wish.append(data)?;
            return Ok(Request::Later);
        }
        journal => journal?,
    };
    let records = Records::of(&journal)?;
    let missing = records.map(|it| it.missing(&BTreeSet::from([id.uuid()]))).transpose()?;
    if missing != Some(None) {
        return Err(KeepError::NoInquiry { id: id.to_string() });
    }
    drop(journal);
    wish.append(data)?;
    carry_out(data, now, zone).map(|it| Request::Done(it.unwrap_or_default()))
}

/// Counts, and erases unless it is a dry run, what retention no longer allows. Where a service has
/// the data folder open, it is counted in a copy and left to the service to erase.
pub fn retain(
    data: &Path,
    run: RetentionRun,
    (now, zone): (Timestamp, &TimeZone),
) -> Result<(Retained, Erased), KeepError> {
    let is_locked = |error: &JournalError| matches!(error, JournalError::Locked { .. });
    let scratch = data.join("rehearsal-count");
    let journal = open(data, Stream::Journal);
    let is_served = journal.as_ref().is_err_and(is_locked);
    let due = match journal {
        Err(_) if is_served => {
            let due = copied(data, &scratch)
                .and_then(|()| due(&open(&scratch, Stream::Journal)?, run, (now, zone)));
            fs::remove_dir_all(&scratch).map_err(io("remove", &scratch))?;
            due?
        }
        journal => due(&journal?, run, (now, zone))?,
    };
    let Some((mut due, going)) = due else { return Ok(<_>::default()) };
    if !is_served {
        due.sessions = sessions_due(data, &going)?;
    }
    let is_wished = !run.is_dry && due != Counts::default();
    let mut erased = Erased::default();
    if is_wished {
        Wish::Retain { at: now, clock_is_right: run.clock_is_right }.append(data)?;
    }
    if is_wished && !is_served {
        erased = carry_out(data, now, zone)?.unwrap_or_default();
    }
    Ok((Retained { due, is_wished: is_wished && is_served }, erased))
}

fn due(
    journal: &Journal,
    run: RetentionRun,
    (now, zone): (Timestamp, &TimeZone),
) -> Result<Option<(Counts, Going)>, KeepError> {
    let Some(records) = Records::of(journal)? else { return Ok(None) };
    if !run.clock_is_right {
        records.assure_clock(now)?;
    }
    let going = records.retained_from(now, zone);
    Ok(Some((records.due(&going)?.counts, going)))
}

/// Copies the journal of a data folder that is open elsewhere, to count in.
fn copied(data: &Path, scratch: &Path) -> Result<(), KeepError> {
    let folder = scratch.join(Stream::Journal.name());
    if scratch.exists() {
        fs::remove_dir_all(scratch).map_err(io("remove", scratch))?;
    }
    fs::create_dir_all(&folder).map_err(io("create", &folder))?;
    Journal::copy(&data.join(Stream::Journal.name()), &mut |name, bytes| {
        let path = folder.join(name);
        let written = fs::File::create(&path).and_then(|mut it| std::io::copy(bytes, &mut it));
        written.map(drop).map_err(|source| JournalError::Io { doing: "write", path, source })
    })?;
    Ok(())
}

/// Carries out what is wished; none when nothing is. Blocks.
///
/// # Errors
/// `Locked` while somebody has the data folder open.
pub fn carry_out(
    data: &Path,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Option<Erased>, KeepError> {
    let wishes = Wish::read(data)?;
    if wishes.is_empty() {
        return Ok(None);
    }
    let journal = open(data, Stream::Journal)?;
    let mut erased = Erased::default();
    let Some(records) = Records::of(&journal)? else {
        return Wish::strike_out(data).map(|()| Some(erased));
    };
    let (going, ids) = going(&records, &wishes, (now, zone));
    let erasure = records.due(&going)?;
    erased.counts = erasure.counts;
    let chain = Chain::after(records.line.as_ref());
    for wish in &wishes {
        note(&journal, &chain, wish, now)?;
    }
    drop(journal);
    add_erased(data, &ids, now)?;
    if !erasure.is_empty() {
        let reduce = &mut |record: &Record| erasure.reduce(record);
        Journal::rewrite(&data.join("journal"), Plan { until: None, reduce, anew: false })?;
    }
    erased.counts.sessions = sessions_due(data, &going)?;
    if 0 < erased.counts.sessions {
        let reduce = &mut |record: &Record| old_session(&going, record);
        Journal::rewrite(&data.join("brief"), Plan { until: None, reduce, anew: false })?;
    }
    failpoint::reached("erase-before-views");
    remove_made(data)?;
    // Letters that wait to be sent go too: the queue tells them as lost.
    for folder in ["outbox", "post"] {
        erased.letters += remove_letters(&data.join(folder), |it| erasure.words.contains(it))?;
    }
    failpoint::reached("erase-before-end");
    Wish::strike_out(data)?;
    Ok(Some(erased))
}

/// What the wishes come to, and the ids among them.
fn going(
    records: &Records<'_>,
    wishes: &[Wish],
    (now, zone): (Timestamp, &TimeZone),
) -> (Going, BTreeSet<Id<Inquiry>>) {
    let (mut ids, mut masked) = (BTreeSet::new(), BTreeSet::new());
    let mut going = Going::default();
    for wish in wishes {
        match wish {
            Wish::Erase { id, .. } => drop(ids.insert(*id)),
            Wish::Mask { id, .. } => drop(masked.insert(id.uuid())),
            Wish::Retain { clock_is_right, .. } => match records.assure_clock(now) {
                Err(error) if !clock_is_right => {
                    tracing::warn!(error = format!("{error}"), "retention is left out");
                }
                _ => going = records.retained_from(now, zone),
            },
        }
    }
    going.masked = masked;
    going.ids = ids.iter().map(|it| it.uuid()).collect();
    (going, ids)
}

/// Notes in the audit what was wished; once for each wish, however often it is tried.
fn note(journal: &Journal, chain: &Chain, wish: &Wish, now: Timestamp) -> Result<(), KeepError> {
    let line = serde_json::to_vec(wish).expect("plain fields become JSON");
    let id: Uuid = Id::<audit::Audit>::derived(&[b"wish", &line]).uuid();
    if journal.version_of(id).is_some() {
        return Ok(());
    }
    let (action, target) = match wish {
        Wish::Erase { id, .. } => ("inquiry.erase", id.to_string()),
        Wish::Mask { id, .. } => ("inquiry.mask_before", id.to_string()),
        Wish::Retain { .. } => ("retention.run", String::new()),
    };
    let line = audit::Line { id, at: now, who: None, machine: None, action, target, done: true };
    chain.note(line, |record| {
        let records = vec![record];
        journal.append(Batch { key: id, body_hash: 0, at: now, expect: vec![], records })
    })?;
    Ok(())
}

fn sessions_due(data: &Path, going: &Going) -> Result<u64, KeepError> {
    match open(data, Stream::Brief) {
        Err(JournalError::Missing { .. }) => Ok(0),
        brief => old_sessions(&brief?, going),
    }
}

fn open(data: &Path, stream: Stream) -> Result<Journal, JournalError> {
    let options = Options { create: false, ..Options::new(stream) };
    Journal::open(&data.join(stream.name()), options)
}

/// Throws away what is made anew from the journal: it holds the words, in bytes that no one can
/// rewrite in place. What was moved aside as damaged goes too.
fn remove_made(data: &Path) -> Result<(), KeepError> {
    const MADE: [&str; 5] = ["view", "index", "evidence", "rehearsal", "verify"];
    for entry in fs::read_dir(data).map_err(io("list", data))? {
        let path = entry.map_err(io("list", data))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_made = MADE.iter().any(|it| {
            let rest = name.strip_prefix(it);
            rest.is_some_and(|it| it.is_empty() || it.starts_with(['.', '-']))
        });
        if is_made && path.is_dir() {
            fs::remove_dir_all(&path).map_err(io("remove", &path))?;
        }
    }
    fs::File::open(data).and_then(|it| it.sync_all()).map_err(io("sync", data))
}

/// Removes the letters that hold a word which goes.
fn remove_letters(outbox: &Path, goes: impl Fn(&String) -> bool) -> Result<u64, KeepError> {
    let entries = match fs::read_dir(outbox) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(io("list", outbox)(error)),
    };
    let mut removed = 0;
    for entry in entries {
        let path = entry.map_err(io("list", outbox))?.path();
        if !path.is_file() {
            continue;
        }
        let bytes = fs::read(&path).map_err(io("read", &path))?;
        if words(&text_of(&bytes)).any(|it| goes(&it)) {
            fs::remove_file(&path).map_err(io("remove", &path))?;
            removed += 1;
        }
    }
    Ok(removed)
}
