//! Questions asked before that are like the one that is typed.

use std::collections::BTreeSet;

use skranke_index::{IndexError, Searcher, analyzer};

use super::Sources;
use crate::id::{Id, TopicNumber};
use crate::inquiry::Inquiry;
use crate::journal::Seq;
use crate::view::ViewError;

/// A question is shown when it is so alike. Half typed, a question has few of the other's words;
/// when all of its own are there, a third of the other's are enough.
const LIKENESS_MIN: f32 = 0.45;
/// So many hits are looked at: a topic that many ask fills many places.
const HITS: usize = 60;

/// A question asked before.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundQuestion {
    /// The inquiry.
    pub id: Id<Inquiry>,
    /// Its words.
    pub text: String,
    /// The topic it is under.
    pub topic: Option<TopicNumber>,
    /// How alike, 0 to 1.
    pub likeness: f32,
}

/// Why nothing can be found.
#[derive(Debug, thiserror::Error)]
pub(super) enum FindError {
    #[error("could not ask the index")]
    Index(#[from] IndexError),
    #[error("could not read the questions")]
    View(#[from] ViewError),
}

pub(super) fn find(
    query: &str,
    n: usize,
    searcher: &Searcher,
    from: Sources<'_>,
) -> Result<Vec<FoundQuestion>, FindError> {
    if n == 0 {
        return Ok(vec![]);
    }
    let reading = searcher.read_by_inquiries(query)?;
    let hits = searcher.inquiries_of(&reading, HITS)?;
    let keys: BTreeSet<Seq> = hits.iter().map(|it| it.key).chain(from.fresh.to_vec()).collect();
    let mut alike: Vec<(Seq, FoundQuestion)> = vec![];
    for key in keys {
        // What is taken back or corrected since the last commit is read as it stands now.
        let Some(text) = from.inquiries.words(key)? else { continue };
        let likeness = reading.likeness(&text)?;
        let line = from.inquiries.columns().line(key).map(|it| (it.id, it.topic));
        let Some((id, topic)) = line.filter(|_| LIKENESS_MIN <= likeness) else { continue };
        let topic = topic.map(|it| (from.resolve)(it).unwrap_or(it));
        alike.push((key, FoundQuestion { id, text, topic, likeness }));
    }
    // Of equals the later one: it is the one that may still change its topic.
    alike.sort_by(|a, b| b.1.likeness.total_cmp(&a.1.likeness).then(b.0.cmp(&a.0)));
    let (mut topics, mut texts) = (BTreeSet::new(), BTreeSet::new());
    let questions = alike.into_iter().map(|it| it.1).filter(|it| {
        let is_new_topic = it.topic.is_none_or(|it| topics.insert(it));
        is_new_topic && texts.insert(analyzer().normalized(&it.text))
    });
    Ok(questions.take(n).collect())
}
