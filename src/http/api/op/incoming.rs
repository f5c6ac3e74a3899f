//! A request of the programming interface, read and checked before its operation sees it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Limits, Wrong};
use crate::app::Decider;
use crate::http::Edge;
use crate::http::api::check_token;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::id::{Id, Named, TopicNumber};
use crate::people::By;

/// The header whose key keeps a thing from being made twice.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest value of a filter.
const QUERY_CHARS_MAX: usize = 200;
/// The longest such key.
const KEY_CHARS_MAX: usize = 200;

/// Nothing is taken, or nothing is given.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Nothing {}

/// A request as it came.
pub(super) struct Incoming {
    edge: Edge,
    caller: Caller,
    path: Vec<String>,
    parts: Parts,
    body: Result<Bytes, HttpError>,
}

/// What an operation is asked.
pub(in crate::http) struct Call<Q = Nothing, B = Nothing> {
    /// What every handler has.
    pub(in crate::http) edge: Edge,
    /// Who asks.
    pub(in crate::http) caller: Caller,
    /// The values of the parts of the path, in order.
    pub(in crate::http) path: Vec<String>,
    /// The address without its query.
    pub(in crate::http) address: String,
    /// The query as it came.
    pub(in crate::http) asked: String,
    /// The query.
    pub(in crate::http) query: Q,
    /// The body.
    pub(in crate::http) body: B,
    /// The version that the asker has seen; none when any will do.
    pub(in crate::http) version: Option<u32>,
    /// The key under which something is made once.
    pub(in crate::http) key: Option<String>,
}

/// The version that the asker has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// Any will do.
    Any,
    /// This one.
    At(u32),
    /// The print of an answer without a version, or no tag of ours.
    Print(String),
}

impl Seen {
    pub(super) const fn version(&self) -> Option<u32> {
        match self {
            Self::At(version) => Some(*version),
            Self::Any | Self::Print(_) => None,
        }
    }

    /// Whether it is what stands now.
    pub(super) fn fits<R: super::Told>(&self, now: &super::Given<R>) -> Result<bool, HttpError> {
        Ok(match self {
            Self::Any => true,
            Self::At(version) => now.version == Some(*version),
            Self::Print(print) => now.version.is_none() && now.tag()?.trim_matches('"') == *print,
        })
    }

    fn parse(tags: &str) -> Self {
        let tag = tags.split(',').next().unwrap_or_default().trim();
        if tag == "*" {
            return Self::Any;
        }
        let tag = tag.trim_start_matches("W/").trim_matches('"');
        // Written in one way only: what looks like a number and is longer is no tag of ours.
        let version = tag.split('.').next().and_then(|it| Some((it, it.parse::<u32>().ok()?)));
        let version = version.filter(|(it, number)| number.to_string() == *it);
        version.map_or_else(|| Self::Print(tag.to_owned()), |(_, number)| Self::At(number))
    }
}

impl FromRequest<Edge> for Incoming {
    type Rejection = HttpError;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, HttpError> {
        let (mut parts, body) = request.into_parts();
        let caller = parts.extensions.get::<Caller>().cloned().ok_or(HttpError::Forged)?;
        let path = RawPathParams::from_request_parts(&mut parts, edge).await;
        let path = path.map_err(|_| HttpError::NotFound)?;
        let path = path.iter().map(|it| it.1.to_owned()).collect();
        let limits = Request::from_parts(parts.clone(), body);
        let body = Bytes::from_request(limits, edge).await.map_err(|rejection| {
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => HttpError::TooLarge,
                _ => HttpError::Invalid,
            }
        });
        Ok(Self { edge: edge.clone(), caller, path, parts, body })
    }
}

impl Incoming {
    /// The tags of answers that the asker has.
    pub(super) fn known(&self) -> Option<HeaderValue> {
        self.parts.headers.get(header::IF_NONE_MATCH).cloned()
    }

    /// The version that the asker has seen.
    pub(super) fn seen(&self) -> Result<Seen, Wrong> {
        let sent = self.parts.headers.get(header::IF_MATCH).ok_or(Wrong::Unseen)?;
        Ok(sent.to_str().map_or_else(|_| Seen::Print(String::new()), Seen::parse))
    }

    /// A call that reads.
    pub(super) fn query<Q: super::Taken>(self, limits: &Limits) -> Result<Call<Q>, Wrong> {
        check_accepts(&self.parts.headers)?;
        let query = Query::<Q>::try_from_uri(&self.parts.uri);
        let query = query.map_err(|it| Wrong::of_query(&it.body_text()))?.0;
        let asked = self.parts.uri.query().unwrap_or_default();
        check_lengths(asked)?;
        limits.hold_query(asked)?;
        Ok(self.call(query, Nothing {}))
    }

    /// A call that changes something.
    pub(super) fn body<B: super::Taken>(self, limits: &Limits) -> Result<Call<Nothing, B>, Wrong> {
        check_token(&self.caller, &self.parts.headers)?;
        check_accepts(&self.parts.headers)?;
        let query = Query::<Nothing>::try_from_uri(&self.parts.uri);
        query.map_err(|it| Wrong::of_query(&it.body_text()))?;
        let body = match &self.body {
            Ok(body) => body,
            Err(HttpError::TooLarge) => return Err(HttpError::TooLarge.into()),
            Err(_) => return Err(HttpError::Invalid.into()),
        };
        let kind = self.parts.headers.get(header::CONTENT_TYPE);
        let is_json = |it: &HeaderValue| {
            it.to_str().is_ok_and(|it| {
                let kind = it.split(';').next().unwrap_or_default().trim();
                kind.eq_ignore_ascii_case("application/json")
            })
        };
        if !body.is_empty() && !kind.is_some_and(is_json) {
            return Err(Wrong::Media);
        }
        let text: &[u8] = if body.is_empty() { b"{}" } else { body };
        let whole = Json::<serde_json::Value>::from_bytes(text);
        let whole = whole.map_err(|it| Wrong::of_body(&it))?.0;
        if !whole.is_object() {
            // Serde would read fields from a list too, past the names that limits are told by.
            return Err(Wrong::field("body", "send a JSON object"));
        }
        let sent = Json::<B>::from_bytes(text).map_err(|it| Wrong::of_body(&it))?.0;
        limits.hold(&whole)?;
        let key = self.key()?;
        let call = self.call(Nothing {}, sent);
        Ok(Call { key, ..call })
    }

