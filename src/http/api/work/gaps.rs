//! Gaps: the list, one with its evidence, the steps in the work on it, the draft of an answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::steps::StepWanted;
use super::topics::TopicSeen;
use crate::app::{GapDetail, GapFilter, GapOrder, Owner, TopicLine, WordsOf};
use crate::gap::Verdict;
use crate::http::Edge;
use crate::http::api::op::{Call, Given, Nothing, Page, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::http::gaps::draft;
use crate::http::gaps::steps::read_linked;
use crate::inquiry::{Channel, Norm};
use crate::people::By;
use crate::review::{GapRow, State, StateName, Step};
use crate::week::{end_of_day, last_day};

/// So many of a gap's inquiries are told with it; the list of inquiries has them all.
const WORDS_SHOWN: usize = 50;

/// Which gaps are wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct GapsAsked {
    /// Only those in this state; `open` when left out.
    #[serde(default)]
    #[schemars(schema_with = "shapes::wanted_state")]
    state: Option<String>,
    /// Only those of this kind.
    #[serde(default)]
    #[schemars(schema_with = "shapes::verdict")]
    kind: Option<Verdict>,
    /// `mine`, `nobody`, or a person's id.
    #[serde(default)]
    #[schemars(length(max = 60))]
    owner: Option<String>,
    /// Only those that somebody has asked by this channel.
    #[serde(default)]
    #[schemars(schema_with = "shapes::channel")]
    channel: Option<Channel>,
    /// Only those that most ask in this norm.
    #[serde(default)]
    #[schemars(schema_with = "shapes::norm")]
    norm: Option<Norm>,
    /// Only those whose nearest page lies on this host.
    #[serde(default)]
    #[schemars(length(max = 200))]
    site: Option<String>,
    /// In which order; `rank` when left out.
    #[serde(default)]
    #[schemars(schema_with = "shapes::order")]
    order: Option<String>,
    /// So many at a time; 50 when left out.
    #[serde(default)]
    #[schemars(range(min = 1, max = 500))]
    limit: Option<u16>,
    /// What follows a part that was told, as it stands in `next`.
    #[serde(default)]
    cursor: Option<String>,
}

/// A part of the list of gaps.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct Gaps {
    /// The gaps, in the order that was asked for.
    items: Vec<GapEntry>,
    /// How many there are by this filter.
    total: Option<usize>,
    /// The address of what follows; null at the end.
    next: Option<String>,
    /// So many of all open gaps, the most wanted first, ...
    pareto_gaps: usize,
    /// ... make up so many per cent of the unanswered contacts.
    pareto_percent: u32,
    /// Unanswered contacts of all open gaps.
    contacts: u32,
}

/// A gap as lists tell it.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct GapEntry {
    #[serde(flatten)]
    topic: TopicSeen,
    /// The version that a step is held against.
    version: u32,
    /// Who works on it, by name.
    owner: Option<String>,
    /// The last day to be done by.
    due: Option<Date>,
}

/// A gap with its evidence and the work on it.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct GapWhole {
    #[serde(flatten)]
    entry: GapEntry,
    /// The id of who works on it.
    owner_id: Option<String>,
    /// The newest of its inquiries, in the callers' words.
    inquiries_seen: Vec<Asked>,
    /// How many inquiries with words there are.
    with_words: usize,
    /// Contacts by outcome.
    outcomes: BTreeMap<String, u32>,
    /// Contacts by channel.
    channels: BTreeMap<String, u32>,
    /// Contacts by desk.
    desks: BTreeMap<String, u32>,
    /// The passages that come nearest to an answer.
    passages: Vec<Near>,
    /// Since when it is in its state.
    since: Option<Timestamp>,
    /// The page that is to answer it.
    page: Option<String>,
    /// Why it was dismissed.
    reason: Option<String>,
    /// Until when it is put off.
    until: Option<Timestamp>,
    /// What has been done, the newest first.
    history: Vec<Done>,
    /// What has been said, the oldest first.
    comments: Vec<Said>,
    /// How many of its questions find the page.
    proof: Option<Found>,
    /// Whether the last step can be undone.
    can_undo: bool,
}

/// An inquiry as its caller put it.
#[derive(Debug, Serialize, JsonSchema)]
struct Asked {
    id: String,
    text: String,
    asked: Timestamp,
    #[schemars(schema_with = "shapes::channel")]
    channel: &'static str,
    desk: String,
    #[schemars(schema_with = "shapes::outcome")]
    outcome: &'static str,
    note: Option<String>,
    #[schemars(schema_with = "shapes::norm")]
    norm: &'static str,
}

