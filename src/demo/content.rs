//! The demo's content as it lies in `web/demo`, embedded.

use rust_embed::RustEmbed;
use serde::de::DeserializeOwned;

#[derive(RustEmbed)]
#[folder = "web/demo"]
struct Content;

/// The demo's content is not as it should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// A file is not there, or is no text.
    #[error("could not read the demo's file {0}")]
    File(String),
    /// A line of a page's head is not understood.
    #[error("could not understand {line:?} in the demo's file {file}")]
    Head {
        /// The file.
        file: String,
        /// The line.
        line: String,
    },
    /// A table of settings has a fault.
    #[error("could not read the table of the demo's file {file}")]
    Table {
        /// The file.
        file: String,
        /// Where.
        #[source]
        source: toml::de::Error,
    },
    /// An action names a question that nobody has asked by then.
    #[error("nobody has asked {0:?} before an editor works on it")]
    Unasked(String),
    /// A time that is no time.
    #[error("could not read the time {0:?} of a demo action")]
    Time(String),
}

/// The text of one file, by its path below `web/demo`.
pub(super) fn text(file: &str) -> Result<String, DemoError> {
    let wrong = || DemoError::File(file.to_owned());
    let embedded = Content::get(file).ok_or_else(wrong)?;
    String::from_utf8(embedded.data.into_owned()).map_err(|_| wrong())
}

/// The table of one file.
pub(super) fn table<T: DeserializeOwned>(file: &str) -> Result<T, DemoError> {
    toml::from_str(&text(file)?)
        .map_err(|source| DemoError::Table { file: file.to_owned(), source })
}

/// The files in a folder, by name.
pub(super) fn files(folder: &str) -> Vec<String> {
    let mut files: Vec<String> = Content::iter()
        .filter(|file| file.starts_with(folder))
        .map(std::borrow::Cow::into_owned)
        .collect();
    files.sort();
    files
}
