//! What can go wrong with a view, and which of it calls for a rebuild.

use std::io;
use std::path::{Path, PathBuf};

/// Why the view did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ViewError {
    /// The store refused for a reason outside it, such as a full disk or a lock.
    #[error("could not {doing} the view in {folder}", folder = folder.display())]
    Store {
        /// The attempt, as a verb.
        doing: &'static str,
        /// The view's folder.
        folder: PathBuf,
        /// The cause.
        #[source]
        source: sled::Error,
    },
    /// A folder or file could not be moved or made.
    #[error("could not {doing} {path}", path = path.display())]
    Io {
        /// The attempt, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// It is being made just now.
    #[error("the view is not there yet")]
    Absent,
    /// Rows are lost or altered: move it aside and rebuild.
    #[error("the view in {folder} is damaged: {what}", folder = folder.display())]
    Damaged {
        /// The view's folder.
        folder: PathBuf,
        /// What was found.
        what: String,
    },
    /// Another version of the program wrote it: move it aside and rebuild.
    #[error("the view in {folder} has format {found}, not {known}", folder = folder.display())]
    OtherFormat {
        /// The view's folder.
        folder: PathBuf,
        /// The format found.
        found: u16,
        /// The format of this program.
        known: u16,
    },
    /// A value beyond the limit.
    #[error("the value for {tree} {key} has {bytes} bytes, at most {max} are kept")]
    TooLarge {
        /// The tree.
        tree: &'static str,
        /// The key.
        key: u64,
        /// The value's bytes.
        bytes: usize,
        /// How many are kept.
        max: usize,
    },
    /// A name that no tree may have.
    #[error("no tree can have the name {tree:?}")]
    TreeName {
        /// The name.
        tree: &'static str,
    },
}

impl ViewError {
    /// Whether moving the view aside and rebuilding it is the cure. A lock or a full disk is
    /// not cured by it.
    pub const fn calls_for_rebuild(&self) -> bool {
        match self {
            Self::Damaged { .. } | Self::OtherFormat { .. } => true,
            Self::Store { .. }
            | Self::Io { .. }
            | Self::Absent
            | Self::TooLarge { .. }
            | Self::TreeName { .. } => false,
        }
    }

    /// Sorts an error of the store: what it found in its files is damage.
    pub(super) fn store(doing: &'static str, folder: &Path, source: sled::Error) -> Self {
        let folder = folder.to_owned();
        match source {
            sled::Error::Corruption { .. }
            | sled::Error::ReportableBug(_)
            | sled::Error::CollectionNotFound(_)
            // It takes a settings file that lost a byte for one of another version.
            | sled::Error::Unsupported(_) => {
                Self::Damaged { folder, what: source.to_string() }
            }
            sled::Error::Io(_) => Self::Store { doing, folder, source },
        }
    }
}
