//! Looks at everything that is set up before the service meets it, and tells all that is wrong at
//! once, each with what to do. Changes nothing, and may run beside the service.

mod folders;
mod reached;

use std::process::ExitCode;

use jiff::Timestamp;

use crate::clock::Clock;
use crate::config::{Config, MailSecurity};
use crate::journal::Journal;

/// The clock may lie so far behind the newest record: another machine may have written it.
const BEHIND: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);
/// The oldest newest record that is no sign of a clock ahead, or of a service that nobody uses.
const UNUSED: jiff::SignedDuration = jiff::SignedDuration::from_hours(400 * 24);

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Found {
    faults: Vec<String>,
    notes: Vec<String>,
}

impl Found {
    /// Something that keeps the service, or a part of it, from doing its work.
    fn fault(&mut self, what: impl Into<String>, to_do: &str) {
        self.faults.push(format!("{}\n    {to_do}", what.into()));
    }

    /// Something that works and that somebody should know.
    fn note(&mut self, what: impl Into<String>, to_do: &str) {
        self.notes.push(format!("{}\n    {to_do}", what.into()));
    }
}

/// Looks at the settings, with the faults that reading them has found, and all they name.
pub(super) fn run((config, faults): &(Config, Vec<String>), clock: &Clock) -> ExitCode {
    let mut found = Found::default();
    for fault in faults {
        found.fault(fault.clone(), "mend the line in the file of settings (deploy/skranke.env)");
    }
    for name in crate::config::unknown() {
        found.note(
            format!("{name} is set, and nothing reads it"),
            "look for a slip in the name; deploy/skranke.env has all there are",
        );
    }
    let now = clock.now();
    folders::look(config, &mut found);
    reached::look(config, now, &mut found);
    clock_beside_records(config, now, &mut found);
    mail(config, &mut found);
    print!("{}", told(&found));
    if found.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn told(found: &Found) -> String {
    let lines = |word: &str, all: &[String]| -> String {
        all.iter().map(|it| format!("{word}: {it}\n")).collect()
    };
    let end = match found.faults.len() {
        0 => "the settings can be used\n".to_owned(),
        1 => "1 fault\n".to_owned(),
        n => format!("{n} faults\n"),
    };
    lines("fault", &found.faults) + &lines("note", &found.notes) + &end
}

fn clock_beside_records(config: &Config, now: Timestamp, found: &mut Found) {
    let journal = config.data.join("journal");
    if !journal.is_dir() {
        return;
    }
    let mut newest: Option<Timestamp> = None;
    let shown = Journal::show(&journal, 0, &mut |record| {
        newest = newest.max(Some(record.at));
        true
    });
    if let Err(error) = shown {
        found.fault(
            format!("the journal in {} cannot be read: {}", journal.display(), error.told()),
            "skranke verify tells more; keep the folder as it is",
        );
    }
    let Some(newest) = newest else { return };
    if now + BEHIND < newest {
        found.fault(
            format!("the clock says {now}, and the newest record is of {newest}"),
            "set the machine's clock; until then nothing is erased and jobs may wait",
        );
    } else if UNUSED < now.duration_since(newest) {
        found.note(
            format!("the clock says {now}, and the newest record is of {newest}"),
            "if nobody has used the service since, that is well; otherwise set the machine's clock",
        );
    }
}

fn mail(config: &Config, found: &mut Found) {
    match &config.mail.server {
        None => found.note(
            format!("no mail server is set: letters stay in {}", config.mail.outbox.display()),
            "set SKRANKE_SMTP_HOST, or let another program send them",
        ),
        Some(server) => {
            if config.mail.from.ends_with("@localhost") {
                found.fault(
                    format!("letters go out from {}, which nobody can answer", config.mail.from),
                    "set SKRANKE_MAIL_FROM to an address that the mail server lets out",
                );
            }
            if server.security == MailSecurity::Open && server.login.is_some() {
                found.note(
                    "the password of the mail server travels in clear on this machine",
                    "set SKRANKE_SMTP_SECURITY to starttls or tls where the server has it",
                );
            }
        }
    }
    if config.open_secrets.is_empty() {
        return;
    }
    found.note(
        format!("{} stands among the settings", config.open_secrets.join(", ")),
        "put it into a file of its own (NAME_FILE), or let systemd hand it over (LoadCredential)",
    );
}
