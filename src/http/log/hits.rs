//! What a look-up shows: passages that may answer, and the same question asked before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::pages::{Earlier, Hits, Part, Passage, Spoken};
use crate::inquiry::{Norm, Tally};
use crate::lookup::{FoundPassage, FoundQuestion, Piece};
use crate::review::StateName;
use crate::topic::Topic;

/// So many look-ups are at work at once. Saves work on the same threads, and must find some free
/// when every look-up hangs.
pub(in crate::http) const LOOK_UPS_MAX: usize = 16;
/// So many machines are answered at once.
pub(in crate::http) const ANSWERS_MAX: usize = 4;
/// A look-up that has found nothing by then is told as down.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// At most so many passages.
const PASSAGES_MAX: usize = 3;
/// At most so many earlier questions.
const EARLIER_MAX: usize = 5;
/// A question's count looks back so far.
const COUNT_SPAN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Looks a question up in pages and in what was asked before. A search that does not answer is
/// told as down, and nothing else waits for it.
pub(in crate::http) async fn look_up(
    edge: &Edge,
    caller: &Caller,
    text: String,
) -> Result<Hits, HttpError> {
    let begun = Instant::now();
    let Ok(found) =
        tokio::time::timeout(ANSWER_TIMEOUT, in_turn((edge, &edge.look_ups), text, find)).await
    else {
        tracing::warn!("a look-up did not answer");
        return Ok(Hits { is_down: true, ..Hits::default() });
    };
    let (mut hits, since) = found?;
    edge.traffic.look_ups.took(begun.elapsed());
    if let (Some(answer), Some(since)) = (&mut hits.answer, since) {
        answer.day = edge.day(caller, since);
    }
    Ok(hits)
}

/// Finds when it is its turn. The turn goes along with the work: a thread cannot be stopped, and
/// one that hangs keeps its place.
async fn in_turn<T: Send + 'static>(
    (edge, turns): (&Edge, &Arc<Semaphore>),
    text: String,
    find: fn(&App, &str) -> Result<T, HttpError>,
) -> Result<T, HttpError> {
    let turn = Arc::clone(turns).acquire_owned().await.map_err(HttpError::internal)?;
    let found = edge.off_thread(move |app| {
        let found = find(app, &text);
        drop(turn);
        found
    });
    found.await?
}

/// What is found, and since when reception may say what it may.
fn find(app: &App, text: &str) -> Result<(Hits, Option<Timestamp>), HttpError> {
    let found = app.look_up(text, PASSAGES_MAX, EARLIER_MAX)?;
    let (since, answer) = found.questions.iter().find_map(|it| spoken(app, it)).unzip();
    let hits = Hits {
        answer,
        is_down: found.is_down,
        passages: found.passages.into_iter().map(passage).collect(),
        earlier: found.questions.into_iter().map(|it| earlier_hit(app, it)).collect(),
    };
    Ok((hits, since))
}

/// What answers a question, without what others have asked.
#[derive(Default)]
pub(in crate::http) struct Answers {
    /// Whether the search is down.
    pub(in crate::http) is_down: bool,
    /// What may be said, since when, and in which language.
    pub(in crate::http) spoken: Option<(Timestamp, String, &'static str)>,
    /// Passages that may answer.
    pub(in crate::http) passages: Vec<Passage>,
}

/// Looks up what answers a question. Machines take turns among themselves: no desk waits for them.
pub(in crate::http) async fn answers_to(edge: &Edge, text: String) -> Result<Answers, HttpError> {
    let found =
        tokio::time::timeout(ANSWER_TIMEOUT, in_turn((edge, &edge.answers), text, find_answers))
            .await;
    found.unwrap_or_else(|_| {
        tracing::warn!("a machine's question was not answered in time");
        Ok(Answers { is_down: true, ..Answers::default() })
    })
}

fn find_answers(app: &App, text: &str) -> Result<Answers, HttpError> {
    let found = app.look_up(text, PASSAGES_MAX, EARLIER_MAX)?;
    let spoken = found.questions.iter().find_map(|it| spoken(app, it));
    let spoken = spoken.map(|(since, Spoken { text, .. })| {
        let lang = lang_code(skranke_index::detect(&text).into());
        (since, text, lang)
    });
    let passages = found.passages.into_iter().map(passage).collect();
    Ok(Answers { is_down: found.is_down, spoken, passages })
}

/// What an editor lets reception say to a question that was asked before.
fn spoken(app: &App, found: &FoundQuestion) -> Option<(Timestamp, Spoken)> {
    let topic = app.resolve(found.topic?)?;
    let topic = app.state.topics.get(Topic::entity(topic))?;
    let (since, text) = topic.row.answer.clone()?;
    Some((since, Spoken { text, day: String::new(), inquiry: found.id.to_string() }))
}

fn passage(found: FoundPassage) -> Passage {
    let heading = if found.heading == found.title { String::new() } else { found.heading };
    let part = |it: Piece| Part { text: it.text, marked: it.matches };
    Passage {
        address: found.address,
        title: found.title,
        heading,
        parts: found.pieces.into_iter().map(part).collect(),
        lang: lang_code(found.norm).to_owned(),
    }
}

/// The code for the `lang` attribute; empty when it is not sure.
pub(in crate::http) fn lang_code(norm: Norm) -> &'static str {
    match norm {
        Norm::Nb => "nb",
        Norm::Nn => "nn",
        Norm::En => "en",
        Norm::Other | Norm::Unsure => "",
    }
}

fn earlier_hit(app: &App, found: FoundQuestion) -> Earlier {
    let topic = found.topic.and_then(|it| app.resolve(it));
    let since = app.now() - COUNT_SPAN;
    let count = topic.map_or(1, |topic| {
        app.tallies_of(topic).iter().filter(|it| since < it.asked).map(Tally::contacts).sum()
    });
    let gap = topic.and_then(|it| app.state.gaps.get(crate::review::Gap::entity(it)));
    let state = gap.map(|it| it.row.state.seen_at(app.now()).name());
    let worked_on = state.filter(|it| matches!(it, StateName::Taken | StateName::Done));
    Earlier {
        inquiry: found.id.to_string(),
        text: found.text,
        count,
        state: worked_on.map(|it| it.name().to_owned()),
    }
}
