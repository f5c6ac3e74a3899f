//! Why an operation did not do what was asked, as problem details (RFC 9457) that name the field
//! and say what to do: nobody stands beside a program and looks.

use axum::Extension;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::app::{AccountError, AppError, DecisionError, OutError, TokenError, WordError};
use crate::http::edge::HttpError;
use crate::http::edge::guard::Problem;
use crate::inquiry::EntryError;
use crate::journal::JournalError;
use crate::review::DecideError;
use crate::view::ViewError;
use crate::words::{BadLine, LineFault};

/// Why an operation did not do what was asked.
#[derive(Debug)]
pub(in crate::http) enum Wrong {
    /// What can go wrong with any request.
    Http(HttpError),
    /// Fields that cannot be right: which, and what to do.
    Fields(Vec<(String, String)>),
    /// The body is no JSON.
    Syntax(String),
    /// The body is of another kind.
    Media,
    /// The asker takes no JSON.
    NotAcceptable,
    /// The asker must say which version they have seen.
    Unseen,
    /// Somebody else was first: what stands now, and its version.
    Stale(Option<(Value, Option<u32>)>),
    /// The key was used for something else.
    Reused,
    /// It cannot be done as things stand, and why.
    Unfit(String),
}

impl Wrong {
    /// One field that cannot be right.
    pub(in crate::http) fn field(name: &str, says: impl Into<String>) -> Self {
        Self::Fields(vec![(name.to_owned(), says.into())])
    }

    /// What a query could not be read for.
    pub(super) fn of_query(says: &str) -> Self {
        let says = says.split_once("query string: ").map_or(says, |it| it.1);
        let (field, says) = field_in(says, "query");
        Self::field(&field, says)
    }

    /// What a body could not be read for.
    pub(in crate::http::api) fn of_body(rejection: &JsonRejection) -> Self {
        let says = rejection.body_text();
        let says = says.split_once(": ").map_or(says.as_str(), |it| it.1);
        match rejection {
            JsonRejection::JsonDataError(_) => {
                let (field, says) = field_in(says, "body");
                Self::field(&field, says)
            }
            _ => Self::Syntax(says.to_owned()),
        }
    }

    /// What an object could not be read for.
    pub(in crate::http::api) fn of_value(error: &serde_json::Error) -> Self {
        let (field, says) = field_in(&error.to_string(), "body");
        Self::field(&field, says)
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Http(error) => error.status(),
            Self::Fields(_) | Self::Reused => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Syntax(_) => StatusCode::BAD_REQUEST,
            Self::Media => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::Unseen => StatusCode::PRECONDITION_REQUIRED,
            Self::Stale(_) => StatusCode::PRECONDITION_FAILED,
            Self::Unfit(_) => StatusCode::CONFLICT,
        }
    }

    /// Code, title and what to do.
    fn words(&self) -> (&'static str, &'static str, String) {
        let (code, title, detail) = match self {
            Self::Http(_) => ("internal", "It could not be done", ""),
            Self::Fields(fields) => {
                let says = fields.iter().map(|(name, says)| format!("{name}: {says}"));
                let says = says.collect::<Vec<_>>().join("; ");
                return ("invalid", "A field cannot be right", says);
            }
            Self::Syntax(says) => {
                return ("no_json", "The body is no JSON", format!("Send a JSON object. {says}"));
            }
            Self::Media => (
                "media_type",
                "The body is of another kind",
                "Send JSON, with content-type: application/json.",
            ),
            Self::NotAcceptable => (
                "not_acceptable",
                "Only JSON is answered here",
                "Leave the Accept header out, or ask for application/json.",
            ),
            Self::Unseen => (
                "version_missing",
                "Say which version you have seen",
                "Read it first, and send what stood in ETag as If-Match. If-Match: * changes \
                 whatever is there.",
            ),
            Self::Stale(_) => (
                "version_stale",
                "Somebody else has changed it",
                "What stands now is in `current`, and its version in `version`. Look whether the \
                 change still makes sense, and send it with that version.",
            ),
            Self::Reused => (
                "key_reused",
                "The key was used for something else",
                "Under one Idempotency-Key the same is sent. Take a new key for something new.",
            ),
            Self::Unfit(says) => {
                return ("unfit", "It cannot be done as things stand", says.clone());
            }
        };
        (code, title, detail.to_owned())
    }
}

