//! The folders: there, writable, closed to others, and with room.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::Found;
use crate::app::{Room, Space};
use crate::config::Config;

pub(super) fn look(config: &Config, found: &mut Found) {
    let data = &config.data;
    if let Err(why) = can_be_written(data) {
        found.fault(
            format!("the data folder {} cannot be used: {why}", data.display()),
            "make it, and let the service's own account write to it; or set SKRANKE_DATA",
        );
    } else if data.is_dir() {
        closed(data, found);
    } else {
        found.note(
            format!("there is no data folder {} yet", data.display()),
            "the service makes it at its first start; where one should be, set SKRANKE_DATA",
        );
    }
    secrets(data, found);
    room(config, found);
    let outbox = &config.mail.outbox;
    if let Err(why) = can_be_written(outbox) {
        found.fault(
            format!("the outbox {} cannot be used: {why}", outbox.display()),
            "make it writable, or set SKRANKE_MAIL_OUTBOX",
        );
    }
    backups(config, found);
}

/// Tries to write; what does not exist yet must be possible to make.
fn can_be_written(folder: &Path) -> Result<(), String> {
    let there = folder.ancestors().find(|it| it.exists()).unwrap_or(Path::new("."));
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    if !there.is_dir() {
        return Err(format!("{} is no folder", there.display()));
    }
    let tried = there.join(format!(".skranke-check-{}", std::process::id()));
    let written = fs::File::create_new(&tried).and_then(|_| fs::remove_file(&tried));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => format!("{} may not be written to", there.display()),
        _ => format!("{} cannot be written to: {error}", there.display()),
    })
}

fn mode(path: &Path) -> Option<u32> {
    fs::metadata(path).ok().map(|it| it.permissions().mode() & 0o777)
}

fn closed(data: &Path, found: &mut Found) {
    let Some(mode) = mode(data).filter(|it| it & 0o007 != 0) else { return };
    found.fault(
        format!("everybody on this machine can look into {} (mode {mode:o})", data.display()),
        &format!("chmod 700 {}", data.display()),
    );
}

fn secrets(data: &Path, found: &mut Found) {
    let secret = data.join("browser-secret");
    let Some(mode) = mode(&secret).filter(|it| it & 0o077 != 0) else { return };
    found.fault(
        format!("others can read the secret {} (mode {mode:o})", secret.display()),
        &format!("chmod 600 {}", secret.display()),
    );
}

fn room(config: &Config, found: &mut Found) {
    let space = Space::new(&config.data, config.disk);
    let mb = space.free_mb().unwrap_or(0);
    let what = format!("{mb} MB are left for {}", config.data.display());
    match space.room() {
        Room::Enough => {}
        Room::Scarce => found.note(what, "make room, or lower SKRANKE_DISK_WARN_MB"),
        Room::Tight => found.fault(what, "make room: crawls, the look-up and backups stop"),
        Room::Full => found.fault(what, "make room: new saves are refused"),
    }
}

fn backups(config: &Config, found: &mut Found) {
    let folders: Vec<&PathBuf> =
        [&config.backup.folder, &config.backup.also].into_iter().flatten().collect();
    for folder in &folders {
        if let Err(why) = can_be_written(folder) {
            found.fault(
                format!("the folder of backups {} cannot be used: {why}", folder.display()),
                "make it writable, or set SKRANKE_BACKUP_FOLDER and SKRANKE_BACKUP_ALSO",
            );
        } else if folder.starts_with(&config.data) {
            found.fault(
                format!("backups lie in the data folder: {}", folder.display()),
                "set a folder elsewhere, best on another disk: both would be lost together",
            );
        }
    }
    if folders.is_empty() {
        found.note(
            "no backups are made on schedule",
            "set SKRANKE_BACKUP_FOLDER, or run skranke backup from elsewhere",
        );
    }
}
