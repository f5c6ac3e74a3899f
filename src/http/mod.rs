//! The edge that speaks HTTP: the route table, one file for each screen, and the pages' structs.
//!
//! Screens call the application's verbs and map what they get to a page; they decide nothing.

mod account;
mod admin;
mod api;
mod browser;
pub mod edge;
mod figures;
mod files;
mod first_steps;
mod gaps;
mod handlers;
mod health;
mod help;
mod letters;
mod links;
mod log;
pub mod pages;
mod papers;
mod personal_data;
mod readers;
pub mod routes;
mod sign_in;
mod today;
mod topics;
mod views;
mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::{App, Condition, Room};
use crate::config::MailServer;
use crate::jobs::Jobs;
use crate::people::Role;
pub(crate) use admin::system::licences::BILL;
use edge::caller::Caller;
use edge::notice::{Onward, Told};
use edge::{HttpError, guard, headers};
use pages::{Frame, Notice, Who, render};
use routes::{ROUTES, To};

/// The largest form or JSON body.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// A request with its body is answered within this time.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// So many passphrases are hashed at once.
const HASHES_MAX: usize = 2;
/// So long somebody waits for their turn to be hashed.
const HASH_WAIT: Duration = Duration::from_secs(5);
/// So long a save waits for the view, so that its writer sees it; then it answers all the same.
const OWN_WRITE_WAIT: Duration = Duration::from_millis(250);
/// From so many tries in vain on, administrators are told that no mail goes.
const POST_TRIES_TOLD: u32 = 3;

/// What a service is to be like.
#[derive(Clone, Debug, Default)]
pub struct EdgeOptions {
    /// Whether it is reached by TLS: cookies are bound to it and browsers are told to stay.
    pub secure: bool,
    /// The accounts of the demonstration (sign-in name, role, passphrase); empty otherwise.
    pub demo_accounts: Vec<(String, String, String)>,
    /// The organisation's mail server, if one is set.
    pub mail: Option<MailServer>,
}

/// What every handler has.
#[derive(Clone)]
pub(crate) struct Edge {
    app: Arc<App>,
    hashes: Arc<Semaphore>,
    jobs: Arc<Jobs>,
    throttle: Arc<edge::throttle::Throttle>,
    link_throttle: Arc<edge::throttle::Throttle>,
    hook_tests: Arc<admin::hooks::Tests>,
    pace: Arc<edge::throttle::pace::Pace>,
    looks: Arc<admin::look::Looks>,
    linked_pages: Arc<gaps::linked::LinkedPages>,
    look_ups: Arc<Semaphore>,
    answers: Arc<Semaphore>,
    files: Arc<Semaphore>,
    demo_accounts: Arc<[(String, String, String)]>,
    secure: bool,
    theme: Arc<Option<edge::theme::Theme>>,
    started: Timestamp,
    mail: Arc<Option<MailServer>>,
    trials: Arc<admin::system::mail::Trials>,
    audit_checked: Arc<admin::audit::Checked>,
}

