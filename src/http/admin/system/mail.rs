//! Tries the mail server out, and shows what it really says.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::app::Noted;
use crate::config::MailSecurity;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::pages::{FieldError, LostSeen, MailPage, MailTried, QueueSeen, TroubleSeen};
use crate::http::{Edge, page, wrong};
use crate::post::{LetterRow, Outcome, Trial, Unreached, Unsent, Way, try_out};

/// So many trials an hour; more would make a relay of the service.
const TRIALS_AN_HOUR: usize = 10;
/// How long a trial counts.
const HOUR: jiff::SignedDuration = jiff::SignedDuration::from_hours(1);

/// So long ago is lately, for letters that did not come through ...
const LATELY: jiff::SignedDuration = jiff::SignedDuration::from_hours(4 * 7 * 24);
/// ... of which so many are shown.
const LOST_SHOWN: usize = 50;

/// When the last trials were.
pub(in crate::http) type Trials = std::sync::Mutex<Vec<jiff::Timestamp>>;

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    page(&built(&edge, &caller, String::new()))
}

fn built(edge: &Edge, caller: &Caller, to: String) -> MailPage {
    let options = edge.jobs.options();
    let server = edge.mail.as_ref().as_ref();
    MailPage {
        f: edge.frame(caller, "mail.title"),
        server: server.map(|it| format!("{}:{}", it.host, it.port)),
        security: server.map(|it| match it.security {
            MailSecurity::StartTls => "starttls",
            MailSecurity::Tls => "tls",
            MailSecurity::Open => "open",
        }),
        login: server.and_then(|it| it.login.as_ref()).map(|it| it.0.clone()),
        from: options.from.clone(),
        outbox: options.outbox.display().to_string(),
        to,
        tried: None,
        queue: queue(edge, caller),
        errors: vec![],
    }
}

fn queue(edge: &Edge, caller: &Caller) -> QueueSeen {
    let waiting = edge.app.waiting_letters();
    let trouble = edge.jobs.post_trouble().map(|it| TroubleSeen {
        how: how(it.why),
        since: edge.day_and_time(caller, it.since),
        until: edge.day_and_time(caller, it.until),
        says: it.says,
    });
    let readers = edge.app.readers();
    QueueSeen {
        waiting: waiting.len(),
        oldest: waiting.first().map(|it| edge.day_and_time(caller, it.row.written)),
        trouble,
        refused: readers.iter().filter(|it| it.row.refused.is_some()).count(),
        lost: lost(edge, caller),
    }
}

/// What has not come through in the last weeks.
fn lost(edge: &Edge, caller: &Caller) -> Vec<LostSeen> {
    let now = edge.app.now();
    let letters = edge.app.state.letters.read();
    let lately = letters.iter().rev().take_while(|it| now.duration_since(it.row.written) < LATELY);
    let seen = |it: &LetterRow| {
        let (outcome, at, says) = it.ended.as_ref()?;
        let is_lost = match outcome {
            Outcome::NoSuchReader | Outcome::NotTaken | Outcome::GivenUp | Outcome::Lost => true,
            Outcome::Sent | Outcome::Stopped => false,
        };
        let reader = edge.app.reader(it.reader);
        // What a chat's server says may quote the address, which is a secret.
        let is_shown = it.way != Way::Chat;
        is_lost.then(|| LostSeen {
            who: reader.map_or_else(String::new, |it| it.row.name.clone()),
            at: edge.day_and_time(caller, *at),
            how: outcome.name(),
            says: if is_shown { says.clone() } else { String::new() },
        })
    };
    lately.filter_map(|it| seen(&it.row)).take(LOST_SHOWN).collect()
}

/// Sends a mail to an address that one types.
pub(in crate::http) async fn send(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let to = fields.get("to").trim().to_owned();
    let filled = built(&edge, &caller, to.clone());
    match try_server(&edge, &caller, to).await? {
        Ok(tried) => Ok(page(&MailPage { tried: Some(tried), ..filled }).into_response()),
        Err(key) => {
            let text = caller.lang.text(key).to_owned();
            let errors = vec![FieldError { field: "to", text }];
            Ok(wrong(&MailPage { errors, ..filled }))
        }
    }
}

/// Sends a mail to an address, and tells what the server did with it; or the key of why it was not
/// sent at all.
pub(in crate::http) async fn try_server(
    edge: &Edge,
    caller: &Caller,
    to: String,
) -> Result<Result<MailTried, &'static str>, HttpError> {
    let Some(server) = edge.mail.as_ref().clone() else { return Ok(Err("mail.no_server")) };
    if !Trial::is_address(&to) {
        return Ok(Err("mail.wrong_address"));
    }
    if !admits(edge) {
        return Ok(Err("mail.too_many"));
    }
    let trial = Trial {
        from: edge.jobs.options().from.clone(),
        to,
        subject: caller.lang.text("mail.subject").to_owned(),
        text: caller.lang.text("mail.text").to_owned(),
        at: edge.app.now(),
    };
    let Some(sent) = try_out(&server, &trial).await else {
        return Ok(Err("mail.wrong_address"));
    };
    let is_done = sent.is_ok();
    // Neither the address nor the words of another machine belong into the log for good.
    let (by, target) = (caller.actor(), server.host.clone());
    let noted =
        move |app: &crate::app::App| app.note(Noted { by, action: "mail.test", target }, is_done);
    edge.off_thread(noted).await??;
    Ok(Ok(told(sent)))
}

/// Counts a trial, unless there were too many within an hour.
fn admits(edge: &Edge) -> bool {
    let now = edge.app.now();
    let mut last = edge.trials.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    last.retain(|it| now.duration_since(*it) < HOUR);
    let is_free = last.len() < TRIALS_AN_HOUR;
    if is_free {
        last.push(now);
    }
    is_free
}

fn told(sent: Result<String, Unsent>) -> MailTried {
    match sent {
        Ok(says) => MailTried { how: "accepted", says },
        Err(Unsent::Later(says) | Unsent::NoSuchReader(says) | Unsent::NotTaken(says)) => {
            MailTried { how: "refused", says }
        }
        // It said nothing, so there is nothing to show word for word.
        Err(Unsent::Server(Unreached::Silent, _)) => {
            MailTried { how: "silent", says: String::new() }
        }
        Err(Unsent::Server(why, says)) => MailTried { how: how(why), says },
    }
}

/// The code of why a server takes nothing.
const fn how(why: Unreached) -> &'static str {
    match why {
        Unreached::Silent => "silent",
        Unreached::Tls => "tls",
        Unreached::SignIn => "sign_in",
        Unreached::Connection => "connection",
        Unreached::Busy => "busy",
        Unreached::Sender => "sender",
    }
}
