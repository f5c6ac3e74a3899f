//! The jobs: run now, and what they brought.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::app::GroupOutcome;
use crate::http::edge::HttpError;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{JobSeen, JobsPage};
use crate::http::routes::To;
use crate::http::{Edge, page};

/// What the jobs of this process have brought; the records of each job tell the rest.
#[derive(Debug, Default)]
pub(in crate::http) struct JobBoard {
    jobs: Mutex<BTreeMap<&'static str, Ran>>,
}

/// How a job goes.
#[derive(Clone, Debug)]
enum Ran {
    /// It is under way.
    Running,
    /// It came to its end.
    Done(Timestamp, GroupOutcome),
    /// It did not.
    Failed(Timestamp),
}

impl JobBoard {
    fn get(&self, job: &str) -> Option<Ran> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).get(job).cloned()
    }

    /// Notes that a job begins; `false` when it is under way.
    fn begin(&self, job: &'static str) -> bool {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(jobs.get(job), Some(Ran::Running)) {
            return false;
        }
        jobs.insert(job, Ran::Running);
        true
    }

    fn end(&self, job: &'static str, ran: Ran) {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).insert(job, ran);
    }
}

/// The one job that the application can run so far.
const TOPICS: &str = "topics";

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    let ran = edge.jobs.get(TOPICS);
    let committed = edge.app.state.runs.all().iter().filter_map(|it| it.row.committed).max();
    let last = match &ran {
        Some(Ran::Done(at, _) | Ran::Failed(at)) => Some(*at),
        Some(Ran::Running) | None => committed,
    };
    let brought = |outcome: &GroupOutcome| {
        let (topics, alone) = (outcome.topics.to_string(), outcome.alone.to_string());
        caller.lang.fill("jobs.topics_brought", &[("topics", &topics), ("alone", &alone)])
    };
    let says = match &ran {
        Some(Ran::Done(_, outcome)) => Some(brought(outcome)),
        Some(Ran::Failed(_)) => Some(caller.lang.text("error.says.internal").to_owned()),
        Some(Ran::Running) | None => None,
    };
    let job = JobSeen {
        name: TOPICS.to_owned(),
        is_running: matches!(ran, Some(Ran::Running)),
        last: last.map(|at| edge.day_and_time(&caller, at)),
        says,
        failed: matches!(ran, Some(Ran::Failed(_))),
    };
    page(&JobsPage { f: edge.frame(&caller, "jobs.title"), jobs: vec![job] })
}

pub(in crate::http) async fn run(
    State(edge): State<Edge>,
    Extension(_): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    if fields.get("job") != TOPICS {
        return Err(HttpError::Invalid);
    }
    let key = if edge.jobs.begin(TOPICS) { "jobs.started" } else { "jobs.busy" };
    if key == "jobs.started" {
        let (app, jobs) = (Arc::clone(&edge.app), Arc::clone(&edge.jobs));
        tokio::spawn(async move {
            let worker = Arc::clone(&app);
            // A panic must not leave the job under way for ever.
            let ran = match tokio::task::spawn_blocking(move || worker.group()).await {
                Ok(Ok(outcome)) => Ran::Done(app.now(), outcome),
                Ok(Err(error)) => {
                    tracing::error!(error = format!("{error:?}"), "the grouping failed");
                    Ran::Failed(app.now())
                }
                Err(error) => {
                    tracing::error!(%error, "the grouping broke off");
                    Ran::Failed(app.now())
                }
            };
            jobs.end(TOPICS, ran);
        });
    }
    Ok(edge.onward(To::Jobs, &[]).saying(&Told::new(key)).into_response())
}
