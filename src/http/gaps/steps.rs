//! The steps in the work on a gap, as its forms send them.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::detail::{build, read};
use crate::app::{Decider, DecisionError, GapDetail};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::{Onward, Told};
use crate::http::pages::{Clash, FieldError, GapForms, GapPage};
use crate::http::routes::To;
use crate::http::{Edge, stale, wrong};
use crate::id::TopicNumber;
use crate::review::{DecideError, Step};
use crate::week::end_of_day;

/// Reads the step that a form asks for.
fn read_step(edge: &Edge, caller: &Caller, fields: &Fields, n: u32) -> Result<Step, HttpError> {
    match fields.get("step").as_str() {
        "take" => Ok(Step::Take { owner: caller.by().ok_or(HttpError::SignIn)? }),
        "assign" => {
            let owner = fields.get("owner").parse().map_err(|_| HttpError::Invalid)?;
            Ok(Step::Take { owner })
        }
        "due" => Ok(Step::Due { until: end_or_none(edge, &fields.get("day")) }),
        "comment" => Ok(Step::Comment { text: fields.get("text").trim().to_owned() }),
        "release" => Ok(Step::Release),
        "link_page" => Ok(Step::LinkPage { address: fields.get("address").trim().to_owned() }),
        "dismiss" => {
            let reason = fields.get("reason").trim().to_owned();
            Ok(Step::Dismiss { reason, inquiries: n })
        }
        "snooze" => Ok(Step::Snooze { until: end_of(edge, &fields.get("until")) }),
        "reopen" => Ok(Step::Reopen),
        "undo" => Ok(Step::Undo),
        _ => Err(HttpError::Invalid),
    }
}

