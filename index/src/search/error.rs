//! What can go wrong with an index on disk.

use std::path::PathBuf;

/// Why an index could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IndexError {
    /// A folder or file cannot be used.
    #[error("could not use {path}", path = path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// tantivy refuses.
    #[error("could not {doing} the index")]
    Tantivy {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: tantivy::TantivyError,
    },
    /// Files are not as they were written.
    #[error("the checksum of {0} is wrong")]
    Checksum(String),
    /// A commit carries no position that can be read.
    #[error("a commit carries the position {0:?}")]
    Position(String),
    /// tantivy panicked; the writer is of no more use.
    #[error("tantivy panicked when it should {0} the index")]
    Panicked(&'static str),
}

impl IndexError {
    /// Names what was being done when tantivy refused.
    pub(super) fn when<E: Into<tantivy::TantivyError>>(doing: &'static str) -> impl Fn(E) -> Self {
        move |source| Self::Tantivy { doing, source: source.into() }
    }
}