/// Makes the router of a service from the route table.
pub fn router(app: Arc<App>, jobs: Arc<Jobs>, options: EdgeOptions) -> Router {
    let edge = Edge {
        started: app.now(),
        mail: Arc::new(options.mail),
        trials: Arc::default(),
        audit_checked: Arc::default(),
        theme: Arc::new(edge::theme::Theme::of(&app.data)),
        app,
        hashes: Arc::new(Semaphore::new(HASHES_MAX)),
        jobs,
        throttle: Arc::default(),
        link_throttle: Arc::default(),
        hook_tests: Arc::default(),
        pace: Arc::default(),
        looks: Arc::default(),
        linked_pages: Arc::default(),
        look_ups: Arc::new(Semaphore::new(log::LOOK_UPS_MAX)),
        answers: Arc::new(Semaphore::new(log::ANSWERS_MAX)),
        files: Arc::new(Semaphore::new(files::FILES_MAX)),
        demo_accounts: options.demo_accounts.into(),
        secure: options.secure,
    };
    let mut router = Router::new();
    for route in ROUTES {
        let passed = from_fn_with_state((edge.clone(), route), guard::guard);
        router = router.route(route.path, handlers::handler(route.to).router.layer(passed));
    }
    let router = router
        .layer(CsrfLayer::new())
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            tracing::error!("a handler panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }))
        .layer(from_fn_with_state(edge.clone(), guard::dress))
        .layer(CompressionLayer::new())
        .layer(from_fn(headers::protect));
    let router = if options.secure { router.layer(from_fn(headers::demand_tls)) } else { router };
    router.with_state(edge)
}

impl Edge {
    /// What is around a page.
    fn frame(&self, caller: &Caller, title: &'static str) -> Frame {
        let told = caller.notice.as_deref().and_then(Told::parse);
        let told = told.filter(|it| it.key != log::SAVED);
        let (views, saves) = views::around(self, caller);
        let settings = self.app.state.settings();
        Frame {
            lang: caller.lang,
            title,
            labels: settings.labels(caller.lang),
            organisation: settings.name,
            person: caller
                .signed_in
                .as_ref()
                .map(|it| Who { name: it.name.clone(), role: it.role }),
            csrf: caller.form_token(),
            path: caller.path.clone(),
            theme: edge::theme::href(self.theme.as_ref().as_ref()),
            notice: told.map(|it| Notice { text: it.says(caller.lang), is_warning: false }),
            demo: !self.demo_accounts.is_empty(),
            alerts: self.alerts(caller),
            alarm: self.has_alarm(caller),
            first_steps: first_steps::first_steps(self, caller),
            views,
            saves,
        }
    }

    /// What is not as it should be, for whoever it concerns.
    fn alerts(&self, caller: &Caller) -> Vec<String> {
        let (app, lang) = (&self.app, caller.lang);
        let mut alerts = vec![];
        let progress = app.progress();
        if !progress.is_ready && progress.failed.is_none() {
            let percent = progress.making.map_or(0, crate::app::Making::percent).to_string();
            alerts.push(lang.fill("frame.starting", &[("percent", &percent)]));
        }
        let is_admin = caller.role() == Some(crate::people::Role::Admin);
        let mb = || app.free_mb().unwrap_or(0).to_string();
        match app.room() {
            Room::Full => alerts.push(lang.text("frame.disk_full").to_owned()),
            Room::Tight if is_admin => alerts.push(lang.fill("frame.disk_tight", &[("mb", &mb())])),
            Room::Scarce if is_admin => {
                alerts.push(lang.fill("frame.disk_scarce", &[("mb", &mb())]));
            }
            Room::Tight | Room::Scarce | Room::Enough => {}
        }
        // Now and then a server is away for some minutes.
        let is_away = |it: crate::jobs::PostTrouble| POST_TRIES_TOLD <= it.tries;
        if is_admin && self.jobs.post_trouble().is_some_and(is_away) {
            alerts.push(lang.text("mail.alert").to_owned());
        }
        if is_admin && !app.stopped_hooks().is_empty() {
            alerts.push(lang.text("hooks.alert").to_owned());
        }
        let is_bad = |it: &crate::app::PartHealth| matches!(it.condition, Condition::Bad(_));
        let bad = if is_admin { app.parts_health() } else { vec![] };
        for part in bad.iter().filter(|it| is_bad(it)) {
            let key = format!("part.{}", part.part.name());
            let name = lang.text(&key);
            alerts.push(lang.fill("frame.part_bad", &[("part", name)]));
        }
        alerts
    }

    /// Whether the person is one who looks after jobs, and one of them needs it.
    fn has_alarm(&self, caller: &Caller) -> bool {
        let looks_after = |it: Role| matches!(it, Role::Admin | Role::Auditor);
        caller.signed_in.as_ref().is_some_and(|it| looks_after(it.role)) && self.jobs.has_alarm()
    }

    /// Does something that blocks, off the threads that answer.
    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> T + Send + 'static,
    ) -> Result<T, HttpError> {
        let app = Arc::clone(&self.app);
        tokio::task::spawn_blocking(move || work(&app)).await.map_err(HttpError::internal)
    }

    /// Does something that hashes a passphrase, a few at a time.
    async fn hashing<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> T + Send + 'static,
    ) -> Result<T, HttpError> {
        let turn = tokio::time::timeout(HASH_WAIT, self.hashes.acquire()).await;
        let _turn = turn.map_err(|_| HttpError::Busy)?.map_err(HttpError::internal)?;
        self.off_thread(work).await
    }

    /// Waits until the view has all that was written, for a moment at most.
    async fn see_writes(&self) {
        const ROUND: Duration = Duration::from_millis(2);
        let end = self.app.journal.position().seq;
        let seen = async {
            while self.app.progress().applied < end {
                tokio::time::sleep(ROUND).await;
            }
        };
        drop(tokio::time::timeout(OWN_WRITE_WAIT, seen).await);
    }

    /// The way onward.
    fn onward(&self, to: To, parts: &[&str]) -> Onward {
        Onward::to(to.link(parts), self.secure)
    }

    /// The year of now, as the organisation's calendar shows it.
    fn year(&self) -> i16 {
        self.app.now().to_zoned(self.app.zone.clone()).year()
    }

    /// A day, written in the caller's language.
    fn day(&self, caller: &Caller, at: Timestamp) -> String {
        pages::day(caller.lang, at.to_zoned(self.app.zone.clone()).date(), self.year())
    }

    /// A day of the calendar.
    fn date(&self, caller: &Caller, day: jiff::civil::Date) -> String {
        pages::day(caller.lang, day, self.year())
    }

    /// A day with its time.
    fn day_and_time(&self, caller: &Caller, at: Timestamp) -> String {
        pages::day_and_time(caller.lang, at, &self.app.zone, self.year())
    }
}

/// A page as an answer.
fn page(page: &impl askama::Template) -> Response {
    Html(render(page)).into_response()
}

/// A form that comes back filled in.
fn wrong(filled: &impl askama::Template) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Html(render(filled))).into_response()
}

/// A form that comes back because somebody else was first: its version no longer holds.
fn stale(filled: &impl askama::Template) -> Response {
    (StatusCode::PRECONDITION_FAILED, Html(render(filled))).into_response()
}

/// Whether a part of the help has this address.
#[cfg(test)]
pub(crate) fn help_exists(address: &str) -> bool {
    help::library::exists(address)
}
