//! Secret addresses: made and shown once, followed by whoever has them, ended for good.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::OutError;
use crate::app::{App, Noted};
use crate::id::{Id, TopicNumber};
use crate::journal::JournalError;
use crate::people::{BrowserKeys, By, LeadsTo, Link, LinkEvent, LinkRow, LinkText, Person, Role};
use crate::record::Change;
use crate::rows::Stored;

/// A link to a gap holds for so many days at most.
pub const LINK_DAYS_MAX: i64 = 90;
/// So many links of one gap hold at once.
const LINKS_PER_GAP_MAX: usize = 20;

/// A link to be made.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// The public part; sending it twice makes one link.
    pub public: String,
    /// What it leads to.
    pub leads_to: LeadsTo,
    /// It holds until then; a link to a gap always has an end.
    pub until: Option<Timestamp>,
}

impl App {
    /// Makes a link. What is returned is shown once; nothing can tell it again. A person has one
    /// feed: making another ends the one before. Blocks.
    pub fn make_link(&self, new: NewLink, by: By) -> Result<LinkText, OutError> {
        let text = LinkText::random(&new.public).ok_or(OutError::Unknown)?;
        let now = self.now();
        let (action, target, before) = match new.leads_to {
            LeadsTo::Gap { topic } => {
                // The end of a day may lie some hours beyond so many days from now.
                let last = now + SignedDuration::from_hours(24 * (LINK_DAYS_MAX + 1));
                if new.until.is_none_or(|it| it <= now || last < it) {
                    return Err(OutError::Until);
                }
                if LINKS_PER_GAP_MAX <= self.links_of(topic).len() {
                    return Err(OutError::TooMany);
                }
                ("gap.share", topic.to_string(), None)
            }
            LeadsTo::Feed { person } => ("feed.made", person.to_string(), self.feed_of(person)),
        };
        let event =
            LinkEvent::Made { leads_to: new.leads_to, hash: text.hash(), until: new.until, by };
        let change = Change { entity: text.id().uuid(), version: Some(0), now };
        match self.append_noted(change.batch(&event), Noted { by, action, target }) {
            Ok(_) => {}
            Err(JournalError::Conflict { .. } | JournalError::KeyReused { .. }) => {
                return Err(OutError::MadeBefore);
            }
            Err(error) => return Err(error.into()),
        }
        if let Some(before) = before {
            self.end_link(Id::from_uuid(before.id), by)?;
        }
        Ok(text)
    }

    /// Ends a link; a second time changes nothing. Blocks.
    pub fn end_link(&self, id: Id<Link>, by: By) -> Result<(), OutError> {
        let stored = self.state.links.get(id.uuid()).ok_or(OutError::Unknown)?;
        if stored.row.ended.is_some() {
            return Ok(());
        }
        let (action, target) = match stored.row.leads_to {
            LeadsTo::Gap { topic } => ("gap.unshare", topic.to_string()),
            LeadsTo::Feed { person } => ("feed.ended", person.to_string()),
        };
        let change = Change { entity: stored.id, version: None, now: self.now() };
        self.append_noted(change.batch(&LinkEvent::Ended { by }), Noted { by, action, target })?;
        Ok(())
    }

    /// The links that hold now of a gap and of what was merged into it, the newest first.
    pub fn links_of(&self, topic: TopicNumber) -> Vec<Arc<Stored<LinkRow>>> {
        let (now, whole) = (self.now(), self.resolve(topic));
        let is_of = |it: &Arc<Stored<LinkRow>>| match it.row.leads_to {
            LeadsTo::Gap { topic } => it.row.holds(now) && self.resolve(topic) == whole,
            LeadsTo::Feed { .. } => false,
        };
        let mut links: Vec<_> = self.state.links.all().into_iter().filter(is_of).collect();
        links.reverse();
        links
    }

    /// The feed's link of a person, if it holds.
    pub fn feed_of(&self, person: Id<Person>) -> Option<Arc<Stored<LinkRow>>> {
        let now = self.now();
        let is_of = |it: &&Arc<Stored<LinkRow>>| {
            it.row.leads_to == LeadsTo::Feed { person } && it.row.holds(now)
        };
        self.state.links.read().iter().rev().find(is_of).cloned()
    }

    /// What a link leads to, while it holds; nothing tells why another does not.
    pub fn follow_link(&self, text: &LinkText) -> Option<Arc<Stored<LinkRow>>> {
        let stored = self.state.links.get(text.id().uuid())?;
        let holds = text.fits(&stored.row.hash) && stored.row.holds(self.now());
        let may = match stored.row.leads_to {
            LeadsTo::Gap { .. } => true,
            // The feed dies with what the person may see.
            LeadsTo::Feed { person } => self.may_read_gaps(person),
        };
        (holds && may).then_some(stored)
    }

    fn may_read_gaps(&self, person: Id<Person>) -> bool {
        self.state.people.get(person.uuid()).is_some_and(|it| {
            let reads = matches!(it.row.role, Role::Auditor | Role::Editor | Role::Admin);
            reads && !it.row.disabled
        })
    }

    /// Keeps that somebody came by a link today, and nothing closer. Blocks.
    ///
    /// # Errors
    /// When the journal does not take it.
    pub fn note_link_use(&self, link: &Stored<LinkRow>) -> Result<(), JournalError> {
        let day = BrowserKeys::day(self.now());
        if link.row.used == Some(day) {
            return Ok(());
        }
        // Of several at once the first is kept.
        let change = Change { entity: link.id, version: Some(link.version), now: self.now() };
        match change.tell(&self.journal, &LinkEvent::Used { day }) {
            Ok(_) | Err(JournalError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
