//! The jobs: run now, and what they brought.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{JobSeen, JobsPage};
use crate::http::routes::To;
use crate::http::{Edge, page};
use crate::jobs::{Brought, Job, Ran};

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    let jobs = Job::ALL.map(|job| seen(&edge, &caller, job)).into();
    page(&JobsPage { f: edge.frame(&caller, "jobs.title"), jobs })
}

fn seen(edge: &Edge, caller: &Caller, job: Job) -> JobSeen {
    let ran = edge.jobs.get(job);
    let last = match &ran {
        Some(Ran::Done(at, _) | Ran::Failed(at)) => Some(*at),
        Some(Ran::Running) | None => recorded(edge, job),
    };
    let says = match &ran {
        Some(Ran::Done(_, brought)) => Some(brought_says(caller, brought)),
        Some(Ran::Failed(_)) => Some(caller.lang.text("error.says.internal").to_owned()),
        Some(Ran::Running) | None => None,
    };
    JobSeen {
        name: job.name().to_owned(),
        is_running: matches!(ran, Some(Ran::Running)),
        last: last.map(|at| edge.day_and_time(caller, at)),
        says,
        failed: matches!(ran, Some(Ran::Failed(_))),
    }
}

/// When a job last came to its end, by its records.
fn recorded(edge: &Edge, job: Job) -> Option<Timestamp> {
    let state = &edge.app.state;
    match job {
        Job::Crawl => state.crawls.all().iter().filter_map(|it| it.row.ended).max(),
        Job::Topics => state.runs.all().iter().filter_map(|it| it.row.committed).max(),
        Job::Digest => state.letters.all().iter().map(|it| it.row.written).max(),
    }
}

fn brought_says(caller: &Caller, brought: &Brought) -> String {
    let fill = |key: &str, values: &[(&str, String)]| {
        let values: Vec<(&str, &str)> = values.iter().map(|it| (it.0, it.1.as_str())).collect();
        caller.lang.fill(key, &values)
    };
    match brought {
        Brought::Crawl { pages, left_out, failed, after } => {
            let read = pages.new + pages.changed + pages.unchanged;
            let read = [("pages", read.to_string()), ("left_out", left_out.to_string())];
            let gaps = [
                ("verified", after.verified.to_string()),
                ("reopened", after.reopened.to_string()),
            ];
            let mut says = fill("jobs.crawl_brought", &read);
            says = format!("{says} {}", fill("jobs.gaps_checked", &gaps));
            if !failed.is_empty() {
                let sites = [("sites", failed.join(", "))];
                says = format!("{says} {}", fill("jobs.crawl_failed", &sites));
            }
            says
        }
        Brought::Topics(outcome) => {
            let topics = outcome.topics.to_string();
            fill("jobs.topics_brought", &[("topics", topics), ("alone", outcome.alone.to_string())])
        }
        Brought::Digest(week, outcome) => {
            let letters = outcome.written.len().to_string();
            fill("jobs.digest_brought", &[("week", week.to_string()), ("letters", letters)])
        }
    }
}

pub(in crate::http) async fn run(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let job = Job::parse(&fields.get("job")).ok_or(HttpError::Invalid)?;
    let started = edge.jobs.start(job, caller.by());
    let key = if started { "jobs.started" } else { "jobs.busy" };
    Ok(edge.onward(To::Jobs, &[]).saying(&Told::new(key)).into_response())
}
