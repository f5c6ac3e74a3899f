//! Before the flow: what the organisation has set: its sites, desks, channels and words.

mod names;
mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{Id, Named};
use crate::inquiry::Channel;
use crate::messages::Lang;
use crate::people::{By, Role};
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};
use crate::schedule::{Rhythm, Schedule};

pub use names::{Desk, Labels, Names};
pub use places::{PlaceChange, PlaceError, Way};

/// The one organisation that a data folder belongs to.
#[derive(Debug)]
pub struct Organisation;

impl Named for Organisation {
    const PREFIX: &'static str = "org";
}

/// What an administrator sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The name of the organisation.
    pub name: String,
    /// The language of what goes to nobody in particular.
    pub lang: Lang,
    /// Its websites.
    pub sites: Vec<Site>,
    /// Where questions are logged, in the order that forms show; the archived ones too.
    pub desks: Vec<Desk>,
    /// The channels that the log screen offers, in its order.
    pub channels: Vec<Channel>,
    /// What the organisation calls channels; the others have their usual names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub channel_names: BTreeMap<Channel, Names>,
    /// So many inquiries within 30 days make a topic a candidate for editors.
    pub candidate_inquiries: u32,
    /// By a job's name: when it runs; the usual times for those that are not here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub schedules: BTreeMap<String, Schedule>,
    /// How long what is kept for.
    #[serde(default, skip_serializing_if = "Retention::is_usual")]
    pub retention: Retention,
    /// The minutes that one inquiry takes, as the organisation has measured it; without it no
    /// hours are told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes_each: Option<u16>,
    /// The roles whose people show a code beside the passphrase; the others choose for themselves.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub code_roles: BTreeSet<Role>,
}

/// How long what is kept for. What is due is reduced: counts, weeks, channels and topics stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retention {
    /// Months that the words of a question and of its answer are kept; the same week of last
    /// year, a week 53 as well, can then be looked at.
    pub text_months: u16,
    /// Days that it is known who logged a question, for undo.
    pub author_days: u16,
    /// Months that it is known who did what.
    pub audit_months: u16,
    /// Days that a session is known, after its end too.
    pub session_days: u16,
}

impl Default for Retention {
    fn default() -> Self {
        Self { text_months: 13, author_days: 30, audit_months: 24, session_days: 30 }
    }
}

impl Retention {
    /// The months that a time may be set to.
    pub const MONTHS: RangeInclusive<u16> = 1..=120;
    /// The days that a time may be set to.
    pub const DAYS: RangeInclusive<u16> = 1..=365;
    /// The days that sessions may be known for; what is older is dropped by its stream.
    pub const SESSION_DAYS: RangeInclusive<u16> = 1..=30;

    /// Whether every time is one that may be set.
    pub fn is_within_limits(&self) -> bool {
        let Self { text_months, author_days, audit_months, session_days } = self;
        [text_months, audit_months].into_iter().all(|it| Self::MONTHS.contains(it))
            && Self::DAYS.contains(author_days)
            && Self::SESSION_DAYS.contains(session_days)
    }

    /// Whether nothing was set.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// One website.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Where a crawl begins; what lies in its folder and below belongs to the site.
    pub start: String,
    /// Whether the site may lie on a private address, as an intranet does.
    pub allow_private: bool,
    /// The pause between two requests, in milliseconds.
    pub pace_ms: u32,
    /// At most so many pages are read.
    pub pages_max: u32,
    /// Further starts; what lies in their folders and below belongs to the site too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<String>,
    /// Only paths that fit one of these are read; none means the folders of the starts. `*` stands
    /// for anything, `$` for the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
    /// Paths that fit one of these are not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied: Vec<String>,
    /// Only pages in these languages are read, such as `nn`; none means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The clock has the site read on these days of the week only, such as `monday`; none means
    /// whenever the job runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<String>,
    /// Ranges of the organisation's own network that may be read, such as `10.20.0.0/16`. Without
    /// any, `allow_private` opens all of it, as it did before there were ranges.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<String>,
}

