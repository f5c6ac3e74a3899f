//! What stands around the field: one's own last entries, what many ask now, what logging led to.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::OWN_SPAN;
use crate::app::App;
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::pages::{Common, Recent};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Channel, Inquiry, InquiryRow, Outcome, OutcomeName, Source};
use crate::people::By;
use crate::review::State as GapState;
use crate::topic::Topic;

/// So many of one's own last entries.
const RECENT_MAX: usize = 5;
/// So many entries are looked through for one's own.
const RECENT_LOOK_MAX: usize = 500;
/// At most so many common questions.
const COMMON_MAX: usize = 6;
/// A question is common from so many contacts in 14 days on.
const COMMON_MIN: u32 = 3;
const COMMON_SPAN: SignedDuration = SignedDuration::from_hours(14 * 24);

/// One of one's own entries.
pub(in crate::http) struct Own {
    pub(in crate::http) id: Id<Inquiry>,
    pub(in crate::http) asked: Timestamp,
    /// Its own words; none for a repeat or a bare count.
    pub(in crate::http) text: Option<String>,
    pub(in crate::http) note: Option<String>,
    /// The words, or those of the question that it repeats.
    pub(in crate::http) shown: String,
    channel: Channel,
    outcome: OutcomeName,
}

/// One's own last entries of the day.
pub(super) fn recent(
    app: &App,
    by: By,
    time: impl Fn(Timestamp) -> String,
) -> Result<Vec<Recent>, HttpError> {
    let recent = own_entries(app, by, RECENT_MAX)?.into_iter().map(|it| Recent {
        id: it.id.to_string(),
        text: it.shown,
        at: time(it.asked),
        channel: it.channel.name().to_owned(),
        outcome: it.outcome.name().to_owned(),
    });
    Ok(recent.collect())
}

/// One's own entries of the last day, newest first.
pub(in crate::http) fn own_entries(
    app: &App,
    by: By,
    shown_max: usize,
) -> Result<Vec<Own>, HttpError> {
    let since = app.now() - OWN_SPAN;
    let seqs: Vec<u64> = {
        let columns = app.state.inquiries.columns();
        columns.live().rev().take(RECENT_LOOK_MAX).map(|it| it.seq).collect()
    };
    let mut own = vec![];
    for seq in seqs {
        if shown_max <= own.len() {
            break;
        }
        let Some(stored) = app.state.inquiries.at(seq)? else { continue };
        let facts = &stored.row.facts;
        if facts.source == Source::Import || facts.by.is_none() || facts.by != by {
            continue;
        }
        // One that waited in a browser stands later than it was asked.
        if facts.asked < since {
            continue;
        }
        own.push(Own {
            id: Id::from_uuid(stored.id),
            asked: facts.asked,
            text: facts.text.as_ref().map(|it| it.as_str().to_owned()),
            note: facts.note.as_ref().map(|it| it.as_str().to_owned()),
            shown: words(app, &stored.row)?,
            channel: facts.channel,
            outcome: facts.outcome.name(),
        });
    }
    Ok(own)
}

/// The words of an entry as they are kept.
pub(super) fn stored_words(app: &App, id: Id<Inquiry>) -> Result<Option<String>, HttpError> {
    let stored = app.state.inquiries.get(id)?;
    stored.map(|it| words(app, &it.row)).transpose()
}

/// The words of an entry, or those of the question that it repeats.
fn words(app: &App, row: &InquiryRow) -> Result<String, HttpError> {
    if let Some(text) = &row.facts.text {
        return Ok(text.as_str().to_owned());
    }
    let Outcome::SameAs { inquiry } = &row.facts.outcome else { return Ok("+1".to_owned()) };
    let repeated = app.state.inquiries.get(*inquiry)?;
    let text = repeated.and_then(|it| it.row.facts.text);
    Ok(text.map_or_else(|| "+1".to_owned(), |it| it.as_str().to_owned()))
}

/// Topics that many ask now, by the words of their most central inquiry.
pub(super) fn common(app: &App) -> Result<Vec<Common>, HttpError> {
    let since = app.now() - COMMON_SPAN;
    let mut counts: BTreeMap<TopicNumber, u32> = BTreeMap::new();
    {
        let columns = app.state.inquiries.columns();
        for line in columns.asked_since(since) {
            if let Some(topic) = line.topic {
                *counts.entry(topic).or_default() += line.contacts();
            }
        }
    }
    let mut whole: BTreeMap<TopicNumber, u32> = BTreeMap::new();
    for (topic, count) in counts {
        if let Some(topic) = app.resolve(topic) {
            *whole.entry(topic).or_default() += count;
        }
    }
    let mut sorted: Vec<(TopicNumber, u32)> =
        whole.into_iter().filter(|it| COMMON_MIN <= it.1).collect();
    sorted.sort_by_key(|it| (std::cmp::Reverse(it.1), it.0));
    let mut common = vec![];
    for (topic, count) in sorted.into_iter().take(COMMON_MAX) {
        let Some(stored) = app.state.topics.get(Topic::entity(topic)) else { continue };
        let text = app.name_of(&stored.row)?;
        common.push(Common { inquiry: stored.row.exemplar.to_string(), text, count });
    }
    Ok(common)
}

/// What logging has led to: gaps that were verified in the last four weeks.
pub(super) fn led_to(edge: &Edge, caller: &Caller) -> Result<Option<String>, HttpError> {
    const NAMES_MAX: usize = 3;
    const SPAN: SignedDuration = SignedDuration::from_hours(28 * 24);
    let app = &edge.app;
    let mut verified = vec![];
    for gap in app.state.gaps.all() {
        if let GapState::Verified { since, .. } = gap.row.state
            && app.now() - SPAN < since
            && let Some(topic) = app.state.topics.get(Topic::entity(gap.row.topic))
        {
            verified.push((since, app.name_of(&topic.row)?));
        }
    }
    verified.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let names: Vec<String> = verified.into_iter().take(NAMES_MAX).map(|it| it.1).collect();
    let says = || caller.lang.fill("log.led_to", &[("names", &names.join(" · "))]);
    Ok((!names.is_empty()).then(says))
}
