//! All inquiries: the columns that every screen counts by in memory, the words in the view.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use hashbrown::HashTable;
use jiff::Timestamp;

use super::brief::{Brief, Briefs, DeskCode, Names, Standing};
use super::{
    Channel, Inquiry, InquiryRow, Norm, Outcome, OutcomeName, Question, TakenOut, Tally, WeekSums,
};
use crate::id::{Id, TopicNumber};
use crate::journal::Seq;
use crate::record::Kind;
use crate::rows::Stored;
use crate::view::{View, ViewError};
use crate::week::Week;

/// One inquiry without its words.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its key: the place of its first record.
    pub seq: Seq,
    /// Its id.
    pub id: Id<Inquiry>,
    /// Its version.
    pub version: u32,
    /// When it was asked.
    pub asked: Timestamp,
    /// The week of that.
    pub week: Week,
    /// How it came.
    pub channel: Channel,
    /// Where it was logged: see [`Columns::desk_name`].
    pub desk: DeskCode,
    /// The norm of its text.
    pub norm: Norm,
    /// What happened with it.
    pub outcome: OutcomeName,
    /// The inquiry that it repeats.
    pub same_as: Option<Id<Inquiry>>,
    /// How often it came; see [`Line::contacts`].
    pub count: u32,
    /// The topic it is under.
    pub topic: Option<TopicNumber>,
    /// Whether an editor put it there.
    pub pinned: bool,
    /// Whether it has words of its own.
    pub has_text: bool,
    /// Whether something was masked in its words.
    pub is_masked: bool,
    /// Whether it was taken back.
    pub removed: bool,
    /// Why an editor took it out.
    pub taken_out: Option<TakenOut>,
}

impl Line {
    /// So many contacts does it stand for: none when it is a search or feedback.
    pub const fn contacts(&self) -> u32 {
        if self.channel.is_contact() { self.count } else { 0 }
    }
}

/// Where a line stands among all: four bytes, since there is one for each line.
type Place = u32;

/// The lines, and what is counted by topic and by week.
#[derive(Default)]
pub struct Columns {
    /// In order of logging; side by side, for a tree would take twice the room.
    lines: Vec<Line>,
    /// Places by id, which stands in the line: a map would hold it once more.
    by_id: HashTable<Place>,
    hashes: RandomState,
    /// The places of the live ones under each topic, and under none.
    by_topic: BTreeMap<Option<TopicNumber>, BTreeSet<Place>>,
    by_week: BTreeMap<Week, WeekSums>,
    turns: Turns,
    briefs: Briefs,
    names: Names,
}

/// All inquiries. Clones share everything. The words are there once a view is.
#[derive(Clone, Default)]
pub struct Inquiries {
    view: Arc<RwLock<Option<View>>>,
    columns: Arc<RwLock<Columns>>,
}

impl Inquiries {
    /// Makes an empty set of columns over `view`.
    pub fn new(view: View) -> Self {
        Self { view: Arc::new(RwLock::new(Some(view))), columns: Arc::default() }
    }

    /// Holds the columns still for a look; keep it short.
    pub fn columns(&self) -> RwLockReadGuard<'_, Columns> {
        self.columns.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads an inquiry with its words.
    pub fn get(&self, id: Id<Inquiry>) -> Result<Option<Stored<InquiryRow>>, ViewError> {
        let seq = self.columns().of_id(id).map(|it| it.seq);
        seq.map_or(Ok(None), |seq| self.at(seq))
    }

    /// Reads the inquiry whose first record is `seq`.
    pub fn at(&self, seq: Seq) -> Result<Option<Stored<InquiryRow>>, ViewError> {
        let view = self.view().ok_or(ViewError::Absent)?;
        let Some(bytes) = view.get(Kind::Inquiry.tree(), seq)? else { return Ok(None) };
        // Bytes that pass their checksum were written by this program.
        Ok(Stored::from_bytes(&bytes).ok())
    }

    /// Reads the words of an inquiry; none when it has none or was taken back.
    pub fn words(&self, seq: Seq) -> Result<Option<String>, ViewError> {
        let stored = self.at(seq)?.filter(|it| !it.row.removed);
        Ok(stored.and_then(|it| it.row.facts.text).map(|it| it.as_str().to_owned()))
    }

    /// Puts an inquiry's columns in their place.
    pub fn put(&self, stored: &Stored<InquiryRow>) {
        self.columns.write().unwrap_or_else(PoisonError::into_inner).put(stored);
    }

