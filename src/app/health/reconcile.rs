//! Reconciliation: the journal against everything that is derived from it, while all is at work.
//!
//! Positions and counts are compared each time. Beside that, each time another slice is read
//! byte by byte, so that a day's slices are everything: frames of the journal and of the page
//! store by their checksums, rows of the view by theirs and against the tables in memory, every
//! file of the index four times a day. A view or an index that differs is made anew.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use jiff::Timestamp;

use super::rows::{compare_table, counts};
use crate::app::App;
use crate::app::follow::chain;
use crate::inquiry::{InquiryFacts, InquiryRow};
use crate::journal::{Record, Seq};
use crate::record::Kind;
use crate::rows::Stored;
use crate::view::{View, ViewError};

/// So often it is done.
pub(in crate::app) const EVERY: Duration = Duration::from_secs(600);
/// So many slices are a day.
pub(in crate::app) const SLICES: u64 = 144;
/// Every so many slices the index is read whole.
const INDEX_EVERY: u64 = 36;
/// So long something may lag before it counts as standing still.
const LAG_MAX: Duration = Duration::from_secs(30);
/// So many differences are told of one part.
const TOLD_MAX: usize = 5;

/// What is derived, or the truth itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The journal.
    Journal,
    /// The texts of pages.
    Pages,
    /// The rows that screens read.
    View,
    /// The look-up's index.
    Index,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Journal, Self::Pages, Self::View, Self::Index];

    /// The name in log lines and on `/healthz`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Pages => "pages",
            Self::View => "view",
            Self::Index => "index",
        }
    }
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where.
    pub part: Part,
    /// What, in a sentence.
    pub says: String,
}

/// What a reconciliation found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// When.
    pub at: Timestamp,
    /// Which slice of the day was read.
    pub slice: u64,
    /// Each difference.
    pub differences: Vec<Difference>,
}

impl App {
    /// Compares everything with the journal, has repaired what differs, and keeps what it found
    /// for whoever asks. Blocks, for seconds in a large log.
    pub fn reconcile(&self) -> Reconciled {
        let now = self.now();
        let minutes = u64::try_from(now.as_second()).unwrap_or(0) / 60;
        self.reconcile_slice(minutes / 10 % SLICES)
    }

    /// The same, with a slice of the day of one's own choice.
    pub fn reconcile_slice(&self, slice: u64) -> Reconciled {
        let mut found = Found::default();
        let logged = self.read_journal(slice, &mut found);
        self.read_pages(slice, &mut found);
        if self.is_ready() {
            self.compare_view((slice, &logged), &mut found);
            self.compare_index(slice.is_multiple_of(INDEX_EVERY), &mut found);
        }
        let outcome = Reconciled { at: self.now(), slice, differences: found.differences };
        self.repair(&outcome);
        self.health.keep(&outcome, self.is_ready());
        outcome
    }

    fn repair(&self, outcome: &Reconciled) {
        for Difference { part, says } in &outcome.differences {
            let name = part.name();
            tracing::error!(part = name, says, "the {name} is not as the journal says");
        }
        let first = |part| outcome.differences.iter().find(|it| it.part == part);
        if let Some(difference) = first(Part::View) {
            self.health.doubt_view(&difference.says);
        }
        if let Some(difference) = first(Part::Index) {
            self.live.doubt(&difference.says);
        }
    }

    /// Reads the slice's records; tells what was logged in them, by key.
    fn read_journal(&self, slice: u64, found: &mut Found) -> Logged {
        const AT_A_TIME: usize = 500;
        let Range { start: mut after, end } = slice_of(self.journal.position().seq, slice);
        let mut logged = Logged::new();
        while after < end {
            match self.journal.read(after, AT_A_TIME) {
                Ok(records) => {
                    let Some(last) = records.last() else { break };
                    after = last.seq;
                    let first = records.iter().filter(|it| is_logged(it));
                    logged.extend(first.filter_map(|it| Some((it.seq, facts_of(it)?))));
                }
                Err(error) => {
                    found.tell(Part::Journal, chain(&error));
                    break;
                }
            }
        }
        logged
    }

    fn read_pages(&self, slice: u64, found: &mut Found) {
        if let Err(error) = self.bodies.check(|end| slice_of(end, slice)) {
            found.tell(Part::Pages, chain(&error));
        }
        let part = slice_of(self.journal.position().seq, slice);
        let pages = self.state.pages.read();
        let wanted = pages.iter().filter(|it| !it.row.gone && part.contains(&(it.first - 1)));
        let missing = wanted.filter(|it| !self.bodies.has(&it.row.facts.body)).count();
        if 0 < missing {
            found.tell(Part::Pages, format!("the texts of {missing} pages are missing"));
        }
    }

