//! What a person may do here.

use std::fmt;

use serde::{Deserialize, Serialize};

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
