//! What leaves the service by somebody's wish, beside the letters: files, saved views of lists,
//! secret addresses, news and the webhook.

mod files;
mod hooks;
mod links;
mod news;
mod views;

use crate::hook::HookFacts;
use crate::journal::JournalError;
use crate::people::ViewFacts;
use crate::view::ViewError;

pub use hooks::{HookMessage, HookSecret};
pub use links::{LINK_DAYS_MAX, NewLink};
pub(super) use news::KnownGaps;

/// Why a wish was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutError {
    /// The name does not fit.
    #[error("a saved view's name has 1 to {} characters", ViewFacts::NAME_CHARS_MAX)]
    Name,
    /// The filter is too long to be kept.
    #[error("a saved filter has at most {} characters", ViewFacts::QUERY_CHARS_MAX)]
    Query,
    /// The last day has passed, or lies too far ahead.
    #[error("a link holds until a day within {LINK_DAYS_MAX} days")]
    Until,
    /// The address is none that may be asked.
    #[error(
        "an address of a webhook begins with https:// and has at most {} characters",
        HookFacts::ADDRESS_CHARS_MAX
    )]
    Address,
    /// Nothing was chosen to tell.
    #[error("say what the webhook is to tell")]
    Nothing,
    /// There are as many as there can be.
    #[error("there are as many as there can be; take one away first")]
    TooMany,
    /// It was made before, and is not shown again.
    #[error("it was made already; what was shown then is not shown again")]
    MadeBefore,
    /// There is no such thing, or it is somebody else's.
    #[error("there is no such thing")]
    Unknown,
    /// Somebody else was first.
    #[error("somebody else was first")]
    Conflict,
    /// The secret that webhooks are signed by cannot be read or made.
    #[error("could not read the secret that webhooks are signed by")]
    Secret(#[source] std::io::Error),
    /// The view cannot be read.
    #[error("could not read the view")]
    View(#[from] ViewError),
    /// The journal did not take it.
    #[error("could not write the wish to the journal")]
    Journal(#[source] JournalError),
}

impl From<JournalError> for OutError {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Conflict { .. } => Self::Conflict,
            other => Self::Journal(other),
        }
    }
}
