//! The websites: which there are, how each is read, and how its crawl goes.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::{change, version};
use crate::app::{SiteQuestion, SiteTrouble};
use crate::http::Edge;
use crate::http::admin::site::{faults, start_of};
use crate::http::api::op::{Call, Given, List, Nothing, Wrong};
use crate::http::edge::HttpError;
use crate::id::{Id, Named};
use crate::organisation::{Settings, Site};
use crate::page::SiteAnswer;

/// A website, for its id: what it begins with is too long for an address.
struct Website;

impl Named for Website {
    const PREFIX: &'static str = "site";
}

/// A website.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct SiteSeen {
    id: String,
    /// Where a crawl begins.
    start: String,
    /// Further places where it begins.
    more: Vec<String>,
    /// Paths that are read alone, when there are any.
    allowed: Vec<String>,
    /// Paths that are not read.
    denied: Vec<String>,
    /// Languages that are read alone, when there are any.
    languages: Vec<String>,
    /// Days of the week on which it is read; none for all.
    days: Vec<String>,
    /// So long between two pages, in thousandths of a second.
    pace_ms: u32,
    pages_max: u32,
    /// Whether it lies in a private network.
    allow_private: bool,
    /// Ranges of addresses of that network.
    ranges: Vec<String>,
    /// Pages that are known.
    pages: usize,
    /// What its last crawl asks; null when nothing.
    asks: Option<QuestionSeen>,
    /// The version of all that is set, which a change is held against.
    version: u32,
    /// How its crawl goes; null while none does.
    progress: Option<CrawlSeen>,
    /// How the last crawl went.
    last: Option<LastCrawl>,
}

/// What a crawl asks before it lets pages go.
#[derive(Debug, Serialize, JsonSchema)]
struct QuestionSeen {
    /// What seems to be wrong.
    trouble: TroubleSeen,
    since: Timestamp,
    /// So many pages are kept as they were until somebody answers.
    pages: usize,
}

/// What seems to be wrong with a website.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum TroubleSeen {
    /// Too many pages are missing at once.
    Missing,
    /// Pages show a notice in place of their text.
    Notice,
    /// It does not answer, or does not want to be read.
    Silent,
}

/// An answer to what a crawl asks.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum AnswerGiven {
    /// The pages are gone.
    Accept,
    /// They are kept.
    Keep,
}

/// An answer to what a crawl asks.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AnswerSent {
    answer: AnswerGiven,
}

/// How a crawl goes.
#[derive(Debug, Serialize, JsonSchema)]
struct CrawlSeen {
    found: usize,
    waiting: usize,
    left_out: usize,
    passages: usize,
    /// The address that was asked for last.
    address: String,
}

/// How a crawl went.
#[derive(Debug, Serialize, JsonSchema)]
struct LastCrawl {
    started: Timestamp,
    ended: Option<Timestamp>,
    /// Pages read; null when it did not come to its end.
    read: Option<u32>,
    new: Option<u32>,
    changed: Option<u32>,
    gone: Option<u32>,
    failed: Option<String>,
}

/// A website as it is sent.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SiteSent {
    /// Where a crawl begins; it stays what it was.
    #[schemars(length(min = 8, max = 400))]
    start: String,
    #[serde(default)]
    #[schemars(length(max = 20))]
    more: Vec<String>,
    #[serde(default)]
    #[schemars(length(max = 20))]
    allowed: Vec<String>,
    #[serde(default)]
    #[schemars(length(max = 20))]
    denied: Vec<String>,
    #[serde(default)]
    #[schemars(length(max = 20))]
    languages: Vec<String>,
    #[serde(default)]
    #[schemars(length(max = 7))]
    days: Vec<String>,
    #[serde(default)]
    #[schemars(range(max = 60_000))]
    pace_ms: Option<u32>,
    #[serde(default)]
    #[schemars(range(min = 1, max = 1_000_000))]
    pages_max: Option<u32>,
    #[serde(default)]
    allow_private: bool,
    #[serde(default)]
    #[schemars(length(max = 20))]
    ranges: Vec<String>,
}

/// Whether something is under way.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct Stopping {
    /// Whether there was anything to stop.
    was_running: bool,
}

impl SiteSent {
    fn site(&self) -> Result<Site, Wrong> {
        let start = start_of(&self.start)
            .ok_or_else(|| Wrong::field("start", "it must be a web address, https://..."))?;
        let site = Site {
            start,
            allow_private: self.allow_private,
            pace_ms: self.pace_ms.unwrap_or(Site::PACE_MS),
            pages_max: self.pages_max.unwrap_or(Site::PAGES_MAX),
            more: self.more.clone(),
            allowed: self.allowed.clone(),
            denied: self.denied.clone(),
            languages: self.languages.clone(),
            days: self.days.clone(),
            ranges: self.ranges.clone(),
        };
        match faults(&site).first() {
            None => Ok(site),
            Some((field, key)) => {
                Err(Wrong::field(field, crate::messages::Lang::En.text(key).to_owned()))
            }
        }
    }
}

fn id_of(site: &Site) -> String {
    Id::<Website>::derived(&[b"site", site.start.as_bytes()]).to_string()
}

