//! One's own account: who one is here, and the secret address of one's feed.

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields};
use super::edge::notice::Told;
use super::pages::{self, AccountPage, FeedSeen};
use super::routes::To;
use super::{Edge, page};
use crate::app::{NewLink, OutError};
use crate::id::Id;
use crate::people::{LeadsTo, Role, TokenText};
use crate::week::day_of_number;

pub(super) async fn show(
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
    })
}

/// Who may read the gaps may read news of them.
fn reads_gaps(role: Role) -> bool {
    matches!(role, Role::Auditor | Role::Editor | Role::Admin)
}

pub(super) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let who = caller.signed_in.as_ref().ok_or(HttpError::SignIn)?;
    let person = who.person;
    if !reads_gaps(who.role) {
        return Err(HttpError::Forbidden);
    }
    match fields.get("change").as_str() {
        "make_feed" => {
            let leads_to = LeadsTo::Feed { person };
            let new = NewLink { public: fields.get("public"), leads_to, until: None };
            let made = edge.off_thread(move |app| app.make_link(new, Some(person))).await?;
            edge.see_writes().await;
            match made {
                Ok(text) => {
                    let address = super::links::address(&edge, To::Feed, &text);
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
