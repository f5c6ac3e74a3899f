//! The bytes of a segment, as they are written and read.
//!
//! All numbers are little endian. A file is one segment header, then frames without gaps.
//!
//! **Segment header**, 48 bytes:
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 8 | magic `F5 53 6B 72 61 6E 6B 0A` (`Skrank` between a byte no text has and a line end) |
//! | 8 | 2 | format, 1 |
//! | 10 | 2 | stream: 1 journal, 2 pages, 3 brief |
//! | 12 | 4 | month of the first record's `at` in UTC: year x 12 + month - 1; brief: days |
//! | 16 | 16 | generation under which this segment was written |
//! | 32 | 8 | first sequence, the same as in the file's name |
//! | 40 | 4 | zero |
//! | 44 | 4 | CRC-32 of bytes 0 to 43 |
//!
//! **Frame header**, 24 bytes, then the body. One frame is one group commit: one write and one
//! sync, and the next is written only after that sync. So a frame that is followed by another
//! was synced, and only the last can be torn.
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 4 | magic `F5 46 52 FA`; F5 and FA never occur in UTF-8, so no JSON payload holds it |
//! | 4 | 4 | CRC-32 of the segment's generation (not stored here), then of byte 8 to the last |
//! | 8 | 4 | bytes of the body, at most 8 MB |
//! | 12 | 4 | number of records, at least 1 |
//! | 16 | 8 | sequence of the first record |
//!
//! The generation salts the checksum, so that blocks of an older file that a file system brings
//! back after a crash are not taken for frames of this one (SQLite salts its log likewise).
//!
//! **Record header**, 72 bytes, then the payload. A body is records without gaps.
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 4 | bytes of the payload |
//! | 4 | 2 | kind |
//! | 6 | 2 | version of the payload's form within the kind |
//! | 8 | 8 | sequence |
//! | 16 | 8 | `at`: microseconds since 1970 in UTC, signed |
//! | 24 | 16 | entity |
//! | 40 | 4 | the entity's version after this record, from 1 |
//! | 44 | 2 | records of the same batch that follow; 0 in its last |
//! | 46 | 2 | flags: bit 0 = reduced (text was erased, the body hash is zero); others zero |
//! | 48 | 16 | key of the batch |
//! | 64 | 8 | hash of the batch's body |
//!
//! Reduction writes body hashes as zero, since a hash of erased text would confirm a guess.
//! A reader meets every format ever written; a change of any of this is a new format.

use crc32fast::Hasher;
use jiff::Timestamp;
use jiff::tz::Offset;
use uuid::Uuid;

use crate::journal::{Generation, NewRecord, Record, Seq, Stream};

/// The newest format, and the one that is written.
pub(crate) const FORMAT: u16 = 1;
/// The length of a segment header.
pub(crate) const SEGMENT_HEADER_BYTES: usize = 48;
/// The length of a frame header.
pub(crate) const FRAME_HEADER_BYTES: usize = 24;
/// The length of a record header.
pub(crate) const RECORD_HEADER_BYTES: usize = 72;
/// The longest body of a frame.
pub(crate) const FRAME_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How every frame begins.
pub(crate) const FRAME_MAGIC: [u8; 4] = [0xF5, 0x46, 0x52, 0xFA];

const SEGMENT_MAGIC: [u8; 8] = *b"\xF5Skrank\n";
const FLAG_REDUCED: u16 = 1;

/// What the first bytes of a segment say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    pub(crate) stream: Stream,
    /// What it covers; see [`span_of`].
    pub(crate) span: u32,
    pub(crate) generation: Generation,
    pub(crate) first: Seq,
}

/// What a frame's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameHeader {
    pub(crate) crc: u32,
    pub(crate) body_bytes: usize,
    pub(crate) records: u32,
    pub(crate) first: Seq,
}

/// What a record's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordHeader {
    pub(crate) payload_bytes: usize,
    pub(crate) kind: u16,
    pub(crate) kind_version: u16,
    pub(crate) seq: Seq,
    pub(crate) at_us: i64,
    pub(crate) entity: Uuid,
    pub(crate) version: u32,
    pub(crate) left: u16,
    pub(crate) is_reduced: bool,
    pub(crate) key: Uuid,
    pub(crate) body_hash: u64,
}