/// The field that serde speaks of, and what it says.
fn field_in(says: &str, whole: &str) -> (String, String) {
    let path_in_front = says.split_once(": ").filter(|(path, _)| {
        !path.is_empty()
            && path.bytes().all(|it| it.is_ascii_alphanumeric() || b"_.[]?-".contains(&it))
    });
    let quoted = || {
        let is_named = ["unknown field", "missing field", "duplicate field"];
        let named = is_named.iter().any(|it| says.contains(it));
        says.split('`').nth(1).filter(|_| named).map(str::to_owned)
    };
    let says_only = path_in_front.map_or(says, |it| it.1);
    let says_only = says_only.split(" at line ").next().unwrap_or(says_only).to_owned();
    let path = path_in_front.map(|it| it.0.to_owned()).filter(|it| !it.contains('?'));
    let field = quoted().or(path).unwrap_or_else(|| whole.to_owned());
    (field.chars().take(60).collect(), says_only.chars().take(400).collect())
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        let status = self.status();
        let (code, title, detail) = self.words();
        let mut said = json!({
            "type": format!("urn:skranke:{code}"),
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
        });
        let mut tag = None;
        match self {
            Self::Http(error) => return error.into_response(),
            Self::Fields(fields) => {
                let errors = fields.iter().map(|it| json!({ "field": it.0, "detail": it.1 }));
                said["errors"] = errors.collect();
            }
            Self::Stale(Some((current, version))) => {
                said["current"] = current;
                said["version"] = version.into();
                tag = version.map(|it| format!("\"{it}\""));
            }
            _ => {}
        }
        let mut response = (status, Extension(Problem(said))).into_response();
        if let Some(tag) = tag.and_then(|it| HeaderValue::try_from(it).ok()) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
    }
}

impl From<HttpError> for Wrong {
    fn from(error: HttpError) -> Self {
        Self::Http(error)
    }
}

impl From<ViewError> for Wrong {
    fn from(error: ViewError) -> Self {
        Self::Http(error.into())
    }
}

impl From<AppError> for Wrong {
    fn from(error: AppError) -> Self {
        Self::Http(error.into())
    }
}

impl From<JournalError> for Wrong {
    fn from(error: JournalError) -> Self {
        match error {
            JournalError::KeyReused { .. } => Self::Reused,
            JournalError::Conflict { .. } => Self::Stale(None),
            error => Self::Http(error.into()),
        }
    }
}

impl From<DecideError> for Wrong {
    fn from(error: DecideError) -> Self {
        let field = match error {
            DecideError::Reason => "reason",
            DecideError::Until => "until",
            DecideError::Address | DecideError::NotOurs => "address",
            DecideError::Due => "day",
            DecideError::Comment => "text",
            DecideError::Owner => "owner",
            DecideError::NotForPeople | DecideError::NothingToUndo => {
                return Self::Unfit(error.to_string());
            }
        };
        Self::field(field, error.to_string())
    }
}

impl From<EntryError> for Wrong {
    fn from(error: EntryError) -> Self {
        let field = match error {
            EntryError::NoWords | EntryError::TooLong => "text",
            EntryError::NoteTooLong => "note",
            EntryError::Count(_) => "count",
            EntryError::Desk => "desk",
            EntryError::Address => "page",
            EntryError::Repeats => "same_as",
        };
        Self::field(field, error.to_string())
    }
}

impl From<DecisionError> for Wrong {
    fn from(error: DecisionError) -> Self {
        let says = error.to_string();
        match error {
            DecisionError::Unknown(_) => Self::Http(HttpError::NotFound),
            DecisionError::Conflict => Self::Stale(None),
            DecisionError::Journal(error) => error.into(),
            DecisionError::Decide(error) => error.into(),
            DecisionError::Entry(error) => error.into(),
            DecisionError::Name => Self::field("name", says),
            DecisionError::Answer => Self::field("answer", says),
            DecisionError::Message => Self::field("text", says),
            DecisionError::MergeIntoItself => Self::field("into", says),
            DecisionError::Place(_) => Self::field("names", says),
            DecisionError::Settings(_) => Self::field("body", says),
            error
            @ (DecisionError::View(_) | DecisionError::Keep(_) | DecisionError::Follow(_)) => {
                Self::Http(error.into())
            }
        }
    }
}

