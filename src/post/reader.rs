//! Who gets letters, what they wish, and what stands in the way.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::Edition;
use crate::id::{Id, Named};
use crate::messages::Lang;
use crate::people::{By, Person};
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};
use crate::schedule::Rhythm;

/// Somebody who gets letters.
#[derive(Debug)]
pub struct Subscriber;

impl Named for Subscriber {
    const PREFIX: &'static str = "rdr";
}

/// How often the digest comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Often {
    /// Each week, of the week before.
    #[default]
    Weekly,
    /// Each month, of the weeks whose Thursday lies in the month before.
    Monthly,
    /// Not at all; short notices may still come.
    Never,
}

impl Often {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Weekly, Self::Monthly, Self::Never];

    /// The name in forms and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Never => "never",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a short notice tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeOf {
    /// A gap has become the reader's own.
    Assigned,
    /// A crawl has found that a mended page answers.
    Verified,
    /// A question is asked far more often than usual.
    Surge,
}

impl NoticeOf {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Assigned, Self::Verified, Self::Surge];

    /// The name in forms and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Verified => "verified",
            Self::Surge => "surge",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a reader wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wishes {
    /// How often the digest comes.
    pub often: Often,
    /// For whom it is written.
    pub edition: Edition,
    /// When in the week, by the organisation's clock; none for the time that is usual there.
    pub at: Option<Rhythm>,
    /// Whether a letter comes of a week without anything to decide.
    pub empty_too: bool,
    /// What short notices come of.
    pub notices: BTreeSet<NoticeOf>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            often: Often::Weekly,
            edition: Edition::Editors,
            at: None,
            empty_too: true,
            notices: BTreeSet::new(),
        }
    }
}

/// What a chat wants to be told in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// Slack's incoming webhook.
    Slack,
    /// A workflow of Microsoft Teams.
    Teams,
    /// Mattermost's incoming webhook.
    Mattermost,
}

impl ChatKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Slack, Self::Teams, Self::Mattermost];

    /// The name in forms and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Mattermost => "mattermost",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// A channel of a chat, which is told by its incoming webhook.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Whose.
    pub kind: ChatKind,
    /// The address; whoever has it may write there.
    pub address: String,
    /// Whether the address may lie in the organisation's own network.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_private: bool,
}

impl std::fmt::Debug for Chat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Chat({:?}, ***)", self.kind)
    }
}

/// What can happen to a reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReaderEvent {
    /// The reader is to get the digest, or is to get it otherwise.
    Added {
        /// The name for the greeting.
        name: String,
        /// The mail address; empty for a chat.
        mail: String,
        /// The language of the letter.
        lang: Lang,
        /// Who set it up.
        by: By,
        /// What the reader wants; before the second form all wanted the usual.
        #[serde(default)]
        wishes: Wishes,
        /// Whose account it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<Id<Person>>,
        /// Whether the reader is asked first, since the address lies outside the organisation.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        asks: bool,
        /// The chat, in place of a mail address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chat: Option<Chat>,
        /// What the links in the reader's letters are signed with; the first form had none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        key: String,
    },
    /// The reader was asked, and wants it.
    Agreed,
    /// The mail server will never take mail for the address.
    Refused {
        /// What it said.
        says: String,
    },
    /// Somebody has seen to the address, and it is tried anew.
    Retried {
        /// Who.
        by: By,
    },
    /// The reader is to get it no more.
    Stopped {
        /// By whom; none when it was by the link in a letter.
        by: By,
    },
}

impl Event for ReaderEvent {
    const KIND: Kind = Kind::Reader;
}

/// A mail server's last word on an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// When.
    pub at: Timestamp,
    /// What it said.
    pub says: String,
}

/// A reader as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderRow {
    /// The name for the greeting.
    pub name: String,
    /// The mail address; empty for a chat.
    pub mail: String,
    /// The language of the letter.
    pub lang: Lang,
    /// Whether it was stopped.
    pub stopped: bool,
    /// Who set it up; none when it was the reader.
    #[serde(default)]
    pub set_up_by: By,
    /// What the reader wants.
    #[serde(default)]
    pub wishes: Wishes,
    /// Whose account it is.
    #[serde(default)]
    pub person: Option<Id<Person>>,
    /// Whether the reader was asked, and has not said yes.
    #[serde(default)]
    pub waits: bool,
    /// The chat, in place of a mail address.
    #[serde(default)]
    pub chat: Option<Chat>,
    /// Since when letters come; what was due before is not made up for.
    #[serde(default = "long_ago")]
    pub since: Timestamp,
    /// When it was last said what is wanted: short notices tell of nothing before.
    #[serde(default = "long_ago")]
    pub wished: Timestamp,
    /// Why nothing is sent, though it is wanted.
    #[serde(default)]
    pub refused: Option<Refusal>,
    /// What the links in the letters are signed with; the first one stays.
    #[serde(default)]
    pub key: String,
}

const fn long_ago() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

