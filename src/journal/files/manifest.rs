//! The manifest: which history a folder holds, and what is known to be synced.
//!
//! A small JSON file, replaced whole. `crc32` is over the pretty-printed `body`. Segments that
//! are sealed are listed and never written again; each keeps the generation under which it was
//! written, so that a later rewrite of some segments need not touch the others. `synced` is a
//! floor: whatever ended there was durable when the manifest was written, so bad bytes below
//! it are damage and never a torn tail. The floor moves at start, at each roll and at close.
//! Where old segments are dropped, `begins` is the first record that is kept; such a manifest has
//! format 2, since a program that does not know of it would miss the records before.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::layout::segment_name;
use crate::journal::{Damage, Generation, JournalError, Options, Seq};

/// The manifest's file name.
pub(crate) const MANIFEST: &str = "manifest";

/// The newest format of a manifest.
const FORMAT: u16 = 2;
/// The format of one whose history begins with record 1.
const FORMAT_WHOLE: u16 = 1;

/// What the manifest says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: u16,
    pub(crate) stream: String,
    #[serde(with = "hex")]
    pub(crate) generation: Generation,
    /// The first record that is kept; what was before it is dropped.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub(crate) begins: Seq,
    pub(crate) sealed: Vec<Sealed>,
    pub(crate) synced: Synced,
}

const fn first() -> Seq {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_first(begins: &Seq) -> bool {
    *begins == 1
}

/// A segment that is never written again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) first: Seq,
    pub(crate) bytes: u64,
    pub(crate) records: u64,
    #[serde(with = "hex")]
    pub(crate) generation: Generation,
    pub(crate) sha256: String,
}

/// A place up to which everything was durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Synced {
    /// The first sequence of the open segment; 0 when there is none.
    pub(crate) segment: Seq,
    /// The bytes of that segment.
    pub(crate) bytes: u64,
    /// The last record of all.
    pub(crate) seq: Seq,
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    crc32: String,
    body: Manifest,
}

impl Manifest {
    /// The manifest of a journal without records.
    pub(crate) fn new(options: &Options, generation: Generation) -> Self {
        Self {
            format: FORMAT_WHOLE,
            stream: options.stream.name().to_owned(),
            generation,
            begins: first(),
            sealed: Vec::new(),
            synced: Synced::default(),
        }
    }

    /// Lets the history begin with `first`: the segments before it are not named any more.
    pub(crate) fn begin_with(&mut self, first: Seq) {
        self.sealed.retain(|it| first <= it.first);
        (self.begins, self.format) = (first, FORMAT);
    }

    /// Reads the manifest of `folder`; none when there is no such file.
    pub(crate) fn load(disk: Disk, folder: &Path) -> Result<Option<Self>, JournalError> {
        let path = path(folder);
        let Some(bytes) = disk.read_small(&path).map_err(JournalError::io("read", &path))? else {
            return Ok(None);
        };
        Self::read(&bytes).map(Some)
    }

