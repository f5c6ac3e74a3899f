//! Passages that may answer.

use std::sync::Arc;

use skranke_index::{IndexError, PassageHit, Searcher};

use super::Sources;
use super::excerpt::{Piece, excerpt};
use crate::inquiry::Norm;
use crate::page::PageRow;
use crate::rows::Stored;

/// So much of a passage is shown.
const EXCERPT_CHARS: usize = 260;
/// A passage is shown when its score is so near the best one's ...
const SCORE_SHARE_MIN: f32 = 0.45;
/// ... and when it has so large a share of the question's words, rare ones counting more. Up to
/// here a higher share leaves out more wrong pages than right ones, beyond it more right ones
/// (`index/examples/live.rs` counts them).
const COVERAGE_MIN: f32 = 0.3;
/// So many hits are looked at for each that is wanted.
const HITS_PER_WANTED: usize = 3;

/// A passage that may answer.
#[derive(Clone, Debug)]
pub struct FoundPassage {
    /// The page's address, with the passage's anchor.
    pub address: String,
    /// The page's title.
    pub title: String,
    /// The passage's heading.
    pub heading: String,
    /// What of it to show.
    pub pieces: Vec<Piece>,
    /// Its norm or language.
    pub norm: Norm,
}

pub(super) fn find(
    query: &str,
    n: usize,
    searcher: &Searcher,
    from: Sources<'_>,
) -> Result<Vec<FoundPassage>, IndexError> {
    if n == 0 {
        return Ok(vec![]);
    }
    let reading = searcher.read_by_passages(query)?;
    let hits = searcher.passages_of(&reading, n.saturating_mul(HITS_PER_WANTED))?;
    let best = hits.first().map_or(0.0, |it| it.score);
    let mut found = vec![];
    for hit in hits.iter().filter(|it| best * SCORE_SHARE_MIN <= it.score) {
        if n <= found.len() {
            break;
        }
        let Some((page, passage)) = passage_of(hit, from) else { continue };
        let title = &page.row.facts.title;
        let text = format!("{title}\n{}\n{}", passage.heading, passage.text);
        if reading.coverage(&text) < COVERAGE_MIN {
            continue;
        }
        let anchor = passage.anchor.as_ref().map(|it| format!("#{it}")).unwrap_or_default();
        found.push(FoundPassage {
            address: format!("{}{anchor}", page.row.facts.address),
            title: title.clone(),
            heading: passage.heading,
            pieces: excerpt(&passage.text, query, EXCERPT_CHARS),
            norm: passage.norm,
        });
    }
    Ok(found)
}

/// The passage of a hit as it stands now; none when it is gone since the last commit.
fn passage_of(
    hit: &PassageHit,
    from: Sources<'_>,
) -> Option<(Arc<Stored<PageRow>>, crate::page::Passage)> {
    let page = from.pages.read().at(hit.page).filter(|it| !it.row.gone)?;
    let mut body = from.bodies.get(&page.row.facts.body).ok()?;
    let at = usize::try_from(hit.passage).ok().filter(|at| *at < body.passages.len())?;
    Some((page, body.passages.swap_remove(at)))
}
