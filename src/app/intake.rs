//! Taking questions in: one from a screen, many from a file.

use std::collections::BTreeMap;

use super::{App, Noted};
use crate::id::Id;
use crate::inquiry::import::{self, ImportError, ImportedRow, Reading, Skipped, Table, TableKind};
use crate::inquiry::redact::{Allowed, Kinds, hide, in_order, mask, redact};
use crate::inquiry::{
    Channel, Entry, EntryError, Import, ImportEvent, Inquiry, LogError, Logged, Outcome,
    OutcomeName, Source, log, log_batch,
};
use crate::journal::{JournalError, Pending};
use crate::people::By;
use crate::record::Change;

/// What became of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOutcome {
    /// Rows that are inquiries now and were none before.
    pub added: u32,
    /// Rows that were inquiries already.
    pub again: u32,
    /// Rows that could not be read, with the reason.
    pub faults: Vec<RowFault>,
    /// How many pieces of personal data were masked.
    pub masked: usize,
    /// How many more may be personal, such as names.
    pub hints: usize,
    /// What was left out since no visitor wrote it.
    pub skipped: Skipped,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Its number as a spreadsheet shows it.
    pub row: u32,
    /// What is wrong with it.
    pub reason: String,
}

/// Why a file was not imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportFault {
    /// The file cannot be read as a table of questions.
    #[error(transparent)]
    File(#[from] ImportError),
    /// The journal did not take it.
    #[error("could not write the rows to the journal")]
    Journal(#[from] JournalError),
}

/// A file to import.
#[derive(Clone, Copy, Debug)]
pub struct ImportFile<'a> {
    /// The file's name; its ending tells the type.
    pub name: &'a str,
    /// What the rows are known by from one import to the next, the file's name as a rule.
    pub source: &'a str,
    /// The file's bytes.
    pub bytes: &'a [u8],
    /// How it is read.
    pub reading: &'a Reading,
    /// Who imports it.
    pub by: By,
}

impl App {
    /// Logs one question; it is on the disk when this returns. Blocks.
    pub fn log(&self, entry: Entry) -> Result<Logged, LogError> {
        let id = entry.id;
        if let Outcome::SameAs { inquiry } = entry.outcome
            && self.is_missing(inquiry)
        {
            return Err(EntryError::Repeats.into());
        }
        let accepted = entry.accept(&self.allowed(), &self.zone)?;
        log(&self.journal, id, &accepted, self.now())
    }

    /// Whether an inquiry is surely not in the log. The journal is asked, since what was
    /// acknowledged a moment ago, or before the view was ready, is not in the view yet.
    fn is_missing(&self, id: Id<Inquiry>) -> bool {
        self.state.inquiries.columns().of_id(id).is_none()
            && self.journal.version_of(id.uuid()).is_none()
    }

    /// Logs every row of a file that can be read. A second time adds nothing. Blocks.
    pub fn import(&self, file: ImportFile<'_>) -> Result<ImportOutcome, ImportFault> {
        let entity = Import::entity(file.bytes);
        if let Some(before) = self.state.imports.get(entity) {
            let again = before.row.added;
            return Ok(ImportOutcome { again, ..ImportOutcome::default() });
        }
        let table = import::read(file.name, file.bytes, &self.knowing_us(file.reading))?;
        import::check_days(&table)?;
        let mut outcome = ImportOutcome { skipped: table.skipped, ..ImportOutcome::default() };
        outcome.faults.extend(
            table.rejected.iter().map(|it| RowFault { row: it.row, reason: it.reason.to_string() }),
        );
        self.take_rows(&file, table, &mut outcome)?;
        outcome.faults.sort_by_key(|it| it.row);
        let rejected = u32::try_from(outcome.faults.len()).unwrap_or(u32::MAX);
        let name = hide(file.name, &self.allowed());
        let (added, by) = (outcome.added, file.by);
        let event = ImportEvent::Finished { name, added, rejected, by };
        let batch = Change { entity, version: Some(0), now: self.now() }.batch(&event);
        let target = Id::<Import>::from_uuid(entity).to_string();
        self.append_noted(batch, Noted { by, action: "import.finished", target })?;
        Ok(outcome)
    }

