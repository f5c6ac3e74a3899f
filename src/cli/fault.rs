//! Why a command failed, in one sentence with its causes.

use std::error::Error;
use std::fmt;
use std::path::Path;

/// A failure to be told on standard error.
#[derive(Debug)]
pub(super) struct Fault(String);

impl Fault {
    /// A failure that is told as it stands.
    pub(super) fn new(told: String) -> Self {
        Self(told)
    }

    /// Says what was being done with a file.
    pub(super) fn file(doing: &str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self(format!("could not {doing} {}: {error}", path.display()))
    }
}

impl<E: Error> From<E> for Fault {
    fn from(error: E) -> Self {
        let mut told = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            told = format!("{told}: {error}");
            cause = error.source();
        }
        Self(told)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
