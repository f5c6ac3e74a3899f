//! Who gets Monday's letter: the list, and adding, changing, stopping and trying anew.

pub(super) mod form;
pub(super) mod links;
pub(super) mod preview;
mod seen;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields, Sought};
use super::edge::notice::Told;
use super::pages::{ChatForm, Choice, FieldError, ReadersPage, WishesForm};
use super::routes::To;
use super::{Edge, page, wrong};
use crate::app::NewReader;
use crate::id::Id;
use crate::people::Role;
use crate::post::{Chat, ChatKind, NoticeOf, ReaderRow, Subscriber, Wishes};
use crate::rows::Stored;

/// So many readers stand on a page.
const READERS_SHOWN: usize = 100;

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Response {
    page(&build(&edge, &caller, &fields))
}

fn build(edge: &Edge, caller: &Caller, fields: &Fields) -> ReadersPage {
    let query = fields.get("q").trim().to_owned();
    let wanted = query.to_lowercase();
    let readers = edge.app.readers();
    let total = readers.len();
    let found: Vec<_> = readers.into_iter().filter(|it| is_named(&it.row, &wanted)).collect();
    let pages = found.len().div_ceil(READERS_SHOWN).max(1);
    let this = fields.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let shown: Vec<_> = found.iter().skip((this - 1) * READERS_SHOWN).take(READERS_SHOWN).collect();
    let reader = |name: &str| {
        let id = fields.get(name).parse::<Id<Subscriber>>().ok()?;
        edge.app.reader(id)
    };
    let edited = reader("edit").filter(|it| !it.row.stopped);
    let stopped = reader("stopped").filter(|it| it.row.stopped);
    let name = |it: Arc<Stored<ReaderRow>>| (id_of(&it).to_string(), it.row.name.clone());
    ReadersPage {
        f: edge.frame(caller, "readers.title"),
        is_admin: matches!(caller.role(), Some(Role::Admin | Role::Auditor)),
        total,
        found: found.len(),
        query,
        readers: seen::seen(edge, caller, &shown),
        page: (this, pages),
        instead: if total == 0 { edge.app.reading_without_list() } else { vec![] },
        from: edge.jobs.options().from.clone(),
        form: edited.map_or_else(|| fresh(edge, caller), |it| filled(edge, caller, &it)),
        chat: (caller.role() == Some(Role::Admin)).then(|| chat_form(caller, fields)),
        stopped: stopped.map(name),
        week: edge.app.week().plus(-1).to_string(),
    }
}

/// Whether a reader has what is looked for; a chat's address cannot be looked for.
fn is_named(row: &ReaderRow, wanted: &str) -> bool {
    [&row.name, &row.mail].iter().any(|it| it.to_lowercase().contains(wanted))
}

/// How one's own letters stand, for one's account.
pub(super) mod own {
    pub(in crate::http) use super::seen::{refused, state};
}

pub(super) fn id_of(reader: &Stored<ReaderRow>) -> Id<Subscriber> {
    Id::from_uuid(reader.id)
}

/// The form of a new reader. Without an account nothing can be assigned.
fn fresh(edge: &Edge, caller: &Caller) -> WishesForm {
    let lang = edge.app.state.settings().lang;
    let mut form = form::shown(edge, (caller.lang, lang), &Wishes::default());
    form.notices.retain(|it| it.value != NoticeOf::Assigned.name());
    form
}

/// The form of a reader on the list.
fn filled(edge: &Edge, caller: &Caller, reader: &Stored<ReaderRow>) -> WishesForm {
    let row = &reader.row;
    let mut form = form::shown(edge, (caller.lang, row.lang), &row.wishes);
    let person = row.person.and_then(|it| edge.app.state.people.get(it.uuid()));
    if !person.is_some_and(|it| may_have_gaps(it.row.role)) {
        form.notices.retain(|it| it.value != NoticeOf::Assigned.name());
    }
    WishesForm {
        id: id_of(reader).to_string(),
        name: row.name.clone(),
        mail: row.mail.clone(),
        chat: row.chat.as_ref().map(|it| it.kind.name()),
        ..form
    }
}

/// Whether a gap can become somebody's own.
pub(super) const fn may_have_gaps(role: Role) -> bool {
    matches!(role, Role::Editor | Role::Admin)
}

/// The form of a chat. What was typed as its address is not sent back: it is a secret.
fn chat_form(caller: &Caller, fields: &Fields) -> ChatForm {
    let is_sent = fields.get("change") == "add_chat";
    let (name, kind) = (fields.get("name"), fields.get("kind"));
    let choice = |it: ChatKind| Choice {
        value: it.name().to_owned(),
        label: caller.lang.text(&format!("readers.chat.{}", it.name())).to_owned(),
        chosen: it.name() == kind,
    };
    ChatForm {
        name: if is_sent { name } else { String::new() },
        kinds: ChatKind::ALL.map(choice).into(),
        allow_private: is_sent && fields.get("allow_private") == "yes",
        errors: vec![],
    }
}

pub(super) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let by = caller.by();
    let reader = || {
        let id = fields.get("id").parse::<Id<Subscriber>>().map_err(|_| HttpError::NotFound)?;
        edge.app.reader(id).ok_or(HttpError::NotFound)
    };
    match fields.get("change").as_str() {
        "add" => add(&edge, &caller, &fields, None).await,
        "put" => add(&edge, &caller, &fields, Some(reader()?)).await,
        "add_chat" => add_chat(&edge, &caller, &fields).await,
        "put_back" => put_back(&edge, &caller, &*reader()?).await,
        "stop" => {
            let id = id_of(&*reader()?);
            edge.off_thread(move |app| app.stop_reader(id, by)).await??;
            edge.see_writes().await;
            let to = format!("{}?stopped={id}", To::Readers.link(&[]));
            Ok(super::edge::notice::Onward::to(to, edge.secure).into_response())
        }
        "retry" => {
            let reader = reader()?;
            let id = id_of(&reader);
            edge.off_thread(move |app| app.retry_reader(id, by)).await??;
            Ok(said(&edge, "readers.retried", &reader.row.name).await)
        }
        _ => Err(HttpError::Invalid),
    }
}