/// Names the file of the segment that begins with `first`; names sort by sequence.
pub(crate) fn segment_name(first: Seq) -> String {
    format!("{first:020}.log")
}

/// Reads a segment's name; none when it is not one.
pub(crate) fn parse_segment_name(name: &str) -> Option<Seq> {
    let first = name.strip_suffix(".log")?.parse().ok()?;
    (segment_name(first) == name).then_some(first)
}

/// The time that a segment of the stream covers: a month, or a day where old segments are dropped.
pub(crate) fn span_of(stream: Stream, at: Timestamp) -> u32 {
    const DAY_SECONDS: i64 = 24 * 60 * 60;
    match stream.kept_for() {
        None => month_of(at),
        Some(_) => u32::try_from(at.as_second().div_euclid(DAY_SECONDS)).unwrap_or(0),
    }
}

/// Counts months in UTC, so that a later month is a larger number.
pub(crate) fn month_of(at: Timestamp) -> u32 {
    let date = Offset::UTC.to_datetime(at);
    let months = i32::from(date.year()) * 12 + i32::from(date.month()) - 1;
    u32::try_from(months).unwrap_or(0)
}

impl Stream {
    const ALL: [Self; 3] = [Self::Journal, Self::Pages, Self::Brief];

    /// Finds a stream by its name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stream| stream.name() == name)
    }

    const fn number(self) -> u16 {
        match self {
            Self::Journal => 1,
            Self::Pages => 2,
            Self::Brief => 3,
        }
    }
}

impl SegmentHeader {
    /// Writes the header.
    pub(crate) fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        bytes[0..8].copy_from_slice(&SEGMENT_MAGIC);
        bytes[8..10].copy_from_slice(&FORMAT.to_le_bytes());
        bytes[10..12].copy_from_slice(&self.stream.number().to_le_bytes());
        bytes[12..16].copy_from_slice(&self.span.to_le_bytes());
        bytes[16..32].copy_from_slice(&self.generation.0);
        bytes[32..40].copy_from_slice(&self.first.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..44]);
        bytes[44..48].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// Tells the format of a whole header that is newer than this program.
    pub(crate) fn newer_format(bytes: &[u8]) -> Option<u16> {
        let bytes = bytes.get(..SEGMENT_HEADER_BYTES)?;
        let is_whole =
            bytes.starts_with(&SEGMENT_MAGIC) && u32_at(bytes, 44) == crc32fast::hash(&bytes[..44]);
        let format = u16_at(bytes, 8);
        (is_whole && FORMAT < format).then_some(format)
    }

    /// Reads the header; none when it is not whole, not ours, or of another format.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..SEGMENT_HEADER_BYTES)?;
        let is_whole = bytes.starts_with(&SEGMENT_MAGIC)
            && u16_at(bytes, 8) == FORMAT
            && u32_at(bytes, 44) == crc32fast::hash(&bytes[..44]);
        let stream = Stream::ALL.into_iter().find(|stream| stream.number() == u16_at(bytes, 10))?;
        is_whole.then(|| Self {
            stream,
            span: u32_at(bytes, 12),
            generation: Generation(array_at(bytes, 16)),
            first: u64_at(bytes, 32),
        })
    }
}

impl FrameHeader {
    /// Reads the header; none when it cannot be one.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..FRAME_HEADER_BYTES)?;
        let header = Self {
            crc: u32_at(bytes, 4),
            body_bytes: usize::try_from(u32_at(bytes, 8)).ok()?,
            records: u32_at(bytes, 12),
            first: u64_at(bytes, 16),
        };
        let is_ours = bytes.starts_with(&FRAME_MAGIC)
            && header.body_bytes <= FRAME_BYTES_MAX
            && RECORD_HEADER_BYTES <= header.body_bytes;
        is_ours.then_some(header)
    }

    /// The bytes of header and body together.
    pub(crate) const fn frame_bytes(&self) -> usize {
        FRAME_HEADER_BYTES + self.body_bytes
    }

    /// The sequence after the frame's last.
    pub(crate) const fn next(&self) -> Seq {
        self.first.saturating_add(self.records as u64)
    }
}

