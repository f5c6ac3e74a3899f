//! The command line: a contract, documented in the README.

mod accounts;
mod analyse;
mod check;
mod crawl;
mod data;
mod demo;
mod digest;
mod fault;
mod import;
mod jobs;
mod keep;
mod renew;
mod serve;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::clock::Clock;
use crate::config::Config;
use crate::net::Manner;
use fault::Fault;

/// Logs the questions a front desk gets and reports those the website fails to answer.
#[derive(Debug, Parser)]
#[command(name = "skranke", version, disable_help_subcommand = true)]
struct Arguments {
    /// The data folder; `SKRANKE_DATA`, or `./data`, unless told otherwise.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The language of reports: nn, nb or en.
    #[arg(long, global = true, default_value = "nn", value_parser = lang)]
    lang: crate::messages::Lang,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The service.
    Serve {
        /// Where to listen; `SKRANKE_LISTEN`, or `127.0.0.1:8080`, unless told otherwise.
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
    },
    /// A fictive municipality, filled and served, with nothing to set; in a temporary folder
    /// unless `--data` names one.
    Demo {
        /// Where to listen; `127.0.0.1:8080` unless told otherwise.
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
    },
    /// Looks at the settings, the folders, the certificate, the clock and the disk, tells every
    /// fault with what to do, and ends; also beside the service.
    Check,
    /// Turns an old log and a website into a report, without a data folder.
    Analyse(analyse::Analyse),
    /// Logs every row of a .csv, .xlsx or .jsonl file, every mail of a .mbox or .eml file and every
    /// conversation of a chat's export, and a second time adds nothing; brings a folder that
    /// `export` wrote back into an empty data folder.
    Import(import::Import),
    /// Reads a website into a file, or the organisation's websites into the data folder.
    Crawl(crawl::Crawl),
    /// Reads pages for a crawl; started by it.
    #[command(hide = true)]
    ParseWorker,
    /// Groups and judges for a service; started by it.
    #[command(hide = true)]
    JudgeWorker,
    /// Takes in a whole website from a file of pages (`url`, `title`, `text` or `html`), a folder
    /// of HTML, or a web archive (.warc, .warc.gz).
    Pages {
        /// The file or folder.
        file: PathBuf,
        /// The name of the site; of a folder or an archive, the address that it was saved from.
        #[arg(long, default_value = "site")]
        site: String,
    },
    /// Groups every question anew and judges every topic.
    Topics,
    /// Reports the gaps.
    Report {
        /// text, json, jsonl (a topic a line), csv or html.
        #[arg(
            long,
            default_value = "text",
            value_parser = ["text", "json", "jsonl", "csv", "html"]
        )]
        format: String,
    },
    /// Composes a week's letter into the outbox, once for each reader.
    Digest(digest::Digest),
    /// Shows when the jobs run and what they brought, or runs one now.
    Jobs(jobs::Jobs),
    /// Lists and changes the accounts.
    #[command(subcommand)]
    User(accounts::user::User),
    /// Lists, makes and takes back the tokens of machines that log or ask for answers.
    #[command(subcommand)]
    Token(accounts::token::Token),
    /// Takes in how many calls the switchboard has counted, lists that, or takes it back.
    #[command(subcommand)]
    Calls(data::Calls),
    /// Writes all that is known into a folder: a file of JSON lines for each kind, and the records
    /// behind them.
    Export {
        /// The folder.
        to: PathBuf,
    },
    /// Copies the data while the service runs; checks such a copy; tries a restore out.
    Backup(keep::BackupArguments),
    /// Brings a backup into an empty data folder; what was erased since stays erased.
    Restore(keep::RestoreArguments),
    /// Erases the words of one inquiry; its count, week, channel and topic stay.
    Erase {
        /// The inquiry's id, as an export names it.
        id: String,
    },
    /// Erases what the organisation's retention no longer allows.
    Retain(keep::RetainArguments),
    /// Reads every byte and compares the views with the journal.
    Verify,
    /// Prints what the program is made of: a bill of materials after CycloneDX, in JSON.
    Sbom,
    /// Makes the views anew from the journal.
    Reindex,
    /// Looks into the journal, also beside the service and when it is damaged.
    #[command(subcommand)]
    Journal(data::Look),
}

fn lang(code: &str) -> Result<crate::messages::Lang, String> {
    crate::messages::Lang::parse(code).ok_or_else(|| "nn, nb or en".to_owned())
}

/// Runs the command line. Exit codes: 0 done, 1 failed, 2 wrong use.
pub fn run() -> ExitCode {
    // Callers' words and hashes of passphrases are in what is written here, backups and exports
    // too: they are for whoever runs this alone.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    run_at(std::env::args_os(), Clock::System)
}

/// Runs a command line, the program's name first, by a clock.
pub fn run_at(arguments: impl IntoIterator<Item = OsString>, clock: Clock) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() { 2 } else { 0 };
            // A closed pipe is no reason to fail over a help text.
            drop(error.print());
            return ExitCode::from(code);
        }
    };
    match execute(arguments, clock) {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("skranke: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn execute(arguments: Arguments, clock: Clock) -> Result<ExitCode, Fault> {
    let Arguments { data, lang, command } = arguments;
    let named = data.clone();
    let told = told(data, &command);
    if matches!(command, Command::Check) {
        return Ok(check::run(&Config::with_faults(&told), &clock));
    }
    let config = Config::from_env_and(&told)?;
    let (data, zone) = (config.data.clone(), config.zone.clone());
    let manner = Manner { proxy: config.crawl.proxy.clone(), ..Manner::default() };
    let breached = config.breached.clone();
    let folder = data::Folder { data, lang, clock, zone, manner, breached };
    match command {
        Command::Serve { .. } => serve::run(config),
        // A service's folder that a variable names is no place for a demo.
        Command::Demo { .. } => demo::run(&config, folder.clock, named),
        Command::Sbom => {
            print!("{}", crate::http::BILL);
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => Ok(check::run(&(config, vec![]), &folder.clock)),
        Command::Analyse(analyse) => analyse.run(lang, &folder),
        Command::Import(import) => import.run(folder),
        Command::Crawl(crawl) => crawl.run(&folder),
        Command::ParseWorker => crawl::parse_worker(),
        Command::JudgeWorker => data::judge_worker(),
        Command::Pages { file, site } => folder.pages(&file, &site),
        Command::Topics => folder.topics(),
        Command::Report { format } => folder.report(&format),
        Command::Digest(digest) => digest.run(&folder, &config),
        Command::Jobs(jobs) => jobs.run(&folder, &config),
        Command::User(user) => user.run(&folder, &config),
        Command::Token(token) => token.run(&folder),
        Command::Calls(calls) => calls.run(&folder),
        Command::Export { to } => folder.export(&to),
        Command::Backup(backup) => backup.run(&folder, &config),
        Command::Restore(restore) => restore.run(&folder),
        Command::Erase { id } => keep::erase(&id, &folder),
        Command::Retain(retain) => retain.run(&folder),
        Command::Verify => folder.verify(),
        Command::Reindex => folder.reindex(),
        Command::Journal(look) => look.run(&folder.data),
    }
}

/// What was told on the command line in place of a variable.
fn told(data: Option<PathBuf>, command: &Command) -> BTreeMap<&'static str, String> {
    let mut told = BTreeMap::new();
    told.extend(data.map(|it| ("SKRANKE_DATA", it.to_string_lossy().into_owned())));
    if let Command::Serve { listen: Some(listen) } | Command::Demo { listen: Some(listen) } =
        command
    {
        told.insert("SKRANKE_LISTEN", listen.to_string());
    }
    told
}
