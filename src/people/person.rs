//! A person's account: a name, a role, and what lets its person in.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{By, Role};
use crate::messages::Lang;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// The name that a person signs in with: lower case, without spaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Login(String);

/// Why a sign-in name cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sign-in name has 2 to {} letters, digits, dots, hyphens or @", Login::CHARS_MAX)]
pub struct LoginError;

impl Login {
    /// The longest sign-in name.
    pub const CHARS_MAX: usize = 80;

    /// Reads a sign-in name as typed.
    pub fn parse(text: &str) -> Result<Self, LoginError> {
        let text = text.trim().to_lowercase();
        let count = text.chars().count();
        let fits = text.chars().all(|it| it.is_alphanumeric() || ".-_@+".contains(it));
        ((2..=Self::CHARS_MAX).contains(&count) && fits).then_some(Self(text)).ok_or(LoginError)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who somebody is at a provider of identities. A mail address is none: addresses are given on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// The provider.
    pub issuer: String,
    /// The name that never changes there, whatever the person is called.
    pub subject: String,
}

/// A secret address by which a person sets a passphrase, once. Only a hash of it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeLink {
    /// The hash of its text.
    pub hash: String,
    /// It holds until then.
    pub until: Timestamp,
}

impl fmt::Debug for OneTimeLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneTimeLink").field("until", &self.until).finish_non_exhaustive()
    }
}

/// What can happen to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonEvent {
    /// An account was made.
    Added {
        /// The name to sign in with.
        login: Login,
        /// The name that others see.
        name: String,
        /// What the person may do.
        role: Role,
        /// The language of pages and mails.
        lang: Lang,
        /// The hashed passphrase.
        hash: String,
        /// By whom; none at the first start.
        by: By,
    },
    /// An account was made for somebody who sets the passphrase themselves.
    Invited {
        /// The name to sign in with.
        login: Login,
        /// The name that others see.
        name: String,
        /// What the person may do.
        role: Role,
        /// The language of pages and mails.
        lang: Lang,
        /// The keys of the desks that the person logs under; all when there are none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        desks: Vec<String>,
        /// The way in; none for whoever comes by a provider of identities.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<OneTimeLink>,
        /// By whom.
        by: By,
    },
    /// Somebody came by a provider of identities for the first time.
    CameBy {
        /// The name to sign in with.
        login: Login,
        /// The name that others see.
        name: String,
        /// What the person may do.
        role: Role,
        /// The language of pages and mails.
        lang: Lang,
        /// Who it is there.
        #[serde(flatten)]
        identity: Identity,
    },
    /// The account was bound to who the person is at a provider of identities.
    IdentityLinked {
        /// Who it is there.
        #[serde(flatten)]
        identity: Identity,
        /// By whom.
        by: By,
    },
    /// A one-time link was made; the one before it no longer holds.
    LinkMade {
        /// The link.
        link: OneTimeLink,
        /// By whom.
        by: By,
    },
    /// The one-time link was ended before it was used.
    LinkEnded {
        /// By whom.
        by: By,
    },
    /// Another passphrase was set. The one-time link is used up by it.
    PassphraseSet {
        /// The hashed passphrase.
        hash: String,
        /// By whom.
        by: By,
    },
    /// The same passphrase was hashed anew, by what hashes are made by now.
    PassphraseRehashed {
        /// The hashed passphrase.
        hash: String,
    },
    /// The role was changed.
    RoleSet {
        /// The new role.
        role: Role,
        /// By whom; none when a provider of identities told it.
        by: By,
    },
    /// The name that others see was changed.
    NameSet {
        /// The new name.
        name: String,
        /// By whom; none when a provider of identities told it.
        by: By,
    },
    /// The desks that the person logs under were changed.
    DesksSet {
        /// Their keys; all desks when there are none.
        desks: Vec<String>,
        /// By whom.
        by: By,
    },
    /// The language was changed.
    LangSet {
        /// The new language.
        lang: Lang,
    },
    /// A second step was set up, in place of the one before it.
    SecondStepSet {
        /// What the secret is made of, together with the data folder's own.
        public: String,
        /// The hashes of the recovery codes.
        recovery: Vec<String>,
        /// By whom.
        by: By,
    },
    /// The second step was taken away.
    SecondStepEnded {
        /// By whom.
        by: By,
    },
    /// A code of the second step was taken; neither it nor an older one is taken again.
    SecondStepUsed {
        /// The number of its time step.
        step: u64,
    },
    /// A recovery code was used up.
    RecoveryUsed {
        /// Its hash.
        hash: String,
    },
    /// The account was closed.
    Disabled {
        /// By whom.
        by: By,
    },
    /// The account was opened again.
    Enabled {
        /// By whom.
        by: By,
    },
}

