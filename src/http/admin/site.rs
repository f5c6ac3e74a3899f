//! One website: how its crawl goes, what it asks, its settings, what was found on it.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::{crawl_seen, seen, version};
use crate::app::{Decider, DecisionError, SiteTrouble};
use crate::http::edge::HttpError;
use crate::http::edge::caller::Caller;
use crate::http::edge::fields::{Asking, Fields};
use crate::http::edge::notice::Told;
use crate::http::pages::{
    Choice, CrawlFigures, DeadSeen, FieldError, OldSeen, QuestionSeen, SitePage, SiteSettings,
    render,
};
use crate::http::routes::To;
use crate::http::{Edge, page, stale, wrong};
use crate::messages::Lang;
use crate::organisation::Site;
use crate::page::{CrawlProgress, SiteAnswer};
use crate::schedule::{Job, Rhythm, Standing};

/// So many crawls are shown.
const CRAWLS_SHOWN: usize = 10;
/// So many pages of a list are shown.
const LISTED_MAX: usize = 50;
/// A stream ends by itself after so long; a browser takes it up again.
const STREAM_TIME: Duration = Duration::from_secs(60);
/// So often a stream tells how the crawl goes at most.
const STREAM_ROUND: Duration = Duration::from_millis(500);

fn wanted(edge: &Edge, start: &str) -> Result<Site, HttpError> {
    let sites = edge.app.state.settings().sites;
    sites.into_iter().find(|it| it.start == start).ok_or(HttpError::NotFound)
}

pub(in crate::http) async fn show(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let start = Fields::parse(query.unwrap_or_default().as_bytes()).get("start");
    let site = wanted(&edge, &start)?;
    let form = settings_of(caller.lang, &site);
    Ok(page(&build(&edge, &caller, (site, form)).await?))
}

async fn build(
    edge: &Edge,
    caller: &Caller,
    (site, form): (Site, SiteSettings),
) -> Result<SitePage, HttpError> {
    let start = site.start.clone();
    let found = edge.off_thread(move |app| {
        let question = app.site_question(&start).map_err(HttpError::internal)?;
        let dead = app.dead_links(&start).map_err(HttpError::internal)?;
        Ok::<_, HttpError>((question, dead, app.untouched_pages(&start)))
    });
    let (question, dead, old) = found.await??;
    let crawls = edge.app.state.crawls.all();
    let own = crawls.iter().rev().filter(|it| it.row.site == site.start);
    let progress = edge.app.crawl_progress(&site.start);
    let look = edge.jobs.look(Job::Crawl);
    let next = match look.standing {
        Standing::Waits(next) => {
            let at = edge.day_and_time(caller, next);
            Some(caller.lang.fill("site.next", &[("at", &at)]))
        }
        Standing::Off => Some(caller.lang.text("site.next_off").to_owned()),
        Standing::Due { .. } | Standing::Running | Standing::ClockBehind => None,
    };
    let pages = edge.app.state.pages.all();
    let old_seen = old.iter().take(LISTED_MAX).map(|it| OldSeen {
        address: it.address.clone(),
        title: it.title.clone(),
        since: edge.day(caller, it.since),
    });
    let dead_seen = dead.iter().take(LISTED_MAX).map(|it| DeadSeen {
        address: it.address.clone(),
        status: it.status,
        on: it.on.clone(),
        more: it.n_on.saturating_sub(it.on.len()),
    });
    Ok(SitePage {
        f: edge.frame(caller, "site.title"),
        version: version(edge),
        pages: pages.iter().filter(|it| !it.row.gone && it.row.facts.site == site.start).count(),
        start: site.start.clone(),
        progress: progress.as_ref().map(|it| figures(caller.lang, it)),
        can_crawl: look.progress.is_none(),
        next,
        question: question.map(|it| QuestionSeen {
            kind: trouble(it.kind).to_owned(),
            since: edge.day(caller, it.since),
            n: it.pages.len(),
            pages: it.pages.into_iter().take(LISTED_MAX).collect(),
        }),
        crawls: own.take(CRAWLS_SHOWN).map(|it| crawl_seen(edge, caller, &it.row)).collect(),
        dead: dead_seen.collect(),
        n_dead: dead.len(),
        old: old_seen.collect(),
        n_old: old.len(),
        form,
        conflict: false,
    })
}

