//! What a letter is made of: the period's numbers, the gaps that moved, and who reads.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::gap::Verdict;
use crate::inquiry::Channel;
use crate::messages::Lang;
use crate::organisation::Names;
use crate::topic::Trend;
use crate::week::Week;

use super::period::Period;

/// Everything that the letter of a week or a month tells, the same for all readers.
///
/// Names are shown as given; no wording of a caller belongs here, as mail leaves the system.
/// Links are paths of the service such as `/gaps/12`, or whole addresses.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Whose front desk and website it is.
    pub organization: String,
    /// The address of the service, such as `https://skranke.example.org`.
    pub base: String,
    /// What is told.
    pub period: Period,
    /// Inquiries logged in it.
    pub inquiries: u64,
    /// How many the weeks before make over so long a time: of a week the mean of four, of a month
    /// the sum of as many; none when fewer are known.
    pub inquiries_before: Option<f64>,
    /// How they came, in the order that forms show.
    pub channels: Vec<ByChannel>,
    /// How many were answered on the website; none when too few tell.
    pub answered: Option<Answered>,
    /// Gaps that are open at its end.
    pub open_gaps: u64,
    /// Open gaps that nobody has taken, most wanted first; the letter shows five.
    pub decide: Vec<OpenGap>,
    /// Gaps whose mend a crawl has verified in it.
    pub verified: Vec<Verified>,
    /// Topics mended before it that people still ask about.
    pub still_asked: Vec<StillAsked>,
    /// Gaps that editors work on at its end, those taken last first.
    pub taken: Vec<Taken>,
    /// What the mends have led to.
    pub effect: Option<Effect>,
    /// The topic that rises most.
    pub rises: Option<Rise>,
    /// Open gaps that nobody has taken since before it began.
    pub n_waiting: u64,
    /// Logged inquiries per hundred calls; none when calls are not counted.
    pub logging_rate: Option<u8>,
    /// Texts in which personal data was masked.
    pub n_masked: u64,
    /// The organization began after the first of the weeks before: there is little to compare
    /// with.
    pub is_new: bool,
}

impl Facts {
    /// How many of the gaps that nobody has taken came up in the period.
    pub fn n_new(&self) -> u64 {
        self.decide.iter().filter(|it| it.is_new).count() as u64
    }

    /// Tells whether the period has nothing but its numbers.
    ///
    /// Readers may choose to get no letter then. What all mends have led to stands in every letter
    /// from the first one that can be measured, so it is no news by itself.
    pub const fn is_empty(&self) -> bool {
        self.decide.is_empty()
            && self.verified.is_empty()
            && self.still_asked.is_empty()
            && self.rises.is_none()
            && self.n_waiting == 0
    }

    /// Tells the same of an edition: the desk's tells nothing of what there is to decide.
    pub const fn is_empty_for(&self, edition: Edition) -> bool {
        match edition {
            Edition::Editors => self.is_empty(),
            Edition::Desk => {
                self.verified.is_empty() && self.taken.is_empty() && self.rises.is_none()
            }
        }
    }
}

/// Inquiries that came by one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct ByChannel {
    /// The channel.
    pub channel: Channel,
    /// What the organisation calls it, by the reader's language; the usual name where none is.
    pub names: Names,
    /// Inquiries in the period.
    pub inquiries: u64,
    /// The same of the weeks before, as that of all.
    pub before: Option<f64>,
}

/// How many of the judged inquiries had an answer on the website, in per cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// In the period.
    pub percent: u8,
    /// In the weeks before; none when too few tell.
    pub percent_before: Option<u8>,
}

/// A page of the website.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// A gap that waits for an editor to take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenGap {
    /// The number of its topic, such as `T12`.
    pub topic: String,
    /// Its name.
    pub name: String,
    /// How many have asked in the month, or in the four weeks that end with the week.
    pub count: u64,
    /// Whether it came up in the period.
    pub is_new: bool,
    /// Which way it goes, when enough weeks are known.
    pub trend: Option<Trend>,
    /// What kind of gap it is.
    pub verdict: Verdict,
    /// The page that comes nearest.
    pub nearest: Option<Place>,
    /// Where an editor takes it.
    pub link: String,
}

