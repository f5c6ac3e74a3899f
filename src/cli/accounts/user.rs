//! Accounts from the command line: for the first ones, and for whoever forgot a passphrase.

use std::io::{IsTerminal, Read};
use std::process::ExitCode;

use clap::Subcommand;

use crate::app::{App, NewPerson};
use crate::cli::data::Folder;
use crate::cli::fault::Fault;
use crate::id::Id;
use crate::people::{Passphrase, Person, Role};

/// What to do with an account.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum User {
    /// Lists the accounts.
    List,
    /// Adds an account; the passphrase is read from standard input.
    Add {
        /// The name to sign in with.
        login: String,
        /// The name that others see.
        #[arg(long)]
        name: String,
        /// reception, editor, admin, auditor or reader.
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// Sets another passphrase, read from standard input, and ends every session.
    Passphrase {
        /// The name to sign in with.
        login: String,
    },
    /// Closes an account and ends its sessions.
    Disable {
        /// The name to sign in with.
        login: String,
    },
    /// Opens an account again.
    Enable {
        /// The name to sign in with.
        login: String,
    },
}

fn role(name: &str) -> Result<Role, String> {
    Role::parse(name).ok_or_else(|| "reception, editor, admin, auditor or reader".to_owned())
}

impl User {
    /// Does it. Nobody is noted as its author: whoever reaches the data folder is not signed in.
    pub(in crate::cli) fn run(self, folder: &Folder) -> Result<ExitCode, Fault> {
        let app = folder.open()?;
        let lang = folder.lang;
        match self {
            Self::List => list(&app),
            Self::Add { login, name, role } => {
                let passphrase = passphrase()?;
                app.add_person(NewPerson { login, name, role, lang, passphrase }, None)?;
            }
            Self::Passphrase { login } => app.set_passphrase(&login, &passphrase()?, None)?,
            Self::Disable { login } => app.set_disabled(person(&app, &login)?, true, None)?,
            Self::Enable { login } => app.set_disabled(person(&app, &login)?, false, None)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(app: &App) {
    for stored in app.state.people.all() {
        let row = &stored.row;
        let closed = if row.disabled { "  closed" } else { "" };
        println!("{:<20} {:<10} {}{closed}", row.login.as_str(), row.role.name(), row.name);
    }
}

fn person(app: &App, login: &str) -> Result<Id<Person>, Fault> {
    let all = app.state.people.all();
    let found = all.iter().find(|it| it.row.login.as_str() == login.trim().to_lowercase());
    let found = found.ok_or_else(|| Fault::new(format!("nobody signs in as {login}")))?;
    Ok(Id::from_uuid(found.id))
}

/// A passphrase never stands on the command line, where other users of the machine can read it.
fn passphrase() -> Result<String, Fault> {
    /// Longer input is not a passphrase.
    const BYTES_MAX: u64 = 4 * Passphrase::CHARS_MAX as u64 + 2;
    if std::io::stdin().is_terminal() {
        eprintln!("The passphrase, then Enter and Ctrl+D:");
    }
    let mut typed = String::new();
    let read = std::io::stdin().take(BYTES_MAX).read_to_string(&mut typed);
    read.map_err(|error| Fault::new(format!("could not read the passphrase: {error}")))?;
    Ok(typed.trim_end_matches(['\r', '\n']).to_owned())
}
