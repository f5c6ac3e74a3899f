//! Topics: the list, one with what was decided about it, decisions.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::gaps::name_of;
use crate::app::{App, TopicDecision, TopicLine};
use crate::gap::Verdict;
use crate::http::api::op::{Call, Given, List, Nothing, Page, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::id::{Id, TopicNumber};
use crate::inquiry::Channel;
use crate::review::StateName;
use crate::topic::{Scope, Topic};

/// Which topics are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct TopicsAsked {
    /// Words of the name, or among its rare words.
    #[serde(default)]
    #[schemars(length(max = 200))]
    q: Option<String>,
    /// Only those judged so.
    #[serde(default)]
    #[schemars(schema_with = "shapes::verdict")]
    verdict: Option<Verdict>,
    /// Only those whose gap is in this state.
    #[serde(default)]
    #[schemars(schema_with = "shapes::state")]
    state: Option<String>,
    /// Only those that somebody has asked by this channel.
    #[serde(default)]
    #[schemars(schema_with = "shapes::channel")]
    channel: Option<Channel>,
    /// Only those that can be answered so.
    #[serde(default)]
    #[schemars(schema_with = "shapes::scope")]
    scope: Option<Scope>,
    /// So many at a time; 50 when left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 500))]
    limit: Option<u16>,
    /// What follows a part that was told, as it stands in `next`.
    #[serde(default)]
    cursor: Option<String>,
}

/// A topic as every list tells it.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TopicSeen {
    /// Its number for life, such as T12.
    topic: String,
    name: String,
    /// Contacts in all.
    inquiries: u32,
    /// Contacts of the last 28 days.
    last_28_days: u32,
    /// Searches on the website that found nothing.
    searches: u32,
    /// What visitors wrote on a page that did not help them.
    feedback: u32,
    /// Contacts of the last twelve weeks, the oldest first.
    weeks: Vec<u32>,
    #[schemars(schema_with = "shapes::trend")]
    trend: &'static str,
    first: Timestamp,
    last: Timestamp,
    #[schemars(schema_with = "shapes::scope")]
    scope: &'static str,
    #[schemars(schema_with = "shapes::state")]
    state: &'static str,
    #[schemars(schema_with = "shapes::verdict_or_null")]
    verdict: Option<&'static str>,
    /// How sure it is that the website does not answer, 0 to 1.
    gap_score: Option<f64>,
    /// The pages that come nearest to an answer.
    pages: Vec<String>,
    /// Callers' words that those pages lack.
    missing_words: Vec<String>,
}

/// A topic with the version that decisions are held against.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TopicEntry {
    #[serde(flatten)]
    seen: TopicSeen,
    /// The version that a decision is held against.
    version: u32,
}

/// A topic with what was decided about it.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct TopicWhole {
    #[serde(flatten)]
    entry: TopicEntry,
    /// Words that tell it from other topics.
    words: Vec<String>,
    /// What reception may say.
    answer: Option<String>,
    /// Topics that were merged right into it.
    merged: Vec<String>,
    /// Topics that are kept apart from it.
    apart: Vec<String>,
    /// What was decided, the newest first.
    history: Vec<Decided>,
}

/// A decision that was taken.
#[derive(Debug, Serialize, JsonSchema)]
struct Decided {
    at: Timestamp,
    decision: String,
    topic: String,
    by: Option<String>,
}

impl TopicSeen {
    pub(super) fn of(topic: &TopicLine) -> Self {
        let judgement = topic.verdict.as_ref().map(|it| &it.row.judgement);
        Self {
            topic: topic.number.to_string(),
            name: topic.name.clone(),
            inquiries: topic.demand.inquiries,
            last_28_days: topic.demand.last_28_days,
            searches: topic.demand.searches,
            feedback: topic.demand.feedback,
            weeks: topic.demand.weeks.clone(),
            trend: topic.demand.trend.name(),
            first: topic.demand.first,
            last: topic.demand.last,
            scope: topic.scope.name(),
            state: topic.state.name().name(),
            verdict: judgement.map(|it| it.verdict.name()),
            gap_score: judgement.map(|it| it.gap_score),
            pages: judgement.map(|it| it.evidence.pages.clone()).unwrap_or_default(),
            missing_words: judgement.map(|it| it.evidence.missing.clone()).unwrap_or_default(),
        }
    }
}

