//! Reading every byte of a journal, at start and to verify, and judging what is found.
//!
//! A frame that does not check is a torn tail if nothing valid follows, it is in the last
//! segment, and it lies above what the manifest knows to be synced. Anything else is damage.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::disk::Disk;
use super::layout::{
    FORMAT, FRAME_HEADER_BYTES, FrameHeader, RecordHeader, SEGMENT_HEADER_BYTES, SegmentHeader,
    parse_segment_name, segment_name, walk,
};
use super::manifest::{Manifest, segment_path};
use super::scan::{Found, Scan, Segment};
use crate::journal::{Damage, JournalError, Seq};

/// All that a reading of every byte tells.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    pub(crate) segments: Vec<Segment>,
    /// Hashes of the segments that the manifest does not list, by first sequence.
    pub(crate) unsealed: Vec<(Seq, Sha256)>,
    pub(crate) damages: Vec<Damage>,
    /// Bytes at the end of the last segment that were never synced.
    pub(crate) torn_bytes: u64,
    /// The length of the last frame.
    pub(crate) last_frame_bytes: u64,
    /// The last record; 0 when there is none.
    pub(crate) last: Seq,
}

/// One reading of a folder.
pub(crate) struct Surveyor<'a> {
    disk: Disk,
    folder: &'a Path,
    manifest: &'a Manifest,
    visit: &'a mut dyn FnMut(&RecordHeader),
    survey: Survey,
}

impl<'a> Surveyor<'a> {
    /// Prepares a reading; `visit` gets every record's header in order.
    pub(crate) fn new(
        disk: Disk,
        folder: &'a Path,
        manifest: &'a Manifest,
        visit: &'a mut dyn FnMut(&RecordHeader),
    ) -> Self {
        let survey = Survey { last: manifest.begins - 1, ..Survey::default() };
        Self { disk, folder, manifest, visit, survey }
    }

    /// Reads every segment and compares with the manifest. Damage is collected, not an error.
    pub(crate) fn run(mut self) -> Result<Survey, JournalError> {
        let names = self.disk.list(self.folder).map_err(JournalError::io("list", self.folder))?;
        let logs = names.iter().filter(|name| name.ends_with(".log"));
        let mut firsts = Vec::new();
        for name in logs {
            match parse_segment_name(name) {
                // What was dropped may come back with a crash; the next start removes it.
                Some(first) if first < self.manifest.begins => {}
                Some(first) => firsts.push(first),
                None => self.damage((name, 0), None, "this is no segment's name; a copy?".into()),
            }
        }
        for (at, &first) in firsts.iter().enumerate() {
            self.segment(first, firsts.get(at + 1).copied())?;
        }
        self.missing_end();
        self.missing_open(&firsts);
        Ok(self.survey)
    }

    fn segment(&mut self, first: Seq, following: Option<Seq>) -> Result<(), JournalError> {
        let name = segment_name(first);
        let expected = self.survey.last + 1;
        if first < expected {
            let what = "it holds sequences that an earlier segment holds already";
            self.damage((&name, 0), None, what.into());
            return Ok(());
        }
        if expected < first {
            let lost = Some((expected, first - 1));
            self.damage((&name, 0), lost, "segments before it are missing".into());
            self.survey.last = first - 1;
        }
        let path = segment_path(self.folder, first);
        let read = |error| JournalError::io("read", &path)(error);
        let file = self.disk.open(&path).map_err(read)?;
        let bytes = file.bytes().map_err(read)?;
        let mut start = [0; SEGMENT_HEADER_BYTES];
        if SEGMENT_HEADER_BYTES as u64 <= bytes {
            file.read_at(&mut start, 0).map_err(read)?;
        }
        if let Some(found) = SegmentHeader::newer_format(&start) {
            return Err(JournalError::Newer { found, known: FORMAT });
        }
        let header = match self.header(&start, first) {
            Ok(header) => header,
            Err(what) => {
                let end = following.map_or(self.known_end(), |following| following - 1);
                let lost = (first <= end).then_some((first, end));
                self.damage((&name, 0), lost, what);
                self.survey.last = end.max(first - 1);
                return Ok(());
            }
        };
        let listed = self.manifest.sealed(first).map_or(bytes, |sealed| sealed.bytes);
        if bytes != listed {
            // Its frames are read all the same, to tell what is lost.
            let what = format!("it has {bytes} bytes, the manifest says {listed}");
            self.damage((&name, bytes.min(listed)), None, what);
        }
        let scan = Scan::new(file, header.generation, SEGMENT_HEADER_BYTES as u64, bytes);
        self.frames(scan, &header, following).map_err(read)
    }

