//! The site's passages in memory, read anew when a crawl has changed them.

use skranke_index::{PageText, PassageSet, PassageText};

use super::Sources;
use super::excerpt::{Piece, excerpt};
use crate::inquiry::Norm;
use crate::journal::Seq;

/// So much of a passage is shown.
const EXCERPT_CHARS: usize = 260;
/// A passage is shown when its score is so near the best one's.
const SCORE_SHARE_MIN: f32 = 0.45;

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

/// All passages as of one state of the pages.
#[derive(Default)]
pub(super) struct Passages {
    /// How many pages there were, and the last record that changed one.
    stamp: (usize, Seq),
    /// By key in the set: address and body.
    pages: Vec<(String, String)>,
    set: PassageSet,
}

impl Passages {
    /// Reads the pages anew if they have changed.
    pub(super) fn follow(&mut self, from: Sources<'_>) {
        let stored = from.pages.all();
        let stamp = (stored.len(), stored.iter().map(|it| it.last).max().unwrap_or(0));
        if stamp == self.stamp {
            return;
        }
        let mut texts = vec![];
        self.pages.clear();
        for page in stored.iter().filter(|it| !it.row.gone) {
            // A body that cannot be read is missed by `verify`; a look-up goes on without it.
            let Ok(body) = from.bodies.get(&page.row.facts.body) else { continue };
            let passages = body.passages.iter().map(|it| PassageText {
                heading: it.heading.clone(),
                text: it.text.clone(),
                language: it.norm.into(),
            });
            texts.push(PageText {
                key: u64::try_from(self.pages.len()).unwrap_or(u64::MAX),
                title: body.title.clone(),
                passages: passages.collect(),
            });
            self.pages.push((page.row.facts.address.clone(), page.row.facts.body.clone()));
        }
        self.set = PassageSet::new(&texts);
        self.stamp = stamp;
    }

    pub(super) fn find(&self, query: &str, n: usize, from: Sources<'_>) -> Vec<FoundPassage> {
        let hits = self.set.passages(query, n);
        let best = hits.first().map_or(0.0, |it| it.score);
        hits.iter()
            .filter(|it| best * SCORE_SHARE_MIN <= it.score)
            .filter_map(|it| {
                let (address, body) = self.pages.get(usize::try_from(it.page).ok()?)?;
                let body = from.bodies.get(body).ok()?;
                let passage = body.passages.get(usize::try_from(it.passage).ok()?)?;
                let anchor = passage.anchor.as_ref().map(|it| format!("#{it}"));
                Some(FoundPassage {
                    address: format!("{address}{}", anchor.unwrap_or_default()),
                    title: body.title.clone(),
                    heading: passage.heading.clone(),
                    pieces: excerpt(&passage.text, query, EXCERPT_CHARS),
                    norm: passage.norm,
                })
            })
            .collect()
    }
}
