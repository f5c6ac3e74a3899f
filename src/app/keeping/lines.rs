//! An export that can be brought back: every record as a line of JSON, and every text of a page.
//!
//! `records.jsonl` has a line for each record of the journal, in order:
//!
//! | field | is |
//! |---|---|
//! | `seq` | its place, from 1, without holes |
//! | `at` | when it was made, in UTC |
//! | `kind`, `form` | the kind's number (`src/record.rs`), and the form of its payload |
//! | `entity`, `version` | what it is about, and that entity's version after it |
//! | `key`, `left` | its batch, and how many records of the batch follow |
//! | `reduced` | only where text was erased: true |
//! | `body_hash` | tells one body under a key from another, 16 hexadecimal digits |
//! | `payload` | what happened |
//!
//! `bodies.jsonl` has the same for the page store; there `payload` is a text: the JSON that was
//! compressed, byte for byte, since a body is named by the hash of its bytes.
//! `erased.jsonl` has the ids whose words were erased on request. Hashes of passphrases never leave
//! the data folder: whoever is brought back gets a new passphrase by `skranke user`.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::KeepError;
use super::error::io;
use super::wishes::erased_in;
use crate::app::rebuild;
use crate::backup::{self, BackupError, ERASED, UNFINISHED};
use crate::journal::{BareRecord, Journal, JournalError, Options, Record, Seq, Stream};
use crate::page;
use crate::record::Kind;

/// The files of the streams.
const FILES: [(Stream, &str); 2] =
    [(Stream::Journal, "records.jsonl"), (Stream::Pages, "bodies.jsonl")];
/// A body is at most so large when it is unpacked, with room for its line.
const LINE_BYTES_MAX: u64 = 20 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct Line {
    seq: Seq,
    at: Timestamp,
    kind: u16,
    form: u16,
    entity: Uuid,
    version: u32,
    key: Uuid,
    left: u16,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    reduced: bool,
    body_hash: String,
    payload: Value,
}

/// Writes every record of a data folder that nobody has open into `to`; tells how many.
pub fn write_lines(data: &Path, to: &Path) -> Result<u64, KeepError> {
    let mut n = 0;
    for (stream, name) in FILES {
        let path = to.join(name);
        let mut file = BufWriter::new(File::create(&path).map_err(io("create", &path))?);
        let folder = data.join(stream.name());
        let read = Journal::read_bare(&folder, &mut |bare| {
            let line = told(stream, bare)?;
            serde_json::to_writer(&mut file, &line)
                .map_err(std::io::Error::other)
                .and_then(|()| file.write_all(b"\n"))
                .map_err(|source| JournalError::Io {
                    doing: "write",
                    path: path.clone(),
                    source,
                })?;
            n += 1;
            Ok(())
        });
        match read {
            Err(JournalError::Missing { .. }) if stream == Stream::Pages => {}
            read => read?,
        }
        file.flush().map_err(io("write", &path))?;
    }
    let list = data.join(ERASED);
    let erased = if list.exists() { fs::read(&list).map_err(io("read", &list))? } else { vec![] };
    let path = to.join(ERASED);
    fs::write(&path, erased).map_err(io("write", &path))?;
    Ok(n)
}

fn told(stream: Stream, bare: BareRecord) -> Result<Line, JournalError> {
    let Record { seq, at, kind, kind_version: form, entity, version, key, payload } = bare.record;
    let foreign = |what: String| JournalError::Foreign { seq, what };
    let json = match stream {
        Stream::Journal | Stream::Brief => payload,
        Stream::Pages => lz4_flex::decompress_size_prepended(&payload)
            .map_err(|error| foreign(error.to_string()))?,
    };
    let mut payload = match stream {
        Stream::Journal | Stream::Brief => {
            serde_json::from_slice(&json).map_err(std::io::Error::from)
        }
        Stream::Pages => String::from_utf8(json).map(Value::String).map_err(std::io::Error::other),
    }
    .map_err(|error| foreign(error.to_string()))?;
    let has_hash =
        matches!(Kind::of(kind), Some(Kind::Person | Kind::Token | Kind::Link | Kind::Reader));
    if stream == Stream::Journal && has_hash {
        keep_back(&mut payload);
    }
    let (left, reduced) = (bare.left, bare.is_reduced);
    let body_hash = format!("{:016x}", bare.body_hash);
    Ok(Line { seq, at, kind, form, entity, version, key, left, reduced, body_hash, payload })
}

