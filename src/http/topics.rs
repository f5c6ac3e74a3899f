//! All topics, and decisions about one.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::edge::HttpError;
use super::edge::caller::Caller;
use super::edge::fields::{Asking, Fields};
use super::edge::notice::Told;
use super::gaps::verdicts;
use super::pages::{
    Choice, FieldError, Member, MergedTopic, TopicForms, TopicPage, TopicSeen, TopicsPage, Weekly,
};
use super::routes::To;
use super::{Edge, page, stale, wrong};
use crate::app::{App, Decider, DecisionError, TopicDecision, TopicLine};
use crate::gap::Verdict;
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Inquiry, Line};
use crate::topic::{Scope, Topic};

/// So many topics stand on a page.
const TOPICS_SHOWN: usize = 50;
/// So many inquiries stand on a page.
const MEMBERS_SHOWN: usize = 100;
/// So many inquiries under no topic are shown.
const UNGROUPED_SHOWN: usize = 20;
/// So many other topics are offered for merging.
const OTHERS_SHOWN: usize = 50;

pub(super) async fn list(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let (query, verdict) = (fields.get("q"), Verdict::parse(&fields.get("verdict")));
    let (all, ungrouped, ungrouped_total) = edge
        .off_thread(|app| {
            let (lines, total) = ungrouped(app);
            app.topics().map(|topics| (topics, lines, total))
        })
        .await??;
    let total = all.len();
    let wanted = query.trim().to_lowercase();
    let mut found: Vec<Arc<TopicLine>> = all
        .into_iter()
        .filter(|it| verdict.is_none() || verdict_of(it) == verdict)
        .filter(|it| {
            it.name.to_lowercase().contains(&wanted)
                || it.number.to_string().eq_ignore_ascii_case(&wanted)
        })
        .collect();
    found.sort_by_key(|it| (std::cmp::Reverse(it.demand.inquiries), it.number));
    let pages = found.len().div_ceil(TOPICS_SHOWN).max(1);
    let this = fields.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let shown = found.iter().skip((this - 1) * TOPICS_SHOWN).take(TOPICS_SHOWN).map(|it| seen(it));
    Ok(page(&TopicsPage {
        topics: shown.collect(),
        query,
        verdicts: verdicts(caller.lang, "topics.verdict_all", verdict, |_| true),
        total,
        ungrouped: members(&edge, &caller, &ungrouped)?,
        ungrouped_total,
        page: (this, pages),
        f: edge.frame(&caller, "topics.title"),
    }))
}

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

/// The newest inquiries with words that are under no topic, and how many there are.
fn ungrouped(app: &App) -> (Vec<Line>, usize) {
    let columns = app.state.inquiries.columns();
    let alone = || columns.live().rev().filter(|it| it.topic.is_none() && it.has_text);
    (alone().take(UNGROUPED_SHOWN).cloned().collect(), alone().count())
}

fn members(edge: &Edge, caller: &Caller, lines: &[Line]) -> Result<Vec<Member>, HttpError> {
    let mut members = vec![];
    for line in lines {
        let Some(text) = edge.app.state.inquiries.words(line.seq)? else { continue };
        members.push(Member {
            id: line.id.to_string(),
            text,
            day: edge.day(caller, line.asked),
            channel: line.channel.name().to_owned(),
            pinned: line.pinned,
        });
    }
    Ok(members)
}

pub(super) async fn place(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let to: TopicNumber = fields.get("to").trim().parse().map_err(|_| HttpError::Invalid)?;
    move_all(&edge, &caller, chosen(&fields)?, to).await?;
    edge.see_writes().await;
    let told = Told::new("topic.saved");
    Ok(edge.onward(To::Topic, &[&to.to_string()]).saying(&told).into_response())
}

/// The inquiries that were ticked.
fn chosen(fields: &Fields) -> Result<Vec<Id<Inquiry>>, HttpError> {
    let ids =
        fields.all("inquiry").into_iter().map(|it| it.parse().map_err(|_| HttpError::Invalid));
    ids.collect()
}

async fn move_all(
    edge: &Edge,
    caller: &Caller,
    ids: Vec<Id<Inquiry>>,
    to: TopicNumber,
) -> Result<(), DecisionOrHttp> {
    let by = caller.by();
    let moved = edge.off_thread(move |app| {
        ids.into_iter().try_for_each(|id| app.move_inquiry(id, Some(to), by).map(|_| ()))
    });
    Ok(moved.await??)
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
    Ok(page(&build(&edge, &caller, whole).await?))
}

