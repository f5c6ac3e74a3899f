//! `backup.json`: what a backup holds, what it leaves out, and the SHA-256 of every file.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{BackupError, io, sync_folder};

/// The manifest's file name.
pub const MANIFEST: &str = "backup.json";
/// The newest format, and the one that is written.
const FORMAT: u16 = 1;
/// The longest manifest that is read.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of this file and its folder.
    pub format: u16,
    /// The version of the program that made it.
    pub version: String,
    /// When it was made.
    pub made: Timestamp,
    /// Whom it is encrypted to, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypted_to: Option<String>,
    /// The streams.
    pub streams: Vec<StreamEntry>,
    /// Every file beside this one.
    pub files: Vec<FileEntry>,
    /// What the data folder holds and the backup does not.
    pub left_out: Vec<LeftOut>,
}

/// One stream of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamEntry {
    /// Its name, and that of its folder.
    pub name: String,
    /// The history that it was copied from.
    pub generation: String,
    /// Its last record.
    pub last: u64,
}

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its path within the backup.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// Something that is not in the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    crc32: String,
    body: Manifest,
}

impl Manifest {
    /// A manifest without streams and files.
    pub(super) fn new(made: Timestamp) -> Self {
        let left_out = |what: &str, why: &str| LeftOut { what: what.into(), why: why.into() };
        Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made,
            encrypted_to: None,
            streams: vec![],
            files: vec![],
            left_out: vec![
                left_out("brief", "a session that was ended since would live again"),
                left_out("browser-secret", "a backup's thief is not to read what browsers keep"),
                left_out("view", "it is made anew from the journal"),
                left_out("index", "it is made anew from the journal and the pages"),
                left_out("outbox", "`skranke digest --week` composes a letter again"),
            ],
        }
    }

    /// The last record of a stream; 0 when it is not in the backup.
    pub fn last_of(&self, stream: &str) -> u64 {
        self.streams.iter().find(|it| it.name == stream).map_or(0, |it| it.last)
    }

    /// Reads the manifest of a backup.
    pub fn load(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(MANIFEST);
        let bytes = match fs::metadata(&path) {
            Ok(meta) if meta.len() <= BYTES_MAX => fs::read(&path).map_err(io("read", &path))?,
            Ok(_) => return Err(bad(&path, "it is too long to be one")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(BackupError::NoBackup { folder: folder.to_owned() });
            }
            Err(error) => return Err(io("read", &path)(error)),
        };
        let value: Value =
            serde_json::from_slice(&bytes).map_err(|error| bad(&path, &error.to_string()))?;
        // The format stands where every version finds it, whatever else a newer one has.
        let body = &value["body"];
        let found = body["format"].as_u64().ok_or_else(|| bad(&path, "it names no format"))?;
        if u64::from(FORMAT) < found {
            let version = body["version"].as_str().unwrap_or("of an unknown version").to_owned();
            let (folder, known) = (folder.to_owned(), FORMAT);
            return Err(BackupError::Newer { folder, found, known, version });
        }
        let envelope: Envelope =
            serde_json::from_value(value).map_err(|error| bad(&path, &error.to_string()))?;
        match envelope.crc32 == envelope.body.crc() {
            true => Ok(envelope.body),
            false => Err(bad(&path, "its checksum does not match")),
        }
    }

    /// Writes the manifest durably: from now on the folder is a backup.
    pub(super) fn store(&self, folder: &Path) -> Result<(), BackupError> {
        let path = folder.join(MANIFEST);
        let envelope = Envelope { crc32: self.crc(), body: self.clone() };
        let mut bytes = serde_json::to_vec_pretty(&envelope).expect("plain fields become JSON");
        bytes.push(b'\n');
        super::write(&path, &mut bytes.as_slice()).map_err(io("write", &path))?;
        sync_folder(folder)
    }

    fn crc(&self) -> String {
        let body = serde_json::to_vec_pretty(self).expect("plain fields become JSON");
        format!("{:08x}", crc32fast::hash(&body))
    }
}

fn bad(path: &Path, what: &str) -> BackupError {
    BackupError::BadManifest { path: path.to_owned(), what: what.to_owned() }
}
