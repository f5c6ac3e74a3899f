//! The jobs: when they run, what they brought, run now, stop.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::{change, version};
use crate::http::Edge;
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::api::shapes;
use crate::http::api::work::gaps::name_of;
use crate::http::edge::HttpError;
use crate::jobs::words;
use crate::messages::Lang;
use crate::organisation::Settings;
use crate::schedule::{Job, Rhythm, Run, Schedule, Standing};

/// Work that comes back.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct JobSeen {
    #[schemars(schema_with = "shapes::job")]
    job: &'static str,
    is_on: bool,
    /// When it runs, such as `02:30` or `monday 07:00`.
    at: String,
    /// Whether the service has what the job needs.
    is_set_up: bool,
    state: JobState,
    /// When it runs next.
    next: Option<Timestamp>,
    /// When it last came to a good end.
    succeeded: Option<Timestamp>,
    /// Its last runs, the newest first.
    runs: Vec<RunSeen>,
}

/// How a job stands.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum JobState {
    /// The clock does not start it.
    Off,
    /// It is under way.
    Running,
    /// It comes by itself.
    Waits,
    /// It should run about now.
    Due,
    /// The machine's clock has been set back.
    ClockBehind,
}

/// One run.
#[derive(Debug, Serialize, JsonSchema)]
struct RunSeen {
    started: Timestamp,
    ended: Option<Timestamp>,
    /// How it ended: `done`, `failed`, `stopped`, `cut_off`, or `running`.
    how: String,
    /// What it brought, in words.
    says: String,
    by: Option<String>,
}

/// When a job is to run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ScheduleSent {
    is_on: bool,
    /// Such as `02:30` for every day or `monday 07:00`.
    #[schemars(length(min = 4, max = 20))]
    at: String,
}

/// What came of a wish.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct JobWish {
    /// Whether it is done: started, or asked to stop.
    done: bool,
}

fn run(edge: &Edge, it: &Run) -> RunSeen {
    let (how, says) = words::end(Lang::En, it);
    RunSeen {
        started: it.started,
        ended: it.ended.as_ref().map(|it| it.0),
        how: how.to_owned(),
        says,
        by: name_of(edge, it.by),
    }
}

fn seen(edge: &Edge, job: Job) -> JobSeen {
    let look = edge.jobs.look(job);
    let (state, next) = match look.standing {
        Standing::Off => (JobState::Off, None),
        Standing::Running => (JobState::Running, None),
        Standing::Waits(at) => (JobState::Waits, Some(at)),
        Standing::Due { slot, .. } => (JobState::Due, Some(slot)),
        Standing::ClockBehind => (JobState::ClockBehind, None),
    };
    JobSeen {
        job: job.name(),
        is_on: look.schedule.is_on,
        at: look.schedule.rhythm.to_string(),
        is_set_up: look.is_set_up,
        state,
        next,
        succeeded: look.row.succeeded,
        runs: look.row.runs.iter().rev().map(|it| run(edge, it)).collect(),
    }
}

fn found<Q, B>(call: &Call<Q, B>) -> Result<Job, Wrong> {
    let name = call.path.first().map_or("", String::as_str);
    Ok(Job::parse(name).ok_or(HttpError::NotFound)?)
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<JobSeen>>, Wrong> {
    let items: Vec<JobSeen> = Job::ALL.map(|it| seen(&call.edge, it)).into();
    let total = items.len();
    Ok(call.list(items, Some(total), None))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<JobSeen>, Wrong> {
    Ok(Given::at(seen(&call.edge, found(&call)?), version(&call.edge)))
}

pub(in crate::http) async fn set(
    call: Call<Nothing, ScheduleSent>,
) -> Result<Option<String>, Wrong> {
    let job = found(&call)?;
    let rhythm: Rhythm = call.body.at.trim().parse().map_err(|_| {
        Wrong::field("at", "a time such as 02:30, or a day and a time such as monday 07:00")
    })?;
    let schedule = Schedule { is_on: call.body.is_on, rhythm, since: call.edge.app.now() };
    let set = move |mut old: Settings| {
        old.schedules.insert(job.name().to_owned(), schedule);
        old
    };
    change(&call, set).await.map(|()| None)
}

pub(in crate::http) async fn start(call: Call) -> Result<Given<JobWish>, Wrong> {
    let job = found(&call)?;
    match call.edge.jobs.start(job, call.by()) {
        Ok(()) => Ok(Given::new(JobWish { done: true })),
        Err(refused) => Err(Wrong::Unfit(refused.to_string())),
    }
}

pub(in crate::http) async fn stop(call: Call) -> Result<Given<JobWish>, Wrong> {
    let (job, by) = (found(&call)?, call.by());
    let jobs = std::sync::Arc::clone(&call.edge.jobs);
    let done = call.run(move |_| jobs.stop(job, by)).await?;
    Ok(Given::new(JobWish { done }))
}
