//! What every request passes: who asks and whether they may; and what every fault becomes.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tracing::Instrument;

use super::caller::Caller;
use super::cookies::{Cookie, Keep};
use super::error::{Fault, HttpError, code_of, machine_code, machine_words};
use super::lines;
use super::notice::Onward;
use super::serve::client::Client;
use super::throttle::rate::{Left, RateKey};
use crate::app::{Machine, Noted, Room, TokenRefusal};
use crate::http::Edge;
use crate::http::metrics::Limit;
use crate::http::onward_to_lock;
use crate::http::pages::{ErrorPage, render};
use crate::http::routes::{Least, Machines, Route, To, Verb};
use crate::id::{Id, Named};
use crate::net::IpRange;

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
    let client = request.extensions().get::<Client>().copied().unwrap_or(Client::UNKNOWN);
    if client.is_told_in_vain && IpRange::INSIDE.iter().any(|it| it.holds(client.address)) {
        edge.traffic.unheard_proxies.add(1);
    }
    let rated = rate(&edge, route, (&caller, client));
    let judged = match &rated {
        Some((_, left)) if !left.is_admitted => Err(HttpError::TooOften(left.seconds)),
        _ => judge(&edge, route, &caller).await,
    };
    let mut response = match judged {
        Ok(()) => {
            request.extensions_mut().insert(client);
            request.extensions_mut().insert(caller.clone());
            next.run(request).await
        }
        Err(HttpError::Locked) if !route.is_api() => {
            let next = if route.verb == Verb::Get { path.as_str() } else { "/" };
            onward_to_lock(&edge, next).into_response()
        }
        Err(HttpError::OwesCode) if !route.is_api() => {
            edge.onward(To::SecondStep, &[]).into_response()
        }
        Err(HttpError::SignIn) if !route.is_api() => {
            // What was sent cannot be asked for again: whoever signs in begins at the front.
            let next = if route.verb == Verb::Get { quoted(&path) } else { quoted("/") };
            let to = format!("{}?next={next}", To::SignIn.link(&[]));
            Onward::to(to, edge.secure).into_response()
        }
        Err(error) => error.into_response(),
    };
    if route.is_api()
        && let Some((key, left)) = rated
    {
        tell_rate(&mut response, key, left);
    }
    remember(&edge, &caller, &mut response);
    response.extensions_mut().insert(caller);
    response.extensions_mut().insert(Passed(route));
    response
}

/// Rides on an answer to where it is counted: the route that gave it.
#[derive(Clone, Copy)]
pub(super) struct Passed(pub(super) &'static Route);

/// Takes a request from the heap of whoever asks; nothing for what costs nothing, and for
/// machines, which have a pace of their own.
fn rate(
    edge: &Edge,
    route: &Route,
    (caller, client): (&Caller, Client),
) -> Option<(RateKey, Left)> {
    let costs_nothing = matches!(
        route.to,
        To::Asset
            | To::ServiceWorker
            | To::Manifest
            | To::Live
            | To::Ready
            | To::Health
            | To::Metrics
    );
    if costs_nothing || caller.machine().is_some() {
        return None;
    }
    let saves = matches!(
        route.to,
        To::SaveInquiry
            | To::LogBatch
            | To::ApiSave
            | To::ApiTook
            | To::ApiSession
            | To::ApiBrowserKey
    );
    let key = match caller.by() {
        Some(person) if saves => RateKey::Saves(person),
        Some(person) => RateKey::Account(person),
        None => RateKey::Address(client.key()),
    };
    let left = edge.rates.take(key, edge.app.now());
    if !left.is_admitted {
        let by = if matches!(key, RateKey::Address(_)) { Limit::Address } else { Limit::Account };
        edge.traffic.limited(by);
    }
    Some((key, left))
}

const RATE: header::HeaderName = header::HeaderName::from_static("ratelimit");
const RATE_POLICY: header::HeaderName = header::HeaderName::from_static("ratelimit-policy");

/// Tells a program how much is left (draft-ietf-httpapi-ratelimit-headers).
fn tell_rate(response: &mut Response, key: RateKey, left: Left) {
    let (name, allowance) = (key.name(), key.allowance());
    let window = allowance.burst.saturating_mul(60) / allowance.per_minute.max(1);
    let told = [
        (RATE_POLICY, format!("\"{name}\";q={};w={window}", allowance.burst)),
        (RATE, format!("\"{name}\";r={};t={}", left.requests, left.seconds)),
    ];
    for (header, value) in told {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(header, value);
        }
    }
}

async fn judge(edge: &Edge, route: &'static Route, caller: &Caller) -> Result<(), HttpError> {
    if let Some(shown) = &caller.bearer {
        admit(edge, route, shown).await?;
    } else if route.least != Least::Anyone {
        if caller.locked.is_some() {
            return Err(HttpError::Locked);
        }
        if caller.owing.is_none() {
            let role = caller.role().ok_or(HttpError::SignIn)?;
            if !route.least.admits(role, route.verb) {
                return deny(edge, route, caller).await;
            }
        } else if !route.to.sets_up_code() {
            return Err(HttpError::OwesCode);
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
        edge.traffic.limited(Limit::Token);
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

pub(super) fn is_html(value: &HeaderValue) -> bool {
    value.to_str().is_ok_and(|it| it.starts_with("text/html"))
}

fn path_of(request: &Request) -> String {
    request.uri().path_and_query().map_or("/", |it| it.as_str()).to_owned()
}

fn quoted(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Headers of a bare answer that still hold once it is a page or problem details.
const KEPT: [header::HeaderName; 7] = [
    header::SET_COOKIE,
    header::ALLOW,
    header::RETRY_AFTER,
    header::WWW_AUTHENTICATE,
    RATE,
    RATE_POLICY,
    header::ETAG,
];

/// Opens the request's span, and writes the page of whatever went wrong within.
pub(crate) async fn dress(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let id = Id::<Asked>::new(edge.app.now()).to_string();
    let path = path_of(&request);
    let is_api = path.starts_with("/api/");
    let headers = request.headers().clone();
    let begun = Instant::now();
    let verb = request.method().clone();
    let span = tracing::info_span!("request", request.id = id);
    let mut response = next.run(request).instrument(span).await;
    lines::note(&edge, (&id, &verb), &response, begun.elapsed());
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
    let href = if matches!(code, "busy" | "too_often" | "conflict" | "starting" | "full") {
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
