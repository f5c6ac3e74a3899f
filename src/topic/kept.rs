//! The evidence of one question as it is kept: a line of JSON beside the hash of the question.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use skranke_index::{Evidence, PassageHit, Reworded};

/// Changes with the form below, or with what evidence means.
pub const EVIDENCE_VERSION: u32 = 1;

/// Page, passage, score.
type Hit = (u64, u32, f32);

#[derive(Serialize, Deserialize)]
struct Kept {
    /// The question's hash: what is kept of another wording counts for nothing.
    of: u64,
    hits: Vec<Hit>,
    pages: Vec<(u64, f32)>,
    covered: Vec<String>,
    reworded: Vec<(String, String)>,
    missing: Vec<String>,
    coverage: f32,
    nearness: f32,
    gap: f32,
}

/// Writes what the site has for a question.
pub fn encode_evidence(question: &str, evidence: &Evidence) -> Vec<u8> {
    let Evidence { passages, pages, covered, reworded, missing, coverage, nearness, gap_score } =
        evidence.clone();
    let kept = Kept {
        of: hash(question),
        hits: passages.iter().map(|it| (it.page, it.passage, it.score)).collect(),
        pages,
        covered,
        reworded: reworded.into_iter().map(|it| (it.asked, it.written)).collect(),
        missing,
        coverage,
        nearness,
        gap: gap_score,
    };
    serde_json::to_vec(&kept).expect("numbers and strings are JSON")
}

/// Reads what was kept for a question; none when it is of another wording or form.
pub fn decode_evidence(question: &str, bytes: &[u8]) -> Option<Evidence> {
    let Kept { of, hits, pages, covered, reworded, missing, coverage, nearness, gap } =
        serde_json::from_slice(bytes).ok()?;
    let hit = |(page, passage, score)| PassageHit { page, passage, score };
    let evidence = Evidence {
        passages: hits.into_iter().map(hit).collect(),
        pages,
        covered,
        reworded: reworded
            .into_iter()
            .map(|(asked, written)| Reworded { asked, written })
            .collect(),
        missing,
        coverage,
        nearness,
        gap_score: gap,
    };
    (of == hash(question)).then_some(evidence)
}

fn hash(question: &str) -> u64 {
    let digest = Sha256::digest(question.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn score() -> impl Strategy<Value = f32> {
        prop_oneof![-2.0_f32..2.0, Just(0.0), Just(f32::MIN_POSITIVE), 0.0_f32..1e-6]
    }

    fn words() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(".{0,8}", 0..4)
    }

    proptest! {
        #[test]
        fn what_is_kept_comes_back_to_the_bit(
            question in ".{0,40}",
            hits in prop::collection::vec((any::<u64>(), any::<u32>(), score()), 0..4),
            pages in prop::collection::vec((any::<u64>(), score()), 0..10),
            (covered, missing) in (words(), words()),
            (coverage, nearness, gap_score) in (score(), score(), score()),
        ) {
            let hit = |(page, passage, score)| PassageHit { page, passage, score };
            let reworded = covered.iter().cloned().zip(missing.iter().cloned());
            let evidence = Evidence {
                passages: hits.into_iter().map(hit).collect(),
                pages,
                reworded: reworded.map(|(asked, written)| Reworded { asked, written }).collect(),
                covered, missing, coverage, nearness, gap_score,
            };
            let bytes = encode_evidence(&question, &evidence);
            prop_assert_eq!(decode_evidence(&question, &bytes), Some(evidence));
            prop_assert_eq!(decode_evidence(&format!("{question} ikkje"), &bytes), None);
        }
    }

    #[test]
    fn what_is_no_evidence_is_not_read() {
        assert_eq!(decode_evidence("svømmehall", b""), None);
        assert_eq!(decode_evidence("svømmehall", br#"{"of":1}"#), None);
    }
}
