//! The texts of pages: a second stream, content-addressed and compressed, written before the
//! record that names them.

use std::ops::Range;
use std::path::Path;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::extract::ExtractedPassage;
use crate::inquiry::Norm;
use crate::journal::{Batch, Failed, Journal, JournalError, NewRecord, Options, Seq, Stream};

/// A section of a page, small enough to be an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The headings above it, outermost first.
    pub path: Vec<String>,
    /// Its own heading.
    pub heading: String,
    /// The anchor of the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<String>,
    /// Its text.
    pub text: String,
    /// The norm or language of the text.
    pub norm: Norm,
}

/// The text of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// The title.
    pub title: String,
    /// The passages in reading order.
    pub passages: Vec<Passage>,
}

impl Body {
    /// The text of a page as it was read; each passage's norm is told from its words.
    pub fn of(title: String, passages: Vec<ExtractedPassage>) -> Self {
        let passages = passages.into_iter().map(|it| Passage::of(&title, it)).collect();
        Self { passages, title }
    }

    /// SHA-256 in hex: names the body in the page store.
    pub fn fingerprint(&self) -> String {
        hex(&digest(&to_json(self)))
    }
}

impl Passage {
    fn of(title: &str, read: ExtractedPassage) -> Self {
        let ExtractedPassage { heading_path, heading, anchor, text } = read;
        let norm = skranke_index::detect(&format!("{heading}\n{text}")).into();
        let mut path = vec![title.to_owned()];
        path.extend(heading_path);
        path.push(heading.clone());
        path.dedup();
        Self { path, heading, anchor, text, norm }
    }
}

/// All bodies. Clones share them.
#[derive(Clone, Debug)]
pub struct Bodies {
    stream: Journal,
}

/// Why a body cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// The stream does not answer.
    #[error("could not use the page store")]
    Journal(#[from] JournalError),
    /// The bytes are not a body.
    #[error("could not read the body {hash}")]
    Unreadable {
        /// The body's hash.
        hash: String,
    },
}

/// A body is at most so large when it is unpacked.
const UNPACKED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The kind of a record that holds a body.
const KIND_BODY: u16 = 1;
/// The kind of a record that holds where a page leads.
const KIND_LINKS: u16 = 2;

impl Bodies {
    /// Opens the page store in `folder`.
    pub fn open(folder: &Path) -> Result<Self, JournalError> {
        Ok(Self { stream: Journal::open(folder, Options::new(Stream::Pages))? })
    }

    /// A store over an open stream, such as one on a simulated disk.
    #[cfg(test)]
    pub(super) fn over(stream: Journal) -> Self {
        Self { stream }
    }

    /// Keeps a body and tells its hash; it is on the disk when this returns. The same body is
    /// kept once. Blocks.
    pub fn put(&self, body: &Body, now: Timestamp) -> Result<String, BodyError> {
        self.keep(KIND_BODY, &to_json(body), now)
    }

    /// Reads the body of a hash.
    pub fn get(&self, hash: &str) -> Result<Body, BodyError> {
        self.read(hash)
    }

    /// Keeps where a page leads and tells the list's hash, as `put` does. Blocks.
    pub fn put_links(&self, links: &[String], now: Timestamp) -> Result<String, BodyError> {
        self.keep(KIND_LINKS, &to_json(&links), now)
    }

    /// Reads the links of a hash.
    pub fn links(&self, hash: &str) -> Result<Vec<String>, BodyError> {
        self.read(hash)
    }

    fn keep(&self, kind: u16, json: &[u8], now: Timestamp) -> Result<String, BodyError> {
        let digest = digest(json);
        let entity = entity(&digest);
        if self.stream.first_of(entity).is_none() {
            let payload = lz4_flex::compress_prepend_size(json);
            let record = NewRecord { kind, kind_version: 1, entity, payload };
            let batch =
                Batch { key: entity, body_hash: 0, at: now, expect: vec![], records: vec![record] };
            self.stream.append(batch)?;
        }
        Ok(hex(&digest))
    }

    fn read<T: DeserializeOwned>(&self, hash: &str) -> Result<T, BodyError> {
        let unreadable = || BodyError::Unreadable { hash: hash.chars().take(64).collect() };
        let digest = unhex(hash).ok_or_else(unreadable)?;
        let first = self.stream.first_of(entity(&digest)).ok_or_else(unreadable)?;
        let record = self.stream.read(first - 1, 1)?.pop().ok_or_else(unreadable)?;
        let json = unpack(&record.payload).ok_or_else(unreadable)?;
        // The name is the hash of the content, so other bytes cannot pass for these.
        if Sha256::digest(&json).as_slice() != digest {
            return Err(unreadable());
        }
        serde_json::from_slice(&json).map_err(|_| unreadable())
    }

