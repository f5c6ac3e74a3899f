//! Accounts from the command line: for the first ones, and for the day when nobody can come in.
//!
//! All of it works on the data folder, so the service has to be stopped.

use std::io::{IsTerminal, Read};
use std::process::ExitCode;

use clap::Subcommand;

use crate::app::{App, Invitation, LINK_LASTS, NewPerson};
use crate::cli::data::Folder;
use crate::cli::fault::Fault;
use crate::config::Config;
use crate::id::Id;
use crate::people::{LinkText, Passphrase, Person, PersonRow, Role};

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
    /// Invites somebody, who sets the passphrase by the link that is printed.
    Invite {
        /// The name to sign in with.
        login: String,
        /// The name that others see.
        #[arg(long)]
        name: String,
        /// reception, editor, admin, auditor or reader.
        #[arg(long, value_parser = role)]
        role: Role,
        /// A desk to log under, by its key or a name; all of them unless told otherwise.
        #[arg(long = "desk", value_name = "DESK")]
        desks: Vec<String>,
    },
    /// Prints a link by which somebody sets another passphrase, once: for whoever has lost it,
    /// also the last administrator. Stop the service first.
    Reset {
        /// The name to sign in with.
        login: String,
        /// Also turns off the code that is asked for beside the passphrase.
        #[arg(long)]
        second_step: bool,
        /// Also opens the account, if it is closed.
        #[arg(long)]
        enable: bool,
    },
    /// Sets another role and ends every session.
    Role {
        /// The name to sign in with.
        login: String,
        /// reception, editor, admin, auditor or reader.
        #[arg(value_parser = role)]
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
    pub(in crate::cli) fn run(self, folder: &Folder, config: &Config) -> Result<ExitCode, Fault> {
        let app = folder.open()?;
        let lang = folder.lang;
        match self {
            Self::List => list(&app),
            Self::Add { login, name, role } => {
                let passphrase = passphrase()?;
                app.add_person(NewPerson { login, name, role, lang, passphrase }, None)?;
            }
            Self::Invite { login, name, role, desks } => {
                let settings = app.state.settings();
                let desks = desks.iter().map(|it| settings.desk_key(it)).collect();
                let invitation = Invitation { login, name, role, lang, desks };
                let (_, text) = app.invite(invitation, None)?;
                print_link(config, &text);
            }
            Self::Reset { login, second_step, enable } => {
                reset(&app, config, (&login, second_step, enable))?;
            }
            Self::Role { login, role } => app.set_role(person(&app, &login)?, role, None)?,
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
        println!("{:<20} {:<10} {}{}", row.login.as_str(), row.role.name(), row.name, state(row));
    }
}

const fn state(row: &PersonRow) -> &'static str {
    match row {
        _ if row.disabled => "  closed",
        _ if row.has_come() => "",
        _ => "  invited",
    }
}

/// Makes a way in for whoever has none.
fn reset(
    app: &App,
    config: &Config,
    (login, second_step, enable): (&str, bool, bool),
) -> Result<(), Fault> {
    let id = person(app, login)?;
    if enable {
        app.set_disabled(id, false, None)?;
        app.settle()?;
    }
    if second_step {
        app.end_second_step(id, None)?;
        app.settle()?;
    }
    let stored = app.state.people.get(id.uuid());
    if stored.is_some_and(|it| it.row.disabled) {
        return Err(Fault::new(format!(
            "the account of {login} is closed, so that no link would let anybody in; add --enable"
        )));
    }
    print_link(config, &app.make_person_link(id, None)?);
    Ok(())
}

/// A link is shown this once.
fn print_link(config: &Config, text: &LinkText) {
    let mut address = config.base_url.clone();
    address.set_path(&format!("/welcome/{}", text.as_str()));
    println!("{address}");
    eprintln!(
        "The link is good once and for {} days. Start the service, then open it.",
        LINK_LASTS.as_hours() / 24
    );
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
