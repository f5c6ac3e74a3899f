//! The fields of an index and the position in its commits.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tantivy::columnar::Column;
use tantivy::index::SegmentId;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{IndexReader, ReloadPolicy, Searcher, SegmentReader};

use super::{IndexError, Position};
use crate::passages::TITLE_WEIGHT;

/// Raised by every change of the fields.
pub(super) const SCHEMA_VERSION: u32 = 1;

/// One of the two indexes: texts of a kind, each by a key and an ordinal under it.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) index: tantivy::Index,
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
    pub(super) columns: Columns,
}

/// What a part holds texts of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Passages,
    /// They have no titles.
    Inquiries,
}

/// The two columns of each segment; opening them takes a tenth of a search.
#[derive(Clone, Default)]
pub(super) struct Columns(Arc<Mutex<HashMap<SegmentId, Pair>>>);

/// The columns of keys and of ordinals.
type Pair = (Column<u64>, Column<u64>);

impl Columns {
    /// A segment's columns; those of segments that are no more in use are let go.
    pub(super) fn of(&self, searcher: &Searcher, segment: u32) -> tantivy::Result<Pair> {
        let reader = searcher.segment_reader(segment);
        // What is held is whole at any time, so a panic elsewhere does not matter.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pair) = held.get(&reader.segment_id()) {
            return Ok(pair.clone());
        }
        let fast = reader.fast_fields();
        let pair = (fast.u64(KEY)?, fast.u64(ORDINAL)?);
        let used: HashSet<SegmentId> =
            searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
        held.retain(|it, _| used.contains(it));
        held.insert(reader.segment_id(), pair.clone());
        Ok(pair)
    }
}

/// The fields of passages or of inquiries.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    /// The page's or inquiry's key: what is replaced and removed as one.
    pub(super) key: Field,
    /// Which passage of the page.
    pub(super) ordinal: Field,
    /// Keys of the text's words.
    pub(super) words: Field,
    /// Keys of the words of title and heading; of passages alone.
    pub(super) titles: Option<Field>,
    /// Grams inside all of them.
    pub(super) grams: Field,
}

/// The names of the two number fields, by which segments find their columns.
pub(super) const KEY: &str = "key";
pub(super) const ORDINAL: &str = "ordinal";

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("index", &self.index).finish_non_exhaustive()
    }
}

impl Part {
    pub(super) fn create(folder: &Path, holds: Holds) -> Result<Self, IndexError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| IndexError::Folder { path: PathBuf::from(folder), source })?;
        let (schema, fields) = schema();
        let index =
            tantivy::Index::create_in_dir(folder, schema).map_err(IndexError::when("create"))?;
        Self::new(index, fields.of(holds))
    }

    /// Opens and checks every file.
    pub(super) fn open(folder: &Path, holds: Holds) -> Result<Self, IndexError> {
        let index = tantivy::Index::open_in_dir(folder).map_err(IndexError::when("open"))?;
        // Before anything else reads them: a flipped length may ask for more memory than there is.
        check(&index)?;
        Self::new(index, schema().1.of(holds))
    }

    /// Reads every file of the last commit and compares it with its checksum.
    pub(super) fn check(&self) -> Result<(), IndexError> {
        check(&self.index)
    }

    fn new(index: tantivy::Index, fields: Fields) -> Result<Self, IndexError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader.try_into().map_err(IndexError::when("open"))?;
        Ok(Self { index, reader, fields, columns: Columns::default() })
    }

    /// How far the last commit has read.
    pub(super) fn position(&self) -> Result<Option<Position>, IndexError> {
        let meta = self.index.load_metas().map_err(IndexError::when("open"))?;
        meta.payload.map(|it| Position::parsed(&it).ok_or(IndexError::Position(it))).transpose()
    }
}

impl Fields {
    fn of(self, holds: Holds) -> Self {
        Self { titles: self.titles.filter(|_| holds == Holds::Passages), ..self }
    }

    /// The fields of words, each with what a word in it weighs.
    pub(super) fn of_words(self) -> impl Iterator<Item = (Field, f32)> {
        [(self.words, 1.0)].into_iter().chain(self.titles.map(|it| (it, TITLE_WEIGHT)))
    }
}

fn check(index: &tantivy::Index) -> Result<(), IndexError> {
    let damaged = index.validate_checksum().map_err(IndexError::when("check"))?;
    match damaged.iter().min() {
        Some(file) => Err(IndexError::Checksum(file.display().to_string())),
        None => Ok(()),
    }
}

fn schema() -> (Schema, Fields) {
    let terms = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqs);
    let terms = TextOptions::default().set_indexing_options(terms);
    let mut schema = Schema::builder();
    let fields = Fields {
        key: schema.add_u64_field(KEY, INDEXED | FAST),
        ordinal: schema.add_u64_field(ORDINAL, FAST),
        words: schema.add_text_field("words", terms.clone()),
        titles: Some(schema.add_text_field("titles", terms.clone())),
        grams: schema.add_text_field("grams", terms),
    };
    (schema.build(), fields)
}

impl Position {
    /// As a commit carries it: the generation in hexadecimal, a colon, the sequence.
    pub(super) fn written(&self) -> String {
        format!("{:032x}:{}", u128::from_be_bytes(self.generation), self.seq)
    }

    fn parsed(text: &str) -> Option<Self> {
        let (generation, seq) = text.split_once(':')?;
        let generation = u128::from_str_radix(generation, 16).ok()?.to_be_bytes();
        Some(Self { generation, seq: seq.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_reads_as_it_was_written() {
        let position = Position {
            generation: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255],
            seq: u64::MAX,
        };
        assert_eq!(Position::parsed(&position.written()), Some(position));
        assert_eq!(Position::parsed("x:1"), None);
        assert_eq!(Position::parsed(""), None);
    }
}
