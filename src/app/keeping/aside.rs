//! What was moved aside as damaged is kept a while for whoever wants to know why, and no longer:
//! it holds callers' words.

use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::KeepError;
use super::error::io;

/// So many of each kind are kept, the newest.
const KEPT_MAX: usize = 2;
/// None is kept longer.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// What is moved aside.
const KINDS: [&str; 2] = ["view.damaged-", "index.damaged-"];

/// Removes the folders in `data` that are too old or too many.
pub(super) fn prune(data: &Path, now: Timestamp) -> Result<(), KeepError> {
    if !data.is_dir() {
        return Ok(());
    }
    for kind in KINDS {
        let mut aside = vec![];
        for entry in fs::read_dir(data).map_err(io("list", data))? {
            let path = entry.map_err(io("list", data))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if let Some(rest) = name.strip_prefix(kind) {
                aside.push((moved_at(rest, &path), path));
            }
        }
        aside.sort();
        let young = |it: &Timestamp| now.duration_since(*it).abs() <= KEPT_FOR;
        let n = aside.len();
        for (at, (moved, path)) in aside.iter().enumerate() {
            let is_one_of_many = at + KEPT_MAX < n;
            if is_one_of_many || !moved.as_ref().is_some_and(young) {
                tracing::info!("removed {}, which was moved aside as damaged", path.display());
                fs::remove_dir_all(path).map_err(io("remove", path))?;
            }
        }
    }
    Ok(())
}

/// When it was moved: by its name, else by the folder's own time.
fn moved_at(rest: &str, path: &Path) -> Option<Timestamp> {
    let time = rest.get(.."20260302T070000".len()).unwrap_or_default();
    let named = Timestamp::strptime("%Y%m%dT%H%M%S%z", format!("{time}+0000"));
    named.ok().or_else(|| changed_at(path))
}

fn changed_at(path: &Path) -> Option<Timestamp> {
    Timestamp::try_from(fs::metadata(path).ok()?.modified().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_two_of_the_last_two_weeks_stay() {
        let data = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-03-20T12:00:00Z".parse().unwrap();
        let old = ["view.damaged-20260301T070000Z", "view.damaged-20260318T070000Z"];
        let more = ["index.damaged-20260306T115959Z-1", "index.damaged-99990101T000000Z-1"];
        let kept = [
            "view.damaged-20260318T070000Z-2",
            "view.damaged-20260319T070000Z",
            "index.damaged-20260306T120000Z-1",
            "index",
            "journal",
        ];
        for name in old.iter().chain(&more).chain(&kept) {
            fs::create_dir(data.path().join(name)).unwrap();
            fs::write(data.path().join(name).join("db"), "words").unwrap();
        }
        prune(data.path(), now).unwrap();
        let is_there = |name: &&&str| data.path().join(name).exists();
        assert_eq!(old.iter().chain(&more).filter(is_there).count(), 0);
        assert_eq!(kept.iter().filter(is_there).count(), kept.len());
        prune(&data.path().join("none"), now).unwrap();
    }
}
