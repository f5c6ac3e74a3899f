//! A demo's data folder: whether one is filled, and when and where it was.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::load::{Demo, LoadError, LoadOptions, blocking, load, origin};
use super::site::ServedSite;
use crate::app::{App, OpenOptions};

/// What the folder of a filled demo says of it. Written last, so that a demo that was cut off is
/// not taken for a whole one.
#[derive(Debug, Serialize, Deserialize)]
struct Filled {
    /// The demo's last instant.
    end: Timestamp,
    /// Where its website is; the pages' addresses begin so.
    origin: String,
}

const FILE: &str = "demo.json";

/// Why a folder cannot be used for a demo.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// There is something else in it.
    #[error("{} holds something else than a whole demo; name another folder", .0.display())]
    NotADemo(PathBuf),
    /// It cannot be read or written.
    #[error("could not use {}", file.display())]
    File {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl FolderError {
    fn file(file: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { file: file.to_owned(), source }
    }
}

/// Fills an empty folder, or opens the demo that is in it. Its website is then as it was, though
/// the clock has gone on.
pub async fn start(options: LoadOptions) -> Result<Demo, LoadError> {
    let data = options.data.clone();
    let Some(Filled { end, origin: place }) = read(&data)? else {
        if !is_empty(&data)? {
            return Err(FolderError::NotADemo(data).into());
        }
        let filled = Filled { end: options.clock.now(), origin: origin(&options.listener)? };
        let demo = load(options).await?;
        write(&data, &filled)?;
        return Ok(demo);
    };
    let LoadOptions { listener, zone, clock, .. } = options;
    let site = ServedSite::new(&Calendar::ending(end, zone.clone()), &place)?;
    let app = blocking(move || Ok(App::open(OpenOptions { data, clock, zone })?)).await?;
    Ok(Demo { app, site, listener })
}

fn read(data: &Path) -> Result<Option<Filled>, FolderError> {
    let file = data.join(FILE);
    match std::fs::read(&file) {
        Ok(bytes) => {
            let filled = serde_json::from_slice(&bytes);
            filled.map(Some).map_err(|it| FolderError::file(&file)(it.into()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(FolderError::file(&file)(error)),
    }
}

fn is_empty(data: &Path) -> Result<bool, FolderError> {
    match std::fs::read_dir(data) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(FolderError::file(data)(error)),
    }
}

fn write(data: &Path, filled: &Filled) -> Result<(), FolderError> {
    let file = data.join(FILE);
    let text = serde_json::to_vec(filled).expect("a time and an address can be written");
    std::fs::write(&file, text).map_err(FolderError::file(&file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_remembers_its_demo() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        assert!(read(&data).unwrap().is_none() && is_empty(&data).unwrap());
        std::fs::create_dir(&data).unwrap();
        let end = "2026-04-16T10:00:00Z".parse().unwrap();
        let filled = Filled { end, origin: "http://127.0.0.1:8080".to_owned() };
        write(&data, &filled).unwrap();
        let again = read(&data).unwrap().unwrap();
        assert_eq!((again.end, again.origin), (filled.end, filled.origin));
        assert!(!is_empty(&data).unwrap());
    }

    #[test]
    fn a_folder_with_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        assert!(!is_empty(folder.path()).unwrap());
        std::fs::write(folder.path().join(FILE), "not ours").unwrap();
        assert!(read(folder.path()).is_err());
    }
}