    /// Reads the bytes of a manifest; refuses one that a newer program wrote.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, JournalError> {
        // A newer form may have fields that are not known here, so its format is looked at first.
        if let Some(found) = newer_format(bytes) {
            return Err(JournalError::Newer { found, known: FORMAT });
        }
        let manifest = Self::decode(bytes).map_err(JournalError::Damaged)?;
        if FORMAT < manifest.format {
            return Err(JournalError::Newer { found: manifest.format, known: FORMAT });
        }
        Ok(manifest)
    }

    /// Replaces the manifest of `folder`, durably.
    pub(crate) fn store(&self, disk: Disk, folder: &Path) -> Result<(), JournalError> {
        self.store_as(disk, &path(folder))
    }

    /// Replaces the manifest in the file `path`, durably.
    pub(crate) fn store_as(&self, disk: Disk, path: &Path) -> Result<(), JournalError> {
        disk.replace(path, &self.encode()).map_err(JournalError::io("replace", path))
    }

    /// Finds the entry of a sealed segment.
    pub(crate) fn sealed(&self, first: Seq) -> Option<&Sealed> {
        self.sealed.iter().find(|sealed| sealed.first == first)
    }

    /// Writes the bytes of the file.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let envelope = Envelope { crc32: self.crc(), body: self.clone() };
        let mut bytes = serde_json::to_vec_pretty(&envelope).expect("plain fields become JSON");
        bytes.push(b'\n');
        bytes
    }

    fn decode(bytes: &[u8]) -> Result<Self, Damage> {
        let wrong =
            |what: String| Damage { segment: MANIFEST.to_owned(), offset: 0, lost: None, what };
        let envelope: Envelope =
            serde_json::from_slice(bytes).map_err(|error| wrong(format!("unreadable: {error}")))?;
        if envelope.crc32 != envelope.body.crc() {
            return Err(wrong("its checksum does not match".to_owned()));
        }
        Ok(envelope.body)
    }

    fn crc(&self) -> String {
        let body = serde_json::to_vec_pretty(self).expect("plain fields become JSON");
        format!("{:08x}", crc32fast::hash(&body))
    }
}

/// The format of a manifest that is whole and newer than this program.
fn newer_format(bytes: &[u8]) -> Option<u16> {
    let text = str::from_utf8(bytes).ok()?;
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let found = u16::try_from(value["body"]["format"].as_u64()?).ok()?;
    // The checksum is over the body's own text, moved two signs to the left.
    let body = text.split_once("\"body\": ")?.1.trim_end().strip_suffix('}')?.trim_end();
    let crc = format!("{:08x}", crc32fast::hash(body.replace("\n  ", "\n").as_bytes()));
    (FORMAT < found && value["crc32"] == crc).then_some(found)
}

/// The path of the segment that begins with `first`.
pub(crate) fn segment_path(folder: &Path, first: Seq) -> PathBuf {
    folder.join(segment_name(first))
}

fn path(folder: &Path) -> PathBuf {
    folder.join(MANIFEST)
}

/// Writes generations as the text that people see.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Generation;

    pub(super) fn serialize<S: Serializer>(it: &Generation, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(it)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Generation, D::Error> {
        let text = String::deserialize(from)?;
        Generation::parse(&text)
            .ok_or_else(|| serde::de::Error::custom(format!("not a generation: {text:?}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Stream;

    #[test]
    fn a_newer_manifest_is_told_from_a_damaged_one() {
        let newer = |format| {
            let body = format!("{{\n  \"format\": {format},\n  \"other\": [\n    1\n  ]\n}}");
            let crc = crc32fast::hash(body.as_bytes());
            let body = body.replace('\n', "\n  ");
            format!("{{\n  \"crc32\": \"{crc:08x}\",\n  \"body\": {body}\n}}\n")
        };
        assert_eq!(newer_format(newer(3).as_bytes()), Some(3));
        assert_eq!(newer_format(newer(2).as_bytes()), None);
        let flipped = newer(3).replace("\"format\": 3", "\"format\": 4");
        assert_eq!(newer_format(flipped.as_bytes()), None, "that is damage");
        let ours = Manifest::new(&Options::new(Stream::Pages), Generation([7; 16])).encode();
        assert_eq!(newer_format(&ours), None);
        assert!(Manifest::read(&ours).is_ok());
    }

    #[test]
    fn a_manifest_survives_its_bytes_and_any_flip_is_found_or_harmless() {
        let mut manifest = Manifest::new(&Options::new(Stream::Pages), Generation([7; 16]));
        manifest.sealed.push(Sealed {
            first: 1,
            bytes: 100,
            records: 2,
            generation: manifest.generation,
            sha256: "ab".to_owned(),
        });
        let bytes = manifest.encode();
        assert_eq!(Manifest::decode(&bytes), Ok(manifest.clone()));
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x01;
            assert!(Manifest::decode(&flipped).map_or(true, |read| read == manifest), "at {at}");
        }
    }
}
