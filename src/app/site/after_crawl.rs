//! What follows a crawl: topics are judged anew, and what editors say is mended is checked.

use std::sync::Arc;

use jiff::Timestamp;

use super::crawl::{CrawlFault, Visit};
use super::mend::Mend;
use crate::app::judge::Reading;
use crate::app::{App, GroupError, GroupOutcome};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Inquiry, Line};
use crate::journal::JournalError;
use crate::page::{CrawlError, Parser};
use crate::people::By;
use crate::record::Change;
use crate::review::{
    AfterCrawl, Gap, GapEvent, GapRow, Proof, RETURN_WATCH, State, Step, after_crawl,
};
use crate::rows::Stored;
use crate::schedule::Task;

/// So many of a topic's questions are tried on the page that was linked, the newest first.
const QUESTIONS_MAX: usize = 50;

/// What was found out about the gaps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AfterCrawlOutcome {
    /// The run that judged every topic.
    pub group: GroupOutcome,
    /// Gaps whose page now answers.
    pub verified: u32,
    /// Gaps whose page does not answer yet.
    pub not_yet: u32,
    /// Gaps that are open again.
    pub reopened: u32,
}

impl App {
    /// Groups and judges every topic by the site as it now stands, then checks every gap that
    /// an editor has mended or dismissed. Blocks, for seconds.
    pub fn after_crawl(&self) -> Result<AfterCrawlOutcome, GroupError> {
        self.after_crawl_for(&Task::default())
    }

    /// The same, while somebody looks on.
    pub fn after_crawl_for(&self, task: &Task) -> Result<AfterCrawlOutcome, GroupError> {
        task.begin("jobs.step.group", None);
        let _only = self.judge.turn();
        let mut reading = self.judge.begin()?;
        let group = self.group_with(&mut reading)?;
        let mut outcome = AfterCrawlOutcome { group, ..Default::default() };
        self.settle()?;
        let gaps = self.state.gaps.all();
        task.begin("jobs.step.gaps", u64::try_from(gaps.len()).ok());
        for stored in gaps {
            task.advance();
            let Some(step) = self.step_after_crawl(&stored.row, &mut reading)? else { continue };
            // What is known already is not written again each night.
            if stored.row.knows(&step) {
                continue;
            }
            let counted = match step {
                Step::Verified { .. } => &mut outcome.verified,
                Step::Reopened { .. } => &mut outcome.reopened,
                Step::NotYet { .. } => &mut outcome.not_yet,
                Step::Take { .. }
                | Step::Release
                | Step::LinkPage { .. }
                | Step::Dismiss { .. }
                | Step::Snooze { .. }
                | Step::Due { .. }
                | Step::Comment { .. }
                | Step::Reopen
                | Step::Undo => continue,
            };
            if self.tell_step(&stored, step)? {
                *counted += 1;
            }
        }
        Ok(outcome)
    }

    /// Reads the page that an editor has just linked to a gap, and tells how many of its questions
    /// find it, so that nobody has to wait for the night. A gap that is open again stays open.
    ///
    /// # Errors
    /// When no site has the page, or it cannot be read: the next crawl looks again.
    pub async fn read_linked_page(
        self: &Arc<Self>,
        (number, address): (TopicNumber, &str),
        (parser, by): (&Parser, By),
    ) -> Result<Proof, CrawlFault> {
        let task = Task::default();
        let (at, reason) = (address.to_owned(), String::new());
        let mut why = CrawlFault::Site(CrawlError::Nothing { address: at, reason });
        // The page belongs to one of them; the others refuse it without asking for it.
        for site in &self.state.settings().sites {
            let visit = Visit { site, parser, by, task: &task };
            match self.recrawl_page(visit, address).await {
                Ok(_) => return self.blocking(move |app| Ok(app.check_gap(number)?)).await,
                Err(CrawlFault::Site(CrawlError::Nothing { .. })) => {}
                Err(fault) => why = fault,
            }
        }
        Err(why)
    }

    /// Tries the questions of one gap on the page that was linked to it. Blocks.
    fn check_gap(&self, number: TopicNumber) -> Result<Proof, GroupError> {
        self.settle()?;
        let none = Tried::default().seen(self.now());
        let Some(stored) = self.state.gaps.get(Gap::entity(number)) else { return Ok(none) };
        let mut reading = self.judge.begin()?;
        reading.bring()?;
        let step = self.step_after_crawl(&stored.row, &mut reading)?;
        if let Some(Step::Verified { found, of, missing } | Step::NotYet { found, of, missing }) =
            &step
        {
            let tried = Tried { found: *found, of: *of, missing: missing.clone() };
            step.map(|it| self.tell_step(&stored, it)).transpose()?;
            return Ok(tried.seen(self.now()));
        }
        // The gap stands as it did, but the page is to be seen as it is now.
        let lines = self.lines_of(stored.row.topic);
        let address = stored.row.state.address();
        let tried = address.map(|it| self.tried(&lines, &it, &mut reading)).transpose()?;
        Ok(tried.map_or(none, |it| it.seen(self.now())))
    }