fn entry(topic: &TopicLine) -> TopicEntry {
    TopicEntry { seen: TopicSeen::of(topic), version: topic.version }
}

pub(in crate::http) async fn list(
    call: Call<TopicsAsked>,
) -> Result<Given<List<TopicEntry>>, Wrong> {
    let page = Page::read(call.query.limit, call.query.cursor.as_deref())?;
    let query = &call.query;
    let state = match query.state.as_deref() {
        Some(name) => Some(
            StateName::parse(name).ok_or_else(|| Wrong::field("state", "there is no such name"))?,
        ),
        None => None,
    };
    let words = query.q.as_deref().unwrap_or_default().trim().to_lowercase();
    let topics = call.run(|app| app.topics()).await??;
    let fits = |it: &TopicLine| {
        (words.is_empty() || it.small.contains(&words))
            && query.verdict.is_none_or(|verdict| it.verdict() == Some(verdict))
            && state.is_none_or(|state| it.state.name() == state)
            && query.channel.is_none_or(|channel| it.channels.contains(&channel))
            && query.scope.is_none_or(|scope| it.scope == scope)
    };
    let found: Vec<_> = topics.into_iter().filter(|it| fits(it)).collect();
    let total = found.len();
    let (part, next) = page.of(found, |it| it.number.to_string());
    let items = part.iter().map(|it| entry(it)).collect();
    Ok(call.list(items, Some(total), next))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<TopicWhole>, Wrong> {
    let number = call.edge.app.resolve(call.number()?).ok_or(HttpError::NotFound)?;
    let read = move |app: &App| Ok::<_, Wrong>((app.topic(number)?, app.steps_of(number)));
    let (topic, steps) = call.run(read).await??;
    let topic = topic.ok_or(HttpError::NotFound)?;
    let app = &call.edge.app;
    let row = app.state.topics.get(Topic::entity(number));
    let apart = app.state.apart().into_iter().filter_map(|(a, b)| match number {
        it if it == a => Some(b),
        it if it == b => Some(a),
        _ => None,
    });
    let whole = TopicWhole {
        entry: entry(&topic),
        words: topic.words.clone(),
        answer: row.and_then(|it| it.row.answer.clone()).map(|it| it.1),
        merged: app.state.merged_into(number).iter().map(ToString::to_string).collect(),
        apart: apart.map(|it| it.to_string()).collect(),
        history: steps
            .into_iter()
            .map(|it| Decided {
                at: it.at,
                decision: it.what,
                topic: it.topic.to_string(),
                by: name_of(&call.edge, it.by),
            })
            .collect(),
    };
    Ok(Given::at(whole, topic.version))
}

/// A decision about a topic.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "decision", rename_all = "snake_case", deny_unknown_fields)]
pub(in crate::http) enum Decision {
    /// It gets a name; an empty one takes the name away.
    Rename {
        #[schemars(length(max = 200))]
        name: String,
    },
    /// It becomes a part of another.
    Merge {
        /// The other's number.
        #[schemars(length(max = 40))]
        into: String,
    },
    /// A part is a topic of its own again.
    Unmerge {
        /// The part's number.
        #[schemars(length(max = 40))]
        part: String,
    },
    /// It is kept apart from another for every later run.
    KeepApart {
        #[schemars(length(max = 40))]
        apart: String,
    },
    /// It may be grouped with another again.
    MayJoin {
        #[schemars(length(max = 40))]
        part: String,
    },
    /// Who can answer it.
    SetScope {
        #[schemars(schema_with = "shapes::scope")]
        scope: Scope,
    },
    /// What reception may say; empty takes it away.
    SetAnswer {
        #[schemars(length(max = 300))]
        answer: String,
    },
    /// Some of its inquiries become a topic of their own, which is what is answered.
    Split {
        #[schemars(length(min = 1, max = 500))]
        inquiries: Vec<String>,
    },
    /// Some of its inquiries go to another.
    Move {
        #[schemars(length(min = 1, max = 500))]
        inquiries: Vec<String>,
        /// The other's number.
        #[schemars(length(max = 40))]
        to: String,
    },
}

fn other(field: &str, text: &str) -> Result<TopicNumber, Wrong> {
    let number = text.trim().to_uppercase().parse();
    number.map_err(|_| Wrong::field(field, "it is no topic's number, such as T12"))
}

pub(super) fn ids<T: crate::id::Named>(sent: &[String]) -> Result<Vec<Id<T>>, Wrong> {
    let wrong = |_| Wrong::field("inquiries", "each is an inquiry's id, such as inq_0197...");
    sent.iter().map(|it| it.parse().map_err(wrong)).collect()
}

/// What a decision names and is not there is a fault of its field, not of the address.
fn named<T>(field: &str, done: Result<T, crate::app::DecisionError>) -> Result<T, Wrong> {
    use crate::app::DecisionError as E;
    done.map_err(|error| match error {
        E::Unknown(what) => Wrong::field(field, format!("there is no such {what}")),
        E::MergeIntoItself => Wrong::field(field, "it is the topic itself, or a part of it"),
        error => error.into(),
    })
}

pub(in crate::http) async fn decide(
    call: Call<Nothing, Decision>,
) -> Result<Option<String>, Wrong> {
    let number = call.edge.app.resolve(call.number()?).ok_or(HttpError::NotFound)?;
    let (mut who, by) = (call.who(), call.by());
    let entity = Topic::entity(number);
    let version = call.edge.app.state.topics.get(entity).map_or(0, |it| it.version);
    if who.version.is_some_and(|it| it != version) {
        return Err(Wrong::Stale(None));
    }
    let (of, field, decision) = match &call.body {
        Decision::Rename { name } => (number, "name", TopicDecision::Rename(name.clone())),
        Decision::Merge { into } => (number, "into", TopicDecision::Merge(other("into", into)?)),
        Decision::KeepApart { apart } => {
            (number, "apart", TopicDecision::KeepApart(other("apart", apart)?))
        }
        Decision::MayJoin { part } => {
            (number, "part", TopicDecision::MayJoin(other("part", part)?))
        }
        Decision::SetScope { scope } => (number, "scope", TopicDecision::SetScope(*scope)),
        Decision::SetAnswer { answer } => {
            (number, "answer", TopicDecision::SetAnswer(answer.clone()))
        }
        Decision::Unmerge { part } => {
            let part = other("part", part)?;
            if !call.edge.app.state.merged_into(number).contains(&part) {
                return Err(Wrong::field("part", "it was not merged into this topic"));
            }
            // The part has a version of its own, of which the whole's says nothing.
            let row = call.edge.app.state.topics.get(Topic::entity(part));
            who.version = row.map(|it| it.version);
            (part, "part", TopicDecision::Unmerge)
        }
        Decision::Split { inquiries } => {
            let ids = ids(inquiries)?;
            let new = call.run(move |app| app.split(number, &ids, by)).await?;
            return named("inquiries", new).map(|it| Some(it.to_string()));
        }
        Decision::Move { inquiries, to } => {
            let (ids, to) = (ids(inquiries)?, other("to", to)?);
            let moved = call.run(move |app| app.place_inquiries(&ids, Some(to), by)).await?;
            return named("inquiries", moved).map(|_| None);
        }
    };
    named(field, call.run(move |app| app.decide_topic(of, decision, who)).await?)?;
    Ok(None)
}