/// A passage that comes near an answer.
#[derive(Debug, Serialize, JsonSchema)]
struct Near {
    address: String,
    title: String,
    heading: String,
    text: String,
    #[schemars(schema_with = "shapes::norm")]
    norm: &'static str,
}

/// A step that was taken.
#[derive(Debug, Serialize, JsonSchema)]
struct Done {
    at: Timestamp,
    step: String,
    by: Option<String>,
}

/// What somebody said of a gap.
#[derive(Debug, Serialize, JsonSchema)]
struct Said {
    at: Timestamp,
    by: Option<String>,
    text: String,
}

/// What a crawl has found of the linked page.
#[derive(Debug, Serialize, JsonSchema)]
struct Found {
    at: Timestamp,
    found: u32,
    of: u32,
}

pub(in crate::http) fn name_of(edge: &Edge, by: By) -> Option<String> {
    by.and_then(|it| edge.app.person_name(it))
}

fn entry(edge: &Edge, topic: &TopicLine) -> GapEntry {
    GapEntry {
        version: topic.gap_version,
        owner: name_of(edge, topic.owner),
        due: topic.due.map(|it| last_day(it, &edge.app.zone)),
        topic: TopicSeen::of(topic),
    }
}

impl GapsAsked {
    fn filter(&self, by: By) -> Result<GapFilter, Wrong> {
        let state = self.state.as_deref();
        let named = state.filter(|it| !matches!(*it, "open" | "all"));
        let unknown = |field: &str| Wrong::field(field, "there is no such name");
        let state_name = match named {
            Some(name) => Some(StateName::parse(name).ok_or_else(|| unknown("state"))?),
            None => None,
        };
        let order = match &self.order {
            Some(name) => GapOrder::parse(name).ok_or_else(|| unknown("order"))?,
            None => GapOrder::default(),
        };
        let owner = match self.owner.as_deref() {
            None => None,
            Some("nobody") => Some(Owner::Nobody),
            Some("mine") => by.map(Owner::Person),
            Some(id) => Some(Owner::Person(id.parse().map_err(|_| unknown("owner"))?)),
        };
        Ok(GapFilter {
            state: state_name,
            all: state == Some("all"),
            verdict: self.kind,
            owner,
            channel: self.channel,
            norm: self.norm,
            host: self.site.clone(),
            order,
        })
    }
}

pub(in crate::http) async fn list(call: Call<GapsAsked>) -> Result<Given<Gaps>, Wrong> {
    let page = Page::read(call.query.limit, call.query.cursor.as_deref())?;
    let filter = call.query.filter(call.by())?;
    let list = call.run(move |app| app.gaps(&filter)).await??;
    let (part, next) = page.of(list.gaps, |it| it.topic.number.to_string());
    let next = next.map(|it| call.following(&it));
    let gaps = Gaps {
        items: part.iter().map(|it| entry(&call.edge, &it.topic)).collect(),
        total: Some(list.total),
        next: next.clone(),
        pareto_gaps: list.pareto.gaps,
        pareto_percent: list.pareto.percent,
        contacts: list.pareto.contacts,
    };
    Ok(Given::new(gaps).with_next(next))
}

