//! The website over HTTP, as it stands in a week that can be moved on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use url::Url;

use super::{Place, Site};
use crate::demo::calendar::Calendar;
use crate::demo::content::DemoError;
use crate::http::edge::headers;

/// What stands before the paths of the website, beside the screens.
pub const PREFIX: &str = "/nettstad";

/// The website and the week in which it is seen. Clones see the same week.
#[derive(Clone, Debug)]
pub struct ServedSite {
    site: Arc<Site>,
    origin: String,
    week: Arc<AtomicU8>,
}

impl ServedSite {
    /// Makes the website ready to be served below `origin`, such as `http://127.0.0.1:8080`.
    pub fn new(calendar: &Calendar, origin: &str) -> Result<Self, DemoError> {
        let place = Place { origin: origin.to_owned(), prefix: PREFIX.to_owned() };
        let site = Arc::new(Site::load(calendar, place)?);
        let week = AtomicU8::new(calendar.week_at(calendar.end()));
        Ok(Self { site, origin: origin.to_owned(), week: Arc::new(week) })
    }

    /// Where the website and the screens are: scheme, host and port.
    pub fn base(&self) -> Url {
        Url::parse(&self.origin).expect("it is made of a socket's address")
    }

    /// The address of a page, by its path from `/`.
    pub fn address(&self, path: &str) -> String {
        format!("{}{PREFIX}{path}", self.origin)
    }

    /// Shows the website as it stands in a week of the demo.
    pub fn show_week(&self, week: u8) {
        self.week.store(week, Ordering::Relaxed);
    }

    /// The website's routes: its pages, and the one file that crawlers ask a host for.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/robots.txt", get(answer))
            .route(PREFIX, get(|| async { Redirect::permanent(&format!("{PREFIX}/")) }))
            .route(&format!("{PREFIX}/"), get(answer))
            .route(&format!("{PREFIX}/{{*path}}"), get(answer))
            .layer(from_fn(headers::protect))
            .with_state(self.clone())
    }
}

async fn answer(State(served): State<ServedSite>, uri: Uri, asked: HeaderMap) -> Response {
    let path = uri.path();
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    let found = served.site.page_at(path, served.week.load(Ordering::Relaxed));
    let stamps = [
        (header::ETAG, Some(found.etag)),
        (header::LAST_MODIFIED, found.last_modified),
        (header::CACHE_CONTROL, Some("no-cache".to_owned())),
    ];
    let stamps: Vec<(HeaderName, String)> =
        stamps.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let known = is_known(&asked, &stamps) && found.status == 200;
    let mut answer = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let status = StatusCode::from_u16(found.status).unwrap_or(StatusCode::NOT_FOUND);
        (status, [(header::CONTENT_TYPE, found.content_type)], found.body).into_response()
    };
    let named = stamps.into_iter().filter_map(|(name, value)| Some((name, value.parse().ok()?)));
    answer.headers_mut().extend(named);
    answer
}

/// Whether the visitor has the page as it stands (RFC 9110, section 13): the fingerprint decides
/// where one is told.
fn is_known(asked: &HeaderMap, stamps: &[(HeaderName, String)]) -> bool {
    let told = |name: HeaderName| asked.get(name).and_then(|it| it.to_str().ok());
    let stamp = |name| stamps.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    match told(header::IF_NONE_MATCH) {
        Some(tags) => tags.split(',').any(|it| Some(it.trim()) == stamp(header::ETAG)),
        None => {
            let since = told(header::IF_MODIFIED_SINCE);
            since.is_some() && since == stamp(header::LAST_MODIFIED)
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use jiff::tz::TimeZone;
    use tower::ServiceExt;

    use super::*;

    fn served() -> ServedSite {
        let zone = TimeZone::get("Europe/Oslo").unwrap();
        let calendar = Calendar::ending("2026-04-16T10:00:00Z".parse().unwrap(), zone);
        ServedSite::new(&calendar, "http://127.0.0.1:8080").unwrap()
    }

    async fn ask(served: &ServedSite, path: &str, named: Option<(HeaderName, &str)>) -> Response {
        let mut request = Request::get(path);
        if let Some((name, value)) = named {
            request = request.header(name, value);
        }
        served.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_page_that_has_not_changed_is_not_sent_again() {
        let served = served();
        served.show_week(8);
        let first = ask(&served, "/nettstad/om/hund", None).await;
        assert_eq!(first.status(), 200);
        let tag = first.headers()[header::ETAG].to_str().unwrap().to_owned();
        let date = first.headers()[header::LAST_MODIFIED].to_str().unwrap().to_owned();
        let by_tag = Some((header::IF_NONE_MATCH, tag.as_str()));
        let by_date = Some((header::IF_MODIFIED_SINCE, date.as_str()));
        assert_eq!(ask(&served, "/nettstad/om/hund", by_tag.clone()).await.status(), 304);
        assert_eq!(ask(&served, "/nettstad/om/hund", by_date).await.status(), 304);
        served.show_week(9);
        assert_eq!(ask(&served, "/nettstad/om/hund", by_tag).await.status(), 200);
    }

    #[tokio::test]
    async fn robots_stand_at_the_root_and_pages_below_the_prefix() {
        let served = served();
        let robots = ask(&served, "/robots.txt", None).await;
        let text = to_bytes(robots.into_body(), 10_000).await.unwrap();
        let text = String::from_utf8(text.to_vec()).unwrap();
        assert!(text.contains("Disallow: /nettstad/intern/\n"), "{text}");
        for path in ["/nettstad/", "/nettstad/sitemap.xml", "/nettstad/site.css"] {
            assert_eq!(ask(&served, path, None).await.status(), 200, "{path}");
        }
        assert_eq!(ask(&served, "/nettstad", None).await.status(), 308);
        assert_eq!(ask(&served, "/nettstad/finst-ikkje", None).await.status(), 404);
        assert_eq!(ask(&served, "/om/hund", None).await.status(), 404);
    }
}