const fn trouble(kind: SiteTrouble) -> &'static str {
    match kind {
        SiteTrouble::Missing => "missing",
        SiteTrouble::Notice => "notice",
        SiteTrouble::Silent => "silent",
    }
}

fn figures(lang: Lang, progress: &CrawlProgress) -> CrawlFigures {
    let report = &progress.report;
    let speed = format!("{:.1}", progress.speed());
    CrawlFigures {
        pages: report.found,
        passages: progress.passages,
        speed: if lang == Lang::En { speed } else { speed.replace('.', ",") },
        waiting: report.waiting,
        left_out: report.n_left_out,
        failed: report.failed.iter().map(|(why, n)| (why.says(lang), *n)).collect(),
        address: progress.address.clone(),
        lang,
    }
}

fn settings_of(lang: Lang, site: &Site) -> SiteSettings {
    let days = Rhythm::day_names().map(|day| Choice {
        value: day.to_owned(),
        label: lang.text(&format!("weekday.{day}")).to_owned(),
        chosen: site.days.iter().any(|it| it == day),
    });
    SiteSettings {
        more: site.more.join("\n"),
        allowed: site.allowed.join("\n"),
        denied: site.denied.join("\n"),
        languages: site.languages.join(" "),
        days: days.collect(),
        pace_ms: site.pace_ms.to_string(),
        pages_max: site.pages_max.to_string(),
        allow_private: site.allow_private,
        ranges: site.ranges.join("\n"),
        errors: vec![],
    }
}

/// Reads the settings of a site as typed, and what is wrong with them.
fn read(caller: &Caller, fields: &Fields, old: &Site) -> (Site, SiteSettings) {
    let lines = |name: &str| -> Vec<String> {
        fields.get(name).split_whitespace().map(str::to_owned).collect()
    };
    let number = |name: &str| fields.get(name).trim().parse::<u32>().ok();
    let pace_ms = number("pace_ms").filter(|it| *it <= Site::PACE_MS_MAX);
    let pages_max = number("pages_max").filter(|it| (1..=Site::PAGES_MAX_MAX).contains(it));
    let site = Site {
        more: lines("more"),
        allowed: lines("allowed"),
        denied: lines("denied"),
        languages: lines("languages"),
        days: fields.all("day").into_iter().map(str::to_owned).collect(),
        ranges: lines("ranges"),
        allow_private: fields.find("allow_private").is_some(),
        pace_ms: pace_ms.unwrap_or(old.pace_ms),
        pages_max: pages_max.unwrap_or(old.pages_max),
        ..old.clone()
    };
    let mut faults = faults(&site);
    let numbers = [("pace_ms", pace_ms), ("pages_max", pages_max)];
    let wrong = numbers.into_iter().filter(|it| it.1.is_none());
    faults.extend(wrong.map(|it| (it.0, "sites.wrong_number")));
    let error = |(field, key): (&'static str, &str)| FieldError {
        field,
        text: caller.lang.text(key).to_owned(),
    };
    let typed = SiteSettings {
        pace_ms: fields.get("pace_ms"),
        pages_max: fields.get("pages_max"),
        errors: faults.into_iter().map(error).collect(),
        ..settings_of(caller.lang, &site)
    };
    (site, typed)
}

/// What is wrong with a site's settings: the field, and the sentence that says so.
pub(in crate::http) fn faults(site: &Site) -> Vec<(&'static str, &'static str)> {
    let is_path = |it: &String| it.starts_with('/') || it.starts_with('*');
    let is_range = |it: &String| it.parse::<crate::net::IpRange>().is_ok();
    let checks = [
        ("more", "sites.wrong_start", site.more.iter().all(|it| start_of(it).is_some())),
        ("allowed", "site.wrong_path", site.allowed.iter().all(is_path)),
        ("denied", "site.wrong_path", site.denied.iter().all(is_path)),
        ("ranges", "site.wrong_range", site.ranges.iter().all(is_range)),
        ("more", "site.too_much", site.is_within_limits()),
    ];
    let wrong = checks.into_iter().find(|it| !it.2);
    wrong.into_iter().map(|it| (it.0, it.1)).collect()
}

