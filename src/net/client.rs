//! Fetches one address within limits of time, size and redirects.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Proxy, Response, StatusCode};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};
use url::Url;

use super::error::NetError;
use super::guard::{Guard, GuardedResolver, Names, Reach, Refusal};
use super::headers::{codings, is_wanted, retry_after, robots_tag, text};
use super::unpack::{ACCEPT_ENCODING, UnpackError, unpack};

/// So many redirects are followed.
pub(super) const REDIRECTS_MAX: usize = 5;
/// All headers of an answer over HTTP/2 together; over HTTP/1 the library has 400 kB ...
const HEADERS_BYTES_MAX: u32 = 64 * 1024;
/// ... and both so many of them.
const HEADERS_MAX: usize = 100;
/// A body comes at least so fast, once its grace is over.
const BYTES_PER_SECOND_MIN: f64 = 1_000.0;

/// A body is small up to so many bytes. Of larger ones, and of packed ones, the client has one in
/// hand at a time: servers that send too much cost the memory of one page, not of all at once.
const SMALL_BYTES_MAX: usize = 256 * 1024;

/// How long a server may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// An answer must have begun after so long, and no pause within it may be longer.
    pub headers: Duration,
    /// A body may come as slowly as it likes for so long.
    pub grace: Duration,
    /// An answer must have ended after so long, redirects included.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { headers: seconds(10), grace: seconds(10), total: seconds(30) }
    }
}

/// How the client goes out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// The proxy that everything goes through; none for straight connections.
    pub proxy: Option<Url>,
    /// How long servers may take.
    pub patience: Patience,
}

/// The client. Clones share its connections.
#[derive(Clone)]
pub struct Client {
    /// Asks on the web's own ports.
    usual: reqwest::Client,
    /// Asks on other ports, and only what was opened.
    opened: reqwest::Client,
    resolver: Arc<GuardedResolver>,
    has_proxy: bool,
    patience: Patience,
    /// Taken by the body that may be large.
    large: Arc<Semaphore>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("guard", &self.resolver.guard).finish_non_exhaustive()
    }
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
    /// The largest body, counted after unpacking; with 0 only the head is read.
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
    /// All of `X-Robots-Tag`, a line each.
    pub robots_tag: Option<String>,
    /// How long the server wants to be left alone: `Retry-After`.
    pub retry_after: Option<Duration>,
    /// How large the body was on its way, packed.
    pub wire_bytes: u64,
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

impl Client {
    /// Makes a client that tells servers who reads them: `contact` is the organisation's address.
    pub fn new(guard: Guard, contact: &str) -> Result<Self, NetError> {
        Self::with(guard, contact, &Manner::default())
    }

    /// The same, when there is more to say of how it goes out.
    pub fn with(guard: Guard, contact: &str, manner: &Manner) -> Result<Self, NetError> {
        Self::naming(Names::System, guard, (contact, manner))
    }

    pub(super) fn naming(
        names: Names,
        guard: Guard,
        (contact, manner): (&str, &Manner),
    ) -> Result<Self, NetError> {
        install_provider();
        let proxy_host = manner.proxy.as_ref().and_then(Url::host_str);
        let trusted: BTreeSet<String> = proxy_host.into_iter().map(str::to_owned).collect();
        let resolver = GuardedResolver { guard, reach: Reach::All, names, trusted };
        let opened = GuardedResolver { reach: Reach::Opened, ..resolver.clone() };
        Ok(Self {
            usual: build(resolver.clone(), contact, manner)?,
            opened: build(opened, contact, manner)?,
            resolver: Arc::new(GuardedResolver { trusted: BTreeSet::new(), ..resolver }),
            has_proxy: manner.proxy.is_some(),
            patience: manner.patience,
            large: Arc::new(Semaphore::new(1)),
        })
    }

    /// A client to which a test says what names stand for.
    #[cfg(test)]
    pub(crate) fn told(tell: super::guard::Told, guard: Guard) -> Result<Self, NetError> {
        Self::naming(Names::Told(tell), guard, ("https://x.example", &Manner::default()))
    }

    /// Fetches an address and follows its redirects.
    pub async fn get(&self, get: Get<'_>) -> Result<Answer, NetError> {
        let address = || get.address.to_string();
        timeout(self.patience.total, self.follow(get))
            .await
            .unwrap_or_else(|_| Err(NetError::TimedOut { address: address() }))
    }

