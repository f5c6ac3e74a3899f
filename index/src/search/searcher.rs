//! What asks the index.

use std::cmp::{Ordering, Reverse};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use tantivy::query::{BooleanQuery, BoostQuery, EnableScoring, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Score, SegmentReader, Term};

use super::IndexError;
use super::reading::Reading;
use super::schema::Part;
use crate::analysis::OwnWords;
use crate::passages::PassageHit;

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
    own: Arc<OwnWords>,
}

impl Searcher {
    pub(super) fn new(passages: Part, inquiries: Part) -> Self {
        Self { passages, inquiries, own: Arc::default() }
    }

    /// The same, with what an organisation's pages say for what its callers say.
    #[must_use]
    pub fn with_words(self, own: Arc<OwnWords>) -> Self {
        Self { own, ..self }
    }

    /// The passages that a question leads to, best first.
    pub fn passages(&self, question: &str, n: usize) -> Result<Vec<PassageHit>, IndexError> {
        self.passages_of(&self.read_by_passages(question)?, n)
    }

    /// The same for a question that was read by the passages.
    pub fn passages_of(&self, question: &Reading, n: usize) -> Result<Vec<PassageHit>, IndexError> {
        let found = hits(question, n, pruned).map_err(IndexError::when("search"))?;
        Ok(found.into_iter().map(passage).collect())
    }

    /// The same by scoring every passage: slow, and what `passages_of` is measured against.
    pub fn passages_in_full(
        &self,
        question: &Reading,
        n: usize,
    ) -> Result<Vec<PassageHit>, IndexError> {
        let found = hits(question, n, in_full).map_err(IndexError::when("search"))?;
        Ok(found.into_iter().map(passage).collect())
    }

    /// The inquiries that a text resembles, best first.
    pub fn inquiries(&self, text: &str, n: usize) -> Result<Vec<InquiryHit>, IndexError> {
        self.inquiries_of(&self.read_by_inquiries(text)?, n)
    }

    /// The same for a text that was read by the inquiries.
    pub fn inquiries_of(&self, text: &Reading, n: usize) -> Result<Vec<InquiryHit>, IndexError> {
        let found = hits(text, n, pruned).map_err(IndexError::when("search"))?;
        Ok(found.into_iter().map(inquiry).collect())
    }

    /// The same by scoring every inquiry: slow, and what `inquiries_of` is measured against.
    pub fn inquiries_in_full(
        &self,
        text: &Reading,
        n: usize,
    ) -> Result<Vec<InquiryHit>, IndexError> {
        let found = hits(text, n, in_full).map_err(IndexError::when("search"))?;
        Ok(found.into_iter().map(inquiry).collect())
    }

    /// A question as the passages read it.
    pub fn read_by_passages(&self, question: &str) -> Result<Reading, IndexError> {
        Reading::of(&self.passages, question, &self.own)
    }

    /// A text as the inquiries read it: callers ask in callers' words.
    pub fn read_by_inquiries(&self, text: &str) -> Result<Reading, IndexError> {
        Reading::of(&self.inquiries, text, &OwnWords::default())
    }

    /// How many passages and inquiries can be found.
    pub fn counts(&self) -> (u64, u64) {
        let count = |part: &Part| part.reader.searcher().num_docs();
        (count(&self.passages), count(&self.inquiries))
    }

    /// Reads every byte of the index and compares it with its checksums. A merge that ends
    /// meanwhile takes files away: what is missing is looked for once more.
    pub fn check(&self) -> Result<(), IndexError> {
        for part in [&self.passages, &self.inquiries] {
            part.check().or_else(|_| part.check())?;
        }
        Ok(())
    }
}

fn passage(found: Found) -> PassageHit {
    let passage = u32::try_from(found.ordinal).unwrap_or(u32::MAX);
    PassageHit { page: found.key, passage, score: found.score }
}

fn inquiry(found: Found) -> InquiryHit {
    InquiryHit { key: found.key, score: found.score }
}

struct Found {
    key: u64,
    ordinal: u64,
    score: Score,
}

type Scored = Vec<(Score, DocAddress)>;

