//! What the demo's editors did, and who they are.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::Deserialize;

use super::calendar::Calendar;
use super::content::{self, DemoError};
use super::inquiries::DemoInquiry;

/// Somebody who signs in to the demo.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoPerson {
    /// The name to sign in with.
    pub sign_in: String,
    /// The name on the screens.
    pub name: String,
    /// reception, editor or admin.
    pub role: String,
}

/// One thing that an editor did to the topic of an inquiry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAction {
    /// When.
    pub at: Timestamp,
    /// The sign-in name of who did it.
    pub who: String,
    /// The words of the inquiry whose topic is meant, as noted.
    pub about: String,
    /// The place of that inquiry in the list of inquiries.
    pub inquiry: usize,
    /// What was done.
    pub step: DemoStep,
}

/// What an editor can do to a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DemoStep {
    /// Takes it on.
    Take,
    /// Says that a page answers it.
    Link {
        /// The page's path.
        page: String,
    },
    /// Says that it is no gap.
    Dismiss {
        /// Why.
        reason: String,
    },
    /// Puts it off.
    Snooze {
        /// Until then.
        until: Timestamp,
    },
    /// Names it.
    Rename {
        /// The name.
        name: String,
    },
    /// Joins it into the topic of another inquiry.
    Merge {
        /// The place of that inquiry in the list of inquiries.
        into: usize,
    },
    /// Says who can answer.
    SetScope {
        /// general, `own_case` or `outside_remit`.
        scope: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    person: Vec<DemoPerson>,
    action: Vec<Written>,
}

#[derive(Deserialize)]
struct Written {
    week: u8,
    day: u8,
    time: String,
    who: String,
    about: String,
    #[serde(flatten)]
    step: WrittenStep,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", tag = "step")]
enum WrittenStep {
    Take,
    Link { page: String },
    Dismiss { reason: String },
    Snooze { days: u8 },
    Rename { name: String },
    Merge { into: String },
    SetScope { scope: String },
}

const FILE: &str = "actions.toml";

/// The three who sign in.
pub fn people() -> Result<Vec<DemoPerson>, DemoError> {
    Ok(content::table::<File>(FILE)?.person)
}

/// All actions by time, on the inquiries that `generate` made for the same calendar.
pub fn actions(
    calendar: &Calendar,
    inquiries: &[DemoInquiry],
) -> Result<Vec<DemoAction>, DemoError> {
    let mut actions = content::table::<File>(FILE)?
        .action
        .into_iter()
        .map(|written| action(written, calendar, inquiries))
        .collect::<Result<Vec<DemoAction>, DemoError>>()?;
    actions.sort_by_key(|action| action.at);
    Ok(actions)
}

fn action(
    written: Written,
    calendar: &Calendar,
    inquiries: &[DemoInquiry],
) -> Result<DemoAction, DemoError> {
    let Written { week, day, time, who, about, step } = written;
    let clock: Time = time.parse().map_err(|_| DemoError::Time(time))?;
    let at = calendar.at(week, day, clock);
    let find = |words: &str| {
        let asked = |it: &DemoInquiry| it.at < at && it.text.as_deref() == Some(words);
        inquiries.iter().position(asked).ok_or_else(|| DemoError::Unasked(words.to_owned()))
    };
    let inquiry = find(&about)?;
    let step = match step {
        WrittenStep::Take => DemoStep::Take,
        WrittenStep::Link { page } => DemoStep::Link { page },
        WrittenStep::Dismiss { reason } => DemoStep::Dismiss { reason },
        WrittenStep::Snooze { days } => {
            let hours = i64::from(days) * 24;
            DemoStep::Snooze { until: at + jiff::SignedDuration::from_hours(hours) }
        }
        WrittenStep::Rename { name } => DemoStep::Rename { name },
        WrittenStep::Merge { into } => DemoStep::Merge { into: find(&into)? },
        WrittenStep::SetScope { scope } => DemoStep::SetScope { scope },
    };
    Ok(DemoAction { at, who, about, inquiry, step })
}