    async fn follow(&self, get: Get<'_>) -> Result<Answer, NetError> {
        let mut at = get.address.clone();
        for _ in 0..=REDIRECTS_MAX {
            let response = self.ask(&at, get).await?;
            let Some(to) = redirect(&at, &response)? else {
                return self.read(at, response, get).await;
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
        let mut request = self.allowed(at).await?.get(at.clone());
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
        let answer = timeout(self.patience.headers, request.send()).await;
        answer
            .map_err(|_| NetError::TimedOut { address: at.to_string() })?
            .map_err(|source| failed(at, source))
    }

    /// What may ask an address, when anything may.
    pub(super) async fn allowed(&self, at: &Url) -> Result<&reqwest::Client, NetError> {
        let refused = |why| NetError::Refused { address: at.to_string(), why };
        let reach = self.resolver.guard.reach(at).map_err(refused)?;
        if self.has_proxy {
            self.check_name(at, reach).await.map_err(refused)?;
        }
        Ok(match reach {
            Reach::All => &self.usual,
            Reach::Opened => &self.opened,
        })
    }

    /// A proxy resolves names on our behalf, past the resolver. So a name is looked up here too;
    /// one that is only known to the proxy is the proxy's to judge.
    async fn check_name(&self, at: &Url, reach: Reach) -> Result<(), Refusal> {
        let Some(url::Host::Domain(name)) = at.host() else {
            return Ok(());
        };
        let resolver = GuardedResolver { reach, ..(*self.resolver).clone() };
        match resolver.addresses(name).await {
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                Err(Refusal::Private)
            }
            Ok(_) | Err(_) => Ok(()),
        }
    }

    async fn read(&self, at: Url, response: Response, get: Get<'_>) -> Result<Answer, NetError> {
        let headers = response.headers();
        let content_type = text(headers, &header::CONTENT_TYPE);
        let robots_tag = robots_tag(headers);
        let etag = text(headers, &header::ETAG);
        let last_modified = text(headers, &header::LAST_MODIFIED);
        let retry_after = retry_after(headers);
        let codings = codings(headers);
        let status = response.status();
        let mut wire_bytes = 0;
        let is_wanted = 0 < get.body_bytes_max && is_wanted(content_type.as_deref(), get.accept);
        let body = if status == StatusCode::OK && is_wanted {
            let too_large =
                |body_bytes_max| NetError::TooLarge { address: at.to_string(), body_bytes_max };
            let packed = |why| NetError::Packed { address: at.to_string(), why };
            let codings = codings.map_err(packed)?;
            let told = response.content_length().and_then(|it| usize::try_from(it).ok());
            if told.is_some_and(|it| get.body_bytes_max < it) {
                return Err(too_large(get.body_bytes_max));
            }
            let mut large = None;
            let body = self.read_body((&at, response), get.body_bytes_max, &mut large).await?;
            wire_bytes = body.len() as u64;
            if large.is_none() && !codings.is_empty() {
                large = self.large.acquire().await.ok();
            }
            let unpacked = unpack(body, &codings, get.body_bytes_max);
            drop(large);
            Body::Read(unpacked.map_err(|why| match why {
                UnpackError::TooLarge { bytes_max } => too_large(bytes_max),
                UnpackError::Broken | UnpackError::Unknown => packed(why),
            })?)
        } else {
            Body::Unread
        };
        let status = status.as_u16();
        Ok(Answer {
            address: at,
            status,
            etag,
            last_modified,
            content_type,
            robots_tag,
            retry_after,
            wire_bytes,
            body,
        })
    }

    /// Reads a body as it comes, packed as it may be; one that is large waits for its turn, which
    /// `large` holds.
    async fn read_body<'a>(
        &'a self,
        (at, mut response): (&Url, Response),
        body_bytes_max: usize,
        large: &mut Option<SemaphorePermit<'a>>,
    ) -> Result<Vec<u8>, NetError> {
        let mut began = Instant::now();
        let mut body = Vec::new();
        loop {
            let address = || at.to_string();
            let piece = timeout(self.patience.headers, response.chunk()).await;
            let piece = piece.map_err(|_| NetError::TimedOut { address: address() })?;
            let Some(piece) = piece.map_err(|source| failed(at, source))? else {
                return Ok(body);
            };
            if body_bytes_max < body.len() + piece.len() {
                return Err(NetError::TooLarge { address: address(), body_bytes_max });
            }
            if large.is_none() && SMALL_BYTES_MAX < body.len() + piece.len() {
                let waits = Instant::now();
                *large = self.large.acquire().await.ok();
                // The server is not to blame for that.
                began += waits.elapsed();
            }
            body.extend_from_slice(&piece);
            let passed = began.elapsed();
            let least = passed.as_secs_f64() * BYTES_PER_SECOND_MIN;
            if self.patience.grace < passed && (body.len() as f64) < least {
                return Err(NetError::Slow { address: address() });
            }
        }
    }
}

