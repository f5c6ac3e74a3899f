//! All topics, and what stays under none.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::facets::{Counts, Facet, Filter};
use super::{DecisionOrHttp, chosen, members, seen};
use crate::app::{Board, DecisionError, Glance, InquiryFilter, TopicLine, Under};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields, Sought};
use crate::http::edge::notice::Told;
use crate::http::pages::{FacetSeen, FieldError, TopicsPage};
use crate::http::routes::To;
use crate::http::{Edge, page, wrong};
use crate::id::TopicNumber;
use crate::organisation::Labels;

/// So many topics stand on a page.
const TOPICS_SHOWN: usize = 50;
/// So many inquiries under no topic are shown; the rest is a page of its own.
const UNGROUPED_SHOWN: usize = 20;

pub(in crate::http) async fn list(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Sought(fields): Sought,
) -> Result<Response, HttpError> {
    Ok(page(&build(&edge, &caller, &fields).await?))
}

async fn build(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<TopicsPage, HttpError> {
    let alone = InquiryFilter { under: Under::None, ..InquiryFilter::default() };
    let query = fields.get("q");
    let (wanted, filter) = (query.trim().to_lowercase(), Filter::read(fields));
    let this = fields.get("page").parse::<usize>().unwrap_or(1).max(1);
    let (found, ungrouped) = edge
        .off_thread(move |app| {
            let ungrouped = app.find_inquiries(&alone, (0, UNGROUPED_SHOWN))?;
            Ok::<_, HttpError>((find(&*app.board()?, &wanted, filter, this), ungrouped))
        })
        .await??;
    Ok(TopicsPage {
        f: edge.frame(caller, "topics.title"),
        topics: found.topics.iter().map(|it| seen(it)).collect(),
        query,
        facets: found.facets(&edge.labels(caller.lang)),
        found: found.found,
        total: found.total,
        ungrouped: members(edge, caller, &ungrouped.lines, &fields.all("inquiry"))?,
        ungrouped_total: ungrouped.total,
        to: fields.get("to"),
        errors: vec![],
        page: found.page,
    })
}

/// The topics that a filter lets through, most asked first.
pub(in crate::http) fn found(fields: &Fields, all: Vec<Arc<TopicLine>>) -> Vec<Arc<TopicLine>> {
    let (wanted, filter) = (fields.get("q").trim().to_lowercase(), Filter::read(fields));
    let mut counts = Counts::default();
    let mut is_found =
        |it: &Arc<TopicLine>| is_named(it, &wanted) && filter.passes(&Glance::of(it), &mut counts);
    let mut found: Vec<Arc<TopicLine>> = all.into_iter().filter(|it| is_found(it)).collect();
    found.sort_by_key(|it| (std::cmp::Reverse(it.demand.inquiries), it.number));
    found
}

/// A page of the topics that pass a filter, and how many each value of a facet would give.
struct Found {
    topics: Vec<Arc<TopicLine>>,
    filter: Filter,
    counts: Counts,
    found: usize,
    total: usize,
    page: (usize, usize),
}

/// Looks at each topic once: there may be very many.
fn find(board: &Board, wanted: &str, filter: Filter, this: usize) -> Found {
    let mut counts = Counts::default();
    let named = board.glances().filter(|it| is_named(&it.1, wanted));
    let mut found: Vec<&Seen> = named.filter(|it| filter.passes(&it.0, &mut counts)).collect();
    let pages = found.len().div_ceil(TOPICS_SHOWN).max(1);
    let this = this.min(pages);
    let n = found.len();
    let topics = most_asked(&mut found, (this - 1) * TOPICS_SHOWN, TOPICS_SHOWN);
    Found { topics, filter, counts, found: n, total: board.len(), page: (this, pages) }
}

impl Found {
    fn facets(&self, labels: &Labels) -> Vec<FacetSeen> {
        let facet = |(at, facet): (usize, Facet)| {
            facet.seen(labels, self.filter.chosen(facet), |value| {
                format!(" ({})", self.counts.of(at, value))
            })
        };
        Facet::OF_TOPICS.into_iter().enumerate().map(facet).collect()
    }
}

/// A topic with what lists tell it apart by.
pub(super) type Seen = (Glance, Arc<TopicLine>);

/// So many topics after the first `skip`, the most asked first. Only these are sorted.
pub(super) fn most_asked(topics: &mut [&Seen], skip: usize, n: usize) -> Vec<Arc<TopicLine>> {
    let key = |it: &&Seen| (std::cmp::Reverse(it.0.inquiries), it.0.number);
    let end = (skip + n).min(topics.len());
    if end < topics.len() {
        topics.select_nth_unstable_by_key(end, key);
    }
    topics[..end].sort_unstable_by_key(key);
    topics[skip.min(end)..end].iter().map(|it| Arc::clone(&it.1)).collect()
}

/// Whether a topic's name, its words or its number are those looked for, in small letters.
fn is_named(topic: &TopicLine, wanted: &str) -> bool {
    let is_number = || {
        let number = wanted.strip_prefix('t').and_then(|it| it.parse().ok());
        number == Some(topic.number.0)
    };
    wanted.is_empty() || topic.small.contains(wanted) || is_number()
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
        Err(error) => super::place_fault(error)?,
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
