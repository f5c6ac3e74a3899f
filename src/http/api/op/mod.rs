//! An operation of the programming interface: what all of them do alike stands here, so that each
//! is no more than what it reads or changes. The description is made of the same types.

mod incoming;
mod limits;
mod paging;
mod shape;
mod wrong;

use std::future::Future;

use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{self, MethodRouter};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

pub(in crate::http) use incoming::{Call, Nothing};
use incoming::{Incoming, Seen};
pub(super) use limits::Limits;
pub(in crate::http) use paging::{List, Page, cursor};
pub(in crate::http) use shape::{Manner, Place, Shape, get, post};
pub(in crate::http) use wrong::Wrong;

use crate::http::Edge;
use crate::http::edge::HttpError;

/// So many hex digits of an answer's hash tell it from another.
const PRINT_DIGITS: usize = 16;

/// What an operation takes.
pub(in crate::http) trait Taken:
    DeserializeOwned + JsonSchema + Send + 'static
{
}
impl<T: DeserializeOwned + JsonSchema + Send + 'static> Taken for T {}

/// What an operation gives.
pub(in crate::http) trait Told: Serialize + JsonSchema + Send + 'static {}
impl<T: Serialize + JsonSchema + Send + 'static> Told for T {}

/// What an operation answers with.
pub(in crate::http) struct Given<R> {
    body: R,
    status: StatusCode,
    /// The version of what can be changed.
    version: Option<u32>,
    /// Where more of a list is.
    next: Option<String>,
    /// Where what was made can be found.
    location: Option<String>,
}

impl<R> Given<R> {
    /// An answer that can be read.
    pub(in crate::http) const fn new(body: R) -> Self {
        Self { body, status: StatusCode::OK, version: None, next: None, location: None }
    }

    /// The same with the version of what can be changed.
    pub(in crate::http) fn at(body: R, version: u32) -> Self {
        Self { version: Some(version), ..Self::new(body) }
    }

    /// An answer that says what was made: it stands in its first version.
    pub(in crate::http) fn made(body: R) -> Self {
        Self::made_at(body, 1)
    }

    /// The same of what was there before in part.
    pub(in crate::http) fn made_at(body: R, version: u32) -> Self {
        Self { status: StatusCode::CREATED, ..Self::at(body, version) }
    }

    /// What is answered.
    pub(in crate::http) const fn body(&self) -> &R {
        &self.body
    }

    /// The same with the way to more.
    pub(in crate::http) fn with_next(self, next: Option<String>) -> Self {
        Self { next, ..self }
    }
}

impl<R: Told> Given<R> {
    /// What stands in `ETag`.
    fn tag(&self) -> Result<String, HttpError> {
        let body = serde_json::to_vec(&self.body).map_err(HttpError::internal)?;
        Ok(tag(self.version, &body))
    }

    /// As it goes out; not at all where the asker has it.
    fn into_response(self, known: Option<&HeaderValue>) -> Result<Response, HttpError> {
        let tag = self.tag()?;
        let body = serde_json::to_vec(&self.body).map_err(HttpError::internal)?;
        let has = |it: &HeaderValue| it.to_str().is_ok_and(|it| is_named(it, &tag));
        let mut response = if self.status == StatusCode::OK && known.is_some_and(has) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (self.status, kind, Bytes::from(body)).into_response()
        };
        let next = self.next.map(|it| format!("<{it}>; rel=\"next\""));
        let said =
            [(header::ETAG, Some(tag)), (header::LINK, next), (header::LOCATION, self.location)];
        for (name, value) in said {
            if let Some(value) = value.and_then(|it| HeaderValue::try_from(it).ok()) {
                response.headers_mut().insert(name, value);
            }
        }
        Ok(response)
    }
}

/// The tag of an answer: the version that a change is held against, and a print of all it says.
fn tag(version: Option<u32>, body: &[u8]) -> String {
    let print: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    let print = &print[..PRINT_DIGITS];
    match version {
        Some(version) => format!("\"{version}.{print}\""),
        None => format!("\"{print}\""),
    }
}