async fn detail<Q, B>(call: &Call<Q, B>) -> Result<GapDetail, Wrong> {
    let number = call.number()?;
    let detail = call.run(move |app| app.gap(number)).await??;
    Ok(detail.ok_or(HttpError::NotFound)?)
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<GapWhole>, Wrong> {
    let detail = detail(&call).await?;
    let version = detail.gap.as_ref().map_or(0, |it| it.version);
    Ok(Given::at(whole(&call.edge, detail), version))
}

fn asked(it: WordsOf) -> Asked {
    Asked {
        id: it.id.to_string(),
        text: it.text,
        asked: it.asked,
        channel: it.channel.name(),
        desk: it.desk,
        outcome: it.outcome.name(),
        note: it.note,
        norm: it.norm.name(),
    }
}

fn whole(edge: &Edge, detail: GapDetail) -> GapWhole {
    let row: Option<&GapRow> = detail.gap.as_ref().map(|it| &it.row);
    let state = &detail.topic.state;
    let (reason, until) = match state {
        State::Dismissed { reason, .. } => (Some(reason.clone()), None),
        State::Snoozed { until, .. } => (None, Some(*until)),
        _ => (None, None),
    };
    let near = |it: &crate::app::NearPassage| Near {
        address: it.address.clone(),
        title: it.title.clone(),
        heading: it.heading.clone(),
        text: it.text.clone(),
        norm: it.norm.name(),
    };
    let history = row.map(|it| it.history.iter().rev()).into_iter().flatten();
    let comments = row.map(|it| it.comments.iter()).into_iter().flatten();
    let named = |it: (String, u32)| it;
    GapWhole {
        owner_id: detail.topic.owner.map(|it| it.to_string()),
        since: state.since(),
        page: state.address(),
        reason,
        until,
        history: history
            .map(|it| Done { at: it.at, step: it.step.name().to_owned(), by: name_of(edge, it.by) })
            .collect(),
        comments: comments
            .map(|it| Said { at: it.at, by: name_of(edge, it.by), text: it.text.clone() })
            .collect(),
        proof: row.and_then(|it| it.proof.as_ref()).map(|it| Found {
            at: it.at,
            found: it.found,
            of: it.of,
        }),
        can_undo: row.is_some_and(GapRow::can_undo),
        with_words: detail.n_words,
        outcomes: detail.outcomes.iter().map(|it| (it.0.name().to_owned(), *it.1)).collect(),
        channels: detail.channels.iter().map(|it| (it.0.name().to_owned(), *it.1)).collect(),
        desks: detail.desks.clone().into_iter().map(named).collect(),
        passages: detail.passages.iter().map(|it| near(&it.0)).collect(),
        entry: entry(edge, &detail.topic),
        inquiries_seen: detail.words.into_iter().take(WORDS_SHOWN).map(asked).collect(),
    }
}

pub(in crate::http) async fn step(
    call: Call<Nothing, StepWanted>,
) -> Result<Option<String>, Wrong> {
    let (detail, number) = (detail(&call).await?, call.number()?);
    let zone = call.edge.app.zone.clone();
    let end =
        move |day: &Date| end_of_day(&day.to_string(), &zone).unwrap_or(Timestamp::UNIX_EPOCH);
    let inquiries = detail.topic.demand.inquiries;
    let mut linked = None;
    let step = match &call.body {
        StepWanted::Take {} => Step::Take {
            owner: call.caller.by().ok_or_else(|| {
                Wrong::field("step", "a machine takes no gap: assign it to somebody")
            })?,
        },
        StepWanted::Assign { owner } => Step::Take {
            owner: owner.parse().map_err(|_| Wrong::field("owner", "it is no person's id"))?,
        },
        StepWanted::Release {} => Step::Release,
        StepWanted::LinkPage { address } => {
            linked = Some(address.trim().to_owned());
            Step::LinkPage { address: address.trim().to_owned() }
        }
        StepWanted::Dismiss { reason } => {
            Step::Dismiss { reason: reason.trim().to_owned(), inquiries }
        }
        StepWanted::Snooze { until } => Step::Snooze { until: end(until) },
        StepWanted::Due { day } => Step::Due { until: day.as_ref().map(end) },
        StepWanted::Comment { text } => Step::Comment { text: text.trim().to_owned() },
        StepWanted::Reopen {} => Step::Reopen,
        StepWanted::Undo {} => Step::Undo,
        StepWanted::LookAgain {} => {
            let now = detail.gap.as_ref().map_or(0, |it| it.version);
            if call.version.is_some_and(|it| it != now) {
                return Err(Wrong::Stale(None));
            }
            let address = detail.topic.state.address();
            let says = "no page is linked that could be looked at";
            let address = address.ok_or_else(|| Wrong::Unfit(says.to_owned()))?;
            read_linked(&call.edge, &call.caller, (detail.topic.number, address));
            return Ok(None);
        }
    };
    let who = call.who();
    call.run(move |app| app.step(number, step, who)).await??;
    if let Some(address) = linked {
        read_linked(&call.edge, &call.caller, (detail.topic.number, address));
    }
    Ok(None)
}

/// The draft of an answer, as text of three forms.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct DraftSeen {
    markdown: String,
    html: String,
    /// As schema.org describes a question with its answer.
    schema: String,
}

pub(in crate::http) async fn draft(call: Call) -> Result<Given<DraftSeen>, Wrong> {
    let detail = detail(&call).await?;
    let draft = draft::draft(&call.edge, call.caller.lang, &detail);
    let (markdown, html, schema) = (draft.markdown(), draft.html(), draft.schema());
    Ok(Given::new(DraftSeen { markdown, html, schema }))
}