/// Tells a frame's checksum; `frame` is header and body.
pub(crate) fn frame_crc(generation: Generation, frame: &[u8]) -> u32 {
    let mut hasher = Hasher::new();
    hasher.update(&generation.0);
    hasher.update(&frame[8..]);
    hasher.finalize()
}

/// Collects records into the bytes of one frame.
#[derive(Debug)]
pub(crate) struct FrameBuilder {
    bytes: Vec<u8>,
    first: Seq,
    records: u32,
}

impl FrameBuilder {
    /// Begins a frame whose first record gets `first`.
    pub(crate) fn new(first: Seq) -> Self {
        Self { bytes: vec![0; FRAME_HEADER_BYTES], first, records: 0 }
    }

    /// The sequence of its first record.
    pub(crate) const fn first(&self) -> Seq {
        self.first
    }

    /// The sequence that the next record gets.
    pub(crate) fn next(&self) -> Seq {
        self.first + Seq::from(self.records)
    }

    /// Adds a record.
    pub(crate) fn push(&mut self, header: &RecordHeader, payload: &[u8]) {
        let flags = if header.is_reduced { FLAG_REDUCED } else { 0 };
        self.bytes.extend((payload.len() as u32).to_le_bytes());
        self.bytes.extend(header.kind.to_le_bytes());
        self.bytes.extend(header.kind_version.to_le_bytes());
        self.bytes.extend(header.seq.to_le_bytes());
        self.bytes.extend(header.at_us.to_le_bytes());
        self.bytes.extend(header.entity.as_bytes());
        self.bytes.extend(header.version.to_le_bytes());
        self.bytes.extend(header.left.to_le_bytes());
        self.bytes.extend(flags.to_le_bytes());
        self.bytes.extend(header.key.as_bytes());
        self.bytes.extend(header.body_hash.to_le_bytes());
        self.bytes.extend(payload);
        self.records += 1;
    }

    /// The length of the frame so far.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Closes the frame, which must have records.
    pub(crate) fn finish(mut self, generation: Generation) -> Vec<u8> {
        debug_assert!(0 < self.records, "an empty frame is never written");
        let body_bytes = (self.bytes.len() - FRAME_HEADER_BYTES) as u32;
        self.bytes[0..4].copy_from_slice(&FRAME_MAGIC);
        self.bytes[8..12].copy_from_slice(&body_bytes.to_le_bytes());
        self.bytes[12..16].copy_from_slice(&self.records.to_le_bytes());
        self.bytes[16..24].copy_from_slice(&self.first.to_le_bytes());
        let crc = frame_crc(generation, &self.bytes);
        self.bytes[4..8].copy_from_slice(&crc.to_le_bytes());
        self.bytes
    }
}

impl RecordHeader {
    /// Reads the header; none when it cannot be one.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..RECORD_HEADER_BYTES)?;
        let flags = u16_at(bytes, 46);
        (flags & !FLAG_REDUCED == 0).then(|| Self {
            payload_bytes: u32_at(bytes, 0) as usize,
            kind: u16_at(bytes, 4),
            kind_version: u16_at(bytes, 6),
            seq: u64_at(bytes, 8),
            at_us: i64::from_le_bytes(array_at(bytes, 16)),
            entity: Uuid::from_bytes(array_at(bytes, 24)),
            version: u32_at(bytes, 40),
            left: u16_at(bytes, 44),
            is_reduced: flags & FLAG_REDUCED != 0,
            key: Uuid::from_bytes(array_at(bytes, 48)),
            body_hash: u64_at(bytes, 64),
        })
    }

    /// Joins header and payload into what readers get; none when `at` is beyond the calendar.
    pub(crate) fn record(&self, payload: &[u8]) -> Option<Record> {
        Some(Record {
            seq: self.seq,
            at: Timestamp::from_microsecond(self.at_us).ok()?,
            kind: self.kind,
            kind_version: self.kind_version,
            entity: self.entity,
            version: self.version,
            key: self.key,
            payload: payload.to_vec(),
        })
    }
}

