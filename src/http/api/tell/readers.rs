//! Who gets letters. The mail address is the key: sent again, the reader is changed.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::{LetterFault, NewReader};
use crate::digest::Edition;
use crate::http::api::op::{Call, Given, List, Nothing, Page, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::id::Id;
use crate::messages::Lang;
use crate::post::{NoticeOf, Often, ReaderRow, Subscriber, Wishes};
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
pub(in crate::http) struct ReaderSent {
    #[schemars(length(min = 1, max = 120))]
    name: String,
    #[schemars(length(min = 3, max = 200))]
    mail: String,
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
    Ok(Given::new(seen(&row)))
}

pub(in crate::http) async fn add(call: Call<Nothing, ReaderSent>) -> Result<String, Wrong> {
    let sent = &call.body;
    let at = sent.at.as_ref().map(|it| it.parse::<Rhythm>()).transpose();
    let at = at.map_err(|_| Wrong::field("at", "a day and a time, such as monday 07:00"))?;
    let edition = match sent.edition {
        EditionSent::Editors => Edition::Editors,
        EditionSent::Desk => Edition::Desk,
    };
    let (often, empty_too, notices) = (sent.often, sent.empty_too, sent.notices.clone());
    let wishes = Wishes { often, edition, at, empty_too, notices };
    let app = &call.edge.app;
    let mail = sent.mail.trim().to_lowercase();
    let known = app.readers().into_iter().find(|it| it.row.chat.is_none() && it.row.mail == mail);
    let asks = !app.is_own_address(&sent.mail, &call.edge.jobs.options().from);
    let person = known.and_then(|it| it.row.person);
    let new = NewReader {
        wishes,
        asks,
        person,
        ..NewReader::new(sent.name.clone(), sent.mail.clone(), sent.lang)
    };
    let by = call.by();
    let added = call.run(move |app| app.add_reader(new, by)).await?;
    added.map(|it| it.to_string()).map_err(wrong)
}

fn wrong(fault: LetterFault) -> Wrong {
    let says = fault.to_string();
    match fault {
        LetterFault::Name => Wrong::field("name", says),
        LetterFault::Mail => Wrong::field("mail", says),
        LetterFault::TooMany => Wrong::Unfit(says),
        fault => Wrong::Http(fault.into()),
    }
}

pub(in crate::http) async fn stop(call: Call) -> Result<(), Wrong> {
    let (id, by) = (call.id()?, call.by());
    call.edge.app.reader(id).ok_or(HttpError::NotFound)?;
    call.run(move |app| app.stop_reader(id, by)).await?.map_err(wrong)
}

pub(in crate::http) async fn retry(call: Call) -> Result<Given<ReaderSeen>, Wrong> {
    let part = call.path.first().map_or("", String::as_str);
    let id: Id<Subscriber> = part.parse().map_err(|_| HttpError::NotFound)?;
    let row = call.edge.app.reader(id).ok_or(HttpError::NotFound)?;
    let by = call.by();
    call.run(move |app| app.retry_reader(id, by)).await?.map_err(wrong)?;
    call.edge.see_writes().await;
    Ok(Given::new(seen(&call.edge.app.reader(id).unwrap_or(row))))
}
