//! The calls that the switchboard has counted.

use askama::Template;

use crate::http::pages::{Choice, FieldError, Frame, error_of};

/// The totals of calls.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/calls.html")]
pub struct CallsPage {
    /// What is around it.
    pub f: Frame,
    /// What was brought in, the newest first.
    pub taken: Vec<CallsSeen>,
    /// So many more stand behind these.
    pub more: usize,
    /// The forms.
    pub form: CallsForm,
}

/// Totals that came together.
#[derive(Clone, Debug)]
pub struct CallsSeen {
    /// The id.
    pub id: String,
    /// The first and the last day.
    pub days: String,
    /// How many days.
    pub n_days: usize,
    /// How many calls.
    pub calls: u32,
    /// When they were brought in.
    pub at: String,
    /// By whom; none from the command line.
    pub by: Option<String>,
}

/// What the forms hold.
#[derive(Clone, Debug, Default)]
pub struct CallsForm {
    /// The day, as typed.
    pub day: String,
    /// The last day that can be counted.
    pub today: String,
    /// The desk, as typed.
    pub desk: String,
    /// The desks that are known.
    pub desks: Vec<String>,
    /// The channels.
    pub channels: Vec<Choice>,
    /// The calls, as typed.
    pub calls: String,
    /// The table, as typed.
    pub table: String,
    /// What is wrong with the table, a sentence each.
    pub bad_lines: Vec<String>,
    /// What is wrong with the day.
    pub errors: Vec<FieldError>,
}

impl CallsForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}
