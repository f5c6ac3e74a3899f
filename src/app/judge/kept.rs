//! The folder of what is kept: a view with one tree, whose history is the site's fingerprint.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::site::Fingerprint;
use crate::journal::{Generation, Position, Seq};
use crate::view::{Change, View, ViewError};

const TREE: &str = "evidence";

/// Evidence by question, of one fingerprint at a time. Opened when it is first needed, so that who
/// only tries a page does not.
#[derive(Default)]
pub(super) struct Kept {
    folder: PathBuf,
    view: Option<View>,
}

impl Kept {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder, view: None }
    }

    /// Shows everything that is kept under a fingerprint.
    pub(super) fn each(
        &mut self,
        fingerprint: Fingerprint,
        mut visit: impl FnMut(Seq, &[u8]),
    ) -> Result<(), ViewError> {
        for row in self.open(fingerprint)?.scan(TREE)? {
            let (seq, bytes) = row?;
            visit(seq, &bytes);
        }
        Ok(())
    }

    /// Keeps rows under a fingerprint; nothing under another one is kept any longer.
    pub(super) fn put(
        &mut self,
        fingerprint: Fingerprint,
        rows: Vec<(Seq, Vec<u8>)>,
    ) -> Result<(), ViewError> {
        let change = |(seq, value)| Change { tree: TREE, key: seq, seq, value: Some(value) };
        let changes: Vec<Change> = rows.into_iter().map(change).collect();
        self.open(fingerprint)?.apply(position(fingerprint), &changes)
    }

    fn open(&mut self, fingerprint: Fingerprint) -> Result<&View, ViewError> {
        let view = match self.view.take() {
            Some(view) => view,
            None => match View::open(&self.folder) {
                // Nobody wants to look at it: it can be found anew, and it holds callers' words.
                Err(error) if error.calls_for_rebuild() => self.emptied()?,
                opened => opened?,
            },
        };
        let view = match view.position() {
            Ok(at) if at.is_none_or(|it| it == position(fingerprint)) => view,
            Ok(_) | Err(_) => {
                drop(view);
                self.emptied()?
            }
        };
        Ok(self.view.insert(view))
    }

    /// An empty one. The files are removed, for sled would keep much of what it has dropped.
    fn emptied(&self) -> Result<View, ViewError> {
        match fs::remove_dir_all(&self.folder) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(ViewError::Io { doing: "empty", path: self.folder.clone(), source })
            }
            Ok(()) | Err(_) => View::open(&self.folder),
        }
    }
}

fn position(fingerprint: Fingerprint) -> Position {
    Position { generation: Generation(fingerprint.0), seq: 0 }
}
