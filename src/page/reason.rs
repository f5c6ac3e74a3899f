//! Why an address is not read, so kept that it can be told in every language.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::crawl::Skip;
use super::extract::ExtractError;
use super::worker::ParseError;
use crate::messages::Lang;
use crate::net::NetError;

/// Why an address is not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Reason {
    /// What it is about.
    pub code: ReasonCode,
    /// What it names: an address, a status, a language.
    pub detail: String,
}

/// What keeps an address from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// robots.txt forbids it.
    Robots,
    /// It says noindex.
    Noindex,
    /// It answers with another status than 200, which is named.
    Status,
    /// It redirects to an address that may not be read, which is named.
    Elsewhere,
    /// It redirects in a circle, too often or to no address.
    Circle,
    /// It lies on a private network, or is no web address.
    Refused,
    /// No answer, or one that broke off.
    Unreachable,
    /// No answer in time, or one that drips.
    TimedOut,
    /// Larger than what is read.
    TooLarge,
    /// Packed in a way that is broken or not known.
    Packed,
    /// A file of a kind that is not read.
    File,
    /// A media type that is not read, which is named.
    MediaType,
    /// A document of nothing but pictures.
    Pictures,
    /// In a language that is not to be read, which is named.
    Language,
    /// It gives another address as its own, which is named.
    Own,
    /// It holds what another address holds, which is named.
    Twin,
    /// On another site.
    OtherSite,
    /// Outside the paths that the organisation wants read.
    Path,
    /// Too many links away from the start.
    Depth,
    /// One of many that differ only in parameters or numbers.
    Pattern,
    /// Only pages that brought nothing new lead to it.
    Barren,
    /// A path that repeats itself.
    Repeats,
    /// The site has more addresses than are remembered.
    TooMany,
    /// Its tags are made so that no browser would read them.
    Shape,
    /// No document of the kind that it says, which is named.
    Damaged,
    /// A document that needs a password.
    Locked,
    /// Reading it took more time or memory than a page may.
    Limits,
    /// There was nobody to read it: no fault of the page.
    NoParser,
    /// A start whose site cannot be read.
    Start,
    /// As older records have it: the sentence is what is named.
    Told,
}

/// A reason as records have it; older ones have an English sentence.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Sentence(String),
    Reason {
        code: ReasonCode,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        detail: String,
    },
}

impl From<Reason> for Written {
    fn from(Reason { code, detail }: Reason) -> Self {
        match code {
            ReasonCode::Told => Self::Sentence(detail),
            code => Self::Reason { code, detail },
        }
    }
}

impl From<Written> for Reason {
    fn from(written: Written) -> Self {
        match written {
            Written::Sentence(detail) => Self { code: ReasonCode::Told, detail },
            Written::Reason { code, detail } => Self { code, detail },
        }
    }
}

impl From<ReasonCode> for Reason {
    fn from(code: ReasonCode) -> Self {
        Self { code, detail: String::new() }
    }
}

impl From<&NetError> for Reason {
    fn from(why: &NetError) -> Self {
        let code = match why {
            NetError::Refused { .. } => ReasonCode::Refused,
            NetError::Elsewhere { to, .. } => return ReasonCode::Elsewhere.naming(to),
            NetError::Redirects { .. } | NetError::Location { .. } => ReasonCode::Circle,
            NetError::TimedOut { .. } | NetError::Slow { .. } => ReasonCode::TimedOut,
            NetError::TooLarge { .. } => ReasonCode::TooLarge,
            NetError::Packed { .. } => ReasonCode::Packed,
            NetError::Failed { .. } | NetError::Client(_) => ReasonCode::Unreachable,
        };
        code.into()
    }
}

impl From<ExtractError> for Reason {
    fn from(why: ExtractError) -> Self {
        match why {
            ExtractError::TooLarge => ReasonCode::TooLarge.into(),
            ExtractError::TooDeep | ExtractError::Attributes => ReasonCode::Shape.into(),
            ExtractError::Damaged(kind) => ReasonCode::Damaged.naming(kind),
            ExtractError::Locked => ReasonCode::Locked.into(),
        }
    }
}

impl From<ParseError> for Reason {
    fn from(why: ParseError) -> Self {
        match why {
            ParseError::Refused(reason) => reason,
            ParseError::TimedOut | ParseError::Died => ReasonCode::Limits.into(),
            ParseError::Start { .. } => ReasonCode::NoParser.into(),
        }
    }
}

