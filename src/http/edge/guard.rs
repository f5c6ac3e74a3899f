//! What every request passes: who asks and whether they may; and what every fault becomes.

use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tracing::Instrument;

use super::caller::Caller;
use super::cookies::{Cookie, Keep};
use super::error::{Fault, HttpError, code_of, machine_code, machine_words};
use super::notice::Onward;
use crate::app::{Machine, Noted, Room, TokenRefusal};
use crate::http::Edge;
use crate::http::pages::{ErrorPage, render};
use crate::http::routes::{Least, Machines, Route, To, Verb};
use crate::id::{Id, Named};

/// A request, for its id.
struct Asked;

impl Named for Asked {
    const PREFIX: &'static str = "req";
}

/// Rides on an answer of the programming interface that says itself what is wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said;

/// Rides on an answer of the programming interface: the problem details but for the request's id.
#[derive(Clone, Debug)]
pub(crate) struct Problem(pub(crate) serde_json::Value);

/// Lets in who may, and hands the caller to the handler.
pub(crate) async fn guard(
    State((edge, route)): State<(Edge, &'static Route)>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = path_of(&request);
    let caller = Caller::read(request.headers(), &path, &edge.app, edge.secure);
    let mut response = match judge(&edge, route, &caller).await {
        Ok(()) => {
            request.extensions_mut().insert(caller.clone());
            next.run(request).await
        }
        Err(HttpError::SignIn) if !route.is_api() => {
            // What was sent cannot be asked for again: whoever signs in begins at the front.
            let next = if route.verb == Verb::Get { quoted(&path) } else { quoted("/") };
            let to = format!("{}?next={next}", To::SignIn.link(&[]));
            Onward::to(to, edge.secure).into_response()
        }
        Err(error) => error.into_response(),
    };
    remember(&edge, &caller, &mut response);
    response.extensions_mut().insert(caller);
    response
}

async fn judge(edge: &Edge, route: &'static Route, caller: &Caller) -> Result<(), HttpError> {
    if let Some(shown) = &caller.bearer {
        admit(edge, route, shown).await?;
    } else if route.least != Least::Anyone {
        let role = caller.role().ok_or(HttpError::SignIn)?;
        if !route.least.admits(role, route.verb) {
            return deny(edge, route, caller).await;
        }
    }
    if !route.to.is_open_at_once() && !edge.app.is_ready() {
        return Err(HttpError::Starting);
    }
    if shows_lists(route.to) && !are_lists_made(edge).await {
        return Err(HttpError::Starting);
    }
    let writes = route.verb != Verb::Get && route.to.needs_room();
    if writes && edge.app.room() == Room::Full {
        return Err(HttpError::Full);
    }
    Ok(())
}

/// Whether a screen shows the lists of topics and gaps, or the figures: all are made once at the
/// start.
const fn shows_lists(to: To) -> bool {
    matches!(
        to,
        To::Gaps
            | To::Gap
            | To::Topics
            | To::Topic
            | To::Figures
            | To::FiguresFile
            | To::ListFile
            | To::ApiGaps
            | To::ApiGap
            | To::ApiStepGap
            | To::ApiDraftGap
            | To::ApiTopics
            | To::ApiTopic
            | To::ApiDecideTopic
            | To::ApiFigures
    )
}

/// Waits for the first making of the lists, but no longer than a person does without a word.
async fn are_lists_made(edge: &Edge) -> bool {
    const WAIT: Duration = Duration::from_secs(1);
    const ROUND: Duration = Duration::from_millis(10);
    let made = async {
        while edge.app.is_warming_up() {
            tokio::time::sleep(ROUND).await;
        }
    };
    tokio::time::timeout(WAIT, made).await.is_ok()
}

/// Lets a machine in where its token is for that, and keeps the day.
async fn admit(
    edge: &Edge,
    route: &'static Route,
    shown: &Result<Machine, TokenRefusal>,
) -> Result<(), HttpError> {
    let machine = shown.clone().map_err(HttpError::Token)?;
    if !edge.pace.admits(machine.id, edge.app.now()) {
        return Err(HttpError::TooMany);
    }
    let may = match route.machines {
        Machines::None => false,
        Machines::All => true,
        Machines::With(scope) => machine.may(scope),
    };
    if !may {
        let noted = Noted { by: None, action: "denied", target: route.path.to_owned() };
        edge.off_thread(move |app| app.note_as(noted, Some(machine.id), false)).await??;
        return Err(HttpError::Scope);
    }
    if edge.app.is_first_call_of_day(&machine)
        && let Err(error) = edge.off_thread(move |app| app.note_call(&machine)).await?
    {
        // The call itself matters more than the day in a list.
        tracing::warn!(error = %error, "could not keep the day that a token was used");
    }
    Ok(())
}

async fn deny(edge: &Edge, route: &'static Route, caller: &Caller) -> Result<(), HttpError> {
    let by = caller.by();
    let target = route.path.to_owned();
    edge.off_thread(move |app| app.note(Noted { by, action: "denied", target }, false)).await??;
    Err(HttpError::Forbidden)
}

/// Gives a new visitor a token for forms, and forgets a notice that a page has said.
fn remember(edge: &Edge, caller: &Caller, response: &mut Response) {
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(is_html);
    let mut set = |cookie: Cookie, value: &str, keep| {
        if let Some(value) = cookie.set(value, keep, edge.secure) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    };
    if caller.is_new_visit && is_page {
        set(Cookie::Visit, caller.token.as_str(), Keep::Session);
    }
    if caller.notice.is_some() && is_page {
        set(Cookie::Notice, "", Keep::Not);
    }
}

fn is_html(value: &HeaderValue) -> bool {
    value.to_str().is_ok_and(|it| it.starts_with("text/html"))
}

fn path_of(request: &Request) -> String {
    request.uri().path_and_query().map_or("/", |it| it.as_str()).to_owned()
}

fn quoted(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Headers of a bare answer that still hold once it is a page or problem details.
const KEPT: [header::HeaderName; 5] = [
    header::SET_COOKIE,
    header::ALLOW,
    header::RETRY_AFTER,
    header::WWW_AUTHENTICATE,
    header::ETAG,
];

/// Opens the request's span, and writes the page of whatever went wrong within.
pub(crate) async fn dress(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let id = Id::<Asked>::new(edge.app.now()).to_string();
    let path = path_of(&request);
    let is_api = path.starts_with("/api/");
    let headers = request.headers().clone();
    let span = tracing::info_span!("request", request.id = id, request.method = %request.method());
    let mut response = next.run(request).instrument(span).await;
    let status = response.status();
    let is_fault = status.is_client_error() || status.is_server_error();
    // A form that comes back filled in is a page already.
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(is_html);
    if is_fault && !is_page && response.extensions().get::<Said>().is_none() {
        let code = response.extensions().get::<Fault>().map_or_else(|| code_of(status), |it| it.0);
        let caller = response.extensions().get::<Caller>().cloned();
        let caller =
            caller.unwrap_or_else(|| Caller::read(&headers, &path, &edge.app, edge.secure));
        let told = response.extensions_mut().remove::<Problem>();
        let dressed = if let Some(Problem(mut told)) = told {
            told["instance"] = id.into();
            as_problem(status, told)
        } else if is_api || caller.bearer.is_some() {
            problem(status, machine_code(status, code), &id)
        } else {
            page(&edge, &caller, (status, code), id)
        };
        let (mut parts, body) = dressed.into_parts();
        // A cookie or a `Retry-After` of the bare answer still holds.
        for (name, value) in response.headers_mut().drain() {
            if let Some(name) = name.filter(|it| KEPT.contains(it)) {
                parts.headers.append(name, value);
            }
        }
        return Response::from_parts(parts, body);
    }
    response
}

fn page(
    edge: &Edge,
    caller: &Caller,
    (status, code): (StatusCode, &'static str),
    request: String,
) -> Response {
    let mut f = edge.frame(caller, "error.request");
    // A page that nobody may see says nothing of what the person has open elsewhere.
    f.notice = None;
    let href = if matches!(code, "busy" | "conflict" | "starting" | "full") {
        caller.path.clone()
    } else {
        "/".to_owned()
    };
    (status, Html(render(&ErrorPage { f, code, request, href }))).into_response()
}

/// Problem details as in RFC 9457.
fn problem(status: StatusCode, code: &str, request: &str) -> Response {
    let words = machine_words(code);
    let mut body = serde_json::json!({
        "type": format!("urn:skranke:{code}"),
        "title": words.map_or_else(
            || crate::messages::Lang::En.text(&format!("error.title.{code}")).to_owned(),
            |it| it.0.to_owned(),
        ),
        "status": status.as_u16(),
        "instance": request,
    });
    if let Some((_, detail)) = words {
        body["detail"] = detail.into();
    }
    as_problem(status, body)
}

fn as_problem(status: StatusCode, body: serde_json::Value) -> Response {
    let mut response = (status, Json(body)).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
