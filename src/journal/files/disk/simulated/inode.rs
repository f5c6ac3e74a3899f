//! The bytes of one simulated file: what is seen, what is durable, and what lies between.

use super::Chance;

/// What a disk writes whole or not at all.
const SECTOR_BYTES: usize = 512;

/// A file.
#[derive(Clone, Debug, Default)]
pub(super) struct Inode {
    seen: Vec<u8>,
    durable: Vec<u8>,
    unsynced: Vec<Change>,
    /// Bytes that once stood here, which a file system may bring back.
    stale: Vec<u8>,
    /// Whether a sync has failed, so that what is seen may not be what the next sync writes.
    is_suspect: bool,
}

#[derive(Clone, Debug)]
enum Change {
    Bytes(usize, Vec<u8>),
    Length(usize),
}

impl Inode {
    pub(super) fn holding(bytes: Vec<u8>) -> Self {
        Self { seen: bytes.clone(), durable: bytes, ..Self::default() }
    }

    pub(super) fn seen(&self) -> &[u8] {
        &self.seen
    }

    pub(super) fn write(&mut self, bytes: &[u8], offset: u64) {
        let at = usize::try_from(offset).expect("a simulated file is small");
        put(&mut self.seen, at, bytes, &[]);
        self.unsynced.push(Change::Bytes(at, bytes.to_vec()));
    }

    pub(super) fn truncate(&mut self, bytes: u64) {
        let bytes = usize::try_from(bytes).expect("a simulated file is small");
        if self.stale.len() < self.seen.len() {
            self.stale.clone_from(&self.seen);
        }
        self.seen.resize(bytes, 0);
        self.unsynced.push(Change::Length(bytes));
    }

    pub(super) fn sync(&mut self) {
        for change in self.unsynced.drain(..) {
            match change {
                Change::Bytes(at, bytes) => put(&mut self.durable, at, &bytes, &[]),
                Change::Length(bytes) => self.durable.resize(bytes, 0),
            }
        }
    }

    /// Some of what was to be synced is written; the rest is forgotten and never tried again,
    /// as page caches do.
    pub(super) fn fail_sync(&mut self, chance: &mut Chance) {
        self.durable = self.left(chance);
        self.unsynced.clear();
        self.is_suspect = true;
    }

    /// A process has ended: the cache may be read again from the disk.
    pub(super) fn evict(&mut self, chance: &mut Chance) {
        if self.is_suspect && chance.once_in(2) {
            self.seen.clone_from(&self.durable);
            for change in &self.unsynced {
                match change {
                    Change::Bytes(at, bytes) => put(&mut self.seen, *at, bytes, &[]),
                    Change::Length(bytes) => self.seen.resize(*bytes, 0),
                }
            }
        }
    }

    pub(super) fn cut(&mut self, chance: &mut Chance) {
        self.durable = self.left(chance);
        self.unsynced.clear();
        self.is_suspect = false;
        self.seen.clone_from(&self.durable);
    }

    /// What a disk may hold that was told some of the changes, sector by sector.
    fn left(&self, chance: &mut Chance) -> Vec<u8> {
        let style = chance.style();
        let fill = match chance.below(3) {
            0 => Vec::new(),
            1 => self.stale.clone(),
            _ => (0..self.seen.len()).map(|_| chance.below(256) as u8).collect(),
        };
        let mut left = self.durable.clone();
        let mut longest = left.len();
        for change in &self.unsynced {
            match change {
                Change::Bytes(at, bytes) => {
                    longest = longest.max(at + bytes.len());
                    for (at, sector) in sectors(*at, bytes) {
                        if chance.keeps(style) {
                            put(&mut left, at, sector, &fill);
                        }
                    }
                }
                Change::Length(bytes) if chance.keeps(style) => left.resize(*bytes, 0),
                Change::Length(_) => {}
            }
        }
        // A file's length is written apart from its bytes: it may come without them, and they
        // without it.
        if !self.unsynced.is_empty() && left.len() < longest && chance.once_in(4) {
            let length = left.len() + 1 + chance.below(longest - left.len());
            put(&mut left, length - 1, &[0], &fill);
        } else if self.durable.len() < left.len() && chance.once_in(4) {
            let length = self.durable.len() + chance.below(left.len() - self.durable.len());
            left.truncate(length);
        }
        left
    }
}

/// Parts of a write that do not cross a sector's end.
fn sectors(at: usize, bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let first = (SECTOR_BYTES - at % SECTOR_BYTES).min(bytes.len());
    let (first, rest) = bytes.split_at(first);
    let rest_at = at + first.len();
    let rest = rest.chunks(SECTOR_BYTES).enumerate();
    std::iter::once((at, first)).chain(rest.map(move |(n, it)| (rest_at + n * SECTOR_BYTES, it)))
}

/// Writes into `bytes`, which grows as needed; what nobody has written comes from `fill`.
fn put(bytes: &mut Vec<u8>, at: usize, part: &[u8], fill: &[u8]) {
    for place in bytes.len()..at + part.len() {
        bytes.push(fill.get(place).copied().unwrap_or(0));
    }
    bytes[at..at + part.len()].copy_from_slice(part);
}
