//! The token of a machine: what a switchboard, a chatbot or a mail rule shows to be let in.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::By;
use super::browser_key::DayNumber;
use super::token::hex;
use crate::id::{Id, Named};
use crate::inquiry::Channel;
use crate::record::{Event, Kind};
use crate::rows::{Head, Row};

/// A machine's token.
#[derive(Debug)]
pub struct ApiToken;

impl Named for ApiToken {
    const PREFIX: &'static str = "tok";
}

/// What a token lets a machine do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Log questions.
    Log,
    /// Ask what answers a question.
    Answers,
    /// Read what editors read: lists, topics, gaps, figures, letters.
    Read,
    /// Do what editors do: steps on gaps, decisions on topics, words, inquiries.
    Work,
    /// Do what administrators do: settings, people, sites, jobs, the audit.
    Admin,
    /// Read how the service does, in numbers.
    Metrics,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Log, Self::Answers, Self::Read, Self::Work, Self::Admin, Self::Metrics];

    /// The name in records, forms and the API's description.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Answers => "answers",
            Self::Read => "read",
            Self::Work => "work",
            Self::Admin => "admin",
            Self::Metrics => "metrics",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What a machine sends: a prefix that scanners for lost secrets can know, a part to find the
/// token by, and 256 random bits. Only a hash of it is kept, which needs no slowing down: nobody
/// tries out 256 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenText(String);

impl TokenText {
    /// How each begins.
    pub const PREFIX: &'static str = "skr_";
    /// So many hex digits are public.
    const PUBLIC_DIGITS: usize = 12;
    /// So many are secret.
    const SECRET_DIGITS: usize = 64;

    /// Makes a public part, under which a token can be made once.
    pub fn new_public() -> String {
        hex(&random::<{ Self::PUBLIC_DIGITS / 2 }>())
    }

    /// Makes the token of a public part; none when that has another form.
    pub fn random(public: &str) -> Option<Self> {
        let secret = hex(&random::<{ Self::SECRET_DIGITS / 2 }>());
        Self::parse(&format!("{}{public}_{secret}", Self::PREFIX))
    }

    /// Reads what a machine sent.
    pub fn parse(text: &str) -> Option<Self> {
        let (public, secret) = text.strip_prefix(Self::PREFIX)?.split_once('_')?;
        let is_hex = |part: &str, digits| {
            part.len() == digits && part.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
        };
        let fits = is_hex(public, Self::PUBLIC_DIGITS) && is_hex(secret, Self::SECRET_DIGITS);
        fits.then(|| Self(text.to_owned()))
    }

    /// What the machine is to be given, once.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the token, by its public part.
    pub fn id(&self) -> Id<ApiToken> {
        let public = &self.0[Self::PREFIX.len()..][..Self::PUBLIC_DIGITS];
        Id::derived(&[b"api-token", public.as_bytes()])
    }

    /// What is kept of it.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }

    /// Whether this is the token that `hash` was made of; takes as long whatever differs.
    pub fn fits(&self, hash: &str) -> bool {
        bool::from(self.hash().as_bytes().ct_eq(hash.as_bytes()))
    }
}

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenText(***)")
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// What can happen to a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApiTokenEvent {
    /// It was made.
    Made {
        /// What it is for.
        #[serde(flatten)]
        grant: Grant,
        /// The hash of its text.
        hash: String,
        /// By whom; none from the command line.
        by: By,
    },
    /// A machine showed it, for the first time on a day.
    Used {
        /// The day; when within it is nobody's business.
        day: DayNumber,
    },
    /// It was made when tokens could hold for ever, and got a last day.
    Ends {
        /// It holds until then.
        until: Timestamp,
    },
    /// It was taken back, for good.
    TakenBack {
        /// By whom.
        by: By,
    },
}

impl Event for ApiTokenEvent {
    const KIND: Kind = Kind::Token;
}

/// What a token is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The name of the machine.
    pub name: String,
    /// What it may do; never nothing.
    pub scopes: Vec<Scope>,
    /// The one desk that it logs under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// The one channel that it logs under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// It holds until then; of a token of the first forms alone there may be none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Grant {
    /// The longest name of a machine.
    pub const NAME_CHARS_MAX: usize = 80;
    /// A token holds so many years at most: whoever answers for a machine looks at it anew.
    pub const YEARS_MAX: i64 = 1;
    /// So many days unless another last day is said.
    pub const DAYS_USUAL: i64 = 90;
    /// So many days are left at least to a token that was made when they could hold longer: no
    /// machine is locked out by an upgrade before somebody has read of it.
    pub const DAYS_LEFT: i64 = 90;
    /// So many days before its end administrators are told.
    pub const DAYS_TOLD: i64 = 14;
}

/// A token as it stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiTokenRow {
    /// What it is for.
    #[serde(flatten)]
    pub grant: Grant,
    /// The hash of its text.
    pub hash: String,
    /// When it was made.
    pub made: Timestamp,
    /// By whom.
    pub by: By,
    /// The last day that a machine showed it.
    pub used: Option<DayNumber>,
    /// When it was taken back.
    pub taken_back: Option<Timestamp>,
    /// Whether its last day was set by the program and not by who made it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_endless: bool,
}

impl fmt::Debug for ApiTokenRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiTokenRow").field("grant", &self.grant).finish_non_exhaustive()
    }
}

impl Row for ApiTokenRow {
    type Event = ApiTokenEvent;

    fn fold(old: Option<Self>, event: ApiTokenEvent, head: Head) -> Option<Self> {
        match (old, event) {
            (None, ApiTokenEvent::Made { grant, hash, by }) => {
                let made = head.at;
                let (used, taken_back, was_endless) = (None, None, false);
                Some(Self { grant, hash, made, by, used, taken_back, was_endless })
            }
            (Some(old), ApiTokenEvent::Used { day }) => Some(Self { used: Some(day), ..old }),
            (Some(old), ApiTokenEvent::Ends { until }) => {
                let grant = Grant { until: Some(until), ..old.grant };
                Some(Self { grant, was_endless: true, ..old })
            }
            (Some(old), ApiTokenEvent::TakenBack { by: _ }) => {
                Some(Self { taken_back: old.taken_back.or(Some(head.at)), ..old })
            }
            // Only what was made can be used or taken back, and it is made once.
            (
                None,
                ApiTokenEvent::Used { .. }
                | ApiTokenEvent::Ends { .. }
                | ApiTokenEvent::TakenBack { .. },
            ) => None,
            (Some(old), ApiTokenEvent::Made { .. }) => Some(old),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_public_part_and_fits_its_own_hash_alone() {
        let public = TokenText::new_public();
        let (one, other) = (TokenText::random(&public), TokenText::random(&public));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one.id(), other.id());
        assert!(one.fits(&one.hash()) && !one.fits(&other.hash()) && !one.fits(""));
        assert_eq!(TokenText::parse(one.as_str()), Some(one));
    }

    #[test]
    fn what_has_another_form_is_no_token() {
        let text = TokenText::random("0123456789ab").unwrap().as_str().to_owned();
        let upper = text.to_uppercase();
        for wrong in ["", "skr_", &text[1..], &text[..text.len() - 1], &format!("{text}0"), &upper]
        {
            assert_eq!(TokenText::parse(wrong), None, "{wrong}");
        }
        assert_eq!(TokenText::random("0123"), None);
        assert_eq!(TokenText::random("0123456789a_"), None);
    }
}
