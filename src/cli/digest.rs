//! The weekly letter, composed into the outbox.

use std::path::PathBuf;
use std::process::ExitCode;

use super::data::Folder;
use super::fault::Fault;
use crate::app::{LetterFault, LettersOutcome, Post, Whom};
use crate::config::Config;
use crate::schedule::Task;
use crate::week::Week;

/// What to compose.
#[derive(Debug, clap::Args)]
pub(super) struct Digest {
    /// The week to tell of, such as 2026-W12; last week unless told otherwise.
    #[arg(long)]
    week: Option<Week>,
    /// The folder of letters; `SKRANKE_MAIL_OUTBOX` unless told otherwise.
    #[arg(long, value_name = "DIR")]
    outbox: Option<PathBuf>,
    /// Writes letters again that were written before.
    #[arg(long)]
    force: bool,
}

impl Digest {
    pub(super) fn run(self, folder: &Folder, config: &Config) -> Result<ExitCode, Fault> {
        let app = folder.open()?;
        let week = self.week.unwrap_or_else(|| app.week().plus(-1));
        let outbox = self.outbox.as_ref().unwrap_or(&config.mail.outbox);
        let (base, from) = (&config.base_url, config.mail.from.as_str());
        let written = app.write_letters(
            Post {
                week,
                outbox,
                base,
                from,
                again: self.force,
                has_server: false,
                whom: Whom::Everybody,
            },
            &Task::default(),
        );
        match written {
            Ok(outcome) => Ok(told(week, &outcome)),
            Err(fault @ LetterFault::NotOver { .. }) => {
                eprintln!("skranke: {fault}");
                Ok(ExitCode::from(2))
            }
            Err(fault) => Err(fault.into()),
        }
    }
}

fn told(week: Week, outcome: &LettersOutcome) -> ExitCode {
    println!("{week}: {} written, {} written before", outcome.written.len(), outcome.before);
    outcome.written.iter().for_each(|it| println!("{}", it.display()));
    if outcome.nobody_reads {
        println!("nobody is on the list of readers yet, so the letter goes to the organisation");
    }
    if 0 < outcome.before {
        println!("a letter is written once; --force writes it again");
    }
    outcome.faults.iter().for_each(|it| eprintln!("skranke: {it}"));
    if outcome.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