impl Site {
    /// Whether an address lies on a host of one of the starts.
    pub fn is_on_a_host(&self, address: &str) -> bool {
        let host = |it: &str| url::Url::parse(it).ok()?.host_str().map(str::to_owned);
        let wanted = host(address);
        let starts = std::iter::once(&self.start).chain(&self.more);
        wanted.is_some() && starts.into_iter().any(|it| host(it) == wanted)
    }

    /// The pause when nothing else is said.
    pub const PACE_MS: u32 = 1_000;
    /// The limit when nothing else is said.
    pub const PAGES_MAX: u32 = 20_000;

    /// The longest address of a start; 20 of them and 60 desks in one language fit into one record.
    pub const START_CHARS_MAX: usize = 400;
    /// So many entries each list of a site may have.
    pub const LIST_MAX: usize = 20;
    /// The longest pause between two requests.
    pub const PACE_MS_MAX: u32 = 60_000;
    /// The most pages that a site may be allowed.
    pub const PAGES_MAX_MAX: u32 = 1_000_000;

    /// Whether every value is one that a crawl can use.
    pub fn is_within_limits(&self) -> bool {
        let is_short = self.start.chars().count() <= Self::START_CHARS_MAX;
        let is_paced = self.pace_ms <= Self::PACE_MS_MAX;
        let lists =
            [&self.more, &self.allowed, &self.denied, &self.languages, &self.days, &self.ranges];
        let is_brief = |list: &&Vec<String>| {
            list.len() <= Self::LIST_MAX
                && list.iter().all(|it| it.chars().count() <= Self::START_CHARS_MAX)
        };
        is_short
            && is_paced
            && (1..=Self::PAGES_MAX_MAX).contains(&self.pages_max)
            && lists.iter().all(is_brief)
            && self.days.iter().all(|it| Rhythm::weekday(it).is_some())
    }

    /// Whether the clock has the site read on a day of the week, such as `monday`.
    pub fn is_read_on(&self, day: &str) -> bool {
        self.days.is_empty() || self.days.iter().any(|it| it.eq_ignore_ascii_case(day))
    }

    /// A site with the usual settings.
    pub fn new(start: &str) -> Self {
        Self {
            start: start.to_owned(),
            allow_private: false,
            pace_ms: Self::PACE_MS,
            pages_max: Self::PAGES_MAX,
            more: vec![],
            allowed: vec![],
            denied: vec![],
            languages: vec![],
            days: vec![],
            ranges: vec![],
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            lang: Lang::default(),
            sites: vec![],
            desks: vec![],
            channels: vec![Channel::Phone, Channel::Desk, Channel::Email, Channel::Chat],
            channel_names: BTreeMap::new(),
            candidate_inquiries: Self::CANDIDATE_INQUIRIES,
            schedules: BTreeMap::new(),
            retention: Retention::default(),
            minutes_each: None,
            code_roles: BTreeSet::new(),
        }
    }
}

impl Settings {
    /// The usual threshold.
    pub const CANDIDATE_INQUIRIES: u32 = 3;
    /// The minutes that an inquiry may be said to take.
    pub const MINUTES_EACH: RangeInclusive<u16> = 1..=120;
    /// At most so many sites.
    pub const SITES_MAX: usize = 20;
    /// The longest name of the organisation.
    pub const NAME_CHARS_MAX: usize = 200;
    /// At most so many desks are offered.
    pub const DESKS_MAX: usize = 60;
    /// At most so many are known, with the archived ones.
    pub const DESKS_KEPT_MAX: usize = 120;
    /// The most bytes of all settings in a record, below what the view takes as one row.
    pub const BYTES_MAX: usize = 30 * 1024;

    /// The entity that the settings are records of.
    pub fn entity() -> Uuid {
        Id::<Organisation>::derived(&[b"organisation"]).uuid()
    }
}

/// What can happen to the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationEvent {
    /// They were set; they stand in full.
    Set {
        /// The settings.
        settings: Settings,
        /// By whom.
        by: By,
    },
}

impl Event for OrganisationEvent {
    const KIND: Kind = Kind::Organisation;
}

impl Row for Settings {
    type Event = OrganisationEvent;

    fn fold(_: Option<Self>, event: OrganisationEvent, _: Head) -> Option<Self> {
        let OrganisationEvent::Set { settings, by: _ } = event;
        Some(settings)
    }
}