/// Tells how much of a frame a record takes.
pub(crate) fn record_bytes(record: &NewRecord) -> usize {
    RECORD_HEADER_BYTES + record.payload.len()
}

/// Takes a body apart: calls `visit` with each record in order, until it answers false.
///
/// Answers false when the body is not exactly the records that its header promises.
pub(crate) fn walk(
    frame: &FrameHeader,
    body: &[u8],
    mut visit: impl FnMut(&RecordHeader, &[u8]) -> bool,
) -> bool {
    let mut rest = body;
    for seq in frame.first..frame.next() {
        let Some(header) = RecordHeader::decode(rest).filter(|header| header.seq == seq) else {
            return false;
        };
        let end = RECORD_HEADER_BYTES.saturating_add(header.payload_bytes);
        let Some(payload) = rest.get(RECORD_HEADER_BYTES..end) else {
            return false;
        };
        if !visit(&header, payload) {
            return true;
        }
        rest = &rest[end..];
    }
    rest.is_empty()
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[at..at + N]);
    array
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array_at(bytes, at))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array_at(bytes, at))
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array_at(bytes, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// One record of format 1; these bytes must be readable for ever.
    fn frame() -> Vec<u8> {
        let payload = br#"{"n":1}"#;
        let mut frame = FrameBuilder::new(258);
        let header = RecordHeader {
            payload_bytes: payload.len(),
            kind: 3,
            kind_version: 1,
            seq: 258,
            at_us: 1_770_000_000_000_000,
            entity: Uuid::from_u128(0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10),
            version: 7,
            left: 0,
            is_reduced: false,
            key: Uuid::from_u128(5),
            body_hash: 0x1122_3344_5566_7788,
        };
        frame.push(&header, payload);
        frame.finish(Generation([9; 16]))
    }

    #[test]
    fn a_segment_header_of_format_1_has_these_bytes() {
        let header = SegmentHeader {
            stream: Stream::Journal,
            span: 24_313,
            generation: Generation([9; 16]),
            first: 258,
        };
        assert_eq!(hex(&header.encode()), SEGMENT_HEX);
        assert_eq!(SegmentHeader::decode(&header.encode()), Some(header));
    }

    #[test]
    fn a_frame_of_format_1_has_these_bytes() {
        assert_eq!(hex(&frame()), FRAME_HEX);
    }

    #[test]
    fn a_frame_of_another_generation_does_not_check() {
        let frame = frame();
        let header = FrameHeader::decode(&frame).unwrap();
        assert_eq!(frame_crc(Generation([9; 16]), &frame), header.crc);
        assert_ne!(frame_crc(Generation([8; 16]), &frame), header.crc);
    }

    #[test]
    fn months_count_on_across_new_year() {
        let month = |text: &str| month_of(text.parse().unwrap());
        assert_eq!(month("2026-02-02T02:40:00Z"), 24_313);
        assert_eq!(month("2026-12-31T23:59:59Z") + 1, month("2027-01-01T00:00:00Z"));
    }

    #[test]
    fn only_whole_names_of_segments_are_read() {
        assert_eq!(parse_segment_name(&segment_name(17)), Some(17));
        for name in ["17.log", "+0000000000000000017.log", "00000000000000000017.log.new"] {
            assert_eq!(parse_segment_name(name), None, "{name}");
        }
    }

    const SEGMENT_HEX: &str = concat!(
        "f5536b72616e6b0a01000100f95e00000909090909090909",
        "090909090909090902010000000000000000000019885359",
    );
    const FRAME_HEX: &str = concat!(
        "f54652fa954458ee4f000000010000000201000000000000",
        "0700000003000100020100000000000000a0403dce4906000102030405060708090a0b0c",
        "0d0e0f100700000000000000000000000000000000000000000000058877665544332211",
        "7b226e223a317d",
    );
}
