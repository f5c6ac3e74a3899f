//! Commands that keep the data, and no more of it than is allowed.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::data::Folder;
use super::fault::Fault;
use crate::app::Decider;
use crate::app::keeping::{
    self, BackUp, Counts, Request, Restore, RetentionRun, Until, rehearse, restore,
};
use crate::backup::{self, Identity, Recipient, Wanted};
use crate::config::Config;
use crate::id::Id;
use crate::inquiry::Inquiry;
use crate::organisation::{Retention, Settings};

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
    /// Whom it is encrypted to, as age1...; `SKRANKE_BACKUP_RECIPIENT` unless told otherwise.
    #[arg(long, value_name = "KEY", conflicts_with = "verify", value_parser = Recipient::parse)]
    recipient: Option<Recipient>,
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
    /// The file with the secret key of an encrypted backup, as age-keygen writes it.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
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
    /// Sets for how many months the words of questions are kept, before anything else.
    #[arg(long, value_name = "MONTHS", value_parser = length(&Retention::MONTHS))]
    text_months: Option<u16>,
    /// Sets for how many days it is known who logged.
    #[arg(long, value_name = "DAYS", value_parser = length(&Retention::DAYS))]
    author_days: Option<u16>,
    /// Sets for how many months the audit knows who did what.
    #[arg(long, value_name = "MONTHS", value_parser = length(&Retention::MONTHS))]
    audit_months: Option<u16>,
    /// Sets for how many days a session is known.
    #[arg(long, value_name = "DAYS", value_parser = length(&Retention::SESSION_DAYS))]
    session_days: Option<u16>,
}

fn length(allowed: &RangeInclusive<u16>) -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(i64::from(*allowed.start())..=i64::from(*allowed.end()))
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
        recipient: config.backup.recipient.clone(),
        settings: config.told.clone(),
    }
}

impl BackupArguments {
    pub(super) fn run(self, folder: &Folder, config: &Config) -> Result<ExitCode, Fault> {
        let mut wanted = scheduled(config);
        wanted.recipient = self.recipient.or(wanted.recipient);
        match &self.folder {
            Some(backup) if self.verify => verify(backup),
            Some(to) => make(to, self.also.as_deref(), (folder, &wanted)),
            None if self.rehearse => {
                let done = rehearse(&folder.data, &wanted, folder.clock.now())?;
                let how = if done.is_by_bytes { "byte by byte" } else { "by number" };
                let (rows, name) = (done.rows, done.backup.display());
                println!("{name} restores to the {rows} rows that are kept, compared {how}");
                println!("sha256 {}", done.sha256);
                if done.is_stand_in {
                    println!("it is encrypted: every byte of it was read, and a readable one was");
                    println!("made and restored; try it with its key on another machine, too");
                }
                Ok(ExitCode::SUCCESS)
            }
            None => {
                let now = folder.clock.now();
                let done = keeping::back_up(&folder.data, &wanted, now)?;
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
    (folder, wanted): (&Folder, &BackUp),
) -> Result<ExitCode, Fault> {
    let (data, settings, now) = (&folder.data, &wanted.settings, folder.clock.now());
    let recipient = wanted.recipient.as_ref();
    let made = backup::run(Wanted { data, to, settings, recipient, now })?;
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
        let identity = self.identity.as_deref().map(Identity::load).transpose()?;
        let (identity, erased) = (identity.as_ref(), &self.erased);
        let done = restore(Restore { from, data, until, identity, erased, now })?;
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
        self.set(folder)?;
        let run = RetentionRun { is_dry: self.dry_run, clock_is_right: self.clock_is_right };
        let at = (folder.clock.now(), &folder.zone);
        let (retained, erased) = keeping::retain(&folder.data, run, at)?;
        tell(&retained.due);
        match self.dry_run {
            true => println!("nothing was erased"),
            false if retained.is_wished => {
                println!("the service erases it, and begins again for it within seconds");
            }
            false => println!("done; {} letters were removed from the outbox", erased.letters),
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl RetainArguments {
    /// Sets what was told, as a record like any other setting of the organization.
    fn set(&self, folder: &Folder) -> Result<(), Fault> {
        let told = [self.text_months, self.author_days, self.audit_months, self.session_days];
        if told.iter().all(Option::is_none) {
            return Ok(());
        }
        let app = folder.open()?;
        let old = app.state.settings();
        let kept = old.retention;
        let retention = Retention {
            text_months: self.text_months.unwrap_or(kept.text_months),
            author_days: self.author_days.unwrap_or(kept.author_days),
            audit_months: self.audit_months.unwrap_or(kept.audit_months),
            session_days: self.session_days.unwrap_or(kept.session_days),
        };
        app.set_settings(Settings { retention, ..old }, Decider { by: None, version: None })?;
        app.close();
        Ok(())
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
