//! Pages for what leaves the service: saved views, one's account, shared gaps, the feed,
//! webhooks, the interface.

mod hooks;
mod interface;
mod readers;

use askama::Template;

use super::{FieldError, Frame, GapPage, Near, OwnAccess, ProofAsked, Theirs, Wording, error_of};

pub use hooks::{HookForm, HookSeen, HooksPage, TestSeen};
pub use interface::{FieldSeen, InterfacePage, OperationGroup, OperationSeen};
pub use readers::{
    ChatForm, LetterPage, LinkAnswer, LinkPage, OwnLetter, ReaderSeen, ReadersPage, WishesForm,
};

/// A saved view among the links above a list.
#[derive(Clone, Debug)]
pub struct ViewLink {
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub href: String,
    /// Whether the list shows it now.
    pub is_here: bool,
    /// Whose it is, when it is somebody else's.
    pub of: Option<String>,
}

/// One's saved views, and the form of one.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/views.html")]
pub struct ViewsPage {
    /// What is around it.
    pub f: Frame,
    /// The form; without a list when nothing is to be saved.
    pub form: ViewForm,
    /// One's own.
    pub own: Vec<SavedViewSeen>,
    /// Those that were deleted last.
    pub removed: Vec<SavedViewSeen>,
}

/// The form of a view.
#[derive(Clone, Debug, Default)]
pub struct ViewForm {
    /// The view that is changed; empty for a new one.
    pub id: String,
    /// Its version as seen.
    pub version: u32,
    /// Its name, as typed.
    pub name: String,
    /// The list.
    pub of: &'static str,
    /// The filter, as an address has it.
    pub query: String,
    /// Whether every editor is to see it.
    pub is_shared: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl ViewForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}

/// A view of one's own.
#[derive(Clone, Debug)]
pub struct SavedViewSeen {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// The code of the list.
    pub of: &'static str,
    /// Where it leads.
    pub href: String,
    /// Whether every editor sees it.
    pub is_shared: bool,
}

/// One's own account.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/account.html")]
pub struct AccountPage {
    /// What is around it.
    pub f: Frame,
    /// The name that others see.
    pub name: String,
    /// The code of the role.
    pub role: String,
    /// Whether the role may have a feed.
    pub may_have_feed: bool,
    /// The feed, if there is one.
    pub feed: Option<FeedSeen>,
    /// Under this a feed is made once, however often the form is sent.
    pub public: String,
    /// The address that was made just now, shown this once.
    pub made: Option<String>,
    /// One's own letters.
    pub letter: OwnLetter,
    /// One's own way in.
    pub access: OwnAccess,
}

/// A feed.
#[derive(Clone, Debug)]
pub struct FeedSeen {
    /// The day it was made.
    pub made: String,
    /// The last day it was fetched.
    pub used: Option<String>,
}

/// What a gap's page shows of its links.
#[derive(Clone, Debug, Default)]
pub struct Sharing {
    /// Those that hold.
    pub links: Vec<LinkSeen>,
    /// Under this a link is made once, however often the form is sent.
    pub public: String,
    /// How long one is to hold, as chosen.
    pub term: String,
    /// The day, as typed.
    pub day: String,
    /// The first and last day that there can be.
    pub range: (String, String),
    /// The address that was made just now, shown this once.
    pub made: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Sharing {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_of(&self.errors, field)
    }
}

/// A link that holds.
#[derive(Clone, Debug)]
pub struct LinkSeen {
    /// Its id.
    pub id: String,
    /// The last day that it holds.
    pub until: String,
    /// The day it was made.
    pub made: String,
    /// Who made it.
    pub by: Option<String>,
    /// The last day that somebody came by it, and on how many days.
    pub used: Option<(String, u32)>,
}

/// One gap, for a colleague without an account; or that there is nothing here.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/shared.html")]
pub struct SharedPage {
    /// The language of the page; what is around others is not here.
    pub f: Frame,
    /// The address of the colors and type.
    pub theme: String,
    /// The organisation's name.
    pub organisation: String,
    /// The gap; none when the address leads nowhere.
    pub gap: Option<SharedGap>,
}

/// What is shown of a gap: nothing of who works on it.
#[derive(Clone, Debug)]
pub struct SharedGap {
    /// The topic's name.
    pub name: String,
    /// The code of the verdict.
    pub verdict: Option<String>,
    /// All contacts.
    pub inquiries: u32,
    /// Contacts of the last 28 days.
    pub last_28_days: u32,
    /// The days of the first and the last one.
    pub first_last: (String, String),
    /// The callers' words beside the page's.
    pub wordings: Vec<Wording>,
    /// What comes nearest.
    pub passages: Vec<Near>,
    /// Questions in the callers' words, masked.
    pub questions: Vec<Theirs>,
    /// How many more there are.
    pub more_questions: usize,
    /// What is to be done, in sentences.
    pub outlook: Vec<String>,
    /// The draft of an answer.
    pub draft: String,
}

impl From<GapPage> for SharedGap {
    fn from(page: GapPage) -> Self {
        Self {
            name: page.name,
            verdict: page.verdict,
            inquiries: page.inquiries,
            last_28_days: page.last_28_days,
            first_last: page.first_last,
            wordings: page.wordings,
            passages: page.passages,
            questions: page.questions,
            more_questions: page.more_questions,
            outlook: page.outlook,
            draft: page.draft,
        }
    }
}

/// News as Atom.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/feed.xml")]
pub struct FeedPage {
    /// The language.
    pub lang: &'static str,
    /// What it is called.
    pub title: String,
    /// Its id, for good.
    pub id: String,
    /// The page that it belongs to.
    pub home: String,
    /// When it last changed.
    pub updated: String,
    /// What it tells, the newest first.
    pub entries: Vec<FeedEntry>,
}

/// A piece of news.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// Its id, for good.
    pub id: String,
    /// What happened.
    pub title: String,
    /// When it was noticed.
    pub updated: String,
    /// Where the gap is.
    pub href: String,
    /// Its number and kind.
    pub summary: String,
}
