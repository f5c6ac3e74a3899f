//! Reading one segment, frame by frame.

use std::io;

use super::disk::DiskFile;
use super::layout::{
    FRAME_HEADER_BYTES, FRAME_MAGIC, FrameHeader, SEGMENT_HEADER_BYTES, SegmentHeader, frame_crc,
};
use crate::journal::{Generation, Seq};

/// How much is read at once at start.
const READ_BYTES: usize = 1024 * 1024;
/// How far apart the marks lie by which readers find a sequence.
const MARK_EVERY_BYTES: u64 = 32 * 1024;

/// Reads a segment's frames in order.
#[derive(Debug)]
pub(crate) struct Scan {
    file: DiskFile,
    generation: Generation,
    /// Where the segment ends.
    pub(crate) end: u64,
    /// Where the next frame begins.
    pub(crate) offset: u64,
    buffer: Vec<u8>,
    base: u64,
    read_bytes: usize,
}

/// What stands at a place of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A frame; its checksum holds.
    Frame(FrameHeader),
    /// Something else.
    Bad,
    /// The end.
    End,
}

impl Scan {
    /// Begins to read at `offset`; frames end at `end`.
    pub(crate) fn new(file: DiskFile, generation: Generation, offset: u64, end: u64) -> Self {
        Self { file, generation, end, offset, buffer: Vec::new(), base: 0, read_bytes: READ_BYTES }
    }

    /// Reads smaller pieces, for readers of few records.
    pub(crate) fn in_pieces(mut self, read_bytes: usize) -> Self {
        self.read_bytes = read_bytes;
        self
    }

    /// Reads a frame and moves on; stays before what is no frame.
    pub(crate) fn next(&mut self) -> io::Result<Found> {
        if self.offset == self.end {
            return Ok(Found::End);
        }
        let Some(header) = self.header()? else {
            return Ok(Found::Bad);
        };
        let generation = self.generation;
        let frame = self.window(self.offset, header.frame_bytes())?;
        if frame_crc(generation, frame) != header.crc {
            return Ok(Found::Bad);
        }
        self.offset += header.frame_bytes() as u64;
        Ok(Found::Frame(header))
    }

    /// Moves over frames that end at or before `after`, without their checksums.
    pub(crate) fn skip_to(&mut self, after: Seq) -> io::Result<()> {
        while self.offset < self.end
            && let Some(header) = self.header()?
            && header.next() <= after.saturating_add(1)
        {
            self.offset += header.frame_bytes() as u64;
        }
        Ok(())
    }

    /// The frame that [`Self::next`] moved over last.
    pub(crate) fn frame(&self, header: &FrameHeader) -> &[u8] {
        let end = usize::try_from(self.offset - self.base).expect("it lies within the buffer");
        &self.buffer[end - header.frame_bytes()..end]
    }

    /// Finds the next frame from `self.offset` + 1 on that begins at `seq` or later; moves before
    /// it. Answers its first sequence.
    pub(crate) fn resync(&mut self, seq: Seq) -> io::Result<Option<Seq>> {
        let begin = self.offset;
        self.offset += 1;
        while self.offset + (FRAME_HEADER_BYTES as u64) < self.end {
            let ahead = (self.end - self.offset).min(READ_BYTES as u64) as usize;
            let window = self.window(self.offset, ahead)?;
            let magic = window.windows(FRAME_MAGIC.len()).position(|it| it == FRAME_MAGIC);
            let Some(distance) = magic else {
                self.offset += (ahead - FRAME_MAGIC.len() + 1) as u64;
                continue;
            };
            self.offset += distance as u64;
            let here = self.offset;
            if let Found::Frame(header) = self.next()?
                && seq <= header.first
            {
                self.offset = here;
                return Ok(Some(header.first));
            }
            self.offset = here + 1;
        }
        self.offset = begin;
        Ok(None)
    }

    /// The header of the frame at the offset; none if there cannot be a whole frame.
    fn header(&mut self) -> io::Result<Option<FrameHeader>> {
        let left = self.end - self.offset;
        if left < FRAME_HEADER_BYTES as u64 {
            return Ok(None);
        }
        let header = FrameHeader::decode(self.window(self.offset, FRAME_HEADER_BYTES)?);
        Ok(header.filter(|header| header.frame_bytes() as u64 <= left))
    }

    /// Makes `bytes` bytes from `offset` available; they lie before the end.
    fn window(&mut self, offset: u64, bytes: usize) -> io::Result<&[u8]> {
        let buffered = self.base..self.base + self.buffer.len() as u64;
        let wanted_end = offset + bytes as u64;
        if offset < buffered.start || buffered.end < wanted_end {
            let ahead = bytes.max(self.read_bytes).min((self.end - offset) as usize);
            self.buffer.resize(ahead, 0);
            self.base = offset;
            self.file.read_at(&mut self.buffer, offset)?;
        }
        let start = (offset - self.base) as usize;
        Ok(&self.buffer[start..start + bytes])
    }
}

/// A segment as readers need it.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    pub(crate) first: Seq,
    pub(crate) generation: Generation,
    /// The bytes that are synced.
    pub(crate) bytes: u64,
    pub(crate) records: u64,
    pub(crate) span: u32,
    /// Some frames' first sequences and offsets.
    marks: Vec<(Seq, u64)>,
}

impl Segment {
    /// A segment with nothing but its header.
    pub(crate) fn new(header: &SegmentHeader) -> Self {
        Self {
            first: header.first,
            generation: header.generation,
            bytes: SEGMENT_HEADER_BYTES as u64,
            records: 0,
            span: header.span,
            marks: Vec::new(),
        }
    }

    /// Counts a frame that stands at the segment's end.
    pub(crate) fn grow(&mut self, frame: &FrameHeader) {
        let is_due = self.marks.last().is_none_or(|it| it.1 + MARK_EVERY_BYTES <= self.bytes);
        if is_due {
            self.marks.push((frame.first, self.bytes));
        }
        self.bytes += frame.frame_bytes() as u64;
        self.records += u64::from(frame.records);
    }

    /// The segment with only the mark that a reader after `after` needs.
    pub(crate) fn from(&self, after: Seq) -> Self {
        let offset = self.offset_before(after);
        Self { marks: vec![(self.first, offset)], ..*self }
    }

    /// An offset of a frame at or before the record after `after`.
    pub(crate) fn offset_before(&self, after: Seq) -> u64 {
        let marks = self.marks.partition_point(|mark| mark.0 <= after.saturating_add(1));
        let before = marks.checked_sub(1).map(|at| self.marks[at].1);
        before.unwrap_or(SEGMENT_HEADER_BYTES as u64)
    }
}