impl Event for PersonEvent {
    const KIND: Kind = Kind::Person;
}

/// What somebody shows beside the passphrase.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondStep {
    /// What the secret is made of, together with the data folder's own.
    pub public: String,
    /// The hashes of the recovery codes that are left.
    pub recovery: Vec<String>,
    /// The time step of the last code that was taken.
    pub used: Option<u64>,
    /// When it was set up.
    pub since: Timestamp,
}

/// A person as they stand. A field that came later is left out where it says nothing, so that a
/// row is the same bytes whichever version of Skranke folded it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// The name to sign in with.
    pub login: Login,
    /// The name that others see.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The language of pages and mails.
    pub lang: Lang,
    /// The hashed passphrase; none before one was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Whether the account is closed.
    pub disabled: bool,
    /// Who the person is at a provider of identities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// The keys of the desks that the person logs under; all when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub desks: Vec<String>,
    /// What is asked for beside the passphrase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_step: Option<SecondStep>,
    /// The link by which a passphrase can be set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<OneTimeLink>,
}

impl fmt::Debug for PersonRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonRow").field("role", &self.role).finish_non_exhaustive()
    }
}

impl fmt::Debug for SecondStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondStep").field("since", &self.since).finish_non_exhaustive()
    }
}

impl PersonRow {
    /// Whether there is a way to come in, now that the account is open: a person who was invited
    /// and has not come yet has none.
    pub const fn has_come(&self) -> bool {
        self.hash.is_some() || self.identity.is_some()
    }

    /// A new account without anything that lets its person in.
    fn new((login, name): (Login, String), role: Role, lang: Lang) -> Self {
        Self {
            login,
            name,
            role,
            lang,
            hash: None,
            disabled: false,
            identity: None,
            desks: vec![],
            second_step: None,
            link: None,
        }
    }

    /// What the first event of an account makes.
    fn made(event: PersonEvent) -> Option<Self> {
        match event {
            PersonEvent::Added { login, name, role, lang, hash, by: _ } => {
                Some(Self { hash: Some(hash), ..Self::new((login, name), role, lang) })
            }
            PersonEvent::Invited { login, name, role, lang, desks, link, by: _ } => {
                Some(Self { desks, link, ..Self::new((login, name), role, lang) })
            }
            PersonEvent::CameBy { login, name, role, lang, identity } => {
                Some(Self { identity: Some(identity), ..Self::new((login, name), role, lang) })
            }
            _ => None,
        }
    }
}

impl Row for PersonRow {
    type Event = PersonEvent;

