//! The log screen.

mod around;
mod entry;
mod hits;
pub(super) mod live;
pub(super) mod own_desk;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use crate::app::Room;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::cookies::{Cookie, Keep};
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::edge::notice::Told;
use crate::http::pages::{Choice, FieldError, LogForm, LogPage, Notice, Saved, clock_time};
use crate::http::routes::To;
use crate::http::today::{asked_seen, messages};
use crate::http::{Edge, page, wrong};
use crate::id::Id;
use crate::inquiry::redact;
use crate::inquiry::{Channel, Entry, EntryError, Inquiry, LogError, OutcomeName, Source};
use crate::journal::JournalError;
use crate::messages::Lang;
use crate::organisation::Desk;
use crate::people::Role;

pub(super) use around::own_entries;
use around::{common, led_to, recent};
pub(super) use entry::read_entry;
pub(super) use entry::said;
pub(super) use hits::{ANSWERS_MAX, Answers, LOOK_UPS_MAX, answers_to, lang_code, look_up};

/// The notice that the log screen shows as a row of its own.
pub(super) const SAVED: &str = "log.saved";
/// One's own entry can be changed for so long.
const OWN_SPAN: SignedDuration = SignedDuration::from_hours(24);

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: axum::http::HeaderMap,
    Sought(mut fields): Sought,
) -> Result<Response, HttpError> {
    match caller.role() {
        Some(Role::Reception | Role::Editor | Role::Admin) => {}
        Some(Role::Auditor) => return Ok(edge.onward(To::Gaps, &[]).into_response()),
        Some(Role::Reader) | None => {
            return Ok(edge.onward(To::LatestDigest, &[]).into_response());
        }
    }
    recall_place(&edge, &headers, &mut fields);
    let saved = caller.notice.as_deref().and_then(Told::parse).filter(|it| it.key == SAVED);
    let mut log_page = build(&edge, &caller, &fields, vec![]).await?;
    if saved.is_some() && !edge.app.is_ready() {
        // The row of its own is read from the view, which is not there yet.
        let text = caller.lang.text("log.saved_early").to_owned();
        log_page.f.notice = Some(Notice { text, is_warning: false });
    }
    let saved = saved.and_then(|told| saved_row(&edge, &caller, &told));
    Ok(page(&LogPage { saved, ..log_page }))
}

/// The log screen without anybody's data. A browser keeps it, and fills it from what it has put
/// away itself, while the service cannot be reached.
pub(super) async fn shell(
    State(edge): State<Edge>,
    Extension(caller): Asking,
) -> Result<Response, HttpError> {
    let mut f = edge.frame(&caller, "log.title");
    "/".clone_into(&mut f.path);
    (f.person, f.notice, f.alarm) = (None, None, false);
    f.csrf.clear();
    f.alerts.clear();
    let form = LogForm {
        channels: channels(&edge, &caller, ""),
        desks: desks(&edge, &caller, ""),
        ..LogForm::default()
    };
    Ok(page(&LogPage::empty(f, form)))
}

/// The desk and the channel stay as they were last, where nothing else is said.
pub(super) fn recall_place(edge: &Edge, headers: &axum::http::HeaderMap, fields: &mut Fields) {
    for (cookie, name) in [(Cookie::Desk, "desk"), (Cookie::Channel, "channel")] {
        if let Some(value) = cookie.read(headers, edge.secure) {
            fields.fall_back(name, value);
        }
    }
}

/// Fills the page from what was typed; looks it up when there is anything to look up.
async fn build(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
    errors: Vec<FieldError>,
) -> Result<LogPage, HttpError> {
    let mut f = edge.frame(caller, "log.title");
    "/".clone_into(&mut f.path);
    let key = fields.find("key").and_then(|it| it.parse::<Id<Inquiry>>().ok());
    let key = key.unwrap_or_else(|| Id::new(edge.app.now()));
    let form = LogForm {
        key: key.to_string(),
        text: fields.get("text"),
        note: fields.get("note"),
        channels: channels(edge, caller, &fields.get("channel")),
        desks: desks(edge, caller, &fields.get("desk")),
        errors,
    };
    let hits = match form.text.trim() {
        "" => None,
        text => Some(look_up(edge, caller, text.to_owned()).await?),
    };
    let (by, on) = (caller.by(), edge.clone());
    let lang = caller.lang;
    let person = by.map(|it| it.to_string()).unwrap_or_default();
    if !edge.app.is_ready() {
        return Ok(LogPage { hits, person, ..LogPage::empty(f, form) });
    }
    let messages = messages(edge, caller);
    let of = caller.signed_in.as_ref().map(|it| it.desks.clone()).unwrap_or_default();
    let (recent, common, surges) = edge
        .off_thread(move |app| {
            let now = |at| clock_time(lang, at, &on.app.zone);
            Ok::<_, HttpError>((recent(app, by, now)?, common(app)?, app.surges(&of)?))
        })
        .await??;
    let surges = surges.into_iter().map(|it| asked_seen(edge, caller, it)).collect();
    let led_to = led_to(edge, caller)?;
    let around = LogPage { hits, person, recent, common, led_to, ..LogPage::empty(f, form) };
    Ok(LogPage { messages, surges, ..around })
}