impl From<WordError> for Wrong {
    fn from(error: WordError) -> Self {
        let says = error.to_string();
        match error {
            WordError::Row(LineFault::Long | LineFault::Empty | LineFault::Unreadable) => {
                Self::field("said", says)
            }
            WordError::Same => Self::field("said", says),
            WordError::Full => Self::Unfit(says),
            WordError::Lines(lines) => {
                let line = |it: &BadLine| format!("line {}: {}", it.line, it.why.name());
                Self::table(lines.iter().map(line))
            }
            WordError::Decision(error) => error.into(),
        }
    }
}

impl From<OutError> for Wrong {
    fn from(error: OutError) -> Self {
        let says = error.to_string();
        match error {
            OutError::Name => Self::field("name", says),
            OutError::Query => Self::field("query", says),
            OutError::Until => Self::field("until", says),
            OutError::Address => Self::field("address", says),
            OutError::Nothing => Self::field("of", says),
            OutError::TooMany => Self::Unfit(says),
            OutError::MadeBefore => Self::made_before(),
            OutError::Conflict => Self::Stale(None),
            OutError::Journal(error) => error.into(),
            error @ (OutError::Unknown | OutError::View(_) | OutError::Secret(_)) => {
                Self::Http(error.into())
            }
        }
    }
}

impl From<TokenError> for Wrong {
    fn from(error: TokenError) -> Self {
        let says = error.to_string();
        match error {
            TokenError::Name => Self::field("name", says),
            TokenError::Scopes => Self::field("scopes", says),
            TokenError::Desk => Self::field("desk", says),
            TokenError::Until => Self::field("until", says),
            TokenError::TooMany => Self::Unfit(says),
            TokenError::MadeBefore => Self::made_before(),
            TokenError::Unknown => Self::Http(HttpError::NotFound),
            TokenError::Journal(error) => error.into(),
        }
    }
}

impl From<AccountError> for Wrong {
    fn from(error: AccountError) -> Self {
        let says = error.to_string();
        match error {
            AccountError::Login(_) | AccountError::LoginTaken => Self::field("login", says),
            AccountError::Name => Self::field("name", says),
            AccountError::Desk(_) => Self::field("desks", says),
            AccountError::Unknown => Self::Http(HttpError::NotFound),
            AccountError::Journal(error) => error.into(),
            AccountError::Passphrase(_)
            | AccountError::SetupCode
            | AccountError::LastAdmin
            | AccountError::OwnRole
            | AccountError::Own
            | AccountError::Link
            | AccountError::WrongPassphrase => Self::Unfit(says),
        }
    }
}

impl Wrong {
    /// Lines of a table that cannot be read; so many of them are named.
    pub(in crate::http::api) fn table(lines: impl Iterator<Item = String>) -> Self {
        const LINES_NAMED: usize = 20;
        Self::Fields(lines.take(LINES_NAMED).map(|it| ("table".to_owned(), it)).collect())
    }

    /// It was made under this key before, and its secret is told once.
    pub(in crate::http::api) fn made_before() -> Self {
        let says = "It was made under this key before, and what is secret is told once. Take it \
                    away and make another.";
        Self::Unfit(says.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_named_as_serde_names_it() {
        for (says, field, rest) in [
            (
                "unknown field `nme`, expected `name` at line 1 column 6",
                "nme",
                "unknown field `nme`",
            ),
            ("missing field `text` at line 1 column 2", "text", "missing field `text`"),
            ("limit: invalid digit found in string", "limit", "invalid digit"),
            ("of[1]: unknown variant `x`, expected `new`", "of[1]", "unknown variant `x`"),
            ("invalid type: sequence, expected struct", "body", "invalid type"),
        ] {
            let (named, told) = field_in(says, "body");
            assert!(named == field && told.starts_with(rest), "{says}: {named} {told}");
        }
    }
}
