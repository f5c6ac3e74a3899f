//! Commands that keep the data, and no more of it than is allowed.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::data::Folder;
use super::fault::Fault;
use crate::app::keeping::{
    self, BackUp, Counts, Request, Restore, RetentionRun, Until, rehearse, restore,
};
use crate::backup::{self, Wanted};
use crate::config::Config;
use crate::id::Id;
use crate::inquiry::Inquiry;

/// `skranke backup`.
#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The folder to make, new or empty; without one, a backup under a name of its own in
    /// `SKRANKE_BACKUP_FOLDER`, where the oldest give way.
    folder: Option<PathBuf>,
    /// Reads every byte of the backup in the folder and names every difference.
    #[arg(long, requires = "folder")]
    verify: bool,
    /// Restores the newest of `SKRANKE_BACKUP_FOLDER` into a temporary folder and compares.
    #[arg(long, conflicts_with_all = ["folder", "also"])]
    rehearse: bool,
    /// A second folder, new or empty, that the backup is copied to.
    #[arg(long, value_name = "DIR", requires = "folder", conflicts_with = "verify")]
    also: Option<PathBuf>,
}

/// `skranke restore`.
#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// The backup's folder.
    from: PathBuf,
    /// The last record, by number, or the last instant, as 2026-03-02T08:00:00Z.
    #[arg(long, value_name = "SEQ|INSTANT", value_parser = until)]
    until: Option<Until>,
    /// A list of erased ids, such as a later backup's erased.jsonl; may be given again. Lists in
    /// backups beside this one are found without.
    #[arg(long, value_name = "FILE")]
    erased: Vec<PathBuf>,
}

/// `skranke retain`.
#[derive(Debug, Args)]
pub(super) struct RetainArguments {
    /// Only counts what is due.
    #[arg(long)]
    dry_run: bool,
    /// Deletes although the newest record is more than a day from the clock.
    #[arg(long)]
    clock_is_right: bool,
}

fn until(text: &str) -> Result<Until, String> {
    Until::parse(text).ok_or_else(|| "neither a record's number nor an instant".to_owned())
}

/// What scheduled backups need, as it is set.
pub(super) fn scheduled(config: &Config) -> BackUp {
    BackUp {
        folder: config.backup.folder.clone(),
        also: config.backup.also.clone(),
        keep: config.backup.keep,
        settings: config.told.clone(),
    }
}

impl BackupArguments {
    pub(super) fn run(self, folder: &Folder, config: &Config) -> Result<ExitCode, Fault> {
        match &self.folder {
            Some(backup) if self.verify => verify(backup),
            Some(to) => make(to, self.also.as_deref(), (folder, config)),
            None if self.rehearse => {
                let done = rehearse(&folder.data, &scheduled(config), folder.clock.now())?;
                let how = if done.is_by_bytes { "byte by byte" } else { "by number" };
                let (rows, name) = (done.rows, done.backup.display());
                println!("{name} restores to the {rows} rows that are kept, compared {how}");
                println!("sha256 {}", done.sha256);
                Ok(ExitCode::SUCCESS)
            }
            None => {
                let now = folder.clock.now();
                let done = keeping::back_up(&folder.data, &scheduled(config), now)?;
                let to: Vec<String> =
                    done.folders.iter().map(|it| it.display().to_string()).collect();
                let (to, last, bytes) = (to.join(" and "), done.last, done.bytes);
                println!("{bytes} bytes up to record {last} in {to}; read back, all is there");
                done.removed.iter().for_each(|it| println!("removed {}", it.display()));
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

fn make(
    to: &Path,
    also: Option<&Path>,
    (folder, config): (&Folder, &Config),
) -> Result<ExitCode, Fault> {
    let (data, settings, now) = (&folder.data, &config.told, folder.clock.now());
    let made = backup::run(Wanted { data, to, settings, now })?;
    let (files, bytes, last) = (made.files, made.bytes, made.last);
    println!("{files} files, {bytes} bytes, up to record {last}, in {}", to.display());
    if let Some(also) = also {
        backup::copy_to(to, also)?;
        println!("copied to {}", also.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn verify(folder: &Path) -> Result<ExitCode, Fault> {
    let checked = backup::check(folder)?;
    let (files, n) = (checked.manifest.files.len(), checked.differences.len());
    println!("{files} files of {} read, {n} differences", checked.manifest.made);
    checked.differences.iter().for_each(|it| println!("{it}"));
    Ok(if n == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl RestoreArguments {
    pub(super) fn run(self, folder: &Folder) -> Result<ExitCode, Fault> {
        let (from, data, until) = (&self.from, &folder.data, self.until);
        let now = folder.clock.now();
        let done = restore(Restore { from, data, until, erased: &self.erased, now })?;
        println!("restored up to record {} into {}", done.last, data.display());
        if 0 < done.dropped {
            println!("{} later records were left out", done.dropped);
        }
        if 0 < done.reduced {
            println!("{} records lost words that were erased since", done.reduced);
        }
        println!("everybody signs in anew; the settings of then are in {}", backup::SETTINGS);
        Ok(ExitCode::SUCCESS)
    }
}

impl RetainArguments {
    pub(super) fn run(&self, folder: &Folder) -> Result<ExitCode, Fault> {
        let run = RetentionRun { is_dry: self.dry_run, clock_is_right: self.clock_is_right };
        let at = (folder.clock.now(), &folder.zone);
        let (retained, erased) = keeping::retain(&folder.data, run, at)?;
        tell(&retained.due);
        match self.dry_run {
            true => println!("nothing was changed"),
            false => println!("done; {} letters were removed from the outbox", erased.letters),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// `skranke erase`.
pub(super) fn erase(id: &str, folder: &Folder) -> Result<ExitCode, Fault> {
    let bare = format!("inq_{id}");
    let parsed: Option<Id<Inquiry>> = id.parse().ok().or_else(|| bare.parse().ok());
    let id = parsed
        .ok_or_else(|| Fault::new(format!("not the id of an inquiry, as inq_0197...: {id:?}")))?;
    match keeping::erase(&folder.data, id, (folder.clock.now(), &folder.zone))? {
        Request::Done(erased) => {
            tell(&erased.counts);
            println!("{id} is erased; {} letters were removed from the outbox", erased.letters);
            println!("backups made before hold it until they give way; a restore leaves it out");
        }
        Request::Later => {
            println!("{id} is erased by the service, which begins again for it within seconds");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(counts: &Counts) {
    let Counts { texts, authors, audit, words, sessions } = counts;
    println!("{texts} inquiries lose their words");
    println!("{words} labels and verdicts lose words that only those had");
    println!("{authors} records lose who logged");
    println!("{audit} lines of the audit lose who and what");
    println!("{sessions} records of sessions lose what they say");
}
