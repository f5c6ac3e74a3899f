//! The log screen.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::cookies::{Cookie, Keep};
use super::edge::fields::{Asking, Fields};
use super::edge::notice::Told;
use super::pages::{
    Choice, Common, Earlier, FieldError, Hits, LogForm, LogPage, Part, Passage, Recent, Saved,
    clock_time,
};
use super::routes::To;
use super::{Edge, page, wrong};
use crate::app::App;
use crate::id::{Id, TopicNumber};
use crate::inquiry::{
    Channel, Entry, EntryError, Inquiry, InquiryRow, LogError, Norm, Outcome, OutcomeName, Source,
};
use crate::journal::JournalError;
use crate::lookup::{FoundPassage, FoundQuestion, Piece};
use crate::people::{By, Role};
use crate::review::{State as GapState, StateName};
use crate::topic::Topic;

/// The notice that the log screen shows as a row of its own.
pub(super) const SAVED: &str = "log.saved";
/// At most so many passages.
const PASSAGES_MAX: usize = 3;
/// At most so many earlier questions.
const EARLIER_MAX: usize = 5;
/// So many of one's own last entries.
const RECENT_MAX: usize = 5;
/// So many entries are looked through for one's own.
const RECENT_LOOK_MAX: usize = 500;
/// At most so many common questions.
const COMMON_MAX: usize = 6;
/// A question is common from so many contacts in 14 days on.
const COMMON_MIN: u32 = 3;
const COMMON_SPAN: SignedDuration = SignedDuration::from_hours(14 * 24);
const COUNT_SPAN: SignedDuration = SignedDuration::from_hours(30 * 24);
/// One's own entry can be changed for so long.
const OWN_SPAN: SignedDuration = SignedDuration::from_hours(24);

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    headers: axum::http::HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    match caller.role() {
        Some(Role::Reception | Role::Editor | Role::Admin) => {}
        Some(Role::Auditor) => return Ok(edge.onward(To::Gaps, &[]).into_response()),
        Some(Role::Reader) | None => {
            return Ok(edge.onward(To::LatestDigest, &[]).into_response());
        }
    }
    let mut fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let sticky = [(Cookie::Desk, "desk"), (Cookie::Channel, "channel")];
    for (cookie, name) in sticky {
        if let Some(value) = cookie.read(&headers, edge.secure) {
            fields.fall_back(name, value);
        }
    }
    let saved = caller.notice.as_deref().and_then(Told::parse).filter(|it| it.key == SAVED);
    let log_page = build(&edge, &caller, &fields, vec![]).await?;
    let saved = saved.and_then(|told| saved_row(&edge, &caller, &told));
    Ok(page(&LogPage { saved, ..log_page }))
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
        desks: desks(edge, &fields.get("desk")),
        errors,
    };
    let hits = match form.text.trim() {
        "" => None,
        text => Some(look_up(edge, text.to_owned()).await?),
    };
    let (by, on) = (caller.by(), edge.clone());
    let lang = caller.lang;
    let (recent, common) = edge
        .off_thread(move |app| {
            let now = |at| clock_time(lang, at, &on.app.zone);
            Ok::<_, HttpError>((recent(app, by, now)?, common(app)?))
        })
        .await??;
    let led_to = led_to(edge, caller)?;
    Ok(LogPage { f, form, hits, saved: None, recent, common, led_to })
}

fn channels(edge: &Edge, caller: &Caller, wanted: &str) -> Vec<Choice> {
    let offered = edge.app.state.settings().channels;
    let wanted = Channel::parse(wanted).filter(|it| offered.contains(it));
    let chosen = wanted.or_else(|| offered.first().copied());
    let choice = |channel: &Channel| Choice {
        value: channel.name().to_owned(),
        label: caller.lang.text(&format!("channel.{channel}")).to_owned(),
        chosen: Some(*channel) == chosen,
    };
    offered.iter().map(choice).collect()
}

/// The desks to choose from; with one or none there is nothing to choose.
fn desks(edge: &Edge, wanted: &str) -> Vec<Choice> {
    let offered = edge.app.state.settings().desks;
    if offered.len() < 2 {
        return vec![];
    }
    let choice = |name: String| Choice { chosen: name == wanted, value: name.clone(), label: name };
    offered.into_iter().map(choice).collect()
}

