//! Everything that screens and jobs read: one table for each kind, folded from the journal.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use uuid::Uuid;

use super::board::Touched;
use super::numbers::Numbers;
use super::staged::Staged;
use crate::audit::AuditRow;
use crate::desk::MessageRow;
use crate::gap::VerdictRow;
use crate::hook::{HookRow, NewsRow};
use crate::inquiry::{CallRow, ImportRow, Inquiries, InquiryRow, TimingRow};
use crate::journal::{Record, Seq};
use crate::organisation::Settings;
use crate::page::{CrawlRow, PageRow};
use crate::people::{ApiTokenRow, LinkRow, PersonRow, ViewRow};
use crate::post::{LetterRow, ReaderRow};
use crate::record::{Kind, RecordError};
use crate::review::GapRow;
use crate::rows::{Stored, Table};
use crate::schedule::JobRow;
use crate::topic::{RunRow, TopicRow};
use crate::view::{Change, View, ViewError};
use crate::words::WordRow;

/// All tables. Clones share them.
#[derive(Clone, Default)]
#[expect(missing_docs, reason = "each table is named by its kind")]
pub struct State {
    pub inquiries: Inquiries,
    pub pages: Table<PageRow>,
    pub crawls: Table<CrawlRow>,
    pub topics: Table<TopicRow>,
    pub runs: Table<RunRow>,
    pub verdicts: Table<VerdictRow>,
    pub gaps: Table<GapRow>,
    pub people: Table<PersonRow>,
    pub organisation: Table<Settings>,
    pub readers: Table<ReaderRow>,
    pub letters: Table<LetterRow>,
    pub imports: Table<ImportRow>,
    pub audit: Table<AuditRow>,
    pub jobs: Table<JobRow>,
    pub messages: Table<MessageRow>,
    pub timing: Table<TimingRow>,
    pub tokens: Table<ApiTokenRow>,
    pub calls: Table<CallRow>,
    pub words: Table<WordRow>,
    pub saved_views: Table<ViewRow>,
    pub links: Table<LinkRow>,
    pub news: Table<NewsRow>,
    pub hooks: Table<HookRow>,
    pub(super) numbers: Numbers,
    pub(super) touched: Arc<Mutex<Touched>>,
}

/// Why a record could not be folded in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FoldError {
    /// The record cannot be read.
    #[error("could not read a record of the journal")]
    Record(#[from] RecordError),
    /// The view cannot be read or written.
    #[error("could not use the view")]
    View(#[from] ViewError),
    /// A row of the view cannot be read.
    #[error("could not read row {first} of {tree}")]
    Row {
        /// The tree.
        tree: &'static str,
        /// The row's key.
        first: Seq,
        /// What serde says.
        #[source]
        source: serde_json::Error,
    },
    /// Folding one record in has ended the process again and again.
    #[error(
        "folding in record {0} has ended the program several times within minutes; logging goes \
         on, the screens stay behind until a program that can fold it is installed"
    )]
    Stuck(Seq),
    /// The process is to end.
    #[error("stopped before it was done")]
    Stopped,
}

impl State {
    /// Makes empty tables over `view`.
    pub fn new(view: View) -> Self {
        Self { inquiries: Inquiries::new(view), ..Self::default() }
    }

    /// Fills the tables from what the view keeps, and checks every row of it on the way. `seen`
    /// hears of each row and may end it.
    pub fn load(
        &self,
        view: &View,
        mut seen: impl FnMut() -> Result<(), FoldError>,
    ) -> Result<(), FoldError> {
        view.check_each(|tree, first, bytes| {
            seen()?;
            let kind = Kind::ALL.into_iter().find(|it| it.tree() == tree);
            let Some(kind) = kind else { return Ok(()) };
            self.put(kind, bytes).map_err(|source| FoldError::Row {
                tree: kind.tree(),
                first,
                source,
            })
        })
    }

