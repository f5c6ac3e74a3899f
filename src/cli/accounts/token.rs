//! Tokens of machines from the command line, for whoever sets a switchboard up without a browser.

use std::process::ExitCode;

use clap::Subcommand;

use crate::app::{App, NewToken};
use crate::cli::data::Folder;
use crate::cli::fault::Fault;
use crate::cli::import::channel;
use crate::id::Id;
use crate::inquiry::Channel;
use crate::people::{ApiToken, ApiTokenRow, Scope, TokenText};
use crate::week::{day_of_number, end_of_day, last_day};

/// What to do with a token.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Token {
    /// Lists the tokens: what each is for, and the day that it was used last.
    List,
    /// Makes a token and prints it, once.
    Add {
        /// The name of the machine.
        name: String,
        /// What it may do: log, answers, read, work, admin, metrics; again for several.
        #[arg(long = "may", required = true, value_name = "SCOPE", value_parser = scope)]
        scopes: Vec<Scope>,
        /// The one desk that it logs under.
        #[arg(long)]
        desk: Option<String>,
        /// The one channel that it logs under.
        #[arg(long, value_parser = channel)]
        channel: Option<Channel>,
        /// The last day that it holds, a year ahead at most; in 90 days when left out.
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
    },
    /// Takes a token back, for good.
    Remove {
        /// Its id, as the list tells it.
        id: String,
    },
}

fn scope(name: &str) -> Result<Scope, String> {
    let names = || Scope::ALL.map(Scope::name).join(", ");
    Scope::parse(name).ok_or_else(|| format!("one of {}", names()))
}

impl Token {
    /// Does it. Nobody is noted as its author: whoever reaches the data folder is not signed in.
    pub(in crate::cli) fn run(self, folder: &Folder) -> Result<ExitCode, Fault> {
        let app = folder.open()?;
        match self {
            Self::List => list(&app),
            Self::Add { name, scopes, desk, channel, until } => {
                let until = until.map(|it| read_day(&it, &app)).transpose()?;
                let public = TokenText::new_public();
                let new = NewToken { public, name, scopes, desk, channel, until };
                let token = app.make_token(new, None)?;
                eprintln!("The token is shown this once; keep it where the machine finds it:");
                println!("{}", token.as_str());
            }
            Self::Remove { id } => {
                let id: Id<ApiToken> = id.parse()?;
                app.take_token_back(id, None)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn read_day(text: &str, app: &App) -> Result<jiff::Timestamp, Fault> {
    let day = end_of_day(text, &app.zone);
    day.ok_or_else(|| Fault::new(format!("{text} is no date such as 2026-10-31")))
}

fn list(app: &App) {
    for stored in app.state.tokens.all() {
        let ApiTokenRow { grant, used, taken_back, was_endless, .. } = &stored.row;
        let id = Id::<ApiToken>::from_uuid(stored.id);
        let scopes: Vec<&str> = grant.scopes.iter().map(|it| it.name()).collect();
        let used = used.map_or_else(|| "never used".to_owned(), |it| day_of_number(it).to_string());
        let mut line = format!("{id}  {:<12} {used:<11} {}", scopes.join(","), grant.name);
        for (what, value) in [
            ("desk", grant.desk.clone()),
            ("channel", grant.channel.map(|it| it.to_string())),
            ("until", grant.until.map(|it| last_day(it, &app.zone).to_string())),
        ] {
            line.extend(value.map(|it| format!("  {what}: {it}")));
        }
        if *was_endless {
            line.push_str("  (had no such last day before)");
        }
        if taken_back.is_some() {
            line.push_str("  taken back");
        }
        println!("{line}");
    }
}