/// Looks a question up in pages and in what was asked before.
pub(super) async fn look_up(edge: &Edge, text: String) -> Result<Hits, HttpError> {
    edge.off_thread(move |app| {
        let found = app.look_up(&text, PASSAGES_MAX, EARLIER_MAX)?;
        Ok(Hits {
            passages: found.passages.into_iter().map(passage).collect(),
            earlier: found.questions.into_iter().map(|it| earlier_hit(app, it)).collect(),
        })
    })
    .await?
}

fn passage(found: FoundPassage) -> Passage {
    let heading = if found.heading == found.title { String::new() } else { found.heading };
    let part = |it: Piece| Part { text: it.text, marked: it.matches };
    Passage {
        address: found.address,
        title: found.title,
        heading,
        parts: found.pieces.into_iter().map(part).collect(),
        lang: lang_code(found.norm).to_owned(),
    }
}

/// The code for the `lang` attribute; empty when it is not sure.
pub(super) fn lang_code(norm: Norm) -> &'static str {
    match norm {
        Norm::Nb => "nb",
        Norm::Nn => "nn",
        Norm::En => "en",
        Norm::Other | Norm::Unsure => "",
    }
}

fn earlier_hit(app: &App, found: FoundQuestion) -> Earlier {
    let topic = found.topic.and_then(|it| app.resolve(it));
    let since = app.now() - COUNT_SPAN;
    let count = topic.map_or(1, |topic| {
        app.lines_of(topic).iter().filter(|it| since < it.asked).map(|it| it.count).sum()
    });
    let gap = topic.and_then(|it| app.state.gaps.get(crate::review::Gap::entity(it)));
    let state = gap.map(|it| it.row.state.seen_at(app.now()).name());
    let worked_on = state.filter(|it| matches!(it, StateName::Taken | StateName::Done));
    Earlier {
        inquiry: found.id.to_string(),
        text: found.text,
        count,
        state: worked_on.map(|it| it.name().to_owned()),
    }
}

/// One's own last entries of the day.
fn recent(
    app: &App,
    by: By,
    time: impl Fn(jiff::Timestamp) -> String,
) -> Result<Vec<Recent>, HttpError> {
    let since = app.now() - OWN_SPAN;
    let seqs: Vec<u64> = {
        let columns = app.state.inquiries.columns();
        columns.live().rev().take(RECENT_LOOK_MAX).map(|it| it.seq).collect()
    };
    let mut recent = vec![];
    for seq in seqs {
        if RECENT_MAX <= recent.len() {
            break;
        }
        let Some(stored) = app.state.inquiries.at(seq)? else { continue };
        let facts = &stored.row.facts;
        if facts.source == Source::Import || facts.by.is_none() || facts.by != by {
            continue;
        }
        if facts.asked < since {
            break;
        }
        recent.push(Recent {
            id: Id::<Inquiry>::from_uuid(stored.id).to_string(),
            text: words(app, &stored.row)?,
            at: time(facts.asked),
            channel: facts.channel.name().to_owned(),
            outcome: facts.outcome.name().name().to_owned(),
        });
    }
    Ok(recent)
}

/// The words of an entry, or those of the question that it repeats.
fn words(app: &App, row: &InquiryRow) -> Result<String, HttpError> {
    if let Some(text) = &row.facts.text {
        return Ok(text.as_str().to_owned());
    }
    let Outcome::SameAs { inquiry } = &row.facts.outcome else { return Ok("+1".to_owned()) };
    let repeated = app.state.inquiries.get(*inquiry)?;
    let text = repeated.and_then(|it| it.row.facts.text);
    Ok(text.map_or_else(|| "+1".to_owned(), |it| it.as_str().to_owned()))
}

