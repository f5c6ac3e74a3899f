//! One's own account: who one is here, one's way in, the secret address of one's feed, one's
//! letters.

mod access;
pub(in crate::http) mod welcome;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::app::{NewLink, NewReader, OutError, SignedIn};
use crate::digest::{Edition, eml};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{self, AccountPage, FeedSeen, FieldError, OwnLetter, WishesForm};
use crate::http::readers::{form, id_of, may_have_gaps, own};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::id::Id;
use crate::people::{LeadsTo, Role, TokenText};
use crate::post::{NoticeOf, Wishes};
use crate::week::day_of_number;

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
) -> Result<Response, HttpError> {
    Ok(page(&build(&edge, &caller, None)?))
}

fn build(edge: &Edge, caller: &Caller, made: Option<String>) -> Result<AccountPage, HttpError> {
    let who = caller.signed_in.as_ref().ok_or(HttpError::SignIn)?;
    let feed = edge.app.feed_of(who.person).map(|it| FeedSeen {
        made: edge.day(caller, it.row.made),
        used: it.row.used.map(|it| pages::day(caller.lang, day_of_number(it), edge.year())),
    });
    Ok(AccountPage {
        f: edge.frame(caller, "account.title"),
        name: who.name.clone(),
        role: who.role.name().to_owned(),
        may_have_feed: reads_gaps(who.role),
        feed,
        public: TokenText::new_public(),
        made,
        letter: letter(edge, caller, who),
        access: access::access(edge, caller, who),
    })
}

/// One's letters as they stand; before the first wish, what is usual for the role.
fn letter(edge: &Edge, caller: &Caller, who: &SignedIn) -> OwnLetter {
    let reader = edge.app.reader_of_person(who.person);
    let row = reader.as_ref().map(|it| &it.row);
    let edition = if who.role == Role::Reception { Edition::Desk } else { Edition::Editors };
    let usual = Wishes { edition, ..Wishes::default() };
    let wishes = row.map_or(&usual, |it| &it.wishes);
    let lang = row.map_or(who.lang, |it| it.lang);
    let login = edge.app.state.people.get(who.person.uuid()).map(|it| it.row.login.clone());
    let login = login.map(|it| it.as_str().to_owned()).filter(|it| eml::is_address(it));
    let mail = row.map_or_else(|| login.unwrap_or_default(), |it| it.mail.clone());
    let open = row.filter(|it| !it.stopped);
    let by = open.and_then(|it| it.set_up_by).filter(|it| *it != who.person);
    let mut form = form::shown(edge, (caller.lang, lang), wishes);
    if !may_have_gaps(who.role) {
        form.notices.retain(|it| it.value != NoticeOf::Assigned.name());
    }
    OwnLetter {
        form: WishesForm { mail, ..form },
        state: open.map(|it| own::state(edge, it)),
        refused: open.and_then(own::refused),
        by: by.and_then(|it| edge.app.person_name(it)),
    }
}

