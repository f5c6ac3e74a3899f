//! Half a year of a topic, week by week and by channel, with what was done about it.

use jiff::Timestamp;

use crate::app::gaps::NearPassage;
use crate::app::{App, PageHealth};
use crate::inquiry::{Channel, Tally};
use crate::review::{GapRow, StepName};
use crate::week::Week;

/// So many weeks stand in a topic's chart.
pub(super) const WEEKS_SHOWN: usize = 26;

/// A topic's weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapTrend {
    /// The weeks, oldest first; the last is this one.
    pub weeks: Vec<Week>,
    /// Contacts and signals by channel, a number for each week; channels without any are left out.
    pub channels: Vec<(Channel, Vec<u32>)>,
    /// What was done in these weeks, oldest first.
    pub marks: Vec<TrendMark>,
}

/// Something that may have changed how many ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendMark {
    /// When.
    pub at: Timestamp,
    /// The week of that.
    pub week: Week,
    /// What.
    pub what: Marked,
}

/// What a mark in a topic's weeks tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marked {
    /// A page that comes near an answer changed; its title.
    PageChanged(String),
    /// A step in the work on the gap.
    Step(StepName),
}

impl App {
    /// The weeks of a topic with what was done about it.
    pub(super) fn trend_of(
        &self,
        tallies: &[Tally],
        gap: Option<&GapRow>,
        pages: &[(NearPassage, PageHealth)],
    ) -> GapTrend {
        let last = self.week();
        let n = i64::try_from(WEEKS_SHOWN).unwrap_or(1);
        let weeks: Vec<Week> = (1 - n..=0).map(|back| last.plus(back)).collect();
        let first = weeks[0];
        let mut counts = Channel::ALL.map(|it| (it, vec![0; weeks.len()]));
        for tally in tallies {
            let Ok(at) = weeks.binary_search(&tally.week) else { continue };
            let of = counts.iter_mut().find(|it| it.0 == tally.channel);
            of.into_iter().for_each(|it| it.1[at] += tally.count);
        }
        let counts = counts.into_iter().filter(|it| it.1.iter().any(|n| 0 < *n));
        let channels = counts.collect();
        let mut marks = self.steps_marked(gap);
        marks.extend(self.changes_marked(pages));
        marks.retain(|it| first <= it.week && it.week <= last);
        marks.sort_by_key(|it| it.at);
        GapTrend { weeks, channels, marks }
    }

    fn steps_marked(&self, gap: Option<&GapRow>) -> Vec<TrendMark> {
        let is_marked = |step: StepName| match step {
            StepName::LinkPage | StepName::Verified | StepName::Reopen | StepName::Reopened => true,
            StepName::Take
            | StepName::Release
            | StepName::Dismiss
            | StepName::Snooze
            | StepName::Due
            | StepName::Comment
            | StepName::Undo
            | StepName::NotYet => false,
        };
        let steps = gap.into_iter().flat_map(|it| &it.history).filter(|it| is_marked(it.step));
        steps.map(|it| self.mark(it.at, Marked::Step(it.step))).collect()
    }

    /// The last change of each page that comes near.
    fn changes_marked(&self, pages: &[(NearPassage, PageHealth)]) -> Vec<TrendMark> {
        let mut seen: Vec<&str> = vec![];
        let mut marks = vec![];
        for (passage, page) in pages {
            let address = passage.address.split('#').next().unwrap_or_default();
            if let Some(at) = page.changed.filter(|_| !seen.contains(&address)) {
                seen.push(address);
                marks.push(self.mark(at, Marked::PageChanged(passage.title.clone())));
            }
        }
        marks
    }

    fn mark(&self, at: Timestamp, what: Marked) -> TrendMark {
        TrendMark { at, week: Week::of(at, &self.zone), what }
    }
}
