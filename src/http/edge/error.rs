//! What can go wrong with a request: a sentence for the visitor, the chain for the log.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::{AppError, DecisionError, GroupError, LetterFault, OutError, TokenRefusal};
use crate::inquiry::LogError;
use crate::journal::JournalError;
use crate::view::ViewError;

/// Why a request was not answered as asked. Becomes a page or, under `/api/`, problem details.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// There is no such thing.
    #[error("there is no such page")]
    NotFound,
    /// The role does not allow it.
    #[error("the role does not allow it")]
    Forbidden,
    /// Nobody has signed in.
    #[error("nobody has signed in")]
    SignIn,
    /// The session is locked.
    #[error("the session is locked")]
    Locked,
    /// The session is good for setting up the second step and no more.
    #[error("a code is demanded and none is set up")]
    OwesCode,
    /// What a machine showed lets nobody in.
    #[error("the token lets nobody in: {0:?}")]
    Token(TokenRefusal),
    /// The token is for something else.
    #[error("the token is for something else")]
    Scope,
    /// The machine has had its calls of this minute.
    #[error("too many calls in a minute")]
    TooMany,
    /// Whoever asks has asked too often; it can be asked again after so many seconds.
    #[error("too many requests, for {0} s")]
    TooOften(u32),
    /// The form was not made for this session.
    #[error("the form was not made for this session")]
    Forged,
    /// Something that no page of ours sends.
    #[error("the request cannot be understood")]
    Invalid,
    /// More than is taken.
    #[error("the request is too large")]
    TooLarge,
    /// Somebody else was first.
    #[error("somebody else was first")]
    Conflict,
    /// Too much to do just now.
    #[error("too much to do just now")]
    Busy,
    /// What is asked for is read in just now.
    #[error("the screens are not there yet")]
    Starting,
    /// The disk has no room for more.
    #[error("the disk is full")]
    Full,
    /// A fault on our side.
    #[error("could not answer the request")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What the error page is to say; rides on the response to where the page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault(pub(crate) &'static str);

impl HttpError {
    /// Wraps a fault on our side.
    pub(crate) fn internal(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Internal(Box::new(source))
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Forged | Self::Scope => StatusCode::FORBIDDEN,
            Self::TooMany | Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::SignIn | Self::Locked | Self::OwesCode | Self::Token(_) => {
                StatusCode::UNAUTHORIZED
            }
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Busy | Self::Starting => StatusCode::SERVICE_UNAVAILABLE,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::SignIn => "sign_in",
            Self::Locked => "locked",
            Self::OwesCode => "owes_code",
            Self::Token(TokenRefusal::Unknown) => "token_unknown",
            Self::Token(TokenRefusal::Over) => "token_over",
            Self::Token(TokenRefusal::TakenBack) => "token_taken_back",
            Self::Scope => "token_scope",
            Self::TooMany => "too_many_calls",
            Self::TooOften(_) => "too_often",
            Self::Forged => "forged",
            Self::Invalid => "invalid",
            Self::TooLarge => "too_large",
            Self::Conflict => "conflict",
            Self::Busy => "busy",
            Self::Starting => "starting",
            Self::Full => "full",
            Self::Internal(_) => "internal",
        }
    }
}

/// What an answer to a program is called where people are told less.
pub(crate) fn machine_code(status: StatusCode, code: &'static str) -> &'static str {
    match (status, code) {
        (StatusCode::METHOD_NOT_ALLOWED, _) => "method",
        (StatusCode::UNAUTHORIZED, "forbidden") => "sign_in",
        (_, code) => code,
    }
}

/// What a machine is told: a title, and what to do. None for what people are told as well.
pub(crate) fn machine_words(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "sign_in" => (
            "Nobody has signed in",
            "Send the token of a machine: Authorization: Bearer skr_...; or sign in and send the \
             cookie of the session.",
        ),
        "too_often" => (
            "Too many requests",
            "Wait as many seconds as Retry-After tells, then go on; RateLimit tells what is left.",
        ),
        "token_unknown" => (
            "The token is not known",
            "Send the whole token as it was shown when it was made: Authorization: Bearer skr_...",
        ),
        "token_over" => (
            "The token's last day has passed",
            "Ask an administrator of Skranke for another token.",
        ),
        "token_taken_back" => {
            ("The token was taken back", "Ask an administrator of Skranke for another token.")
        }
        "token_scope" => (
            "The token is not for this",
            "A token reaches only what it was made for. It never opens a page.",
        ),
        "locked" => (
            "The session is locked",
            "Open /locked in the browser and unlock it there; then send it again.",
        ),
        "owes_code" => (
            "A code must be set up first",
            "Open /account/second-step in the browser and set it up there; then send it again.",
        ),
        "too_many_calls" => (
            "Too many calls",
            "A token is good for 300 calls a minute. Wait a minute, then send it again under the \
             same key.",
        ),
        _ => return words_of_request(code),
    })
}

