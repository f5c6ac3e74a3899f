//! All topics, all inquiries, and decisions about them.

mod facets;
pub(super) mod inquiries;
pub(super) mod list;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields};
use super::edge::notice::Told;
use super::pages::{
    ApartTopic, Choice, Clash, FieldError, Member, MergedTopic, TopicForms, TopicPage, TopicSeen,
    TopicStepSeen, Weekly,
};
use super::routes::To;
use super::{Edge, page, stale, wrong};
use crate::app::{App, Board, Decider, DecisionError, TopicDecision, TopicLine, TopicStep};
use crate::gap::Verdict;
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Inquiry, Line};
use crate::topic::{Scope, Topic};

/// So many inquiries stand on a page.
const MEMBERS_SHOWN: usize = 100;
/// So many other topics are offered for merging.
const OTHERS_SHOWN: usize = 50;

fn verdict_of(topic: &TopicLine) -> Option<Verdict> {
    topic.verdict.as_ref().map(|it| it.row.judgement.verdict)
}

fn seen(topic: &TopicLine) -> TopicSeen {
    TopicSeen {
        number: topic.number.to_string(),
        name: topic.name.clone(),
        words: topic.words.clone(),
        inquiries: topic.demand.inquiries,
        last_28_days: topic.demand.last_28_days,
        signals: (topic.demand.searches, topic.demand.feedback),
        weeks: Weekly::new(&topic.demand.weeks),
        verdict: verdict_of(topic).map(|it| it.name().to_owned()),
        scope: topic.scope.name().to_owned(),
    }
}

/// Inquiries to choose from; those that were ticked stay so.
fn members(
    edge: &Edge,
    caller: &Caller,
    lines: &[Line],
    ticked: &[&str],
) -> Result<Vec<Member>, HttpError> {
    let mut members = vec![];
    for line in lines {
        let Some(text) = edge.app.state.inquiries.words(line.seq)? else { continue };
        let id = line.id.to_string();
        members.push(Member {
            chosen: ticked.contains(&id.as_str()),
            id,
            text,
            day: edge.day(caller, line.asked),
            channel: line.channel.name().to_owned(),
            pinned: line.pinned,
        });
    }
    Ok(members)
}

/// The inquiries that were ticked.
fn chosen(fields: &Fields) -> Result<Vec<Id<Inquiry>>, HttpError> {
    let ids =
        fields.all("inquiry").into_iter().map(|it| it.parse().map_err(|_| HttpError::Invalid));
    ids.collect()
}

/// A decision that was not taken, or anything else.
enum DecisionOrHttp {
    Decision(DecisionError),
    Http(HttpError),
}

impl From<DecisionError> for DecisionOrHttp {
    fn from(error: DecisionError) -> Self {
        Self::Decision(error)
    }
}

impl From<HttpError> for DecisionOrHttp {
    fn from(error: HttpError) -> Self {
        Self::Http(error)
    }
}

impl From<DecisionOrHttp> for HttpError {
    fn from(error: DecisionOrHttp) -> Self {
        match error {
            DecisionOrHttp::Decision(error) => error.into(),
            DecisionOrHttp::Http(error) => error,
        }
    }
}

/// Which field of a list is wrong, and why, when inquiries could not be put in their place.
fn place_fault(error: DecisionOrHttp) -> Result<(&'static str, &'static str), HttpError> {
    match error {
        DecisionOrHttp::Decision(DecisionError::Unknown("topic")) => Ok(("to", "topic.wrong_into")),
        DecisionOrHttp::Decision(DecisionError::Unknown(_)) => {
            Ok(("inquiry", "topic.wrong_inquiry"))
        }
        DecisionOrHttp::Decision(DecisionError::Conflict) => Ok(("inquiry", "frame.conflict")),
        error => Err(error.into()),
    }
}

pub(super) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let wanted: TopicNumber = number.parse().map_err(|_| HttpError::NotFound)?;
    let whole = edge.app.resolve(wanted).ok_or(HttpError::NotFound)?;
    if whole.to_string() != number {
        return Ok(edge.onward(To::Topic, &[&whole.to_string()]).into_response());
    }
    Ok(page(&build(&edge, &caller, whole, &Fields::default()).await?))
}