async fn build(edge: &Edge, caller: &Caller, number: TopicNumber) -> Result<TopicPage, HttpError> {
    let (topic, lines, others) = edge
        .off_thread(move |app| {
            let topic = app.topic(number)?;
            Ok::<_, HttpError>((topic, app.lines_of(number), app.topics()?))
        })
        .await??;
    let topic = topic.ok_or(HttpError::NotFound)?;
    let row = edge.app.state.topics.get(Topic::entity(number));
    let own_name = row.as_ref().and_then(|it| it.row.name.clone());
    let answer = row.as_ref().and_then(|it| it.row.answer.clone());
    let with_text: Vec<Line> = lines.into_iter().rev().filter(|it| it.has_text).collect();
    let shown = &with_text[..with_text.len().min(MEMBERS_SHOWN)];
    let scope = |it: Scope| Choice {
        value: it.name().to_owned(),
        label: caller.lang.text(&format!("scope.{}", it.name())).to_owned(),
        chosen: it == topic.scope,
    };
    Ok(TopicPage {
        f: edge.frame(caller, "topics.title"),
        members: members(edge, caller, shown)?,
        more_members: with_text.len() - shown.len(),
        merged: merged(&edge.app, number),
        forms: TopicForms {
            version: topic.version,
            name: own_name.unwrap_or_default(),
            answer: answer.map(|it| it.1).unwrap_or_default(),
            others: offered(others, number),
            scopes: Scope::ALL.map(scope).into(),
            ..TopicForms::default()
        },
        topic: seen(&topic),
    })
}

/// The most asked topics beside this one.
fn offered(mut topics: Vec<Arc<TopicLine>>, beside: TopicNumber) -> Vec<Choice> {
    topics.retain(|it| it.number != beside);
    topics.sort_by_key(|it| (std::cmp::Reverse(it.demand.inquiries), it.number));
    let choice = |it: Arc<TopicLine>| Choice {
        value: it.number.to_string(),
        label: it.name.clone(),
        chosen: false,
    };
    topics.into_iter().take(OTHERS_SHOWN).map(choice).collect()
}

/// The topics that were merged right into this one.
fn merged(app: &App, number: TopicNumber) -> Vec<MergedTopic> {
    let topics = app.state.topics.read();
    let parts = topics.iter().filter(|it| it.row.merged_into == Some(number));
    parts.map(|it| MergedTopic { number: it.row.number.to_string(), version: it.version }).collect()
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
            let ids = chosen(fields)?;
            if ids.is_empty() {
                return Err(DecisionError::Unknown("inquiry").into());
            }
            move_all(edge, caller, ids, other("to")?).await?;
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
    let built = build(edge, caller, number).await?;
    let moves = fields.get("decision") == "move";
    let (field, key) = match &error {
        DecisionError::Name => ("name", "topic.wrong_name"),
        DecisionError::Answer => ("answer", "topic.wrong_answer"),
        DecisionError::Unknown("inquiry") => ("inquiry", "topic.wrong_inquiry"),
        DecisionError::MergeIntoItself | DecisionError::Unknown(_) if moves => {
            ("to", "topic.wrong_into")
        }
        DecisionError::MergeIntoItself | DecisionError::Unknown(_) => ("into", "topic.wrong_into"),
        DecisionError::Conflict => ("", "frame.conflict"),
        DecisionError::Decide(_)
        | DecisionError::Message
        | DecisionError::Entry(_)
        | DecisionError::Settings(_)
        | DecisionError::Journal(_)
        | DecisionError::Keep(_)
        | DecisionError::Follow(_)
        | DecisionError::View(_) => return Err(error.into()),
    };
    let conflict = matches!(error, DecisionError::Conflict);
    let typed = |name: &str, old: String| fields.find(name).unwrap_or(old);
    let text = caller.lang.text(key).to_owned();
    let forms = TopicForms {
        name: typed("name", built.forms.name),
        answer: typed("answer", built.forms.answer),
        into: fields.get("into"),
        to: fields.get("to"),
        errors: if conflict { vec![] } else { vec![FieldError { field, text }] },
        conflict,
        ..built.forms
    };
    let filled = TopicPage { forms, ..built };
    Ok(if conflict { stale(&filled) } else { wrong(&filled) })
}
