//! The folder of scheduled backups: their names, and which of them stay.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::make::PARTIAL;
use super::{BackupError, MANIFEST, beside, io, remove_folder};

const PREFIX: &str = "skranke-";
const FORM: &str = "%Y%m%dT%H%M%SZ";

/// Names the backup of an instant; names sort by time.
pub fn name_at(now: Timestamp) -> String {
    format!("{PREFIX}{}", now.strftime(FORM))
}

/// The whole backups that were made on schedule, the oldest first.
pub fn kept(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let mut found = named(folder)?;
    found.retain(|it| is_name(it) && it.join(MANIFEST).is_file());
    Ok(found)
}

/// Removes the oldest scheduled backups beyond `keep`, and what was cut short; tells which whole
/// ones went. Nothing under another name is touched.
pub fn rotate(folder: &Path, keep: usize) -> Result<Vec<PathBuf>, BackupError> {
    let is_partial = |it: &PathBuf| {
        let name = it.to_string_lossy();
        name.strip_suffix(PARTIAL).is_some_and(|it| is_name(Path::new(it)))
    };
    named(folder)?.iter().filter(|it| is_partial(it)).try_for_each(|it| remove_folder(it))?;
    let mut old = kept(folder)?;
    old.truncate(old.len().saturating_sub(keep.max(1)));
    for backup in &old {
        // Under its name it is always whole, however this ends.
        let going = beside(backup, PARTIAL);
        fs::rename(backup, &going).map_err(io("rename", backup))?;
        remove_folder(&going)?;
    }
    Ok(old)
}

fn named(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(vec![]),
        Err(error) => return Err(io("list", folder)(error)),
    };
    let mut found = vec![];
    for entry in entries {
        found.push(entry.map_err(io("list", folder))?.path());
    }
    found.retain(|it| it.is_dir());
    found.sort();
    Ok(found)
}

fn is_name(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let time = name.strip_prefix(PREFIX).unwrap_or_default();
    time.len() == 16
        && time.ends_with('Z')
        && time.as_bytes()[8] == b'T'
        && time.bytes().filter(u8::is_ascii_digit).count() == 14
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_and_other_folders_stay() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let day = |n: i64| name_at(Timestamp::from_second(1_770_000_000 + n * 86_400).unwrap());
        for n in 0..5 {
            fs::create_dir(at(&day(n))).unwrap();
            fs::write(at(&day(n)).join(MANIFEST), "{}").unwrap();
        }
        fs::create_dir(at("skranke-notes")).unwrap();
        fs::create_dir(at(&format!("{}{PARTIAL}", day(7)))).unwrap();
        fs::create_dir(at(&day(9))).unwrap();
        let gone = rotate(folder.path(), 2).unwrap();
        assert_eq!(gone, [at(&day(0)), at(&day(1)), at(&day(2))]);
        let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap()).collect();
        left.sort_by_key(fs::DirEntry::path);
        let left: Vec<_> = left.iter().map(|it| it.file_name().into_string().unwrap()).collect();
        assert_eq!(left, [day(3), day(4), day(9), "skranke-notes".to_owned()]);
        assert_eq!(kept(folder.path()).unwrap().len(), 2, "a folder without a manifest is none");
        rotate(folder.path(), 0).unwrap();
        assert_eq!(kept(folder.path()).unwrap().len(), 1, "the newest always stays");
    }
}
