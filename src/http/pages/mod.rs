//! What the screens show: one struct for each page, plain words and numbers, no logic behind them.
//!
//! A page knows nothing of records or views. Codes such as `missing` or `phone` are the names of
//! our own lists; the template finds their words under `verdict.missing` and `channel.phone`.

mod account;
mod admin;
mod digest;
mod error;
mod figures;
mod gap;
mod gaps;
mod help;
mod jobs;
mod log;
mod out;
mod parts;
#[cfg(test)]
mod samples;
mod second_step;
#[cfg(test)]
mod tests;
mod today;
mod topics;

pub use account::{
    ForgottenPage, OwnAccess, ProofAsked, SessionSeen, SetupPage, SignInPage, WelcomePage, Welcomed,
};
pub use admin::{
    AuditLine, AuditPage, AuditTarget, CallsForm, CallsPage, CallsSeen, Component, CopySeen,
    CountSeen, CrawlFigures, CrawlSeen, Curve, DeadSeen, InspectedSeen, InspectionPage,
    LicencesPage, LinkHeld, LinkShown, LookPage, LostSeen, MailPage, MailTried, NameField, OldSeen,
    OrganisationPage, PaperPage, PaperSeen, PapersPage, PartSeen, PassageSeen, PeoplePage,
    PersonForm, PersonPage, PersonSeen, PersonalDataPage, PlaceList, PlaceSeen, PlacesPage,
    PreviewSeen, ProposalSeen, QuestionSeen, QueueSeen, RetentionPage, SiteForm, SitePage,
    SiteSeen, SiteSettings, SitesPage, SystemPage, Term, TimingFigures, TimingPage, TokenForm,
    TokenSeen, TokensPage, TriedSeen, TroubleSeen, WouldGo,
};
pub use digest::{DigestFigure, DigestItem, DigestPage, DigestSection};
pub use error::ErrorPage;
pub use figures::{
    Block, Cell, FigurePoint, FiguresPage, FiguresShown, MendBar, NormBar, Shares, Stacked, Table,
    TopicBar, along, number, percent_of,
};
pub use gap::{
    CommentSeen, Counted, GapForms, GapPage, Happened, MarkSeen, Near, ProofSeen, Theirs,
    TrendSeen, Wording,
};
pub use gaps::{GapFilters, GapSeen, GapsPage};
pub use help::{HelpEntry, HelpPage, HelpTopicPage};
pub use jobs::{JobSeen, JobsPage, ProgressSeen, RunSeen, ScheduleForm};
pub use log::{Common, Earlier, Hits, LogForm, LogPage, Passage, Recent, Saved, Spoken};
pub use out::{
    AccountPage, ChatForm, FeedEntry, FeedPage, FeedSeen, FieldSeen, HookForm, HookSeen, HooksPage,
    InterfacePage, LetterPage, LinkAnswer, LinkPage, LinkSeen, OperationGroup, OperationSeen,
    OwnLetter, ReaderSeen, ReadersPage, SavedViewSeen, SharedGap, SharedPage, Sharing, TestSeen,
    ViewForm, ViewLink, ViewsPage, WishesForm,
};
pub use parts::{
    Bar, Chart, Clash, Document, Part, Piece, Section, Strip, Weekly, clock_time, day,
    day_and_time, document, filled, mark, plain,
};
pub use second_step::{CodePage, LockedPage, NewSecondStep, SecondStepPage, SecondStepSeen};
pub use today::{AskedSeen, BatchForm, FoundEntry, MessageForm, MessageSeen, OwnEntry, TodayPage};
pub use topics::{
    ApartTopic, FacetSeen, InquiriesPage, InquirySeen, Member, MergedTopic, TopicForms, TopicPage,
    TopicSeen, TopicStepSeen, TopicsPage, WordForm, WordSeen, WordsPage,
};

use askama::Template;

use crate::http::edge::assets;
use crate::inquiry::Channel;
use crate::messages::Lang;
use crate::organisation::Labels;
use crate::people::Role;

/// What every page has around its own content.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The language of the page.
    pub lang: Lang,
    /// The key of the heading, such as `gaps.title`.
    pub title: &'static str,
    /// The organisation's name; empty before it is set.
    pub organisation: String,
    /// What the organisation calls its desks and channels.
    pub labels: Labels,
    /// Who has signed in.
    pub person: Option<Who>,
    /// The hidden field that binds forms to the session.
    pub csrf: String,
    /// The address of the page, so that a change of language leads back to it.
    pub path: String,
    /// The address of the design system's colors and type: the organization's own, or ours.
    pub theme: String,
    /// Said once, after something was done.
    pub notice: Option<Notice>,
    /// Whether the page says that all of it is made up.
    pub demo: bool,
    /// What is not as it should be, a sentence each.
    pub alerts: Vec<String>,
    /// Whether an administrator should look after a job.
    pub alarm: bool,
    /// What is left to do before Skranke is of use.
    pub first_steps: Vec<FirstStep>,
    /// The saved views of the list that is shown.
    pub views: Vec<ViewLink>,
    /// Where to save what the list shows; none when it shows all.
    pub saves: Option<String>,
    /// The name of the provider that people sign in by; none where none is set.
    pub provider: Option<String>,
}

/// Something to do before Skranke is of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstStep {
    /// The code; its words stand under `first`.
    pub name: &'static str,
    /// Where it is done.
    pub href: &'static str,
    /// Whether it is done.
    pub is_done: bool,
}

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The name that others see.
    pub name: String,
    /// What the person may do.
    pub role: Role,
}