/// Reads the address at which a website begins; none when it is no such address, or too long.
pub(in crate::http) fn start_of(typed: &str) -> Option<String> {
    let parsed = url::Url::parse(typed.trim()).ok()?;
    // A passphrase in an address would stand in the journal and on every screen.
    let is_open = parsed.username().is_empty() && parsed.password().is_none();
    let is_web = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
    let is_short = parsed.as_str().chars().count() <= Site::START_CHARS_MAX;
    (is_open && is_web && is_short).then(|| parsed.to_string())
}

pub(in crate::http) async fn change(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    fields: Fields,
) -> Result<Response, HttpError> {
    let site = wanted(&edge, &fields.get("start"))?;
    let start = site.start.clone();
    let key = match fields.get("change").as_str() {
        "stop" => {
            edge.app.stop_crawl(&start);
            "site.stopping"
        }
        "accept" => answer(&edge, &caller, (&start, SiteAnswer::Accept)).await?,
        "keep" => answer(&edge, &caller, (&start, SiteAnswer::Keep)).await?,
        "set" => return set(&edge, &caller, &fields).await,
        _ => return Err(HttpError::Invalid),
    };
    edge.see_writes().await;
    Ok(edge.onward_to_site(&start).saying(&Told::new(key)).into_response())
}

async fn answer(
    edge: &Edge,
    caller: &Caller,
    (start, answer): (&str, SiteAnswer),
) -> Result<&'static str, HttpError> {
    let (start, by) = (start.to_owned(), caller.by());
    let done = edge.off_thread(move |app| app.answer_site(&start, answer, by)).await?;
    done.map_err(HttpError::internal)?;
    Ok(match answer {
        SiteAnswer::Accept => "site.accepted",
        SiteAnswer::Keep => "site.kept",
    })
}

async fn set(edge: &Edge, caller: &Caller, fields: &Fields) -> Result<Response, HttpError> {
    let mut settings = edge.app.state.settings();
    let start = fields.get("start");
    let at = settings.sites.iter().position(|it| it.start == start).ok_or(HttpError::NotFound)?;
    let (site, typed) = read(caller, fields, &settings.sites[at]);
    if !typed.errors.is_empty() {
        return Ok(wrong(&build(edge, caller, (site, typed)).await?));
    }
    settings.sites[at] = site.clone();
    let who = Decider { by: caller.by(), version: seen(fields)? };
    match edge.off_thread(move |app| app.set_settings(settings, who)).await? {
        Ok(_) => {
            edge.see_writes().await;
            Ok(edge.onward_to_site(&start).saying(&Told::new("site.saved")).into_response())
        }
        Err(DecisionError::Conflict) => {
            let built = build(edge, caller, (site, typed)).await?;
            Ok(stale(&SitePage { conflict: true, ..built }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Tells how the crawl of a site goes while it goes, as server-sent events: each is the panel as
/// the page shows it, in the reader's language; `ended` says that there is none any more.
pub(in crate::http) async fn progress(
    State(edge): State<Edge>,
    Extension(caller): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, HttpError> {
    let start = Fields::parse(query.unwrap_or_default().as_bytes()).get("start");
    wanted(&edge, &start)?;
    let lang = caller.lang;
    let begun = tokio::time::Instant::now();
    let told = stream::unfold(Some(true), move |state| {
        let (edge, start) = (edge.clone(), start.clone());
        async move {
            let is_first = state?;
            if !is_first {
                tokio::time::sleep(STREAM_ROUND).await;
            }
            if STREAM_TIME < begun.elapsed() {
                return None;
            }
            let Some(progress) = edge.app.crawl_progress(&start) else {
                let ended = Event::default().event("ended").data("ended");
                return Some((Ok::<_, Infallible>(ended), None));
            };
            let panel = render(&figures(lang, &progress)).replace(['\r', '\n'], " ");
            Some((Ok(Event::default().data(panel)), Some(false)))
        }
    });
    Ok(Sse::new(told).keep_alive(KeepAlive::default()).into_response())
}

impl Edge {
    /// The way to the page of a site.
    fn onward_to_site(&self, start: &str) -> crate::http::edge::notice::Onward {
        let start: String = url::form_urlencoded::byte_serialize(start.as_bytes()).collect();
        let to = format!("{}?start={start}", To::Site.link(&[]));
        crate::http::edge::notice::Onward::to(to, self.secure)
    }
}