/// The same where it is not about who asks.
fn words_of_request(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "method" => (
            "The address does not take this method",
            "The Allow header names those that it takes; /api/v1/openapi.json describes them all.",
        ),
        "forbidden" => (
            "It is not allowed",
            "The role does not allow it, or it came from a page of another site: a program leaves \
             Origin and Sec-Fetch-Site out. Ask an administrator of Skranke.",
        ),
        "forged" => (
            "It was not sent by a page of this session",
            "Send the token of GET /api/v1/session as x-csrf, or a machine's token alone.",
        ),
        "not_found" => (
            "There is no such thing",
            "Look at the address and at what it names: /api/v1/openapi.json has all addresses, and \
             what was taken away is there no more.",
        ),
        "conflict" => (
            "Somebody else was first",
            "Read it again, and look whether the change still makes sense.",
        ),
        "too_large" => (
            "The request is too large",
            "A body has at most 64 kB, an address and the headers 16 kB.",
        ),
        "too_slow" => ("It took too long to arrive", "Send it again, within half a minute."),
        "invalid" => (
            "Something in it cannot be right",
            "Look at /api/v1/openapi.json for what is taken here.",
        ),
        "internal" => (
            "Something went wrong here",
            "Nothing of it is your fault. Tell an administrator of Skranke the request's id.",
        ),
        "busy" | "starting" => ("Not just now", "Send it again in a moment."),
        "full" => ("The disk is full", "Send it again once an administrator has made room."),
        _ => return None,
    })
}

/// The code of the error page for a status that a layer gave without saying more.
pub(crate) fn code_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "not_found",
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::UNAUTHORIZED => "sign_in",
        StatusCode::PAYLOAD_TOO_LARGE
        | StatusCode::URI_TOO_LONG
        | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "too_large",
        StatusCode::REQUEST_TIMEOUT => "too_slow",
        StatusCode::CONFLICT => "conflict",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => "busy",
        StatusCode::INSUFFICIENT_STORAGE => "full",
        status if status.is_server_error() => "internal",
        _ => "invalid",
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        if let Self::Internal(source) = &self {
            let mut chain = source.to_string();
            let mut next = source.source();
            while let Some(cause) = next {
                chain = format!("{chain}: {cause}");
                next = cause.source();
            }
            tracing::error!(error = chain, "a request failed");
        }
        let mut response = self.status().into_response();
        let said = match self {
            Self::SignIn | Self::Token(_) => {
                Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")))
            }
            Self::TooMany => Some((header::RETRY_AFTER, HeaderValue::from_static("60"))),
            Self::TooOften(seconds) => Some((header::RETRY_AFTER, HeaderValue::from(seconds))),
            _ => None,
        };
        if let Some((name, value)) = said {
            response.headers_mut().insert(name, value);
        }
        response.extensions_mut().insert(Fault(self.code()));
        response
    }
}

impl From<ViewError> for HttpError {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::Absent => Self::Starting,
            other => Self::internal(other),
        }
    }
}

impl From<AppError> for HttpError {
    fn from(error: AppError) -> Self {
        Self::internal(error)
    }
}

impl From<GroupError> for HttpError {
    fn from(error: GroupError) -> Self {
        Self::internal(error)
    }
}

impl From<JournalError> for HttpError {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::Busy => Self::Busy,
            JournalError::Full { .. } => Self::Full,
            JournalError::Conflict { .. } => Self::Conflict,
            other => Self::internal(other),
        }
    }
}

impl From<LogError> for HttpError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Journal(error) => error.into(),
            LogError::Entry(_) => Self::Invalid,
        }
    }
}

impl From<OutError> for HttpError {
    fn from(error: OutError) -> Self {
        match error {
            OutError::Unknown => Self::NotFound,
            OutError::Conflict => Self::Conflict,
            OutError::View(error) => error.into(),
            OutError::Journal(error) => error.into(),
            error @ OutError::Secret(_) => Self::internal(error),
            OutError::Name
            | OutError::Query
            | OutError::Until
            | OutError::Address
            | OutError::Nothing
            | OutError::TooMany
            | OutError::MadeBefore => Self::Invalid,
        }
    }
}

impl From<LetterFault> for HttpError {
    fn from(fault: LetterFault) -> Self {
        match fault {
            LetterFault::Journal(error) => error.into(),
            LetterFault::View(error) => error.into(),
            LetterFault::Follow(error) => error.into(),
            LetterFault::Name
            | LetterFault::Mail
            | LetterFault::Chat
            | LetterFault::TooMany
            | LetterFault::NotOver { .. } => Self::Invalid,
            error @ LetterFault::Letter(_) => Self::internal(error),
        }
    }
}

impl From<DecisionError> for HttpError {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::Unknown(_) => Self::NotFound,
            DecisionError::Conflict => Self::Conflict,
            DecisionError::Journal(error) => error.into(),
            DecisionError::View(error) => error.into(),
            DecisionError::Keep(error) => Self::internal(error),
            DecisionError::Follow(error) => Self::internal(error),
            DecisionError::Decide(_)
            | DecisionError::Name
            | DecisionError::Answer
            | DecisionError::Message
            | DecisionError::MergeIntoItself
            | DecisionError::Entry(_)
            | DecisionError::Place(_)
            | DecisionError::Settings(_) => Self::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_visitor_gets_never_quotes_the_source() {
        let source = std::io::Error::other("/secret/path");
        let response = HttpError::internal(source).into_response();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.extensions().get::<Fault>(), Some(&Fault("internal")));
        assert_eq!(response.headers().len(), 0);
    }

    #[test]
    fn every_code_has_its_words() {
        use crate::messages::Lang;
        for status in (400..600).filter_map(|it| StatusCode::from_u16(it).ok()) {
            let key = format!("error.says.{}", code_of(status));
            assert_ne!(Lang::Nn.text(&key), key);
        }
    }
}
