//! A reader as the list shows it, with the last letter and how it went.

use std::collections::HashMap;
use std::sync::Arc;

use super::id_of;
use crate::http::Edge;
use crate::http::edge::caller::Caller;
use crate::http::pages::ReaderSeen;
use crate::id::Id;
use crate::jobs::words;
use crate::post::{LetterRow, ReaderRow, Subscriber, Telling, Way};
use crate::rows::Stored;
use crate::schedule::Schedule;

type Reader = Arc<Stored<ReaderRow>>;

/// These readers; the ledger is gone through once for all of them.
pub(super) fn seen(edge: &Edge, caller: &Caller, readers: &[&Reader]) -> Vec<ReaderSeen> {
    let mut last: HashMap<Id<Subscriber>, Option<Arc<Stored<LetterRow>>>> =
        readers.iter().map(|it| (id_of(it), None)).collect();
    for letter in edge.app.state.letters.read().iter() {
        if let Some(newest) = last.get_mut(&letter.row.reader)
            && newest.as_ref().is_none_or(|it| it.row.written <= letter.row.written)
        {
            *newest = Some(Arc::clone(letter));
        }
    }
    let of = |it: &Reader| last.get(&id_of(it)).cloned().flatten();
    readers.iter().map(|it| one(edge, caller, it, of(it).as_deref())).collect()
}

fn one(
    edge: &Edge,
    caller: &Caller,
    reader: &Stored<ReaderRow>,
    last: Option<&Stored<LetterRow>>,
) -> ReaderSeen {
    let row = &reader.row;
    let usual = edge.app.state.schedule(crate::schedule::Job::Digest);
    let own = |rhythm| words::rhythm(caller.lang, &Schedule { is_on: true, rhythm, ..usual });
    let by = row.set_up_by.filter(|it| Some(*it) != row.person);
    ReaderSeen {
        id: id_of(reader).to_string(),
        name: row.name.clone(),
        mail: row.mail.clone(),
        chat: row.chat.as_ref().map(|it| it.kind.name()),
        often: row.wishes.often.name(),
        edition: row.wishes.edition.name(),
        lang: row.lang.code(),
        at: row.wishes.at.map(own),
        notices: row.wishes.notices.iter().map(|it| it.name()).collect(),
        by: by.and_then(|it| edge.app.person_name(it)),
        state: state(edge, row),
        refused: refused(row),
        last: last.map(|it| went(edge, caller, row, &it.row)),
    }
}

/// How a reader stands, as a code.
pub(in crate::http) fn state(edge: &Edge, row: &ReaderRow) -> &'static str {
    let person = row.person.map(|it| edge.app.state.people.get(it.uuid()));
    let is_closed = person.is_some_and(|it| it.is_none_or(|it| it.row.disabled));
    match row {
        _ if is_closed => "closed",
        ReaderRow { waits: true, .. } => "asked",
        ReaderRow { refused: Some(_), .. } => "refused",
        ReaderRow { .. } => "open",
    }
}

/// What the mail server said against the address.
pub(in crate::http) fn refused(row: &ReaderRow) -> Option<String> {
    let refusal = row.refused.as_ref().filter(|_| row.chat.is_none())?;
    Some(refusal.says.clone()).filter(|it| !it.is_empty())
}

/// What a letter told and how it went.
fn went(edge: &Edge, caller: &Caller, reader: &ReaderRow, letter: &LetterRow) -> String {
    let lang = caller.lang;
    let at = |at| edge.day_and_time(caller, at);
    let told = match letter.of {
        Telling::Week(week) => lang.fill("readers.told.week", &[("n", &week.number().to_string())]),
        Telling::Month(week) => {
            lang.fill("readers.told.month", &[("n", &week.number().to_string())])
        }
        Telling::Notice { of, .. } => lang.text(&format!("readers.notice.{}", of.name())).into(),
        Telling::Consent { .. } => lang.text("readers.told.consent").to_owned(),
    };
    // What a chat's server says may quote the address, which is a secret.
    let says = |says: &str| {
        let is_shown = reader.chat.is_none() && !says.is_empty();
        if is_shown { format!(" {says}") } else { String::new() }
    };
    let how = match (&letter.ended, &letter.tries, letter.way) {
        (Some((how, when, said)), ..) => {
            let how = lang.fill(&format!("readers.went.{}", how.name()), &[("at", &at(*when))]);
            how + &says(said)
        }
        (None, _, Way::Spared) => lang.text("readers.went.spared").to_owned(),
        (None, _, Way::Outbox) => lang.fill("readers.went.outbox", &[("at", &at(letter.written))]),
        (None, None, Way::Mail | Way::Chat) => lang.text("readers.went.waits").to_owned(),
        (None, Some(tries), Way::Mail | Way::Chat) => {
            let (n, last) = (tries.n.to_string(), at(tries.last));
            lang.fill("readers.went.tried", &[("n", &n), ("at", &last)]) + &says(&tries.says)
        }
    };
    format!("{told}: {how}")
}
