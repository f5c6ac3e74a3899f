//! Editors who look at the list once a week and do some of the work, and what became of it.

use std::collections::BTreeSet;

use skranke::app::{Decider, GapFilter, TopicDecision};
use skranke::id::TopicNumber;
use skranke::journal::Seq;
use skranke::review::{Gap, State, Step, grown};
use skranke::topic::Scope;

use super::life::{Life, Logged};
use super::truth::Plan;
use super::website::Website;

/// So many gaps stand on the first page of the list.
const SEEN: usize = 25;
/// So many gaps are dealt with in a week.
const A_WEEK: usize = 3;
/// After so many days a page that was linked as it was gets its answer after all.
const SECOND_THOUGHT: usize = 42;

/// Through so many regroupings a dismissed gap must stay away.
const NIGHTS: usize = 52;

/// A gap that was linked to a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Linked {
    pub(super) topic: TopicNumber,
    pub(super) need: usize,
    pub(super) day: usize,
    /// Whether the page holds the answer.
    pub(super) is_mended: bool,
    /// Whether a crawl has looked since.
    pub(super) is_checked: bool,
    pub(super) is_verified: bool,
}

/// A gap that was dismissed.
#[derive(Clone, Debug)]
pub(super) struct Dismissed {
    pub(super) topic: TopicNumber,
    pub(super) need: usize,
    /// On which day.
    pub(super) day: usize,
    /// The questions that it was about.
    questions: BTreeSet<Seq>,
    /// Nights since, in which it had not grown.
    pub(super) nights: usize,
    pub(super) has_grown: bool,
    /// Whether half of its questions have stood in the list since, under whatever number.
    pub(super) came_back: bool,
    /// Whether another topic of its need has stood there.
    pub(super) has_sibling: bool,
}

#[derive(Default)]
pub(super) struct Desk {
    pub(super) linked: Vec<Linked>,
    pub(super) dismissed: Vec<Dismissed>,
}

impl Desk {
    /// An editor's hour.
    pub(super) fn work(&mut self, life: &mut Life) {
        life.at(9 * 60);
        self.think_again(life);
        let list = life.app.gaps(&GapFilter::default()).unwrap();
        let mut done = 0;
        for gap in list.gaps.into_iter().take(SEEN).map(|it| it.topic) {
            let Some(need) = life.majority(gap.number) else { continue };
            if A_WEEK <= done {
                break;
            }
            done += usize::from(self.deal_with(life, (gap.number, need), gap.demand.inquiries));
        }
        life.app.settle().unwrap();
    }

    fn deal_with(&mut self, life: &mut Life, of: (TopicNumber, usize), inquiries: u32) -> bool {
        let (topic, need) = of;
        let who = Decider { by: Some(life.editor), version: None };
        let known = &mut life.world[need];
        if known.need.own_case {
            let scope = TopicDecision::SetScope(Scope::OwnCase);
            life.app.decide_topic(topic, scope, who).unwrap();
            return true;
        }
        // What the page says already is no gap; the editor says so.
        let plan = if known.is_gap() { known.plan } else { Plan::Dismiss };
        match plan {
            Plan::Mend => {
                known.mend(life.day);
                self.link(life, of, true);
            }
            Plan::Link => {
                known.is_touched = need % 2 == 0;
                self.link(life, of, false);
            }
            Plan::Dismiss => {
                let reason = "Svaret høyrer ikkje heime der, eller står der alt".to_owned();
                let step = Step::Dismiss { reason, inquiries };
                life.app.step(topic, step, who).unwrap();
                let questions = questions_of(life, topic);
                self.dismissed.push(Dismissed {
                    topic,
                    need,
                    day: life.day,
                    questions,
                    nights: 0,
                    has_grown: false,
                    came_back: false,
                    has_sibling: false,
                });
            }
            Plan::Leave => return false,
        }
        true
    }

    fn link(&mut self, life: &Life, (topic, need): (TopicNumber, usize), is_mended: bool) {
        let who = Decider { by: Some(life.editor), version: None };
        life.app.step(topic, Step::Take { owner: life.editor }, who).unwrap();
        let address = Website::address(&life.world[need].need.page);
        life.app.step(topic, Step::LinkPage { address }, who).unwrap();
        let (day, is_checked, is_verified) = (life.day, false, false);
        self.linked.push(Linked { topic, need, day, is_mended, is_checked, is_verified });
    }

    /// Pages that were linked as they were are mended after some weeks.
    fn think_again(&mut self, life: &mut Life) {
        let mut again = vec![];
        for it in &mut self.linked {
            if !it.is_mended && it.day + SECOND_THOUGHT == life.day {
                let known = &mut life.world[it.need];
                let is_done = life.app.state.gaps.get(Gap::entity(it.topic));
                let waits = is_done.is_some_and(|it| matches!(it.row.state, State::Done { .. }));
                if known.is_gap() && waits {
                    known.mend(life.day);
                    let (day, is_checked) = (life.day, false);
                    again.push(Linked { day, is_checked, is_mended: true, ..*it });
                }
            }
        }
        self.linked.extend(again);
    }

    /// What the night has made of it.
    pub(super) fn look(&mut self, life: &Life) {
        for it in &mut self.linked {
            let is_current = it.is_mended || life.world[it.need].is_gap();
            if !is_current || (it.is_mended && it.is_checked) {
                continue;
            }
            it.is_checked = true;
            let row = life.app.state.gaps.get(Gap::entity(it.topic));
            it.is_verified |= row.is_some_and(|it| matches!(it.row.state, State::Verified { .. }));
        }
        let list = life.app.gaps(&GapFilter::default()).unwrap();
        let open: Vec<TopicNumber> = list.gaps.iter().map(|it| it.topic.number).collect();
        let needs: Vec<Option<usize>> = open.iter().map(|it| life.majority(*it)).collect();
        let listed: Vec<BTreeSet<Seq>> = open.iter().map(|it| questions_of(life, *it)).collect();
        let is_watched = |it: &&mut Dismissed| !it.has_grown && it.nights < NIGHTS;
        for it in self.dismissed.iter_mut().filter(|it| !it.came_back).filter(is_watched) {
            let of_topic = questions_of(life, it.topic);
            it.has_grown = has_grown(life, it.day, &of_topic);
            if !it.has_grown {
                it.nights += 1;
                let holds_it = |other: &BTreeSet<Seq>| {
                    it.questions.len() <= 2 * it.questions.intersection(other).count()
                };
                it.came_back = open.contains(&it.topic) || listed.iter().any(holds_it);
                it.has_sibling |= needs.contains(&Some(it.need));
            }
        }
    }
}

fn questions_of(life: &Life, topic: TopicNumber) -> BTreeSet<Seq> {
    life.app.lines_of(topic).iter().map(|it| it.seq).collect()
}

/// Whether so many more ask by now than before a day that what was dismissed may come back.
fn has_grown(life: &Life, dismissed: usize, questions: &BTreeSet<Seq>) -> bool {
    let asked = |until: usize| -> u32 {
        let of_weeks = |it: &&Logged| (it.day..it.day + 28).contains(&(until - 1));
        let all = questions.iter().map(|it| &life.logged[it]).filter(of_weeks);
        all.map(|it| it.contacts).sum()
    };
    grown(asked(dismissed)) <= asked(life.day)
}
