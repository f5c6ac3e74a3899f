//! A person's account: a name, a role and a hashed passphrase.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::By;
use crate::messages::Lang;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// What a person may do. Each role may do what the one before may, save the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Gets the digest and sees the dashboard.
    Reader,
    /// Reads all, changes nothing.
    Auditor,
    /// Logs questions.
    Reception,
    /// Works through the gaps.
    Editor,
    /// Sets everything up.
    Admin,
}

impl Role {
    /// Whether such a person may decide about topics and gaps.
    pub const fn may_decide(self) -> bool {
        matches!(self, Self::Editor | Self::Admin)
    }

    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Reader, Self::Auditor, Self::Reception, Self::Editor, Self::Admin];

    /// The name in records and addresses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Auditor => "auditor",
            Self::Reception => "reception",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

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
    /// Another passphrase was set.
    PassphraseSet {
        /// The hashed passphrase.
        hash: String,
        /// By whom.
        by: By,
    },
    /// The role was changed.
    RoleSet {
        /// The new role.
        role: Role,
        /// By whom.
        by: By,
    },
    /// The language was changed.
    LangSet {
        /// The new language.
        lang: Lang,
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

/// A person as they stand.
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
    /// The hashed passphrase.
    pub hash: String,
    /// Whether the account is closed.
    pub disabled: bool,
}

impl fmt::Debug for PersonRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonRow").field("role", &self.role).finish_non_exhaustive()
    }
}

impl Row for PersonRow {
    type Event = PersonEvent;

    fn fold(old: Option<Self>, event: PersonEvent, _: Head) -> Option<Self> {
        if let PersonEvent::Added { login, name, role, lang, hash, by: _ } = event {
            return Some(Self { login, name, role, lang, hash, disabled: false });
        }
        let mut row = old?;
        match event {
            PersonEvent::Added { .. } => {}
            PersonEvent::PassphraseSet { hash, .. } => row.hash = hash,
            PersonEvent::RoleSet { role, .. } => row.role = role,
            PersonEvent::LangSet { lang } => row.lang = lang,
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
}
