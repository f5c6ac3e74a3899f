//! What a line of the audit is about, so that a reader can look at one part of the work.

/// A part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// Signing in, accounts and machines.
    Access,
    /// Gaps.
    Gaps,
    /// Topics, and the inquiries under them.
    Topics,
    /// What callers say and what pages call it.
    Words,
    /// Messages to the desk.
    Desk,
    /// What the organisation has set.
    Settings,
    /// Jobs and imports.
    Jobs,
    /// What is masked, erased, or handed out.
    Privacy,
    /// Whatever is none of these.
    Other,
}

impl Area {
    /// All of them, in the order that forms show.
    pub const ALL: [Self; 9] = [
        Self::Access,
        Self::Gaps,
        Self::Topics,
        Self::Words,
        Self::Desk,
        Self::Settings,
        Self::Jobs,
        Self::Privacy,
        Self::Other,
    ];

    /// The area of an action, such as `gap.take`.
    pub fn of(action: &str) -> Self {
        match action.split_once('.').unwrap_or((action, "")) {
            ("settings", "code_roles") => Self::Access,
            ("sign_in" | "sign_out" | "session" | "denied" | "person" | "token", _) => Self::Access,
            ("gap", _) => Self::Gaps,
            ("inquiry", "take_out" | "put_back" | "move") | ("topic", _) => Self::Topics,
            ("words", _) => Self::Words,
            ("message", _) => Self::Desk,
            ("settings" | "reader", _) => Self::Settings,
            ("job" | "import" | "mail", _) => Self::Jobs,
            ("inquiry" | "retention" | "inspection" | "list", _) => Self::Privacy,
            _ => Self::Other,
        }
    }

    /// The name in addresses and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Gaps => "gaps",
            Self::Topics => "topics",
            Self::Words => "words",
            Self::Desk => "desk",
            Self::Settings => "settings",
            Self::Jobs => "jobs",
            Self::Privacy => "privacy",
            Self::Other => "other",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_belongs_somewhere() {
        assert_eq!(Area::of("gap.take"), Area::Gaps);
        assert_eq!(Area::of("inquiry.mask"), Area::Privacy);
        assert_eq!(Area::of("inquiry.take_out"), Area::Topics);
        assert_eq!(Area::of("sign_in.code"), Area::Access);
        assert_eq!(Area::of("settings.code_roles"), Area::Access);
        assert_eq!(Area::of("reader.set"), Area::Settings);
        assert_eq!(Area::of("what.ever"), Area::Other);
        assert!(Area::ALL.into_iter().all(|it| Area::parse(it.name()) == Some(it)));
    }
}
