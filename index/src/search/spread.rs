//! In how many texts words stand: of an index at one moment, each word looked up once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use tantivy::{InvertedIndexReader, Searcher, Term};

use super::schema::Fields;

/// In how many texts a word stands, and in how many titles.
type Spread = [u64; 2];

/// The words of an index.
pub(super) struct Spreads {
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    /// By field of words, then by segment.
    lists: Vec<Vec<Arc<InvertedIndexReader>>>,
    known: RefCell<HashMap<String, Spread>>,
}

impl Spreads {
    pub(super) fn of(searcher: &Searcher, fields: Fields) -> tantivy::Result<Self> {
        let segments = searcher.segment_readers();
        let of_field = |(field, _)| segments.iter().map(|it| it.inverted_index(field)).collect();
        let lists = fields.of_words().map(of_field).collect::<tantivy::Result<_>>()?;
        Ok(Self { searcher: searcher.clone(), fields, lists, known: RefCell::default() })
    }

    /// In how many texts a word stands, in the text or in a title.
    pub(super) fn most(&self, key: &str) -> tantivy::Result<u64> {
        let [texts, titles] = self.spread(key)?;
        Ok(texts.max(titles))
    }

    /// The terms for a word that the index has, each with what it weighs.
    pub(super) fn terms(&self, key: &str) -> tantivy::Result<impl Iterator<Item = (Term, f32)>> {
        let spread = self.spread(key)?;
        let fields = self.fields.of_words().zip(spread).filter(|it| 0 < it.1);
        Ok(fields.map(move |((field, weight), _)| (Term::from_field_text(field, key), weight)))
    }

    /// All lists of words.
    pub(super) fn lists(&self) -> impl Iterator<Item = &InvertedIndexReader> {
        self.lists.iter().flatten().map(AsRef::as_ref)
    }

    /// Those of words in texts.
    pub(super) fn lists_of_texts(&self) -> impl Iterator<Item = &InvertedIndexReader> {
        self.lists.first().into_iter().flatten().map(AsRef::as_ref)
    }

    fn spread(&self, key: &str) -> tantivy::Result<Spread> {
        if let Some(known) = self.known.borrow().get(key) {
            return Ok(*known);
        }
        let mut spread = Spread::default();
        for ((field, _), (lists, n)) in
            self.fields.of_words().zip(self.lists.iter().zip(&mut spread))
        {
            let term = Term::from_field_text(field, key);
            for list in lists {
                *n += u64::from(list.doc_freq(&term)?);
            }
        }
        self.known.borrow_mut().insert(key.to_owned(), spread);
        Ok(spread)
    }
}
