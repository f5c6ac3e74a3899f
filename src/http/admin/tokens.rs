//! The tokens of machines: made, shown once, taken back.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;

use crate::app::{NewToken, TokenError};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{self, Choice, FieldError, Frame, TokenForm, TokenSeen, TokensPage};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::id::Id;
use crate::inquiry::Channel;
use crate::people::{ApiToken, ApiTokenRow, Grant, Scope, TokenText};
use crate::rows::Stored;
use crate::week::{day_of_number, end_of_day, last_day};

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    page(&build(&edge, &caller, &Fields::default()))
}

fn build(edge: &Edge, caller: &Caller, fields: &Fields) -> TokensPage {
    let f = edge.frame(caller, "tokens.title");
    let tokens = edge.app.state.tokens.all();
    let tokens = tokens.iter().rev().map(|it| seen(edge, caller, it)).collect();
    let (usual, last) = edge.app.last_ends_of_tokens();
    let last_days = (last_day(usual, &edge.app.zone), last_day(last, &edge.app.zone));
    TokensPage { form: form(&f, fields, last_days), tokens, made: None, f }
}

fn seen(edge: &Edge, caller: &Caller, stored: &Stored<ApiTokenRow>) -> TokenSeen {
    let ApiTokenRow { grant, made, by, used, taken_back, was_endless, hash: _ } = &stored.row;
    let day = |date| pages::day(caller.lang, date, edge.year());
    let now = edge.app.now();
    let is_over = grant.until.is_some_and(|it| it <= now);
    let near = now + jiff::SignedDuration::from_hours(24 * Grant::DAYS_TOLD);
    let is_near = grant.until.is_none_or(|it| it <= near);
    TokenSeen {
        id: Id::<ApiToken>::from_uuid(stored.id).to_string(),
        name: grant.name.clone(),
        scopes: grant.scopes.iter().map(|it| it.name()).collect(),
        desk: grant.desk.as_deref().map(|it| edge.labels(caller.lang).desk(it).to_owned()),
        channel: grant.channel.map(Channel::name),
        until: grant.until.map(|it| day(last_day(it, &edge.app.zone))),
        made: edge.day(caller, *made),
        by: by.and_then(|id| edge.app.person_name(id)),
        used: used.map(|it| day(day_of_number(it))),
        was_endless: *was_endless,
        state: match (taken_back, is_over) {
            (Some(_), _) => "taken_back",
            (None, true) => "over",
            (None, false) if is_near => "ends",
            (None, false) => "open",
        },
    }
}

/// The form as it was typed.
fn form(f: &Frame, fields: &Fields, (usual, last): (Date, Date)) -> TokenForm {
    let (scopes, channel) = (fields.all("scope"), fields.get("channel"));
    let scope = |it: Scope| Choice {
        value: it.name().to_owned(),
        label: f.of("tokens.scope", it.name()),
        chosen: scopes.contains(&it.name()),
    };
    let any = Choice {
        value: String::new(),
        label: f.t("tokens.any_channel").to_owned(),
        chosen: channel.is_empty(),
    };
    let one = |it: Channel| Choice {
        value: it.name().to_owned(),
        label: f.channel(it.name()),
        chosen: channel == it.name(),
    };
    TokenForm {
        public: fields.find("public").unwrap_or_else(TokenText::new_public),
        name: fields.get("name"),
        scopes: Scope::ALL.map(scope).into(),
        desk: fields.get("desk"),
        channels: std::iter::once(any).chain(Channel::ALL.map(one)).collect(),
        until: fields.find("until").unwrap_or_else(|| usual.to_string()),
        last: last.to_string(),
        errors: vec![],
    }
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    match fields.get("change").as_str() {
        "add" => make(&edge, &caller, &fields).await,
        "take_back" => take_back(&edge, &caller, &fields).await,
        _ => Err(HttpError::Invalid),
    }
}

/// Makes a token. The answer shows it, and no page after that can.
async fn make(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<Response, HttpError> {
    let until = match fields.find("until") {
        Some(text) => match end_of_day(&text, &edge.app.zone) {
            Some(until) => Some(until),
            None => return back(edge, caller, fields, TokenError::Until),
        },
        None => None,
    };
    let scopes =
        fields.all("scope").into_iter().map(|it| Scope::parse(it).ok_or(HttpError::Invalid));
    let channel = fields.find("channel").map(|it| Channel::parse(&it).ok_or(HttpError::Invalid));
    let new = NewToken {
        public: fields.get("public"),
        name: fields.get("name"),
        scopes: scopes.collect::<Result<_, _>>()?,
        desk: fields.find("desk"),
        channel: channel.transpose()?,
        until,
    };
    let (by, name) = (caller.by(), new.name.trim().to_owned());
    match edge.off_thread(move |app| app.make_token(new, by)).await? {
        Ok(token) => {
            edge.see_writes().await;
            let made = Some((name, token.as_str().to_owned()));
            Ok(page(&TokensPage { made, ..build(edge, caller, &Fields::default()) }))
        }
        Err(error) => back(edge, caller, fields, error),
    }
}

async fn take_back(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<Response, HttpError> {
    let id: Id<ApiToken> = fields.get("id").parse().map_err(|_| HttpError::NotFound)?;
    let by = caller.by();
    match edge.off_thread(move |app| app.take_token_back(id, by)).await? {
        Ok(()) => {
            edge.see_writes().await;
            let told = Told::new("tokens.was_taken_back");
            Ok(edge.onward(To::Tokens, &[]).saying(&told).into_response())
        }
        Err(TokenError::Unknown) => Err(HttpError::NotFound),
        Err(TokenError::Journal(error)) => Err(error.into()),
        Err(error) => Err(HttpError::internal(error)),
    }
}

/// Gives the form back with what is wrong.
fn back(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
    error: TokenError,
) -> Result<Response, HttpError> {
    let (field, key) = match error {
        TokenError::Name => ("name", "tokens.wrong_name"),
        TokenError::Scopes => ("scope", "tokens.wrong_scope"),
        TokenError::Desk => ("desk", "tokens.wrong_desk"),
        TokenError::Until => ("until", "tokens.wrong_until"),
        TokenError::TooMany => ("public", "tokens.too_many"),
        TokenError::MadeBefore => ("public", "tokens.made_before"),
        TokenError::Unknown => return Err(HttpError::Invalid),
        TokenError::Journal(error) => return Err(error.into()),
    };
    let mut built = build(edge, caller, fields);
    if matches!(error, TokenError::MadeBefore) {
        built.form.public = TokenText::new_public();
    }
    built.form.errors = vec![FieldError { field, text: caller.lang.text(key).to_owned() }];
    Ok(wrong(&built))
}