/// A query of words and their parts, and grams where these find too little; with few texts,
/// grams at once.
fn query(text: &Reading, n: usize, search: Search) -> tantivy::Result<Scored> {
    let (searcher, terms) = (text.searcher(), text.terms()?);
    if text.is_empty() {
        return Ok(vec![]);
    }
    let all_at_once = searcher.num_docs() <= text.grams_at_once_max;
    if !all_at_once {
        let words = any(terms.words.iter().chain(&terms.lacking).cloned());
        let found = search(searcher, &words, n)?;
        if n <= found.len() {
            return Ok(found);
        }
    }
    let grams = text.grams(all_at_once)?;
    let all = any(terms.words.into_iter().chain(grams.into_iter().map(|it| (it, 1.0))));
    search(searcher, &all, n)
}

type Search = fn(&tantivy::Searcher, &BooleanQuery, usize) -> tantivy::Result<Scored>;

fn hits(text: &Reading, n: usize, search: Search) -> tantivy::Result<Vec<Found>> {
    let n = n.min(HITS_MAX);
    if n == 0 {
        return Ok(vec![]);
    }
    in_order(text, query(text, n, search)?, n)
}

/// Any of these terms, each with its weight: a plain union, in which tantivy skips whole blocks
/// of texts that cannot be among the best (Ding & Suel 2011).
fn any(terms: impl Iterator<Item = (Term, f32)>) -> BooleanQuery {
    let clause = |(term, weight)| -> (Occur, Box<dyn Query>) {
        let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
        (Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight)))
    };
    BooleanQuery::new(terms.map(clause).collect())
}

/// The best of all segments; what is not better than those found so far is skipped.
fn pruned(searcher: &tantivy::Searcher, query: &BooleanQuery, n: usize) -> tantivy::Result<Scored> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut segments: Vec<(u32, &SegmentReader)> = (0..).zip(searcher.segment_readers()).collect();
    segments.sort_by_key(|it| Reverse(it.1.num_docs()));
    let mut best = Best { n, places: BinaryHeap::new() };
    for (ordinal, segment) in segments {
        let alive = segment.alive_bitset();
        weight.for_each_pruning(best.least(), segment, &mut |doc, score| {
            if alive.is_none_or(|it| it.is_alive(doc)) {
                best.push(score, DocAddress::new(ordinal, doc));
            }
            best.least()
        })?;
    }
    Ok(best.places.into_iter().map(|it| (it.0.score, it.0.at)).collect())
}

/// The best of all texts, each of them scored.
fn in_full(
    searcher: &tantivy::Searcher,
    query: &BooleanQuery,
    n: usize,
) -> tantivy::Result<Scored> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut best = Best { n, places: BinaryHeap::new() };
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        let alive = segment.alive_bitset();
        weight.for_each(segment, &mut |doc, score| {
            if alive.is_none_or(|it| it.is_alive(doc)) {
                best.push(score, DocAddress::new(ordinal, doc));
            }
        })?;
    }
    Ok(best.places.into_iter().map(|it| (it.0.score, it.0.at)).collect())
}

/// The best so far, the least of them on top.
struct Best {
    n: usize,
    places: BinaryHeap<Reverse<Scorer>>,
}

#[derive(Clone, Copy)]
struct Scorer {
    score: Score,
    at: DocAddress,
}

impl Best {
    fn push(&mut self, score: Score, at: DocAddress) {
        if self.places.len() < self.n {
            self.places.push(Reverse(Scorer { score, at }));
        } else if let Some(mut least) = self.places.peek_mut()
            && least.0.score < score
        {
            *least = Reverse(Scorer { score, at });
        }
    }

    /// What a text must surpass.
    fn least(&self) -> Score {
        let least = self.places.peek().filter(|_| self.n <= self.places.len());
        least.map_or(Score::MIN, |it| it.0.score)
    }
}

impl Ord for Scorer {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.at.cmp(&self.at))
    }
}

impl PartialOrd for Scorer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Scorer {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Scorer {}

/// The best by score, ties by key: where a text stands in the segments does not matter.
fn in_order(text: &Reading, scored: Scored, n: usize) -> tantivy::Result<Vec<Found>> {
    let mut columns = BTreeMap::new();
    let mut found = vec![];
    for (score, at) in scored {
        let (keys, ordinals) = match columns.entry(at.segment_ord) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(text.columns.of(text.searcher(), at.segment_ord)?),
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
