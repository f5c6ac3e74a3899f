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
pub struct Writer {
    passages: (Part, IndexWriter),
    inquiries: (Part, IndexWriter),
}

impl Writer {
    pub(super) fn new(passages: Part, inquiries: Part) -> Result<Self, IndexError> {
        let writer = |part: Part| -> Result<(Part, IndexWriter), IndexError> {
            let writer = part.index.writer_with_num_threads(1, BUFFER_BYTES);
            Ok((part, writer.map_err(IndexError::when("write"))?))
        };
        Ok(Self { passages: writer(passages)?, inquiries: writer(inquiries)? })
    }

    /// Puts a page in place of what stood under its key.
    pub fn put_page(&mut self, page: &PageText) -> Result<(), IndexError> {
        self.remove_page(page.key);
        let (part, writer) = &self.passages;
        for (ordinal, passage) in (0_u64..).zip(&page.passages) {
            let title = format!("{} {}", page.title, passage.heading);
            let made = document(part.fields, (page.key, ordinal), &title, &passage.text);
            writer.add_document(made).map_err(IndexError::when("write"))?;
        }
        Ok(())
    }

    /// Takes a page out.
    pub fn remove_page(&mut self, key: u64) {
        let (part, writer) = &self.passages;
        writer.delete_term(Term::from_field_u64(part.fields.key, key));
    }

    /// Puts an inquiry in place of what stood under its key.
    pub fn put_inquiry(&mut self, key: u64, text: &str) -> Result<(), IndexError> {
        self.remove_inquiry(key);
        let (part, writer) = &self.inquiries;
        let made = document(part.fields, (key, 0), "", text);
        writer.add_document(made).map_err(IndexError::when("write"))?;
        Ok(())
    }

    /// Takes an inquiry out.
    pub fn remove_inquiry(&mut self, key: u64) {
        let (part, writer) = &self.inquiries;
        writer.delete_term(Term::from_field_u64(part.fields.key, key));
    }

    /// Makes everything so far lasting and lets it be found at once. After an error the writer
    /// is of no more use: drop it, open the index again, go on from its position.
    pub fn commit(&mut self, position: Position) -> Result<(), IndexError> {
        // The writer is given up after an error, so its state after a panic does not matter.
        catch_unwind(AssertUnwindSafe(|| {
            commit(&mut self.passages, position)?;
            commit(&mut self.inquiries, position)
        }))
        .unwrap_or(Err(IndexError::Panicked("commit")))
    }
}

fn commit(half: &mut (Part, IndexWriter), position: Position) -> Result<(), IndexError> {
    let failed = IndexError::when("commit");
    let mut prepared = half.1.prepare_commit().map_err(&failed)?;
    prepared.set_payload(&position.written());
    prepared.commit().map_err(&failed)?;
    half.0.reader.reload().map_err(failed)
}

fn document(fields: Fields, key: (u64, u64), title: &str, text: &str) -> TantivyDocument {
    let (titles, words) = (keys(title), keys(text));
    let inner: Vec<String> = words.iter().chain(&titles).flat_map(|key| grams(key)).collect();
    let mut made = TantivyDocument::default();
    made.add_u64(fields.key, key.0);
    made.add_u64(fields.ordinal, key.1);
    made.add_text(fields.words, words.join(" "));
    made.add_text(fields.titles, titles.join(" "));
    made.add_text(fields.grams, inner.join(" "));
    made
}

fn keys(text: &str) -> Vec<String> {
    let words = analyzer().words(text).into_iter().filter(|word| !word.is_stop);
    words.map(|word| word.key).collect()
}