    fn compare_view(&self, (slice, logged): (u64, &Logged), found: &mut Found) {
        let end = self.journal.position().seq;
        if !self.wait(LAG_MAX, || end <= self.progress().applied) {
            let applied = self.progress().applied;
            return found.tell(Part::View, format!("it stands at {applied}, the journal at {end}"));
        }
        let Some(view) = self.state.inquiries.view() else { return };
        let part = (slice_of(end, slice), logged);
        let compared = self.compare_counts(&view, found);
        let compared = compared.and_then(|()| self.compare_rows(&view, part, found));
        if let Err(error) = compared
            && error.calls_for_rebuild()
        {
            found.tell(Part::View, chain(&error));
        }
    }

    /// The counts that the view notes with its position against the tables. Only what was still
    /// for a moment can be compared; a busy time is passed over, the next one will do.
    fn compare_counts(&self, view: &View, found: &mut Found) -> Result<(), ViewError> {
        const LOOKS_MAX: u32 = 20;
        for _ in 0..LOOKS_MAX {
            let before = self.progress().applied;
            let (noted, held) = (view.counts()?, counts(&self.state));
            let at = view.position()?.map_or(0, |it| it.seq);
            if before == at && at == self.progress().applied {
                for (kind, rows) in held {
                    let noted = noted.get(kind.tree()).copied().unwrap_or(0);
                    if noted != rows {
                        let says =
                            format!("it has {noted} rows of {}, the fold {rows}", kind.tree());
                        found.tell(Part::View, says);
                    }
                }
                return Ok(());
            }
            crate::app::follow::pause(&self.woken);
        }
        Ok(())
    }

    /// Every row of the view whose key is in `part`, against the tables.
    fn compare_rows(
        &self,
        view: &View,
        (part, logged): (Range<Seq>, &Logged),
        found: &mut Found,
    ) -> Result<(), ViewError> {
        let state = &self.state;
        for kind in Kind::ALL {
            let differing = match kind {
                Kind::Inquiry => self.compare_inquiries(view, &part, logged)?,
                Kind::Page => compare_table(view, kind, &state.pages, &part)?,
                Kind::Crawl => compare_table(view, kind, &state.crawls, &part)?,
                Kind::Topic => compare_table(view, kind, &state.topics, &part)?,
                Kind::Run => compare_table(view, kind, &state.runs, &part)?,
                Kind::Verdict => compare_table(view, kind, &state.verdicts, &part)?,
                Kind::Gap => compare_table(view, kind, &state.gaps, &part)?,
                Kind::Person => compare_table(view, kind, &state.people, &part)?,
                Kind::Organisation => compare_table(view, kind, &state.organisation, &part)?,
                Kind::Reader => compare_table(view, kind, &state.readers, &part)?,
                Kind::Letter => compare_table(view, kind, &state.letters, &part)?,
                Kind::Import => compare_table(view, kind, &state.imports, &part)?,
                Kind::Audit => compare_table(view, kind, &state.audit, &part)?,
                Kind::Job => compare_table(view, kind, &state.jobs, &part)?,
                Kind::Message => compare_table(view, kind, &state.messages, &part)?,
                Kind::Timing => compare_table(view, kind, &state.timing, &part)?,
                Kind::Token => compare_table(view, kind, &state.tokens, &part)?,
                Kind::Words => compare_table(view, kind, &state.words, &part)?,
                Kind::SavedView => compare_table(view, kind, &state.saved_views, &part)?,
                Kind::Link => compare_table(view, kind, &state.links, &part)?,
                Kind::News => compare_table(view, kind, &state.news, &part)?,
                Kind::Hook => compare_table(view, kind, &state.hooks, &part)?,
            };
            for key in differing.into_iter().take(TOLD_MAX) {
                found.tell(Part::View, format!("{} {key} is not as folded", kind.tree()));
            }
        }
        Ok(())
    }

    /// An inquiry's words are in the view alone: of one that was never changed they are those of
    /// its record. The words of a changed one are compared by `verify` only.
    fn compare_inquiries(
        &self,
        view: &View,
        part: &Range<Seq>,
        logged: &Logged,
    ) -> Result<Vec<Seq>, ViewError> {
        let is_right = |key: Seq| {
            let row = self.state.inquiries.at(key)?;
            let line = self.state.inquiries.columns().line(key).cloned();
            let (Some(row), Some(line)) = (row, line) else { return Ok(false) };
            let is_its_own = row.first == key && row.id == line.id.uuid();
            let is_same = row.version == line.version
                && (row.row.topic, row.row.removed) == (line.topic, line.removed);
            let is_latest = self.journal.version_of(row.id) == Some(row.version);
            let facts = logged.get(&key).filter(|_| row.version == 1);
            let is_as_logged = facts.is_none_or(|it| *it == row.row.facts);
            Ok::<_, ViewError>(is_its_own && is_same && is_latest && is_as_logged)
        };
        let tree = Kind::Inquiry.tree();
        let mut keys: BTreeSet<Seq> = keys_of(view, tree, part)?;
        {
            let columns = self.state.inquiries.columns();
            keys.extend(columns.keys(part.start + 1..part.end + 1));
        }
        settled(keys, is_right, || self.settle().is_ok())
    }

