//! What a watcher may know: counts, durations and levels, as Prometheus reads them. Numbers alone:
//! no label holds a name, an address or a word of anybody.

mod counts;
mod process;
mod text;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

pub use counts::{Level, Limit, Traffic, TryEnd};

use super::Edge;
use super::edge::HttpError;
use super::edge::fields::Asking;
use super::edge::serve::client::Client;
use super::routes::{ROUTES, Verb};
use crate::app::App;
use crate::jobs::JobHealth;
use process::Process;
use text::{Kind, Text};

/// The form that Prometheus reads.
const FORM: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All that is counted, for a watcher on this machine, where the settings allow one,
/// or with a token for it.
pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: HeaderMap,
    Extension(client): Extension<Client>,
) -> Result<Response, HttpError> {
    // A machine has come this far only with a token for it.
    let is_allowed =
        caller.machine().is_some() || edge.metrics.iter().any(|it| it.holds(client.address));
    if !is_allowed && !is_on_this_machine(client, &headers) {
        return Err(HttpError::NotFound);
    }
    let jobs = edge.jobs.health();
    let door = edge.clone();
    let text = edge.off_thread(move |app| written(&door, app, &jobs)).await?;
    Ok(([(header::CONTENT_TYPE, FORM)], text).into_response())
}

/// Whether somebody on this machine asks for this machine. A proxy here asks for others, and a
/// page in a browser here can be made to ask under a name of its own.
fn is_on_this_machine(client: Client, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |it| it.0);
    let is_named_so = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    client.address.is_loopback() && !client.by_proxy && is_named_so
}

