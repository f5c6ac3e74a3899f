//! Reading stored texts again by today's rules: what is surely personal is masked, what may be is
//! proposed to a person, who masks it or lets it be.
//!
//! What waits is known in memory alone, so that no list of names comes to lie on the disk; the
//! next run finds it again.

mod inspect;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

use super::keeping::{KeepError, Wish};
use super::{App, AppError, DecisionError, Noted};
use crate::id::Id;
use crate::inquiry::redact::{
    Allowed, Found, Handling, Kind, Kinds, Redacted, hide, hide_likely, in_order, redact,
    redact_but,
};
use crate::inquiry::{Inquiry, InquiryEvent, InquiryFacts, InquiryRow, Question};
use crate::journal::{JournalError, Seq};
use crate::people::By;
use crate::record::Change;
use crate::rows::Stored;
use crate::schedule::Task;
use crate::view::ViewError;

pub use inspect::Inspected;

/// What the audit calls it when somebody lets a text be.
const LET_BE: &str = "inquiry.let_be";

/// Why stored texts were not read to the end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RescanError {
    /// The view cannot be read.
    #[error("could not read the inquiries")]
    View(#[from] ViewError),
    /// The journal did not take a masked text.
    #[error("could not write a masked text to the journal")]
    Journal(#[from] JournalError),
    /// The wish to mask the older wordings could not be written down.
    #[error("could not ask for the older wordings to be masked")]
    Keep(#[from] KeepError),
    /// The view does not follow.
    #[error("could not see what was written")]
    Follow(#[from] AppError),
}

/// What a run has found: numbers, and which inquiries wait for a person.
#[derive(Clone, Debug, Default)]
pub struct Rescanned {
    /// When; none before the first run since the start.
    pub at: Option<Timestamp>,
    /// Texts that were read.
    pub read: u64,
    /// Texts in which something was masked.
    pub masked: u64,
    /// How many passages of each kind were masked or wait.
    pub by_kind: BTreeMap<Kind, u64>,
    /// The inquiries that wait, by place.
    pub waiting: BTreeMap<Seq, Id<Inquiry>>,
}

/// What was found last.
#[derive(Default)]
pub(super) struct Rescans(Mutex<Rescanned>);

/// An inquiry that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The inquiry.
    pub id: Id<Inquiry>,
    /// Its question and its answer, as far as there is something in them.
    pub texts: Vec<ProposedText>,
}

/// A text and what may be personal in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposedText {
    /// The text.
    pub text: String,
    /// The passages, in bytes.
    pub passages: Vec<Found>,
}

impl App {
    /// What the last run has found.
    pub fn rescanned(&self) -> Rescanned {
        self.rescans.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads every stored text, masks what is surely personal, and remembers what waits for a
    /// person. Blocks, for seconds. Twice masks nothing more.
    ///
    /// # Errors
    /// When the texts cannot be read or changed.
    pub fn rescan(&self, task: &Task) -> Result<Rescanned, RescanError> {
        self.settle()?;
        let (allowed, let_be) = (self.allowed(), self.let_be_at());
        let seqs: Vec<Seq> = self.state.inquiries.columns().live().map(|it| it.seq).collect();
        task.begin("jobs.step.privacy", u64::try_from(seqs.len()).ok());
        let mut run = Rescanned { at: Some(self.now()), ..Rescanned::default() };
        let mut changed = vec![];
        for seq in seqs {
            task.advance();
            if task.is_stopped() {
                break;
            }
            let Some(stored) = self.state.inquiries.at(seq)? else { continue };
            let id = Id::<Inquiry>::from_uuid(stored.id);
            run.read += said(&stored.row.facts).count() as u64;
            if self.mask_surely(&stored, &allowed, &mut run)? {
                changed.push(id);
            }
            let left = proposed(&stored.row.facts, &allowed);
            let passages = || left.iter().flat_map(|it| &it.passages);
            let was_seen = let_be.get(&stored.id).is_some_and(|it| stored.last <= *it);
            if passages().next().is_some() && !was_seen {
                passages().for_each(|it| *run.by_kind.entry(it.kind).or_default() += 1);
                run.waiting.insert(seq, id);
            }
        }
        self.wish_masked(&changed)?;
        Wish::bring_up(&self.data)?;
        *self.rescans.0.lock().unwrap_or_else(PoisonError::into_inner) = run.clone();
        Ok(run)
    }

    /// Masks what nobody may keep; false when there is nothing, or somebody was first.
    fn mask_surely(
        &self,
        stored: &Stored<InquiryRow>,
        allowed: &Allowed,
        run: &mut Rescanned,
    ) -> Result<bool, JournalError> {
        let mut found = vec![];
        let facts = replaced(&stored.row.facts, |text| {
            let redacted = redact_but(text, allowed, Kinds::ALL);
            found.extend(redacted.found.iter().map(|it| it.kind));
            redacted.text
        });
        if found.is_empty() {
            return Ok(false);
        }
        let at = Change { entity: stored.id, version: Some(stored.version), now: self.now() };
        match at.tell(&self.journal, &InquiryEvent::Edited(facts)) {
            Ok(_) => {
                run.masked += 1;
                found.into_iter().for_each(|it| *run.by_kind.entry(it).or_default() += 1);
                Ok(true)
            }
            Err(JournalError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Asks that what these inquiries said before goes from the journal as well. A history is
    /// rewritten only while nobody has it open: at the next opening of the data folder.
    fn wish_masked(&self, ids: &[Id<Inquiry>]) -> Result<(), KeepError> {
        let at = self.now();
        ids.iter().try_for_each(|id| Wish::Mask { id: *id, at }.append(&self.data))
    }

    /// Inquiries that somebody has looked at and let be, and the place of that in the journal.
    fn let_be_at(&self) -> HashMap<Uuid, Seq> {
        let audit = self.state.audit.read();
        let lines = audit.iter().filter(|it| it.row.action == LET_BE);
        let id = |target: &str| target.parse::<Id<Inquiry>>().ok().map(|it| it.uuid());
        lines.filter_map(|it| Some((id(&it.row.target)?, it.last))).collect()
    }

    /// The first inquiries that wait, at most so many, with what may be personal in them.
    ///
    /// # Errors
    /// When the view cannot be read.
    pub fn proposals(&self, n_max: usize) -> Result<Vec<Proposal>, ViewError> {
        let (allowed, waiting) = (self.allowed(), self.rescanned().waiting);
        let mut proposals = vec![];
        for (seq, id) in waiting {
            if n_max <= proposals.len() {
                break;
            }
            let stored = self.state.inquiries.at(seq)?.filter(|it| !it.row.removed);
            let texts = stored.map(|it| proposed(&it.row.facts, &allowed)).unwrap_or_default();
            if texts.is_empty() {
                self.waits_no_longer(id);
            } else {
                proposals.push(Proposal { id, texts });
            }
        }
        Ok(proposals)
    }

    /// Masks all that may be personal in an inquiry. Blocks.
    ///
    /// # Errors
    /// When there is no such inquiry, or somebody else has changed it.
    pub fn mask_proposed(&self, id: Id<Inquiry>, by: By) -> Result<(), DecisionError> {
        let allowed = self.allowed();
        if self.mask_further(id, by, |text| hide(text, &allowed))? {
            self.wish_masked(&[id])?;
        }
        Ok(())
    }

    /// Masks what is only likely to be personal, as names: what was kept on purpose stays. What
    /// it said before goes from the journal at night, since desks are at work now. Blocks.
    ///
    /// # Errors
    /// When there is no such inquiry, or somebody else has changed it.
    pub fn mask_names(&self, id: Id<Inquiry>, by: By) -> Result<(), DecisionError> {
        let allowed = self.allowed();
        self.mask_further(id, by, |text| hide_likely(text, &allowed)).map(drop)
    }

    /// Masks more of an inquiry; tells whether there was anything.
    fn mask_further(
        &self,
        id: Id<Inquiry>,
        by: By,
        change: impl FnMut(&str) -> String,
    ) -> Result<bool, DecisionError> {
        let stored = self.state.inquiries.get(id)?.ok_or(DecisionError::Unknown("inquiry"))?;
        let facts = replaced(&stored.row.facts, change);
        let is_changed = facts != stored.row.facts;
        if is_changed {
            // First: a wish without a change does no harm, a change without its wish leaves the
            // older wording for ever.
            Wish::Mask { id, at: self.now() }.append_for_tonight(&self.data)?;
            let at = Change { entity: stored.id, version: Some(stored.version), now: self.now() };
            let batch = at.batch(&InquiryEvent::Edited(facts));
            let noted = Noted { by, action: "inquiry.mask", target: id.to_string() };
            self.append_noted(batch, noted)?;
        }
        self.waits_no_longer(id);
        Ok(is_changed)
    }

    /// Lets an inquiry be as it is, until somebody changes it. Blocks.
    ///
    /// # Errors
    /// When there is no such inquiry, or the journal does not take it.
    pub fn let_be(&self, id: Id<Inquiry>, by: By) -> Result<(), DecisionError> {
        self.state.inquiries.get(id)?.ok_or(DecisionError::Unknown("inquiry"))?;
        self.note(Noted { by, action: LET_BE, target: id.to_string() }, true)?;
        self.waits_no_longer(id);
        Ok(())
    }

    fn waits_no_longer(&self, id: Id<Inquiry>) {
        let mut last = self.rescans.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.waiting.retain(|_, it| *it != id);
    }
}

fn said(facts: &InquiryFacts) -> impl Iterator<Item = &Question> {
    [&facts.text, &facts.note].into_iter().flatten()
}

/// The facts with other words.
fn replaced(facts: &InquiryFacts, mut change: impl FnMut(&str) -> String) -> InquiryFacts {
    let mut changed = |said: &Option<Question>| {
        said.as_ref().and_then(|it| Question::redacted(&change(it.as_str())))
    };
    let (text, note) = (changed(&facts.text), changed(&facts.note));
    InquiryFacts { text, note, ..facts.clone() }
}

/// What may be personal and stands in the texts: names, plates, and what could have been kept.
fn proposed(facts: &InquiryFacts, allowed: &Allowed) -> Vec<ProposedText> {
    let of = |it: &Question| {
        let text = it.as_str().to_owned();
        let Redacted { found, hints, .. } = redact(&text, allowed);
        let mut passages = in_order(found, hints);
        passages.retain(|it| it.kind.handling() != Handling::Always);
        ProposedText { text, passages }
    };
    said(facts).map(of).filter(|it| !it.passages.is_empty()).collect()
}