fn build(
    resolver: GuardedResolver,
    contact: &str,
    manner: &Manner,
) -> Result<reqwest::Client, NetError> {
    let contact: String = contact.chars().filter(char::is_ascii_graphic).take(200).collect();
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(ACCEPT_ENCODING));
    let builder = reqwest::Client::builder()
        .user_agent(format!("Skranke/0.1 (+{contact})"))
        .default_headers(headers)
        .redirect(Policy::none())
        .referer(false)
        .http1_max_headers(HEADERS_MAX)
        .http2_max_header_list_size(HEADERS_BYTES_MAX)
        // A proxy from the environment would connect on our behalf, past the guard.
        .no_proxy()
        .dns_resolver(resolver)
        .connect_timeout(manner.patience.headers)
        .timeout(manner.patience.total);
    let builder = match &manner.proxy {
        Some(proxy) => builder.proxy(Proxy::all(proxy.as_str()).map_err(NetError::Client)?),
        None => builder,
    };
    builder.build().map_err(NetError::Client)
}

/// Chooses the cryptography of TLS, once for the process; a second call does nothing.
fn install_provider() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        // Fails only when somebody has installed one already, which does as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

pub(super) fn failed(at: &Url, source: reqwest::Error) -> NetError {
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

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::net::range::IpRange;

    fn get(address: &Url) -> Get<'_> {
        let pass: Pass<'_> = &|_| true;
        let (accept, body_bytes_max) = (&["text/html"][..], 1_000);
        Get { address, pass, accept, body_bytes_max, etag: None, last_modified: None }
    }

    #[tokio::test]
    async fn a_proxy_is_asked_for_names_outside_only() {
        let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = proxy.local_addr().unwrap();
        let asked = tokio::spawn(async move {
            let (mut stream, _) = proxy.accept().await.unwrap();
            let mut request = vec![0; 4_096];
            let n = stream.read(&mut request).await.unwrap();
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nHi";
            stream.write_all(answer).await.unwrap();
            String::from_utf8_lossy(&request[..n]).into_owned()
        });
        let names = Names::Told(Arc::new(|name| {
            let ip = if name == "inside.example" { [10, 0, 0, 1] } else { [93, 184, 215, 14] };
            vec![SocketAddr::new(ip.into(), 0)]
        }));
        let proxy = Some(Url::parse(&format!("http://{at}")).unwrap());
        let manner = Manner { proxy, ..Manner::default() };
        let client = Client::naming(names, Guard::default(), ("x", &manner)).unwrap();
        let inside = Url::parse("http://inside.example/").unwrap();
        assert!(matches!(client.get(get(&inside)).await, Err(NetError::Refused { .. })));
        let outside = Url::parse("http://outside.example/a").unwrap();
        let answer = client.get(get(&outside)).await.unwrap();
        assert_eq!(answer.body, Body::Read(b"Hi".to_vec()));
        let asked = asked.await.unwrap();
        assert!(asked.starts_with("GET http://outside.example/a HTTP/1.1"), "{asked}");
    }

    #[tokio::test]
    async fn a_body_that_drips_is_cut_when_its_grace_is_over() {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Url::parse(&format!("http://{}/", server.local_addr().unwrap())).unwrap();
        let millis = Duration::from_millis;
        tokio::spawn(async move {
            let (mut stream, _) = server.accept().await.unwrap();
            assert!(0 < stream.read(&mut [0; 4_096]).await.unwrap(), "it is asked");
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n";
            stream.write_all(head.as_bytes()).await.unwrap();
            // No pause is too long by itself, and the whole would take longer than a crawl has.
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(millis(50)).await;
            }
        });
        let patience =
            Patience { headers: millis(20_000), grace: millis(400), total: millis(40_000) };
        let manner = Manner { patience, ..Manner::default() };
        let client = Client::with(Guard::opening(&IpRange::INSIDE), "x", &manner).unwrap();
        let begun = Instant::now();
        let cut = client.get(get(&address)).await;
        assert!(matches!(cut, Err(NetError::Slow { .. })), "{cut:?}");
        let passed = begun.elapsed();
        assert!(millis(400) <= passed && passed < millis(10_000), "{passed:?}");
    }

    #[tokio::test]
    async fn a_secure_server_is_offered_the_newer_protocol() {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Url::parse(&format!("https://{}/", server.local_addr().unwrap())).unwrap();
        let offered = tokio::spawn(async move {
            let (mut stream, _) = server.accept().await.unwrap();
            let mut hello = vec![0; 4_096];
            let n = stream.read(&mut hello).await.unwrap();
            hello.truncate(n);
            hello
        });
        let client = Client::new(Guard::opening(&IpRange::INSIDE), "x").unwrap();
        assert!(client.get(get(&address)).await.is_err());
        let hello = offered.await.unwrap();
        // The name with its length before it, as ALPN has it (RFC 7301).
        assert!(hello.windows(3).any(|it| it == b"\x02h2"), "HTTP/2 is not offered");
    }
}
