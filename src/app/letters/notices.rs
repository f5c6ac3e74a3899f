//! Short mails of what has just happened, and the question whether letters are wanted.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::recipients::{recipient, stop_address};
use super::{LetterFault, Post};
use crate::app::App;
use crate::digest::eml::{self, Outgoing, Sender};
use crate::digest::{
    Consent, Happened, Letter, Notice, Reader, Why, compose_consent, compose_notice,
};
use crate::id::{Id, TopicNumber};
use crate::post::{
    LetterEvent, LetterOf, LetterRow, LinkFor, NoticeOf, ReaderRow, Subscriber, Telling, Way,
    link_text,
};
use crate::record::Change;
use crate::review::StepName;
use crate::rows::Stored;
use crate::topic::Topic;

/// What happened longer ago is no news.
const AGE_MAX: SignedDuration = SignedDuration::from_hours(48);
/// So many short mails a reader gets in a day; whoever is given a hundred gaps sees them in the
/// list.
const A_DAY_MAX: usize = 20;
/// So many are asked in a day, whoever wishes it: the service writes to strangers for nobody.
const ASKED_A_DAY_MAX: usize = 20;
/// One is asked again after so long.
const ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Something that has just happened.
struct News {
    of: NoticeOf,
    topic: TopicNumber,
    /// What keys it; the day, where it goes on for hours.
    at: Timestamp,
    /// When it was seen.
    seen: Timestamp,
    happened: Happened,
    /// Whom alone it concerns; none when everybody who wants such.
    owner: Option<crate::id::Id<crate::people::Person>>,
}

impl App {
    /// Makes the short mails that are wanted and not made yet, and the questions to those who have
    /// to say yes first. Tells how many. Blocks.
    ///
    /// # Errors
    /// When the view cannot be read, or the journal or the folder takes nothing.
    pub fn make_notices(&self, post: Post<'_>) -> Result<u32, LetterFault> {
        let readers = self.state.readers.all();
        let mut n = 0;
        let mut may_ask = ASKED_A_DAY_MAX.saturating_sub(self.consents_today());
        for reader in readers.iter().filter(|it| it.row.waits && !it.row.stopped) {
            if 0 < may_ask && self.ask(reader, post)? {
                (n, may_ask) = (n + 1, may_ask - 1);
            }
        }
        let wants = |it: &&std::sync::Arc<Stored<ReaderRow>>| {
            !it.row.wishes.notices.is_empty() && it.row.chat.is_none() && self.is_reading(&it.row)
        };
        let wanting: Vec<_> = readers.iter().filter(wants).collect();
        if wanting.is_empty() {
            return Ok(n);
        }
        let news = self.just_happened()?;
        for reader in wanting {
            n += self.tell_news(reader, (&news, post))?;
        }
        Ok(n)
    }

