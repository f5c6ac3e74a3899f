//! A week's letter: its facts, and its text as a reader of one language gets it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::{App, Preview};
use crate::digest::{Edition, Facts};
use crate::http::api::op::{Call, Given, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::messages::Lang;
use crate::people::Role;
use crate::post::Telling;
use crate::week::Week;

/// How a letter is wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct DigestAsked {
    /// The language of its text; one's own when left out.
    #[serde(default)]
    #[schemars(schema_with = "shapes::lang")]
    lang: Option<Lang>,
}

/// A week's letter.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct DigestSeen {
    week: String,
    /// Inquiries logged in it.
    inquiries: u64,
    /// The mean of the four weeks before; null when fewer are known.
    inquiries_before: Option<f64>,
    /// How many per cent were answered on the website; null when too few tell.
    answered_percent: Option<u8>,
    /// Gaps that are open at its end.
    open_gaps: u64,
    /// Open gaps that nobody has taken, the most wanted first.
    decide: Vec<OpenSeen>,
    /// Gaps whose mend a crawl has verified in it.
    verified: Vec<VerifiedSeen>,
    /// Topics mended before it that people still ask about.
    still_asked: Vec<StillSeen>,
    /// The topic that rises most.
    rises: Option<RiseSeen>,
    /// Texts in which personal data was masked.
    masked: u64,
    /// The letter, for those who read gaps; null for others.
    letter: Option<LetterSeen>,
}

/// A gap that waits for a decision.
#[derive(Debug, Serialize, JsonSchema)]
struct OpenSeen {
    topic: String,
    name: String,
    count: u64,
    is_new: bool,
    #[schemars(schema_with = "shapes::verdict")]
    verdict: &'static str,
}

/// A mend that was verified.
#[derive(Debug, Serialize, JsonSchema)]
struct VerifiedSeen {
    name: String,
    inquiries: u64,
    before: f64,
    after: Option<f64>,
    published: String,
}

/// A mended topic that people still ask about.
#[derive(Debug, Serialize, JsonSchema)]
struct StillSeen {
    name: String,
    count: u64,
    published: String,
}

/// A topic that rises.
#[derive(Debug, Serialize, JsonSchema)]
struct RiseSeen {
    name: String,
    from: f64,
    to: f64,
}

/// The letter as it is sent.
#[derive(Debug, Serialize, JsonSchema)]
struct LetterSeen {
    subject: String,
    text: String,
}

pub(in crate::http) async fn one(call: Call<DigestAsked>) -> Result<Given<DigestSeen>, Wrong> {
    let week: Week = call.last().parse().map_err(|_| HttpError::NotFound)?;
    if call.edge.app.week() < week {
        return Err(HttpError::NotFound.into());
    }
    let facts = call.run(move |app| app.letter_page(week)).await??;
    let reads = matches!(call.caller.role(), Some(Role::Auditor | Role::Editor | Role::Admin));
    let letter = if reads || call.caller.machine().is_some() {
        let (lang, edition) = (call.query.lang.unwrap_or(call.caller.lang), Edition::Editors);
        let base = call.edge.jobs.base().clone();
        let read = move |app: &App| {
            app.preview(Telling::Week(week), Preview { base: &base, reader: None, lang, edition })
        };
        let letter = call.run(read).await??;
        Some(LetterSeen { subject: letter.subject, text: letter.text })
    } else {
        None
    };
    Ok(Given::new(seen(week, &facts, letter)))
}

fn seen(week: Week, facts: &Facts, letter: Option<LetterSeen>) -> DigestSeen {
    DigestSeen {
        week: week.to_string(),
        inquiries: facts.inquiries,
        inquiries_before: facts.inquiries_before,
        answered_percent: facts.answered.map(|it| it.percent),
        open_gaps: facts.open_gaps,
        decide: facts
            .decide
            .iter()
            .map(|it| OpenSeen {
                topic: it.topic.clone(),
                name: it.name.clone(),
                count: it.count,
                is_new: it.is_new,
                verdict: it.verdict.name(),
            })
            .collect(),
        verified: facts
            .verified
            .iter()
            .map(|it| VerifiedSeen {
                name: it.name.clone(),
                inquiries: it.inquiries,
                before: it.before,
                after: it.after,
                published: it.published.to_string(),
            })
            .collect(),
        still_asked: facts
            .still_asked
            .iter()
            .map(|it| StillSeen {
                name: it.name.clone(),
                count: it.count,
                published: it.published.to_string(),
            })
            .collect(),
        rises: facts.rises.as_ref().map(|it| RiseSeen {
            name: it.name.clone(),
            from: it.from,
            to: it.to,
        }),
        masked: facts.n_masked,
        letter,
    }
}
