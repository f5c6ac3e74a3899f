//! The bytes of a row and of the position row. All numbers are little endian.
//!
//! **Row**: CRC-32 (4 bytes) of the tree's name, a zero byte, the key, and what follows; the
//! sequence of the record that wrote it (8 bytes); the value. So a value that turns up under
//! another key or in another tree does not pass.
//!
//! **Position row**: CRC-32 (4) of what follows; format (2); 1 if there is a position, else 0
//! (1); generation (16); sequence (8); then for each tree in order of name: length of the name
//! (1), name, number of rows (8), wrapping sum of its rows' CRCs (8). The sum makes the loss or
//! return of any single row show at the next check, which a count alone would not.

use std::collections::BTreeMap;

use crate::journal::{Generation, Position, Seq};

/// The format that is written; a view of another one is rebuilt.
pub(super) const FORMAT: u16 = 2;

const CRC_BYTES: usize = 4;
const SEQ_BYTES: usize = 8;

/// How many rows a tree has, and the wrapping sum of their checksums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) rows: u64,
    pub(super) sum: u64,
}

impl Tally {
    /// Counts a row in.
    pub(super) fn add(&mut self, row: &[u8]) {
        self.rows = self.rows.wrapping_add(1);
        self.sum = self.sum.wrapping_add(stored_crc(row));
    }

    /// Counts a row out.
    pub(super) fn take(&mut self, row: &[u8]) {
        self.rows = self.rows.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(stored_crc(row));
    }
}

/// What the position row says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) position: Option<Position>,
    pub(super) tallies: BTreeMap<String, Tally>,
}

/// Why a position row was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeadFlaw {
    Damaged,
    OtherFormat(u16),
}

/// Writes a row.
pub(super) fn encode(tree: &str, key: u64, seq: Seq, value: &[u8]) -> Vec<u8> {
    let mut row = vec![0; CRC_BYTES];
    row.extend(seq.to_le_bytes());
    row.extend(value);
    let crc = crc(tree, key, &row[CRC_BYTES..]);
    row[..CRC_BYTES].copy_from_slice(&crc.to_le_bytes());
    row
}

/// The value within a row that was checked.
pub(super) fn value(row: &[u8]) -> &[u8] {
    row.get(CRC_BYTES + SEQ_BYTES..).unwrap_or_default()
}

/// Reads a row's value; none when it is not as it was written.
pub(super) fn decode<'a>(tree: &str, key: u64, row: &'a [u8]) -> Option<&'a [u8]> {
    let value = row.get(CRC_BYTES + SEQ_BYTES..)?;
    (stored_crc(row) == u64::from(crc(tree, key, &row[CRC_BYTES..]))).then_some(value)
}

fn crc(tree: &str, key: u64, rest: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(tree.as_bytes());
    hasher.update(&[0]);
    hasher.update(&key.to_be_bytes());
    hasher.update(rest);
    hasher.finalize()
}

fn stored_crc(row: &[u8]) -> u64 {
    row.first_chunk().map_or(0, |crc| u64::from(u32::from_le_bytes(*crc)))
}

impl Head {
    /// Writes the position row.
    pub(super) fn encode(&self) -> Vec<u8> {
        let position =
            self.position.unwrap_or(Position { generation: Generation([0; 16]), seq: 0 });
        let mut row = vec![0; CRC_BYTES];
        row.extend(FORMAT.to_le_bytes());
        row.push(u8::from(self.position.is_some()));
        row.extend(position.generation.0);
        row.extend(position.seq.to_le_bytes());
        for (name, tally) in &self.tallies {
            row.push(u8::try_from(name.len()).expect("names are checked when a change comes in"));
            row.extend(name.as_bytes());
            row.extend(tally.rows.to_le_bytes());
            row.extend(tally.sum.to_le_bytes());
        }
        let crc = crc32fast::hash(&row[CRC_BYTES..]);
        row[..CRC_BYTES].copy_from_slice(&crc.to_le_bytes());
        row
    }

    /// Reads the position row.
    pub(super) fn decode(row: &[u8]) -> Result<Self, HeadFlaw> {
        let rest = row.get(CRC_BYTES..).unwrap_or_default();
        if stored_crc(row) != u64::from(crc32fast::hash(rest)) {
            return Err(HeadFlaw::Damaged);
        }
        let (format, rest) = split(rest).ok_or(HeadFlaw::Damaged)?;
        match u16::from_le_bytes(format) {
            FORMAT => Self::decode_fields(rest).ok_or(HeadFlaw::Damaged),
            found => Err(HeadFlaw::OtherFormat(found)),
        }
    }

    fn decode_fields(rest: &[u8]) -> Option<Self> {
        let ([is_there], rest) = split(rest)?;
        let (generation, rest) = split(rest)?;
        let (seq, mut rest) = split(rest)?;
        let position =
            Position { generation: Generation(generation), seq: u64::from_le_bytes(seq) };
        let mut tallies = BTreeMap::new();
        while let Some((&length, after)) = rest.split_first() {
            let (name, after) = after.split_at_checked(usize::from(length))?;
            let (rows, after) = split(after)?;
            let (sum, after) = split(after)?;
            let tally = Tally { rows: u64::from_le_bytes(rows), sum: u64::from_le_bytes(sum) };
            tallies.insert(str::from_utf8(name).ok()?.to_owned(), tally);
            rest = after;
        }
        Some(Self { position: (is_there == 1).then_some(position), tallies })
    }
}

fn split<const N: usize>(bytes: &[u8]) -> Option<([u8; N], &[u8])> {
    bytes.split_first_chunk().map(|(first, rest)| (*first, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_passes_only_in_its_place_and_unchanged() {
        let row = encode("inquiry", 7, 9, b"text");
        assert_eq!(decode("inquiry", 7, &row), Some(&b"text"[..]));
        assert_eq!(decode("inquiry", 8, &row), None);
        assert_eq!(decode("topic", 7, &row), None);
        for at in 0..row.len() {
            let mut flipped = row.clone();
            flipped[at] ^= 0x10;
            assert_eq!(decode("inquiry", 7, &flipped), None, "at {at}");
        }
    }

    #[test]
    fn the_position_row_survives_its_bytes_and_no_flip_passes() {
        let generation = Generation([7; 16]);
        let mut head = Head { position: Some(Position { generation, seq: 5 }), ..Head::default() };
        head.tallies.insert("inquiry".to_owned(), Tally { rows: 2, sum: 3 });
        let row = head.encode();
        assert_eq!(Head::decode(&row), Ok(head));
        for at in 0..row.len() {
            let mut flipped = row.clone();
            flipped[at] ^= 0x10;
            assert_eq!(Head::decode(&flipped), Err(HeadFlaw::Damaged), "at {at}");
        }
    }
}