    fn tell_news(
        &self,
        reader: &Stored<ReaderRow>,
        (news, post): (&[News], Post<'_>),
    ) -> Result<u32, LetterFault> {
        let id = Id::<Subscriber>::from_uuid(reader.id);
        let row = &reader.row;
        let concerns = |it: &&News| {
            let is_theirs = it.owner.is_none_or(|owner| row.person == Some(owner));
            row.wishes.notices.contains(&it.of) && is_theirs && row.wished < it.seen
        };
        let fresh = news.iter().filter(concerns).filter(|it| {
            let of = Telling::Notice { of: it.of, topic: it.topic, at: it.at };
            self.state.letters.get(LetterOf::entity(id, of)).is_none()
        });
        let mut n = 0;
        for it in fresh.take(A_DAY_MAX.saturating_sub(self.notices_today(id))) {
            let of = Telling::Notice { of: it.of, topic: it.topic, at: it.at };
            let notice = Notice {
                organization: self.state.settings().name,
                base: post.base.to_string(),
                happened: it.happened.clone(),
                name: self.told_name_of(it.topic),
                link: match it.of {
                    NoticeOf::Assigned | NoticeOf::Verified => format!("/gaps/{}", it.topic),
                    NoticeOf::Surge => format!("/topics/{}", it.topic),
                },
                key: format!("{} {} {}", it.of.name(), it.topic, it.at),
            };
            let letter = compose_notice(&notice, &Self::addressed(reader, post.base));
            n += u32::from(self.put_letter(id, of, (&letter, reader, post))?);
        }
        Ok(n)
    }

    /// Short mails that were made for a reader within a day.
    fn notices_today(&self, id: Id<Subscriber>) -> usize {
        let is_notice = |of| matches!(of, Telling::Notice { .. });
        self.made_today(|it| it.reader == id && is_notice(it.of))
    }

    /// How many were asked within a day whether they want letters.
    fn consents_today(&self) -> usize {
        self.made_today(|it| matches!(it.of, Telling::Consent { .. }))
    }

    fn made_today(&self, is_one: impl Fn(&LetterRow) -> bool) -> usize {
        let now = self.now();
        let letters = self.state.letters.read();
        let recent = letters.iter().rev().take_while(|it| now.duration_since(it.row.written) < DAY);
        recent.filter(|it| is_one(&it.row)).count()
    }

    /// Whether somebody was asked in the last weeks: whoever does not answer, or has said no, is
    /// left in peace, however often others wish it.
    fn was_asked_lately(&self, id: Id<Subscriber>) -> bool {
        let now = self.now();
        let letters = self.state.letters.read();
        let of = |it: &LetterRow| it.reader == id && matches!(it.of, Telling::Consent { .. });
        let lately = |it: &LetterRow| now.duration_since(it.written).abs() < ASKED_AGAIN_AFTER;
        letters.iter().any(|it| of(&it.row) && lately(&it.row))
    }

    /// Asks somebody outside the organisation.
    fn ask(&self, reader: &Stored<ReaderRow>, post: Post<'_>) -> Result<bool, LetterFault> {
        let id = Id::<Subscriber>::from_uuid(reader.id);
        let of = Telling::Consent { at: reader.row.since };
        let Some(agree) = link_text(id, &reader.row, LinkFor::Agree) else { return Ok(false) };
        if self.was_asked_lately(id) {
            return Ok(false);
        }
        let who = reader.row.set_up_by.filter(|it| Some(*it) != reader.row.person);
        let consent = Consent {
            organization: self.state.settings().name,
            base: post.base.to_string(),
            by: who.and_then(|it| self.person_name(it)),
            agree: format!("/agree/{agree}"),
            key: format!("consent {}", reader.row.since),
        };
        let letter = compose_consent(&consent, &Self::addressed(reader, post.base));
        self.put_letter(id, of, (&letter, reader, post))
    }

    fn addressed(reader: &Stored<ReaderRow>, base: &Url) -> Reader {
        let (id, row) = (Id::from_uuid(reader.id), &reader.row);
        let mut to = recipient(id, (&row.name, &row.mail, row.lang), Why::SignedUp).reader;
        to.settings = row.person.map_or("", |_| "/account").to_owned();
        to.stop = stop_address(reader, base);
        to
    }

    /// Held back, put on record, released: as the letter of a week is.
    fn put_letter(
        &self,
        id: Id<Subscriber>,
        of: Telling,
        (letter, reader, post): (&Letter, &Stored<ReaderRow>, Post<'_>),
    ) -> Result<bool, LetterFault> {
        let entity = LetterOf::entity(id, of);
        let to = Self::addressed(reader, post.base);
        let from = Sender {
            name: super::SENDER.to_owned(),
            address: post.from.to_owned(),
            at: self.now(),
        };
        let way = if post.has_server { Way::Mail } else { Way::Outbox };
        let name = format!("{}-{}", of.file_name(), entity.simple());
        let file = match way {
            Way::Mail => Outgoing::at(self.waiting_path(entity)),
            Way::Outbox | Way::Chat | Way::Spared => Outgoing::new(post.outbox, name, None),
        };
        file.hold(&eml::message(letter, &to, &from)?)?;
        let message_id = letter.message_id.clone();
        let event = LetterEvent::Made { reader: id, of, message_id, way };
        let change = Change { entity, version: Some(0), now: self.now() };
        change.tell(&self.journal, &event)?;
        file.release()?;
        Ok(true)
    }

    fn told_name_of(&self, topic: TopicNumber) -> String {
        let row = self.state.topics.get(Topic::entity(topic));
        row.map_or_else(|| topic.to_string(), |it| self.told_name(&it.row))
    }

    /// What has happened lately that somebody may want a short mail of.
    fn just_happened(&self) -> Result<Vec<News>, LetterFault> {
        let now = self.now();
        let mut news = vec![];
        for gap in self.state.gaps.all() {
            let holder = gap.row.holder();
            let lately = |at: Timestamp| now.duration_since(at) < AGE_MAX;
            for step in gap.row.history.iter().rev().take_while(|it| lately(it.at)) {
                let (topic, at) = (gap.row.topic, step.at);
                match step.step {
                    StepName::Take if holder.is_some() && step.by != holder => {
                        let by = step.by.and_then(|it| self.person_name(it));
                        let happened = Happened::Assigned { by };
                        let of = NoticeOf::Assigned;
                        news.push(News { of, topic, at, seen: at, happened, owner: holder });
                        // An earlier one was somebody else's.
                        break;
                    }
                    StepName::Take | StepName::Release | StepName::Undo => break,
                    StepName::Verified => {
                        let (of, happened) = (NoticeOf::Verified, Happened::Verified);
                        news.push(News { of, topic, at, seen: at, happened, owner: None });
                    }
                    StepName::LinkPage
                    | StepName::Dismiss
                    | StepName::Snooze
                    | StepName::Due
                    | StepName::Comment
                    | StepName::Reopen
                    | StepName::NotYet
                    | StepName::Reopened => {}
                }
            }
        }
        let today = self.start_of_day(now);
        for (topic, n) in self.surging_topics() {
            let happened = Happened::Surge { n: n.into() };
            let of = NoticeOf::Surge;
            news.push(News { of, topic, at: today, seen: now, happened, owner: None });
        }
        Ok(news)
    }

    /// How letters are posted, by what the process is set up with.
    pub fn posting<'a>(
        &self,
        outbox: &'a std::path::Path,
        (base, from): (&'a Url, &'a str),
        has_server: bool,
    ) -> Post<'a> {
        let (week, whom) = (self.week().plus(-1), super::Whom::Due);
        Post { week, outbox, base, from, again: false, has_server, whom }
    }
}
