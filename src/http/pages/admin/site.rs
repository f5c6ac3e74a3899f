//! One website, and a look at one.

use askama::Template;

use super::{Choice, CrawlSeen, FieldError, Frame};
use crate::messages::Lang;

/// One website.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/site.html")]
pub struct SitePage {
    /// What is around it.
    pub f: Frame,
    /// The version of the settings that the person sees.
    pub version: u32,
    /// The start address.
    pub start: String,
    /// Pages known by now.
    pub pages: usize,
    /// How the crawl that is under way goes.
    pub progress: Option<CrawlFigures>,
    /// Whether a crawl can be asked for from here.
    pub can_crawl: bool,
    /// When the next crawl comes, in a sentence.
    pub next: Option<String>,
    /// What the last crawl asks.
    pub question: Option<QuestionSeen>,
    /// The last crawls, the newest first.
    pub crawls: Vec<CrawlSeen>,
    /// Addresses of the site that do not exist and that its pages link to; the first of them.
    pub dead: Vec<DeadSeen>,
    /// How many there are.
    pub n_dead: usize,
    /// Pages that nobody has touched for two years; the first of them.
    pub old: Vec<OldSeen>,
    /// How many there are.
    pub n_old: usize,
    /// The settings, as typed.
    pub form: SiteSettings,
    /// Whether somebody else was first.
    pub conflict: bool,
}

/// How a crawl goes; also what a stream of its progress tells.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/site_progress.html")]
pub struct CrawlFigures {
    /// Pages that came.
    pub pages: usize,
    /// Passages on them.
    pub passages: usize,
    /// Pages a second, written in the reader's language.
    pub speed: String,
    /// Addresses that wait.
    pub waiting: usize,
    /// Addresses left out.
    pub left_out: usize,
    /// Pages that could not be read, by reason.
    pub failed: Vec<(String, usize)>,
    /// The address that was asked for last.
    pub address: String,
    /// The reader's language.
    pub lang: Lang,
}

/// What a crawl asks a person.
#[derive(Clone, Debug)]
pub struct QuestionSeen {
    /// The code of what seems to be wrong.
    pub kind: String,
    /// Since when.
    pub since: String,
    /// How many pages it is about.
    pub n: usize,
    /// The first of them.
    pub pages: Vec<String>,
}

/// An address that does not exist and is linked to.
#[derive(Clone, Debug)]
pub struct DeadSeen {
    /// The address.
    pub address: String,
    /// How it answers.
    pub status: u16,
    /// Pages that link to it.
    pub on: Vec<String>,
    /// How many more do.
    pub more: usize,
}

/// A page that nobody has touched for long.
#[derive(Clone, Debug)]
pub struct OldSeen {
    /// Its address.
    pub address: String,
    /// Its title.
    pub title: String,
    /// Since when.
    pub since: String,
}

/// The settings of a site, as typed; lists have one entry a line.
#[derive(Clone, Debug, Default)]
pub struct SiteSettings {
    /// Further starts.
    pub more: String,
    /// Paths that are read.
    pub allowed: String,
    /// Paths that are not.
    pub denied: String,
    /// Languages that are read.
    pub languages: String,
    /// The days on which the clock has it read.
    pub days: Vec<Choice>,
    /// The pause between two requests in milliseconds.
    pub pace_ms: String,
    /// At most so many pages.
    pub pages_max: String,
    /// Whether it may lie on a private address.
    pub allow_private: bool,
    /// The private ranges that may be read.
    pub ranges: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// A look at a site before it is read, or at one page of it.
#[derive(Clone, Debug, Template)]
#[template(path = "templates/look.html")]
pub struct LookPage {
    /// What is around it.
    pub f: Frame,
    /// The version of the settings that the person sees.
    pub version: u32,
    /// Whether the site is among those that are read.
    pub is_known: bool,
    /// The site's start.
    pub start: String,
    /// Whether it may lie on a private address.
    pub allow_private: bool,
    /// The pause between two requests.
    pub pace_ms: u32,
    /// At most so many pages.
    pub pages_max: u32,
    /// The page that is looked at; empty for the whole site.
    pub address: String,
    /// Whether it is under way.
    pub is_waiting: bool,
    /// Why nothing came of it.
    pub failed: Option<String>,
    /// What the site says of itself.
    pub preview: Option<PreviewSeen>,
    /// What a crawl would make of the page.
    pub tried: Option<TriedSeen>,
}

/// What a site says of itself, before any page is read.
#[derive(Clone, Debug, Default)]
pub struct PreviewSeen {
    /// Where it really begins.
    pub starts: Vec<String>,
    /// Starts that cannot be read, with the reason.
    pub left_out: Vec<(String, String)>,
    /// The pause that will be kept, in seconds.
    pub pace: String,
    /// The lists of pages that it gives out.
    pub sitemaps: Vec<String>,
    /// Pages in them that would be read.
    pub listed: usize,
    /// Pages in them that would not be.
    pub listed_not_read: usize,
    /// When one of them last changed.
    pub changed: Option<String>,
    /// The first pages that would be read.
    pub first: Vec<String>,
    /// How long reading takes.
    pub estimate: Option<String>,
}

/// What a crawl would make of one page.
#[derive(Clone, Debug, Default)]
pub struct TriedSeen {
    /// The address that answered.
    pub address: String,
    /// The HTTP status; 0 when it was not asked.
    pub status: u16,
    /// What the server says it is.
    pub content_type: String,
    /// Why it would not be taken in.
    pub left_out: Option<String>,
    /// The address that it names as its own, when that is another.
    pub own: Option<String>,
    /// How many links lead from it.
    pub links: usize,
    /// Its title.
    pub title: String,
    /// How many passages it has.
    pub n_passages: usize,
    /// The first of them.
    pub passages: Vec<PassageSeen>,
    /// The page as it was sent.
    pub source: String,
}

/// A passage as it would be kept.
#[derive(Clone, Debug, Default)]
pub struct PassageSeen {
    /// The headings above it.
    pub path: String,
    /// Its own heading.
    pub heading: String,
    /// Its text.
    pub text: String,
    /// The code of its norm.
    pub norm: String,
}

impl SiteSettings {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        crate::http::pages::error_of(&self.errors, field)
    }
}
