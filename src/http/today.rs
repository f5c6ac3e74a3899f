//! The desk's own day: what is asked today, what was written down in a rush, one's own entries,
//! what editors tell every desk.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields, Sought};
use super::edge::notice::Told;
use super::log::own_desk;
use super::log::{channels, desks, own_entries, own_entry, read_entry, recall_place};
use super::pages::{
    AskedSeen, BatchForm, FieldError, FoundEntry, MessageForm, MessageSeen, OwnEntry, TodayPage,
    clock_time,
};
use super::routes::To;
use super::{Edge, page, wrong};
use crate::app::{AskedToday, Decider, DecisionError};
use crate::desk::Message;
use crate::id::Id;
use crate::inquiry::{BatchError, Entry, EntryError, Inquiry, LogError, Source, read_batch};
use crate::journal::JournalError;

/// So many questions of today are listed.
const ASKED_SHOWN: usize = 30;
/// So many of one's own entries can be corrected here.
const OWN_SHOWN: usize = 50;
/// What was written down on paper is logged within so many days.
const DAYS_BACK_MAX: i32 = 60;

/// What was typed and what is wrong with it, when a form comes back.
#[derive(Default)]
struct Typed {
    fields: Fields,
    errors: Vec<FieldError>,
    /// The entry that was to be corrected.
    entry: Option<String>,
}

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: axum::http::HeaderMap,
    Sought(mut fields): Sought,
) -> Result<Response, HttpError> {
    recall_place(&edge, &headers, &mut fields);
    Ok(page(&build(&edge, &caller, Typed { fields, ..Typed::default() }).await?))
}

async fn build(edge: &Edge, caller: &Caller, typed: Typed) -> Result<TodayPage, HttpError> {
    let Typed { fields, errors, entry } = typed;
    let (by, query) = (caller.by(), fields.get("q"));
    let desk = own_desk::own_or_first(edge, caller, fields.find("desk").as_deref());
    let desks_seen = caller.signed_in.as_ref().map(|it| it.desks.clone()).unwrap_or_default();
    let (asked, own, found) = {
        let (desk, query) = (desk.clone(), query.clone());
        edge.off_thread(move |app| {
            let found = match query.trim() {
                "" => vec![],
                query => app.desk_entries(&desk, query)?,
            };
            let own = own_entries(app, by, OWN_SHOWN)?;
            Ok::<_, HttpError>((app.asked_today(ASKED_SHOWN, &desks_seen)?, own, found))
        })
        .await??
    };
    let time = |at: Timestamp| clock_time(caller.lang, at, &edge.app.zone);
    let own = own.into_iter().map(|it| {
        let is_wrong = entry.as_ref() == Some(&it.id.to_string());
        OwnEntry {
            at: time(it.asked),
            text: if is_wrong { fields.get("text") } else { it.text.unwrap_or_default() },
            note: if is_wrong { fields.get("note") } else { it.note.unwrap_or_default() },
            shown: it.shown,
            id: it.id.to_string(),
            errors: if is_wrong { errors.clone() } else { vec![] },
        }
    });
    let own = own.collect();
    let found = found.into_iter().map(|it| FoundEntry {
        text: it.text,
        note: it.note,
        day: edge.day(caller, it.asked),
    });
    let today = edge.app.now().to_zoned(edge.app.zone.clone()).date();
    let oldest = today.checked_sub(DAYS_BACK_MAX.days()).unwrap_or(today);
    let message = if fields.find("until").is_some() { fields.get("text") } else { String::new() };
    Ok(TodayPage {
        f: edge.frame(caller, "today.title"),
        messages: messages(edge, caller),
        message: MessageForm { text: message, errors: errors.clone() },
        asked: asked.into_iter().map(|it| asked_seen(edge, caller, it)).collect(),
        batch: BatchForm {
            key: fields
                .find("key")
                .unwrap_or_else(|| Id::<Inquiry>::new(edge.app.now()).to_string()),
            lines: fields.get("lines"),
            day: fields.find("day").unwrap_or_else(|| today.to_string()),
            days: (oldest.to_string(), today.to_string()),
            channels: channels(edge, caller, &fields.get("channel")),
            desks: desks(edge, caller, &desk),
            errors,
        },
        query,
        found: found.collect(),
        own,
    })
}

