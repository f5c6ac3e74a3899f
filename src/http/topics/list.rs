//! All topics, and what stays under none.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};

use super::facets::Facet;
use super::{DecisionOrHttp, chosen, members, seen};
use crate::app::{DecisionError, InquiryFilter, TopicLine, Under};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{FacetSeen, FieldError, TopicsPage};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::id::TopicNumber;

/// So many topics stand on a page.
const TOPICS_SHOWN: usize = 50;
/// So many inquiries under no topic are shown; the rest is a page of its own.
const UNGROUPED_SHOWN: usize = 20;

pub(in crate::http) async fn list(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    Ok(page(&build(&edge, &caller, &fields).await?))
}

async fn build(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<TopicsPage, HttpError> {
    let alone = InquiryFilter { under: Under::None, ..InquiryFilter::default() };
    let (all, ungrouped) = edge
        .off_thread(move |app| {
            let ungrouped = app.find_inquiries(&alone, (0, UNGROUPED_SHOWN))?;
            Ok::<_, HttpError>((app.topics()?, ungrouped))
        })
        .await??;
    let total = all.len();
    let query = fields.get("q");
    let wanted = query.trim().to_lowercase();
    let named: Vec<Arc<TopicLine>> = all.into_iter().filter(|it| is_named(it, &wanted)).collect();
    let filter: Vec<(Facet, Option<&'static str>)> =
        Facet::OF_TOPICS.into_iter().map(|it| (it, it.chosen(fields))).collect();
    let facets = filter.iter().map(|it| facet(caller, (it.0, it.1), &filter, &named)).collect();
    let found = found(fields, named);
    let pages = found.len().div_ceil(TOPICS_SHOWN).max(1);
    let this = fields.get("page").parse::<usize>().unwrap_or(1).clamp(1, pages);
    let shown = found.iter().skip((this - 1) * TOPICS_SHOWN).take(TOPICS_SHOWN);
    Ok(TopicsPage {
        f: edge.frame(caller, "topics.title"),
        topics: shown.map(|it| seen(it)).collect(),
        query,
        facets,
        found: found.len(),
        total,
        ungrouped: members(edge, caller, &ungrouped.lines, &fields.all("inquiry"))?,
        ungrouped_total: ungrouped.total,
        to: fields.get("to"),
        errors: vec![],
        page: (this, pages),
    })
}

/// The topics that a filter lets through, most asked first.
pub(in crate::http) fn found(fields: &Fields, all: Vec<Arc<TopicLine>>) -> Vec<Arc<TopicLine>> {
    let wanted = fields.get("q").trim().to_lowercase();
    let filter: Vec<(Facet, Option<&str>)> =
        Facet::OF_TOPICS.into_iter().map(|it| (it, it.chosen(fields))).collect();
    let is_found = |it: &Arc<TopicLine>| is_named(it, &wanted) && fits(it, &filter, None);
    let mut found: Vec<Arc<TopicLine>> = all.into_iter().filter(is_found).collect();
    found.sort_by_key(|it| (std::cmp::Reverse(it.demand.inquiries), it.number));
    found
}

/// Whether a topic's name, its words or its number are those looked for.
fn is_named(topic: &TopicLine, wanted: &str) -> bool {
    topic.name.to_lowercase().contains(wanted)
        || topic.words.iter().any(|it| it.to_lowercase().contains(wanted))
        || topic.number.to_string().eq_ignore_ascii_case(wanted)
}

/// Whether a topic passes what is chosen, but for one facet.
fn fits(topic: &TopicLine, filter: &[(Facet, Option<&str>)], but: Option<Facet>) -> bool {
    let others = filter.iter().filter(|it| Some(it.0) != but);
    others.filter_map(|it| Some((it.0, it.1?))).all(|(facet, value)| facet.has(topic, value))
}

/// A facet with how many topics each value would give beside what else is chosen.
fn facet(
    caller: &Caller,
    (facet, chosen): (Facet, Option<&'static str>),
    filter: &[(Facet, Option<&'static str>)],
    named: &[Arc<TopicLine>],
) -> FacetSeen {
    let beside: Vec<&Arc<TopicLine>> =
        named.iter().filter(|it| fits(it, filter, Some(facet))).collect();
    facet.seen(caller.lang, chosen, |value| {
        let has = |it: &&&Arc<TopicLine>| value.is_none_or(|value| facet.has(it, value));
        format!(" ({})", beside.iter().filter(has).count())
    })
}

pub(in crate::http) async fn place(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let (to, key) = match move_chosen(&edge, &caller, &fields).await {
        Ok(to) => {
            edge.see_writes().await;
            let told = Told::new("topic.saved");
            return Ok(edge.onward(To::Topic, &[&to.to_string()]).saying(&told).into_response());
        }
        Err(DecisionOrHttp::Decision(DecisionError::Unknown("topic"))) => {
            ("to", "topic.wrong_into")
        }
        Err(DecisionOrHttp::Decision(DecisionError::Unknown(_))) => {
            ("inquiry", "topic.wrong_inquiry")
        }
        Err(error) => return Err(error.into()),
    };
    let text = caller.lang.text(key).to_owned();
    let built = build(&edge, &caller, &fields).await?;
    Ok(wrong(&TopicsPage { errors: vec![FieldError { field: to, text }], ..built }))
}

async fn move_chosen(
    edge: &Edge,
    caller: &Caller,
    fields: &Fields,
) -> Result<TopicNumber, DecisionOrHttp> {
    let ids = chosen(fields)?;
    let to = fields.get("to").trim().to_uppercase().parse();
    let to: TopicNumber = to.map_err(|_| DecisionError::Unknown("topic"))?;
    let by = caller.by();
    edge.off_thread(move |app| app.place_inquiries(&ids, Some(to), by)).await??;
    Ok(to)
}
