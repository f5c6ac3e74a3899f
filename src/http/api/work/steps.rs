//! The steps in the work on a gap, as they are sent.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// A step in the work on a gap.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::http) enum StepWanted {
    /// The asker takes it; a machine assigns it.
    Take {},
    /// Somebody is to have it.
    Assign {
        /// A person's id.
        #[schemars(length(max = 60))]
        owner: String,
    },
    /// It is given back.
    Release {},
    /// A page answers it.
    LinkPage {
        /// The page's address.
        #[schemars(length(max = 1_000))]
        address: String,
    },
    /// It is no gap.
    Dismiss {
        /// Why.
        #[schemars(length(min = 1, max = 300))]
        reason: String,
    },
    /// Not until this day is over.
    Snooze {
        /// The last day.
        until: Date,
    },
    /// It is to be done by the end of a day; null takes the day away.
    Due {
        /// The day.
        day: Option<Date>,
    },
    /// Something is said about it.
    Comment {
        /// The words.
        #[schemars(length(min = 1, max = 300))]
        text: String,
    },
    /// The linked page is read once more now.
    LookAgain {},
    /// It is opened again.
    Reopen {},
    /// The step before did not happen.
    Undo {},
}
