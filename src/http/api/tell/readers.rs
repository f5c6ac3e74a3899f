//! Who gets letters. The mail address is the key: sent again, the reader is changed.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::{App, LetterFault, NewReader};
use crate::digest::Edition;
use crate::http::Edge;
use crate::http::api::op::{Call, Given, List, Nothing, Page, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::http::readers::again;
use crate::id::Id;
use crate::messages::Lang;
use crate::people::{Role, Scope};
use crate::post::{Chat, ChatKind, NoticeOf, Often, ReaderRow, Subscriber, Wishes};
use crate::rows::Stored;
use crate::schedule::Rhythm;

/// Which readers are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ReadersAsked {
    /// So many at a time; 50 when left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 500))]
    limit: Option<u16>,
    /// What follows a part that was told, as it stands in `next`.
    #[serde(default)]
    cursor: Option<String>,
}

/// Somebody who gets letters.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct ReaderSeen {
    id: String,
    name: String,
    /// Empty for a chat.
    mail: String,
    #[schemars(schema_with = "shapes::lang")]
    lang: &'static str,
    #[schemars(schema_with = "shapes::often")]
    often: &'static str,
    edition: &'static str,
    /// When in the week, such as `monday 07:00`; null for the usual time.
    at: Option<String>,
    empty_too: bool,
    #[schemars(schema_with = "shapes::notices")]
    notices: Vec<&'static str>,
    /// How it stands: `open`, `waits` for an answer, `refused` by the mail server, `stopped`.
    state: ReaderState,
    /// The version that a change is held against.
    version: u32,
}

/// How a reader stands.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ReaderState {
    /// Letters go.
    Open,
    /// The reader has not said yes yet.
    Waits,
    /// The mail server has refused the address.
    Refused,
    /// No letters go.
    Stopped,
}

/// Somebody who is to get letters by mail.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = serde_json::json!({
    "name": "Kari Lid", "mail": "kari@example.org", "lang": "nn", "often": "weekly",
}))]
pub(in crate::http) struct ReaderSent {
    #[schemars(length(min = 1, max = 120))]
    name: String,
    /// Must be there but for a chat.
    #[serde(default)]
    #[schemars(length(min = 3, max = 200))]
    mail: Option<String>,
    #[schemars(schema_with = "shapes::lang")]
    lang: Lang,
    /// `weekly` when left out.
    #[serde(default)]
    #[schemars(schema_with = "shapes::often")]
    often: Often,
    #[serde(default)]
    edition: EditionSent,
    /// When in the week, such as `monday 07:00`; the usual time when left out.
    #[serde(default)]
    #[schemars(length(max = 20))]
    at: Option<String>,
    /// Whether a letter comes of a week without anything to decide.
    #[serde(default)]
    empty_too: bool,
    #[serde(default)]
    #[schemars(schema_with = "shapes::notices")]
    notices: BTreeSet<NoticeOf>,
}

/// For whom a letter is written.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum EditionSent {
    /// For editors.
    #[default]
    Editors,
    /// For the desk.
    Desk,
}

fn seen(it: &Stored<ReaderRow>) -> ReaderSeen {
    let row = &it.row;
    ReaderSeen {
        id: Id::<Subscriber>::from_uuid(it.id).to_string(),
        name: row.name.clone(),
        mail: row.mail.clone(),
        lang: row.lang.code(),
        often: row.wishes.often.name(),
        edition: row.wishes.edition.name(),
        at: row.wishes.at.map(|it| it.to_string()),
        empty_too: row.wishes.empty_too,
        notices: row.wishes.notices.iter().map(|it| it.name()).collect(),
        state: match row {
            row if row.stopped => ReaderState::Stopped,
            row if row.waits => ReaderState::Waits,
            row if row.refused.is_some() => ReaderState::Refused,
            _ => ReaderState::Open,
        },
        version: it.version,
    }
}

