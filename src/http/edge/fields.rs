//! The fields of a form, read once and checked to come from one of our pages.

use std::convert::Infallible;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;

use super::caller::Caller;
use super::error::HttpError;

/// The most fields that a form may have.
const FIELDS_MAX: usize = 1_000;

/// The fields of a form that was made for this session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields {
    pairs: Vec<(String, String)>,
}

/// What the query of an address says; what cannot be read says nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sought(pub(crate) Fields);

impl<S: Sync> FromRequestParts<S> for Sought {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Fields::parse(parts.uri.query().unwrap_or_default().as_bytes())))
    }
}

impl Fields {
    /// Reads what a query or a form says.
    pub(crate) fn parse(text: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(text).take(FIELDS_MAX);
        Self { pairs: pairs.map(|(key, value)| (key.into_owned(), value.into_owned())).collect() }
    }

    /// The value of a field; empty when it is not there. Line ends are plain ones.
    pub(crate) fn get(&self, name: &str) -> String {
        self.find(name).unwrap_or_default()
    }

    /// The value of a field, if it is there and not empty.
    pub(crate) fn find(&self, name: &str) -> Option<String> {
        let pair = self.pairs.iter().find(|(key, value)| key == name && !value.is_empty());
        pair.map(|(_, value)| value.replace("\r\n", "\n"))
    }

    /// All values of a field that may stand several times.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.pairs.iter().filter(|(key, _)| key == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// Gives a field a value if it has none.
    pub(crate) fn fall_back(&mut self, name: &str, value: String) {
        if self.find(name).is_none() {
            self.forget(name);
            self.pairs.push((name.to_owned(), value));
        }
    }

    /// Takes a field away.
    pub(crate) fn forget(&mut self, name: &str) {
        self.pairs.retain(|(key, _)| key != name);
    }

    /// All but one field, as an address has them.
    pub(crate) fn without(&self, name: &str) -> String {
        let others = self.pairs.iter().filter(|(key, value)| key != name && !value.is_empty());
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(others).finish()
    }

    /// The version that the sender has seen.
    pub(crate) fn version(&self) -> Result<u32, HttpError> {
        self.get("version").parse().map_err(|_| HttpError::Invalid)
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let caller = request.extensions().get::<Caller>().cloned();
        let caller = caller.ok_or(HttpError::Forged)?;
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| {
                match rejection.into_response().status() {
                    StatusCode::PAYLOAD_TOO_LARGE => HttpError::TooLarge,
                    _ => HttpError::Invalid,
                }
            })?;
        let fields = Self::parse(&body);
        let owns = caller.owns_form(&fields.get("csrf"));
        owns.then_some(fields).ok_or(HttpError::Forged)
    }
}

/// Who asks, as every handler takes it.
pub(crate) type Asking = Extension<Caller>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_by_name_with_plain_line_ends() {
        let fields = Fields::parse(b"text=ein%0D%0Ato&inquiry=a&inquiry=b&empty=&version=7");
        assert_eq!(fields.get("text"), "ein\nto");
        assert_eq!(fields.all("inquiry"), ["a", "b"]);
        assert_eq!(fields.find("empty"), None);
        assert_eq!(fields.get("none"), "");
        assert_eq!(fields.version().ok(), Some(7));
    }
}