/// The messages that the desks see now.
pub(super) fn messages(edge: &Edge, caller: &Caller) -> Vec<MessageSeen> {
    let seen = |it: crate::rows::Stored<crate::desk::MessageRow>| MessageSeen {
        id: Id::<Message>::from_uuid(it.id).to_string(),
        text: it.row.text,
        until: edge.day_and_time(caller, it.row.until),
    };
    edge.app.messages().into_iter().map(seen).collect()
}

/// A question of today as it is shown.
pub(super) fn asked_seen(edge: &Edge, caller: &Caller, asked: AskedToday) -> AskedSeen {
    let surge = asked.surge_since.map(|since| {
        let at = clock_time(caller.lang, since, &edge.app.zone);
        let n = asked.lately.to_string();
        caller.lang.fill("today.surge", &[("n", n.as_str()), ("at", at.as_str())])
    });
    AskedSeen {
        inquiry: asked.inquiry.to_string(),
        key: Id::<Inquiry>::new(edge.app.now()).to_string(),
        text: asked.text,
        contacts: asked.contacts,
        surge,
    }
}

/// Logs what was written down in a rush.
pub(super) async fn log_batch(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    mut fields: Fields,
) -> Result<Response, HttpError> {
    if let Err(error) = own_desk::settle(&edge, &caller, &mut fields) {
        return back(&edge, &caller, Typed { fields, errors: vec![error], entry: None }).await;
    }
    let entry = read_entry(&edge, &fields, (Source::Screen, caller.by()))?;
    let wrong_in = |field, text: String| vec![FieldError { field, text }];
    let Some(asked) = asked_on(&edge, &fields.get("day")) else {
        let errors = wrong_in("day", caller.lang.text("today.wrong_day").to_owned());
        return back(&edge, &caller, Typed { fields, errors, entry: None }).await;
    };
    let lines = match read_batch(&fields.get("lines")) {
        Ok(lines) => lines,
        Err(error) => {
            let errors = wrong_in("lines", batch_error(&caller, error));
            return back(&edge, &caller, Typed { fields, errors, entry: None }).await;
        }
    };
    let entry = Entry { asked, ..entry };
    let n = lines.iter().map(|it| u64::from(it.count)).sum();
    let logged = edge
        .off_thread(move |app| {
            // All or nothing, as far as one line's fault goes.
            app.check_batch(&entry, &lines).map_err(|(at, error)| (at, error.into()))?;
            app.log_batch(&entry, lines)
        })
        .await?;
    match logged {
        Ok(_) => {
            edge.see_writes().await;
            let said = caller.lang.count("today.batch_saved", n);
            let told = Told::new("today.told").with("what", &said);
            Ok(edge.onward(To::Today, &[]).saying(&told).into_response())
        }
        Err((at, error)) => {
            let errors = wrong_in("lines", line_error(&caller, at, error)?);
            let mut fields = fields;
            // Under the old key what was changed would be refused for ever.
            fields.forget("key");
            back(&edge, &caller, Typed { fields, errors, entry: None }).await
        }
    }
}

async fn back(edge: &Edge, caller: &Caller, typed: Typed) -> Result<Response, HttpError> {
    Ok(wrong(&build(edge, caller, typed).await?))
}

fn batch_error(caller: &Caller, error: BatchError) -> String {
    match error {
        BatchError::Empty => caller.lang.text("today.batch_empty").to_owned(),
        BatchError::TooMany => caller.lang.text("today.batch_too_many").to_owned(),
        BatchError::Count(line) => {
            caller.lang.fill("today.batch_count", &[("line", &line.to_string())])
        }
    }
}

