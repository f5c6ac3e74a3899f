//! The normal form of web addresses: one page, one address.

use std::borrow::Cow;
use std::fmt;

use url::Url;

/// The longest address that is followed.
const ADDRESS_CHARS_MAX: usize = 2_000;

/// An address on the web in its normal form. Sorts as text.
///
/// Host in lower case, no fragment, no default port, no dot segments, percent signs in one
/// spelling; parameters that only follow readers about are dropped. A slash at the end is kept as
/// it is written: whether `/a` and `/a/` are one page, only the server knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Url);

/// Why a text is not an address that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It is no address at all.
    #[error("not a web address: {0:?}")]
    Unreadable(String),
    /// It leads elsewhere than to the web, such as `mailto:`.
    #[error("only http and https are read, not {0}")]
    Scheme(String),
    /// It is too long.
    #[error("an address has more than {ADDRESS_CHARS_MAX} characters")]
    TooLong,
}

impl Address {
    /// Reads an address and brings it into its normal form.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        Url::parse(checked(text)?).map_err(|_| unreadable(text)).and_then(Self::of)
    }

    /// Reads a link as it stands on the page at `self`.
    pub fn join(&self, link: &str) -> Result<Self, AddressError> {
        self.0.join(checked(link)?).map_err(|_| unreadable(link)).and_then(Self::of)
    }

    /// Brings an address into its normal form.
    pub fn of(mut url: Url) -> Result<Self, AddressError> {
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(AddressError::Scheme(url.scheme().chars().take(20).collect()));
        }
        url.set_fragment(None);
        // Spelled first, as the name of a session may be written with percent signs.
        let path = spelled(url.path());
        url.set_path(&without_session(&path));
        let query = url.query().map(kept_parameters).unwrap_or_default();
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        if ADDRESS_CHARS_MAX < url.as_str().len() {
            return Err(AddressError::TooLong);
        }
        Ok(Self(url))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The address as the client takes it.
    pub const fn url(&self) -> &Url {
        &self.0
    }

    /// The host in lower case.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The path.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// The path with the query, as robots.txt speaks of it.
    pub fn path_and_query(&self) -> String {
        let query = self.0.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", self.0.path())
    }

    /// The host with its port, as a key.
    pub fn site(&self) -> String {
        match self.0.port() {
            Some(port) => format!("{}:{port}", self.host()),
            None => self.host().to_owned(),
        }
    }

    /// The address with another path, as text.
    pub(super) fn with_path(&self, path: &str) -> String {
        let query = self.0.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{path}{query}", self.site())
    }

    /// The address without the parameters of some names.
    pub(super) fn without(&self, is_dropped: &dyn Fn(&str) -> bool) -> Self {
        let name = |pair: &str| {
            let name = form_urlencoded(pair.split('=').next().unwrap_or_default());
            is_dropped(&name)
        };
        let pairs = self.0.query().unwrap_or_default().split('&');
        let kept: Vec<&str> = pairs.filter(|it| !it.is_empty() && !name(it)).collect();
        let mut url = self.0.clone();
        url.set_query(Some(kept.join("&").as_str()).filter(|it| !it.is_empty()));
        Self(url)
    }

    /// The names of the parameters, sorted.
    pub fn parameters(&self) -> Vec<String> {
        let mut names: Vec<String> = self.0.query_pairs().map(|pair| pair.0.into_owned()).collect();
        names.sort_unstable();
        names
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// The name of a parameter as it is meant.
fn form_urlencoded(name: &str) -> String {
    url::form_urlencoded::parse(name.as_bytes())
        .next()
        .map(|it| it.0.into_owned())
        .unwrap_or_default()
}

fn checked(text: &str) -> Result<&str, AddressError> {
    let text = text.trim();
    if ADDRESS_CHARS_MAX < text.len() { Err(AddressError::TooLong) } else { Ok(text) }
}

fn unreadable(text: &str) -> AddressError {
    AddressError::Unreadable(text.chars().take(80).collect())
}

/// Drops what names a session in a path: `;jsessionid=…` of any piece, and a piece `(S(…))`.
fn without_session(path: &str) -> Cow<'_, str> {
    if !path.contains([';', '(']) {
        return Cow::Borrowed(path);
    }
    let is_session = |piece: &&str| piece.starts_with("(S(") && piece.ends_with("))");
    let pieces: Vec<&str> = path
        .split('/')
        .map(|piece| match piece.split_once(';') {
            Some((bare, rest)) if rest.to_ascii_lowercase().starts_with("jsessionid") => bare,
            Some(_) | None => piece,
        })
        .filter(|it| !is_session(it))
        .collect();
    Cow::Owned(pieces.join("/"))
}

/// Spells percent signs in one way: capitals, none for letters that need none (RFC 3986, 6.2.2),
/// and one for a percent sign that stands for itself.
fn spelled(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let mut pieces = text.split('%');
    spelled.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        match octet(piece) {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                spelled.push(char::from(byte));
                spelled.push_str(&piece[2..]);
            }
            Some(byte) => {
                spelled.push_str(&format!("%{byte:02X}"));
                spelled.push_str(&piece[2..]);
            }
            None => {
                spelled.push_str("%25");
                spelled.push_str(piece);
            }
        }
    }
    spelled
}

/// The octet that two digits behind a percent sign stand for.
pub(super) fn octet(text: &str) -> Option<u8> {
    // Digits alone: the standard library takes a sign before them as well.
    let hex = text.get(..2).filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(hex, 16).ok()
}

/// The query without the parameters that follow readers about; the others in their order, for
/// there are sites where it matters.
fn kept_parameters(query: &str) -> String {
    let kept: Vec<String> = query
        .split('&')
        .map(spelled)
        .filter(|pair| !pair.is_empty() && !is_follower(pair))
        .collect();
    kept.join("&")
}

