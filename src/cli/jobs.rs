//! The jobs from the command line: when they run, what they brought, and running one now.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::data::Folder;
use super::fault::Fault;
use super::serve::{job_options, runtime, told_to_stop};
use crate::config::Config;
use crate::jobs::{Jobs as Runner, Look, words};
use crate::schedule::{End, Job, Run, Standing};

/// Progress is told this often, when somebody looks.
const TELL_ROUND: Duration = Duration::from_millis(500);

#[derive(Debug, clap::Args)]
pub(super) struct Jobs {
    #[command(subcommand)]
    command: Option<Command>,
    /// Tells as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Runs a job now and waits for its end.
    Run {
        /// Its name, as the table has it.
        #[arg(value_parser = job)]
        name: Job,
    },
}

fn job(name: &str) -> Result<Job, String> {
    let names = || Job::ALL.map(Job::name).join(", ");
    Job::parse(name).ok_or_else(|| format!("there is no such job; there are {}", names()))
}

impl Jobs {
    pub(super) fn run(self, folder: &Folder, config: &Config) -> Result<ExitCode, Fault> {
        let app = folder.open()?;
        let jobs = Runner::new(Arc::clone(&app), job_options(config)?);
        jobs.take_over()?;
        match self.command {
            None if self.json => println!("{}", as_json(&jobs)),
            None => print!("{}", table(folder, &jobs)),
            Some(Command::Run { name }) => return run_now(folder, &jobs, name),
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn run_now(folder: &Folder, jobs: &Arc<Runner>, job: Job) -> Result<ExitCode, Fault> {
    let run = runtime()?.block_on(async {
        let stop = told_to_stop()?;
        let mut run = std::pin::pin!(jobs.run_now(job, None));
        let mut is_told = false;
        loop {
            tokio::select! {
                run = &mut run => {
                    let run = run?;
                    // What waits is sent before the process ends; what is not, by the service.
                    while job == Job::Digest && !jobs.send_post().await {
                        tokio::time::sleep(TELL_ROUND).await;
                    }
                    return Ok::<_, Fault>(run);
                }
                () = stop.cancelled(), if !is_told => {
                    is_told = true;
                    jobs.cancel(job);
                }
                () = tokio::time::sleep(TELL_ROUND) => {}
            }
            if std::io::stderr().is_terminal()
                && let Some(progress) = jobs.look(job).progress
            {
                eprint!("\r\x1b[K{}", words::progress(folder.lang, progress));
            }
        }
    });
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
    let Some(run) = run? else {
        return Err(Fault::new(format!("the job {} could not begin; see the log", job.name())));
    };
    let (how, says) = words::end(folder.lang, &run);
    println!("{}: {} {says}", job.name(), folder.lang.text(&format!("jobs.how.{how}")));
    let is_done = matches!(run.ended, Some((_, End::Done(_))));
    Ok(if is_done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn table(folder: &Folder, jobs: &Runner) -> String {
    let head = ["job", "next", "last", "result"].map(ToOwned::to_owned);
    let rows = Job::ALL.map(|job| row(folder, &jobs.look(job)));
    let all: Vec<[String; 4]> = std::iter::once(head).chain(rows).collect();
    let width = |at: usize| all.iter().map(|it| it[at].chars().count()).max().unwrap_or(0);
    let (job, next, last) = (width(0), width(1), width(2));
    let line =
        |it: &[String; 4]| format!("{:job$}  {:next$}  {:last$}  {}\n", it[0], it[1], it[2], it[3]);
    all.iter().map(line).collect()
}

fn row(folder: &Folder, look: &Look) -> [String; 4] {
    let at =
        |at: Timestamp| at.to_zoned(folder.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    let next = match look.standing {
        Standing::Waits(next) => at(next),
        Standing::Off | Standing::Due { .. } | Standing::Running | Standing::ClockBehind => {
            look.state().to_owned()
        }
    };
    let last = look.row.runs.last();
    let result = last.map(|run| {
        let (how, says) = words::end(folder.lang, run);
        format!("{}. {says}", folder.lang.text(&format!("jobs.how.{how}")))
    });
    let last = last.map_or_else(|| "-".to_owned(), |it| at(it.started));
    [look.job.name().to_owned(), next, last, result.unwrap_or_else(|| "-".to_owned())]
}

fn as_json(jobs: &Runner) -> Value {
    let job = |look: Look| {
        let next = match look.standing {
            Standing::Waits(next) => Some(next),
            Standing::Due { slot, .. } => Some(slot),
            Standing::Off | Standing::Running | Standing::ClockBehind => None,
        };
        json!({
            "job": look.job.name(),
            "state": look.state(),
            "is_on": look.schedule.is_on,
            "runs": look.schedule.rhythm,
            "next": next,
            "last_success": look.row.succeeded,
            "last": look.row.runs.last().map(run_json),
        })
    };
    Job::ALL.into_iter().map(|it| job(jobs.look(it))).collect()
}

fn run_json(run: &Run) -> Value {
    let (how, _) = words::end(crate::messages::Lang::En, run);
    let says: &[crate::schedule::Said] = match run.ended.as_ref().map(|it| &it.1) {
        Some(End::Done(says) | End::Failed(says)) => says,
        Some(End::Stopped | End::CutOff) | None => &[],
    };
    json!({
        "due": run.due,
        "started": run.started,
        "ended": run.ended.as_ref().map(|it| it.0),
        "how": how,
        "says": says,
    })
}
