//! Short texts in; scores, groups and evidence out.
//!
//! Knows nothing of inquiries, organisations, clocks or stores: texts come by dense keys.

mod analysis;
mod asks;
mod cluster;
mod evidence;
mod join;
mod meaning;
mod parallel;
mod passages;
mod repair;
mod search;
mod space;

pub use analysis::{
    ANALYZER_VERSION, Analyzer, Language, Mention, OwnWords, Word, analyzer, detect, grams,
};
pub use cluster::{Group, GroupInput, Text, group};
pub use evidence::{
    Evidence, Finding, Reworded, SaidWords, TopicEvidence, evidence, evidence_by, evidences,
    evidences_by, sum_up, topic_evidence,
};
pub use join::{Nearby, Place, Standing};
pub use passages::{PageText, PassageHit, PassageSet, PassageText};
pub use search::{
    Index, IndexError, InquiryHit, Opened, Position, QUESTION_CHARS_MAX, QUESTION_TERMS_MAX,
    Reading, Searcher, Writer,
};
