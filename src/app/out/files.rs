//! Files of lists: who took which, by what filter, and how much of it.

use crate::app::decisions::masked;
use crate::app::{App, Noted};
use crate::journal::{JournalError, Seq};
use crate::people::By;
use crate::sheet::Form;

/// So much of a filter stands in the audit.
const FILTER_CHARS_MAX: usize = 300;

impl App {
    /// Notes that somebody has taken a list as a file, before it is given. What was looked for may
    /// name a person and is masked as questions are. Blocks.
    ///
    /// # Errors
    /// When the journal does not take it; then the file is not to be given.
    pub fn note_file(
        &self,
        (list, form): (&str, Form),
        filter: &str,
        (rows, by): (usize, By),
    ) -> Result<Seq, JournalError> {
        let pairs = url::form_urlencoded::parse(filter.as_bytes());
        let said: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
        let said = masked(&said.join(" "), &self.allowed());
        let said: String = said.chars().take(FILTER_CHARS_MAX).collect();
        let target = format!("{list}.{} {rows} {said}", form.ending());
        self.note(Noted { by, action: "list.file", target: target.trim().to_owned() }, true)
    }
}
