//! Fetches one address within limits of time, size and redirects.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use tokio::time::timeout;
use url::Url;

use super::guard::{Guard, GuardedResolver, Refusal};

/// An answer must have begun after so long.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);
/// An answer must have ended after so long, redirects included.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(30);
/// So many redirects are followed.
const REDIRECTS_MAX: usize = 5;
/// The longest header value that is handed on.
const HEADER_CHARS_MAX: usize = 2_000;

/// The client. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Client {
    inner: reqwest::Client,
    guard: Guard,
}

/// Says of each address that an answer redirects to whether it may be asked for.
pub type Pass<'a> = &'a (dyn Fn(&Url) -> bool + Send + Sync);

/// One wish for an address.
#[derive(Clone, Copy)]
pub struct Get<'a> {
    /// The address.
    pub address: &'a Url,
    /// Where a redirect may lead. The guard is asked in any case.
    pub pass: Pass<'a>,
    /// Media types whose body is read, such as `text/html`; of others only the head is.
    pub accept: &'a [&'a str],
    /// The largest body, counted after unpacking.
    pub body_bytes_max: usize,
    /// The `ETag` of the last answer.
    pub etag: Option<&'a str>,
    /// The `Last-Modified` of the last answer.
    pub last_modified: Option<&'a str>,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The address that answered, after redirects.
    pub address: Url,
    /// The HTTP status.
    pub status: u16,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// `Content-Type` with its parameters.
    pub content_type: Option<String>,
    /// `X-Robots-Tag`.
    pub robots_tag: Option<String>,
    /// The body, if it was wanted.
    pub body: Body,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// All of it.
    Read(Vec<u8>),
    /// Left on the server: the status is not 200, or the media type is not wanted.
    Unread,
}

/// Why an address could not be fetched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetError {
    /// The guard says no.
    #[error("{address} is not fetched: {why}")]
    Refused {
        /// The address, perhaps one that was redirected to.
        address: String,
        /// Why.
        why: Refusal,
    },
    /// A redirect leads to where the wish may not go.
    #[error("{address} redirects to {to}")]
    Elsewhere {
        /// The address.
        address: String,
        /// Where it redirects to.
        to: String,
    },
    /// A chain or circle of redirects.
    #[error("{address} redirects more than {REDIRECTS_MAX} times")]
    Redirects {
        /// The address.
        address: String,
    },
    /// A redirect to no address.
    #[error("{address} redirects to something that is no address")]
    Location {
        /// The address.
        address: String,
    },
    /// Too slow.
    #[error("{address} did not answer in time")]
    TimedOut {
        /// The address.
        address: String,
    },
    /// Too large.
    #[error("{address} is larger than {body_bytes_max} bytes")]
    TooLarge {
        /// The address.
        address: String,
        /// The limit.
        body_bytes_max: usize,
    },
    /// No connection, or one that broke.
    #[error("could not fetch {address}")]
    Failed {
        /// The address.
        address: String,
        /// What the client says.
        #[source]
        source: reqwest::Error,
    },
    /// The client itself cannot be made.
    #[error("could not make the web client")]
    Client(#[source] reqwest::Error),
}