async fn build(
    edge: &Edge,
    caller: &Caller,
    number: TopicNumber,
    fields: &Fields,
) -> Result<TopicPage, HttpError> {
    let (topic, (newest, n), others, steps) = edge
        .off_thread(move |app| {
            let topic = app.topic(number)?;
            let n = app.tallies_of(number).iter().filter(|it| it.has_text).count();
            let (newest, steps) = (app.newest_of(number, MEMBERS_SHOWN), app.steps_of(number));
            Ok::<_, HttpError>((topic, (newest, n), offered(&*app.board()?, number), steps))
        })
        .await??;
    let topic = topic.ok_or(HttpError::NotFound)?;
    let row = edge.app.state.topics.get(Topic::entity(number));
    let own_name = row.as_ref().and_then(|it| it.row.name.clone());
    let answer = row.as_ref().and_then(|it| it.row.answer.clone());
    let scope = |it: Scope| Choice {
        value: it.name().to_owned(),
        label: caller.lang.text(&format!("scope.{}", it.name())).to_owned(),
        chosen: it == topic.scope,
    };
    Ok(TopicPage {
        f: edge.frame(caller, "topics.title"),
        members: members(edge, caller, &newest, &fields.all("inquiry"))?,
        more_members: n.saturating_sub(newest.len()),
        merged: merged(&edge.app, number),
        apart: apart(&edge.app, number)?,
        history: steps.iter().map(|it| step_seen(edge, caller, it)).collect(),
        forms: TopicForms {
            version: topic.version,
            name: own_name.unwrap_or_default(),
            answer: answer.map(|it| it.1).unwrap_or_default(),
            others,
            scopes: Scope::ALL.map(scope).into(),
            ..TopicForms::default()
        },
        topic: seen(&topic),
    })
}

/// The most asked topics beside this one.
fn offered(board: &Board, beside: TopicNumber) -> Vec<Choice> {
    let mut topics: Vec<&list::Seen> = board.glances().filter(|it| it.0.number != beside).collect();
    let choice = |it: &Arc<TopicLine>| Choice {
        value: it.number.to_string(),
        label: it.name.clone(),
        chosen: false,
    };
    list::most_asked(&mut topics, 0, OTHERS_SHOWN).iter().map(choice).collect()
}

/// The topics that are kept apart from this one, by whichever of the two it was said.
fn apart(app: &App, number: TopicNumber) -> Result<Vec<ApartTopic>, HttpError> {
    let mut apart = vec![];
    for (a, b) in app.state.apart() {
        let other = if a == number { b } else { a };
        if a != number && b != number {
            continue;
        }
        let row = app.state.topics.get(Topic::entity(other));
        let name = row.map(|it| app.name_of(&it.row)).transpose()?.unwrap_or_default();
        apart.push(ApartTopic { number: other.to_string(), name });
    }
    Ok(apart)
}

fn step_seen(edge: &Edge, caller: &Caller, step: &TopicStep) -> TopicStepSeen {
    let key = format!("topic_step.{}", step.what);
    TopicStepSeen {
        at: edge.day_and_time(caller, step.at),
        says: caller.lang.fill(&key, &[("topic", &step.topic.to_string())]),
        by: step.by.and_then(|it| edge.app.person_name(it)),
    }
}

/// The topics that were merged right into this one.
fn merged(app: &App, number: TopicNumber) -> Vec<MergedTopic> {
    let parts = app.state.merged_into(number).into_iter();
    let part = |it: TopicNumber| {
        let version = app.state.topics.get(Topic::entity(it))?.version;
        Some(MergedTopic { number: it.to_string(), version })
    };
    parts.filter_map(part).collect()
}

pub(super) async fn decide(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(number): Path<String>,
    fields: Fields,
) -> Result<Response, HttpError> {
    let number: TopicNumber = number.parse().map_err(|_| HttpError::NotFound)?;
    match take(&edge, &caller, number, &fields).await {
        Ok((to, told)) => {
            edge.see_writes().await;
            let to = edge.app.resolve(to).unwrap_or(to);
            let place = if fields.get("from") == "gap" { To::Gap } else { To::Topic };
            Ok(edge.onward(place, &[&to.to_string()]).saying(&told).into_response())
        }
        Err(DecisionOrHttp::Decision(error)) => {
            back(&edge, &caller, (number, &fields), error).await
        }
        Err(DecisionOrHttp::Http(error)) => Err(error),
    }
}

/// Takes a decision; tells where to go on and what to say.
async fn take(
    edge: &Edge,
    caller: &Caller,
    number: TopicNumber,
    fields: &Fields,
) -> Result<(TopicNumber, Told), DecisionOrHttp> {
    let who = Decider { by: caller.by(), version: Some(fields.version()?) };
    let other = |name: &str| {
        let typed = fields.get(name);
        typed.trim().to_uppercase().parse().map_err(|_| DecisionError::MergeIntoItself)
    };
    let (of, decision) = match fields.get("decision").as_str() {
        "rename" => (number, TopicDecision::Rename(fields.get("name"))),
        "merge" => (number, TopicDecision::Merge(other("into")?)),
        "keep_apart" => (number, TopicDecision::KeepApart(other("apart")?)),
        "may_join" => (number, TopicDecision::MayJoin(other("part")?)),
        "unmerge" => (other("part")?, TopicDecision::Unmerge),
        "set_answer" => (number, TopicDecision::SetAnswer(fields.get("answer"))),
        "set_scope" => {
            let scope = Scope::parse(&fields.get("scope")).ok_or(HttpError::Invalid)?;
            (number, TopicDecision::SetScope(scope))
        }
        "split" => {
            edge.app.resolve(number).ok_or(HttpError::NotFound)?;
            let (ids, by) = (chosen(fields)?, caller.by());
            let new = edge.off_thread(move |app| app.split(number, &ids, by)).await??;
            let told = Told::new("topic.split_done").with("number", &new.to_string());
            return Ok((new, told));
        }
        "move" => {
            let (ids, to, by) = (chosen(fields)?, other("to")?, caller.by());
            edge.off_thread(move |app| app.place_inquiries(&ids, Some(to), by)).await??;
            return Ok((number, Told::new("topic.saved")));
        }
        _ => return Err(HttpError::Invalid.into()),
    };
    let answers = matches!(decision, TopicDecision::SetAnswer(_));
    edge.off_thread(move |app| app.decide_topic(of, decision, who)).await??;
    Ok((number, Told::new(if answers { "topic.answer_saved" } else { "topic.saved" })))
}