    /// Puts the row that the view keeps as `bytes` in its table.
    fn put(&self, kind: Kind, bytes: &[u8]) -> Result<(), serde_json::Error> {
        match kind {
            Kind::Inquiry => self.inquiries.put(&Stored::from_bytes(bytes)?),
            Kind::Page => self.pages.put(Stored::from_bytes(bytes)?),
            Kind::Crawl => self.crawls.put(Stored::from_bytes(bytes)?),
            Kind::Topic => {
                let stored: Stored<TopicRow> = Stored::from_bytes(bytes)?;
                self.numbers.note(stored.row.number, stored.row.merged_into);
                self.topics.put(stored);
            }
            Kind::Run => self.runs.put(Stored::from_bytes(bytes)?),
            Kind::Verdict => self.verdicts.put(Stored::from_bytes(bytes)?),
            Kind::Gap => self.gaps.put(Stored::from_bytes(bytes)?),
            Kind::Person => self.people.put(Stored::from_bytes(bytes)?),
            Kind::Organisation => self.organisation.put(Stored::from_bytes(bytes)?),
            Kind::Reader => self.readers.put(Stored::from_bytes(bytes)?),
            Kind::Letter => self.letters.put(Stored::from_bytes(bytes)?),
            Kind::Import => self.imports.put(Stored::from_bytes(bytes)?),
            Kind::Audit => self.audit.put(Stored::from_bytes(bytes)?),
            Kind::Job => self.jobs.put(Stored::from_bytes(bytes)?),
            Kind::Message => self.messages.put(Stored::from_bytes(bytes)?),
            Kind::Timing => self.timing.put(Stored::from_bytes(bytes)?),
            Kind::Token => self.tokens.put(Stored::from_bytes(bytes)?),
            Kind::CallTotals => self.calls.put(Stored::from_bytes(bytes)?),
            Kind::Words => self.words.put(Stored::from_bytes(bytes)?),
            Kind::SavedView => self.saved_views.put(Stored::from_bytes(bytes)?),
            Kind::Link => self.links.put(Stored::from_bytes(bytes)?),
            Kind::News => self.news.put(Stored::from_bytes(bytes)?),
            Kind::Hook => self.hooks.put(Stored::from_bytes(bytes)?),
        }
        Ok(())
    }

    /// Takes over the tables of `other`, and its view.
    pub(super) fn adopt(&self, other: &Self) {
        self.pages.adopt(&other.pages);
        self.crawls.adopt(&other.crawls);
        self.topics.adopt(&other.topics);
        self.runs.adopt(&other.runs);
        self.verdicts.adopt(&other.verdicts);
        self.gaps.adopt(&other.gaps);
        self.people.adopt(&other.people);
        self.organisation.adopt(&other.organisation);
        self.readers.adopt(&other.readers);
        self.letters.adopt(&other.letters);
        self.imports.adopt(&other.imports);
        self.audit.adopt(&other.audit);
        self.jobs.adopt(&other.jobs);
        self.messages.adopt(&other.messages);
        self.timing.adopt(&other.timing);
        self.tokens.adopt(&other.tokens);
        self.calls.adopt(&other.calls);
        self.words.adopt(&other.words);
        self.saved_views.adopt(&other.saved_views);
        self.links.adopt(&other.links);
        self.news.adopt(&other.news);
        self.hooks.adopt(&other.hooks);
        self.numbers.adopt(&other.numbers);
        self.inquiries.adopt(&other.inquiries);
        self.touch(Touched::all());
    }

    /// The organisation's settings, or the usual ones.
    pub fn settings(&self) -> Settings {
        let stored = self.organisation.get(Settings::entity());
        stored.map_or_else(Settings::default, |it| it.row.clone())
    }
}

