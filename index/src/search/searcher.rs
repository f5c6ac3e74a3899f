//! What asks the index: words fetch candidates, the full score orders them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use tantivy::collector::TopDocs;
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, BoostQuery, EnableScoring, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, Score, Term};

use super::IndexError;
use super::question::Terms;
use super::reading::Reading;
use super::schema::{KEY, ORDINAL, Part};
use crate::passages::{PassageHit, TITLE_WEIGHT};

/// So many candidates are put in order.
const CANDIDATES: usize = 300;
/// With so few texts all are scored in full at once.
const SCORED_AT_ONCE_MAX: u64 = 2_000;
/// At most so many hits are told.
const HITS_MAX: usize = 1_000;

/// An inquiry that a text resembles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InquiryHit {
    /// The inquiry's key.
    pub key: u64,
    /// The higher the more alike.
    pub score: f32,
}

/// Asks the index; cheap to clone, sees each commit as soon as it is made.
#[derive(Clone, Debug)]
pub struct Searcher {
    passages: Part,
    inquiries: Part,
}

impl Searcher {
    pub(super) fn new(passages: Part, inquiries: Part) -> Self {
        Self { passages, inquiries }
    }

    /// The passages that a question leads to, best first.
    pub fn passages(&self, question: &str, n: usize) -> Result<Vec<PassageHit>, IndexError> {
        self.passages_of(&self.read_by_passages(question)?, n)
    }

    /// The same for a question that was read by the passages.
    pub fn passages_of(&self, question: &Reading, n: usize) -> Result<Vec<PassageHit>, IndexError> {
        let found = hits(&self.passages, question, n).map_err(IndexError::when("search"))?;
        let hit = |it: Found| PassageHit {
            page: it.key,
            passage: u32::try_from(it.ordinal).unwrap_or(u32::MAX),
            score: it.score,
        };
        Ok(found.into_iter().map(hit).collect())
    }

    /// The inquiries that a text resembles, best first.
    pub fn inquiries(&self, text: &str, n: usize) -> Result<Vec<InquiryHit>, IndexError> {
        self.inquiries_of(&self.read_by_inquiries(text)?, n)
    }

    /// The same for a text that was read by the inquiries.
    pub fn inquiries_of(&self, text: &Reading, n: usize) -> Result<Vec<InquiryHit>, IndexError> {
        let found = hits(&self.inquiries, text, n).map_err(IndexError::when("search"))?;
        Ok(found.into_iter().map(|it| InquiryHit { key: it.key, score: it.score }).collect())
    }

    /// A question as the passages read it.
    pub fn read_by_passages(&self, question: &str) -> Result<Reading, IndexError> {
        Reading::of(&self.passages, question)
    }

    /// A text as the inquiries read it.
    pub fn read_by_inquiries(&self, text: &str) -> Result<Reading, IndexError> {
        Reading::of(&self.inquiries, text)
    }

    /// How many passages and inquiries can be found.
    pub fn counts(&self) -> (u64, u64) {
        let count = |part: &Part| part.reader.searcher().num_docs();
        (count(&self.passages), count(&self.inquiries))
    }
}

struct Found {
    key: u64,
    ordinal: u64,
    score: Score,
}

fn hits(part: &Part, text: &Reading, n: usize) -> tantivy::Result<Vec<Found>> {
    let searcher = part.reader.searcher();
    let terms = Terms::of(text.read(), part.fields);
    let n = n.min(HITS_MAX);
    if n == 0 || terms.is_empty() {
        return Ok(vec![]);
    }
    let full = any([(&terms.words, 1.0), (&terms.titles, TITLE_WEIGHT), (&terms.grams, 1.0)]);
    let candidates = n.max(CANDIDATES);
    let mut scored = vec![];
    if SCORED_AT_ONCE_MAX < searcher.num_docs() {
        let quick =
            any([(&terms.words, 1.0), (&terms.titles, TITLE_WEIGHT), (&terms.lacking, 1.0)]);
        let some = searcher.search(&quick, &TopDocs::with_limit(candidates).order_by_score())?;
        scored = rescored(&searcher, &full, some)?;
    }
    if scored.len() < n {
        scored = searcher.search(&full, &TopDocs::with_limit(candidates).order_by_score())?;
    }
    in_order(&searcher, scored, n)
}

/// Any of these terms, each kind with its weight.
fn any<const N: usize>(kinds: [(&Vec<Term>, f32); N]) -> BooleanQuery {
    let clause = |(term, weight): (&Term, f32)| -> (Occur, Box<dyn Query>) {
        let query = TermQuery::new(term.clone(), IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight)))
    };
    let each =
        kinds.into_iter().flat_map(|(terms, weight)| terms.iter().map(move |it| (it, weight)));
    BooleanQuery::new(each.map(clause).collect())
}

/// Scores candidates by the full query alone.
fn rescored(
    searcher: &tantivy::Searcher,
    full: &BooleanQuery,
    candidates: Vec<(Score, DocAddress)>,
) -> tantivy::Result<Vec<(Score, DocAddress)>> {
    let weight = full.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut by_segment: BTreeMap<u32, Vec<DocId>> = BTreeMap::new();
    for (_, at) in candidates {
        by_segment.entry(at.segment_ord).or_default().push(at.doc_id);
    }
    let mut scored = vec![];
    for (segment, mut docs) in by_segment {
        docs.sort_unstable();
        let mut scorer = weight.scorer(searcher.segment_reader(segment), 1.0)?;
        for doc in docs {
            if scorer.doc() < doc {
                scorer.seek(doc);
            }
            if scorer.doc() == doc {
                scored.push((scorer.score(), DocAddress::new(segment, doc)));
            }
        }
    }
    Ok(scored)
}

/// The best by score, ties by key: where a text stands in the segments does not matter.
fn in_order(
    searcher: &tantivy::Searcher,
    scored: Vec<(Score, DocAddress)>,
    n: usize,
) -> tantivy::Result<Vec<Found>> {
    let mut columns: BTreeMap<u32, (Column<u64>, Column<u64>)> = BTreeMap::new();
    let mut found = vec![];
    for (score, at) in scored {
        let segment = at.segment_ord;
        let (keys, ordinals) = match columns.entry(segment) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let fast = searcher.segment_reader(segment).fast_fields();
                new.insert((fast.u64(KEY)?, fast.u64(ORDINAL)?))
            }
        };
        let key = keys.first(at.doc_id).unwrap_or_default();
        found.push(Found { key, ordinal: ordinals.first(at.doc_id).unwrap_or_default(), score });
    }
    found.sort_unstable_by(|a, b| {
        b.score.total_cmp(&a.score).then((a.key, a.ordinal).cmp(&(b.key, b.ordinal)))
    });
    found.truncate(n);
    Ok(found)
}

/// Compares the two ways of scoring, for `tests`.
#[cfg(test)]
pub(super) fn check_rescored(searcher: &tantivy::Searcher, terms: &Terms) {
    let full = any([(&terms.words, 1.0), (&terms.titles, TITLE_WEIGHT), (&terms.grams, 1.0)]);
    let all = searcher.search(&full, &TopDocs::with_limit(9).order_by_score()).unwrap();
    assert!(1 < all.len());
    let mut turned = all.clone();
    turned.reverse();
    let again = rescored(searcher, &full, turned).unwrap();
    for (score, at) in all {
        let same = again.iter().find(|it| it.1 == at).unwrap();
        assert!((same.0 - score).abs() < 1e-4);
    }
}
