//! How the machine does: version, room, what is kept and found, copies, jobs that need a look.

pub(in crate::http) mod licences;
pub(in crate::http) mod mail;

use std::io::Read;
use std::sync::OnceLock;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::jobs::alarm;
use crate::app::{Condition, Counted, Outlook, PartHealth, Room};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::Asking;
use crate::http::pages::{CopySeen, CountSeen, PartSeen, SystemPage};
use crate::http::{Edge, page};
use crate::jobs::words;
use crate::messages::Lang;
use crate::schedule::Job;

/// So many digits of the program's SHA-256 name a build.
const BUILD_DIGITS: usize = 16;
/// Ages are told in days from here on.
const IN_DAYS: SignedDuration = SignedDuration::from_hours(48);

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
) -> Result<Response, HttpError> {
    let found = edge.off_thread(|app| (app.count_all(), app.outlook(), build())).await?;
    let (counted, outlook, build) = found;
    let (f, lang) = (edge.frame(&caller, "system.title"), caller.lang);
    let looks = Job::ALL.map(|job| edge.jobs.look(job));
    let alarms = looks.iter().filter_map(|it| {
        let says = alarm(&edge, &caller, it)?;
        Some((it.job.name(), f.of("job", it.job.name()), says))
    });
    let now = edge.app.now();
    Ok(page(&SystemPage {
        version: env!("CARGO_PKG_VERSION"),
        build,
        up: age(lang, now.duration_since(edge.started)),
        room: room(edge.app.room()),
        free_mb: outlook.free_mb.map(|it| it.to_string()),
        used_mb: outlook.used_mb.to_string(),
        days_left: days_left(lang, &outlook),
        counts: counts(&counted),
        is_still: counted.is_still,
        agrees: counted.agrees(),
        parts: edge.app.parts_health().into_iter().map(|it| part(&edge, &caller, it)).collect(),
        copies: [Job::Backup, Job::Rehearsal].map(|it| copy(&edge, &caller, it)).into(),
        alarms: alarms.collect(),
        f,
    }))
}

/// The first digits of the program's own SHA-256, so that it can be told from another build by
/// `sha256sum`; none when the file is not there any more, as after an upgrade.
fn build() -> Option<&'static str> {
    static BUILD: OnceLock<Option<String>> = OnceLock::new();
    BUILD.get_or_init(|| hash_of_program().ok()).as_deref()
}

fn hash_of_program() -> std::io::Result<String> {
    const AT_A_TIME: usize = 64 * 1024;
    let mut file = std::fs::File::open(std::env::current_exe()?)?;
    let (mut hash, mut piece) = (Sha256::new(), vec![0; AT_A_TIME]);
    loop {
        match file.read(&mut piece)? {
            0 => break,
            n => hash.update(&piece[..n]),
        }
    }
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(hex[..BUILD_DIGITS].to_owned())
}

/// How long something lasted or lies back: in hours at first, then in days.
fn age(lang: Lang, age: SignedDuration) -> String {
    if age < IN_DAYS {
        return words::took(lang, age);
    }
    lang.fill("system.days", &[("n", &(age.as_hours() / 24).to_string())])
}

const fn room(room: Room) -> &'static str {
    match room {
        Room::Enough => "enough",
        Room::Scarce => "scarce",
        Room::Tight => "tight",
        Room::Full => "full",
    }
}

fn days_left(lang: Lang, outlook: &Outlook) -> String {
    match outlook.days_left {
        Some(n) => lang.fill("system.days_left", &[("n", &n.to_string())]),
        None => lang.text("system.days_unknown").to_owned(),
    }
}

fn counts(counted: &Counted) -> Vec<CountSeen> {
    let told = |it: Option<u64>| it.map(|it| it.to_string());
    let row = |what, journal: u64, (view, index): (Option<u64>, Option<u64>)| CountSeen {
        what,
        is_same: view.is_none_or(|it| it == journal) && index.is_none_or(|it| it == journal),
        journal: journal.to_string(),
        view: told(view),
        index: told(index),
    };
    vec![
        row("records", counted.journal, (Some(counted.view), counted.index)),
        row("inquiries", counted.inquiries.0, (counted.inquiries.1, None)),
        row("searchable", counted.searchable.0, (None, counted.searchable.1)),
        row("pages", counted.pages.0, (counted.pages.1, None)),
        row("passages", counted.passages.0, (None, counted.passages.1)),
    ]
}

fn part(edge: &Edge, caller: &Caller, it: PartHealth) -> PartSeen {
    let state = match it.condition {
        Condition::Good => "good",
        Condition::Coming(_) => "coming",
        // What is wrong may name a path of the machine: that stands in the log.
        Condition::Bad(_) => "bad",
    };
    let whole = it.whole.map(|at| ago(edge, caller, at));
    PartSeen { name: it.part.name(), state, whole }
}

/// When something was, and how long ago that is.
fn ago(edge: &Edge, caller: &Caller, at: Timestamp) -> String {
    let age = age(caller.lang, edge.app.now().duration_since(at));
    let at = edge.day_and_time(caller, at);
    caller.lang.fill("system.ago", &[("at", &at), ("age", &age)])
}

fn copy(edge: &Edge, caller: &Caller, job: Job) -> CopySeen {
    let look = edge.jobs.look(job);
    let says = match look.row.succeeded {
        Some(at) => ago(edge, caller, at),
        None => caller.lang.text("system.never").to_owned(),
    };
    let lacking = (!look.is_set_up).then(|| caller.lang.text("jobs.not_set_up").to_owned());
    CopySeen { job: job.name(), says, is_there: look.row.succeeded.is_some(), lacking }
}
