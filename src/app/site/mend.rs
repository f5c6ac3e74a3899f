//! Whether a page that an editor has linked to a gap was mended: what came to it must be about what
//! the callers ask.

use jiff::{SignedDuration, Timestamp};
use skranke_index::SaidWords;

use super::after_crawl::newest;
use crate::app::App;
use crate::gap::{Judging, Verdict};
use crate::page::{Page, PageRow};
use crate::review::{GapRow, State};
use crate::view::ViewError;

/// Most editors mend a page first and link it then: what came in so many days before counts too.
const MENDED_BEFORE: SignedDuration = SignedDuration::from_hours(14 * 24);
/// A page is new on its site when it was first read so long after the first of them.
const AFTER_THE_FIRST: SignedDuration = SignedDuration::from_hours(24);
/// What came to the page must have so large a share of the callers' words.
const CAME_SHARE_MIN: f32 = 0.3;

/// What a linked page says that it did not say before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    /// Nothing: it is as it was.
    Untouched,
    /// Something that is about other things than the callers'.
    Beside,
    /// What the callers speak of, or enough for the topic to be judged answered.
    Speaks,
}

impl App {
    /// What a linked page says that it did not say before somebody set about mending it.
    ///
    /// # Errors
    /// When the view with the callers' words cannot be read.
    pub fn mend_of(&self, row: &GapRow) -> Result<Mend, ViewError> {
        let State::Done { address, since } = &row.state else { return Ok(Mend::Speaks) };
        let address = address.split('#').next().unwrap_or(address);
        let Some(page) = self.state.pages.get(Page::entity(address)) else {
            return Ok(Mend::Untouched);
        };
        let from = *since - MENDED_BEFORE;
        if page.row.changed < from {
            return Ok(Mend::Untouched);
        }
        if from <= page.row.first_read && self.is_new_on_its_site(&page.row) {
            return Ok(Mend::Speaks);
        }
        let came: Vec<String> = came_since(&page.row, from).collect();
        if came.is_empty() {
            return Ok(Mend::Untouched);
        }
        let verdict = self.state.verdicts.get(Judging::entity(row.topic));
        if verdict.is_some_and(|it| it.row.judgement.verdict == Verdict::Answered) {
            return Ok(Mend::Speaks);
        }
        let came = SaidWords::of(&came.join(" "));
        let mut shares = vec![];
        for line in newest(&self.lines_of(row.topic)) {
            let words = self.state.inquiries.words(line.seq)?;
            shares.extend(words.and_then(|it| came.share_of(&it)));
        }
        Ok(if is_about(&shares) { Mend::Speaks } else { Mend::Beside })
    }

    /// Whether a page came to its site, and not the site to us.
    fn is_new_on_its_site(&self, page: &PageRow) -> bool {
        let pages = self.state.pages.all();
        let first = pages.iter().map(|it| it.row.first_read).min();
        first.is_some_and(|it| it + AFTER_THE_FIRST < page.first_read)
    }
}

fn came_since(page: &PageRow, from: Timestamp) -> impl Iterator<Item = String> {
    page.history.iter().filter(move |it| from <= it.0).map(|it| it.1.said())
}

/// Whether what came to a page is about what callers ask, by the share of each question's words
/// that it has.
fn is_about(shares: &[f32]) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "few questions are tried")]
    let mean = shares.iter().sum::<f32>() / shares.len().max(1) as f32;
    CAME_SHARE_MIN <= mean
}