pub(super) fn channels(edge: &Edge, caller: &Caller, wanted: &str) -> Vec<Choice> {
    let settings = edge.app.state.settings();
    let (offered, labels) = (&settings.channels, settings.labels(caller.lang));
    let wanted = Channel::parse(wanted).filter(|it| offered.contains(it));
    let chosen = wanted.or_else(|| offered.first().copied());
    let choice = |channel: &Channel| Choice {
        value: channel.name().to_owned(),
        label: labels.channel(*channel),
        chosen: Some(*channel) == chosen,
    };
    offered.iter().map(choice).collect()
}

/// The desks to choose from; with one or none there is nothing to choose.
pub(super) fn desks(edge: &Edge, caller: &Caller, wanted: &str) -> Vec<Choice> {
    let settings = edge.app.state.settings();
    let offered = own_desk::offered(&settings, caller);
    if offered.len() < 2 {
        return vec![];
    }
    let choice = |it: &Desk| Choice {
        value: it.key.clone(),
        label: it.name(caller.lang, settings.lang).to_owned(),
        chosen: it.key == wanted,
    };
    offered.iter().map(choice).collect()
}

fn saved_row(edge: &Edge, caller: &Caller, told: &Told) -> Option<Saved> {
    let id: Id<Inquiry> = told.value("id")?.parse().ok()?;
    let stored = edge.app.state.inquiries.get(id).ok()??;
    let live = !stored.row.removed && stored.row.facts.by == caller.by();
    live.then(|| Saved {
        id: id.to_string(),
        at: clock_time(caller.lang, stored.row.facts.asked, &edge.app.zone),
        masked: told.value("masked").and_then(|it| it.parse().ok()).unwrap_or(0),
        is_case: told.value("case") == Some("1"),
        hints: told.value("hints").and_then(|it| it.parse().ok()).unwrap_or(0),
        outcome: stored.row.facts.outcome.name().name().to_owned(),
    })
}

pub(super) async fn save(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    mut fields: Fields,
) -> Result<Response, HttpError> {
    if fields.get("act") == "look_up" {
        return Ok(page(&build(&edge, &caller, &fields, vec![]).await?));
    }
    if edge.app.room() == Room::Full {
        let text = caller.lang.text("log.full").to_owned();
        let errors = vec![FieldError { field: "text", text }];
        let filled = build(&edge, &caller, &fields, errors).await?;
        return Ok((StatusCode::INSUFFICIENT_STORAGE, page(&filled)).into_response());
    }
    if let Err(error) = own_desk::settle(&edge, &caller, &mut fields) {
        let error = own_desk::at_list_or(&edge, &caller, (error, "text"));
        return Ok(wrong(&build(&edge, &caller, &fields, vec![error]).await?));
    }
    let entry = read_entry(&edge, &fields, (Source::Screen, caller.by()))?;
    let (desk, channel) = (entry.desk.clone(), entry.channel);
    let logged = match edge.off_thread(move |app| app.log(entry)).await? {
        Ok(logged) => logged,
        Err(error) => return back(&edge, &caller, fields, error).await,
    };
    if edge.app.is_ready() {
        edge.see_writes().await;
    }
    if fields.get("from") == "today" {
        let told = Told::new("today.one_more");
        return Ok(edge.onward(To::Today, &[]).saying(&told).into_response());
    }
    let is_case = logged.masked.kinds.contains(redact::Kind::CaseNumber);
    let told = Told::new(SAVED)
        .with("id", &logged.id.to_string())
        .with("masked", &logged.masked.count.to_string())
        .with("case", if is_case { "1" } else { "" })
        .with("hints", &logged.masked.hints.to_string());
    let onward = edge.onward(To::Log, &[]).saying(&told);
    let onward = onward.cookie(Cookie::Channel, channel.name(), Keep::Year);
    Ok(onward.cookie(Cookie::Desk, &desk, Keep::Year).into_response())
}

