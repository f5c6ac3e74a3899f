//! A look at a website before it is read, or at one page as it would be read. It takes a while, so
//! it is asked for first and fetched later.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::admin::look::{self as screen, Seen};
use crate::http::admin::site::start_of;
use crate::http::api::op::{Call, Given, Nothing, Wrong};
use crate::http::api::shapes;
use crate::http::edge::HttpError;
use crate::messages::Lang;
use crate::organisation::Site;
use crate::page::{OnePage, Reason, SitePreview};

/// So many passages are told.
const PASSAGES_MAX: usize = 300;

/// What is to be looked at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct LookSent {
    /// Where the website begins; one that is there already is looked at as it is set.
    #[schemars(length(min = 8, max = 400))]
    start: String,
    /// One page of it; the website as a whole when left out.
    #[serde(default)]
    #[schemars(length(max = 1_000))]
    address: Option<String>,
    /// Whether it may lie in a private network.
    #[serde(default)]
    allow_private: bool,
}

/// A look that has begun.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct LookBegun {
    id: String,
}

/// What has come of a look.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::http) struct LookSeen {
    start: String,
    address: Option<String>,
    /// Whether it is still under way.
    is_waiting: bool,
    /// Why nothing could be seen.
    failed: Option<String>,
    site: Option<SiteLooked>,
    page: Option<PageLooked>,
}

/// A website before it is read.
#[derive(Debug, Serialize, JsonSchema)]
struct SiteLooked {
    /// Where it really begins.
    starts: Vec<String>,
    left_out: Vec<LeftOut>,
    /// The pause between two pages, in seconds.
    pace: f64,
    sitemaps: Vec<String>,
    /// Pages in its lists that would be read.
    listed: usize,
    /// Pages in them that would not.
    listed_not_read: usize,
    changed: Option<Timestamp>,
    /// The first pages that would be read.
    first: Vec<String>,
    /// How long reading takes, in seconds.
    estimate: Option<f64>,
}

/// An address that is not read.
#[derive(Debug, Serialize, JsonSchema)]
struct LeftOut {
    address: String,
    why: String,
}

/// One page as it would be read.
#[derive(Debug, Serialize, JsonSchema)]
struct PageLooked {
    address: String,
    status: u16,
    content_type: Option<String>,
    /// Why it would not be kept.
    left_out: Option<String>,
    title: String,
    links: usize,
    passages: Vec<PassageLooked>,
}

/// A passage of it.
#[derive(Debug, Serialize, JsonSchema)]
struct PassageLooked {
    heading: String,
    text: String,
    #[schemars(schema_with = "shapes::norm")]
    norm: &'static str,
}

pub(in crate::http) async fn begin(
    call: Call<Nothing, LookSent>,
) -> Result<Given<LookBegun>, Wrong> {
    let LookSent { start, address, allow_private } = &call.body;
    let wrong = || Wrong::field("start", "it must be a web address, https://...");
    let start = start_of(start).ok_or_else(wrong)?;
    let known = call.edge.app.state.settings().sites.into_iter().find(|it| it.start == start);
    let fresh = || Site { allow_private: *allow_private, ..Site::new(&start) };
    let address = address.as_ref().map(|it| it.trim().to_owned()).filter(|it| !it.is_empty());
    if known.is_none() && address.is_some() {
        return Err(Wrong::field("start", "a page is looked at of a website that is set"));
    }
    let id = screen::begin(&call.edge, known.unwrap_or_else(fresh), address)?;
    Ok(Given::new(LookBegun { id: id.to_string() }))
}

pub(in crate::http) async fn one(call: Call) -> Result<Given<LookSeen>, Wrong> {
    let id = call.last().parse().map_err(|_| HttpError::NotFound)?;
    let look = call.edge.looks.get(id).ok_or(HttpError::NotFound)?;
    let mut seen = LookSeen {
        start: look.site.start,
        address: look.address,
        is_waiting: look.ended.is_none(),
        failed: None,
        site: None,
        page: None,
    };
    match look.ended {
        None => {}
        Some(Err(said)) => seen.failed = Some(crate::jobs::words::said(Lang::En, &said)),
        Some(Ok(Seen::Site(found))) => seen.site = Some(site(&found)),
        Some(Ok(Seen::Page(found))) => seen.page = Some(page(&found)),
    }
    Ok(Given::new(seen))
}

fn left_out((address, why): &(String, Reason)) -> LeftOut {
    LeftOut { address: address.clone(), why: why.says(Lang::En) }
}

fn site(found: &SitePreview) -> SiteLooked {
    SiteLooked {
        starts: found.starts.clone(),
        left_out: found.left_out.iter().map(left_out).collect(),
        pace: found.pace,
        sitemaps: found.sitemaps.clone(),
        listed: found.listed,
        listed_not_read: found.listed_not_read,
        changed: found.changed,
        first: found.first.clone(),
        estimate: found.estimate,
    }
}

fn page(found: &OnePage) -> PageLooked {
    let passages = found.body.passages.iter().take(PASSAGES_MAX).map(|it| PassageLooked {
        heading: it.heading.clone(),
        text: it.text.clone(),
        norm: it.norm.name(),
    });
    PageLooked {
        address: found.address.clone(),
        status: found.status,
        content_type: found.content_type.clone(),
        left_out: found.left_out.as_ref().map(|it| it.says(Lang::En)),
        title: found.body.title.clone(),
        links: found.links,
        passages: passages.collect(),
    }
}
