//! All that is known, as one file of JSON lines for each kind; equal contents give equal bytes.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;

use super::AppError;
use super::health::attempts::Attempts;
use super::made::Maker;
use crate::clock::Clock;
use crate::journal::{Journal, Options, Stream};
use crate::record::Kind;
use crate::view::View;

/// Fields that never leave the data folder: what opens a door, what links are signed with, and
/// the address of a chat, which whoever has it may write to.
const KEPT_BACK: [&str; 3] = ["hash", "key", "chat"];

/// Writes every kind's rows into a folder, and tells how many there were. Blocks.
///
/// # Errors
/// When the data folder cannot be read, or the files cannot be written.
pub fn export(data: &Path, to: &Path, now: Timestamp) -> Result<u64, AppError> {
    let journal = Journal::open(&data.join("journal"), Options::new(Stream::Journal))?;
    let attempts = Attempts::new(data, Clock::fixed(now));
    let (view, _) = Maker::quiet(data, &journal, &attempts).ready()?;
    std::fs::create_dir_all(to).map_err(unwritten(to))?;
    let mut rows = 0;
    for kind in Kind::ALL {
        rows += write_kind(&view, kind, to)?;
    }
    Ok(rows)
}

fn write_kind(view: &View, kind: Kind, to: &Path) -> Result<u64, AppError> {
    let path = to.join(format!("{}.jsonl", kind.tree()));
    let file = File::create(&path).map_err(unwritten(&path))?;
    let mut file = BufWriter::new(file);
    let mut rows = 0;
    for row in view.scan(kind.tree())? {
        let (_, value) = row?;
        let line = told(&value);
        writeln!(file, "{line}").map_err(unwritten(&path))?;
        rows += 1;
    }
    file.flush().map_err(unwritten(&path))?;
    Ok(rows)
}

/// A row as it is told: its own fields beside its id, its place and its version.
fn told(value: &[u8]) -> Value {
    let stored: Value = serde_json::from_slice(value).unwrap_or_default();
    let mut line = match stored.get("row") {
        Some(Value::Object(row)) => row.clone(),
        Some(other) => serde_json::Map::from_iter([("row".to_owned(), other.clone())]),
        None => serde_json::Map::new(),
    };
    for name in KEPT_BACK {
        line.remove(name);
    }
    for name in ["id", "first", "last", "version"] {
        line.extend(stored.get(name).map(|it| (name.to_owned(), it.clone())));
    }
    Value::Object(line)
}

fn unwritten(path: &Path) -> impl FnOnce(std::io::Error) -> AppError {
    let path = PathBuf::from(path);
    move |source| AppError::Unwritten { path, source }
}