    /// How a file is read by somebody who knows our own websites' names.
    fn knowing_us(&self, reading: &Reading) -> Reading {
        let mut reading = reading.clone();
        for site in self.state.settings().sites {
            let host =
                url::Url::parse(&site.start).ok().and_then(|it| it.domain().map(str::to_owned));
            let domain = host.map(|it| it.strip_prefix("www.").unwrap_or(&it).to_owned());
            reading.own.extend(domain);
        }
        reading
    }

    fn take_rows(
        &self,
        file: &ImportFile<'_>,
        table: Table,
        outcome: &mut ImportOutcome,
    ) -> Result<(), JournalError> {
        /// So many rows are under way at once, so that one sync serves many.
        const UNDER_WAY_MAX: usize = 512;
        let (allowed, now, settings) = (self.allowed(), self.now(), self.state.settings());
        let mut occurrences = BTreeMap::new();
        let mut under_way: Vec<Pending> = vec![];
        // A mail is the same in whichever mailbox it lies.
        let source = if table.kind == TableKind::Mail { "mail" } else { file.source };
        let is_letters = table.kind.is_letters();
        for mut row in table.rows {
            let number = row.row;
            let same = (row.id.clone(), row.text.clone(), row.logged_at, row.channel);
            let occurrence = occurrences.entry(same).and_modify(|n| *n += 1).or_insert(0_u32);
            let id = import::row_id::<Inquiry>(source, &row, *occurrence);
            if is_letters {
                outcome.masked += hide_all(&mut row.text, &allowed);
            }
            row.desk = row.desk.map(|it| settings.desk_key(&it));
            let entry = entry_of(id, row, now, file.by);
            match entry.accept(&allowed, &self.zone) {
                Ok(accepted) => {
                    outcome.masked += accepted.masked.count;
                    outcome.hints += accepted.masked.hints;
                    under_way.push(self.journal.submit(log_batch(id, &accepted.facts, now)));
                }
                Err(error) => outcome.faults.push(fault(number, &error)),
            }
            if UNDER_WAY_MAX <= under_way.len() {
                count(&mut under_way, outcome)?;
            }
        }
        count(&mut under_way, outcome)
    }
}

/// Masks all that may be personal, for nobody stands by to say what is a name; tells how much.
fn hide_all(text: &mut String, allowed: &Allowed) -> usize {
    let found = redact(text, allowed);
    let all = in_order(found.found, found.hints);
    *text = mask(text, &all);
    all.len()
}

fn count(under_way: &mut Vec<Pending>, outcome: &mut ImportOutcome) -> Result<(), JournalError> {
    for pending in under_way.drain(..) {
        match pending.wait() {
            Ok(crate::journal::Appended::Written { .. }) => outcome.added += 1,
            // A row that was corrected since it was imported keeps its correction.
            Ok(crate::journal::Appended::Duplicate { .. })
            | Err(JournalError::KeyReused { .. }) => outcome.again += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn fault(row: u32, error: &EntryError) -> RowFault {
    RowFault { row, reason: error.to_string() }
}

fn entry_of(id: Id<Inquiry>, row: ImportedRow, now: jiff::Timestamp, by: By) -> Entry {
    let outcome = match row.outcome {
        Some(OutcomeName::Answered) => Outcome::Answered,
        Some(OutcomeName::NotOnSite) => Outcome::NotOnSite,
        Some(OutcomeName::PassedOn) => Outcome::PassedOn,
        Some(OutcomeName::OwnCase) => Outcome::OwnCase,
        // A page or a repeat without saying which says nothing.
        Some(OutcomeName::Page | OutcomeName::SameAs | OutcomeName::Unknown) | None => {
            Outcome::Unknown
        }
    };
    Entry {
        id,
        text: Some(row.text),
        asked: row.logged_at.unwrap_or(now),
        channel: row.channel.unwrap_or(Channel::Phone),
        desk: row.desk.unwrap_or_default(),
        outcome,
        note: row.note,
        count: row.count.unwrap_or(1),
        counts_only: false,
        source: Source::Import,
        by,
        keep: Kinds::NONE,
    }
}
