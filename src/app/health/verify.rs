//! The check of everything at once: every byte of every stream, and every view against the fold.

use std::path::Path;
use std::sync::Arc;

use skranke_index::{Index, Opened};

use crate::app::AppError;
use crate::app::made::fold_between;
use crate::app::state::State;
use crate::audit::{self, AuditRow};
use crate::journal::{Journal, JournalError, Options, Seq, Stream};
use crate::record::Kind;
use crate::rows::Stored;
use crate::view::{Standing, View, ViewError};

/// What a check of a data folder found.
#[derive(Clone, Debug, Default)]
pub struct VerifyOutcome {
    /// How many records were read, of all streams.
    pub records: u64,
    /// How many lines the audit has, and the hash of its last: whoever has noted an earlier one
    /// elsewhere can tell that the chain still passes through it.
    pub audit: (usize, String),
    /// Each difference, in a sentence.
    pub differences: Vec<String>,
}

/// Reads every byte of every stream, folds the journal anew beside the view and compares.
pub fn verify(data: &Path, scratch: &Path) -> Result<VerifyOutcome, AppError> {
    let mut outcome = VerifyOutcome::default();
    for stream in ["journal", "pages", "brief"] {
        let folder = data.join(stream);
        if !folder.exists() {
            continue;
        }
        let report = match Journal::verify(&folder) {
            Ok(report) => report,
            // A start that was cut short has made the folder and nothing in it.
            Err(JournalError::Missing { .. }) => continue,
            Err(error) => return Err(error.into()),
        };
        outcome.records += report.last;
        outcome.differences.extend(report.differences.iter().map(|it| format!("{stream}: {it}")));
    }
    if !outcome.differences.is_empty() {
        return Ok(outcome);
    }
    let journal = Journal::open(&data.join("journal"), Options::new(Stream::Journal))?;
    let end = journal.position().seq;
    let (kept, through) = match opened(&data.join("view"), &journal) {
        Ok(opened) => opened,
        Err(error) if error.calls_for_rebuild() => {
            outcome.differences.push(format!("view: {error}"));
            return Ok(outcome);
        }
        Err(error) => return Err(error.into()),
    };
    if end < through {
        let more = format!("view: it has seen record {through}, the journal ends at {end}");
        outcome.differences.push(more);
        return Ok(outcome);
    }
    let fresh = View::open(scratch)?;
    let state = State::new(fresh.clone());
    fold_between(&fresh, &state, &journal, 0..through)?;
    for kind in crate::record::Kind::ALL {
        compare(&fresh, &kept, kind.tree(), &mut outcome.differences)?;
    }
    drop(kept);
    if through == end {
        index_differences(&data.join("index"), (&state, &journal), &mut outcome.differences)?;
    }
    check_audit(&state.audit.all(), &mut outcome);
    Ok(outcome)
}

fn check_audit(lines: &[Arc<Stored<AuditRow>>], outcome: &mut VerifyOutcome) {
    if let Some(at) = audit::first_break(lines.iter().map(|it| &it.row)) {
        outcome.differences.push(format!("audit: line {} does not follow the one before", at + 1));
    }
    if let Some(at) = lines.iter().position(|it| !it.row.fits_time_of(it.id)) {
        outcome.differences.push(format!("audit: line {} tells another time than its id", at + 1));
    }
    let last = lines.last().map_or_else(String::new, |it| it.row.hash());
    outcome.audit = (lines.len(), last);
}

/// What is wrong with the look-up's index. None is no difference, nor one that another version
/// made or that is behind: the service makes it anew or brings it up.
fn index_differences(
    folder: &Path,
    (state, journal): (&State, &Journal),
    differences: &mut Vec<String>,
) -> Result<(), AppError> {
    let is_there = folder.read_dir().is_ok_and(|mut it| it.next().is_some());
    if !is_there {
        return Ok(());
    }
    let failed = |source| AppError::Index { folder: folder.to_owned(), source };
    let (index, at) = match Index::open(folder).map_err(failed)? {
        Opened::Ready(index, Some(at)) => (index, at),
        Opened::Ready(_, None) | Opened::Outdated { .. } => return Ok(()),
        Opened::Damaged { why } => {
            differences.push(format!("index: {why}"));
            return Ok(());
        }
    };
    let end = journal.position();
    if at.generation != end.generation.0 {
        return Ok(());
    }
    if end.seq < at.seq {
        let (at, end) = (at.seq, end.seq);
        differences.push(format!("index: it has seen record {at}, the journal ends at {end}"));
        return Ok(());
    }
    let changes = |kind| matches!(Kind::of(kind), Some(Kind::Inquiry | Kind::Page));
    if any_after(journal, at.seq, changes)? {
        return Ok(());
    }
    let inquiries = state.inquiries.columns().live().filter(|it| it.has_text).count() as u64;
    let (_, has) = index.searcher().counts();
    if has != inquiries {
        differences.push(format!("index: it has {has} inquiries, the journal {inquiries}"));
    }
    Ok(())
}

/// Whether a record after `after` is of a kind that `is_wanted`.
fn any_after(
    journal: &Journal,
    mut after: Seq,
    is_wanted: impl Fn(u16) -> bool,
) -> Result<bool, AppError> {
    const AT_A_TIME: usize = 500;
    loop {
        let records = journal.read(after, AT_A_TIME)?;
        let Some(last) = records.last() else { return Ok(false) };
        if records.iter().any(|it| is_wanted(it.kind)) {
            return Ok(true);
        }
        after = last.seq;
    }
}

/// The view as it stands, and how far it has come: one that was cut short is behind, not wrong,
/// and compared as far as it has come. One of another history is compared whole.
fn opened(folder: &Path, journal: &Journal) -> Result<(View, Seq), ViewError> {
    let view = View::open(folder)?;
    let end = journal.position();
    let through = match view.standing(end)? {
        Standing::Behind | Standing::Ahead => view.position()?.map_or(0, |it| it.seq),
        Standing::Empty => 0,
        Standing::Current | Standing::OtherGeneration => end.seq,
    };
    view.check()?;
    Ok((view, through))
}

fn compare(
    fresh: &View,
    kept: &View,
    tree: &'static str,
    differences: &mut Vec<String>,
) -> Result<(), AppError> {
    const SHOWN_MAX: usize = 20;
    let mut expected = std::collections::BTreeMap::new();
    for entry in fresh.scan(tree)? {
        let (key, value) = entry?;
        expected.insert(key, value);
    }
    let mut differing = vec![];
    for entry in kept.scan(tree)? {
        match entry {
            Ok((key, value)) => match expected.remove(&key) {
                Some(wanted) if wanted == value => {}
                Some(_) => differing.push(format!("view: {tree} {key} differs from the journal")),
                None => differing.push(format!("view: {tree} {key} is not in the journal")),
            },
            Err(error) => differing.push(format!("view: {tree}: {error}")),
        }
    }
    differing.extend(expected.keys().map(|key| format!("view: {tree} {key} is missing")));
    let more = differing.len().saturating_sub(SHOWN_MAX);
    differences.extend(differing.into_iter().take(SHOWN_MAX));
    if 0 < more {
        differences.push(format!("view: {tree}: {more} more"));
    }
    Ok(())
}
