//! Passages and inquiries on disk, in two tantivy indexes of one folder: a view, never a truth.
//!
//! Every commit carries the position of the journal that it has seen. A folder that another
//! analyzer or tantivy made, or that is damaged, is told and left alone; its caller rebuilds
//! beside it. No text is stored, only keys of words.

mod error;
mod question;
mod reading;
mod schema;
mod searcher;
mod slips;
mod spread;
mod writer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

pub use error::IndexError;
pub use question::{QUESTION_CHARS_MAX, QUESTION_TERMS_MAX};
pub use reading::Reading;
pub use searcher::{InquiryHit, Searcher};
pub use writer::Writer;

use schema::{Holds, Part};

/// The file that tells by what an index was made.
const STAMP: &str = "stamp";
const PASSAGES: &str = "passages";
const INQUIRIES: &str = "inquiries";

/// How far an index has read: a history of the journal and a sequence in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The journal's generation.
    pub generation: [u8; 16],
    /// The last record seen.
    pub seq: u64,
}

/// What stands in a folder.
#[derive(Debug)]
pub enum Opened {
    /// An index that can be used, and how far it has read; nowhere when it is new.
    Ready(Box<Index>, Option<Position>),
    /// Another analyzer, schema or tantivy made it: rebuild beside it.
    Outdated {
        /// By what it was made.
        found: String,
    },
    /// It cannot be read, or a checksum is wrong: rebuild beside it.
    Damaged {
        /// What is wrong.
        why: String,
    },
}

/// An index on disk.
#[derive(Clone, Debug)]
pub struct Index {
    passages: Part,
    inquiries: Part,
}

impl Index {
    /// Opens a folder, or makes a new index where nothing is. Reads every byte once, to check
    /// it. Changes nothing in a folder that cannot be used, and outlives a panic of tantivy.
    pub fn open(folder: &Path) -> Result<Opened, IndexError> {
        if is_empty(folder)? {
            return Ok(Opened::Ready(Box::new(Self::create(folder)?), None));
        }
        let found = match std::fs::read_to_string(folder.join(STAMP)) {
            Ok(found) => found,
            Err(source) => return Ok(Opened::Damaged { why: format!("no stamp: {source}") }),
        };
        if found != stamp() {
            return Ok(Opened::Outdated { found });
        }
        // Nothing is shared with the closure but paths: a panic leaves no half-changed state.
        let read = catch_unwind(AssertUnwindSafe(|| Self::read(folder)));
        Ok(match read {
            Ok(Ok((index, position))) => Opened::Ready(Box::new(index), position),
            Ok(Err(error)) => Opened::Damaged { why: told(&error) },
            Err(_) => Opened::Damaged { why: "tantivy panicked".to_owned() },
        })
    }

    /// Makes a new index in an empty folder; the stamp comes last, so that a half-made one is
    /// never taken for whole.
    fn create(folder: &Path) -> Result<Self, IndexError> {
        let passages = Part::create(&folder.join(PASSAGES), Holds::Passages)?;
        let inquiries = Part::create(&folder.join(INQUIRIES), Holds::Inquiries)?;
        let path = folder.join(STAMP);
        std::fs::write(&path, stamp()).map_err(|source| IndexError::Folder { path, source })?;
        Ok(Self { passages, inquiries })
    }

    fn read(folder: &Path) -> Result<(Self, Option<Position>), IndexError> {
        let passages = Part::open(&folder.join(PASSAGES), Holds::Passages)?;
        let inquiries = Part::open(&folder.join(INQUIRIES), Holds::Inquiries)?;
        let position = older(passages.position()?, inquiries.position()?);
        Ok((Self { passages, inquiries }, position))
    }

    /// What asks the index.
    pub fn searcher(&self) -> Searcher {
        Searcher::new(self.passages.clone(), self.inquiries.clone())
    }

    /// What changes the index; there is one at a time.
    pub fn writer(&self) -> Result<Writer, IndexError> {
        Writer::new(self.passages.clone(), self.inquiries.clone())
    }
}

/// The position that both halves have reached. A crash between their commits leaves one behind;
/// what it lacks is put once more into both, which changes nothing in the other.
fn older(a: Option<Position>, b: Option<Position>) -> Option<Position> {
    let (a, b) = (a?, b?);
    (a.generation == b.generation).then_some(if a.seq < b.seq { a } else { b })
}

/// By what this build makes an index.
fn stamp() -> String {
    let (analyzer, schema) = (crate::analysis::ANALYZER_VERSION, schema::SCHEMA_VERSION);
    format!("analyzer {analyzer}, schema {schema}, {}\n", tantivy::version_string())
}

fn is_empty(folder: &Path) -> Result<bool, IndexError> {
    let failed = |source| IndexError::Folder { path: PathBuf::from(folder), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    Ok(std::fs::read_dir(folder).map_err(failed)?.next().is_none())
}

/// An error with its causes.
fn told(error: &IndexError) -> String {
    let mut causes: Vec<String> = vec![error.to_string()];
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes.join(": ")
}

#[cfg(test)]
mod tests;
