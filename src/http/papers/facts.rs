//! What Skranke knows of itself and of how it is set up, in the reader's words. Nothing is claimed
//! that is not looked up here.

use std::collections::{BTreeMap, BTreeSet};

use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::pages::plain;
use crate::jobs::words;
use crate::messages::Lang;
use crate::people::{Role, SESSION_ABSOLUTE, SESSION_IDLE};
use crate::schedule::{Job, Standing};

/// The names that papers may use.
#[cfg(test)]
pub(super) const NAMES: [&str; 20] = [
    "day",
    "version",
    "organisation",
    "theme",
    "people",
    "readers",
    "text_months",
    "author_days",
    "audit_months",
    "session_days",
    "retention_job",
    "recipients",
    "copies",
    "measures",
    "desks",
    "channels",
    "n_inquiries",
    "sites",
    "privacy_job",
    "waiting",
];

/// What is known, by name, as Markdown.
pub(super) async fn facts(
    edge: &Edge,
    caller: &Caller,
) -> Result<BTreeMap<&'static str, String>, HttpError> {
    let lang = caller.lang;
    let settings = edge.app.state.settings();
    let kept = settings.retention;
    let lines = |items: Vec<String>| {
        items.into_iter().map(|it| format!("- {it}")).collect::<Vec<_>>().join("\n")
    };
    let listed = |items: Vec<String>| match items.is_empty() {
        true => lang.text("papers.none").to_owned(),
        false => plain(&items.join(", ")),
    };
    let checked = std::sync::Arc::clone(&edge.audit_checked);
    let holds = edge.off_thread(move |app| checked.holds(&app.state.audit.read())).await?;
    let labels = settings.labels(lang);
    let channels = settings.channels.iter().map(|it| labels.channel(*it)).collect();
    let desks = settings.offered_desks().map(|it| it.name(lang, settings.lang).to_owned());
    let desks = desks.collect();
    let organisation = match settings.name.trim() {
        "" => lang.text("papers.no_name").to_owned(),
        name => plain(name),
    };
    let n_inquiries = edge.app.state.inquiries.columns().live().count();
    Ok(BTreeMap::from([
        ("day", plain(&edge.day(caller, edge.app.now()))),
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("organisation", organisation),
        ("theme", text(lang, "theme", edge.theme.is_some())),
        ("people", people(edge, lang)),
        ("readers", count(lang, "papers.readers", edge.app.state.readers.read().len())),
        ("text_months", kept.text_months.to_string()),
        ("author_days", kept.author_days.to_string()),
        ("audit_months", kept.audit_months.to_string()),
        ("session_days", kept.session_days.to_string()),
        ("retention_job", job(edge, lang, Job::Retention)),
        ("recipients", lines(recipients(edge, lang))),
        ("copies", copies(edge, caller)),
        ("measures", lines(measures(edge, lang, holds))),
        ("desks", listed(desks)),
        ("channels", listed(channels)),
        ("n_inquiries", n_inquiries.to_string()),
        ("sites", listed(settings.sites.iter().map(|it| it.start.clone()).collect())),
        ("privacy_job", job(edge, lang, Job::Privacy)),
        ("waiting", edge.app.rescanned().waiting.len().to_string()),
    ]))
}

fn count(lang: Lang, key: &str, n: usize) -> String {
    lang.count(key, n as u64)
}

/// One of two sentences: that something is so, or that it is not.
fn text(lang: Lang, key: &str, is_so: bool) -> String {
    let end = if is_so { "on" } else { "off" };
    lang.text(&format!("papers.{key}.{end}")).to_owned()
}

/// How many may do what, by the accounts that are open.
fn people(edge: &Edge, lang: Lang) -> String {
    let all = edge.app.state.people.all();
    let of = |role: Role| all.iter().filter(|it| !it.row.disabled && it.row.role == role).count();
    let told = Role::ALL
        .into_iter()
        .filter(|it| 0 < of(*it))
        .map(|role| format!("{} {}", lang.text(&format!("role.{}", role.name())), of(role)));
    let told = told.collect::<Vec<_>>().join(", ");
    lang.fill("papers.people", &[("roles", &told)])
}