/// Empties every hash of a passphrase, of a token and of a link: none fits then; and what a
/// reader's links are signed with, and where a chat is told.
fn keep_back(payload: &mut Value) {
    let Value::Object(fields) = payload else { return };
    for (name, value) in fields {
        match value {
            Value::String(secret) if matches!(&**name, "hash" | "key" | "address") => {
                secret.clear()
            }
            _ => keep_back(value),
        }
    }
}

/// Brings an export back into an empty data folder, under a new history; tells how many records.
///
/// # Errors
/// When the export is not whole, or the data folder not empty: nothing is overwritten.
pub fn bring_back(from: &Path, data: &Path, now: Timestamp) -> Result<u64, KeepError> {
    let unfinished = data.join(UNFINISHED);
    if backup::is_unfinished(data) {
        return Err(KeepError::HalfRestored { data: data.to_owned() });
    }
    if fs::read_dir(data).is_ok_and(|mut it| it.next().is_some()) {
        return Err(BackupError::Occupied { folder: data.to_owned() }.into());
    }
    let brought = fill(from, &unfinished, now);
    let is_whole = brought.is_ok();
    if !is_whole && unfinished.exists() {
        fs::remove_dir_all(&unfinished).map_err(io("remove", &unfinished))?;
    }
    let n = brought?;
    backup::settle(data, &[ERASED])?;
    Ok(n)
}

fn fill(from: &Path, unfinished: &Path, now: Timestamp) -> Result<u64, KeepError> {
    let mut n = 0;
    for (stream, name) in FILES {
        let path = from.join(name);
        let file = File::open(&path).map_err(io("open", &path))?;
        let mut lines = Lines { stream, path, file: BufReader::new(file), number: 0 };
        let folder = unfinished.join(stream.name());
        let position =
            Journal::write_bare(&folder, Options::new(stream), &mut || lines.next_record())?;
        n += position.seq;
    }
    let list = from.join(ERASED);
    erased_in(&list)?;
    let erased = fs::read(&list).map_err(io("read", &list))?;
    let path = unfinished.join(ERASED);
    let written = fs::write(&path, erased).and_then(|()| File::open(&path)?.sync_all());
    written.map_err(io("write", &path))?;
    // Every record is read as its kind, once, before anything counts as brought back.
    rebuild(unfinished, now)?;
    let view = unfinished.join("view");
    fs::remove_dir_all(&view).map_err(io("remove", &view))?;
    Ok(n)
}

struct Lines {
    stream: Stream,
    path: PathBuf,
    file: BufReader<File>,
    number: Seq,
}

impl Lines {
    fn next_record(&mut self) -> Result<Option<BareRecord>, JournalError> {
        self.number += 1;
        let mut line = String::new();
        let mut limited = std::io::Read::take(&mut self.file, LINE_BYTES_MAX);
        let read = limited.read_line(&mut line);
        let bytes = read.map_err(|source| {
            let path = self.path.clone();
            JournalError::Io { doing: "read", path, source }
        })?;
        if bytes == 0 {
            return Ok(None);
        }
        self.record(&line).map(Some).map_err(|what| {
            let what = format!("{}, line {}: {what}", self.path.display(), self.number);
            JournalError::Foreign { seq: self.number, what }
        })
    }

    fn record(&self, line: &str) -> Result<BareRecord, String> {
        let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let body_hash = u64::from_str_radix(&line.body_hash, 16).map_err(|it| it.to_string())?;
        let payload = match self.stream {
            Stream::Journal | Stream::Brief => {
                serde_json::to_vec(&line.payload).map_err(|error| error.to_string())?
            }
            Stream::Pages => {
                let json = line.payload.as_str().ok_or("its payload is no text")?;
                page::pack(line.entity, json.as_bytes())
                    .ok_or("this is not the text that its name is the hash of")?
            }
        };
        let record = Record {
            seq: line.seq,
            at: line.at,
            kind: line.kind,
            kind_version: line.form,
            entity: line.entity,
            version: line.version,
            key: line.key,
            payload,
        };
        Ok(BareRecord { record, left: line.left, is_reduced: line.reduced, body_hash })
    }
}
