//! A secret address: whoever has it sees one thing and nothing else. One gap for a colleague
//! without an account, or the feed of one person.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::browser_key::DayNumber;
use super::token::hex;
use super::{By, Person, Token};
use crate::id::{Id, Named, TopicNumber};
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// A secret address.
#[derive(Debug)]
pub struct Link;

impl Named for Link {
    const PREFIX: &'static str = "link";
}

/// What an address ends with: a part to find the link by, and 256 random bits. Only a hash of it
/// is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkText(String);

impl LinkText {
    /// So many hex digits are public.
    const PUBLIC_DIGITS: usize = 12;
    /// So many are secret.
    const SECRET_DIGITS: usize = 64;

    /// Makes the text of a public part, under which a link can be made once.
    pub fn random(public: &str) -> Option<Self> {
        Self::parse(&format!("{public}{}", Token::random().as_str()))
    }

    /// Reads what an address ends with.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        let fits = is_hex && text.len() == Self::PUBLIC_DIGITS + Self::SECRET_DIGITS;
        fits.then(|| Self(text.to_owned()))
    }

    /// What is given, once.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The public part.
    pub fn public(&self) -> &str {
        &self.0[..Self::PUBLIC_DIGITS]
    }

    /// The id of the link.
    pub fn id(&self) -> Id<Link> {
        Id::derived(&[b"link", self.public().as_bytes()])
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }

    /// Whether this is the text that `hash` was made of; takes as long whatever differs.
    pub fn fits(&self, hash: &str) -> bool {
        bool::from(self.hash().as_bytes().ct_eq(hash.as_bytes()))
    }
}

impl fmt::Debug for LinkText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkText(***)")
    }
}

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadsTo {
    /// One gap, or what its topic was merged into.
    Gap {
        /// The topic.
        topic: TopicNumber,
    },
    /// The feed of news, as this person may see it.
    Feed {
        /// Who.
        person: Id<Person>,
    },
}

/// What can happen to a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkEvent {
    /// It was made.
    Made {
        /// What it leads to.
        leads_to: LeadsTo,
        /// The hash of its text.
        hash: String,
        /// It holds until then; until it is ended when there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// By whom.
        by: By,
    },
    /// Somebody came by it, for the first time on a day.
    Used {
        /// The day; when within it is nobody's business.
        day: DayNumber,
    },
    /// It was ended, for good.
    Ended {
        /// By whom.
        by: By,
    },
}

impl Event for LinkEvent {
    const KIND: Kind = Kind::Link;
}

/// A link as it stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkRow {
    /// What it leads to.
    pub leads_to: LeadsTo,
    /// The hash of its text.
    pub hash: String,
    /// It holds until then.
    pub until: Option<Timestamp>,
    /// When it was made.
    pub made: Timestamp,
    /// By whom.
    pub by: By,
    /// The last day that somebody came by it.
    pub used: Option<DayNumber>,
    /// On so many days.
    pub n_days: u32,
    /// When it was ended.
    pub ended: Option<Timestamp>,
}

impl LinkRow {
    /// Whether it leads anywhere now.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.until.is_none_or(|it| now < it)
    }
}

impl fmt::Debug for LinkRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkRow").field("leads_to", &self.leads_to).finish_non_exhaustive()
    }
}

impl Row for LinkRow {
    type Event = LinkEvent;

    fn fold(old: Option<Self>, event: LinkEvent, head: Head) -> Option<Self> {
        match (old, event) {
            (None, LinkEvent::Made { leads_to, hash, until, by }) => {
                let (made, used, n_days, ended) = (head.at, None, 0, None);
                Some(Self { leads_to, hash, until, made, by, used, n_days, ended })
            }
            (Some(old), LinkEvent::Used { day }) if old.used != Some(day) => {
                Some(Self { used: Some(day), n_days: old.n_days + 1, ..old })
            }
            (Some(old), LinkEvent::Ended { by: _ }) => {
                Some(Self { ended: old.ended.or(Some(head.at)), ..old })
            }
            // It is made once, and a day counts once.
            (Some(old), LinkEvent::Made { .. } | LinkEvent::Used { .. }) => Some(old),
            (None, LinkEvent::Used { .. } | LinkEvent::Ended { .. }) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_fits_its_own_hash_alone_and_what_has_another_form_is_none() {
        let [one, other] = [0; 2].map(|_| LinkText::random("0123456789ab").unwrap());
        assert_eq!(one.id(), other.id());
        assert!(one.fits(&one.hash()) && !one.fits(&other.hash()) && !one.fits(""));
        let text = one.as_str().to_owned();
        for wrong in ["", &text[1..], &format!("{text}0"), &text.to_uppercase()] {
            assert_eq!(LinkText::parse(wrong), None, "{wrong}");
        }
        assert_eq!(LinkText::random("0123456789ag"), None);
    }
}
