//! Reading records for whoever looks at a journal: in order, up to the first damage, without a
//! lock and without trust in what is not checked.

use std::io;
use std::path::Path;

use super::super::disk::{Disk, DiskFile};
use super::super::keep::assure_finished;
use super::super::layout::{
    FORMAT, FRAME_HEADER_BYTES, SEGMENT_HEADER_BYTES, SegmentHeader, parse_segment_name,
    segment_name, walk,
};
use super::super::manifest::{Manifest, segment_path};
use super::super::scan::{Found, Scan};
use super::super::survey::Surveyor;
use super::super::verify::missing_manifest;
use crate::journal::{Damage, JournalError, Record, Seq};

/// Where a reading stands.
struct Reader<'a> {
    folder: &'a Path,
    /// The sequence that comes next; none until the first segment tells.
    next: Option<Seq>,
    after: Seq,
    visit: &'a mut dyn FnMut(Record) -> bool,
}

/// How a segment's reading ended.
enum Ended {
    /// At its end.
    Whole,
    /// The visitor has enough.
    Enough,
    /// Before bytes that are not what was written, or not yet all of it.
    Before(Damage),
}

/// Hands each record after `after` to `visit`, until it answers false. Tells the damage that ended
/// the reading or that the manifest knows of.
pub(crate) fn show(
    disk: Disk,
    folder: &Path,
    after: Seq,
    visit: &mut dyn FnMut(Record) -> bool,
) -> Result<Option<Damage>, JournalError> {
    assure_finished(folder)?;
    let missing = || JournalError::Missing { folder: folder.to_owned() };
    let names = match disk.list(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing()),
        listed => listed.map_err(JournalError::io("list", folder))?,
    };
    let firsts: Vec<Seq> = names.iter().filter_map(|name| parse_segment_name(name)).collect();
    let (manifest, of_manifest) = match Manifest::load(disk, folder) {
        Ok(None) if firsts.is_empty() => return Err(missing()),
        Ok(None) => (None, Some(missing_manifest())),
        Ok(manifest) => (manifest, None),
        Err(JournalError::Damaged(damage)) => (None, Some(damage)),
        Err(error) => return Err(error),
    };
    let mut reader = Reader { folder, next: None, after, visit };
    let mut before = None;
    for (at, &first) in firsts.iter().enumerate() {
        let is_passed = firsts.get(at + 1).is_some_and(|next| *next <= after.saturating_add(1));
        if is_passed {
            continue;
        }
        match reader.segment(disk, first)? {
            Ended::Whole => {}
            Ended::Enough => return Ok(of_manifest),
            Ended::Before(damage) => {
                before = Some(damage);
                break;
            }
        }
    }
    let Some(manifest) = manifest else {
        // Without a manifest nobody can tell a torn tail from damage.
        return Ok(before.or(of_manifest));
    };
    let survey = Surveyor::new(disk, folder, &manifest, &mut |_| ()).run()?;
    Ok(survey.damages.into_iter().next())
}

impl Reader<'_> {
    fn segment(&mut self, disk: Disk, first: Seq) -> Result<Ended, JournalError> {
        let path = segment_path(self.folder, first);
        let read = |error| JournalError::io("read", &path)(error);
        let file = disk.open(&path).map_err(read)?;
        let bytes = file.bytes().map_err(read)?;
        let start = start(&file, bytes).map_err(read)?;
        if let Some(found) = SegmentHeader::newer_format(&start) {
            return Err(JournalError::Newer { found, known: FORMAT });
        }
        let Some(header) = SegmentHeader::decode(&start).filter(|it| it.first == first) else {
            return Ok(before(first, 0, "its header is damaged"));
        };
        if self.next.is_some_and(|next| next != first) {
            return Ok(before(first, 0, "it does not follow the segment before it"));
        }
        self.next = Some(first);
        let scan = Scan::new(file, header.generation, SEGMENT_HEADER_BYTES as u64, bytes);
        self.frames(scan, first).map_err(read)
    }

    fn frames(&mut self, mut scan: Scan, segment: Seq) -> io::Result<Ended> {
        loop {
            let offset = scan.offset;
            let frame = match scan.next()? {
                Found::End => return Ok(Ended::Whole),
                Found::Bad => return Ok(before(segment, offset, "a frame is damaged")),
                Found::Frame(frame) => frame,
            };
            if self.next != Some(frame.first) {
                return Ok(before(segment, offset, "the sequence has a hole"));
            }
            let (mut goes_on, mut is_told) = (true, true);
            let body = &scan.frame(&frame)[FRAME_HEADER_BYTES..];
            let is_whole = walk(&frame, body, |header, payload| {
                if self.after < header.seq {
                    let record = header.record(payload);
                    is_told = record.is_some();
                    goes_on = record.is_some_and(|record| (self.visit)(record));
                }
                goes_on
            });
            if !is_whole || !is_told {
                return Ok(before(segment, offset, "the frame does not hold what it says"));
            }
            if !goes_on {
                return Ok(Ended::Enough);
            }
            self.next = Some(frame.next());
        }
    }
}

fn start(file: &DiskFile, bytes: u64) -> io::Result<[u8; SEGMENT_HEADER_BYTES]> {
    let mut start = [0; SEGMENT_HEADER_BYTES];
    if SEGMENT_HEADER_BYTES as u64 <= bytes {
        file.read_at(&mut start, 0)?;
    }
    Ok(start)
}

fn before(segment: Seq, offset: u64, what: &str) -> Ended {
    let (segment, what) = (segment_name(segment), what.to_owned());
    Ended::Before(Damage { segment, offset, lost: None, what })
}