/// Parameters of campaigns and sessions, by name.
const FOLLOWERS: [&str; 21] = [
    "_hsenc",
    "_hsmi",
    "mkt_tok",
    "fbclid",
    "gclid",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "igshid",
    "phpsessid",
    "jsessionid",
    "sessionid",
    "session_id",
    "cfid",
    "cftoken",
];

fn is_follower(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    // `sid` may name a page as well; a session's is long and random.
    let is_random = 16 <= value.len()
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && value.bytes().any(|byte| byte.is_ascii_digit());
    FOLLOWERS.contains(&name.as_str())
        || name.starts_with("utm_")
        || name.starts_with("aspsessionid")
        || (["s", "sid", "sess", "session", "token"].contains(&name.as_str()) && is_random)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(Address::parse(text).unwrap().as_str(), expected);
    }

    #[test]
    fn an_address_has_one_spelling() {
        check(
            "HTTPS://WWW.Fjordvik.Example:443/Barnehage",
            "https://www.fjordvik.example/Barnehage",
        );
        check("http://fjordvik.example", "http://fjordvik.example/");
        check("http://fjordvik.example:80/a/./b/../c#frist", "http://fjordvik.example/a/c");
        check("http://fjordvik.example:8080/", "http://fjordvik.example:8080/");
        check("https://x.example/s%c3%b8k/%7eola%2f", "https://x.example/s%C3%B8k/~ola%2F");
        check("https://x.example/s\u{f8}k", "https://x.example/s%C3%B8k");
        check("https://x.example/100%", "https://x.example/100%25");
        check("https://x.example/%%330", "https://x.example/%2530");
        check("https://x.example/a%+fb?c=%+1", "https://x.example/a%25+fb?c=%25+1");
        check("https://r\u{f8}yrvik.example/", "https://xn--ryrvik-bya.example/");
    }

    #[test]
    fn what_follows_readers_about_is_dropped() {
        check("https://x.example/a?utm_source=post&id=7&fbclid=1", "https://x.example/a?id=7");
        check("https://x.example/a?gclid=1", "https://x.example/a");
        check("https://x.example/a?", "https://x.example/a");
        check("https://x.example/a;jsessionid=0A1B?b=2", "https://x.example/a?b=2");
        check("https://x.example/a;jsessionid=0A1B/b;c=1", "https://x.example/a/b;c=1");
        check("https://x.example/(S(0a1b2c))/a", "https://x.example/a");
        check("https://x.example/(S(0a1b2c));jsessionid=0A1B/a", "https://x.example/a");
        check("https://x.example/a;%6asessionid=0A1B", "https://x.example/a");
        check("https://x.example/a?%75tm_source=post", "https://x.example/a");
        check("https://x.example/?session=0123456789abcdef01&a=1", "https://x.example/?a=1");
        check("https://x.example/?PHPSESSID=0a1b2c", "https://x.example/");
        check("https://x.example/?sid=0123456789abcdef01", "https://x.example/");
    }

    #[test]
    fn different_pages_stay_different() {
        check("https://x.example/a/", "https://x.example/a/");
        check("https://x.example/?sid=barnehage", "https://x.example/?sid=barnehage");
        check("https://x.example/a?b=2&a=1", "https://x.example/a?b=2&a=1");
        check("https://x.example/a;b=1", "https://x.example/a;b=1");
        check(
            "https://x.example/?session=haustsemesteret",
            "https://x.example/?session=haustsemesteret",
        );
        check("https://x.example/a_(b)", "https://x.example/a_(b)");
    }

    #[test]
    fn links_are_read_from_where_they_stand() {
        let page = Address::parse("https://x.example/skule/sfo/pris").unwrap();
        assert_eq!(page.join("../frist#nar").unwrap().as_str(), "https://x.example/skule/frist");
        assert_eq!(page.join("//y.example").unwrap().as_str(), "https://y.example/");
        assert_eq!(page.join("mailto:post@x.example"), Err(AddressError::Scheme("mailto".into())));
        assert!(page.join("javascript:void(0)").is_err());
        assert!(Address::parse("sfo").is_err());
    }

    #[test]
    fn a_long_address_is_refused() {
        let room = ADDRESS_CHARS_MAX - "https://x.example/".len();
        assert!(Address::parse(&format!("https://x.example/{}", "a".repeat(room))).is_ok());
        let longer = format!("https://x.example/{}", "a".repeat(room + 1));
        assert_eq!(Address::parse(&longer), Err(AddressError::TooLong));
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own_normal_form(
            path in "(/[a-z%0-9A-F;=.]{0,8}){0,5}", query in "[a-z%&=_0-9]{0,30}"
        ) {
            if let Ok(once) = Address::parse(&format!("https://x.example{path}?{query}")) {
                prop_assert_eq!(Address::parse(once.as_str()), Ok(once));
            }
        }

        #[test]
        fn any_text_is_an_address_with_one_form_or_none(text in ".{0,80}", base in "[ -~]{0,40}") {
            let base = Address::parse(&format!("https://x.example/{base}"));
            let page = base.unwrap_or_else(|_| Address::parse("https://x.example/").unwrap());
            for link in [text.as_str(), &format!("http://y.example/{text}"), &format!("?{text}")] {
                if let Ok(once) = page.join(link) {
                    prop_assert_eq!(Address::parse(once.as_str()), Ok(once.clone()));
                    prop_assert!(once.parameters().len() <= link.len() + page.as_str().len());
                    prop_assert_eq!(once.without(&|_| false), once);
                }
            }
        }
    }
}