/// Topics that many ask now, by the words of their most central inquiry.
fn common(app: &App) -> Result<Vec<Common>, HttpError> {
    let since = app.now() - COMMON_SPAN;
    let mut counts: BTreeMap<TopicNumber, u32> = BTreeMap::new();
    {
        let columns = app.state.inquiries.columns();
        for line in columns.live().filter(|it| since < it.asked) {
            if let Some(topic) = line.topic {
                *counts.entry(topic).or_default() += line.count;
            }
        }
    }
    let mut whole: BTreeMap<TopicNumber, u32> = BTreeMap::new();
    for (topic, count) in counts {
        if let Some(topic) = app.resolve(topic) {
            *whole.entry(topic).or_default() += count;
        }
    }
    let mut sorted: Vec<(TopicNumber, u32)> =
        whole.into_iter().filter(|it| COMMON_MIN <= it.1).collect();
    sorted.sort_by_key(|it| (std::cmp::Reverse(it.1), it.0));
    let mut common = vec![];
    for (topic, count) in sorted.into_iter().take(COMMON_MAX) {
        let Some(stored) = app.state.topics.get(Topic::entity(topic)) else { continue };
        let text = app.name_of(&stored.row)?;
        common.push(Common { inquiry: stored.row.exemplar.to_string(), text, count });
    }
    Ok(common)
}

/// What logging has led to: gaps that were verified in the last four weeks.
fn led_to(edge: &Edge, caller: &Caller) -> Result<Option<String>, HttpError> {
    const NAMES_MAX: usize = 3;
    const SPAN: SignedDuration = SignedDuration::from_hours(28 * 24);
    let app = &edge.app;
    let mut verified = vec![];
    for gap in app.state.gaps.all() {
        if let GapState::Verified { since, .. } = gap.row.state
            && app.now() - SPAN < since
            && let Some(topic) = app.state.topics.get(Topic::entity(gap.row.topic))
        {
            verified.push((since, app.name_of(&topic.row)?));
        }
    }
    verified.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let names: Vec<String> = verified.into_iter().take(NAMES_MAX).map(|it| it.1).collect();
    let says = || caller.lang.fill("log.led_to", &[("names", &names.join(" · "))]);
    Ok((!names.is_empty()).then(says))
}

fn saved_row(edge: &Edge, caller: &Caller, told: &Told) -> Option<Saved> {
    let id: Id<Inquiry> = told.value("id")?.parse().ok()?;
    let stored = edge.app.state.inquiries.get(id).ok()??;
    let live = !stored.row.removed && stored.row.facts.by == caller.by();
    live.then(|| Saved {
        id: id.to_string(),
        at: clock_time(caller.lang, stored.row.facts.asked, &edge.app.zone),
        masked: told.value("masked").and_then(|it| it.parse().ok()).unwrap_or(0),
        outcome: stored.row.facts.outcome.name().name().to_owned(),
    })
}

pub(super) async fn save(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    if fields.get("act") == "look_up" {
        return Ok(page(&build(&edge, &caller, &fields, vec![]).await?));
    }
    let entry = read_entry(&edge, &fields, (Source::Screen, caller.by()))?;
    let (desk, channel) = (entry.desk.clone(), entry.channel);
    let logged = match edge.off_thread(move |app| app.log(entry)).await? {
        Ok(logged) => logged,
        Err(error) => return back(&edge, &caller, fields, error).await,
    };
    edge.see_writes().await;
    let told = Told::new(SAVED)
        .with("id", &logged.id.to_string())
        .with("masked", &logged.masked.to_string());
    let onward = edge.onward(To::Log, &[]).saying(&told);
    let onward = onward.cookie(Cookie::Channel, channel.name(), Keep::Year);
    Ok(onward.cookie(Cookie::Desk, &desk, Keep::Year).into_response())
}

/// Reads an entry from a form's fields. What is not chosen is what was offered first.
pub(super) fn read_entry(
    edge: &Edge,
    fields: &Fields,
    (source, by): (Source, By),
) -> Result<Entry, HttpError> {
    let settings = edge.app.state.settings();
    let channel = Channel::parse(&fields.get("channel"));
    let channel = channel.or_else(|| settings.channels.first().copied());
    let id = fields.get("key").parse().map_err(|_| HttpError::Invalid)?;
    let desk = fields.find("desk").or_else(|| settings.desks.first().cloned());
    Ok(Entry {
        id,
        text: fields.find("text"),
        asked: edge.app.now(),
        channel: channel.unwrap_or(Channel::Phone),
        desk: desk.unwrap_or_default(),
        outcome: read_outcome(fields)?,
        note: fields.find("note"),
        count: 1,
        counts_only: false,
        source,
        by,
    })
}

