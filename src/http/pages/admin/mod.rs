//! The rooms of the administrator: organisation, sites, people, the system.

mod audit;
mod calls;
mod mail;
mod papers;
mod people;
mod personal_data;
mod places;
mod site;
mod system;
mod timing;
mod tokens;

use askama::Template;

use super::{Choice, FieldError, Frame};
pub use audit::{AuditLine, AuditPage, AuditTarget};
pub use calls::{CallsForm, CallsPage, CallsSeen};
pub use mail::{LostSeen, MailPage, MailTried, QueueSeen, TroubleSeen};
pub use papers::{InspectedSeen, InspectionPage, PaperPage, PaperSeen, PapersPage};
pub use people::{LinkHeld, LinkShown, PeoplePage, PersonForm, PersonPage, PersonSeen};
pub use personal_data::{PersonalDataPage, ProposalSeen};
pub use places::{NameField, PlaceList, PlaceSeen, PlacesPage};
pub use site::{
    CrawlFigures, DeadSeen, LookPage, OldSeen, PassageSeen, PreviewSeen, QuestionSeen, SitePage,
    SiteSettings, TriedSeen,
};
pub use system::{Component, CopySeen, CountSeen, LicencesPage, PartSeen, SystemPage};
pub use timing::{Curve, TimingFigures, TimingPage};
pub use tokens::{TokenForm, TokenSeen, TokensPage};

/// The organisation's settings.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/organisation.html")]
pub struct OrganisationPage {
    /// What is around it.
    pub f: Frame,
    /// The version that the person sees.
    pub version: u32,
    /// The name, as typed.
    pub name: String,
    /// The language of what goes to nobody in particular.
    pub langs: Vec<Choice>,
    /// The zone; a process setting, so only shown.
    pub zone: String,
    /// So many inquiries within 30 days make a candidate, as typed.
    pub candidate_inquiries: String,
    /// The minutes that an inquiry takes, as typed; may be empty.
    pub minutes_each: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Whether somebody else was first.
    pub conflict: bool,
}

/// The websites.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/sites.html")]
pub struct SitesPage {
    /// What is around it.
    pub f: Frame,
    /// The version of the settings that the person sees.
    pub version: u32,
    /// The sites.
    pub sites: Vec<SiteSeen>,
    /// The form for one more.
    pub form: SiteForm,
    /// Whether a crawl can be asked for from here.
    pub can_crawl: bool,
    /// Whether somebody else was first.
    pub conflict: bool,
}

/// The form for one more site.
#[derive(Clone, Debug, Default)]
pub struct SiteForm {
    /// The start address, as typed.
    pub start: String,
    /// Whether it may lie on a private address.
    pub allow_private: bool,
    /// The pause between two requests in milliseconds, as typed.
    pub pace_ms: String,
    /// At most so many pages, as typed.
    pub pages_max: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// A site with what the last crawl brought.
#[derive(Clone, Debug)]
pub struct SiteSeen {
    /// The start address.
    pub start: String,
    /// Whether it may lie on a private address.
    pub allow_private: bool,
    /// The pause between two requests.
    pub pace_ms: u32,
    /// At most so many pages.
    pub pages_max: u32,
    /// Pages known by now.
    pub pages: usize,
    /// The last crawl; none before the first.
    pub crawl: Option<CrawlSeen>,
    /// Whether one is under way.
    pub is_running: bool,
}

/// What a crawl brought.
#[derive(Clone, Debug, Default)]
pub struct CrawlSeen {
    /// When it ended, or began if it has not ended.
    pub at: String,
    /// Why it failed, if it did.
    pub failed: Option<String>,
    /// What the program says of that.
    pub detail: Option<String>,
    /// Pages read.
    pub read: u32,
    /// New ones.
    pub new: u32,
    /// Changed ones.
    pub changed: u32,
    /// Gone ones.
    pub gone: u32,
    /// Addresses left out.
    pub left_out: u32,
    /// Some of them: address and reason.
    pub reasons: Vec<(String, String)>,
    /// Whether so much was gone that all was kept for a person to look.
    pub kept: bool,
}

/// How long what is kept for.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/retention.html")]
pub struct RetentionPage {
    /// What is around it.
    pub f: Frame,
    /// The version of the settings that the person sees.
    pub version: u32,
    /// The times, one for each kind of what is kept.
    pub terms: Vec<Term>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// What would go by these times; none before somebody asks.
    pub would_go: Option<WouldGo>,
    /// When the job that erases runs next, in words.
    pub next: Option<String>,
    /// Whether somebody else was first.
    pub conflict: bool,
}

/// How long something is kept for.
#[derive(Clone, Debug)]
pub struct Term {
    /// The field's name; its words stand under `retention`.
    pub name: &'static str,
    /// The time, as typed.
    pub value: String,
    /// The usual time.
    pub usual: u16,
    /// The shortest time that may be set.
    pub min: u16,
    /// The longest.
    pub max: u16,
}

/// What would go.
#[derive(Clone, Debug)]
pub struct WouldGo {
    /// The code of each kind and how many.
    pub counts: Vec<(&'static str, u64)>,
    /// Whether the clock may be wrong, and the counts with it.
    pub is_clock_off: bool,
}

impl OrganisationPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

impl RetentionPage {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}

impl WouldGo {
    /// Whether nothing would go.
    pub fn is_nothing(&self) -> bool {
        self.counts.iter().all(|it| it.1 == 0)
    }
}

impl SiteForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        super::error_of(&self.errors, field)
    }
}