    /// The view that holds the words; none while it is made.
    pub fn view(&self) -> Option<View> {
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets go of the view, so that it can be opened anew; the columns stay.
    pub fn detach(&self) {
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Takes over the view and the columns of `other`.
    pub fn adopt(&self, other: &Self) {
        let view = other.view.write().unwrap_or_else(PoisonError::into_inner).take();
        let mut columns =
            std::mem::take(&mut *other.columns.write().unwrap_or_else(PoisonError::into_inner));
        let mut own = self.columns.write().unwrap_or_else(PoisonError::into_inner);
        columns.turns.follow(&own.turns);
        *own = columns;
        drop(own);
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = view;
    }
}

impl Columns {
    /// The inquiries that count: not taken back; in order of logging.
    pub fn live(&self) -> impl DoubleEndedIterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.removed)
    }

    /// The live inquiries logged after the record `seq`.
    pub fn live_after(&self, seq: Seq) -> impl DoubleEndedIterator<Item = &Line> {
        self.lines[self.place(seq + 1)..].iter().filter(|line| !line.removed)
    }

    /// Those that an editor has taken out, in order of logging.
    pub fn taken_out(&self) -> impl DoubleEndedIterator<Item = &Line> {
        let out = self.briefs().iter().filter(|it| it.standing == Standing::TakenOut);
        out.filter_map(|it| self.line(it.seq))
    }

    /// What lists tell all of them apart by, in order of logging.
    pub fn briefs(&self) -> &[Brief] {
        self.briefs.all()
    }

    /// What lists tell one of them apart by.
    pub fn brief(&self, seq: Seq) -> Option<&Brief> {
        let at = self.briefs().binary_search_by_key(&seq, |it| it.seq).ok()?;
        self.briefs().get(at)
    }

    /// The live inquiries that were asked at this time or later, in order of logging.
    pub fn asked_since(&self, since: Timestamp) -> impl Iterator<Item = &Line> {
        let recent = self.briefs().iter().filter(move |it| it.is_live() && it.is_since(since));
        recent.filter_map(|it| self.line(it.seq)).filter(move |it| since <= it.asked)
    }

    /// The desks that any inquiry was logged at.
    pub fn desks(&self) -> &[Arc<str>] {
        self.names.desks()
    }

    /// The name of a desk.
    pub fn desk_name(&self, code: DeskCode) -> Option<&Arc<str>> {
        self.names.desk_name(code)
    }

    /// What stands for a desk in the briefs; none when nothing was logged there.
    pub fn desk_code(&self, name: &str) -> Option<DeskCode> {
        self.names.code(name)
    }

    /// The live inquiries under `topic`, in order of logging.
    pub fn of_topic(&self, topic: TopicNumber) -> impl DoubleEndedIterator<Item = &Line> {
        self.under(Some(topic))
    }

    fn under(&self, topic: Option<TopicNumber>) -> impl DoubleEndedIterator<Item = &Line> {
        let places = self.by_topic.get(&topic).into_iter().flatten();
        places.filter_map(|it| self.lines.get(*it as usize))
    }

    /// What counts under `topic`, or under none, by key in order of logging.
    pub fn tallies(
        &self,
        topic: Option<TopicNumber>,
    ) -> impl DoubleEndedIterator<Item = (Seq, Tally)> {
        self.under(topic).map(|it| (it.seq, Tally::of(it)))
    }

    /// What lists tell the live inquiries under `topic`, or under none, apart by.
    pub fn briefs_under(
        &self,
        topic: Option<TopicNumber>,
    ) -> impl DoubleEndedIterator<Item = Brief> {
        self.under(topic).map(Brief::of)
    }

    /// Another number for every state that the weeks up to `last` have been in since the start:
    /// what was counted of them holds as long as this does.
    pub fn turn_of_weeks(&self, last: Week) -> u64 {
        self.turns.up_to(last)
    }

    /// What the weeks with any contacts have come to, oldest first.
    pub fn weeks(&self) -> impl DoubleEndedIterator<Item = (Week, &WeekSums)> {
        self.by_week.iter().map(|(week, sums)| (*week, sums))
    }

    /// What a week has come to; none without a contact.
    pub fn in_week(&self, week: Week) -> Option<&WeekSums> {
        self.by_week.get(&week)
    }