/// Something said once at the top of the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence, in the page's language.
    pub text: String,
    /// Whether something went wrong.
    pub is_warning: bool,
}

/// One choice of a list, with its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is the one chosen.
    pub chosen: bool,
}

/// What is wrong with one field of a form, in the page's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong and how to mend it.
    pub text: String,
}

/// An entry of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MenuItem {
    /// Where it leads.
    pub href: &'static str,
    /// The key of its words.
    pub key: &'static str,
}

impl Frame {
    /// The text of a key.
    pub fn t<'a>(&self, key: &'a str) -> &'a str {
        self.lang.text(key)
    }

    /// The text of an entry in one of our lists, such as `verdict` and `missing`.
    pub fn of(&self, list: &str, code: &str) -> String {
        self.lang.text(&format!("{list}.{code}")).to_owned()
    }

    /// What the channel with a code is called.
    pub fn channel(&self, code: &str) -> String {
        let channel = Channel::parse(code);
        channel.map_or_else(|| self.of("channel", code), |it| self.labels.channel(it))
    }

    /// The text of a key with one value in it.
    pub fn with(&self, key: &str, name: &str, value: impl ToString) -> String {
        self.lang.fill(key, &[(name, &value.to_string())])
    }

    /// The text of a key with two values in it.
    pub fn with2(&self, key: &str, one: &(&str, &str), two: &(&str, &str)) -> String {
        self.lang.fill(key, &[*one, *two])
    }

    /// The text of a key for a count.
    pub fn count(&self, key: &str, n: impl ToString) -> String {
        let n = n.to_string();
        let form = if n == "1" { "one" } else { "other" };
        self.lang.fill(&format!("{key}.{form}"), &[("n", &n)])
    }

    /// The address of an embedded file, with its fingerprint.
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }

    /// The keys of the log screen, by the end of their message keys.
    pub fn keys(&self) -> [&'static str; 12] {
        [
            "enter",
            "shift_enter",
            "down",
            "up",
            "enter_hit",
            "right",
            "escape",
            "ctrl_enter",
            "alt_n",
            "ctrl_k",
            "ctrl_slash",
            "ctrl_alt_l",
        ]
    }

    /// The address of what a list shows as a file of one form; `page` is the address of any page of
    /// the list.
    pub fn file(&self, list: &str, form: &str, page: &str) -> String {
        let query = page.split_once('?').map_or("", |it| it.1);
        let others: Vec<&str> = query.split('&').filter(|it| !it.starts_with("page=")).collect();
        let query = others.join("&");
        let sign = if query.is_empty() { "" } else { "?" };
        format!("/lists/{list}.{form}{sign}{query}")
    }

    /// What is to be said of a file that does not hold the whole of a list; nothing when it does.
    pub fn cut(&self, of: usize) -> Option<String> {
        let max = crate::sheet::ROWS_MAX;
        (max < of).then(|| self.with("files.cut", "n", max))
    }

    /// The menu of this person.
    pub fn menu(&self) -> Vec<MenuItem> {
        let item = |href, key| MenuItem { href, key };
        let Some(who) = &self.person else { return vec![] };
        let mut menu = vec![];
        if matches!(who.role, Role::Reception | Role::Editor | Role::Admin) {
            menu.push(item("/", "log.title"));
            menu.push(item("/today", "today.title"));
        }
        if matches!(who.role, Role::Auditor | Role::Editor | Role::Admin) {
            menu.push(item("/gaps", "gaps.title"));
            menu.push(item("/topics", "topics.title"));
            menu.push(item("/words", "words.title"));
        }
        if matches!(who.role, Role::Reader | Role::Auditor | Role::Editor | Role::Admin) {
            menu.push(item("/figures", "figures.title"));
        }
        menu.push(item("/digest", "digest.title"));
        if matches!(who.role, Role::Auditor | Role::Admin) {
            menu.push(item("/admin", "admin.title"));
        }
        menu
    }

    /// Whether a menu entry leads to this page or to what lies under it.
    pub fn is_here(&self, href: &str) -> bool {
        let path = self.path.split('?').next().unwrap_or("/");
        path == href || (href != "/" && path.starts_with(&format!("{href}/")))
    }

    /// Whether the person may read the gaps, and so who gets letters of them.
    pub fn may_read_gaps(&self) -> bool {
        let reads = |it: Role| matches!(it, Role::Auditor | Role::Editor | Role::Admin);
        self.person.as_ref().is_some_and(|it| reads(it.role))
    }

    /// Whether the person may decide, and not only read.
    pub fn may_decide(&self) -> bool {
        self.person.as_ref().is_some_and(|it| matches!(it.role, Role::Editor | Role::Admin))
    }

    /// The languages to choose from, each by its own name.
    pub fn languages(&self) -> Vec<Choice> {
        let named = |lang: Lang| match lang {
            Lang::Nn => "Nynorsk",
            Lang::Nb => "Bokmål",
            Lang::En => "English",
        };
        Lang::ALL
            .into_iter()
            .map(|lang| Choice {
                value: lang.code().to_owned(),
                label: named(lang).to_owned(),
                chosen: lang == self.lang,
            })
            .collect()
    }
}

/// The error of one field, if it has one.
pub(crate) fn error_of<'a>(errors: &'a [FieldError], field: &str) -> Option<&'a str> {
    errors.iter().find(|it| it.field == field).map(|it| it.text.as_str())
}

/// Writes a page. Templates are checked by the compiler; writing to memory does not fail.
pub(crate) fn render(page: &impl Template) -> String {
    page.render().unwrap_or_else(|error| {
        tracing::error!(%error, "could not write a page");
        String::new()
    })
}
