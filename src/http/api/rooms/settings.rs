//! The organisation's settings, and how long what is kept for.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::keeping::{Counts, Foreseen};
use crate::app::{App, Decider, DecisionError};
use crate::http::Edge;
use crate::http::api::op::{Call, Given, Nothing, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::http::sign_in::ORGANISATION_CHARS_MAX;
use crate::messages::Lang;
use crate::organisation::{Retention, Settings};
use crate::people::Role;

/// The organisation's settings.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct SettingsSeen {
    name: String,
    /// The language of the organisation.
    #[schemars(schema_with = "shapes::lang")]
    lang: &'static str,
    /// So many contacts in 30 days make a topic a candidate for a gap.
    candidate_inquiries: u32,
    /// Minutes that a contact takes.
    minutes_each: Option<u16>,
}

/// The settings as they are sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SettingsSent {
    #[schemars(length(max = 200))]
    name: String,
    #[schemars(schema_with = "shapes::lang")]
    lang: Lang,
    #[schemars(range(min = 2, max = 100))]
    candidate_inquiries: u32,
    #[serde(default)]
    #[schemars(range(min = 1, max = 120))]
    minutes_each: Option<u16>,
}

/// Whose people must show a code beside the passphrase.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct CodesSeen {
    #[schemars(schema_with = "shapes::roles")]
    roles: Vec<&'static str>,
    /// How many of them have none yet; they are led to set it up when they sign in.
    owing: usize,
}

/// Whose people must show a code, as they are sent.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct CodesSent {
    /// None when nobody must.
    #[schemars(schema_with = "shapes::roles")]
    roles: BTreeSet<Role>,
}

/// How long what is kept for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct KeptFor {
    /// Callers' words, in months.
    #[schemars(range(min = 1, max = 120))]
    text_months: u16,
    /// Who logged, in days.
    #[schemars(range(min = 1, max = 365))]
    author_days: u16,
    /// Who did what, in months.
    #[schemars(range(min = 1, max = 120))]
    audit_months: u16,
    /// Sessions, in days.
    #[schemars(range(min = 1, max = 30))]
    session_days: u16,
}

/// What would go by the times that were sent.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct WouldGo {
    texts: u64,
    authors: u64,
    audit: u64,
    words: u64,
    sessions: u64,
    /// Whether the clock is so far off that the counts may be wrong.
    is_clock_off: bool,
}

/// The version of all that is set.
pub(super) fn version(edge: &Edge) -> u32 {
    edge.app.state.organisation.get(Settings::entity()).map_or(0, |it| it.version)
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<SettingsSeen>, Wrong> {
    let settings = call.edge.app.state.settings();
    let seen = SettingsSeen {
        name: settings.name,
        lang: settings.lang.code(),
        candidate_inquiries: settings.candidate_inquiries,
        minutes_each: settings.minutes_each,
    };
    Ok(Given::at(seen, version(&call.edge)))
}

/// Changes what is set, held against the version that the asker has seen.
pub(super) async fn change<B: Send + Sync>(
    call: &Call<Nothing, B>,
    by: impl Fn(Settings) -> Settings + Clone + Send + 'static,
) -> Result<(), Wrong> {
    const TRIES: usize = 10;
    let (edge, who) = (&call.edge, call.who());
    for tried in 1.. {
        let known = version(edge);
        if who.version.is_some_and(|it| it != known) {
            return Err(Wrong::Stale(None));
        }
        // What was read a moment ago is what is changed, also for whoever takes any version.
        let (by, as_read) = (by.clone(), Decider { version: Some(known), ..who });
        let set = move |app: &App| app.set_settings(by(app.state.settings()), as_read);
        match edge.off_thread(set).await? {
            // Somebody was faster: whoever takes any version is not to hear of it.
            Err(DecisionError::Conflict) if who.version.is_none() && tried < TRIES => {
                edge.see_writes().await;
            }
            done => return Ok(done.map(|_| ())?),
        }
    }
    Err(Wrong::Stale(None))
}

pub(in crate::http) async fn put(
    call: Call<Nothing, SettingsSent>,
) -> Result<Option<String>, Wrong> {
    let SettingsSent { name, lang, candidate_inquiries, minutes_each } = &call.body;
    let (name, lang) = (name.trim().to_owned(), *lang);
    let (candidate_inquiries, minutes_each) = (*candidate_inquiries, *minutes_each);
    if ORGANISATION_CHARS_MAX < name.chars().count() {
        let says = format!("a name has at most {ORGANISATION_CHARS_MAX} characters");
        return Err(Wrong::field("name", says));
    }
    let set = move |old| {
        let name = name.clone();
        Settings { name, lang, candidate_inquiries, minutes_each, ..old }
    };
    change(&call, set).await.map(|()| None)
}

pub(in crate::http) async fn codes(call: Call) -> Result<Given<CodesSeen>, Wrong> {
    let app = &call.edge.app;
    let roles = app.state.settings().code_roles.iter().map(|it| it.name()).collect();
    Ok(Given::at(CodesSeen { roles, owing: app.n_owing_codes() }, version(&call.edge)))
}

pub(in crate::http) async fn demand(
    call: Call<Nothing, CodesSent>,
) -> Result<Option<String>, Wrong> {
    let (roles, who) = (call.body.roles.clone(), call.who());
    call.run(move |app| app.set_code_roles(roles, who)).await??;
    Ok(None)
}

pub(in crate::http) async fn retention(call: Call) -> Result<Given<KeptFor>, Wrong> {
    let kept = call.edge.app.state.settings().retention;
    let Retention { text_months, author_days, audit_months, session_days } = kept;
    let seen = KeptFor { text_months, author_days, audit_months, session_days };
    Ok(Given::at(seen, version(&call.edge)))
}

const fn kept(sent: KeptFor) -> Retention {
    let KeptFor { text_months, author_days, audit_months, session_days } = sent;
    Retention { text_months, author_days, audit_months, session_days }
}

pub(in crate::http) async fn keep(call: Call<Nothing, KeptFor>) -> Result<Option<String>, Wrong> {
    let retention = kept(call.body);
    change(&call, move |old| Settings { retention, ..old }).await.map(|()| None)
}

pub(in crate::http) async fn count(call: Call<Nothing, KeptFor>) -> Result<Given<WouldGo>, Wrong> {
    let retention = kept(call.body);
    let foreseen = call.run(move |app| app.foresee(retention)).await?;
    let Foreseen { due, is_clock_off } = foreseen.map_err(HttpError::internal)?;
    let Counts { texts, authors, audit, words, sessions } = due;
    Ok(Given::new(WouldGo { texts, authors, audit, words, sessions, is_clock_off }))
}