/// When a job of the clock runs, or that it does not.
fn job(edge: &Edge, lang: Lang, job: Job) -> String {
    let look = edge.jobs.look(job);
    let name = lang.text(&format!("job.{}", job.name())).to_owned();
    match look.standing {
        Standing::Off => lang.fill("papers.job_off", &[("job", &name)]),
        Standing::Running | Standing::ClockBehind | Standing::Due { .. } | Standing::Waits(_) => {
            let rhythm = words::rhythm(lang, &look.schedule);
            lang.fill("papers.job_on", &[("job", &name), ("rhythm", &rhythm)])
        }
    }
}

/// Who gets something of what is kept.
fn recipients(edge: &Edge, lang: Lang) -> Vec<String> {
    let app = &edge.app;
    let machines = app.state.tokens.all();
    let open = machines.iter().filter(|it| it.row.taken_back.is_none());
    let names: Vec<String> = open.map(|it| it.row.grant.name.clone()).collect();
    let mut told = vec![
        lang.text("papers.recipients.staff").to_owned(),
        lang.text("papers.recipients.letter").to_owned(),
        lang.text("papers.recipients.websites").to_owned(),
    ];
    if let Some(server) = edge.mail.as_ref() {
        let host = plain(&server.host);
        told.push(lang.fill("papers.recipients.server", &[("host", &host)]));
    }
    let hooks = app.state.hooks.all();
    let hosts = hooks.iter().filter(|it| !it.row.removed).map(|it| host_of(&it.row.facts.address));
    let hosts: BTreeSet<String> = hosts.collect();
    if !hosts.is_empty() {
        let hosts = plain(&hosts.into_iter().collect::<Vec<String>>().join(", "));
        told.push(lang.fill("papers.recipients.hooks", &[("hosts", &hosts)]));
    }
    if !names.is_empty() {
        let names = plain(&names.join(", "));
        told.push(lang.fill("papers.recipients.machines", &[("names", &names)]));
    }
    told
}

/// The host of an address; the rest of it may be a secret.
fn host_of(address: &str) -> String {
    let parsed = address.parse::<url::Url>().ok();
    parsed.and_then(|it| it.host_str().map(str::to_owned)).unwrap_or_default()
}

fn copies(edge: &Edge, caller: &Caller) -> String {
    let lang = caller.lang;
    let wanted = &edge.jobs.options().backup;
    if wanted.folder.is_none() {
        return lang.text("papers.copies.off").to_owned();
    }
    let last = edge.jobs.look(Job::Backup).row.succeeded;
    let last = last
        .map_or_else(|| lang.text("system.never").to_owned(), |at| edge.day_and_time(caller, at));
    let n = wanted.keep.to_string();
    let key = if wanted.also.is_some() { "papers.copies.two" } else { "papers.copies.one" };
    lang.fill(key, &[("n", &n), ("last", &plain(&last))])
}

/// The measures as they are now; what is off is told as well.
fn measures(edge: &Edge, lang: Lang, audit_holds: bool) -> Vec<String> {
    let hours = |it: jiff::SignedDuration| it.as_hours().to_string();
    let sessions = [("idle", hours(SESSION_IDLE)), ("all", hours(SESSION_ABSOLUTE))];
    let sessions: Vec<(&str, &str)> = sessions.iter().map(|it| (it.0, it.1.as_str())).collect();
    let backup = &edge.jobs.options().backup;
    let mut told = vec![
        text(lang, "tls", edge.secure),
        lang.text("papers.passphrases").to_owned(),
        lang.fill("papers.sessions", &sessions),
        lang.text("papers.guessing").to_owned(),
        lang.text("papers.masking").to_owned(),
        text(lang, "audit", audit_holds),
    ];
    told.extend([Job::Privacy, Job::Retention, Job::Verify].map(|it| job(edge, lang, it)));
    if backup.folder.is_some() {
        told.push(text(lang, "encrypted", backup.recipient.is_some()));
        told.push(job(edge, lang, Job::Rehearsal));
    } else {
        told.push(lang.text("papers.copies.off").to_owned());
    }
    told
}
