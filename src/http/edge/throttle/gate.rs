//! The gate of signing in: who may have a passphrase compared, in which turn, and what a browser
//! takes along afterwards.

use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use jiff::SignedDuration;

use super::device;
use super::line::Whose;
use super::tries::{Attempt, Way};
use crate::app::App;
use crate::http::Edge;
use crate::http::edge::HttpError;
use crate::http::edge::cookies::Cookie;
use crate::http::edge::serve::client::Client;
use crate::http::metrics::{Limit, TryEnd};
use crate::id::Id;
use crate::people::{BrowserKeys, Person, Token};

/// Somebody whose try was let through.
#[derive(Debug)]
pub(crate) struct Knock {
    login: String,
    cookie: String,
    attempt: Attempt,
    way: Way,
    at: Instant,
}

/// A wrong try is answered after so long at the least: what a known name costs beside the hashing,
/// such as the line in the audit, is not to be seen.
const WRONG_TIME: Duration = Duration::from_millis(250);

impl Edge {
    /// Counts a try at an account; how long to wait where it is not let through. What is let
    /// through is hashed by [`Self::comparing`] and then told to [`Self::passed`] or
    /// [`Self::missed`].
    pub(crate) async fn knock(
        &self,
        login: &str,
        (headers, client): (&HeaderMap, Client),
    ) -> Result<Result<Knock, SignedDuration>, HttpError> {
        let at = Instant::now();
        let cookie = Cookie::Device.read(headers, self.secure).unwrap_or_default();
        let (typed, shown) = (login.to_owned(), cookie.clone());
        let device = self.off_thread(move |app| found(app, &typed, &shown)).await?;
        let (account, address) = (self.tries.account(login), client.key());
        let attempt = Attempt { account, address, device };
        let way = match self.tries.admit(attempt, self.app.now()) {
            Ok(way) => way,
            Err(wait) => {
                self.traffic.tried(TryEnd::Refused);
                self.traffic.limited(Limit::SignIn);
                // Without the name: who mistypes may have typed a passphrase there.
                tracing::info!(
                    event = "sign_in",
                    way = "passphrase",
                    factor = "none",
                    outcome = "had_to_wait",
                    "a try to sign in had to wait"
                );
                return Ok(Err(wait));
            }
        };
        Ok(Ok(Knock { login: login.to_owned(), cookie, attempt, way, at }))
    }

    /// Compares a passphrase, or whatever else hashes one, when it is the turn of whoever knocked.
    pub(crate) async fn comparing<T: Send + 'static>(
        &self,
        knock: &Knock,
        work: impl FnOnce(&App) -> T + Send + 'static,
    ) -> Result<T, HttpError> {
        let whose = match knock.way {
            Way::Device | Way::KnownAddress => Whose::Known,
            Way::Stranger => Whose::Stranger(knock.attempt.address),
        };
        self.hashing_as(whose, work).await
    }

    /// It was right: the try is taken back, and the browser is known from now on. What its cookie
    /// holds then; none where that cannot be made, which keeps nobody out.
    pub(crate) async fn passed(&self, knock: Knock) -> Option<String> {
        self.traffic.tried(TryEnd::Passed);
        self.tries.passed(knock.attempt, knock.way, self.app.now());
        let person = self.app.person_named(&knock.login)?;
        self.proof_of_browser(knock.cookie, person).await
    }

    /// The same for whoever has come in another way, and has a session now.
    pub(crate) async fn knows(&self, headers: &HeaderMap, token: &Token) -> Option<String> {
        let cookie = Cookie::Device.read(headers, self.secure).unwrap_or_default();
        let person = self.app.sessions.find(token, self.app.now())?.person;
        self.proof_of_browser(cookie, person).await
    }

    async fn proof_of_browser(&self, cookie: String, person: Id<Person>) -> Option<String> {
        let made = self.off_thread(move |app| {
            let today = BrowserKeys::day(app.now());
            device::with((&app.browser_keys, today), &cookie, person)
        });
        made.await.ok()?.inspect_err(told).ok()
    }

    /// It was wrong; waits until all wrong tries look alike.
    pub(crate) async fn missed(&self, knock: Knock) {
        self.traffic.tried(TryEnd::Wrong);
        tokio::time::sleep(WRONG_TIME.saturating_sub(knock.at.elapsed())).await;
    }
}

fn found(app: &App, login: &str, cookie: &str) -> Option<device::DeviceId> {
    let person = app.person_named(login).filter(|_| !cookie.is_empty())?;
    let today = BrowserKeys::day(app.now());
    device::find((&app.browser_keys, today), cookie, person).inspect_err(told).ok()?
}

fn told(error: &std::io::Error) {
    tracing::warn!(%error, "could not use the secret that browsers are known by");
}
