//! What changes the index: whole pages and inquiries go in and out, then a commit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tantivy::{IndexWriter, TantivyDocument, Term};

use super::schema::{Fields, Part};
use super::{IndexError, Position};
use crate::analysis::{analyzer, grams};
use crate::passages::PageText;

/// What tantivy may hold of each half before it writes a segment.
const BUFFER_BYTES: usize = 32 * 1024 * 1024;

/// Changes the index. Nothing can be found, and nothing survives, before `commit`.
///
/// A half that has not changed is committed once in a while only: its position may lag behind,
/// and what comes after it is then put in once more at the next start.
pub struct Writer {
    passages: Half,
    inquiries: Half,
}

/// One of the two indexes being written.
struct Half {
    part: Part,
    writer: IndexWriter,
    has_changed: bool,
    /// The last commit's position.
    at: Option<Position>,
}

/// A half's position lags at most so far behind.
const LAG_MAX: u64 = 5_000;

impl Writer {
    pub(super) fn new(passages: Part, inquiries: Part) -> Result<Self, IndexError> {
        Ok(Self { passages: Half::new(passages)?, inquiries: Half::new(inquiries)? })
    }

    /// Puts a page in place of what stood under its key.
    pub fn put_page(&mut self, page: &PageText) -> Result<(), IndexError> {
        self.remove_page(page.key);
        for (ordinal, passage) in (0_u64..).zip(&page.passages) {
            let title = format!("{} {}", page.title, passage.heading);
            self.passages.add((page.key, ordinal), &title, &passage.text)?;
        }
        Ok(())
    }

    /// Takes a page out.
    pub fn remove_page(&mut self, key: u64) {
        self.passages.remove(key);
    }

    /// Puts an inquiry in place of what stood under its key.
    pub fn put_inquiry(&mut self, key: u64, text: &str) -> Result<(), IndexError> {
        self.remove_inquiry(key);
        self.inquiries.add((key, 0), "", text)
    }

    /// Takes an inquiry out.
    pub fn remove_inquiry(&mut self, key: u64) {
        self.inquiries.remove(key);
    }

    /// Makes everything so far lasting and lets it be found at once. After an error the writer
    /// is of no more use: drop it, open the index again, go on from its position.
    pub fn commit(&mut self, position: Position) -> Result<(), IndexError> {
        // The writer is given up after an error, so its state after a panic does not matter.
        catch_unwind(AssertUnwindSafe(|| {
            self.passages.commit(position)?;
            self.inquiries.commit(position)
        }))
        .unwrap_or(Err(IndexError::Panicked("commit")))
    }
}

impl Half {
    fn new(part: Part) -> Result<Self, IndexError> {
        let at = part.position()?;
        let writer = part.index.writer_with_num_threads(1, BUFFER_BYTES);
        Ok(Self {
            writer: writer.map_err(IndexError::when("write"))?,
            part,
            has_changed: false,
            at,
        })
    }

    fn add(&mut self, key: (u64, u64), title: &str, text: &str) -> Result<(), IndexError> {
        self.has_changed = true;
        let made = document(self.part.fields, key, title, text);
        self.writer.add_document(made).map(|_| ()).map_err(IndexError::when("write"))
    }

    fn remove(&mut self, key: u64) {
        self.has_changed = true;
        self.writer.delete_term(Term::from_field_u64(self.part.fields.key, key));
    }

    fn commit(&mut self, position: Position) -> Result<(), IndexError> {
        let is_near = self.at.is_some_and(|at| {
            at.generation == position.generation && position.seq.abs_diff(at.seq) < LAG_MAX
        });
        if is_near && !self.has_changed {
            return Ok(());
        }
        let failed = IndexError::when("commit");
        let mut prepared = self.writer.prepare_commit().map_err(&failed)?;
        prepared.set_payload(&position.written());
        prepared.commit().map_err(&failed)?;
        self.part.reader.reload().map_err(failed)?;
        self.has_changed = false;
        self.at = Some(position);
        Ok(())
    }
}

/// A text as it is indexed. Made without large lists: an allocation of a kilobyte makes the
/// allocator tidy up what tantivy's thread has given back, each time.
fn document(fields: Fields, key: (u64, u64), title: &str, text: &str) -> TantivyDocument {
    let (mut inner, mut written) = (String::new(), [String::new(), String::new()]);
    for (text, keys) in [text, title].into_iter().zip(&mut written) {
        for word in analyzer().words(text).into_iter().filter(|word| !word.is_stop) {
            put(keys, &word.key);
            grams(&word.key).iter().for_each(|it| put(&mut inner, it));
        }
    }
    let [words, titles] = written;
    let mut made = TantivyDocument::default();
    made.add_u64(fields.key, key.0);
    made.add_u64(fields.ordinal, key.1);
    made.add_text(fields.words, words);
    fields.titles.into_iter().for_each(|it| made.add_text(it, &titles));
    made.add_text(fields.grams, inner);
    made
}

/// Puts a term behind the others.
fn put(terms: &mut String, term: &str) {
    if !terms.is_empty() {
        terms.push(' ');
    }
    terms.push_str(term);
}
