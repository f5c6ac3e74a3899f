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
pub mod metrics;
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

use crate::app::App;
use crate::config::MailServer;
use crate::jobs::Jobs;
use crate::net::IpRange;
use crate::oidc::{Places, Provider};
use crate::people::Role;
pub(crate) use admin::system::licences::BILL;
use edge::caller::Caller;
use edge::notice::{Onward, Told};
use edge::throttle::line::{Line, Whose};
use edge::{HttpError, guard, headers};
use pages::{Frame, Notice, Who, render};
use routes::{ROUTES, To};
use sign_in::onward_to_lock;

/// The largest form or JSON body.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
/// A request with its body is answered within this time.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// So long a save waits for the view, so that its writer sees it; then it answers all the same.
const OWN_WRITE_WAIT: Duration = Duration::from_millis(250);

/// What a service is to be like.
#[derive(Clone, Debug, Default)]
pub struct EdgeOptions {
    /// Whether it is reached by TLS: cookies are bound to it and browsers are told to stay.
    pub secure: bool,
    /// The accounts of the demonstration (sign-in name, role, passphrase); empty otherwise.
    pub demo_accounts: Vec<(String, String, String)>,
    /// The organisation's mail server, if one is set.
    pub mail: Option<MailServer>,
    /// The provider of identities, if one is set.
    pub provider: Option<Provider>,
    /// Whether people reach it by plain HTTP from elsewhere.
    pub is_plain_afar: bool,
    /// The certificate that it speaks TLS with itself.
    pub tls: Option<Arc<edge::Tls>>,
    /// Who may read the metrics besides this machine.
    pub metrics: Vec<IpRange>,
    /// What is counted, also at the door.
    pub traffic: Arc<metrics::Traffic>,
}

/// What every handler has.
#[derive(Clone)]
pub(crate) struct Edge {
    app: Arc<App>,
    hashes: Arc<Line>,
    jobs: Arc<Jobs>,
    throttle: Arc<edge::throttle::Throttle>,
    code_throttle: Arc<edge::throttle::Throttle>,
    half_way: Arc<sign_in::HalfWay>,
    provider: Arc<Option<Provider>>,
    flows: Arc<crate::oidc::Flows>,
    tries: Arc<edge::throttle::tries::Tries>,
    rates: Arc<edge::throttle::rate::Rates>,
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
    is_plain_afar: bool,
    tls: Option<Arc<edge::Tls>>,
    metrics: Arc<[IpRange]>,
    traffic: Arc<metrics::Traffic>,
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
        hashes: Arc::new(Line::new(Arc::clone(&options.traffic))),
        jobs,
        throttle: Arc::default(),
        code_throttle: Arc::default(),
        half_way: Arc::default(),
        provider: Arc::new(options.provider),
        flows: Arc::default(),
        tries: Arc::default(),
        rates: Arc::default(),
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
        is_plain_afar: options.is_plain_afar,
        tls: options.tls,
        metrics: options.metrics.into(),
        traffic: options.traffic,
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
        .layer(from_fn_with_state(Arc::clone(&edge.traffic), headers::confine))
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
            provider: self.provider.as_ref().as_ref().map(|it| it.settings().name.clone()),
        }
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
        self.hashing_as(Whose::Known, work).await
    }

    /// The same in the turn of whoever it is.
    async fn hashing_as<T: Send + 'static>(
        &self,
        whose: Whose,
        work: impl FnOnce(&App) -> T + Send + 'static,
    ) -> Result<T, HttpError> {
        let Some(turn) = self.hashes.turn(whose).await else {
            self.traffic.limited(metrics::Limit::Hashing);
            return Err(HttpError::Busy);
        };
        self.traffic.hashes.add(1);
        self.off_thread(move |app| {
            let done = work(app);
            drop(turn);
            done
        })
        .await
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

/// Where the provider of identities sends people back to, and where they land who sign out of it.
pub fn places(base: &url::Url) -> Places {
    let at = |to: To| {
        let mut address = base.clone();
        address.set_path(&to.link(&[]));
        address
    };
    Places { back: at(To::CameBack), lands: at(To::SignIn) }
}

/// The provider of identities; where none is set there is no such page.
fn oidc_provider(edge: &Edge) -> Result<&Provider, HttpError> {
    edge.provider.as_ref().as_ref().ok_or(HttpError::NotFound)
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