impl Client {
    /// Makes a client that tells servers who reads them: `contact` is the organisation's address.
    pub fn new(guard: Guard, contact: &str) -> Result<Self, NetError> {
        install_provider();
        let contact: String = contact.chars().filter(char::is_ascii_graphic).take(200).collect();
        let inner = reqwest::Client::builder()
            .user_agent(format!("Skranke/0.1 (+{contact})"))
            .redirect(Policy::none())
            .referer(false)
            // A proxy from the environment would connect on our behalf, past the guard.
            .no_proxy()
            .dns_resolver(GuardedResolver(guard))
            .connect_timeout(HEADERS_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .build()
            .map_err(NetError::Client)?;
        Ok(Self { inner, guard })
    }

    /// Fetches an address and follows its redirects.
    pub async fn get(&self, get: Get<'_>) -> Result<Answer, NetError> {
        let address = || get.address.to_string();
        timeout(TOTAL_TIMEOUT, self.follow(get))
            .await
            .unwrap_or_else(|_| Err(NetError::TimedOut { address: address() }))
    }

    async fn follow(&self, get: Get<'_>) -> Result<Answer, NetError> {
        let mut at = get.address.clone();
        for _ in 0..=REDIRECTS_MAX {
            let response = self.ask(&at, get).await?;
            let Some(to) = redirect(&at, &response)? else {
                return read(at, response, get).await;
            };
            if !(get.pass)(&to) {
                let address = get.address.to_string();
                return Err(NetError::Elsewhere { address, to: to.to_string() });
            }
            at = to;
        }
        Err(NetError::Redirects { address: get.address.to_string() })
    }

    async fn ask(&self, at: &Url, get: Get<'_>) -> Result<Response, NetError> {
        if let Err(why) = self.guard.check(at) {
            return Err(NetError::Refused { address: at.to_string(), why });
        }
        let mut request = self.inner.get(at.clone());
        for (name, value) in
            [(header::IF_NONE_MATCH, get.etag), (header::IF_MODIFIED_SINCE, get.last_modified)]
        {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        if !get.accept.is_empty() {
            request = request.header(header::ACCEPT, get.accept.join(", "));
        }
        let answer = timeout(HEADERS_TIMEOUT, request.send()).await;
        answer
            .map_err(|_| NetError::TimedOut { address: at.to_string() })?
            .map_err(|source| failed(at, source))
    }
}

/// Chooses the cryptography of TLS, once for the process; a second call does nothing.
fn install_provider() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        // Fails only when somebody has installed one already, which does as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

fn failed(at: &Url, source: reqwest::Error) -> NetError {
    let address = at.to_string();
    if source.is_timeout() {
        return NetError::TimedOut { address };
    }
    let mut cause: Option<&dyn std::error::Error> = Some(&source);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && let Some(why) = io.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>())
        {
            return NetError::Refused { address, why: *why };
        }
        cause = error.source();
    }
    NetError::Failed { address, source }
}

/// Where an answer redirects to, if it does.
fn redirect(at: &Url, response: &Response) -> Result<Option<Url>, NetError> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    if !is_redirect {
        return Ok(None);
    }
    text(response.headers(), &header::LOCATION)
        .and_then(|to| at.join(&to).ok())
        .map(Some)
        .ok_or_else(|| NetError::Location { address: at.to_string() })
}

async fn read(at: Url, response: Response, get: Get<'_>) -> Result<Answer, NetError> {
    let headers = response.headers();
    let content_type = text(headers, &header::CONTENT_TYPE);
    let robots_tag = text(headers, &HeaderName::from_static("x-robots-tag"));
    let etag = text(headers, &header::ETAG);
    let last_modified = text(headers, &header::LAST_MODIFIED);
    let status = response.status();
    let body = if status == StatusCode::OK && is_wanted(content_type.as_deref(), get.accept) {
        Body::Read(read_body(&at, response, get.body_bytes_max).await?)
    } else {
        Body::Unread
    };
    let status = status.as_u16();
    Ok(Answer { address: at, status, etag, last_modified, content_type, robots_tag, body })
}

/// Counts what comes out of the unpacking, so that a small file that unpacks to gigabytes is
/// dropped at the limit.
async fn read_body(
    at: &Url,
    mut response: Response,
    body_bytes_max: usize,
) -> Result<Vec<u8>, NetError> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|source| failed(at, source))? {
        if body_bytes_max < body.len() + piece.len() {
            return Err(NetError::TooLarge { address: at.to_string(), body_bytes_max });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// A server that names no type is given the benefit of the doubt.
fn is_wanted(content_type: Option<&str>, accept: &[&str]) -> bool {
    let Some(content_type) = content_type else {
        return true;
    };
    let bare = content_type.split(';').next().unwrap_or_default().trim();
    accept.is_empty() || accept.iter().any(|wanted| bare.eq_ignore_ascii_case(wanted))
}

/// A header as text; one that is too long or no text is treated as absent.
fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    let text = String::from_utf8_lossy(value.as_bytes());
    let text = text.trim();
    (!text.is_empty() && text.len() <= HEADER_CHARS_MAX).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content_type: Option<&str>, expected: bool) {
        assert_eq!(is_wanted(content_type, &["text/html", "application/xhtml+xml"]), expected);
    }

    #[test]
    fn media_types_are_compared_without_case_and_parameters() {
        check(Some("text/html"), true);
        check(Some("Text/HTML; charset=utf-8"), true);
        check(Some("application/pdf"), false);
        check(Some("text/htmlx"), false);
        check(None, true);
    }
}