/// The way back to the list, with a sentence about somebody.
async fn said(edge: &Edge, key: &str, name: &str) -> Response {
    edge.see_writes().await;
    let told = Told::new(key).with("name", name);
    edge.onward(To::Readers, &[]).saying(&told).into_response()
}

type Known = Option<Arc<Stored<ReaderRow>>>;

/// Adds a reader, or changes one. Another address is another reader, so that the old one stops.
async fn add(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
    old: Known,
) -> Result<Response, HttpError> {
    let sent = form::sent(fields)?;
    let (name, mail) = (fields.get("name"), fields.get("mail"));
    let back = |error: FieldError| back(edge, caller, (fields, old.as_deref()), error);
    if !sent.has_time {
        return back(form::error(caller.lang, "at", "readers.wrong_at"));
    }
    let chat = old.as_ref().and_then(|it| it.row.chat.clone());
    let is_other = |it: &Stored<ReaderRow>| old.as_ref().is_none_or(|old| old.id != it.id);
    let mail_lower = mail.trim().to_lowercase();
    let mut others = edge.app.readers().into_iter().filter(|it| is_other(it));
    if chat.is_none() && others.any(|it| it.row.mail == mail_lower) {
        return back(form::error(caller.lang, "mail", "readers.known"));
    }
    let asks = chat.is_none() && !edge.app.is_own_address(&mail, &edge.jobs.options().from);
    let new = NewReader {
        wishes: sent.wishes,
        person: old.as_ref().and_then(|it| it.row.person),
        asks,
        chat,
        ..NewReader::new(name.clone(), mail, sent.lang)
    };
    let (by, before) = (caller.by(), old.as_ref().map(|it| id_of(it)));
    let added = edge.off_thread(move |app| {
        let id = app.add_reader(new, by)?;
        match before.filter(|it| *it != id) {
            Some(before) => app.stop_reader(before, by).map(|()| id),
            None => Ok(id),
        }
    });
    let id = match added.await? {
        Ok(id) => id,
        Err(fault) => return back(form::wrong(caller.lang, fault)?),
    };
    edge.see_writes().await;
    let waits = edge.app.reader(id).is_some_and(|it| it.row.waits);
    let key = match (old.is_some(), waits) {
        (_, true) => "readers.was_asked",
        (true, false) => "readers.saved",
        (false, false) => "readers.added",
    };
    Ok(said(edge, key, name.trim()).await)
}

/// Gives the form back with what was typed and what is wrong.
fn back(
    edge: &Edge,
    caller: &Caller,
    (fields, old): (&Fields, Option<&Stored<ReaderRow>>),
    error: FieldError,
) -> Result<Response, HttpError> {
    let offered = old.map_or_else(|| fresh(edge, caller), |it| filled(edge, caller, it));
    let form = form::typed(edge, caller, (fields, &offered), error)?;
    Ok(wrong(&ReadersPage { form, ..build(edge, caller, &Fields::default()) }))
}

/// Adds a chat. Whoever has its address may write there, so it is an administrator's to give.
async fn add_chat(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<Response, HttpError> {
    if caller.role() != Some(Role::Admin) {
        return Err(HttpError::Forbidden);
    }
    let name = fields.get("name");
    let chat = Chat {
        kind: ChatKind::parse(&fields.get("kind")).ok_or(HttpError::Invalid)?,
        address: fields.get("address").trim().to_owned(),
        allow_private: fields.get("allow_private") == "yes",
    };
    let lang = edge.app.state.settings().lang;
    let new = NewReader { chat: Some(chat), ..NewReader::new(name.clone(), "", lang) };
    let by = caller.by();
    match edge.off_thread(move |app| app.add_reader(new, by)).await? {
        Ok(_) => Ok(said(edge, "readers.added", name.trim()).await),
        Err(fault) => {
            let error = form::wrong(caller.lang, fault)?;
            let field = if error.field == "mail" { "address" } else { error.field };
            let chat = chat_form(caller, fields);
            let chat = ChatForm { errors: vec![FieldError { field, ..error }], ..chat };
            let built = build(edge, caller, &Fields::default());
            Ok(wrong(&ReadersPage { chat: Some(chat), ..built }))
        }
    }
}

/// Puts somebody back who was stopped.
async fn put_back(
    edge: &Edge,
    caller: &Caller,
    reader: &Stored<ReaderRow>,
) -> Result<Response, HttpError> {
    if reader.row.chat.is_some() && caller.role() != Some(Role::Admin) {
        return Err(HttpError::Forbidden);
    }
    let (new, by) = (again(edge, &reader.row), caller.by());
    let (asks, name) = (new.asks, new.name.clone());
    edge.off_thread(move |app| app.add_reader(new, by)).await??;
    Ok(said(edge, if asks { "readers.was_asked" } else { "readers.was_put_back" }, &name).await)
}

/// Somebody who was stopped, to be put back with the same wishes; outside addresses are asked
/// anew, for it may have been the reader who stopped.
pub(super) fn again(edge: &Edge, row: &ReaderRow) -> NewReader {
    let ReaderRow { name, mail, lang, wishes, person, chat, .. } = row.clone();
    let asks = chat.is_none() && !edge.app.is_own_address(&mail, &edge.jobs.options().from);
    NewReader { wishes, person, asks, chat, ..NewReader::new(name, mail, lang) }
}
