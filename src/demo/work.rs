//! What the demo's people do on the application, by the verbs that everybody uses.

use std::path::PathBuf;
use std::sync::Arc;

use super::actions::{DemoAction, DemoStep};
use super::inquiries::DemoInquiry;
use super::load::{LoadError, People, blocking};
use super::site::ServedSite;
use crate::app::{App, Decider, DecisionError, TopicDecision, Whom};
use crate::id::{Id, TopicNumber};
use crate::inquiry::redact::Kinds;
use crate::inquiry::{Channel, Entry, Inquiry, Outcome, OutcomeName, Source, log_batch};
use crate::page::Parser;
use crate::people::By;
use crate::review::Step;
use crate::schedule::Task;
use crate::topic::Scope;
use crate::week::Week;

/// The municipality at work.
pub(super) struct Staff {
    app: Arc<App>,
    site: ServedSite,
    people: People,
    /// The ids of what is logged, by place in the list of inquiries.
    logged: Vec<Id<Inquiry>>,
}

/// The sender of the letters.
pub(super) const FROM: &str = "skranke@fjordvik.example";
/// Who logs.
const RECEPTION: &str = "ingrid";

/// The folder of letters.
pub(super) fn outbox(app: &App) -> PathBuf {
    app.data.join("outbox")
}

impl Staff {
    pub(super) const fn new(app: Arc<App>, site: ServedSite, people: People) -> Self {
        Self { app, site, people, logged: vec![] }
    }

    pub(super) fn close(self) {
        self.app.close();
    }

    /// Logs questions at their times. They are under way together, so that one sync serves many.
    pub(super) fn log(&mut self, inquiries: &[DemoInquiry]) -> Result<(), LoadError> {
        let mut under_way = vec![];
        let allowed = self.app.allowed();
        for it in inquiries {
            let place = u64::try_from(self.logged.len()).unwrap_or(u64::MAX);
            let id = Id::<Inquiry>::derived(&[b"demo", &place.to_be_bytes()]);
            let entry = self.entry(id, it)?;
            let said = |source| LoadError::Entry(it.text.clone().unwrap_or_default(), source);
            let accepted = entry.accept(&allowed, &self.app.zone).map_err(said)?;
            self.app.clock.advance_to(it.at);
            let batch = log_batch(id, &accepted.facts, self.app.now());
            under_way.push(self.app.journal.submit(batch));
            self.logged.push(id);
        }
        for pending in under_way {
            pending.wait()?;
        }
        Ok(())
    }

    fn entry(&self, id: Id<Inquiry>, it: &DemoInquiry) -> Result<Entry, LoadError> {
        let word = |text: &str| LoadError::Word(text.to_owned());
        Ok(Entry {
            id,
            text: it.text.clone(),
            asked: it.at,
            channel: Channel::parse(it.channel).ok_or_else(|| word(it.channel))?,
            desk: it.desk.clone(),
            outcome: self.outcome(it).ok_or_else(|| word(it.outcome))?,
            note: it.note.clone(),
            count: u16::try_from(it.count).map_err(|_| word(&it.count.to_string()))?,
            counts_only: false,
            source: Source::default(),
            by: self.person(RECEPTION),
            keep: Kinds::NONE,
        })
    }

    fn outcome(&self, it: &DemoInquiry) -> Option<Outcome> {
        Some(match OutcomeName::parse(it.outcome)? {
            OutcomeName::Page => Outcome::Page { address: self.site.address(it.page.as_ref()?) },
            OutcomeName::SameAs => Outcome::SameAs { inquiry: *self.logged.get(it.same_as?)? },
            OutcomeName::Answered => Outcome::Answered,
            OutcomeName::NotOnSite => Outcome::NotOnSite,
            OutcomeName::PassedOn => Outcome::PassedOn,
            OutcomeName::OwnCase => Outcome::OwnCase,
            OutcomeName::Unknown => Outcome::Unknown,
        })
    }

    fn person(&self, sign_in: &str) -> By {
        self.people.get(sign_in).copied()
    }

    /// Does what an editor did. When the inquiry that names the topic was asked since the last
    /// night, the editor has the questions grouped first; a question that stands alone still has
    /// no topic to decide about, and the action falls away.
    pub(super) fn decide(&self, action: &DemoAction) -> Result<(), LoadError> {
        self.app.clock.advance_to(action.at);
        let about = &action.about;
        let wrong = |source| LoadError::Decision { about: about.clone(), source };
        let Some(topic) = self.topic_now(action.inquiry)? else {
            tracing::warn!(about, "a demo action has no topic and falls away");
            return Ok(());
        };
        let by = self.person(&action.who);
        let who = Decider { by, version: None };
        let step = |step| self.app.step(topic, step, who).map(|_| ());
        let topical = |decision| self.app.decide_topic(topic, decision, who).map(|_| ());
        let done = match &action.step {
            DemoStep::Take => match by {
                Some(owner) => step(Step::Take { owner }),
                None => Err(DecisionError::Unknown("person")),
            },
            DemoStep::Link { page } => step(Step::LinkPage { address: self.site.address(page) }),
            DemoStep::Dismiss { reason } => {
                let inquiries = self.app.topic(topic)?.map_or(0, |it| it.demand.inquiries);
                step(Step::Dismiss { reason: reason.clone(), inquiries })
            }
            DemoStep::Snooze { until } => step(Step::Snooze { until: *until }),
            DemoStep::Rename { name } => topical(TopicDecision::Rename(name.clone())),
            DemoStep::Merge { into } => match self.topic_now(*into)? {
                Some(into) if into != topic => topical(TopicDecision::Merge(into)),
                Some(_) | None => Ok(()),
            },
            DemoStep::SetScope { scope } => {
                let scope = Scope::parse(scope).ok_or_else(|| LoadError::Word(scope.clone()))?;
                topical(TopicDecision::SetScope(scope))
            }
        };
        done.map_err(wrong)?;
        Ok(self.app.settle()?)
    }

    /// Writes a week's letters into the outbox of the data folder.
    pub(super) fn write_letters(&self, week: Week) -> Result<(), LoadError> {
        let (outbox, base) = (outbox(&self.app), self.site.base());
        let mut post = self.app.posting(&outbox, (&base, FROM), false);
        (post.week, post.whom) = (week, Whom::Everybody);
        self.app.write_letters(post, &Task::default())?;
        Ok(())
    }

    /// The topic of an inquiry, by its place in the list of inquiries.
    fn topic_now(&self, inquiry: usize) -> Result<Option<TopicNumber>, LoadError> {
        self.app.settle()?;
        if let Some(topic) = self.topic_of(inquiry) {
            return Ok(Some(topic));
        }
        self.app.group()?;
        self.app.settle()?;
        Ok(self.topic_of(inquiry))
    }

    fn topic_of(&self, inquiry: usize) -> Option<TopicNumber> {
        let columns = self.app.state.inquiries.columns();
        let topic = columns.of_id(*self.logged.get(inquiry)?)?.topic?;
        self.app.resolve(topic)
    }
}

/// The night's work: the website is visited, then the questions are grouped, the topics judged and
/// what was mended is checked.
pub(super) async fn visit(staff: &Staff, parser: &Parser) -> Result<(), LoadError> {
    for site in &staff.app.state.settings().sites {
        staff.app.crawl(site, parser, None).await?;
    }
    let app = Arc::clone(&staff.app);
    blocking(move || {
        app.after_crawl()?;
        Ok(app.settle()?)
    })
    .await
}