fn written(edge: &Edge, app: &App, jobs: &[JobHealth]) -> String {
    let mut text = Text::default();
    text.family("skranke_build_info", Kind::Level, "The version of the program that runs.");
    text.sample("skranke_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
    requests(&mut text, &edge.traffic);
    connections(&mut text, &edge.traffic);
    signing_in(&mut text, &edge.traffic);
    data(&mut text, edge, app);
    job_states(&mut text, jobs);
    Process::read().write(&mut text);
    text.finish()
}

fn requests(text: &mut Text, traffic: &Traffic) {
    const TOTAL: &str = "skranke_http_requests_total";
    const TOOK: &str = "skranke_http_request_duration_seconds";
    let rows: Vec<_> = traffic.answers.iter().enumerate().filter(|it| 0 < it.1.count()).collect();
    let labels = |place: usize| match ROUTES.iter().find(|it| it.to as usize == place) {
        Some(route) => (if route.verb == Verb::Get { "GET" } else { "POST" }, route.path),
        None => ("other", "none"),
    };
    text.family(TOTAL, Kind::Count, "Requests that were answered, by route and class of status.");
    for (place, answers) in &rows {
        let (method, route) = labels(*place);
        for (class, count) in answers.classes.iter().enumerate().filter(|it| 0 < it.1.get()) {
            let class = format!("{}xx", class + 1);
            let labels = [("method", method), ("route", route), ("status_class", class.as_str())];
            text.count(TOTAL, &labels, count.get());
        }
    }
    text.family(TOOK, Kind::Durations, "How long it took to answer, by route.");
    for (place, answers) in &rows {
        let (method, route) = labels(*place);
        text.durations(TOOK, &[("method", method), ("route", route)], &answers.durations);
    }
    const LIMITED: &str = "skranke_limited_total";
    text.family(LIMITED, Kind::Count, "Requests that a limit refused, by the limit.");
    for limit in Limit::ALL {
        text.count(LIMITED, &[("reason", limit.name())], traffic.n_limited(limit));
    }
    const LOOK_UPS: &str = "skranke_lookup_duration_seconds";
    text.family(LOOK_UPS, Kind::Durations, "How long it took to look up what somebody typed.");
    text.durations(LOOK_UPS, &[], &traffic.look_ups);
}

fn connections(text: &mut Text, traffic: &Traffic) {
    text.one(
        "skranke_connections_open",
        (Kind::Level, "Connections that are held."),
        number(traffic.connections.get()),
    );
    text.one_count(
        "skranke_connections_accepted_total",
        "Connections that were made.",
        traffic.accepted.get(),
    );
    const CLOSED: &str = "skranke_connections_closed_total";
    text.family(CLOSED, Kind::Count, "Connections that were closed for a reason, or not let in.");
    text.count(CLOSED, &[("reason", "room")], traffic.closed_for_room.get());
    text.count(CLOSED, &[("reason", "late")], traffic.closed_late.get());
    text.count(CLOSED, &[("reason", "full")], traffic.refused_connections.get());
}

fn signing_in(text: &mut Text, traffic: &Traffic) {
    const TRIES: &str = "skranke_sign_in_attempts_total";
    text.family(TRIES, Kind::Count, "Tries to sign in by passphrase, by what became of them.");
    for end in TryEnd::ALL {
        text.count(TRIES, &[("result", end.name())], traffic.n_tried(end));
    }
    text.one_count(
        "skranke_passphrase_hashes_total",
        "Passphrases that were hashed or compared.",
        traffic.hashes.get(),
    );
    text.one(
        "skranke_passphrase_hash_queue",
        (Kind::Level, "Those who wait for a turn to have a passphrase compared, or have it."),
        number(traffic.hash_queue.get()),
    );
}

fn data(text: &mut Text, edge: &Edge, app: &App) {
    text.one(
        "skranke_journal_records",
        (Kind::Level, "The place of the journal's last record."),
        big(app.journal.position().seq),
    );
    const APPENDS: &str = "skranke_journal_append_duration_seconds";
    text.family(APPENDS, Kind::Durations, "How long a heap of records took to be on the disk.");
    text.durations(APPENDS, &[], app.journal.appends());
    text.one(
        "skranke_inquiries",
        (Kind::Level, "Inquiries that are kept."),
        number(app.state.inquiries.columns().len()),
    );
    text.one(
        "skranke_letters_waiting",
        (Kind::Level, "Letters that wait to be sent."),
        number(app.waiting_letters().len()),
    );
    text.one(
        "skranke_view_ready",
        (Kind::Level, "1 when the lists are there, 0 while they are being made."),
        if app.progress().is_ready { 1.0 } else { 0.0 },
    );
    if let Some(free) = app.free_mb() {
        text.one(
            "skranke_disk_free_bytes",
            (Kind::Level, "Room that is left for the data folder."),
            big(free) * 1_048_576.0,
        );
    }
    if let Some(until) = edge.tls.as_ref().and_then(|it| it.ends()) {
        text.one(
            "skranke_certificate_end_timestamp_seconds",
            (Kind::Level, "When the service's own certificate ends."),
            whole(until.as_second()),
        );
    }
}

fn job_states(text: &mut Text, jobs: &[JobHealth]) {
    const LAST: &str = "skranke_job_last_success_timestamp_seconds";
    text.family(LAST, Kind::Level, "When a job last had its effect.");
    for job in jobs {
        if let Some(at) = job.last_success {
            text.sample(LAST, &[("job", job.job)], whole(at.as_second()));
        }
    }
    const LOOK: &str = "skranke_job_needs_a_look";
    text.family(LOOK, Kind::Level, "1 when a job is late, has failed, or its clock lies behind.");
    for job in jobs {
        let needs = matches!(job.state, "late" | "failed" | "clock_behind");
        text.sample(LOOK, &[("job", job.job)], if needs { 1.0 } else { 0.0 });
    }
}

#[expect(clippy::cast_precision_loss, reason = "what is counted here stays far below 2^53")]
const fn big(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "what is counted here stays far below 2^53")]
const fn whole(number: i64) -> f64 {
    number as f64
}

fn number(number: usize) -> f64 {
    big(u64::try_from(number).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, by_proxy: bool, host: &str, expected: bool) {
        let client = Client { address: address.parse().unwrap(), by_proxy, is_told_in_vain: false };
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        assert_eq!(is_on_this_machine(client, &headers), expected);
    }

    #[test]
    fn this_machine_asks_for_itself_and_nobody_else_does() {
        check("127.0.0.1", false, "127.0.0.1:8080", true);
        check("::1", false, "[::1]:8080", true);
        check("127.0.0.1", false, "localhost", true);
        check("127.0.0.1", true, "localhost", false);
        check("127.0.0.1", false, "skranke.example.org", false);
        check("192.0.2.1", false, "localhost", false);
    }
}