/// Gives the page back with all that was typed and what is wrong.
async fn back(
    edge: &Edge,
    caller: &Caller,
    (number, fields): (TopicNumber, &Fields),
    error: DecisionError,
) -> Result<Response, HttpError> {
    let number = edge.app.resolve(number).ok_or(HttpError::NotFound)?;
    let built = build(edge, caller, number, fields).await?;
    let moves = fields.get("decision") == "move";
    let (field, key) = match &error {
        DecisionError::Name => ("name", "topic.wrong_name"),
        DecisionError::Answer => ("answer", "topic.wrong_answer"),
        DecisionError::Unknown("inquiry") => ("inquiry", "topic.wrong_inquiry"),
        DecisionError::MergeIntoItself | DecisionError::Unknown(_) if moves => {
            ("to", "topic.wrong_into")
        }
        DecisionError::MergeIntoItself | DecisionError::Unknown(_) => {
            let names = if fields.get("decision") == "keep_apart" { "apart" } else { "into" };
            (names, "topic.wrong_into")
        }
        DecisionError::Conflict => ("", "frame.conflict"),
        DecisionError::Decide(_)
        | DecisionError::Message
        | DecisionError::Entry(_)
        | DecisionError::Place(_)
        | DecisionError::Settings(_)
        | DecisionError::Journal(_)
        | DecisionError::Keep(_)
        | DecisionError::Follow(_)
        | DecisionError::View(_) => return Err(error.into()),
    };
    let is_late = matches!(error, DecisionError::Conflict);
    let conflict = is_late.then(|| clash(caller, &built, fields));
    let typed = |name: &str, old: String| fields.find(name).unwrap_or(old);
    let text = caller.lang.text(key).to_owned();
    let forms = TopicForms {
        name: typed("name", built.forms.name),
        answer: typed("answer", built.forms.answer),
        into: fields.get("into"),
        to: fields.get("to"),
        apart: fields.get("apart"),
        errors: if is_late { vec![] } else { vec![FieldError { field, text }] },
        conflict,
        ..built.forms
    };
    let filled = TopicPage { forms, ..built };
    Ok(if is_late { stale(&filled) } else { wrong(&filled) })
}

/// What stands now beside what the person wanted.
fn clash(caller: &Caller, page: &TopicPage, fields: &Fields) -> Clash {
    /// The fields of the decisions.
    const SENT: [&str; 8] = ["decision", "name", "answer", "into", "part", "apart", "scope", "to"];
    let lang = caller.lang;
    let decision = fields.get("decision");
    let (edit, stored) = match decision.as_str() {
        "rename" => (Some("name"), Some(page.topic.name.clone())),
        "set_answer" => (Some("answer"), Some(page.forms.answer.clone())),
        "merge" => (Some("into"), None),
        "keep_apart" => (Some("apart"), None),
        _ => (None, None),
    };
    let last = page.history.first().map(|it| {
        let by = it.by.as_ref().map(|by| format!(", {by}")).unwrap_or_default();
        format!("{} ({}{by}).", it.says, it.at)
    });
    let mut sent: Vec<(&'static str, String)> =
        SENT.into_iter().filter_map(|it| Some((it, fields.find(it)?))).collect();
    sent.extend(fields.all("inquiry").into_iter().map(|it| ("inquiry", it.to_owned())));
    sent.push(("version", page.forms.version.to_string()));
    let wanted = lang.text(&format!("topic.wanted_{decision}")).to_owned();
    Clash {
        theirs: last.into_iter().collect(),
        stored: stored.filter(|it| !it.is_empty()),
        yours: lang.fill("gap.conflict_yours", &[("step", &wanted)]),
        typed: edit.and_then(|it| fields.find(it)),
        action: To::Topic.link(&[&page.topic.number]),
        fields: sent,
        edit,
    }
}
