//! The organisation's settings and its sites.

pub(super) mod audit;
pub(super) mod calls;
pub(super) mod hooks;
pub(super) mod jobs;
pub(super) mod look;
pub(super) mod people;
pub(super) mod personal_data;
pub(super) mod places;
pub(super) mod retention;
pub(super) mod site;
pub(super) mod system;
pub(super) mod timing;
pub(super) mod tokens;

use std::ops::RangeInclusive;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::app::{Decider, DecisionError};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{
    Choice, CrawlSeen, FieldError, OrganisationPage, SiteForm, SiteSeen, SitesPage,
};
use crate::http::routes::To;
use crate::http::sign_in::ORGANISATION_CHARS_MAX;
use crate::http::{Edge, page, stale, wrong};
use crate::jobs::words;
use crate::messages::Lang;
use crate::organisation::{Settings, Site};
use crate::page::{CrawlRow, Reason};
use crate::schedule::Job;

/// The lowest and highest threshold that makes sense.
const CANDIDATES: RangeInclusive<u32> = 2..=100;

fn version(edge: &Edge) -> u32 {
    edge.app.state.organisation.get(Settings::entity()).map_or(0, |it| it.version)
}

pub(in crate::http) async fn show(State(edge): State<Edge>, Extension(caller): Asking) -> Response {
    page(&organisation(&edge, &caller, &edge.app.state.settings()))
}

fn organisation(edge: &Edge, caller: &Caller, settings: &Settings) -> OrganisationPage {
    let f = edge.frame(caller, "organisation.title");
    let langs = f.languages().into_iter();
    OrganisationPage {
        version: version(edge),
        name: settings.name.clone(),
        langs: langs.map(|it| Choice { chosen: it.value == settings.lang.code(), ..it }).collect(),
        zone: edge.app.zone.iana_name().unwrap_or("UTC").to_owned(),
        candidate_inquiries: settings.candidate_inquiries.to_string(),
        minutes_each: settings.minutes_each.map_or(String::new(), |it| it.to_string()),
        errors: vec![],
        conflict: false,
        f,
    }
}

/// Reads the settings that a form asks for, and what is wrong with them.
fn read(edge: &Edge, caller: &Caller, fields: &Fields) -> (Settings, Vec<FieldError>) {
    let mut errors = vec![];
    let mut err = |field, key: &str| {
        errors.push(FieldError { field, text: caller.lang.text(key).to_owned() });
    };
    let name = fields.get("name").trim().to_owned();
    if ORGANISATION_CHARS_MAX < name.chars().count() {
        err("name", "organisation.wrong_name");
    }
    let old = edge.app.state.settings();
    let candidate = fields.get("candidate_inquiries").trim().parse().ok();
    let candidate = candidate.filter(|it| CANDIDATES.contains(it));
    if candidate.is_none() {
        err("candidate_inquiries", "organisation.wrong_candidate");
    }
    let minutes = fields.get("minutes_each").trim().to_owned();
    let minutes_each = minutes.parse().ok().filter(|it| Settings::MINUTES_EACH.contains(it));
    if minutes_each.is_none() && !minutes.is_empty() {
        err("minutes_each", "organisation.wrong_minutes");
    }
    let lang = Lang::parse(&fields.get("lang")).unwrap_or(old.lang);
    let candidate_inquiries = candidate.unwrap_or(old.candidate_inquiries);
    (Settings { name, lang, candidate_inquiries, minutes_each, ..old }, errors)
}

pub(in crate::http) async fn set(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let (settings, errors) = read(&edge, &caller, &fields);
    if !errors.is_empty() {
        let candidate_inquiries = fields.get("candidate_inquiries");
        let minutes_each = fields.get("minutes_each");
        let built = organisation(&edge, &caller, &settings);
        let typed = OrganisationPage { errors, candidate_inquiries, minutes_each, ..built };
        return Ok(wrong(&typed));
    }
    let who = Decider { by: caller.by(), version: seen(&fields)? };
    let typed = settings.clone();
    match edge.off_thread(move |app| app.set_settings(settings, who)).await? {
        Ok(_) => {
            edge.see_writes().await;
            let told = Told::new("organisation.saved");
            Ok(edge.onward(To::Organisation, &[]).saying(&told).into_response())
        }
        Err(DecisionError::Conflict) => {
            let built = organisation(&edge, &caller, &typed);
            Ok(stale(&OrganisationPage { conflict: true, ..built }))
        }
        Err(error) => Err(error.into()),
    }
}

/// The version that the sender has seen.
fn seen(fields: &Fields) -> Result<Option<u32>, HttpError> {
    fields.version().map(Some)
}

pub(in crate::http) async fn show_sites(
    State(edge): State<Edge>,
    Extension(caller): Asking,
) -> Response {
    page(&sites(&edge, &caller, usual()))
}

fn usual() -> SiteForm {
    SiteForm {
        pace_ms: Site::PACE_MS.to_string(),
        pages_max: Site::PAGES_MAX.to_string(),
        ..SiteForm::default()
    }
}

