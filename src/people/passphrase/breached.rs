//! The list of stolen passwords, as a file of SHA-1 hashes in order that the organisation has
//! fetched itself: looked up on the disk, never held in memory, never asked for over the network.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use sha1::{Digest, Sha1};

/// A file of hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breached {
    path: PathBuf,
    bytes: u64,
}

/// Why a file cannot be such a list.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BreachedError {
    /// It cannot be read.
    #[error("{path} cannot be read: {source}", path = path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A line is none.
    #[error(
        "{path} is no list of SHA-1 hashes: each line has 40 hex digits in capitals, and may have \
         a colon and a count behind them; look at byte {at}",
        path = path.display()
    )]
    NoList {
        /// The file.
        path: PathBuf,
        /// Where it was seen.
        at: u64,
    },
    /// The lines are in another order.
    #[error("{path} is not sorted by hash; look at byte {at}", path = path.display())]
    Unsorted {
        /// The file.
        path: PathBuf,
        /// Where it was seen.
        at: u64,
    },
}

/// A hash as a line begins with it.
type Line = [u8; HASH_CHARS];

const HASH_CHARS: usize = 40;
/// A hash, a colon, a count, and the line's end are no longer.
const LINE_BYTES_MAX: usize = 64;
/// So many places of a file are looked at before it is relied on.
const PLACES: u64 = 200;

impl Breached {
    /// Takes a file for the list after a look at some places of it. Blocks.
    ///
    /// # Errors
    /// When it cannot be read, or is no such list in order.
    pub fn open(path: &Path) -> Result<Self, BreachedError> {
        let path = path.to_owned();
        let unreadable = |source| BreachedError::Unreadable { path: path.clone(), source };
        let mut file = File::open(&path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        let list = Self { path: path.clone(), bytes };
        let mut before: Option<Line> = None;
        for place in 0..PLACES {
            let at = bytes / PLACES * place;
            let line = list.line_at(&mut file, at).map_err(unreadable)?;
            let Some((_, hash)) = line else {
                // Near the end no line may begin any more.
                if place != 0 && bytes < at + 2 * LINE_BYTES_MAX as u64 {
                    continue;
                }
                return Err(BreachedError::NoList { path, at });
            };
            if before.is_some_and(|before| hash < before) {
                return Err(BreachedError::Unsorted { path, at });
            }
            before = Some(hash);
        }
        Ok(list)
    }

    /// Whether a passphrase is in the list. Blocks for some reads.
    ///
    /// # Errors
    /// When the file cannot be read any more.
    pub fn has(&self, typed: &str) -> io::Result<bool> {
        let wanted = line_of(typed);
        let mut file = File::open(&self.path)?;
        // The line that is sought begins within this part, if it is there.
        let (mut from, mut to) = (0, self.bytes);
        while from < to {
            let middle = from + (to - from) / 2;
            match self.line_at(&mut file, middle)? {
                Some((begins, hash)) if begins < to => {
                    if hash == wanted {
                        return Ok(true);
                    }
                    if hash < wanted { from = begins + HASH_CHARS as u64 } else { to = middle }
                }
                Some(_) | None => to = middle,
            }
        }
        Ok(false)
    }

    /// The first line that begins at a place or after it: where, and its hash. None when there is
    /// none, or what stands there is no such line.
    fn line_at(&self, file: &mut File, at: u64) -> io::Result<Option<(u64, Line)>> {
        let mut bytes = [0; 2 * LINE_BYTES_MAX];
        // A line begins after the end of the one before, so one byte earlier is read too.
        let start = at.saturating_sub(1);
        file.seek(SeekFrom::Start(start))?;
        let mut read = 0;
        while read < bytes.len() {
            match file.read(&mut bytes[read..])? {
                0 => break,
                n => read += n,
            }
        }
        let skipped = if at == 0 {
            Some(0)
        } else {
            bytes[..read].iter().position(|it| *it == b'\n').map(|it| it + 1)
        };
        let Some(skipped) = skipped else { return Ok(None) };
        let line = &bytes[skipped..read];
        let Some((hash, rest)) = line.split_first_chunk::<HASH_CHARS>() else { return Ok(None) };
        let is_hash = hash.iter().all(|it| matches!(it, b'0'..=b'9' | b'A'..=b'F'));
        let ends = matches!(rest.first(), None | Some(b':' | b'\r' | b'\n'));
        Ok((is_hash && ends).then_some((start + skipped as u64, *hash)))
    }
}

fn line_of(typed: &str) -> Line {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut line = [0; HASH_CHARS];
    for (two, byte) in line.chunks_exact_mut(2).zip(Sha1::digest(typed.as_bytes())) {
        two[0] = DIGITS[usize::from(byte >> 4)];
        two[1] = DIGITS[usize::from(byte & 15)];
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(typed: &str) -> String {
        String::from_utf8(line_of(typed).to_vec()).unwrap()
    }

    fn list(lines: &[String], end: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        std::fs::write(&path, lines.iter().map(|it| format!("{it}{end}")).collect::<String>())
            .unwrap();
        (folder, path)
    }

    /// Lists of every small length and a large one, so that each border of the search is met.
    #[test]
    fn what_is_in_the_list_is_found_and_nothing_else() {
        assert_eq!(text("abc"), "A9993E364706816ABA3E25717850C26C9CD0D89D");
        for count in (1..20).chain([3_000]) {
            let words: Vec<String> = (0..count).map(|n| format!("hemmeleg nummer {n}")).collect();
            let mut lines: Vec<String> = words.iter().map(|it| text(it)).collect();
            lines.sort();
            for end in ["\n", "\r\n", ":17\n", ":52256179\r\n"] {
                let (_folder, path) = list(&lines, end);
                let list = Breached::open(&path).unwrap();
                let step = count / 40 + 1;
                for word in words.iter().step_by(step) {
                    assert!(list.has(word).unwrap(), "{word} of {count}");
                    assert!(!list.has(&format!("{word}!")).unwrap());
                }
            }
        }
    }

    #[test]
    fn a_file_that_is_no_list_or_not_in_order_is_named() {
        let mut lines: Vec<String> = (0..500).map(|n| text(&n.to_string())).collect();
        let (_folder, path) = list(&lines, "\n");
        let told = Breached::open(&path).unwrap_err().to_string();
        assert!(told.contains("is not sorted by hash"), "{told}");
        lines.sort();
        let small: Vec<String> = lines.iter().map(|it| it.to_lowercase()).collect();
        for wrong in [vec![], vec!["passord".to_owned()], small] {
            let (_folder, path) = list(&wrong, "\n");
            let told = Breached::open(&path).unwrap_err().to_string();
            assert!(told.contains("is no list of SHA-1 hashes"), "{told}");
        }
        let none = Breached::open(Path::new("/nowhere/list")).unwrap_err().to_string();
        assert!(none.contains("cannot be read"), "{none}");
    }
}