impl ReaderRow {
    /// Whether letters may go there: it is wanted, and nothing stands in the way.
    pub const fn is_open(&self) -> bool {
        !self.stopped && !self.waits && self.refused.is_none()
    }
}

impl Row for ReaderRow {
    type Event = ReaderEvent;

    fn fold(old: Option<Self>, event: ReaderEvent, head: Head) -> Option<Self> {
        match event {
            ReaderEvent::Added { name, mail, lang, by, wishes, person, asks, chat, key } => {
                let before = old.as_ref().filter(|it| !it.stopped);
                // Nor is one whose first wish came by a clock that was ahead left out until then.
                let since = before.map_or(head.at, |it| it.since.min(head.at));
                // Whoever has said yes is not asked again for another wish.
                let waits = asks && before.is_none_or(|it| it.waits);
                let key_before = old.as_ref().map(|it| &it.key).filter(|it| !it.is_empty());
                let key = key_before.cloned().unwrap_or(key);
                let (set_up_by, person) = match before {
                    Some(it) => (it.set_up_by, person.or(it.person)),
                    None => (by, person),
                };
                Some(Self {
                    name,
                    mail,
                    lang,
                    stopped: false,
                    set_up_by,
                    wishes,
                    person,
                    waits,
                    chat,
                    since,
                    wished: head.at,
                    refused: None,
                    key,
                })
            }
            ReaderEvent::Agreed => old.map(|old| {
                let since = if old.waits { head.at } else { old.since };
                Self { waits: false, since, ..old }
            }),
            ReaderEvent::Refused { says } => {
                old.map(|old| Self { refused: Some(Refusal { at: head.at, says }), ..old })
            }
            ReaderEvent::Retried { by: _ } => old.map(|old| Self { refused: None, ..old }),
            ReaderEvent::Stopped { by: _ } => old.map(|old| Self { stopped: true, ..old }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn added(asks: bool, by: By) -> ReaderEvent {
        let (name, mail) = ("Kari".to_owned(), "kari@example.org".to_owned());
        let (wishes, lang) = (Wishes::default(), Lang::Nn);
        let key = String::new();
        ReaderEvent::Added { name, mail, lang, by, wishes, person: None, asks, chat: None, key }
    }

    fn fold(events: &[(&str, ReaderEvent)]) -> ReaderRow {
        let mut row = None;
        for (seq, (when, event)) in events.iter().enumerate() {
            row = ReaderRow::fold(row, event.clone(), Head { seq: seq as u64, at: at(when) });
        }
        row.expect("added")
    }

    const MONDAY: &str = "2026-03-02T07:00:00Z";
    const TUESDAY: &str = "2026-03-03T07:00:00Z";

    #[test]
    fn another_wish_changes_neither_who_set_it_up_nor_since_when() {
        let (who, other) = (Some(Id::derived(&[b"a"])), Some(Id::derived(&[b"b"])));
        let row = fold(&[(MONDAY, added(false, who)), (TUESDAY, added(false, other))]);
        assert_eq!((row.set_up_by, row.since), (who, at(MONDAY)));
        let stopped = ReaderEvent::Stopped { by: None };
        let back =
            fold(&[(MONDAY, added(false, who)), (MONDAY, stopped), (TUESDAY, added(false, other))]);
        assert_eq!((back.set_up_by, back.since, back.is_open()), (other, at(TUESDAY), true));
    }

    #[test]
    fn whoever_is_asked_gets_nothing_until_the_answer_and_is_asked_once() {
        let asked = fold(&[(MONDAY, added(true, None))]);
        assert!(asked.waits && !asked.is_open());
        let twice = fold(&[(MONDAY, added(true, None)), (TUESDAY, added(true, None))]);
        assert!(twice.waits);
        let agreed = fold(&[
            (MONDAY, added(true, None)),
            (TUESDAY, ReaderEvent::Agreed),
            (TUESDAY, added(true, None)),
        ]);
        assert!(agreed.is_open());
        assert_eq!(agreed.since, at(TUESDAY), "not from when somebody else wished it");
    }

    #[test]
    fn an_address_that_is_refused_is_closed_until_somebody_sees_to_it() {
        let refused = ReaderEvent::Refused { says: "550 no such user".to_owned() };
        let row = fold(&[(MONDAY, added(false, None)), (TUESDAY, refused.clone())]);
        assert!(!row.is_open());
        assert_eq!(row.refused.map(|it| it.says).as_deref(), Some("550 no such user"));
        let retried = ReaderEvent::Retried { by: None };
        let row = fold(&[(MONDAY, added(false, None)), (TUESDAY, refused), (TUESDAY, retried)]);
        assert!(row.is_open());
    }

    #[test]
    fn what_the_first_form_did_not_know_is_as_usual() {
        let text = r#"{"added":{"name":"Kari","mail":"kari@example.org","lang":"nn","by":null}}"#;
        let event: ReaderEvent = serde_json::from_str(text).unwrap();
        assert_eq!(event, added(false, None));
    }
}
