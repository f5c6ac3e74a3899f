//! The jobs: when they run, run now, stop, and what they brought.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{seen, version};
use crate::app::{Decider, DecisionError};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{
    Choice, FieldError, Frame, JobSeen, JobsPage, ProgressSeen, RunSeen, ScheduleForm,
};
use crate::http::routes::To;
use crate::http::{Edge, page, stale, wrong};
use crate::jobs::{Look, Refused, words};
use crate::messages::Lang;
use crate::schedule::{Job, Progress, Rhythm, Run, Schedule, Standing};

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    page(&build(&edge, &caller))
}

fn build(edge: &Edge, caller: &Caller) -> JobsPage {
    let f = edge.frame(caller, "jobs.title");
    JobsPage {
        version: version(edge),
        zone: edge.app.zone.iana_name().unwrap_or("UTC").to_owned(),
        jobs: Job::ALL.map(|job| job_seen(edge, caller, &edge.jobs.look(job))).into(),
        conflict: false,
        f,
    }
}

fn job_seen(edge: &Edge, caller: &Caller, look: &Look) -> JobSeen {
    let at = |at| edge.day_and_time(caller, at);
    let next = match look.standing {
        _ if !look.is_set_up => Some(caller.lang.text("jobs.not_set_up").to_owned()),
        Standing::Waits(next) => Some(caller.lang.fill("jobs.next", &[("at", at(next).as_str())])),
        Standing::Due { .. } => Some(caller.lang.text("jobs.due").to_owned()),
        Standing::Off | Standing::Running | Standing::ClockBehind => None,
    };
    JobSeen {
        name: look.job.name().to_owned(),
        progress: look.progress.map(|it| progress_seen(caller.lang, it)),
        rhythm: words::rhythm(caller.lang, &look.schedule),
        next,
        alarm: alarm(edge, caller, look),
        runs: look.row.runs.iter().rev().map(|it| run_seen(edge, caller, it)).collect(),
        form: form(&edge.frame(caller, "jobs.title"), look.job, &look.schedule),
    }
}

/// What somebody should look after, in words.
pub(super) fn alarm(edge: &Edge, caller: &Caller, look: &Look) -> Option<String> {
    match (look.state(), look.standing) {
        ("late", Standing::Due { slot, .. }) => {
            let at = edge.day_and_time(caller, slot);
            Some(caller.lang.fill("jobs.late", &[("at", &at)]))
        }
        ("failed", _) => Some(caller.lang.text("jobs.has_failed").to_owned()),
        ("clock_behind", _) => Some(caller.lang.text("jobs.clock_behind").to_owned()),
        _ => None,
    }
}

fn progress_seen(lang: Lang, progress: Progress) -> ProgressSeen {
    ProgressSeen {
        says: words::progress(lang, progress),
        left: words::left(lang, progress),
        done: progress.done,
        of: progress.of,
    }
}

fn run_seen(edge: &Edge, caller: &Caller, run: &Run) -> RunSeen {
    let lang = caller.lang;
    let (how, says) = words::end(lang, run);
    let who = match (run.by, run.due) {
        (Some(person), _) => edge.app.person_name(person).unwrap_or_default(),
        (None, Some(_)) => lang.text("jobs.by_clock").to_owned(),
        (None, None) => lang.text("jobs.by_hand").to_owned(),
    };
    let took = run.ended.as_ref().map(|it| it.0.duration_since(run.started));
    RunSeen {
        at: edge.day_and_time(caller, run.started),
        how: how.to_owned(),
        says,
        took: took.map_or_else(String::new, |it| words::took(lang, it)),
        who,
    }
}

fn form(f: &Frame, job: Job, schedule: &Schedule) -> ScheduleForm {
    let Schedule { is_on, rhythm, .. } = *schedule;
    let usual = job.usual();
    let every = Choice {
        value: "every".to_owned(),
        label: f.t("jobs.every").to_owned(),
        chosen: rhythm.on.is_none(),
    };
    let day = |name: &str| Choice {
        value: name.to_owned(),
        label: f.of("weekday", name),
        chosen: rhythm.day_name() == Some(name),
    };
    ScheduleForm {
        is_on,
        at: format!("{:02}:{:02}", rhythm.at.hour(), rhythm.at.minute()),
        days: std::iter::once(every).chain(Rhythm::day_names().map(day)).collect(),
        is_usual: (is_on, rhythm) == (usual.is_on, usual.rhythm),
        errors: vec![],
    }
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let job = Job::parse(&fields.get("job")).ok_or(HttpError::Invalid)?;
    let by = caller.by();
    let key = match fields.get("change").as_str() {
        "" | "run" => match edge.jobs.start(job, by) {
            Ok(()) => "jobs.started",
            Err(Refused::UnderWay(_) | Refused::Busy(_) | Refused::Closing) => "jobs.busy",
        },
        "stop" => {
            let jobs = std::sync::Arc::clone(&edge.jobs);
            match edge.off_thread(move |_| jobs.stop(job, by)).await? {
                true => "jobs.stopping",
                false => "jobs.not_running",
            }
        }
        "set" | "usual" => return set(&edge, &caller, &fields, job).await,
        _ => return Err(HttpError::Invalid),
    };
    Ok(edge.onward(To::Jobs, &[]).saying(&Told::new(key)).into_response())
}

async fn set(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
    job: Job,
) -> Result<Response, HttpError> {
    let is_usual = fields.get("change") == "usual";
    let mut settings = edge.app.state.settings();
    let (rhythm, is_on) = if is_usual {
        (Some(job.usual().rhythm), job.usual().is_on)
    } else {
        (typed(fields), fields.find("is_on").is_some())
    };
    let Some(rhythm) = rhythm else {
        return Ok(wrong(&with_error(edge, caller, fields, job)));
    };
    let schedule = Schedule { is_on, rhythm, since: edge.app.now() };
    settings.schedules.insert(job.name().to_owned(), schedule);
    let who = Decider { by: caller.by(), version: seen(fields)? };
    match edge.off_thread(move |app| app.set_settings(settings, who)).await? {
        Ok(_) => {
            edge.see_writes().await;
            let told = Told::new(if is_usual { "jobs.was_usual" } else { "jobs.set" });
            Ok(edge.onward(To::Jobs, &[]).saying(&told).into_response())
        }
        Err(DecisionError::Conflict) => {
            Ok(stale(&JobsPage { conflict: true, ..build(edge, caller) }))
        }
        Err(error) => Err(error.into()),
    }
}

/// The rhythm as it was typed; none when it is none.
fn typed(fields: &Fields) -> Option<Rhythm> {
    let (at, day) = (fields.get("at"), fields.get("day"));
    let day = Some(day).filter(|it| it != "every" && !it.is_empty());
    let text = day.map_or_else(|| at.clone(), |day| format!("{day} {at}"));
    text.parse().ok()
}

fn with_error(edge: &Edge, caller: &Caller, fields: &Fields, job: Job) -> JobsPage {
    let mut page = build(edge, caller);
    let text = caller.lang.text("jobs.wrong_at").to_owned();
    for seen in page.jobs.iter_mut().filter(|it| it.name == job.name()) {
        seen.form.at = fields.get("at");
        seen.form.is_on = fields.find("is_on").is_some();
        seen.form.errors = vec![FieldError { field: "at", text: text.clone() }];
    }
    page
}
