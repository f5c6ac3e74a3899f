//! The full run on the service's data: groups become topics with their numbers, and verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::Timestamp;

use super::judge::{Found, JudgeError, JudgedGroup, Reading};
use super::{App, AppError};
use crate::gap::{
    Age, Asked, Evidence, Judgement, Judging, VerdictEvent, past_year, verdict, years,
};
use crate::id::{Id, TopicNumber};
use crate::inquiry::{Inquiry, Line};
use crate::journal::{Batch, JournalError, Seq};
use crate::record::{Change, encode};
use crate::review::State;
use crate::topic::{
    Known, Run, RunEvent, RunRow, Topic, TopicEvent, identify, keep_apart, keep_decided,
};
use crate::view::ViewError;

/// What a full run has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupOutcome {
    /// Questions with words.
    pub questions: u32,
    /// Topics.
    pub topics: u32,
    /// Topics that are new.
    pub new: u32,
    /// Questions that stand alone.
    pub alone: u32,
    /// Questions for which it was not known what the site has.
    pub found_anew: u32,
}

/// Why a run did not come to its end. Nothing of it shows then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// The journal did not take it.
    #[error("could not write the run to the journal")]
    Journal(#[from] JournalError),
    /// The view cannot be read.
    #[error("could not read the questions")]
    View(#[from] ViewError),
    /// The process that judges did not come to its end.
    #[error(transparent)]
    Judge(#[from] JudgeError),
    /// The view does not follow the journal.
    #[error("could not see what was written")]
    Follow(#[from] AppError),
}

/// The questions that a run looks at.
struct Questions {
    /// The journal as they were read.
    based_on: Seq,
    with_words: BTreeSet<Seq>,
    known: Known,
    /// By topic: questions that an editor has placed there, or has seen there and worked on.
    bound: BTreeMap<TopicNumber, Vec<Seq>>,
    /// Questions without words and the question that they repeat.
    repeats: Vec<(Seq, Id<Inquiry>)>,
}

impl App {
    /// Lets runs be done by processes of `program`, which is this very program: they may take the
    /// memory that they need, and whoever waits at a counter goes first.
    pub fn judge_apart(&self, program: PathBuf) {
        self.judge.work_apart(program);
    }

    /// Groups every question anew and judges every topic. Numbers stay; what editors have placed
    /// stays. Blocks, for seconds.
    pub fn group(&self) -> Result<GroupOutcome, GroupError> {
        let _only = self.judge.turn();
        self.group_with(&mut self.judge.begin()?)
    }

    /// The same with a judging process, which can be asked further afterwards.
    pub(in crate::app) fn group_with(
        &self,
        reading: &mut Reading<'_>,
    ) -> Result<GroupOutcome, GroupError> {
        self.settle()?;
        // What is not known of the site yet is found before the live assignment has to wait.
        reading.bring()?;
        let found_anew = reading.know()?;
        self.settle_assigned();
        let _turn = self.number_turn();
        self.settle()?;
        let based_on = self.journal.position().seq;
        reading.bring()?;
        let questions = self.questions(reading, based_on);
        let together = questions.bound.values().cloned().collect();
        let (found, again) = reading.group(together, self.kept_apart(&questions))?;
        let groups: Vec<Vec<Seq>> = found.iter().map(|it| it.members.clone()).collect();
        let identity = identify(&groups, &questions.known);
        let mut topic_of: BTreeMap<Seq, TopicNumber> = BTreeMap::new();
        for (at, (group, number)) in found.iter().zip(&identity.numbers).enumerate() {
            topic_of.extend(group.members.iter().map(|seq| (*seq, *number)));
            self.name(*number, group, identity.new.contains(&at))?;
        }
        keep_decided(&mut topic_of, &questions.known, &identity);
        let before = questions.known.topic_of.iter();
        let before = before.filter_map(|(seq, it)| Some((*seq, self.resolve(*it)?))).collect();
        keep_apart(&mut topic_of, &before, &self.state.apart());
        let alone = questions.with_words.iter().filter(|it| !topic_of.contains_key(it));
        let outcome = GroupOutcome {
            questions: count(questions.with_words.len()),
            topics: count(groups.len()),
            new: count(identity.new.len()),
            alone: count(alone.count()),
            found_anew: count(found_anew + again),
        };
        self.commit(&questions, topic_of, outcome)?;
        // A judgement counts what the staff have said under the topic as it now stands.
        self.settle()?;
        for (group, number) in found.into_iter().zip(&identity.numbers) {
            if let Some(found) = group.found {
                self.judge_topic(*number, found, based_on)?;
            }
        }
        Ok(outcome)
    }

    /// The topics that editors have decided something about, or work on as gaps.
    fn decided(&self) -> BTreeSet<TopicNumber> {
        let topics = self.state.topics.all();
        let named = topics.iter().filter(|it| it.row.decided).map(|it| it.row.number);
        let gaps = self.state.gaps.all();
        let touched = gaps.iter().filter(|it| it.row.state != State::New).map(|it| it.row.topic);
        named.chain(touched.filter_map(|it| self.resolve(it))).collect()
    }

    /// Since when editors have worked on gaps or put them by: what was asked before then stays
    /// together, for that is what they have seen.
    fn worked(&self) -> BTreeMap<TopicNumber, Timestamp> {
        let gaps = self.state.gaps.all();
        gaps.iter().filter_map(|it| Some((it.row.topic, it.row.state.since()?))).collect()
    }

    /// What is known of the questions that the judging process was told.
    fn questions(&self, reading: &Reading<'_>, based_on: Seq) -> Questions {
        let known =
            Known { decided: self.decided(), next: self.next_number().0, ..Known::default() };
        let with_words = reading.questions().collect();
        let (bound, repeats) = (BTreeMap::new(), vec![]);
        let mut questions = Questions { based_on, with_words, known, bound, repeats };
        let worked = self.worked();
        let columns = self.state.inquiries.columns();
        for line in columns.live() {
            if let Some(topic) = line.topic {
                questions.known.topic_of.insert(line.seq, topic);
            }
            if reading.has(line.seq) {
                let is_bound = |it: &TopicNumber| {
                    line.pinned || worked.get(it).is_some_and(|since| line.asked < *since)
                };
                if let Some(topic) = line.topic.filter(is_bound) {
                    questions.known.bound.insert(line.seq);
                    questions.bound.entry(topic).or_default().push(line.seq);
                }
            } else if let Some(of) = line.same_as.filter(|_| !line.has_text) {
                questions.repeats.push((line.seq, of));
            }
        }
        questions
    }

    /// Questions that editors placed under different topics are kept apart, and the newest ones of
    /// topics that they keep apart.
    fn kept_apart(&self, questions: &Questions) -> Vec<(Seq, Seq)> {
        const OF_TOPIC_MAX: usize = 30;
        let firsts: Vec<Seq> =
            questions.bound.values().filter_map(|it| it.first()).copied().collect();
        let mut pairs = vec![];
        for (n, a) in firsts.iter().enumerate() {
            pairs.extend(firsts[n + 1..].iter().map(|b| (*a, *b)));
        }
        let newest = |topic| -> Vec<Seq> {
            let lines = self.lines_of(topic);
            let with_words = lines.iter().rev().filter(|it| it.has_text);
            with_words.take(OF_TOPIC_MAX).map(|it| it.seq).collect()
        };
        for (a, b) in self.state.apart() {
            let (these, those) = (newest(a), newest(b));
            pairs.extend(these.iter().flat_map(|a| those.iter().map(|b| (*a, *b))));
        }
        pairs
    }

    /// Gives a new topic its record, and any topic its new exemplar and the words that tell it
    /// from others. Words alone do not make a record: they change with every question.
    fn name(
        &self,
        number: TopicNumber,
        group: &JudgedGroup,
        is_new: bool,
    ) -> Result<(), JournalError> {
        let id = self.state.inquiries.columns().line(group.exemplar).map(|it| it.id);
        let Some(exemplar) = id else { return Ok(()) };
        let entity = Topic::entity(number);
        let now = self.now();
        if is_new {
            let event = TopicEvent::Created { number, exemplar, split_from: None, by: None };
            Change { entity, version: Some(0), now }.tell(&self.journal, &event)?;
        }
        let stored = self.state.topics.get(entity);
        let is_told = stored.is_some_and(|it| {
            it.row.exemplar == exemplar && it.row.words.is_empty() == group.words.is_empty()
        });
        let says_nothing_new = is_told || is_new && group.words.is_empty();
        if !says_nothing_new {
            let event = TopicEvent::Labelled { exemplar, words: group.words.clone() };
            Change { entity, version: None, now }.tell(&self.journal, &event)?;
        }
        Ok(())
    }

    /// Writes the changes, then the record that makes them show.
    fn commit(
        &self,
        questions: &Questions,
        mut topic_of: BTreeMap<Seq, TopicNumber>,
        outcome: GroupOutcome,
    ) -> Result<(), JournalError> {
        let words = &questions.with_words;
        for (seq, of) in &questions.repeats {
            let first = self.state.inquiries.columns().of_id(*of).map(|it| it.seq);
            // What has no words any more is in no group; it and its repeats stay where they were.
            let topic = match first.filter(|it| words.contains(it)) {
                Some(first) => topic_of.get(&first),
                None => questions.known.topic_of.get(seq),
            };
            if let Some(topic) = topic.copied() {
                topic_of.insert(*seq, topic);
            }
        }
        let all = words.iter().chain(questions.repeats.iter().map(|it| &it.0));
        let changes: Vec<(Seq, Option<TopicNumber>)> = all
            .filter(|seq| topic_of.get(seq) != questions.known.topic_of.get(seq))
            .map(|seq| (*seq, topic_of.get(seq).copied()))
            .collect();
        let now = self.now();
        let mut parts = vec![];
        for pairs in changes.chunks(RunRow::PAIRS_MAX) {
            let entity = Id::<Run>::new(now).uuid();
            let event = RunEvent::Changes { pairs: pairs.to_vec() };
            Change { entity, version: Some(0), now }.tell(&self.journal, &event)?;
            parts.push(entity);
        }
        let entity = Id::<Run>::new(now).uuid();
        let GroupOutcome { topics, alone, .. } = outcome;
        let based_on = questions.based_on;
        let event = RunEvent::Committed { based_on, changes: parts, topics, alone };
        let records = vec![encode(entity, &event)];
        let batch = Batch { key: entity, body_hash: 0, at: now, expect: vec![], records };
        self.journal.append(batch).map(|_| ())
    }

    /// Records what a topic was judged to be, when that is another judgement than before.
    fn judge_topic(
        &self,
        topic: TopicNumber,
        found: Found,
        based_on: Seq,
    ) -> Result<(), JournalError> {
        let lines = self.lines_of(topic);
        let asked = Asked::count(lines.iter().map(|it| (it.outcome, it.contacts())));
        let evidence = Evidence {
            staff_page: asked.page,
            staff_not_on_site: asked.not_on_site,
            ..found.evidence
        };
        let verdict = verdict(found.verdict, asked, self.age_of(&evidence, &lines));
        let gap_score = found.gap_score;
        let judgement = Judgement { topic, verdict, gap_score, evidence, based_on };
        let entity = Judging::entity(topic);
        let same = self
            .state
            .verdicts
            .get(entity)
            .is_some_and(|it| Judgement { based_on, ..it.row.judgement.clone() } == judgement);
        if !same {
            let change = Change { entity, version: None, now: self.now() };
            change.tell(&self.journal, &VerdictEvent::Judged(judgement))?;
        }
        Ok(())
    }

    /// How old the passage is that comes nearest.
    fn age_of(&self, evidence: &Evidence, lines: &[Line]) -> Age {
        /// So many questions are read for the year that they ask about.
        const QUESTIONS_MAX: usize = 50;
        let nearest = evidence.nearest.first();
        let Some(near) = nearest.and_then(|it| self.passage(&it.address, it.passage)) else {
            return Age::default();
        };
        let headings = [near.title.as_str(), near.heading.as_str()];
        let passed = past_year(headings.into_iter(), self.now().to_zoned(self.zone.clone()).year());
        let ask_for = |year: i16| {
            let recent = lines.iter().rev().filter(|it| it.has_text).take(QUESTIONS_MAX);
            let mut words = recent.filter_map(|it| self.state.inquiries.words(it.seq).ok()?);
            words.any(|it: String| years(&it).any(|asked| asked == year))
        };
        Age {
            is_of_past_year: passed.is_some_and(|year| !ask_for(year)),
            is_untouched: nearest.is_some_and(|it| self.is_old(&it.address)),
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