    /// Looks a line up by key.
    pub fn line(&self, seq: Seq) -> Option<&Line> {
        self.lines.get(self.place(seq)).filter(|it| it.seq == seq)
    }

    /// Where the first line stands whose key is `seq` or more.
    fn place(&self, seq: Seq) -> usize {
        self.lines.partition_point(|it| it.seq < seq)
    }

    /// Looks a line up by id.
    pub fn of_id(&self, id: Id<Inquiry>) -> Option<&Line> {
        let is_it = |it: &Place| self.lines.get(*it as usize).is_some_and(|it| it.id == id);
        let place = self.by_id.find(self.hashes.hash_one(id.uuid()), is_it)?;
        self.lines.get(*place as usize)
    }

    /// The keys in `part`, those taken back too.
    pub fn keys(&self, part: Range<Seq>) -> impl Iterator<Item = Seq> {
        self.lines[self.place(part.start)..self.place(part.end)].iter().map(|it| it.seq)
    }

    /// How many lines there are, those taken back too.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    fn put(&mut self, stored: &Stored<InquiryRow>) {
        let line = Line::of(stored, &mut self.names);
        self.briefs.put(&line);
        let at = self.place(line.seq);
        let place = Place::try_from(at).unwrap_or(Place::MAX);
        let old = self.lines.get(at).filter(|it| it.seq == line.seq);
        let is_known = old.is_some();
        if let Some(old) = old {
            self.turns.note(old.week);
            if let Some(sums) = self.by_week.get_mut(&old.week) {
                sums.subtract(old);
                if sums.is_empty() {
                    self.by_week.remove(&old.week);
                }
            }
            if let Some(places) = self.by_topic.get_mut(&old.topic) {
                places.remove(&place);
                if places.is_empty() {
                    self.by_topic.remove(&old.topic);
                }
            }
        } else if at < self.lines.len() {
            self.make_room(place);
        }
        self.turns.note(line.week);
        if !line.removed {
            self.by_topic.entry(line.topic).or_default().insert(place);
            if 0 < line.contacts() {
                self.by_week.entry(line.week).or_default().add(&line);
            }
        }
        if is_known {
            self.lines[at] = line;
        } else {
            self.lines.insert(at, line);
            let hash = |it: &Place| self.hashes.hash_one(self.lines[*it as usize].id.uuid());
            self.by_id.insert_unique(hash(&place), place, hash);
        }
    }

    /// Moves all from a place on by one: nearly every line comes behind the last, so this is done
    /// where a view is mended and no more.
    fn make_room(&mut self, from: Place) {
        let moved = self.by_id.iter_mut().filter(|it| from <= **it);
        moved.for_each(|it| *it = it.saturating_add(1));
        for places in self.by_topic.values_mut() {
            let behind = places.split_off(&from);
            places.extend(behind.into_iter().map(|it| it.saturating_add(1)));
        }
    }
}

/// When each week has last changed, counted in changes.
#[derive(Debug, Default)]
struct Turns {
    changes: u64,
    of_week: BTreeMap<Week, u64>,
}

impl Turns {
    fn note(&mut self, week: Week) {
        self.changes += 1;
        self.of_week.insert(week, self.changes);
    }

    fn up_to(&self, last: Week) -> u64 {
        self.of_week.range(..=last).map(|it| *it.1).max().unwrap_or(0)
    }

    /// Goes on where `before` was, with no number that it has told.
    fn follow(&mut self, before: &Self) {
        let told = before.changes + 1;
        self.changes += told;
        self.of_week.values_mut().for_each(|it| *it += told);
    }
}