fn line_error(caller: &Caller, at: usize, error: LogError) -> Result<String, HttpError> {
    let key = match error {
        LogError::Entry(EntryError::TooLong) => "today.line_too_long",
        LogError::Entry(_) => "today.line_wrong",
        LogError::Journal(JournalError::KeyReused { .. }) => "today.batch_again",
        LogError::Journal(error) => return Err(error.into()),
    };
    Ok(caller.lang.fill(key, &[("line", &(at + 1).to_string())]))
}

/// When something was asked that is logged for a day: now, or at noon of a day that has passed.
fn asked_on(edge: &Edge, day: &str) -> Option<Timestamp> {
    let now = edge.app.now();
    let today = now.to_zoned(edge.app.zone.clone()).date();
    let day: Date = if day.is_empty() { today } else { day.parse().ok()? };
    let oldest = today.checked_sub(DAYS_BACK_MAX.days()).ok()?;
    if day == today {
        return Some(now);
    }
    let noon = day.at(12, 0, 0, 0).to_zoned(edge.app.zone.clone()).ok()?;
    (oldest <= day && day < today).then(|| noon.timestamp())
}

/// Corrects the words of one's own entry.
pub(super) async fn edit(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, HttpError> {
    let own = own_entry(&edge, &caller, &id).await?;
    let (text, note) = (fields.find("text"), fields.find("note"));
    let changed = move |app: &crate::app::App| {
        // A repeat has the words of what it repeats; of its own it has but a note.
        app.edit_inquiry(own, |entry| match entry.text {
            Some(_) => Entry { text, note, counts_only: false, ..entry },
            None => Entry { note, ..entry },
        })
    };
    match edge.off_thread(changed).await? {
        Ok(_) => {
            edge.see_writes().await;
            let told = Told::new("today.edited");
            Ok(edge.onward(To::Today, &[]).saying(&told).into_response())
        }
        Err(DecisionError::Entry(error)) => {
            let (field, key) = match error {
                EntryError::NoWords => ("text", "log.too_short"),
                EntryError::TooLong => ("text", "log.too_long"),
                EntryError::NoteTooLong => ("note", "log.too_long"),
                _ => return Err(HttpError::Invalid),
            };
            let errors = vec![FieldError { field, text: caller.lang.text(key).to_owned() }];
            back(&edge, &caller, Typed { fields, errors, entry: Some(id) }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Puts up a message to every desk, or takes one down.
pub(super) async fn change_message(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let by = caller.by();
    if fields.get("change") == "end" {
        let id: Id<Message> = fields.get("id").parse().map_err(|_| HttpError::NotFound)?;
        let who = Decider { by, version: None };
        edge.off_thread(move |app| app.end_message(id, who)).await??;
        edge.see_writes().await;
        let told = Told::new("today.message_ended");
        return Ok(edge.onward(To::Today, &[]).saying(&told).into_response());
    }
    let text = fields.get("text");
    let until = until(&edge, &fields.get("until")).ok_or(HttpError::Invalid)?;
    match edge.off_thread(move |app| app.put_message(&text, until, by)).await? {
        Ok(_) => {
            edge.see_writes().await;
            let told = Told::new("today.message_put");
            Ok(edge.onward(To::Today, &[]).saying(&told).into_response())
        }
        Err(DecisionError::Message) => {
            let text = caller.lang.text("today.wrong_message").to_owned();
            let errors = vec![FieldError { field: "message", text }];
            back(&edge, &caller, Typed { fields, errors, entry: None }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The end of today, of tomorrow, or of the seventh day.
fn until(edge: &Edge, choice: &str) -> Option<Timestamp> {
    let days = match choice {
        "today" => 1,
        "tomorrow" => 2,
        "week" => 7,
        _ => return None,
    };
    let today = edge.app.now().to_zoned(edge.app.zone.clone()).date();
    let end = today.checked_add(days.days()).ok()?.to_zoned(edge.app.zone.clone()).ok()?;
    Some(end.timestamp())
}