/// Gives the form back with all that was typed and what is wrong.
async fn back(
    edge: &Edge,
    caller: &Caller,
    mut fields: Fields,
    error: LogError,
) -> Result<Response, HttpError> {
    if let LogError::Journal(JournalError::KeyReused { .. }) = &error {
        // Under the old key it would be refused for ever.
        fields.forget("key");
    }
    let wrong_at = what_is_wrong(caller.lang, error)?;
    Ok(wrong(&build(edge, caller, &fields, vec![wrong_at]).await?))
}

/// What is wrong with an entry that cannot be taken, and at which field.
fn what_is_wrong(lang: Lang, error: LogError) -> Result<FieldError, HttpError> {
    let (field, key) = match error {
        LogError::Entry(EntryError::NoWords) => ("text", "log.too_short"),
        LogError::Entry(EntryError::TooLong) => ("text", "log.too_long"),
        LogError::Entry(EntryError::Repeats) => ("text", "log.no_such"),
        LogError::Entry(EntryError::NoteTooLong) => ("note", "log.too_long"),
        LogError::Journal(JournalError::KeyReused { .. }) => ("text", "log.key_reused"),
        LogError::Entry(_) => return Err(HttpError::Invalid),
        LogError::Journal(error) => return Err(error.into()),
    };
    Ok(FieldError { field, text: lang.text(key).to_owned() })
}

/// Whether an entry is one's own and young enough to be changed.
pub(super) async fn own_entry(
    edge: &Edge,
    caller: &Caller,
    id: &str,
) -> Result<Id<Inquiry>, HttpError> {
    let id: Id<Inquiry> = id.parse().map_err(|_| HttpError::NotFound)?;
    // What was acknowledged a moment ago may not be in the view yet.
    edge.see_writes().await;
    let stored = edge.off_thread(move |app| app.state.inquiries.get(id)).await??;
    let facts = stored.ok_or(HttpError::NotFound)?.row.facts;
    let is_own = match caller.machine() {
        Some(machine) => facts.source == Source::Machine(machine.id),
        None => facts.by.is_some() && facts.by == caller.by(),
    };
    let is_young = edge.app.now() - OWN_SPAN < facts.asked;
    (is_own && is_young).then_some(id).ok_or(HttpError::Forbidden)
}

pub(super) async fn set_outcome(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, HttpError> {
    change_outcome(&edge, &caller, (&id, &fields)).await?;
    Ok(edge.onward(To::Log, &[]).saying(&Told::new("log.outcome_set")).into_response())
}

async fn change_outcome(
    edge: &Edge,
    caller: &Caller,
    (id, fields): (&str, &Fields),
) -> Result<OutcomeName, HttpError> {
    let name = OutcomeName::parse(&fields.get("outcome")).ok_or(HttpError::Invalid)?;
    let outcome = said(name).ok_or(HttpError::Invalid)?;
    let id = own_entry(edge, caller, id).await?;
    let changed =
        edge.off_thread(move |app| app.edit_inquiry(id, |entry| Entry { outcome, ..entry }));
    changed.await??;
    edge.see_writes().await;
    Ok(name)
}

pub(super) async fn undo(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, HttpError> {
    take_back(&edge, &caller, &id).await?;
    let to = if fields.get("from") == "today" { To::Today } else { To::Log };
    Ok(edge.onward(to, &[]).saying(&Told::new("log.undone")).into_response())
}

/// Masks the names in one's own entry.
pub(super) async fn mask_names(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, HttpError> {
    hide_names(&edge, &caller, &id).await?;
    Ok(edge.onward(To::Log, &[]).saying(&Told::new("log.names_gone")).into_response())
}

async fn hide_names(edge: &Edge, caller: &Caller, id: &str) -> Result<Id<Inquiry>, HttpError> {
    let id = own_entry(edge, caller, id).await?;
    let by = caller.by();
    edge.off_thread(move |app| app.mask_names(id, by)).await??;
    edge.see_writes().await;
    Ok(id)
}

async fn take_back(edge: &Edge, caller: &Caller, id: &str) -> Result<(), HttpError> {
    let id = own_entry(edge, caller, id).await?;
    let by = caller.by();
    edge.off_thread(move |app| app.set_removed(id, true, by)).await??;
    edge.see_writes().await;
    Ok(())
}
