//! Reading every byte of a backup and naming every difference.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::{BackupError, MANIFEST, Manifest, STREAMS, files_below, hash_of};
use crate::journal::Journal;

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Each difference, in a sentence.
    pub differences: Vec<String>,
}

/// Reads every byte of a backup: the files that it names, no others, and every frame in them.
pub fn check(folder: &Path) -> Result<Checked, BackupError> {
    let manifest = Manifest::load(folder)?;
    let mut differences = vec![];
    let mut found: BTreeSet<String> = files_below(folder)?.into_iter().collect();
    found.remove(MANIFEST);
    for entry in &manifest.files {
        // A path that leads out of the folder was not written by us.
        let parts = Path::new(&entry.path).components();
        if parts.into_iter().any(|it| !matches!(it, Component::Normal(_))) {
            differences.push(format!("{} is no path of a backup", entry.path));
        } else if !found.remove(&entry.path) {
            differences.push(format!("{} is missing", entry.path));
        } else {
            match hash_of(&folder.join(&entry.path)) {
                Ok((bytes, _)) if bytes != entry.bytes => differences
                    .push(format!("{} has {bytes} bytes in place of {}", entry.path, entry.bytes)),
                Ok((_, sha256)) if sha256 != entry.sha256 => {
                    differences.push(format!("{} is altered", entry.path));
                }
                Ok(_) => {}
                Err(error) => differences.push(format!("{} cannot be read: {error}", entry.path)),
            }
        }
    }
    differences.extend(found.iter().map(|it| format!("{it} does not belong to the backup")));
    // Encrypted frames cannot be looked into; every byte of the files was compared.
    if differences.is_empty() && manifest.encrypted_to.is_none() {
        for entry in manifest.streams.iter().filter(|it| STREAMS.contains(&it.name.as_str())) {
            let report = Journal::verify(&folder.join(&entry.name))?;
            let name = &entry.name;
            differences.extend(report.differences.iter().map(|it| format!("{name}: {it}")));
            if report.last != entry.last {
                let (found, told) = (report.last, entry.last);
                differences.push(format!("{name} ends at record {found} in place of {told}"));
            }
        }
    }
    Ok(Checked { manifest, differences })
}
