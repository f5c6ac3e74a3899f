//! The desks and the channels: added, named, put in order, archived and put back.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::{seen, version};
use crate::app::{Decider, DecisionError};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{FieldError, NameField, PlaceList, PlaceSeen, PlacesPage};
use crate::http::routes::To;
use crate::http::{Edge, page, stale, wrong};
use crate::inquiry::Channel;
use crate::messages::Lang;
use crate::organisation::{Desk, Labels, Names, PlaceChange, PlaceError, Settings, Way};

/// What was last typed or done, when the page comes back.
#[derive(Default)]
struct Last {
    fields: Fields,
    error: Option<PlaceError>,
    /// What was moved: its kind, its key and which way.
    moved: Option<(String, String, &'static str)>,
}

impl Edge {
    /// What desks and channels are called in a language.
    pub(in crate::http) fn labels(&self, lang: Lang) -> Labels {
        self.app.state.settings().labels(lang)
    }
}

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    let told = caller.notice.as_deref().and_then(Told::parse);
    let moved = told.filter(|it| it.key == "places.moved").and_then(|it| {
        let way = if it.value("way") == Some("down") { "down" } else { "up" };
        Some((it.value("kind")?.to_owned(), it.value("place")?.to_owned(), way))
    });
    page(&build(&edge, &caller, &Last { moved, ..Last::default() }))
}

fn build(edge: &Edge, caller: &Caller, last: &Last) -> PlacesPage {
    let settings = edge.app.state.settings();
    let is_add = last.fields.get("change") == "add";
    let added = |lang| if is_add { typed(&last.fields, lang) } else { String::new() };
    let error = last
        .error
        .filter(|_| is_add)
        .map(|it| FieldError { field: "name", text: caller.lang.text(says(it)).to_owned() });
    PlacesPage {
        version: version(edge),
        desks: desks(edge, caller, (&settings, last)),
        channels: channels(caller, &settings, last),
        added: names(&settings, added),
        errors: error.into_iter().collect(),
        conflict: false,
        f: edge.frame(caller, "places.title"),
    }
}

fn desks(edge: &Edge, caller: &Caller, (settings, last): (&Settings, &Last)) -> PlaceList {
    let seen = |desk: &Desk| {
        let at = settings.desks.iter().position(|it| it.key == desk.key).unwrap_or(0);
        let given = |lang| match desk.names.given(lang) {
            Some(name) => name.to_owned(),
            // What is not written down is what the field would be empty for.
            None if lang == settings.lang => desk.name(lang, lang).to_owned(),
            None => String::new(),
        };
        let place = PlaceSeen {
            kind: "desk",
            id: format!("desk-{at}"),
            key: desk.key.clone(),
            name: desk.name(caller.lang, settings.lang).to_owned(),
            usual: None,
            is_offered: !desk.is_archived,
            may_go: !desk.is_archived,
            is_new: edge.app.is_ready() && !edge.app.is_desk_used(&desk.key),
            moves: (false, false),
            at: "",
            names: names(settings, given),
            error: None,
        };
        with_last(caller, place, (settings, last))
    };
    let archived = settings.desks.iter().filter(|it| it.is_archived);
    PlaceList {
        offered: in_order(settings.offered_desks().map(seen).collect()),
        archived: archived.map(seen).collect(),
    }
}

fn channels(caller: &Caller, settings: &Settings, last: &Last) -> PlaceList {
    let labels = settings.labels(caller.lang);
    let seen = |channel: Channel| {
        let names = |lang| {
            let names = settings.channel_names.get(&channel);
            names.and_then(|it| it.given(lang)).unwrap_or_default().to_owned()
        };
        let is_offered = settings.channels.contains(&channel);
        let place = PlaceSeen {
            kind: "channel",
            id: format!("channel-{channel}"),
            key: channel.name().to_owned(),
            name: labels.channel(channel),
            usual: Some(caller.lang.text(&format!("channel.{channel}")).to_owned()),
            is_offered,
            may_go: is_offered && 1 < settings.channels.len(),
            is_new: false,
            moves: (false, false),
            at: "",
            names: self::names(settings, names),
            error: None,
        };
        with_last(caller, place, (settings, last))
    };
    let all = settings.channels_to_find().into_iter();
    let (offered, archived): (Vec<_>, Vec<_>) = all.partition(|it| settings.channels.contains(it));
    PlaceList {
        offered: in_order(offered.into_iter().map(seen).collect()),
        archived: archived.into_iter().map(seen).collect(),
    }
}

/// The same, each with whether it can be moved.
fn in_order(mut places: Vec<PlaceSeen>) -> Vec<PlaceSeen> {
    let n = places.len();
    for (at, place) in places.iter_mut().enumerate() {
        place.moves = (0 < at, at + 1 < n);
    }
    places
}

/// A field for each language, that of the organisation first.
fn names(settings: &Settings, value: impl Fn(Lang) -> String) -> Vec<NameField> {
    let mut langs = Lang::ALL;
    langs.sort_by_key(|it| *it != settings.lang);
    let field = |lang: Lang| NameField {
        lang: lang.code(),
        value: value(lang),
        is_needed: lang == settings.lang,
    };
    langs.into_iter().map(field).collect()
}