pub(in crate::http) async fn list(
    call: Call<ReadersAsked>,
) -> Result<Given<List<ReaderSeen>>, Wrong> {
    let page = Page::read(call.query.limit, call.query.cursor.as_deref())?;
    let readers = call.edge.app.readers();
    let total = readers.len();
    let (part, next) = page.of(readers, |it| it.id.to_string());
    Ok(call.list(part.iter().map(|it| seen(it)).collect(), Some(total), next))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<ReaderSeen>, Wrong> {
    let row = call.edge.app.reader(call.id()?).ok_or(HttpError::NotFound)?;
    Ok(Given::at(seen(&row), row.version))
}

impl ReaderSent {
    fn wishes(&self) -> Result<Wishes, Wrong> {
        let at = self.at.as_ref().map(|it| it.parse::<Rhythm>()).transpose();
        let at = at.map_err(|_| Wrong::field("at", "a day and a time, such as monday 07:00"))?;
        let edition = match self.edition {
            EditionSent::Editors => Edition::Editors,
            EditionSent::Desk => Edition::Desk,
        };
        let Self { often, empty_too, notices, .. } = self;
        Ok(Wishes { often: *often, edition, at, empty_too: *empty_too, notices: notices.clone() })
    }

    /// A reader as they are to be; `old` is who stood there before, if anybody.
    fn reader(&self, edge: &Edge, old: Option<&ReaderRow>) -> Result<NewReader, Wrong> {
        let wishes = self.wishes()?;
        let chat = old.and_then(|it| it.chat.clone());
        let mail = match (&self.mail, &chat) {
            (_, Some(_)) => String::new(),
            (Some(mail), None) => mail.clone(),
            (None, None) => return Err(Wrong::field("mail", "it must be there")),
        };
        let asks = chat.is_none() && !edge.app.is_own_address(&mail, &edge.jobs.options().from);
        let person = old.and_then(|it| it.person);
        let new = NewReader::new(self.name.clone(), mail, self.lang);
        Ok(NewReader { wishes, asks, person, chat, ..new })
    }
}

/// Who gets letters at a mail address.
fn at_address(edge: &Edge, mail: &str) -> Option<Arc<Stored<ReaderRow>>> {
    let mail = mail.trim().to_lowercase();
    edge.app.readers().into_iter().find(|it| it.row.chat.is_none() && it.row.mail == mail)
}

pub(in crate::http) async fn add(call: Call<Nothing, ReaderSent>) -> Result<String, Wrong> {
    let known = call.body.mail.as_deref().and_then(|it| at_address(&call.edge, it));
    let (new, by) = (call.body.reader(&call.edge, known.as_ref().map(|it| &it.row))?, call.by());
    let added = call.run(move |app| app.add_reader(new, by)).await?;
    added.map(|it| it.to_string()).map_err(wrong)
}

/// The reader of the address; a chat is an administrator's to change.
fn found<Q, B>(call: &Call<Q, B>) -> Result<Arc<Stored<ReaderRow>>, Wrong> {
    let part = call.path.first().map_or("", String::as_str);
    let id: Id<Subscriber> = part.parse().map_err(|_| HttpError::NotFound)?;
    let row = call.edge.app.reader(id).ok_or(HttpError::NotFound)?;
    let is_admin = call.caller.role() == Some(Role::Admin)
        || call.caller.machine().is_some_and(|it| it.may(Scope::Admin));
    if row.row.chat.is_some() && !is_admin {
        return Err(HttpError::Forbidden.into());
    }
    if call.version.is_some_and(|it| it != row.version) {
        return Err(Wrong::Stale(None));
    }
    Ok(row)
}

/// Another address is another reader, so that the old one stops.
pub(in crate::http) async fn put(call: Call<Nothing, ReaderSent>) -> Result<Option<String>, Wrong> {
    let (old, by) = (found(&call)?, call.by());
    let new = call.body.reader(&call.edge, Some(&old.row))?;
    let other = at_address(&call.edge, &new.mail).filter(|it| it.id != old.id);
    if new.chat.is_none() && other.is_some() {
        return Err(Wrong::field("mail", "another reader has it"));
    }
    let before = Id::<Subscriber>::from_uuid(old.id);
    let put = move |app: &App| {
        let id = app.add_reader(new, by)?;
        if id != before {
            app.stop_reader(before, by)?;
        }
        Ok(id)
    };
    let id = call.run(put).await?.map_err(wrong)?;
    Ok(Some(id.to_string()))
}

/// What is done with a reader.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::http) enum ReaderStep {
    /// Letters go again to whoever was stopped; outside addresses are asked anew.
    PutBack {},
}

pub(in crate::http) async fn step(
    call: Call<Nothing, ReaderStep>,
) -> Result<Option<String>, Wrong> {
    let (row, by) = (found(&call)?, call.by());
    let ReaderStep::PutBack {} = call.body;
    if !row.row.stopped {
        return Err(Wrong::Unfit("letters go already".to_owned()));
    }
    let new = again(&call.edge, &row.row);
    call.run(move |app| app.add_reader(new, by)).await?.map_err(wrong)?;
    Ok(None)
}

/// A chat that is to be told.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ChatSent {
    #[schemars(length(min = 1, max = 120))]
    name: String,
    #[schemars(schema_with = "shapes::chat")]
    kind: ChatKind,
    /// The address of its incoming webhook, a secret that is told nowhere.
    #[schemars(length(min = 8, max = 1_000))]
    address: String,
    /// Whether it may lie in a private network.
    #[serde(default)]
    allow_private: bool,
}

/// Adds a chat. Whoever has its address may write there, so it is an administrator's to give.
pub(in crate::http) async fn add_chat(
    call: Call<Nothing, ChatSent>,
) -> Result<Given<ReaderSeen>, Wrong> {
    let ChatSent { name, kind, address, allow_private } = &call.body;
    let address = address.trim().to_owned();
    let chat = Chat { kind: *kind, address, allow_private: *allow_private };
    let lang = call.edge.app.state.settings().lang;
    let new = NewReader { chat: Some(chat), ..NewReader::new(name.clone(), "", lang) };
    let by = call.by();
    let id = call.run(move |app| app.add_reader(new, by)).await?.map_err(wrong)?;
    call.edge.see_writes().await;
    let row = call.edge.app.reader(id).ok_or(HttpError::Busy)?;
    Ok(Given::made_at(seen(&row), row.version))
}

fn wrong(fault: LetterFault) -> Wrong {
    let says = fault.to_string();
    match fault {
        LetterFault::Name => Wrong::field("name", says),
        LetterFault::Mail => Wrong::field("mail", says),
        LetterFault::Chat => Wrong::field("address", says),
        LetterFault::TooMany => Wrong::Unfit(says),
        fault => Wrong::Http(fault.into()),
    }
}

pub(in crate::http) async fn stop(call: Call) -> Result<(), Wrong> {
    let (id, by) = (Id::<Subscriber>::from_uuid(found(&call)?.id), call.by());
    call.run(move |app| app.stop_reader(id, by)).await?.map_err(wrong)
}

pub(in crate::http) async fn retry(call: Call) -> Result<Given<ReaderSeen>, Wrong> {
    let (row, by) = (found(&call)?, call.by());
    let id = Id::<Subscriber>::from_uuid(row.id);
    call.run(move |app| app.retry_reader(id, by)).await?.map_err(wrong)?;
    call.edge.see_writes().await;
    Ok(Given::new(seen(&call.edge.app.reader(id).unwrap_or(row))))
}