impl From<Skip> for ReasonCode {
    fn from(why: Skip) -> Self {
        match why {
            Skip::Elsewhere => Self::OtherSite,
            Skip::Path => Self::Path,
            Skip::Seen | Skip::Pattern => Self::Pattern,
            Skip::File => Self::File,
            Skip::Depth => Self::Depth,
            Skip::Barren => Self::Barren,
            Skip::Repeats => Self::Repeats,
            Skip::TooMany => Self::TooMany,
        }
    }
}

impl ReasonCode {
    /// All of them.
    pub const ALL: [Self; 30] = [
        Self::Robots,
        Self::Noindex,
        Self::Status,
        Self::Elsewhere,
        Self::Circle,
        Self::Refused,
        Self::Unreachable,
        Self::TimedOut,
        Self::TooLarge,
        Self::Packed,
        Self::File,
        Self::MediaType,
        Self::Pictures,
        Self::Language,
        Self::Own,
        Self::Twin,
        Self::OtherSite,
        Self::Path,
        Self::Depth,
        Self::Pattern,
        Self::Barren,
        Self::Repeats,
        Self::TooMany,
        Self::Shape,
        Self::Damaged,
        Self::Locked,
        Self::Limits,
        Self::NoParser,
        Self::Start,
        Self::Told,
    ];

    /// The reason with what it names.
    pub fn naming(self, detail: impl ToString) -> Reason {
        Reason { code: self, detail: detail.to_string() }
    }

    /// Its name in the catalogues.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Robots => "robots",
            Self::Noindex => "noindex",
            Self::Status => "status",
            Self::Elsewhere => "elsewhere",
            Self::Circle => "circle",
            Self::Refused => "refused",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::TooLarge => "too_large",
            Self::Packed => "packed",
            Self::File => "file",
            Self::MediaType => "media_type",
            Self::Pictures => "pictures",
            Self::Language => "language",
            Self::Own => "own",
            Self::Twin => "twin",
            Self::OtherSite => "other_site",
            Self::Path => "path",
            Self::Depth => "depth",
            Self::Pattern => "pattern",
            Self::Barren => "barren",
            Self::Repeats => "repeats",
            Self::TooMany => "too_many",
            Self::Shape => "shape",
            Self::Damaged => "damaged",
            Self::Locked => "locked",
            Self::Limits => "limits",
            Self::NoParser => "no_parser",
            Self::Start => "start",
            Self::Told => "told",
        }
    }
}

impl Reason {
    /// The reason as a sentence.
    pub fn says(&self, lang: Lang) -> String {
        lang.fill(&format!("unread.{}", self.code.name()), &[("detail", &self.detail)])
    }

    /// The reason with no more than so many characters of what it names: records have a limit.
    #[must_use]
    pub fn cut(&self, chars_max: usize) -> Self {
        Self { code: self.code, detail: self.detail.chars().take(chars_max).collect() }
    }
}

/// In English, for logs and the command line.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says(Lang::En))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_told_in_each_language_by_its_name_in_records() {
        for code in ReasonCode::ALL {
            let written = serde_json::to_string(&code).unwrap();
            assert_eq!(written, format!("\"{}\"", code.name()));
            for lang in [Lang::Nn, Lang::Nb, Lang::En] {
                let said = code.naming("DETAIL").says(lang);
                assert!(!said.is_empty() && !said.contains("unread."), "{code:?}: {said}");
            }
        }
    }

    #[test]
    fn older_records_hold_a_sentence() {
        let old: Reason = serde_json::from_str("\"it answers with status 404\"").unwrap();
        assert_eq!(old.to_string(), "it answers with status 404");
        assert_eq!(serde_json::to_string(&old).unwrap(), "\"it answers with status 404\"");
        let reason = ReasonCode::Status.naming(404);
        let written = serde_json::to_string(&reason).unwrap();
        assert_eq!(written, r#"{"code":"status","detail":"404"}"#);
        assert_eq!(serde_json::from_str::<Reason>(&written).unwrap(), reason);
        assert_eq!(
            serde_json::to_string(&Reason::from(ReasonCode::Robots)).unwrap(),
            r#"{"code":"robots"}"#
        );
    }
}
