//! Stage 1, log: the question in the caller's words.

mod batch;
mod brief;
mod calls;
mod columns;
mod entry;
pub mod import;
mod imported;
mod log;
mod record;
pub mod redact;
mod sums;
mod tally;
mod timing;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use batch::{BATCH_LINES_MAX, BatchError, BatchLine, read_batch};
pub use brief::{Brief, DeskCode, Standing};
pub use calls::{
    CallCount, CallEvent, CallFault, CallImport, CallLineFault, CallRow, CallTotals, CallsTold,
    Day, read_calls,
};
pub use columns::{Columns, Inquiries, Line};
pub use entry::{Accepted, Entry, EntryError, Masked};
pub use imported::{Import, ImportEvent, ImportRow};
pub use log::{LogError, Logged, edit, log, log_batch, remove, restore};
pub use record::{InquiryEvent, InquiryFacts, InquiryRow, Source, TakenOut};
use skranke_index::Language;
pub use sums::{Quality, WeekSums};
pub use tally::Tally;
pub use timing::{Lengths, Times, Timing, TimingEvent, TimingRow, Took};

use crate::id::{Id, Named};

/// One question asked once.
#[derive(Debug)]
pub struct Inquiry;

impl Named for Inquiry {
    const PREFIX: &'static str = "inq";
}

/// The question after redaction, trimmed and within its limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Question(String);

impl Question {
    /// The longest question that is accepted.
    pub const CHARS_MAX: usize = 2_000;

    /// Wraps text that has passed redaction; `None` when nothing is left of it.
    pub fn redacted(text: &str) -> Option<Self> {
        // What cannot be seen was seen through by the redaction; it is not kept.
        let is_seen = |it: &char| !it.is_control() || matches!(it, '\n' | '\t');
        let text: String = text.trim().chars().filter(is_seen).collect();
        let count = text.chars().count();
        (0 < count && count <= Self::CHARS_MAX).then_some(Self(text))
    }

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether something was masked in it.
    pub fn is_masked(&self) -> bool {
        self.0.contains('[') && redact::Kind::ALL.iter().any(|it| self.0.contains(it.mask()))
    }
}

/// How a question came.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By telephone.
    #[default]
    Phone,
    /// Over the counter.
    Desk,
    /// By e-mail.
    Email,
    /// By chat.
    Chat,
    /// In social media.
    Social,
    /// On paper.
    Letter,
    /// A search on the website that found nothing; counted apart.
    SiteSearch,
    /// A "did you find it" box; counted apart.
    Feedback,
}

impl Channel {
    /// All of them, in the order that forms show.
    pub const ALL: [Self; 8] = [
        Self::Phone,
        Self::Desk,
        Self::Email,
        Self::Chat,
        Self::Social,
        Self::Letter,
        Self::SiteSearch,
        Self::Feedback,
    ];

    /// Whether somebody asked somebody. A search or a piece of feedback is a signal: it is counted
    /// apart and never among what people have asked.
    pub const fn is_contact(self) -> bool {
        match self {
            Self::Phone | Self::Desk | Self::Email | Self::Chat | Self::Social | Self::Letter => {
                true
            }
            Self::SiteSearch | Self::Feedback => false,
        }
    }

    /// The name in records, addresses and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Desk => "desk",
            Self::Email => "email",
            Self::Chat => "chat",
            Self::Social => "social",
            Self::Letter => "letter",
            Self::SiteSearch => "site_search",
            Self::Feedback => "feedback",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What happened with a question. Only `Page` and `NotOnSite` are evidence about the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "name")]
pub enum Outcome {
    /// Answered from a page of the site.
    Page {
        /// The page's address.
        address: String,
    },
    /// The same question as one that was asked before.
    SameAs {
        /// The inquiry whose words it repeats.
        inquiry: Id<Inquiry>,
    },
    /// Answered by word of mouth, not from the site.
    Answered,
    /// Said expressly: the site does not have it.
    NotOnSite,
    /// Handed to somebody else.
    PassedOn,
    /// About the caller's own case; no page can answer.
    OwnCase,
    /// Nothing was said: Enter alone.
    #[default]
    Unknown,
}

/// The name of an outcome without what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeName {
    /// `Outcome::Page`.
    Page,
    /// `Outcome::SameAs`.
    SameAs,
    /// `Outcome::Answered`.
    Answered,
    /// `Outcome::NotOnSite`.
    NotOnSite,
    /// `Outcome::PassedOn`.
    PassedOn,
    /// `Outcome::OwnCase`.
    OwnCase,
    /// `Outcome::Unknown`.
    Unknown,
}

impl OutcomeName {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Page,
        Self::SameAs,
        Self::Answered,
        Self::NotOnSite,
        Self::PassedOn,
        Self::OwnCase,
        Self::Unknown,
    ];

    /// The name in records, addresses and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::SameAs => "same_as",
            Self::Answered => "answered",
            Self::NotOnSite => "not_on_site",
            Self::PassedOn => "passed_on",
            Self::OwnCase => "own_case",
            Self::Unknown => "unknown",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl Outcome {
    /// The bare name.
    pub const fn name(&self) -> OutcomeName {
        match self {
            Self::Page { .. } => OutcomeName::Page,
            Self::SameAs { .. } => OutcomeName::SameAs,
            Self::Answered => OutcomeName::Answered,
            Self::NotOnSite => OutcomeName::NotOnSite,
            Self::PassedOn => OutcomeName::PassedOn,
            Self::OwnCase => OutcomeName::OwnCase,
            Self::Unknown => OutcomeName::Unknown,
        }
    }
}

/// The norm or language of a text, as records keep it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// Bokmål.
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
    /// Another language.
    Other,
    /// Too little to tell.
    #[default]
    Unsure,
}

impl Norm {
    /// All of them, in the order that forms show.
    pub const ALL: [Self; 5] = [Self::Nn, Self::Nb, Self::En, Self::Other, Self::Unsure];

    /// The name in records, addresses and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
            Self::Other => "other",
            Self::Unsure => "unsure",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

impl From<Language> for Norm {
    fn from(language: Language) -> Self {
        match language {
            Language::Nb => Self::Nb,
            Language::Nn => Self::Nn,
            Language::En => Self::En,
            Language::Other => Self::Other,
            Language::Unsure => Self::Unsure,
        }
    }
}

impl From<Norm> for Language {
    fn from(norm: Norm) -> Self {
        match norm {
            Norm::Nb => Self::Nb,
            Norm::Nn => Self::Nn,
            Norm::En => Self::En,
            Norm::Other => Self::Other,
            Norm::Unsure => Self::Unsure,
        }
    }
}