    /// Checks a segment's header; says what is wrong otherwise.
    fn header(&self, start: &[u8], first: Seq) -> Result<SegmentHeader, String> {
        let listed = self.manifest.sealed(first);
        let generation = listed.map_or(self.manifest.generation, |sealed| sealed.generation);
        match SegmentHeader::decode(start) {
            None => Err("its header is damaged".to_owned()),
            Some(it) if it.stream.name() != self.manifest.stream => {
                Err(format!("it belongs to the stream {}", it.stream.name()))
            }
            Some(it) if it.first != first => {
                Err(format!("its header begins with record {}", it.first))
            }
            Some(it) if it.generation != generation => {
                Err(format!("it belongs to generation {}, not {generation}", it.generation))
            }
            Some(it) => Ok(it),
        }
    }

    fn frames(
        &mut self,
        mut scan: Scan,
        header: &SegmentHeader,
        following: Option<Seq>,
    ) -> io::Result<()> {
        let mut segment = Segment::new(header);
        let is_listed = self.manifest.sealed(header.first).is_some();
        let mut hash = (!is_listed).then(|| Sha256::new_with_prefix(header.encode()));
        loop {
            let offset = scan.offset;
            match scan.next()? {
                Found::End => break,
                Found::Frame(frame) => {
                    self.frame(&scan, &frame, (header.first, offset));
                    segment.bytes = offset;
                    segment.grow(&frame);
                    hash.iter_mut().for_each(|hash| hash.update(scan.frame(&frame)));
                    self.survey.last_frame_bytes = frame.frame_bytes() as u64;
                }
                Found::Bad => {
                    if !self.bad(&mut scan, header.first, following)? {
                        break;
                    }
                }
            }
        }
        self.survey.unsealed.extend(hash.map(|hash| (header.first, hash)));
        self.survey.segments.push(segment);
        Ok(())
    }

    fn frame(&mut self, scan: &Scan, frame: &FrameHeader, at: (Seq, u64)) {
        let name = segment_name(at.0);
        let expected = self.survey.last + 1;
        if frame.first < expected {
            let what = format!("record {} stands here a second time", frame.first);
            return self.damage((&name, at.1), None, what);
        }
        if expected < frame.first {
            let lost = Some((expected, frame.first - 1));
            self.damage((&name, at.1), lost, "the sequence has a hole".into());
        }
        let visit = &mut *self.visit;
        let is_whole = walk(frame, &scan.frame(frame)[FRAME_HEADER_BYTES..], |header, _| {
            visit(header);
            true
        });
        if !is_whole {
            let lost = Some((frame.first, frame.next().saturating_sub(1)));
            self.damage((&name, at.1), lost, "the frame does not hold what it says".into());
        }
        self.survey.last = frame.next().saturating_sub(1).max(expected - 1);
    }

    /// Judges bytes that are no frame. Answers whether frames follow, with the scan before them.
    fn bad(&mut self, scan: &mut Scan, segment: Seq, following: Option<Seq>) -> io::Result<bool> {
        let name = segment_name(segment);
        let offset = scan.offset;
        let expected = self.survey.last + 1;
        if let Some(first) = scan.resync(expected)? {
            let lost = (expected < first).then(|| (expected, first - 1));
            self.damage((&name, offset), lost, "a frame is damaged".into());
            self.survey.last = first - 1;
            return Ok(true);
        }
        let synced = self.manifest.synced;
        let floor = if synced.segment == segment { synced.bytes } else { 0 };
        let end = following.map_or(self.known_end(), |following| following - 1);
        if following.is_none() && floor <= offset && self.manifest.sealed(segment).is_none() {
            self.survey.torn_bytes = scan.end - offset;
        } else {
            let lost = (expected <= end).then_some((expected, end));
            self.damage((&name, offset), lost, "its end is damaged".into());
            self.survey.last = self.survey.last.max(end);
        }
        Ok(false)
    }

    /// Compares the last record with what was known to be synced.
    fn missing_end(&mut self) {
        let known = self.known_end();
        if self.survey.last < known {
            let name = segment_name(self.survey.segments.last().map_or(1, |it| it.first));
            let offset = self.survey.segments.last().map_or(0, |it| it.bytes);
            let lost = Some((self.survey.last + 1, known));
            self.damage((&name, offset), lost, "what followed is missing".into());
        }
    }

    /// The segment that grew last was made before the manifest named it, so it must be there,
    /// even where nobody knows how much it held.
    fn missing_open(&mut self, firsts: &[Seq]) {
        let open = self.manifest.synced.segment;
        if open != 0 && !firsts.contains(&open) && self.survey.damages.is_empty() {
            let what = "the open segment is missing, with all that followed";
            self.damage((&segment_name(open), 0), None, what.into());
        }
    }

    /// The last record that was known to be synced when the manifest was written.
    fn known_end(&self) -> Seq {
        let sealed = self.manifest.sealed.last();
        let sealed = sealed.map_or(0, |it| it.first.saturating_add(it.records).saturating_sub(1));
        self.manifest.synced.seq.max(sealed)
    }

    fn damage(&mut self, at: (&str, u64), lost: Option<(Seq, Seq)>, what: String) {
        let (segment, offset) = at;
        self.survey.damages.push(Damage { segment: segment.to_owned(), offset, lost, what });
    }
}