    fn step_after_crawl(
        &self,
        row: &GapRow,
        reading: &mut Reading<'_>,
    ) -> Result<Option<Step>, GroupError> {
        // The work on a topic that was merged goes on at the other topic.
        let is_own = self.resolve(row.topic) == Some(row.topic);
        let (true, Some((since, address))) = (is_own, checked(&row.state)) else {
            return Ok(None);
        };
        let lines = self.lines_of(row.topic);
        let Tried { found, of, missing } = match address {
            Some(address) => self.tried(&lines, address, reading)?,
            None => Tried::default(),
        };
        let decided = match &row.state {
            State::Verified { done, .. } => Some(*done),
            State::Dismissed { since, .. } => Some(*since),
            _ => None,
        };
        let now = self.now();
        let contacts = |lines: &mut dyn Iterator<Item = &Line>| lines.map(Line::contacts).sum();
        let seen = AfterCrawl {
            found,
            of,
            is_new: self.mend_of(row)? == Mend::Speaks,
            inquiries_since: contacts(&mut lines.iter().filter(|it| since < it.asked)),
            inquiries_before: contacts(&mut lines.iter().filter(|it| {
                decided.is_some_and(|at| at - RETURN_WATCH < it.asked && it.asked <= at)
            })),
            inquiries_lately: contacts(
                &mut lines.iter().filter(|it| now - RETURN_WATCH < it.asked),
            ),
            now,
        };
        Ok(match after_crawl(&row.state, &seen) {
            Some(Step::NotYet { found, of, .. }) => Some(Step::NotYet { found, of, missing }),
            Some(Step::Verified { found, of, .. }) => Some(Step::Verified { found, of, missing }),
            step => step,
        })
    }

    /// How many of the newest questions lead to the page, of how many, and some that do not.
    fn tried(
        &self,
        lines: &[Line],
        address: &str,
        reading: &mut Reading<'_>,
    ) -> Result<Tried, GroupError> {
        let (mut ids, mut questions) = (vec![], vec![]);
        for line in newest(lines) {
            if let Some(words) = self.state.inquiries.words(line.seq)? {
                ids.push(line.id);
                questions.push(words);
            }
        }
        let mut tried = Tried::default();
        for (id, leads) in ids.into_iter().zip(reading.leads(address, questions)?) {
            tried.of += 1;
            if leads {
                tried.found += 1;
            } else if tried.missing.len() < GapRow::MISSING_MAX {
                tried.missing.push(id);
            }
        }
        Ok(tried)
    }

    /// Writes the step; not when somebody has decided about the gap in the meantime: then the
    /// next crawl looks again.
    fn tell_step(&self, stored: &Stored<GapRow>, step: Step) -> Result<bool, JournalError> {
        let topic: TopicNumber = stored.row.topic;
        let event = GapEvent::Changed { topic, step, by: None };
        let entity = Gap::entity(topic);
        let change = Change { entity, version: Some(stored.version), now: self.now() };
        match change.tell(&self.journal, &event) {
            Ok(_) => Ok(true),
            Err(JournalError::Conflict { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The questions that are tried, the newest first.
pub(super) fn newest(lines: &[Line]) -> impl Iterator<Item = &Line> {
    let mut asked: Vec<&Line> = lines.iter().filter(|it| it.has_text).collect();
    asked.sort_unstable_by_key(|it| std::cmp::Reverse((it.asked, it.seq)));
    asked.into_iter().take(QUESTIONS_MAX)
}

/// What came of the questions of a topic.
#[derive(Default)]
struct Tried {
    /// So many lead to the page.
    found: u32,
    /// Of so many.
    of: u32,
    /// Some that do not.
    missing: Vec<Id<Inquiry>>,
}

impl Tried {
    fn seen(self, at: Timestamp) -> Proof {
        let Self { found, of, missing } = self;
        Proof { at, found, of, missing }
    }
}

/// What a crawl checks: since when, and the page that is said to answer.
fn checked(state: &State) -> Option<(Timestamp, Option<&str>)> {
    match state {
        State::Done { address, since } | State::Verified { address, since, .. } => {
            Some((*since, Some(address)))
        }
        State::Dismissed { since, .. } => Some((*since, None)),
        State::New | State::Taken { .. } | State::Reopened { .. } | State::Snoozed { .. } => None,
    }
}