/// Whether a list of tags has this one, strong or weak.
fn is_named(tags: &str, tag: &str) -> bool {
    tags.split(',').map(str::trim).any(|it| it == "*" || it.trim_start_matches("W/") == tag)
}

/// An operation that reads.
pub(in crate::http) fn read<Q, R, F, A>(f: F) -> Place
where
    Q: Taken,
    R: Told,
    F: Fn(Call<Q>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Given<R>, Wrong>> + Send,
{
    let limits = Limits::of::<Q>();
    let run = move |incoming: Incoming| {
        let (f, limits) = (f.clone(), limits.clone());
        async move {
            let known = incoming.known();
            let call = incoming.query::<Q>(&limits)?;
            Ok(f(call).await?.into_response(known.as_ref())?)
        }
    };
    placed(Shape::new::<Q, Nothing, R>(Manner::Read), run)
}

/// An operation that does something and says what came of it.
pub(in crate::http) fn act<B, R, F, A>(f: F) -> Place
where
    B: Taken,
    R: Told,
    F: Fn(Call<Nothing, B>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Given<R>, Wrong>> + Send,
{
    acting(Manner::Act, f)
}

/// An operation that makes something of which a secret is told this once.
pub(in crate::http) fn make<B, R, F, A>(f: F) -> Place
where
    B: Taken,
    R: Told,
    F: Fn(Call<Nothing, B>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Given<R>, Wrong>> + Send,
{
    acting(Manner::Make, f)
}

fn acting<B, R, F, A>(manner: Manner, f: F) -> Place
where
    B: Taken,
    R: Told,
    F: Fn(Call<Nothing, B>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Given<R>, Wrong>> + Send,
{
    let limits = Limits::of::<B>();
    let run = move |incoming: Incoming| {
        let (f, limits) = (f.clone(), limits.clone());
        async move {
            let call = incoming.body::<B>(&limits)?;
            let edge = call.edge.clone();
            let given = f(call).await?;
            edge.see_writes().await;
            Ok(given.into_response(None)?)
        }
    };
    placed(Shape::new::<Nothing, B, R>(manner), run)
}

/// An operation that makes something; it tells the last part of its address.
pub(in crate::http) fn create<B, R, F, A, G, C>(f: F, one: G) -> Place
where
    B: Taken,
    R: Told,
    F: Fn(Call<Nothing, B>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<String, Wrong>> + Send,
    G: Fn(Call) -> C + Clone + Send + Sync + 'static,
    C: Future<Output = Result<Given<R>, Wrong>> + Send,
{
    let limits = Limits::of::<B>();
    let run = move |incoming: Incoming| {
        let (f, one, limits) = (f.clone(), one.clone(), limits.clone());
        async move {
            let call = incoming.body::<B>(&limits)?;
            let (mut again, address) = (call.again(), call.address.clone());
            let id = f(call).await?;
            again.edge.see_writes().await;
            again.path.push(id.clone());
            let given = one(again).await?;
            let location = Some(format!("{address}/{id}"));
            Ok(Given { status: StatusCode::CREATED, location, ..given }.into_response(None)?)
        }
    };
    placed(Shape::new::<Nothing, B, R>(Manner::Create), run)
}

/// A change of what somebody has seen: it is held against the version in `If-Match`. It may tell
/// another last part of the address, of what is to be shown after it.
pub(in crate::http) fn step<B, R, F, A, G, C>(f: F, one: G) -> Place
where
    B: Taken,
    R: Told,
    F: Fn(Call<Nothing, B>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Option<String>, Wrong>> + Send,
    G: Fn(Call) -> C + Clone + Send + Sync + 'static,
    C: Future<Output = Result<Given<R>, Wrong>> + Send,
{
    changing(Manner::Step, f, one)
}

/// The same where all of a thing is sent anew.
pub(in crate::http) fn replace<B, R, F, A, G, C>(f: F, one: G) -> Place
where
    B: Taken,
    R: Told,
    F: Fn(Call<Nothing, B>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Option<String>, Wrong>> + Send,
    G: Fn(Call) -> C + Clone + Send + Sync + 'static,
    C: Future<Output = Result<Given<R>, Wrong>> + Send,
{
    changing(Manner::Replace, f, one)
}

fn changing<B, R, F, A, G, C>(manner: Manner, f: F, one: G) -> Place
where
    B: Taken,
    R: Told,
    F: Fn(Call<Nothing, B>) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Option<String>, Wrong>> + Send,
    G: Fn(Call) -> C + Clone + Send + Sync + 'static,
    C: Future<Output = Result<Given<R>, Wrong>> + Send,
{
    let limits = Limits::of::<B>();
    let run = move |incoming: Incoming| {
        let (f, one, limits) = (f.clone(), one.clone(), limits.clone());
        async move {
            let seen = incoming.seen()?;
            let call = Call { version: seen.version(), ..incoming.body::<B>(&limits)? };
            let mut again = call.again();
            let done = match seen {
                Seen::Print(_) => Err(Wrong::Stale(None)),
                Seen::Any | Seen::At(_) => f(call).await,
            };
            if matches!(done, Ok(_) | Err(Wrong::Stale(_))) {
                // What the other one did may not be in the view yet.
                again.edge.see_writes().await;
            }
            match done {
                Ok(other) => {
                    if let (Some(other), Some(last)) = (other, again.path.last_mut()) {
                        *last = other;
                    }
                    Ok(one(again).await?.into_response(None)?)
                }
                Err(Wrong::Stale(None)) => Err(stale(one(again).await?)),
                Err(wrong) => Err(wrong),
            }
        }
    };
    placed(Shape::new::<Nothing, B, R>(manner), run)
}

/// Somebody else was first: what stands now goes along.
fn stale<R: Told>(given: Given<R>) -> Wrong {
    Wrong::Stale(serde_json::to_value(given.body).ok().map(|it| (it, given.version)))
}

/// An operation that takes away what somebody has seen: it is held against `If-Match` too, by the
/// version or, of what has none, by the print of the answer.
pub(in crate::http) fn remove<R, F, A, G, C>(f: F, one: G) -> Place
where
    R: Told,
    F: Fn(Call) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<(), Wrong>> + Send,
    G: Fn(Call) -> C + Clone + Send + Sync + 'static,
    C: Future<Output = Result<Given<R>, Wrong>> + Send,
{
    let limits = Limits::of::<Nothing>();
    let run = move |incoming: Incoming| {
        let (f, one, limits) = (f.clone(), one.clone(), limits.clone());
        async move {
            let seen = incoming.seen()?;
            let call = Call { version: seen.version(), ..incoming.body::<Nothing>(&limits)? };
            let again = call.again();
            if !seen.fits(&one(call.again()).await?)? {
                // What the other one did may not be in the view yet.
                again.edge.see_writes().await;
                return Err(stale(one(again).await?));
            }
            let done = f(call).await;
            if matches!(done, Ok(()) | Err(Wrong::Stale(_))) {
                again.edge.see_writes().await;
            }
            match done {
                Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
                Err(Wrong::Stale(None)) => Err(stale(one(again).await?)),
                Err(wrong) => Err(wrong),
            }
        }
    };
    placed(Shape::new::<Nothing, Nothing, Nothing>(Manner::Remove), run)
}

fn placed<F, A>(shape: Shape, run: F) -> Place
where
    F: Fn(Incoming) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Response, Wrong>> + Send,
{
    let filter = shape.manner.filter();
    let router: MethodRouter<Edge> = routing::on(filter, move |incoming: Incoming| {
        let run = run.clone();
        async move { run(incoming).await.unwrap_or_else(IntoResponse::into_response) }
    });
    Place { router, shape: Some(shape) }
}