/// A batch of records being folded into the state.
pub(super) struct Fold<'a> {
    pub(super) state: &'a State,
    pub(super) inquiries: BTreeMap<Seq, Stored<InquiryRow>>,
    pub(super) ids: BTreeMap<Uuid, Seq>,
    pages: Staged<PageRow>,
    crawls: Staged<CrawlRow>,
    topics: Staged<TopicRow>,
    pub(super) runs: Staged<RunRow>,
    verdicts: Staged<VerdictRow>,
    gaps: Staged<GapRow>,
    people: Staged<PersonRow>,
    organisation: Staged<Settings>,
    readers: Staged<ReaderRow>,
    letters: Staged<LetterRow>,
    imports: Staged<ImportRow>,
    audit: Staged<AuditRow>,
    jobs: Staged<JobRow>,
    messages: Staged<MessageRow>,
    timing: Staged<TimingRow>,
    tokens: Staged<ApiTokenRow>,
    calls: Staged<CallRow>,
    words: Staged<WordRow>,
    saved_views: Staged<ViewRow>,
    links: Staged<LinkRow>,
    news: Staged<NewsRow>,
    hooks: Staged<HookRow>,
}

impl<'a> Fold<'a> {
    pub(super) fn new(state: &'a State) -> Self {
        Self {
            state,
            inquiries: BTreeMap::new(),
            ids: BTreeMap::new(),
            pages: Staged::new(),
            crawls: Staged::new(),
            topics: Staged::new(),
            runs: Staged::new(),
            verdicts: Staged::new(),
            gaps: Staged::new(),
            people: Staged::new(),
            organisation: Staged::new(),
            readers: Staged::new(),
            letters: Staged::new(),
            imports: Staged::new(),
            audit: Staged::new(),
            jobs: Staged::new(),
            messages: Staged::new(),
            timing: Staged::new(),
            tokens: Staged::new(),
            calls: Staged::new(),
            words: Staged::new(),
            saved_views: Staged::new(),
            links: Staged::new(),
            news: Staged::new(),
            hooks: Staged::new(),
        }
    }

    /// Folds one record in. An unknown kind is an error: a newer program wrote it.
    pub(super) fn add(&mut self, record: &Record) -> Result<(), FoldError> {
        let Some(kind) = Kind::of(record.kind) else {
            let Record { seq, kind, kind_version: version, .. } = *record;
            return Err(RecordError::Newer { seq, kind, version }.into());
        };
        let state = self.state;
        match kind {
            Kind::Inquiry => self.inquiry(record),
            Kind::Page => self.pages.fold(record, &state.pages),
            Kind::Crawl => self.crawls.fold(record, &state.crawls),
            Kind::Topic => self.topics.fold(record, &state.topics),
            Kind::Run => self.run(record),
            Kind::Verdict => self.verdicts.fold(record, &state.verdicts),
            Kind::Gap => self.gaps.fold(record, &state.gaps),
            Kind::Person => self.people.fold(record, &state.people),
            Kind::Organisation => self.organisation.fold(record, &state.organisation),
            Kind::Reader => self.readers.fold(record, &state.readers),
            Kind::Letter => self.letters.fold(record, &state.letters),
            Kind::Import => self.imports.fold(record, &state.imports),
            Kind::Audit => self.audit.fold(record, &state.audit),
            Kind::Job => self.jobs.fold(record, &state.jobs),
            Kind::Message => self.messages.fold(record, &state.messages),
            Kind::Timing => self.timing.fold(record, &state.timing),
            Kind::Token => self.tokens.fold(record, &state.tokens),
            Kind::CallTotals => self.calls.fold(record, &state.calls),
            Kind::Words => self.words.fold(record, &state.words),
            Kind::SavedView => self.saved_views.fold(record, &state.saved_views),
            Kind::Link => self.links.fold(record, &state.links),
            Kind::News => self.news.fold(record, &state.news),
            Kind::Hook => self.hooks.fold(record, &state.hooks),
        }
    }

