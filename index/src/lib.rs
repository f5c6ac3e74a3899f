//! Short texts in; scores, groups and evidence out.
//!
//! Knows nothing of inquiries, organisations, clocks or stores: texts come by dense keys.

mod analysis;

pub use analysis::{ANALYZER_VERSION, Analyzer, Language, Word, analyzer, detect, grams};
