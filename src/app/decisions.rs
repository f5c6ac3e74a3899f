//! Editors' decisions about gaps and settings, and corrections of inquiries.

use std::sync::Arc;

use uuid::Uuid;

use super::{App, Noted};
use crate::desk::MessageRow;
use crate::id::{Id, TopicNumber};
use crate::inquiry::redact::{Allowed, Kinds, clean_address, redact};
use crate::inquiry::{Entry, EntryError, Inquiry, InquiryEvent, InquiryRow};
use crate::journal::{Batch, Expect, JournalError, Seq};
use crate::messages::Lang;
use crate::organisation::{Names, OrganisationEvent, PlaceChange, PlaceError, Settings, Site};
use crate::page::Page;
use crate::people::{ApiTokenRow, By};
use crate::record::{Change, Event};
use crate::review::{DecideError, Gap, GapEvent, Step, check_step};
use crate::rows::Stored;
use crate::topic::TopicRow;
use crate::view::ViewError;

/// Why a decision was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionError {
    /// There is no such topic or inquiry.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// The decision is not one that can be taken.
    #[error(transparent)]
    Decide(#[from] DecideError),
    /// A name that is too long.
    #[error("a name has at most {} characters", TopicRow::NAME_CHARS_MAX)]
    Name,
    /// A spoken answer that is too long.
    #[error("a spoken answer has at most {} characters", TopicRow::ANSWER_CHARS_MAX)]
    Answer,
    /// A message to the desks that is empty or too long, or whose time has passed.
    #[error("a message has 1 to {} characters and ends in the future", MessageRow::TEXT_CHARS_MAX)]
    Message,
    /// A topic cannot be merged into itself or into one that is a part of it.
    #[error("a topic cannot be merged into itself")]
    MergeIntoItself,
    /// What was typed cannot be taken.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// Settings that cannot be.
    #[error("{0}")]
    Settings(&'static str),
    /// The lists of desks and channels cannot be so.
    #[error(transparent)]
    Place(#[from] PlaceError),
    /// Somebody else was first; show both.
    #[error("somebody else has changed this since you opened it")]
    Conflict,
    /// The journal did not take it.
    #[error("could not write the decision to the journal")]
    Journal(#[source] JournalError),
    /// What was said before could not be asked to be erased.
    #[error("could not ask for the older wording to be erased")]
    Keep(#[from] super::keeping::KeepError),
    /// The view does not follow the journal.
    #[error("could not see what was written")]
    Follow(#[from] super::AppError),
    /// The view cannot be read.
    #[error("could not read the view")]
    View(#[from] ViewError),
}

impl From<JournalError> for DecisionError {
    fn from(error: JournalError) -> Self {
        // A key that is used already: somebody else has made the very same thing first.
        match error {
            JournalError::Conflict { .. } | JournalError::KeyReused { .. } => Self::Conflict,
            other => Self::Journal(other),
        }
    }
}

/// Who decides, on the version that they have seen; none when any will do.
#[derive(Clone, Copy, Debug)]
pub struct Decider {
    /// Who.
    pub by: By,
    /// The version of the entity as seen.
    pub version: Option<u32>,
}

impl Decider {
    pub(super) fn expect(self, entity: Uuid) -> Vec<Expect> {
        self.version.map(|version| Expect { entity, version }).into_iter().collect()
    }
}

/// What an editor types may name a person as well as a caller's words do.
pub(super) fn masked(text: &str, allowed: &Allowed) -> String {
    let text: String = text.trim().chars().filter(|it| !it.is_control()).collect();
    redact(&text, allowed).text
}

impl App {
    /// Takes a step in the work on a gap. Blocks.
    pub fn step(&self, topic: TopicNumber, step: Step, who: Decider) -> Result<Seq, DecisionError> {
        let topic = self.resolve(topic).ok_or(DecisionError::Unknown("topic"))?;
        let entity = Gap::entity(topic);
        let row = self.state.gaps.get(entity);
        let step = match step {
            Step::Dismiss { reason, inquiries } => {
                Step::Dismiss { reason: masked(&reason, &self.allowed()), inquiries }
            }
            Step::LinkPage { address } => {
                Step::LinkPage { address: clean_address(&address, &self.allowed()) }
            }
            Step::Comment { text } => Step::Comment { text: masked(&text, &self.allowed()) },
            other => other,
        };
        self.check_place(&step)?;
        check_step(&step, row.as_ref().map(|it| &it.row), self.now())?;
        let action = format!("gap.{}", step.name().name());
        let event = GapEvent::Changed { topic, step, by: who.by };
        let noted = Noted { by: who.by, action: &action, target: topic.to_string() };
        self.decide((entity, who.expect(entity)), &event, noted)
    }

    /// Checks what only the settings and the people can tell of a step.
    fn check_place(&self, step: &Step) -> Result<(), DecideError> {
        match step {
            Step::LinkPage { address } => {
                let sites = self.state.settings().sites;
                let page = address.split('#').next().unwrap_or(address);
                let is_ours = sites.is_empty()
                    || sites.iter().any(|it| it.is_on_a_host(address))
                    || self.state.pages.get(Page::entity(page)).is_some();
                is_ours.then_some(()).ok_or(DecideError::NotOurs)
            }
            Step::Take { owner } => {
                let person = self.state.people.get(owner.uuid());
                let may = person.is_some_and(|it| !it.row.disabled && it.row.role.may_decide());
                may.then_some(()).ok_or(DecideError::Owner)
            }
            _ => Ok(()),
        }
    }

    /// Takes an inquiry back, or undoes that. Blocks.
    pub fn set_removed(
        &self,
        id: Id<Inquiry>,
        removed: bool,
        by: By,
    ) -> Result<Seq, DecisionError> {
        let stored = self.state.inquiries.get(id)?.ok_or(DecisionError::Unknown("inquiry"))?;
        let event = if removed {
            InquiryEvent::Removed { reason: None, by }
        } else {
            InquiryEvent::Restored { by }
        };
        let at = Change { entity: stored.id, version: Some(stored.version), now: self.now() };
        Ok(at.tell(&self.journal, &event)?)
    }

    /// Corrects an inquiry by what `change` makes of it; the new words are masked as at first.
    /// Blocks.
    pub fn edit_inquiry(
        &self,
        id: Id<Inquiry>,
        change: impl FnOnce(Entry) -> Entry,
    ) -> Result<Seq, DecisionError> {
        let stored = self.state.inquiries.get(id)?.ok_or(DecisionError::Unknown("inquiry"))?;
        let before = entry_of(id, &stored);
        let said = (before.text.clone(), before.note.clone());
        let mut entry = change(before);
        // What was kept when it was logged stays: in the same words all of it, in others the
        // numbers and addresses that stood there.
        let mut allowed = Arc::unwrap_or_clone(self.allowed());
        if (&entry.text, &entry.note) == (&said.0, &said.1) {
            entry.keep = Kinds::ALL;
        } else {
            [&said.0, &said.1].into_iter().flatten().for_each(|it| allowed.add_numbers(it));
        }
        let accepted = entry.accept(&allowed, &self.zone)?;
        let at = Change { entity: stored.id, version: Some(stored.version), now: self.now() };
        Ok(at.tell(&self.journal, &InquiryEvent::Edited(accepted.facts))?)
    }

    /// Sets the organisation's settings. Blocks.
    pub fn set_settings(&self, settings: Settings, who: Decider) -> Result<Seq, DecisionError> {
        if Settings::SITES_MAX < settings.sites.len() {
            return Err(DecisionError::Settings("there can be at most 20 sites"));
        }
        if Settings::DESKS_MAX < settings.offered_desks().count()
            || Settings::DESKS_KEPT_MAX < settings.desks.len()
        {
            return Err(DecisionError::Settings("there can be at most 60 desks"));
        }
        let is_name =
            |it: &String, max| it.chars().count() <= max && !it.contains(char::is_control);
        if !is_name(&settings.name, Settings::NAME_CHARS_MAX)
            || !settings.desks.iter().all(|it| is_name(&it.key, Entry::DESK_CHARS_MAX))
            || !settings.desks.iter().all(|it| it.names.is_within_limits())
            || !settings.channel_names.values().all(Names::is_within_limits)
        {
            return Err(DecisionError::Settings("a name is too long"));
        }
        if !settings.sites.iter().all(Site::is_within_limits) {
            return Err(DecisionError::Settings("a site's address or limits cannot be used"));
        }
        if settings.channels.is_empty() {
            return Err(DecisionError::Settings("the log screen needs a channel"));
        }
        let is_kept_anew = settings.retention != self.state.settings().retention;
        if is_kept_anew && !settings.retention.is_within_limits() {
            return Err(DecisionError::Settings("what is kept is kept for 1 to 120 months"));
        }
        // Whoever asks later why words are gone must find who shortened the time.
        let target = if is_kept_anew { "retention" } else { "organisation" }.to_owned();
        self.put_settings(settings, who, Noted { by: who.by, action: "settings.set", target })
    }

    /// Changes the lists of desks and channels. Blocks.
    ///
    /// # Errors
    /// When the lists cannot be so, or somebody else was first.
    pub fn change_places(&self, change: PlaceChange, who: Decider) -> Result<Seq, DecisionError> {
        let stored = self.state.organisation.get(Settings::entity());
        let known = stored.as_ref().map_or(0, |it| it.version);
        // What is wrong with a list that somebody else has changed is not to be told of this one.
        if who.version.is_some_and(|it| it != known) {
            return Err(DecisionError::Conflict);
        }
        let settings = stored.map_or_else(Settings::default, |it| it.row.clone());
        let change = self.masked_names(change);
        self.check_use(&change, &settings)?;
        let target = change.key(&settings);
        let settings = change.of(settings)?;
        let who = Decider { version: Some(known), ..who };
        let noted = Noted { by: who.by, action: change.action(), target };
        self.put_settings(settings, who, noted)
    }

    /// The change with names as they may be kept.
    fn masked_names(&self, change: PlaceChange) -> PlaceChange {
        let clean = |names: Names| {
            let allowed = self.allowed();
            let each = Lang::ALL.map(|lang| (lang, names.given(lang).unwrap_or_default()));
            each.into_iter().map(|(lang, name)| (lang, redact(name, &allowed).text)).collect()
        };
        match change {
            PlaceChange::AddDesk(names) => PlaceChange::AddDesk(clean(names)),
            PlaceChange::RenameDesk(key, names) => PlaceChange::RenameDesk(key, clean(names)),
            PlaceChange::RenameChannel(it, names) => PlaceChange::RenameChannel(it, clean(names)),
            other => other,
        }
    }

    /// Checks what only the log can tell: nothing that was used goes, and no desk takes the name
    /// of one that questions were logged at and that is in no list.
    fn check_use(&self, change: &PlaceChange, settings: &Settings) -> Result<(), PlaceError> {
        let is_known = |name: &str| settings.desks.iter().any(|it| it.key == name);
        let is_strange = |name: &str| !is_known(name) && self.is_desk_used(name);
        match change {
            // Before the lists are made nobody can tell.
            PlaceChange::RemoveDesk(key) if !self.is_ready() || self.is_desk_used(key) => {
                Err(PlaceError::Used)
            }
            PlaceChange::RenameDesk(_, names) if names.all().any(is_strange) => {
                Err(PlaceError::Taken)
            }
            _ => Ok(()),
        }
    }

    /// Whether anything was logged or counted at a desk, or a machine logs at it.
    pub fn is_desk_used(&self, key: &str) -> bool {
        let is_logged = self.state.inquiries.columns().desk_code(key).is_some();
        let counts = |it: &crate::inquiry::CallCount| it.desk.as_deref() == Some(key);
        let is_counted =
            || self.state.calls.all().iter().any(|it| it.row.counts().iter().any(counts));
        let logs = |it: &Arc<Stored<ApiTokenRow>>| it.row.grant.desk.as_deref() == Some(key);
        is_logged || is_counted() || self.state.tokens.all().iter().any(logs)
    }

    pub(super) fn put_settings(
        &self,
        settings: Settings,
        who: Decider,
        noted: Noted<'_>,
    ) -> Result<Seq, DecisionError> {
        let event = OrganisationEvent::Set { settings, by: who.by };
        // A record beyond it could not be shown any more.
        let bytes = serde_json::to_vec(&event).map_or(usize::MAX, |it| it.len());
        if Settings::BYTES_MAX < bytes {
            return Err(PlaceError::TooMuch.into());
        }
        self.decide((Settings::entity(), who.expect(Settings::entity())), &event, noted)
    }

    pub(super) fn decide<E: Event>(
        &self,
        (entity, expect): (Uuid, Vec<Expect>),
        event: &E,
        noted: Noted<'_>,
    ) -> Result<Seq, DecisionError> {
        // An entity that does not exist yet is still a wish of its own: its key is not its id,
        // or an undone first step could never be taken again.
        let mut batch: Batch = Change { entity, version: None, now: self.now() }.batch(event);
        batch.expect.extend(expect);
        Ok(self.append_noted(batch, noted)?)
    }
}

fn entry_of(id: Id<Inquiry>, stored: &Stored<InquiryRow>) -> Entry {
    let facts = &stored.row.facts;
    Entry {
        id,
        text: facts.text.as_ref().map(|it| it.as_str().to_owned()),
        asked: facts.asked,
        channel: facts.channel,
        desk: facts.desk.clone(),
        outcome: facts.outcome.clone(),
        note: facts.note.as_ref().map(|it| it.as_str().to_owned()),
        count: facts.count,
        counts_only: facts.text.is_none(),
        source: facts.source,
        by: facts.by,
        keep: Kinds::NONE,
    }
}
