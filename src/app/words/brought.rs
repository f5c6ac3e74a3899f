//! What each row has brought: questions that lead to a page by it, and did not without.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use skranke_index::{OwnWords, Searcher};
use uuid::Uuid;

use super::own::without;
use crate::app::App;
use crate::inquiry::Inquiries;
use crate::lookup::{self, FoundPassage};
use crate::view::ViewError;

/// Questions of so many days are counted.
pub const BROUGHT_DAYS: i64 = 90;
/// So many of them at most, those most like what callers say.
const QUESTIONS_MAX: usize = 200;
/// One of its passages must stand among the first so many.
const FIRST_PASSAGES: usize = 3;
/// So long a figure is shown before it is counted anew.
const FRESH_FOR: SignedDuration = SignedDuration::from_hours(1);

/// What a row has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Questions of the time that have the callers' word.
    pub asked: u32,
    /// Those whose look-up shows a page with the page's word among the first by this row.
    pub led: u32,
    /// When it was counted.
    pub at: Timestamp,
}

/// The figures as they were counted last, by row and its version.
#[derive(Default)]
pub(in crate::app) struct Counted {
    figures: Mutex<HashMap<Uuid, (u32, Brought)>>,
    is_counting: AtomicBool,
}

impl App {
    /// What a row has brought, as it was counted last; none when that was not yet.
    pub fn brought(&self, row: Uuid) -> Option<Brought> {
        let version = self.state.words.get(row)?.version;
        let figures = self.brought.figures.lock().unwrap_or_else(PoisonError::into_inner);
        figures.get(&row).filter(|it| it.0 == version).map(|it| it.1)
    }

    /// Counts what rows have brought that is not known, or was counted too long ago. One at a
    /// time; a second one returns at once. Blocks, for milliseconds a question.
    ///
    /// # Errors
    /// When the view cannot be read.
    pub fn count_brought(&self) -> Result<(), ViewError> {
        if self.brought.is_counting.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        let counted = self.count_rows();
        self.brought.is_counting.store(false, Ordering::Release);
        counted
    }

    fn count_rows(&self) -> Result<(), ViewError> {
        self.start_live();
        let Some(searcher) = self.live.searcher() else { return Ok(()) };
        let now = self.now();
        for row in self.word_rows().into_iter().filter(|it| !it.row.removed) {
            let is_fresh = |it: Brought| now.duration_since(it.at) < FRESH_FOR;
            if self.is_stopping() || self.brought(row.id).is_some_and(is_fresh) {
                continue;
            }
            let facts = &row.row.facts;
            let pair = OwnWords::of([(facts.said.as_str(), facts.written.as_str())]);
            let with = searcher.clone().with_words(self.judge.own());
            let less = searcher.clone().with_words(without(&self.state, Some(row.id)).into());
            let questions = self.with_word(&searcher, &facts.said, &pair)?;
            let mut led = 0;
            for question in &questions {
                let old = self.first_pages(question, &less)?;
                let new = self.first_pages(question, &with)?;
                led += u32::from(new.difference(&old).any(|it| self.page_says(it, &facts.written)));
            }
            let asked = u32::try_from(questions.len()).unwrap_or(u32::MAX);
            let figure = (row.version, Brought { asked, led, at: now });
            let mut figures = self.brought.figures.lock().unwrap_or_else(PoisonError::into_inner);
            figures.insert(row.id, figure);
        }
        Ok(())
    }

    /// The latest questions that have a word of callers.
    fn with_word(
        &self,
        searcher: &Searcher,
        said: &str,
        pair: &OwnWords,
    ) -> Result<Vec<String>, ViewError> {
        let mut seqs = BTreeSet::new();
        for one in said.split(',') {
            // An index that fails finds nothing; the figure is counted again later.
            let hits = searcher.inquiries(one, QUESTIONS_MAX).unwrap_or_default();
            seqs.extend(hits.into_iter().map(|it| it.key));
        }
        let from = self.now() - SignedDuration::from_hours(24 * BROUGHT_DAYS);
        let inquiries: &Inquiries = &self.state.inquiries;
        let mut questions = vec![];
        for seq in seqs.into_iter().rev().take(QUESTIONS_MAX) {
            let is_recent = inquiries.columns().line(seq).is_some_and(|it| from <= it.asked);
            let words = if is_recent { inquiries.words(seq)? } else { None };
            questions.extend(words.filter(|it| !pair.for_question(it).is_empty()));
        }
        Ok(questions)
    }

    /// The pages whose passages a look-up shows first, by address.
    fn first_pages(&self, asked: &str, by: &Searcher) -> Result<BTreeSet<String>, ViewError> {
        let sources = lookup::Sources {
            fresh: &[],
            inquiries: &self.state.inquiries,
            pages: &self.state.pages,
            bodies: &self.bodies,
            resolve: &|_| None,
        };
        let found = lookup::find(asked, (FIRST_PASSAGES, 0), by, sources)?;
        let page = |it: FoundPassage| it.address.split('#').next().unwrap_or_default().to_owned();
        Ok(found.passages.into_iter().map(page).collect())
    }

    /// Whether a page has a page's word of the row.
    fn page_says(&self, address: &str, written: &str) -> bool {
        let pages = self.state.pages.read();
        let row = pages.iter().find(|it| !it.row.gone && it.row.facts.address == address).cloned();
        drop(pages);
        let Some(body) = row.and_then(|it| self.bodies.get(&it.row.facts.body).ok()) else {
            return false;
        };
        let texts = body.passages.iter().flat_map(|it| [it.heading.as_str(), it.text.as_str()]);
        let text = texts.chain([body.title.as_str()]).collect::<Vec<_>>().join("\n");
        let words = OwnWords::of(written.split(',').map(|it| (it, it)));
        !words.for_question(&text).is_empty()
    }
}
