//! Copying a stream while a service goes on writing it; takes no lock.
//!
//! A sealed segment never changes, so its bytes are copied and compared with the manifest's hash.
//! The open one is synced through a descriptor of our own and copied up to its last whole frame:
//! what was acknowledged before the copy began is in it, and all in it is on the disk.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::rewrite::MARKER;
use crate::journal::files::disk::Disk;
use crate::journal::files::layout::{
    SEGMENT_HEADER_BYTES, SegmentHeader, parse_segment_name, segment_name,
};
use crate::journal::files::manifest::{MANIFEST, Manifest, Sealed, Synced, segment_path};
use crate::journal::files::scan::{Found, Scan};
use crate::journal::files::verify::hash_hex;
use crate::journal::{Damage, Generation, JournalError, Seq};

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The history.
    pub generation: Generation,
    /// The last record; 0 when there is none.
    pub last: Seq,
    /// How many bytes of segments.
    pub bytes: u64,
}

/// Where the files of a copy go: takes a name and the bytes, and reads them to their end.
pub type Sink<'a> = dyn FnMut(&str, &mut dyn Read) -> Result<(), JournalError> + 'a;

/// Reads through and hashes.
struct Hashing<R> {
    from: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buffer)?;
        self.hash.update(&buffer[..n]);
        Ok(n)
    }
}

/// Hands the files of the stream in `from` to `sink`, as the stream stands, its manifest last.
///
/// # Errors
/// `Damaged` when bytes are not those that were written, `Unfinished` when the stream got another
/// history meanwhile: then begin again.
pub(crate) fn copy(from: &Path, sink: &mut Sink<'_>) -> Result<Copied, JournalError> {
    let disk = Disk::Real;
    let unfinished = || JournalError::Unfinished { folder: from.to_owned() };
    if from.join(MARKER).exists() {
        return Err(unfinished());
    }
    let manifest = Manifest::load(disk, from)?
        .ok_or_else(|| JournalError::Missing { folder: from.to_owned() })?;
    let copied = segments(from, &manifest, sink);
    // Another history's bytes look damaged beside this manifest; that is no damage.
    if Manifest::load(disk, from)?.is_none_or(|now| now.generation != manifest.generation) {
        return Err(unfinished());
    }
    let sealed = copied?;
    let last = sealed.last().map_or(manifest.begins - 1, |it| it.first + it.records - 1);
    let bytes = sealed.iter().map(|it| it.bytes).sum();
    let synced = Synced { segment: 0, bytes: 0, seq: last };
    let manifest = Manifest { sealed, synced, ..manifest };
    sink(MANIFEST, &mut manifest.encode().as_slice())?;
    Ok(Copied { generation: manifest.generation, last, bytes })
}

fn segments(
    from: &Path,
    manifest: &Manifest,
    sink: &mut Sink<'_>,
) -> Result<Vec<Sealed>, JournalError> {
    let names = Disk::Real.list(from).map_err(JournalError::io("list", from))?;
    let mut firsts: Vec<Seq> = names.iter().filter_map(|name| parse_segment_name(name)).collect();
    firsts.retain(|it| manifest.begins <= *it);
    let mut copied = vec![];
    let mut next = manifest.begins;
    for (at, &first) in firsts.iter().enumerate() {
        if first != next {
            let lost = (next < first).then(|| (next, first - 1));
            return Err(damaged(first, 0, lost, "segments before it are missing"));
        }
        let sealed = match manifest.sealed(first) {
            Some(sealed) => copy_sealed(from, sealed, sink)?,
            None => copy_open(from, (first, firsts.get(at + 1).is_some()), sink)?,
        };
        next = first + sealed.records;
        copied.extend(Some(sealed).filter(|it| 0 < it.records));
    }
    let known = manifest.synced.seq;
    if next <= known {
        let segment = firsts.last().copied().unwrap_or(1);
        return Err(damaged(segment, 0, Some((next, known)), "what followed is missing"));
    }
    Ok(copied)
}

fn copy_sealed(from: &Path, sealed: &Sealed, sink: &mut Sink<'_>) -> Result<Sealed, JournalError> {
    let sha256 = hand_over(from, (sealed.first, sealed.bytes), sink)?;
    if sha256 != sealed.sha256 {
        return Err(damaged(sealed.first, 0, None, "its SHA-256 is not the manifest's"));
    }
    Ok(sealed.clone())
}

fn copy_open(
    from: &Path,
    (first, is_followed): (Seq, bool),
    sink: &mut Sink<'_>,
) -> Result<Sealed, JournalError> {
    let path = segment_path(from, first);
    let read = |error| JournalError::io("read", &path)(error);
    let file = Disk::Real.open(&path).map_err(read)?;
    let end = file.bytes().map_err(read)?;
    // What stands in the file by now may still be on its way to the disk.
    let synced = File::open(&path).and_then(|it| it.sync_data());
    synced.map_err(JournalError::io("sync", &path))?;
    let mut start = [0; SEGMENT_HEADER_BYTES];
    if SEGMENT_HEADER_BYTES as u64 <= end {
        file.read_at(&mut start, 0).map_err(read)?;
    }
    let header = SegmentHeader::decode(&start)
        .ok_or_else(|| damaged(first, 0, None, "its header is damaged"))?;
    let mut scan = Scan::new(file, header.generation, SEGMENT_HEADER_BYTES as u64, end);
    let mut next = first;
    let bytes = loop {
        let offset = scan.offset;
        match scan.next().map_err(read)? {
            Found::Frame(frame) if frame.first == next => next = frame.next(),
            Found::Frame(_) => return Err(damaged(first, offset, None, "the sequence has a hole")),
            Found::End => break offset,
            Found::Bad if is_followed || scan.resync(next).map_err(read)?.is_some() => {
                return Err(damaged(first, offset, None, "a frame is damaged"));
            }
            Found::Bad => break offset,
        }
    };
    let records = next - first;
    let sha256 = match records {
        0 => String::new(),
        _ => hand_over(from, (first, bytes), sink)?,
    };
    Ok(Sealed { first, bytes, records, generation: header.generation, sha256 })
}

/// Hands the first `bytes` bytes of a segment over and tells their SHA-256.
fn hand_over(
    from: &Path,
    (first, bytes): (Seq, u64),
    sink: &mut Sink<'_>,
) -> Result<String, JournalError> {
    let path = segment_path(from, first);
    let file = File::open(&path).map_err(JournalError::io("open", &path))?;
    let mut reader = Hashing { from: file.take(bytes), hash: Sha256::new() };
    sink(&segment_name(first), &mut reader)?;
    Ok(hash_hex(reader.hash))
}

fn damaged(segment: Seq, offset: u64, lost: Option<(Seq, Seq)>, what: &str) -> JournalError {
    let (segment, what) = (segment_name(segment), what.to_owned());
    JournalError::Damaged(Damage { segment, offset, lost, what })
}
