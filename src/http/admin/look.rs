//! Looks at a website before it is read, and at one page as it would be read. No request waits for
//! a website: a look has a page of its own, which tells what has come of it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use super::{told, version};
use crate::app::CrawlFault;
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::pages::{LookPage, PassageSeen, PreviewSeen, TriedSeen};
use crate::http::routes::To;
use crate::http::{Edge, page};
use crate::id::Id;
use crate::inquiry::Norm;
use crate::jobs::words;
use crate::messages::Lang;
use crate::organisation::Site;
use crate::page::{OnePage, SitePreview};
use crate::schedule::Said;

/// So many looks are kept; the oldest goes first.
const KEPT_MAX: usize = 20;
/// So many are under way at once.
const UNDER_WAY_MAX: usize = 4;
/// A look that takes longer has failed.
const LOOK_TIME: Duration = Duration::from_secs(120);
/// So much of a page is shown as it was sent.
const SOURCE_CHARS_MAX: usize = 300_000;
/// So many passages are shown.
const PASSAGES_MAX: usize = 300;

/// A look that somebody has asked for.
#[derive(Clone)]
pub(in crate::http) struct Look {
    id: Uuid,
    /// The website.
    pub(in crate::http) site: Site,
    /// The page that is looked at; none for the whole site.
    pub(in crate::http) address: Option<String>,
    /// What came of it; none while it is under way.
    pub(in crate::http) ended: Option<Result<Seen, Said>>,
}

/// What a look has seen.
#[derive(Clone)]
pub(in crate::http) enum Seen {
    /// A website before it is read.
    Site(Arc<SitePreview>),
    /// One page.
    Page(Arc<OnePage>),
}

/// The looks that were asked for of late. They are of use for minutes, so memory will do.
#[derive(Default)]
pub(in crate::http) struct Looks(Mutex<VecDeque<Look>>);

impl Looks {
    /// Keeps one that begins; none when too many are under way.
    fn begin(&self, site: &Site, address: Option<&str>, id: Uuid) -> Option<()> {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if UNDER_WAY_MAX <= looks.iter().filter(|it| it.ended.is_none()).count() {
            return None;
        }
        while KEPT_MAX <= looks.len() {
            let oldest = looks.iter().position(|it| it.ended.is_some())?;
            looks.remove(oldest);
        }
        let (site, address) = (site.clone(), address.map(str::to_owned));
        looks.push_back(Look { id, site, address, ended: None });
        Some(())
    }

    fn end(&self, id: Uuid, ended: Result<Seen, Said>) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.iter_mut().filter(|it| it.id == id).for_each(|it| it.ended = Some(ended.clone()));
    }

    /// One of them.
    pub(in crate::http) fn get(&self, id: Uuid) -> Option<Look> {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        looks.iter().find(|it| it.id == id).cloned()
    }
}

/// Begins a look at a site, or at one page of it; it can be followed under the id.
pub(in crate::http) fn begin(
    edge: &Edge,
    site: Site,
    address: Option<String>,
) -> Result<Uuid, HttpError> {
    let id = Id::<Site>::new(edge.app.now()).uuid();
    edge.looks.begin(&site, address.as_deref(), id).ok_or(HttpError::Busy)?;
    let at_work = edge.clone();
    tokio::spawn(async move {
        let looked = tokio::time::timeout(LOOK_TIME, look(&at_work, &site, address.as_deref()));
        let ended = match looked.await {
            Ok(ended) => ended.map_err(|fault| fault.says()),
            Err(_) => Err(Said::new("look.too_long")),
        };
        at_work.looks.end(id, ended);
    });
    Ok(id)
}

/// Leads to where a look can be followed.
pub(super) fn follow(edge: &Edge, id: Uuid) -> Response {
    edge.onward(To::Look, &[&id.to_string()]).into_response()
}

async fn look(edge: &Edge, site: &Site, address: Option<&str>) -> Result<Seen, CrawlFault> {
    let parser = edge.jobs.parser();
    match address {
        None => Ok(Seen::Site(Arc::new(edge.app.preview_site(site, parser).await?))),
        Some(address) => {
            Ok(Seen::Page(Arc::new(edge.app.try_address(site, parser, address).await?)))
        }
    }
}

/// Tries one address of a site.
pub(in crate::http) async fn start(
    State(edge): State<Edge>,
    Extension(_): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let start = fields.get("start");
    let site = edge.app.state.settings().sites.into_iter().find(|it| it.start == start);
    let site = site.ok_or(HttpError::NotFound)?;
    let id = begin(&edge, site, Some(fields.get("address").trim().to_owned()))?;
    Ok(follow(&edge, id))
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    Path(id): Path<String>,
) -> Result<Response, HttpError> {
    let look = id.parse().ok().and_then(|id| edge.looks.get(id)).ok_or(HttpError::NotFound)?;
    Ok(page(&build(&edge, &caller, look)))
}

fn build(edge: &Edge, caller: &Caller, look: Look) -> LookPage {
    let sites = edge.app.state.settings().sites;
    let mut built = LookPage {
        f: edge.frame(caller, "look.title"),
        version: version(edge),
        is_known: sites.iter().any(|it| it.start == look.site.start),
        start: look.site.start.clone(),
        allow_private: look.site.allow_private,
        pace_ms: look.site.pace_ms,
        pages_max: look.site.pages_max,
        address: look.address.unwrap_or_default(),
        is_waiting: look.ended.is_none(),
        failed: None,
        preview: None,
        tried: None,
    };
    match look.ended {
        None => {}
        Some(Err(said)) => built.failed = Some(words::said(caller.lang, &said)),
        Some(Ok(Seen::Site(found))) => built.preview = Some(preview(edge, caller, &found)),
        Some(Ok(Seen::Page(found))) => built.tried = Some(tried(caller.lang, &found)),
    }
    built
}

fn preview(edge: &Edge, caller: &Caller, found: &SitePreview) -> PreviewSeen {
    let time = found.estimate.map(|it| jiff::SignedDuration::from_secs_f64(it.max(1.0)));
    PreviewSeen {
        starts: found.starts.clone(),
        left_out: told(caller.lang, &found.left_out),
        pace: format!("{:.1}", found.pace),
        sitemaps: found.sitemaps.clone(),
        listed: found.listed,
        listed_not_read: found.listed_not_read,
        changed: found.changed.map(|it| edge.day(caller, it)),
        first: found.first.clone(),
        estimate: time.map(|it| words::took(caller.lang, it)),
    }
}

fn tried(lang: Lang, found: &OnePage) -> TriedSeen {
    let passages = found.body.passages.iter().take(PASSAGES_MAX).map(|it| PassageSeen {
        path: it.path.join(" › "),
        heading: it.heading.clone(),
        text: it.text.clone(),
        norm: norm_code(it.norm).to_owned(),
    });
    TriedSeen {
        address: found.address.clone(),
        status: found.status,
        content_type: found.content_type.clone().unwrap_or_default(),
        left_out: found.left_out.as_ref().map(|it| it.says(lang)),
        own: found.own.clone(),
        links: found.links,
        title: found.body.title.clone(),
        n_passages: found.body.passages.len(),
        passages: passages.collect(),
        source: found.source.chars().take(SOURCE_CHARS_MAX).collect(),
    }
}

const fn norm_code(norm: Norm) -> &'static str {
    match norm {
        Norm::Nn => "nn",
        Norm::Nb => "nb",
        Norm::En => "en",
        Norm::Other => "other",
        Norm::Unsure => "unsure",
    }
}
