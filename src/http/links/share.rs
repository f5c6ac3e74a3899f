//! The links of a gap, as its own page makes and ends them.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::address;
use crate::app::{LINK_DAYS_MAX, NewLink, OutError};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::gaps::detail::{build, read};
use crate::http::pages::{self, FieldError, LinkSeen, Sharing};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::id::{Id, TopicNumber};
use crate::people::{LeadsTo, Link, LinkRow, TokenText};
use crate::rows::Stored;
use crate::week::{day_of_number, end_of_day, last_day};

/// What the page of a gap shows of its links.
pub(in crate::http) fn sharing(edge: &Edge, caller: &Caller, topic: TopicNumber) -> Sharing {
    let today = edge.app.now().to_zoned(edge.app.zone.clone()).date();
    let day = |days: i64| today.checked_add(days.days()).unwrap_or(today).to_string();
    Sharing {
        links: edge.app.links_of(topic).iter().map(|it| seen(edge, caller, it)).collect(),
        public: TokenText::new_public(),
        term: "7".to_owned(),
        day: String::new(),
        range: (day(1), day(LINK_DAYS_MAX)),
        made: None,
        errors: vec![],
    }
}

fn seen(edge: &Edge, caller: &Caller, link: &Stored<LinkRow>) -> LinkSeen {
    let LinkRow { until, made, by, used, n_days, .. } = &link.row;
    let last = until.map(|it| edge.date(caller, last_day(it, &edge.app.zone)));
    let used = used.map(|it| pages::day(caller.lang, day_of_number(it), edge.year()));
    LinkSeen {
        id: Id::<Link>::from_uuid(link.id).to_string(),
        until: last.unwrap_or_default(),
        made: edge.day(caller, *made),
        by: by.and_then(|it| edge.app.person_name(it)),
        used: used.map(|day| (day, *n_days)),
    }
}

/// Until when a form wants it; a day that is none lies in the past.
fn until(edge: &Edge, fields: &Fields) -> Result<Timestamp, HttpError> {
    let zone = &edge.app.zone;
    let end_of = |day: &str| end_of_day(day, zone).unwrap_or(Timestamp::UNIX_EPOCH);
    match fields.get("term").as_str() {
        days @ ("7" | "30") => {
            let days: i64 = days.parse().map_err(|_| HttpError::Invalid)?;
            let at = edge.app.now() + SignedDuration::from_hours(24 * days);
            Ok(end_of(&at.to_zoned(zone.clone()).date().to_string()))
        }
        "day" => Ok(end_of(&fields.get("day"))),
        _ => Err(HttpError::Invalid),
    }
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, HttpError> {
    let number: TopicNumber = number.parse().map_err(|_| HttpError::NotFound)?;
    let by = caller.by();
    match fields.get("change").as_str() {
        "make" => make(&edge, &caller, (number, &fields)).await,
        "end" => {
            let id: Id<Link> = fields.get("id").parse().map_err(|_| HttpError::NotFound)?;
            edge.off_thread(move |app| app.end_link(id, by)).await??;
            edge.see_writes().await;
            let onward = edge.onward(To::Gap, &[&number.to_string()]);
            Ok(onward.saying(&Told::new("share.was_ended")).into_response())
        }
        _ => Err(HttpError::Invalid),
    }
}

/// Makes a link. The answer shows it, and no page after that can.
async fn make(
    edge: &Edge,
    caller: &Caller,
    (number, fields): (TopicNumber, &Fields),
) -> Result<Response, HttpError> {
    let detail = read(edge, number).await?;
    let topic = detail.topic.number;
    let new = NewLink {
        public: fields.get("public"),
        leads_to: LeadsTo::Gap { topic },
        until: Some(until(edge, fields)?),
    };
    let by = caller.by();
    let made = edge.off_thread(move |app| app.make_link(new, by)).await?;
    edge.see_writes().await;
    let mut built = build(edge, caller, detail);
    let key = match made {
        Ok(text) => {
            built.sharing.made = Some(address(edge, To::Shared, &text));
            return Ok(page(&built));
        }
        Err(OutError::Until) => "share.wrong_until",
        Err(OutError::TooMany) => "share.too_many",
        Err(OutError::MadeBefore) => "share.made_before",
        Err(error) => return Err(error.into()),
    };
    let text = caller.lang.fill(key, &[("days", &LINK_DAYS_MAX.to_string())]);
    built.sharing.errors = vec![FieldError { field: "day", text }];
    (built.sharing.term, built.sharing.day) = (fields.get("term"), fields.get("day"));
    Ok(wrong(&built))
}
