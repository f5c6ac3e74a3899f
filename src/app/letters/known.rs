//! The topics of a letter, as they stood when its time was over.

use std::collections::BTreeMap;

use crate::app::App;
use crate::gap::{Candidate, Judging, Verdict, VerdictRow};
use crate::id::TopicNumber;
use crate::inquiry::Line;
use crate::review::{Gap, Past};
use crate::topic::{Demand, Scope, TopicRow, Window, demand};
use crate::week::Week;

/// Single words are shown of topics that so many have asked, so that they tell of nobody.
const WORDS_OF_MIN: u32 = 3;
/// So many words that a page has, and so many that it lacks, name a topic.
const WORDS_MAX: (usize, usize) = (2, 3);

/// A topic as it was then.
pub(super) struct Known {
    pub(super) number: TopicNumber,
    pub(super) name: String,
    pub(super) scope: Scope,
    pub(super) lines: Vec<Line>,
    pub(super) demand: Demand,
    pub(super) verdict: Option<Verdict>,
    pub(super) gap_score: f64,
    pub(super) nearest: Option<String>,
    pub(super) past: Past,
}

impl App {
    /// The topics that anybody had asked by the end of `window`, by number.
    pub(super) fn topics_then(&self, window: Window) -> Vec<Known> {
        let rows = self.state.topics.all();
        let mut parts: BTreeMap<TopicNumber, Vec<TopicNumber>> = BTreeMap::new();
        for row in &rows {
            if let Some(whole) = self.resolve(row.row.number) {
                parts.entry(whole).or_default().push(row.row.number);
            }
        }
        let mut known = vec![];
        for row in rows.iter().filter(|it| it.row.merged_into.is_none()) {
            let (lines, demand) = {
                let columns = self.state.inquiries.columns();
                let parts = || parts.get(&row.row.number).into_iter().flatten();
                let tallies = parts().flat_map(|part| columns.tallies(Some(*part)));
                let demand = demand(tallies.map(|it| it.1), window);
                let lines = parts().flat_map(|part| columns.of_topic(*part)).cloned();
                (lines.collect(), demand)
            };
            known.extend(demand.map(|it| self.topic_then(&row.row, (lines, it), window)));
        }
        known.sort_by_key(|it| it.number);
        known
    }

    fn topic_then(
        &self,
        row: &TopicRow,
        (lines, demand): (Vec<Line>, Demand),
        window: Window,
    ) -> Known {
        let verdict = self.state.verdicts.get(Judging::entity(row.number));
        let verdict = verdict.as_ref().map(|it| &it.row);
        let gap = self.state.gaps.get(Gap::entity(row.number));
        let past = gap.map_or_else(Past::default, |it| it.row.stood_at(window.now));
        Known {
            number: row.number,
            name: name(row, verdict, demand.inquiries),
            scope: row.scope,
            lines,
            demand,
            verdict: verdict.map(|it| it.judgement.verdict),
            gap_score: verdict.map_or(0.5, |it| it.judgement.gap_score),
            nearest: verdict.and_then(|it| it.judgement.evidence.pages.first().cloned()),
            past,
        }
    }
}

impl App {
    /// A topic's name for those who may not read what callers have said.
    pub(in crate::app) fn told_name(&self, row: &TopicRow) -> String {
        let verdict = self.state.verdicts.get(Judging::entity(row.number));
        let columns = self.state.inquiries.columns();
        let inquiries = columns.tallies(Some(row.number)).map(|it| it.1.contacts()).sum();
        drop(columns);
        name(row, verdict.as_ref().map(|it| &it.row), inquiries)
    }
}

impl Known {
    pub(super) fn needs_an_editor(&self) -> bool {
        self.verdict.is_some_and(Verdict::needs_an_editor)
    }

    pub(super) fn candidate(&self) -> Candidate {
        Candidate {
            topic: self.number,
            last_28_days: self.demand.last_28_days,
            inquiries: self.demand.inquiries,
            gap_score: self.gap_score,
            trend: self.demand.trend,
        }
    }

    /// The contacts from one week to another, both included.
    pub(super) fn asked_in(&self, first: Week, last: Week) -> u32 {
        let within = self.lines.iter().filter(|it| first <= it.week && it.week <= last);
        within.map(Line::contacts).sum()
    }
}

/// A topic's name in a letter: an editor's, or its number and a few single words. A caller's
/// sentence does not leave the system.
fn name(row: &TopicRow, verdict: Option<&VerdictRow>, inquiries: u32) -> String {
    if let Some(name) = &row.name {
        return name.clone();
    }
    let evidence = verdict.map(|it| &it.judgement.evidence);
    let words = evidence.filter(|_| WORDS_OF_MIN <= inquiries).map(|it| {
        let covered = it.covered.iter().take(WORDS_MAX.0);
        let words = covered.chain(it.missing.iter().take(WORDS_MAX.1));
        words.map(String::as_str).collect::<Vec<_>>().join(", ")
    });
    let words = words.filter(|it| !it.is_empty());
    words.map_or(row.number.to_string(), |words| format!("{}: {words}", row.number))
}