    /// What the view is to keep.
    pub(super) fn changes(&self) -> Vec<Change> {
        let mut changes: Vec<Change> = self
            .inquiries
            .values()
            .map(|it| Change {
                tree: Kind::Inquiry.tree(),
                key: it.first,
                seq: it.last,
                value: Some(it.to_bytes()),
            })
            .collect();
        self.pages.changes(Kind::Page, &mut changes);
        self.crawls.changes(Kind::Crawl, &mut changes);
        self.topics.changes(Kind::Topic, &mut changes);
        self.runs.changes(Kind::Run, &mut changes);
        self.verdicts.changes(Kind::Verdict, &mut changes);
        self.gaps.changes(Kind::Gap, &mut changes);
        self.people.changes(Kind::Person, &mut changes);
        self.organisation.changes(Kind::Organisation, &mut changes);
        self.readers.changes(Kind::Reader, &mut changes);
        self.letters.changes(Kind::Letter, &mut changes);
        self.imports.changes(Kind::Import, &mut changes);
        self.audit.changes(Kind::Audit, &mut changes);
        self.jobs.changes(Kind::Job, &mut changes);
        self.messages.changes(Kind::Message, &mut changes);
        self.timing.changes(Kind::Timing, &mut changes);
        self.tokens.changes(Kind::Token, &mut changes);
        self.calls.changes(Kind::CallTotals, &mut changes);
        self.words.changes(Kind::Words, &mut changes);
        self.saved_views.changes(Kind::SavedView, &mut changes);
        self.links.changes(Kind::Link, &mut changes);
        self.news.changes(Kind::News, &mut changes);
        self.hooks.changes(Kind::Hook, &mut changes);
        changes
    }

    /// Puts every row in its table; the view has them by now.
    pub(super) fn settle(self) {
        let (state, touched) = (self.state, self.touched());
        let topics = self.topics.rows.values().map(|it| (it.row.number, it.row.merged_into));
        let topics: Vec<_> = topics.collect();
        self.inquiries.values().for_each(|it| state.inquiries.put(it));
        self.pages.settle(&state.pages);
        self.crawls.settle(&state.crawls);
        self.topics.settle(&state.topics);
        topics.into_iter().for_each(|it| state.numbers.note(it.0, it.1));
        self.runs.settle(&state.runs);
        self.verdicts.settle(&state.verdicts);
        self.gaps.settle(&state.gaps);
        self.people.settle(&state.people);
        self.organisation.settle(&state.organisation);
        self.readers.settle(&state.readers);
        self.letters.settle(&state.letters);
        self.imports.settle(&state.imports);
        self.audit.settle(&state.audit);
        self.jobs.settle(&state.jobs);
        self.messages.settle(&state.messages);
        self.timing.settle(&state.timing);
        self.tokens.settle(&state.tokens);
        self.calls.settle(&state.calls);
        self.words.settle(&state.words);
        self.saved_views.settle(&state.saved_views);
        self.links.settle(&state.links);
        self.news.settle(&state.news);
        self.hooks.settle(&state.hooks);
        // Not before: a line that is made in between would be made of what was.
        state.touch(touched);
    }

    /// The topics whose lines change by what is being folded in.
    fn touched(&self) -> Touched {
        let mut touched =
            if self.organisation.rows.is_empty() { Touched::default() } else { Touched::all() };
        let columns = self.state.inquiries.columns();
        for it in self.inquiries.values() {
            let before = columns.line(it.first).and_then(|it| it.topic);
            touched.inquiry(it.id, [before, it.row.topic]);
        }
        for it in self.topics.rows.values() {
            let before = self.state.topics.get(it.id).and_then(|it| it.row.merged_into);
            let wholes = [before, it.row.merged_into].into_iter().flatten();
            wholes.chain([it.row.number]).for_each(|it| touched.topic(it));
        }
        self.verdicts.rows.values().for_each(|it| touched.topic(it.row.judgement.topic));
        self.gaps.rows.values().for_each(|it| touched.topic(it.row.topic));
        touched
    }
}