    /// Tells when the page store has failed.
    pub fn failed(&self) -> Failed {
        self.stream.failed()
    }

    /// Whether there is a body of this hash; it is not read.
    pub fn has(&self, hash: &str) -> bool {
        unhex(hash).is_some_and(|digest| self.stream.first_of(entity(&digest)).is_some())
    }

    /// Reads the part of all records that `part` picks, given the last one: their checksums, and
    /// that each is what its name says.
    pub fn check(&self, part: impl FnOnce(Seq) -> Range<Seq>) -> Result<(), BodyError> {
        const AT_A_TIME: usize = 20;
        let Range { start: mut after, end } = part(self.stream.position().seq);
        while after < end {
            let records = self.stream.read(after, AT_A_TIME)?;
            let Some(last) = records.last() else { break };
            after = last.seq;
            for record in records {
                let json = unpack(&record.payload);
                if json.is_none_or(|it| entity(&digest(&it)) != record.entity) {
                    return Err(BodyError::Unreadable { hash: record.entity.to_string() });
                }
            }
        }
        Ok(())
    }

    /// Writes and syncs what is waiting.
    pub fn close(&self) {
        self.stream.close();
    }
}

/// Unpacks a record of the page store into its JSON; none when it is not one.
pub fn unpack(payload: &[u8]) -> Option<Vec<u8>> {
    let (size, packed) = lz4_flex::block::uncompressed_size(payload).ok()?;
    (size <= UNPACKED_BYTES_MAX).then(|| lz4_flex::block::decompress(packed, size).ok()).flatten()
}

/// Packs what an export holds of the page store; none when its name is not the hash of it.
pub fn pack(name: Uuid, json: &[u8]) -> Option<Vec<u8>> {
    (entity(&digest(json)) == name).then(|| lz4_flex::compress_prepend_size(json))
}

fn to_json<T: Serialize>(it: &T) -> Vec<u8> {
    serde_json::to_vec(it).expect("bodies and links are plain data")
}

fn digest(json: &[u8]) -> [u8; 32] {
    Sha256::digest(json).into()
}

fn hex(digest: &[u8; 32]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(hash: &str) -> Option<[u8; 32]> {
    let mut digest = [0_u8; 32];
    if hash.len() != 64 || !hash.is_ascii() {
        return None;
    }
    for (byte, at) in digest.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(&hash[at..at + 2], 16).ok()?;
    }
    Some(digest)
}

fn entity(digest: &[u8; 32]) -> Uuid {
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_kept_beside_bodies() {
        let folder = tempfile::tempdir().unwrap();
        let bodies = Bodies::open(folder.path()).unwrap();
        let links = vec!["https://x.example/a".to_owned()];
        let now = Timestamp::UNIX_EPOCH;
        let hash = bodies.put_links(&links, now).unwrap();
        assert_eq!(bodies.links(&hash).unwrap(), links);
        assert!(bodies.get(&hash).is_err());
    }

    #[test]
    fn a_body_that_is_not_what_its_name_says_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let bodies = Bodies::open(folder.path()).unwrap();
        let body = |title: &str| Body { title: title.into(), passages: vec![] };
        let wanted = digest(&to_json(&body("Barnehage")));
        let payload = lz4_flex::compress_prepend_size(&to_json(&body("Badehus")));
        let entity = entity(&wanted);
        let record = NewRecord { kind: KIND_BODY, kind_version: 1, entity, payload };
        let at = Timestamp::UNIX_EPOCH;
        let batch = Batch { key: entity, body_hash: 0, at, expect: vec![], records: vec![record] };
        bodies.stream.append(batch).unwrap();
        let read = bodies.get(&hex(&wanted));
        assert!(matches!(read, Err(BodyError::Unreadable { .. })), "{read:?}");
    }

    #[test]
    fn a_body_is_kept_once_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let bodies = Bodies::open(folder.path()).unwrap();
        let passage = Passage {
            path: vec!["Barnehage".into()],
            heading: "Frist".into(),
            anchor: Some("frist".into()),
            text: "Fristen er 1. mars.".into(),
            norm: Norm::Nn,
        };
        let body = Body { title: "Barnehage".into(), passages: vec![passage] };
        let hash = bodies.put(&body, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(bodies.put(&body, Timestamp::UNIX_EPOCH).unwrap(), hash);
        assert_eq!(bodies.stream.position().seq, 1);
        assert_eq!(bodies.get(&hash).unwrap(), body);
        assert!(bodies.get("0").is_err());
        assert!(bodies.get(&"0".repeat(64)).is_err());
    }
}