    fn fold(old: Option<Self>, event: PersonEvent, head: Head) -> Option<Self> {
        let Some(mut row) = old else { return Self::made(event) };
        match event {
            // An account is made once.
            PersonEvent::Added { .. }
            | PersonEvent::Invited { .. }
            | PersonEvent::CameBy { .. } => {}
            PersonEvent::IdentityLinked { identity, .. } => row.identity = Some(identity),
            PersonEvent::LinkMade { link, .. } => row.link = Some(link),
            PersonEvent::LinkEnded { .. } => row.link = None,
            PersonEvent::PassphraseSet { hash, .. } => {
                row.hash = Some(hash);
                row.link = None;
            }
            PersonEvent::PassphraseRehashed { hash } => row.hash = Some(hash),
            PersonEvent::RoleSet { role, .. } => row.role = role,
            PersonEvent::NameSet { name, .. } => row.name = name,
            PersonEvent::DesksSet { desks, .. } => row.desks = desks,
            PersonEvent::LangSet { lang } => row.lang = lang,
            PersonEvent::SecondStepSet { public, recovery, .. } => {
                let (used, since) = (None, head.at);
                row.second_step = Some(SecondStep { public, recovery, used, since });
            }
            PersonEvent::SecondStepEnded { .. } => row.second_step = None,
            PersonEvent::SecondStepUsed { step } => {
                if let Some(second) = &mut row.second_step {
                    second.used = second.used.max(Some(step));
                }
            }
            PersonEvent::RecoveryUsed { hash } => {
                if let Some(second) = &mut row.second_step {
                    second.recovery.retain(|it| *it != hash);
                }
            }
            PersonEvent::Disabled { .. } => row.disabled = true,
            PersonEvent::Enabled { .. } => row.disabled = false,
        }
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_name_is_lower_case_without_spaces() {
        assert_eq!(
            Login::parse(" Kari.Nes ").map(|it| it.as_str().to_owned()),
            Ok("kari.nes".into())
        );
        assert!(Login::parse("k").is_err());
        assert!(Login::parse("kari nes").is_err());
        assert!(Login::parse(&"k".repeat(Login::CHARS_MAX + 1)).is_err());
    }

    fn folded(events: &[serde_json::Value]) -> Option<PersonRow> {
        let at = Timestamp::UNIX_EPOCH;
        events.iter().zip(1..).fold(None, |row, (event, seq)| {
            let event = serde_json::from_value(event.clone()).unwrap();
            PersonRow::fold(row, event, Head { seq, at })
        })
    }

    fn added() -> serde_json::Value {
        serde_json::json!({"added": {
            "login": "kari", "name": "Kari Nes", "role": "editor", "lang": "nn", "hash": "h",
            "by": null
        }})
    }

    #[test]
    fn what_the_first_form_told_is_read_and_its_rows_are_the_same_bytes() {
        let row = folded(&[added()]).unwrap();
        assert_eq!((row.hash.as_deref(), row.desks.len()), (Some("h"), 0));
        let bytes = serde_json::to_string(&row).unwrap();
        let before = concat!(
            r#"{"login":"kari","name":"Kari Nes","role":"editor","lang":"nn","hash":"h","#,
            r#""disabled":false}"#
        );
        assert_eq!(bytes, before);
        assert_eq!(serde_json::from_str::<PersonRow>(before).unwrap(), row);
    }

    #[test]
    fn an_invitation_lets_nobody_in_until_a_passphrase_uses_its_link_up() {
        let until = Timestamp::UNIX_EPOCH;
        let invited = serde_json::json!({"invited": {
            "login": "kari", "name": "Kari Nes", "role": "editor", "lang": "nn",
            "link": {"hash": "l", "until": until}, "by": null
        }});
        let row = folded(std::slice::from_ref(&invited)).unwrap();
        assert!(!row.has_come() && row.link.is_some());
        let set = serde_json::json!({"passphrase_set": {"hash": "h", "by": null}});
        let row = folded(&[invited, set]).unwrap();
        assert!(row.has_come() && row.link.is_none());
    }

    #[test]
    fn a_code_or_a_recovery_code_counts_once() {
        let set = serde_json::json!({"second_step_set": {
            "public": "p", "recovery": ["a", "b"], "by": null
        }});
        let used = |step: u64| serde_json::json!({"second_step_used": {"step": step}});
        let recovery = serde_json::json!({"recovery_used": {"hash": "a"}});
        let row = folded(&[added(), set, used(7), used(5), recovery]).unwrap();
        let second = row.second_step.unwrap();
        assert_eq!((second.used, second.recovery), (Some(7), vec!["b".to_owned()]));
        let ended = serde_json::json!({"second_step_ended": {"by": null}});
        assert_eq!(folded(&[added(), used(7), ended]).unwrap().second_step, None);
    }

    #[test]
    fn whoever_came_by_a_provider_is_known_by_issuer_and_subject() {
        let came = serde_json::json!({"came_by": {
            "login": "kari", "name": "Kari Nes", "role": "editor", "lang": "nn",
            "issuer": "https://id.example", "subject": "s-1"
        }});
        let row = folded(&[came.clone(), added()]).unwrap();
        assert_eq!(row.identity.as_ref().map(|it| it.subject.as_str()), Some("s-1"));
        assert_eq!(row.hash, None, "an account is made once");
    }
}