fn seen(edge: &Edge, it: &Site) -> SiteSeen {
    let state = &edge.app.state;
    let last = state.crawls.read().iter().rev().find(|row| row.row.site == it.start).cloned();
    let progress = edge.app.crawl_progress(&it.start);
    let pages = state.pages.read();
    let Site { start, allow_private, pace_ms, pages_max, .. } = it.clone();
    let Site { more, allowed, denied, languages, days, ranges, .. } = it.clone();
    SiteSeen {
        id: id_of(it),
        asks: edge.app.site_question(&start).ok().flatten().map(|it| asks(&it)),
        version: version(edge),
        pages: pages.iter().filter(|p| !p.row.gone && p.row.facts.site == start).count(),
        progress: progress.map(|it| CrawlSeen {
            found: it.report.found,
            waiting: it.report.waiting,
            left_out: it.report.n_left_out,
            passages: it.passages,
            address: it.address,
        }),
        last: last.map(|it| {
            let counts = it.row.counts.as_ref();
            LastCrawl {
                started: it.row.started,
                ended: it.row.ended,
                read: counts.map(|it| it.read),
                new: counts.map(|it| it.new),
                changed: counts.map(|it| it.changed),
                gone: counts.map(|it| it.gone),
                failed: it.row.failed.clone(),
            }
        }),
        start,
        more,
        allowed,
        denied,
        languages,
        days,
        pace_ms,
        pages_max,
        allow_private,
        ranges,
    }
}

fn asks(it: &SiteQuestion) -> QuestionSeen {
    let trouble = match it.kind {
        SiteTrouble::Missing => TroubleSeen::Missing,
        SiteTrouble::Notice => TroubleSeen::Notice,
        SiteTrouble::Silent => TroubleSeen::Silent,
    };
    QuestionSeen { trouble, since: it.since, pages: it.pages.len() }
}

fn found<Q, B>(call: &Call<Q, B>) -> Result<Site, Wrong> {
    let id = call.path.first().map_or("", String::as_str);
    let sites = call.edge.app.state.settings().sites;
    Ok(sites.into_iter().find(|it| id_of(it) == id).ok_or(HttpError::NotFound)?)
}

pub(in crate::http) async fn list(call: Call) -> Result<Given<List<SiteSeen>>, Wrong> {
    let sites = call.edge.app.state.settings().sites;
    let items: Vec<SiteSeen> = sites.iter().map(|it| seen(&call.edge, it)).collect();
    let total = items.len();
    Ok(call.list(items, Some(total), None))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<SiteSeen>, Wrong> {
    let site = found(&call)?;
    Ok(Given::at(seen(&call.edge, &site), version(&call.edge)))
}

pub(in crate::http) async fn add(call: Call<Nothing, SiteSent>) -> Result<String, Wrong> {
    let site = call.body.site()?;
    let id = id_of(&site);
    let sites = call.edge.app.state.settings().sites;
    // Sent again, nothing is added; a site has one place among the others.
    if let Some(known) = sites.iter().find(|it| it.start == site.start) {
        let is_same = *known == site;
        let says = "the site is there already; change it with PUT";
        return if is_same { Ok(id) } else { Err(Wrong::Unfit(says.to_owned())) };
    }
    if Settings::SITES_MAX <= sites.len() {
        return Err(Wrong::Unfit("there can be at most 20 sites".to_owned()));
    }
    let add = move |mut old: Settings| {
        if old.sites.iter().all(|it| it.start != site.start) {
            old.sites.push(site.clone());
        }
        old
    };
    change(&call, add).await?;
    Ok(id)
}

pub(in crate::http) async fn put(call: Call<Nothing, SiteSent>) -> Result<Option<String>, Wrong> {
    let (old, site) = (found(&call)?, call.body.site()?);
    if old.start != site.start {
        return Err(Wrong::field("start", "it stays what it was; add another site for another"));
    }
    let put = move |mut settings: Settings| {
        settings.sites.iter_mut().filter(|it| it.start == site.start).for_each(|it| {
            *it = site.clone();
        });
        settings
    };
    change(&call, put).await.map(|()| None)
}

pub(in crate::http) async fn remove(call: Call) -> Result<(), Wrong> {
    let site = found(&call)?;
    let remove = move |mut settings: Settings| {
        settings.sites.retain(|it| it.start != site.start);
        settings
    };
    change(&call, remove).await
}

pub(in crate::http) async fn stop(call: Call) -> Result<Given<Stopping>, Wrong> {
    let site = found(&call)?;
    Ok(Given::new(Stopping { was_running: call.edge.app.stop_crawl(&site.start) }))
}

pub(in crate::http) async fn answer(
    call: Call<Nothing, AnswerSent>,
) -> Result<Given<SiteSeen>, Wrong> {
    let (site, by) = (found(&call)?, call.by());
    let answer = match call.body.answer {
        AnswerGiven::Accept => SiteAnswer::Accept,
        AnswerGiven::Keep => SiteAnswer::Keep,
    };
    let start = site.start.clone();
    let done = call.run(move |app| app.answer_site(&start, answer, by)).await?;
    done.map_err(HttpError::internal)?;
    call.edge.see_writes().await;
    Ok(Given::new(seen(&call.edge, &site)))
}
