//! What journal, lists and search hold, to be told side by side, and how long the disk will do.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use super::rows::counts;
use super::space::Space;
use crate::app::App;
use crate::journal::Seq;
use crate::record::Kind;

/// A log is this old before its growth tells anything of days to come.
const GROWTH_AGE_MIN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Beyond so many days nobody can know, and nobody need.
const DAYS_LEFT_MAX: u64 = 3_650;

/// How far each has come, and how much each holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The journal's last record.
    pub journal: Seq,
    /// The last record that the lists have.
    pub view: Seq,
    /// The last record that the search has; none while it is not there.
    pub index: Option<Seq>,
    /// Inquiries in the fold of the journal, and as the stored lists note them.
    pub inquiries: (u64, Option<u64>),
    /// Pages, in the same way.
    pub pages: (u64, Option<u64>),
    /// Inquiries with words: so many should be found, and so many can be.
    pub searchable: (u64, Option<u64>),
    /// Passages of pages: so many should be found, and so many can be.
    pub passages: (u64, Option<u64>),
    /// Whether nothing changed meanwhile; only then must they agree.
    pub is_still: bool,
}

/// The room that is left, and how long it lasts at the pace so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// What the data folder holds, in megabytes.
    pub used_mb: u64,
    /// What is free for saves; none when the disk does not tell.
    pub free_mb: Option<u64>,
    /// So many days it lasts; none when that cannot be told yet.
    pub days_left: Option<u64>,
}

impl Counted {
    /// Whether all that can be compared agrees.
    pub fn agrees(&self) -> bool {
        let is_same = |(one, other): (u64, Option<u64>)| other.is_none_or(|it| it == one);
        [self.inquiries, self.pages, self.searchable, self.passages].into_iter().all(is_same)
            && self.view == self.journal
            && self.index.is_none_or(|it| it == self.journal)
    }
}

impl App {
    /// Counts what journal, lists and search hold. Blocks for a moment.
    pub fn count_all(&self) -> Counted {
        let journal = self.journal.position().seq;
        let view = self.progress().applied;
        let held = counts(&self.state);
        let noted = self.state.inquiries.view().and_then(|it| it.counts().ok());
        let pair = |wanted: Kind| {
            let held = held.iter().find(|it| it.0 == wanted).map_or(0, |it| it.1);
            let tree = wanted.tree();
            (held, noted.as_ref().map(|it| it.get(tree).copied().unwrap_or(0)))
        };
        let searcher = self.live.searcher();
        let index = searcher.is_some().then(|| self.live.committed());
        let found = searcher.map(|it| it.counts());
        let (passages, searchable) = self.expected_counts();
        Counted {
            journal,
            view,
            index,
            inquiries: pair(Kind::Inquiry),
            pages: pair(Kind::Page),
            searchable: (searchable, found.map(|it| it.1)),
            passages: (passages, found.map(|it| it.0)),
            is_still: journal == self.journal.position().seq
                && view == journal
                && index.is_none_or(|it| it == self.live.committed()),
        }
    }

    /// Tells how much room is left and how long it lasts. Reads the folder's sizes; blocks.
    pub fn outlook(&self) -> Outlook {
        let ballast = self.data.join("ballast");
        let used = bytes_under(&self.data).saturating_sub(bytes_under(&ballast));
        let free_mb = self.health.space.get().and_then(Space::free_mb);
        let first = self.journal.read(0, 1).ok().and_then(|it| it.first().map(|it| it.at));
        let days_left = first.zip(free_mb).and_then(|(first, free)| {
            days_left(used, free, self.now().duration_since(at_most(first, self.now())))
        });
        Outlook { used_mb: used.div_ceil(MB), free_mb, days_left }
    }
}

const MB: u64 = 1024 * 1024;

fn at_most(at: Timestamp, now: Timestamp) -> Timestamp {
    at.min(now)
}

/// At the pace of the whole time so far. A young log tells nothing: its first days are its worst.
fn days_left(used_bytes: u64, free_mb: u64, age: SignedDuration) -> Option<u64> {
    if age < GROWTH_AGE_MIN {
        return None;
    }
    let days = u64::try_from(age.as_hours() / 24).ok()?.max(1);
    let per_day = (used_bytes / days).max(1);
    Some((free_mb.saturating_mul(MB) / per_day).min(DAYS_LEFT_MAX))
}

/// The bytes of a file, or of all files below a folder. What goes meanwhile counts nothing.
fn bytes_under(path: &Path) -> u64 {
    let Ok(found) = path.symlink_metadata() else { return 0 };
    if !found.is_dir() {
        return found.len();
    }
    let entries = path.read_dir().into_iter().flatten().flatten();
    entries.map(|it| bytes_under(&it.path())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_by_the_pace_so_far_and_not_of_a_young_log() {
        let days = |n: i64| SignedDuration::from_hours(24 * n);
        assert_eq!(days_left(100 * MB, 1_000, days(100)), Some(1_000));
        assert_eq!(days_left(100 * MB, 1_000, days(6)), None);
        assert_eq!(days_left(0, 1_000, days(100)), Some(DAYS_LEFT_MAX));
    }

    #[test]
    fn what_differs_anywhere_is_no_agreement() {
        let same = Counted {
            journal: 9,
            view: 9,
            index: Some(9),
            inquiries: (4, Some(4)),
            pages: (2, Some(2)),
            searchable: (4, Some(4)),
            passages: (8, Some(8)),
            is_still: true,
        };
        assert!(same.agrees() && Counted { index: None, ..same }.agrees());
        assert!(!Counted { passages: (8, Some(7)), ..same }.agrees());
        assert!(!Counted { pages: (2, Some(3)), ..same }.agrees());
        assert!(!Counted { view: 8, ..same }.agrees());
    }
}