fn sites(edge: &Edge, caller: &Caller, form: SiteForm) -> SitesPage {
    let state = &edge.app.state;
    let crawls = state.crawls.all();
    let pages = state.pages.all();
    let site = |it: &Site| {
        let last = crawls.iter().rev().find(|crawl| crawl.row.site == it.start);
        SiteSeen {
            start: it.start.clone(),
            allow_private: it.allow_private,
            pace_ms: it.pace_ms,
            pages_max: it.pages_max,
            pages: pages.iter().filter(|p| !p.row.gone && p.row.facts.site == it.start).count(),
            is_running: edge.app.is_read_now(&it.start),
            crawl: last.map(|it| crawl_seen(edge, caller, &it.row)),
        }
    };
    SitesPage {
        f: edge.frame(caller, "sites.title"),
        version: version(edge),
        sites: state.settings().sites.iter().map(site).collect(),
        form,
        can_crawl: edge.jobs.look(Job::Crawl).progress.is_none(),
        conflict: false,
    }
}

/// Addresses that were left out, each with the reason in the reader's language.
fn told(lang: Lang, left_out: &[(String, Reason)]) -> Vec<(String, String)> {
    left_out.iter().map(|(address, why)| (address.clone(), why.says(lang))).collect()
}

fn crawl_seen(edge: &Edge, caller: &Caller, row: &CrawlRow) -> CrawlSeen {
    let at = edge.day_and_time(caller, row.ended.unwrap_or(row.started));
    let detail = row.failed.clone();
    // Older records have only what the program said.
    let says = row.says.as_ref().map(|it| words::said(caller.lang, it));
    let failed = says.or_else(|| detail.clone());
    let Some(counts) = &row.counts else {
        return CrawlSeen { at, failed, detail, ..CrawlSeen::default() };
    };
    CrawlSeen {
        at,
        failed,
        detail,
        read: counts.read,
        new: counts.new,
        changed: counts.changed,
        gone: counts.gone,
        left_out: counts.left_out,
        reasons: told(caller.lang, &counts.reasons),
        kept: counts.kept,
    }
}

pub(in crate::http) async fn change_sites(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let mut settings = edge.app.state.settings();
    let start = fields.get("start").trim().to_owned();
    let key = match fields.get("change").as_str() {
        change @ ("add" | "look") => {
            let (site, errors) = read_site(&caller, &fields, &settings);
            if !errors.is_empty() {
                let form = SiteForm { errors, ..typed_site(&fields) };
                return Ok(wrong(&sites(&edge, &caller, form)));
            }
            if change == "look" {
                return look::begin(&edge, site, None).map(|id| look::follow(&edge, id));
            }
            settings.sites.push(site);
            "sites.added"
        }
        "remove" => {
            settings.sites.retain(|it| it.start != start);
            "sites.removed"
        }
        _ => return Err(HttpError::Invalid),
    };
    let who = Decider { by: caller.by(), version: seen(&fields)? };
    match edge.off_thread(move |app| app.set_settings(settings, who)).await? {
        Ok(_) => {
            edge.see_writes().await;
            if key == "sites.added" {
                // A site is of use once it was read.
                if let Err(refused) = edge.jobs.start(Job::Crawl, caller.by()) {
                    tracing::info!("the new site waits for the next crawl: {refused}");
                }
            }
            Ok(edge.onward(To::Sites, &[]).saying(&Told::new(key)).into_response())
        }
        Err(DecisionError::Conflict) => {
            let built = sites(&edge, &caller, typed_site(&fields));
            Ok(stale(&SitesPage { conflict: true, ..built }))
        }
        Err(error) => Err(error.into()),
    }
}

fn typed_site(fields: &Fields) -> SiteForm {
    SiteForm {
        start: fields.get("start"),
        allow_private: fields.find("allow_private").is_some(),
        pace_ms: fields.get("pace_ms"),
        pages_max: fields.get("pages_max"),
        errors: vec![],
    }
}

fn read_site(caller: &Caller, fields: &Fields, settings: &Settings) -> (Site, Vec<FieldError>) {
    let mut errors = vec![];
    let mut err = |field, key: &str| {
        errors.push(FieldError { field, text: caller.lang.text(key).to_owned() });
    };
    let mut number = |field, usual: u32, range: RangeInclusive<u32>| match fields.find(field) {
        None => usual,
        Some(typed) => match typed.trim().parse() {
            Ok(n) if range.contains(&n) => n,
            _ => {
                err(field, "sites.wrong_number");
                usual
            }
        },
    };
    let pace_ms = number("pace_ms", Site::PACE_MS, 0..=Site::PACE_MS_MAX);
    let pages_max = number("pages_max", Site::PAGES_MAX, 1..=Site::PAGES_MAX_MAX);
    let start = site::start_of(&fields.get("start")).unwrap_or_default();
    if start.is_empty() {
        err("start", "sites.wrong_start");
    } else if settings.sites.iter().any(|it| it.start == start) {
        err("start", "sites.wrong_known");
    } else if Settings::SITES_MAX <= settings.sites.len() {
        err("start", "sites.too_many");
    }
    let allow_private = fields.find("allow_private").is_some();
    let usual = Site::new(&start);
    (Site { allow_private, pace_ms, pages_max, ..usual }, errors)
}
