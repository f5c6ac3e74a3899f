//! Saved views of lists: saved, given another name, deleted and put back.

use std::sync::Arc;

use super::OutError;
use crate::app::decisions::masked;
use crate::app::{App, Noted};
use crate::id::Id;
use crate::people::{Person, SavedView, ViewEvent, ViewFacts, ViewOf, ViewRow};
use crate::record::Change;
use crate::rows::Stored;

impl App {
    /// The views of a list that a person sees, their own first, by name.
    pub fn views_of(&self, of: ViewOf, person: Id<Person>) -> Vec<Arc<Stored<ViewRow>>> {
        let is_seen = |it: &Arc<Stored<ViewRow>>| {
            let row = &it.row;
            row.facts.of == of && !row.removed && (row.owner == person || row.facts.is_shared)
        };
        let mut views: Vec<_> = self.state.saved_views.all().into_iter().filter(is_seen).collect();
        views.sort_by_key(|it| (it.row.owner != person, it.row.facts.name.to_lowercase()));
        views
    }

    /// All views of a person, deleted ones too, the last change first.
    pub fn own_views(&self, person: Id<Person>) -> Vec<Arc<Stored<ViewRow>>> {
        let mut views = self.state.saved_views.all();
        views.retain(|it| it.row.owner == person);
        views.sort_by_key(|it| std::cmp::Reverse(it.last));
        views
    }

    /// Saves a view, or gives one of one's own another name; `version` is what was seen of it.
    /// Blocks.
    pub fn put_view(
        &self,
        id: Option<(Id<SavedView>, u32)>,
        facts: ViewFacts,
        by: Id<Person>,
    ) -> Result<Id<SavedView>, OutError> {
        let facts = self.clean_view(facts)?;
        let now = self.now();
        let (id, version) = match id {
            Some((id, version)) => (self.own_view(id, by)?, version),
            None => {
                self.check_room(by)?;
                (Id::new(now), 0)
            }
        };
        let event = ViewEvent::Put { facts, by };
        let change = Change { entity: id.uuid(), version: Some(version), now };
        let noted = Noted { by: Some(by), action: "view.put", target: id.to_string() };
        self.append_noted(change.batch(&event), noted)?;
        Ok(id)
    }

    /// Saves a view under an id; the same once more adds nothing. Blocks.
    pub fn add_view(
        &self,
        id: Id<SavedView>,
        facts: ViewFacts,
        by: Id<Person>,
    ) -> Result<(), OutError> {
        let facts = self.clean_view(facts)?;
        if self.journal.version_of(id.uuid()).is_none() {
            self.check_room(by)?;
        }
        let change = Change { entity: id.uuid(), version: Some(0), now: self.now() };
        let noted = Noted { by: Some(by), action: "view.put", target: id.to_string() };
        let batch = change.batch(&ViewEvent::Put { facts, by });
        self.append_noted(batch, noted).map_err(OutError::Journal)?;
        Ok(())
    }

    /// Deletes a view of one's own, or puts it back. Blocks.
    pub fn set_view_removed(
        &self,
        (id, version): (Id<SavedView>, u32),
        removed: bool,
        by: Id<Person>,
    ) -> Result<(), OutError> {
        let id = self.own_view(id, by)?;
        let (event, action) = if removed {
            (ViewEvent::Removed { by }, "view.remove")
        } else {
            self.check_room(by)?;
            (ViewEvent::Restored { by }, "view.restore")
        };
        let change = Change { entity: id.uuid(), version: Some(version), now: self.now() };
        let noted = Noted { by: Some(by), action, target: id.to_string() };
        self.append_noted(change.batch(&event), noted)?;
        Ok(())
    }

    fn own_view(&self, id: Id<SavedView>, by: Id<Person>) -> Result<Id<SavedView>, OutError> {
        let row = self.state.saved_views.get(id.uuid()).filter(|it| it.row.owner == by);
        row.map(|_| id).ok_or(OutError::Unknown)
    }

    fn check_room(&self, by: Id<Person>) -> Result<(), OutError> {
        let live = self.own_views(by).iter().filter(|it| !it.row.removed).count();
        if live < ViewFacts::PER_PERSON_MAX { Ok(()) } else { Err(OutError::TooMany) }
    }

    /// Name and filter as they are kept: what was typed may name a person.
    fn clean_view(&self, facts: ViewFacts) -> Result<ViewFacts, OutError> {
        let allowed = self.allowed();
        let name = masked(&facts.name, &allowed);
        let n = name.chars().count();
        if n == 0 || ViewFacts::NAME_CHARS_MAX < n {
            return Err(OutError::Name);
        }
        let pairs = url::form_urlencoded::parse(facts.query.as_bytes());
        let kept = pairs.filter(|(key, value)| key != "page" && !value.is_empty());
        let kept = kept.map(|(key, value)| (key, masked(&value, &allowed)));
        let query =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
        if ViewFacts::QUERY_CHARS_MAX < query.len() {
            return Err(OutError::Query);
        }
        Ok(ViewFacts { name, query, ..facts })
    }
}
