//! Stage 4, group: inquiries that ask the same thing are a topic with a number for life.

mod demand;
mod identity;
mod kept;
mod record;
mod run;
mod surge;

use serde::{Deserialize, Serialize};

use crate::id::Named;

pub use demand::{Demand, Trend, Window, demand, holds_until};
pub use identity::{Identity, Known, identify, keep_decided};
pub use kept::{EVIDENCE_VERSION, decode_evidence, encode_evidence};
pub use record::{RunEvent, RunRow, TopicEvent, TopicRow};
pub use run::{Found, Regrouped, RunInput, read, regroup};
pub use surge::{Recent, SURGE_WINDOW, USUAL_DAYS};

/// A recurring question.
#[derive(Debug)]
pub struct Topic;

impl Named for Topic {
    const PREFIX: &'static str = "top";
}

/// One full run of the grouping.
#[derive(Debug)]
pub struct Run;

impl Named for Run {
    const PREFIX: &'static str = "run";
}

/// Whether a page can answer a topic at all.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// A page can answer.
    #[default]
    General,
    /// Only the case officer can.
    OwnCase,
    /// It is another body's to answer.
    OutsideRemit,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::General, Self::OwnCase, Self::OutsideRemit];

    /// The name in records, addresses and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::OwnCase => "own_case",
            Self::OutsideRemit => "outside_remit",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
