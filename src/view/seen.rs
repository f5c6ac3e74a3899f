//! How far a view had come at least, told without opening its store.
//!
//! Opening a large store takes seconds, and a journal that was put back to an older state must be
//! known before the first record is taken: it would get the number of one that is lost. The note
//! lies in the view's own folder, so that it goes where the view goes. It may be behind, and it
//! may be missing; one whose checksum does not fit counts as missing.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::journal::{Generation, Position};

/// The note's name in the view's folder.
const NAME: &str = "seen";
/// So long after a note the next is written at the earliest.
const NOTE_EVERY: Duration = Duration::from_secs(1);

/// Notes positions, not too often.
#[derive(Debug, Default)]
pub(super) struct Noter {
    written: Option<Instant>,
    /// What the note on disk does not tell yet.
    waiting: Option<Position>,
}

impl Noter {
    /// Notes a position, unless another was noted just now.
    pub(super) fn tell(&mut self, folder: &Path, position: Position) {
        self.waiting = Some(position);
        if self.written.is_none_or(|at| NOTE_EVERY <= at.elapsed()) {
            self.written = Some(Instant::now());
            self.settle(folder);
        }
    }

    /// Writes what waits. It is not synced: after a power cut the note may be older or none.
    pub(super) fn settle(&mut self, folder: &Path) {
        let Some(position) = self.waiting.take() else { return };
        let fresh = folder.join(format!("{NAME}.new"));
        let written = fs::write(&fresh, line(position));
        if let Err(error) = written.and_then(|()| fs::rename(&fresh, folder.join(NAME))) {
            tracing::warn!(%error, "how far the view has come could not be noted");
        }
    }
}

/// Removes the note, if there is one.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_file(folder.join(NAME)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Reads the note; none when there is none that can be believed.
pub(super) fn read(folder: &Path) -> Option<Position> {
    /// A note is far shorter; whatever is longer is none.
    const BYTES_MAX: u64 = 200;
    let path = folder.join(NAME);
    let is_small = fs::metadata(&path).is_ok_and(|about| about.len() <= BYTES_MAX);
    let text = is_small.then(|| fs::read_to_string(&path).ok()).flatten()?;
    let mut words = text.split_whitespace();
    let generation = Generation::parse(words.next()?)?;
    let position = Position { generation, seq: words.next()?.parse().ok()? };
    (text == line(position)).then_some(position)
}

fn line(Position { generation, seq }: Position) -> String {
    let told = format!("{generation} {seq}");
    let crc = crc32fast::hash(told.as_bytes());
    format!("{told} {crc:08x}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_read_back_and_one_that_was_altered_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let position = Position { generation: Generation([9; 16]), seq: 1_234_567 };
        assert_eq!(read(path), None);
        Noter::default().tell(path, position);
        assert_eq!(read(path), Some(position));
        let whole = fs::read(path.join(NAME)).unwrap();
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut harmed = whole.clone();
                harmed[at] ^= 1 << bit;
                fs::write(path.join(NAME), &harmed).unwrap();
                assert_eq!(read(path), None, "byte {at}, bit {bit}");
            }
            fs::write(path.join(NAME), &whole[..at]).unwrap();
            assert_eq!(read(path), None, "{at} bytes");
        }
        remove(path).unwrap();
        remove(path).unwrap();
        assert_eq!(read(path), None);
    }
}