    fn compare_index(&self, whole: bool, found: &mut Found) {
        let Some(searcher) = self.live.searcher() else { return };
        let end = self.journal.position().seq;
        if !self.settle_index(LAG_MAX) {
            let at = self.live.committed();
            // Made anew or down just now: that is told by itself.
            if self.live.searcher().is_some() && at < end {
                found.tell(Part::Index, format!("it stands at {at}, the journal at {end}"));
            }
            return;
        }
        let before = self.journal.position().seq;
        let (passages, inquiries) = searcher.counts();
        let expected = self.expected_counts();
        // Only what was still for a moment can be compared.
        let is_still = before == self.live.committed() && before == self.journal.position().seq;
        if is_still && (passages, inquiries) != expected {
            let (has, wanted) = (inquiries, expected.1);
            let says = format!(
                "it has {has} inquiries and {passages} passages, the journal {wanted} and {}",
                expected.0
            );
            found.tell(Part::Index, says);
        }
        if whole && let Err(why) = searcher.check() {
            found.tell(Part::Index, chain(&why));
        }
    }

    /// How many passages and inquiries the index should have.
    pub(super) fn expected_counts(&self) -> (u64, u64) {
        let inquiries = self.state.inquiries.columns().live().filter(|it| it.has_text).count();
        let pages = self.state.pages.read();
        let live = pages.iter().filter(|it| !it.row.gone && self.bodies.has(&it.row.facts.body));
        (live.map(|it| u64::from(it.row.facts.passages)).sum(), inquiries as u64)
    }
}

#[derive(Default)]
struct Found {
    differences: Vec<Difference>,
}

impl Found {
    fn tell(&mut self, part: Part, says: String) {
        self.differences.push(Difference { part, says });
    }
}

/// The sequences of one slice of a day, of `end` in all: after the start, to the end.
fn slice_of(end: Seq, slice: u64) -> Range<Seq> {
    let border = |n: u64| u64::try_from(u128::from(end) * u128::from(n) / u128::from(SLICES));
    border(slice).unwrap_or(0)..border(slice + 1).unwrap_or(end)
}

/// What was logged, by the place of its record.
type Logged = BTreeMap<Seq, InquiryFacts>;

fn is_logged(record: &Record) -> bool {
    Kind::of(record.kind) == Some(Kind::Inquiry) && record.version == 1
}

fn facts_of(record: &Record) -> Option<InquiryFacts> {
    let stored = Stored::<InquiryRow>::after(None, record).ok()??;
    Some(stored.row.facts)
}

/// The keys of a tree's rows in `part`, each row with its checksum checked.
pub(super) fn keys_of(
    view: &View,
    tree: &'static str,
    part: &Range<Seq>,
) -> Result<BTreeSet<Seq>, ViewError> {
    let rows = view.scan_from(tree, part.start + 1)?;
    let keys = rows.map(|it| it.map(|(key, _)| key));
    keys.take_while(|it| it.as_ref().map_or(true, |key| *key <= part.end)).collect()
}

/// The keys that are not right, and are not when they are looked at once more after a while.
pub(super) fn settled(
    keys: impl IntoIterator<Item = Seq>,
    is_right: impl Fn(Seq) -> Result<bool, ViewError>,
    settle: impl Fn() -> bool,
) -> Result<Vec<Seq>, ViewError> {
    let mut differing = vec![];
    for key in keys {
        if !is_right(key)? {
            differing.push(key);
        }
    }
    if differing.is_empty() || !settle() {
        return Ok(vec![]);
    }
    let mut still = vec![];
    for key in differing {
        if !is_right(key)? {
            still.push(key);
        }
    }
    Ok(still)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_days_slices_are_everything_once() {
        for end in [0, 1, 100, 144, 1_000_003] {
            let mut after = 0;
            for slice in 0..SLICES {
                let part = slice_of(end, slice);
                assert_eq!(part.start, after);
                after = part.end;
            }
            assert_eq!(after, end);
        }
    }
}