/// The end of a day that a form sends; a day that is none lies in the past.
fn end_of(edge: &Edge, day: &str) -> Timestamp {
    end_of_day(day, &edge.app.zone).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The same for a field that may be empty: then there is none.
fn end_or_none(edge: &Edge, day: &str) -> Option<Timestamp> {
    (!day.trim().is_empty()).then(|| end_of(edge, day))
}

pub(in crate::http) async fn decide(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, HttpError> {
    let number: TopicNumber = number.parse().map_err(|_| HttpError::NotFound)?;
    let detail = read(&edge, number).await?;
    if fields.get("step") == "look_again" {
        return look_again(&edge, &caller, &detail);
    }
    let step = read_step(&edge, &caller, &fields, detail.topic.demand.inquiries)?;
    // What is said takes nothing from anybody, whatever was done meanwhile.
    let is_said = matches!(step, Step::Comment { .. });
    let version = if is_said { None } else { Some(fields.version()?) };
    let who = Decider { by: caller.by(), version };
    let name = step.name().name();
    let linked = match &step {
        Step::LinkPage { address } => Some(address.clone()),
        _ => None,
    };
    match edge.off_thread(move |app| app.step(number, step, who)).await? {
        Ok(_) => {
            edge.see_writes().await;
            if let Some(address) = linked {
                read_linked(&edge, &caller, (number, address));
            }
            Ok(done(&edge, &caller, number, name).into_response())
        }
        Err(DecisionError::Decide(error)) => {
            let wrong_page = filled(&edge, &caller, detail, &fields);
            let errors = vec![step_error(&caller, error)?];
            Ok(wrong(&GapPage { forms: GapForms { errors, ..wrong_page.forms }, ..wrong_page }))
        }
        Err(DecisionError::Conflict) => {
            // What the other one did may not be in the view yet.
            edge.see_writes().await;
            let theirs = read(&edge, number).await?;
            let stale_page = filled(&edge, &caller, theirs, &fields);
            let conflict = Some(clash(&caller, &stale_page, &fields));
            Ok(stale(&GapPage { forms: GapForms { conflict, ..stale_page.forms }, ..stale_page }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Reads a linked page once more, for who does not want to wait for the night.
fn look_again(edge: &Edge, caller: &Caller, detail: &GapDetail) -> Result<Response, HttpError> {
    let number = detail.topic.number;
    let address = detail.topic.state.address().ok_or(HttpError::Conflict)?;
    read_linked(edge, caller, (number, address));
    let onward = edge.onward(To::Gap, &[&number.to_string()]);
    Ok(onward.saying(&Told::new("gap.looking")).into_response())
}

/// Has the page read that was linked, beside the answer: nobody waits for a website.
pub(in crate::http) fn read_linked(
    edge: &Edge,
    caller: &Caller,
    (number, address): (TopicNumber, String),
) {
    let (edge, by) = (edge.clone(), caller.by());
    tokio::spawn(async move {
        let read = edge.app.read_linked_page((number, &address), (edge.jobs.parser(), by)).await;
        let read = read.map_err(|error| {
            tracing::info!(%error, "the linked page waits for the next crawl");
            error.says()
        });
        edge.linked_pages.keep(number, edge.app.now(), read);
    });
}

fn done(edge: &Edge, caller: &Caller, number: TopicNumber, step: &str) -> Onward {
    let says = caller.lang.text(&format!("step.{step}")).to_owned();
    let told = Told::new("gap.saved").with("step", &says);
    edge.onward(To::Gap, &[&number.to_string()]).saying(&told)
}

/// The page as it stands now with what the person typed.
fn filled(edge: &Edge, caller: &Caller, detail: GapDetail, fields: &Fields) -> GapPage {
    let built = build(edge, caller, detail);
    let forms = GapForms {
        address: fields.get("address"),
        reason: fields.get("reason"),
        until: fields.get("until"),
        day: Some(fields.get("day")).filter(|it| !it.is_empty()).unwrap_or(built.forms.day),
        text: fields.get("text"),
        ..built.forms
    };
    GapPage { forms, ..built }
}

/// What stands now beside what the person wanted.
fn clash(caller: &Caller, page: &GapPage, fields: &Fields) -> Clash {
    /// The fields of the steps, and those among them that hold a text.
    const SENT: [&str; 7] = ["step", "address", "reason", "until", "owner", "day", "text"];
    const TYPED: [&str; 5] = ["address", "reason", "text", "until", "day"];
    let lang = caller.lang;
    let of = |list: &str, code: &str| lang.text(&format!("{list}.{code}")).to_owned();
    let state = of("state", &page.state);
    let mut theirs = vec![lang.fill("gap.conflict_theirs", &[("state", &state)])];
    theirs.extend(page.history.first().map(|it| {
        let by = it.by.as_ref().map(|by| format!(", {by}")).unwrap_or_default();
        format!("{}{by}, {}.", of("step", &it.step), it.at)
    }));
    let linked = page.linked.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
    theirs.extend(page.state_says.as_ref().map(|it| format!("{it}{linked}")));
    let typed = TYPED.into_iter().find_map(|it| Some((it, fields.find(it)?)));
    let mut sent: Vec<(&'static str, String)> =
        SENT.into_iter().filter_map(|it| Some((it, fields.find(it)?))).collect();
    sent.push(("version", page.forms.version.to_string()));
    let wanted = of("step", &fields.get("step").replace("assign", "take"));
    Clash {
        theirs,
        stored: None,
        yours: lang.fill("gap.conflict_yours", &[("step", &wanted)]),
        edit: typed.as_ref().map(|it| it.0),
        typed: typed.map(|it| it.1),
        action: To::Gap.link(&[&page.number]),
        fields: sent,
    }
}

fn step_error(caller: &Caller, error: DecideError) -> Result<FieldError, HttpError> {
    let at = |field, key: &str| Ok(FieldError { field, text: caller.lang.text(key).to_owned() });
    match error {
        DecideError::Reason => at("reason", "gap.wrong_reason"),
        DecideError::Until => at("until", "gap.wrong_until"),
        DecideError::Address => at("address", "gap.wrong_address"),
        DecideError::NotOurs => at("address", "gap.wrong_site"),
        DecideError::Due => at("day", "gap.wrong_until"),
        DecideError::Comment => at("text", "gap.wrong_comment"),
        DecideError::Owner => at("owner", "gap.wrong_owner"),
        DecideError::NotForPeople | DecideError::NothingToUndo => Err(HttpError::Conflict),
    }
}