/// The outcome follows from the button that was pressed.
fn read_outcome(fields: &Fields) -> Result<Outcome, HttpError> {
    if let Some(address) = fields.find("page") {
        return Ok(Outcome::Page { address });
    }
    if let Some(id) = fields.find("same_as") {
        let inquiry = id.parse().map_err(|_| HttpError::Invalid)?;
        return Ok(Outcome::SameAs { inquiry });
    }
    match fields.find("outcome") {
        None => Ok(Outcome::Unknown),
        Some(name) => {
            said(OutcomeName::parse(&name).ok_or(HttpError::Invalid)?).ok_or(HttpError::Invalid)
        }
    }
}

/// An outcome that needs nothing beside its name.
fn said(name: OutcomeName) -> Option<Outcome> {
    match name {
        OutcomeName::Answered => Some(Outcome::Answered),
        OutcomeName::NotOnSite => Some(Outcome::NotOnSite),
        OutcomeName::PassedOn => Some(Outcome::PassedOn),
        OutcomeName::OwnCase => Some(Outcome::OwnCase),
        OutcomeName::Unknown => Some(Outcome::Unknown),
        OutcomeName::Page | OutcomeName::SameAs => None,
    }
}

/// Gives the form back with all that was typed and what is wrong.
async fn back(
    edge: &Edge,
    caller: &Caller,
    mut fields: Fields,
    error: LogError,
) -> Result<Response, HttpError> {
    let (field, key) = match error {
        LogError::Entry(EntryError::NoWords) => ("text", "log.too_short"),
        LogError::Entry(EntryError::TooLong) => ("text", "log.too_long"),
        LogError::Entry(EntryError::NoteTooLong) => ("note", "log.too_long"),
        LogError::Journal(JournalError::KeyReused { .. }) => {
            // Under the old key it would be refused for ever.
            fields.forget("key");
            ("text", "log.key_reused")
        }
        LogError::Entry(_) => return Err(HttpError::Invalid),
        LogError::Journal(error) => return Err(error.into()),
    };
    let text = caller.lang.text(key).to_owned();
    Ok(wrong(&build(edge, caller, &fields, vec![FieldError { field, text }]).await?))
}

/// Whether an entry is one's own and young enough to be changed.
async fn own_entry(edge: &Edge, caller: &Caller, id: &str) -> Result<Id<Inquiry>, HttpError> {
    let id: Id<Inquiry> = id.parse().map_err(|_| HttpError::NotFound)?;
    let stored = edge.off_thread(move |app| app.state.inquiries.get(id)).await??;
    let facts = stored.ok_or(HttpError::NotFound)?.row.facts;
    let is_own = facts.by.is_some() && facts.by == caller.by();
    let is_young = edge.app.now() - OWN_SPAN < facts.asked;
    (is_own && is_young).then_some(id).ok_or(HttpError::Forbidden)
}

pub(super) async fn set_outcome(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, HttpError> {
    let outcome = OutcomeName::parse(&fields.get("outcome")).and_then(said);
    let outcome = outcome.ok_or(HttpError::Invalid)?;
    let id = own_entry(&edge, &caller, &id).await?;
    let changed =
        edge.off_thread(move |app| app.edit_inquiry(id, |entry| Entry { outcome, ..entry }));
    changed.await??;
    edge.see_writes().await;
    Ok(edge.onward(To::Log, &[]).saying(&Told::new("log.outcome_set")).into_response())
}

pub(super) async fn undo(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
    _: Fields,
) -> Result<Response, HttpError> {
    let id = own_entry(&edge, &caller, &id).await?;
    let by = caller.by();
    edge.off_thread(move |app| app.set_removed(id, true, by)).await??;
    edge.see_writes().await;
    Ok(edge.onward(To::Log, &[]).saying(&Told::new("log.undone")).into_response())
}