impl Line {
    fn of(stored: &Stored<InquiryRow>, names: &mut Names) -> Self {
        let facts = &stored.row.facts;
        let same_as = match &facts.outcome {
            Outcome::SameAs { inquiry } => Some(*inquiry),
            Outcome::Page { .. }
            | Outcome::Answered
            | Outcome::NotOnSite
            | Outcome::PassedOn
            | Outcome::OwnCase
            | Outcome::Unknown => None,
        };
        Self {
            seq: stored.first,
            id: Id::from_uuid(stored.id),
            version: stored.version,
            asked: facts.asked,
            week: facts.week,
            channel: facts.channel,
            desk: names.desk(&facts.desk),
            norm: facts.norm,
            outcome: facts.outcome.name(),
            same_as,
            count: u32::from(facts.count),
            topic: stored.row.topic,
            pinned: stored.row.pinned,
            has_text: facts.text.is_some(),
            is_masked: facts.text.as_ref().is_some_and(Question::is_masked),
            removed: stored.row.removed,
            taken_out: stored.row.taken_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::inquiry::{InquiryFacts, Source};

    /// An inquiry as some record may leave it.
    fn any_row() -> impl Strategy<Value = (u8, InquiryRow)> {
        let outcome = prop_oneof![
            Just(Outcome::Answered),
            Just(Outcome::NotOnSite),
            Just(Outcome::Page { address: "https://fjordvik.example/".to_owned() }),
        ];
        let place = (0..6_u8, 0..3_i64, 0..8_usize, proptest::option::of(1..4_u32));
        (place, 1..4_u16, any::<bool>(), outcome).prop_map(
            |((key, week, channel, topic), count, removed, outcome)| {
                let facts = InquiryFacts {
                    text: None,
                    asked: Timestamp::UNIX_EPOCH,
                    week: "2026-W53".parse::<Week>().unwrap().plus(week),
                    channel: Channel::ALL[channel],
                    desk: String::new(),
                    norm: Norm::Unsure,
                    outcome,
                    note: None,
                    count,
                    source: Source::Screen,
                    by: None,
                };
                let topic = topic.map(TopicNumber);
                (
                    key,
                    InquiryRow {
                        facts,
                        topic,
                        topic_set: 0,
                        pinned: false,
                        removed,
                        taken_out: None,
                    },
                )
            },
        )
    }

    /// A week's sums may be kept until it, or one before it, is written in.
    #[test]
    fn weeks_have_another_turn_after_each_change_and_after_a_view_made_anew() {
        let week = |n: i64| "2026-W20".parse::<Week>().unwrap().plus(n);
        let (mut own, mut other) = (Turns::default(), Turns::default());
        own.note(week(0));
        let before = own.up_to(week(0));
        own.note(week(1));
        assert_eq!(own.up_to(week(0)), before);
        own.note(week(-1));
        assert_ne!(own.up_to(week(0)), before);
        let before = own.up_to(week(0));
        (0..3).for_each(|_| other.note(week(0)));
        other.follow(&own);
        assert!(before < other.up_to(week(0)));
    }

    proptest! {
        /// Edited, moved, taken back, restored: the sums are those of the lines as they stand.
        #[test]
        fn the_sums_of_weeks_are_those_of_the_lines(
            rows in proptest::collection::vec(any_row(), 1..40),
        ) {
            let mut columns = Columns::default();
            for (key, row) in rows {
                let (first, id) = (Seq::from(key) + 1, Uuid::from_u128(u128::from(key)));
                columns.put(&Stored { id, first, last: first, version: 1, row });
            }
            let mut expected: BTreeMap<Week, WeekSums> = BTreeMap::new();
            for line in columns.live().filter(|it| 0 < it.contacts()) {
                expected.entry(line.week).or_default().add(line);
            }
            prop_assert_eq!(&columns.by_week, &expected);
            let briefs = columns.briefs().iter();
            let told: Vec<_> = briefs.map(|it| (it.seq, it.topic, it.is_live())).collect();
            let lines = columns.lines.iter();
            let stand: Vec<_> = lines.map(|it| (it.seq, it.topic, !it.removed)).collect();
            prop_assert_eq!(told, stand);
            for line in &columns.lines {
                prop_assert_eq!(columns.of_id(line.id).map(|it| it.seq), Some(line.seq));
            }
            for topic in [None, Some(1), Some(2), Some(3)].map(|it| it.map(TopicNumber)) {
                let kept: Vec<(Seq, u32)> =
                    columns.tallies(topic).map(|it| (it.0, it.1.contacts())).collect();
                let live = columns.live().filter(|it| it.topic == topic);
                prop_assert_eq!(kept, live.map(|it| (it.seq, it.contacts())).collect::<Vec<_>>());
                let briefs = columns.briefs().iter();
                let live = briefs.filter(|it| it.is_live() && it.topic == topic).copied();
                let under: Vec<Brief> = columns.briefs_under(topic).collect();
                prop_assert_eq!(under, live.collect::<Vec<_>>());
            }
            for (week, sums) in columns.weeks() {
                let live = columns.live().filter(|it| it.week == week);
                prop_assert_eq!(sums.contacts(), live.map(Line::contacts).sum::<u32>());
            }
        }
    }
}