/// A gap whose mend a crawl has verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Its name.
    pub name: String,
    /// All inquiries that had asked it before the mend.
    pub inquiries: u64,
    /// Inquiries a week before the mend.
    pub before: f64,
    /// Inquiries a week after it; none while less than a week has passed.
    pub after: Option<f64>,
    /// The week of publishing.
    pub published: Week,
    /// Where it is shown.
    pub link: String,
}

/// A topic that people still ask about after the mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StillAsked {
    /// Its name.
    pub name: String,
    /// How many asked in the period.
    pub count: u64,
    /// The week of publishing.
    pub published: Week,
    /// Where it is shown.
    pub link: String,
}

/// A gap that an editor works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its name.
    pub name: String,
    /// Where it is shown.
    pub link: String,
}

/// Inquiries after the mends against what was to be expected without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// How many mended gaps it is measured on.
    pub n_gaps: u64,
    /// Over how many weeks.
    pub n_weeks: u64,
    /// How many fewer than expected; below zero when more came.
    pub fewer: i64,
    /// Where the true number lies with 95 % certainty, lower end first.
    pub range: Option<(i64, i64)>,
    /// The organization's own figure for the minutes of an inquiry.
    pub minutes_each: Option<u32>,
}

/// A topic that is asked about more and more.
#[derive(Clone, Debug, PartialEq)]
pub struct Rise {
    /// Its name.
    pub name: String,
    /// Inquiries before, as those of all are compared.
    pub from: f64,
    /// Inquiries in the period.
    pub to: f64,
    /// Where it is shown.
    pub link: String,
}

/// For whom a letter is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    /// Those who work with the website: what there is to decide.
    #[default]
    Editors,
    /// Those who log: what their logging led to.
    Desk,
}

impl Edition {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Editors, Self::Desk];

    /// The name in forms and catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Editors => "editors",
            Self::Desk => "desk",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// Who gets the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// What keys the letter, together with the period.
    pub id: ReaderId,
    /// The name in the greeting; may be empty.
    pub name: String,
    /// The mail address.
    pub address: String,
    /// The language of the letter.
    pub lang: Lang,
    /// It is the reader's first letter, so it explains itself.
    pub is_first: bool,
    /// What the letter is about.
    pub edition: Edition,
    /// Why the reader gets it.
    pub why: Why,
    /// Where the reader changes how often letters come; empty when nowhere.
    pub settings: String,
    /// Where the reader ends them; RFC 8058 wants it to be https and to need no sign-in.
    pub stop: Option<String>,
}

/// Why somebody gets the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The reader signed up.
    SignedUp,
    /// Somebody set the reader up.
    SetUpBy(String),
    /// The reader has an account, and no list of readers has been made.
    Account,
    /// Nobody reads it yet: it goes to the organization itself.
    NobodyYet,
}

/// Names a reader in file names and message ids: 1 to 64 letters, digits, `-` and `_` of ASCII.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReaderId(String);

/// The text does not name a reader.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a reader id of 1 to 64 letters, digits, - and _: {0:?}")]
pub struct ReaderIdError(String);

impl ReaderId {
    /// The most characters an id may have.
    pub const CHARS_MAX: usize = 64;

    /// Reads an id.
    ///
    /// # Errors
    /// When it is empty, too long, or could leave a folder or a header.
    pub fn parse(text: &str) -> Result<Self, ReaderIdError> {
        let fits = (1..=Self::CHARS_MAX).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)) {
            return Ok(Self(text.to_owned()));
        }
        Err(ReaderIdError(text.chars().take(Self::CHARS_MAX).collect()))
    }
}

impl fmt::Display for ReaderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