fn typed(fields: &Fields, lang: Lang) -> String {
    fields.get(&format!("name_{}", lang.code()))
}

/// A place as it stands, or as it was typed and is wrong.
fn with_last(caller: &Caller, place: PlaceSeen, (settings, last): (&Settings, &Last)) -> PlaceSeen {
    let is_this = |kind: &str, key: &str| kind == place.kind && key == place.key;
    if let Some((kind, key, way)) = &last.moved
        && is_this(kind, key)
    {
        return PlaceSeen { at: way, ..place };
    }
    let (kind, key) = (last.fields.get("kind"), last.fields.get("place"));
    if !is_this(&kind, &key) {
        return place;
    }
    let error = last.error.map(|it| caller.lang.text(says(it)).to_owned());
    if last.fields.get("change") != "rename" {
        return PlaceSeen { error, ..place };
    }
    let names = names(settings, |it| typed(&last.fields, it));
    PlaceSeen { error, names, at: "rename", ..place }
}

const fn says(error: PlaceError) -> &'static str {
    match error {
        PlaceError::NoName => "places.wrong_no_name",
        PlaceError::Name => "places.wrong_name",
        PlaceError::Taken => "places.wrong_taken",
        PlaceError::TooMany => "places.wrong_many",
        PlaceError::TooManyKept => "places.wrong_many_kept",
        PlaceError::TooMuch => "places.wrong_much",
        PlaceError::LastChannel => "places.wrong_last",
        PlaceError::Unknown => "places.wrong_unknown",
        PlaceError::Used => "places.wrong_used",
    }
}

/// What a form asks for, and the sentence for when it is done.
fn read(fields: &Fields) -> Option<(PlaceChange, &'static str)> {
    let names = || Lang::ALL.into_iter().map(|it| (it, typed(fields, it))).collect::<Names>();
    let (change, key) = (fields.get("change"), fields.get("place"));
    if fields.get("kind") == "desk" {
        return Some(match change.as_str() {
            "add" => (PlaceChange::AddDesk(names()), "places.added"),
            "rename" => (PlaceChange::RenameDesk(key, names()), "places.renamed"),
            "up" => (PlaceChange::MoveDesk(key, Way::Up), "places.moved"),
            "down" => (PlaceChange::MoveDesk(key, Way::Down), "places.moved"),
            "archive" => (PlaceChange::ArchiveDesk(key), "places.was_archived"),
            "put_back" => (PlaceChange::PutBackDesk(key), "places.was_put_back"),
            "remove" => (PlaceChange::RemoveDesk(key), "places.was_removed"),
            _ => return None,
        });
    }
    let channel = Channel::parse(&key).filter(|_| fields.get("kind") == "channel")?;
    Some(match change.as_str() {
        "rename" => (PlaceChange::RenameChannel(channel, names()), "places.renamed"),
        "up" => (PlaceChange::MoveChannel(channel, Way::Up), "places.moved"),
        "down" => (PlaceChange::MoveChannel(channel, Way::Down), "places.moved"),
        "archive" => (PlaceChange::ArchiveChannel(channel), "places.was_archived"),
        "put_back" => (PlaceChange::PutBackChannel(channel), "places.was_put_back"),
        _ => return None,
    })
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let (change, done) = read(&fields).ok_or(HttpError::Invalid)?;
    let who = Decider { by: caller.by(), version: seen(&fields)? };
    let settings = edge.app.state.settings();
    let (key, is_new) = (change.key(&settings), matches!(change, PlaceChange::AddDesk(_)));
    let is_desk = fields.get("kind") == "desk";
    let before = called(&edge.labels(caller.lang), is_desk, &key);
    match edge.off_thread(move |app| app.change_places(change, who)).await? {
        Ok(_) => {
            edge.see_writes().await;
            // A new desk stands last, under the name that it may have; what was removed has none.
            let settings = edge.app.state.settings();
            let added = settings.desks.last().filter(|_| is_new).map(|it| it.key.clone());
            let key = added.unwrap_or(key);
            let now = called(&edge.labels(caller.lang), is_desk, &key);
            let name = if done == "places.was_removed" { before } else { now };
            let told = Told::new(done).with("name", &name).with("kind", &fields.get("kind"));
            let told = told.with("place", &key).with("way", &fields.get("change"));
            Ok(edge.onward(To::Places, &[]).saying(&told).into_response())
        }
        Err(DecisionError::Place(error)) => {
            let last = Last { fields, error: Some(error), moved: None };
            Ok(wrong(&build(&edge, &caller, &last)))
        }
        Err(DecisionError::Conflict) => {
            // Names that were typed are not lost; all else is shown as it stands.
            let last = Last { fields, ..Last::default() };
            Ok(stale(&PlacesPage { conflict: true, ..build(&edge, &caller, &last) }))
        }
        Err(error) => Err(error.into()),
    }
}

/// The name of a desk or a channel by its key; a desk may have a key that is a channel's too.
fn called(labels: &Labels, is_desk: bool, key: &str) -> String {
    match Channel::parse(key) {
        Some(channel) if !is_desk => labels.channel(channel),
        Some(_) | None => labels.desk(key).to_owned(),
    }
}