    fn key(&self) -> Result<Option<String>, Wrong> {
        let Some(sent) = self.parts.headers.get(KEY) else { return Ok(None) };
        let key = sent.to_str().unwrap_or_default().trim().trim_matches('"');
        if key.is_empty() || KEY_CHARS_MAX < key.len() {
            let says = format!("a key has 1 to {KEY_CHARS_MAX} characters of ASCII");
            return Err(Wrong::field(KEY.as_str(), says));
        }
        Ok(Some(key.to_owned()))
    }

    fn call<Q, B>(self, query: Q, body: B) -> Call<Q, B> {
        let uri = &self.parts.uri;
        Call {
            address: uri.path().to_owned(),
            asked: uri.query().unwrap_or_default().to_owned(),
            edge: self.edge,
            caller: self.caller,
            path: self.path,
            query,
            body,
            version: None,
            key: None,
        }
    }
}

/// No filter has a longer value; a cursor is read for what it is.
fn check_lengths(query: &str) -> Result<(), Wrong> {
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let long =
        pairs.find(|(name, value)| name != "cursor" && QUERY_CHARS_MAX < value.chars().count());
    let says = format!("it has more than {QUERY_CHARS_MAX} characters");
    long.map_or(Ok(()), |(name, _)| Err(Wrong::field(&name, says)))
}

/// Whether the asker takes JSON at all.
fn check_accepts(headers: &HeaderMap) -> Result<(), Wrong> {
    const TAKEN: [&str; 4] =
        ["*/*", "application/*", "application/json", "application/problem+json"];
    let mut sent = headers.get_all(header::ACCEPT).iter().peekable();
    if sent.peek().is_none() {
        return Ok(());
    }
    let takes = sent.filter_map(|it| it.to_str().ok()).flat_map(|it| it.split(',')).any(|it| {
        let kind = it.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        TAKEN.contains(&kind.as_str())
    });
    takes.then_some(()).ok_or(Wrong::NotAcceptable)
}

impl<Q, B> Call<Q, B> {
    /// The same place asked with nothing, after it was changed.
    pub(in crate::http) fn again(&self) -> Call {
        Call {
            edge: self.edge.clone(),
            caller: self.caller.clone(),
            path: self.path.clone(),
            address: self.address.clone(),
            asked: String::new(),
            query: Nothing {},
            body: Nothing {},
            version: None,
            key: None,
        }
    }

    /// The last part of the path.
    pub(in crate::http) fn last(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// The topic's number in the path.
    pub(in crate::http) fn number(&self) -> Result<TopicNumber, Wrong> {
        let first = self.path.first().map_or("", String::as_str);
        first.parse().map_err(|_| HttpError::NotFound.into())
    }

    /// The id that the path ends with.
    pub(in crate::http) fn id<T: Named>(&self) -> Result<Id<T>, Wrong> {
        self.last().parse().map_err(|_| HttpError::NotFound.into())
    }

    /// Who it is, for records.
    pub(in crate::http) fn by(&self) -> By {
        self.caller.actor()
    }

    /// Who decides, on the version that they have seen.
    pub(in crate::http) fn who(&self) -> Decider {
        Decider { by: self.by(), version: self.version }
    }

    /// The id of what is made: the same for the same key of the same asker at the same place.
    pub(in crate::http) fn new_id<T: Named>(&self) -> Id<T> {
        let Some(key) = &self.key else { return Id::new(self.edge.app.now()) };
        let who = self.by().map(|it| it.uuid()).unwrap_or_default();
        Id::derived(&[b"api-key", who.as_bytes(), self.address.as_bytes(), key.as_bytes()])
    }

    /// Does something that blocks, off the threads that answer.
    pub(in crate::http) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&crate::app::App) -> T + Send + 'static,
    ) -> Result<T, HttpError> {
        self.edge.off_thread(work).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_a_version_with_or_without_its_print() {
        for (sent, seen) in [
            ("\"7.0011aabb\"", Seen::At(7)),
            ("W/\"7\"", Seen::At(7)),
            ("12", Seen::At(12)),
            ("*", Seen::Any),
            ("\"0011aabbccddeeff\"", Seen::Print("0011aabbccddeeff".to_owned())),
            ("", Seen::Print(String::new())),
            ("0", Seen::At(0)),
            ("+7", Seen::Print("+7".to_owned())),
            ("0000000000001234", Seen::Print("0000000000001234".to_owned())),
        ] {
            assert_eq!(Seen::parse(sent), seen, "{sent}");
        }
    }

    #[test]
    fn whoever_takes_no_json_is_told() {
        let takes = |sent: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, sent.parse().unwrap());
            check_accepts(&headers).is_ok()
        };
        assert!(takes("text/html, */*;q=0.1") && takes("application/JSON") && !takes("text/html"));
        assert!(check_accepts(&HeaderMap::new()).is_ok());
    }
}