/// Who may read the gaps may read news of them.
fn reads_gaps(role: Role) -> bool {
    matches!(role, Role::Auditor | Role::Editor | Role::Admin)
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let who = caller.signed_in.as_ref().ok_or(HttpError::SignIn)?;
    let person = who.person;
    let change = fields.get("change");
    if matches!(change.as_str(), "make_feed" | "end_feed") && !reads_gaps(who.role) {
        return Err(HttpError::Forbidden);
    }
    match change.as_str() {
        "passphrase" | "prove" | "end_session" | "end_others" => {
            let error = match access::change(&edge, &caller, (who, &fields)).await? {
                Ok(onward) => return Ok(onward),
                Err(error) => error,
            };
            let mut built = build(&edge, &caller, None)?;
            built.access.errors = vec![error];
            Ok(wrong(&built))
        }
        "letter" => subscribe(&edge, &caller, (who, &fields)).await,
        "stop_letter" => {
            if let Some(reader) = edge.app.reader_of_person(person).filter(|it| !it.row.stopped) {
                let id = id_of(&reader);
                edge.off_thread(move |app| app.stop_reader(id, Some(person))).await??;
                edge.see_writes().await;
            }
            let told = Told::new("account.letter_stopped");
            Ok(edge.onward(To::Account, &[]).saying(&told).into_response())
        }
        "make_feed" => {
            let leads_to = LeadsTo::Feed { person };
            let new = NewLink { public: fields.get("public"), leads_to, until: None };
            let made = edge.off_thread(move |app| app.make_link(new, Some(person))).await?;
            edge.see_writes().await;
            match made {
                Ok(text) => {
                    let address = crate::http::links::address(&edge, To::Feed, &text);
                    Ok(page(&build(&edge, &caller, Some(address))?))
                }
                Err(OutError::MadeBefore) => Ok(edge.onward(To::Account, &[]).into_response()),
                Err(error) => Err(error.into()),
            }
        }
        "end_feed" => {
            if let Some(feed) = edge.app.feed_of(person) {
                let id = Id::from_uuid(feed.id);
                edge.off_thread(move |app| app.end_link(id, Some(person))).await??;
                edge.see_writes().await;
            }
            let told = Told::new("account.feed_ended");
            Ok(edge.onward(To::Account, &[]).saying(&told).into_response())
        }
        _ => Err(HttpError::Invalid),
    }
}

/// Takes one's wishes. Another address is another reader, so that the one before it stops.
async fn subscribe(
    edge: &Edge,
    caller: &Caller,
    (who, fields): (&SignedIn, &Fields),
) -> Result<Response, HttpError> {
    let sent = form::sent(fields)?;
    let (person, mail) = (who.person, fields.get("mail"));
    let back = |error| back(edge, caller, fields, error);
    if !sent.has_time {
        return back(form::error(caller.lang, "at", "readers.wrong_at"));
    }
    // Nobody takes over the letters of a colleague by naming their address: one that letters go
    // to already is one's own by the account's name only, and any other is asked first.
    let wanted = mail.trim().to_lowercase();
    let is_own = edge.app.state.people.get(person.uuid());
    let is_own = is_own.is_some_and(|it| it.row.login.as_str() == wanted);
    let readers = edge.app.readers();
    let same = readers.iter().find(|it| it.row.chat.is_none() && it.row.mail == wanted);
    let is_mine = same.is_some_and(|it| it.row.person == Some(person));
    if same.is_some() && !is_mine && !is_own {
        return back(form::error(caller.lang, "mail", "account.letter_taken"));
    }
    let before = edge.app.reader_of_person(person).filter(|it| !it.row.stopped);
    let before = before.map(|it| id_of(&it));
    let new = NewReader {
        wishes: sent.wishes,
        person: Some(person),
        // Whoever has said yes before is not asked again.
        asks: !is_own,
        ..NewReader::new(who.name.clone(), mail, sent.lang)
    };
    let added = edge.off_thread(move |app| {
        let id = app.add_reader(new, Some(person))?;
        match before.filter(|it| *it != id) {
            Some(before) => app.stop_reader(before, Some(person)).map(|()| id),
            None => Ok(id),
        }
    });
    let id = match added.await? {
        Ok(id) => id,
        Err(fault) => return back(form::wrong(caller.lang, fault)?),
    };
    edge.see_writes().await;
    let waits = edge.app.reader(id).is_some_and(|it| it.row.waits);
    let told = Told::new(if waits { "account.letter_asked" } else { "account.letter_saved" });
    Ok(edge.onward(To::Account, &[]).saying(&told).into_response())
}

/// Gives the page back with what was typed and what is wrong.
fn back(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
    error: FieldError,
) -> Result<Response, HttpError> {
    let mut built = build(edge, caller, None)?;
    built.letter.form = form::typed(edge, caller, (fields, &built.letter.form), error)?;
    Ok(wrong(&built))
}
