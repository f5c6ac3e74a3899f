//! Sends a visitor on after something was done, with a sentence for the next page.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::cookies::{Cookie, Keep};
use crate::messages::Lang;

/// A sentence for the next page: its key and its values. Travels in a cookie, so it never holds
/// a caller's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The key in the catalogues.
    pub(crate) key: String,
    /// The values of the names in braces.
    pub(crate) values: Vec<(String, String)>,
}

impl Told {
    /// A sentence without values.
    pub(crate) fn new(key: &str) -> Self {
        Self { key: key.to_owned(), values: vec![] }
    }

    /// The same with one more value.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.values.push((name.to_owned(), value.to_owned()));
        self
    }

    /// One value.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// The form in which the cookie carries it.
    pub(crate) fn to_text(&self) -> String {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        text.append_pair("key", &self.key);
        for (name, value) in &self.values {
            text.append_pair(name, value);
        }
        text.finish()
    }

    /// Reads a cookie; a key that no catalogue has says nothing.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut pairs = url::form_urlencoded::parse(text.as_bytes()).into_owned();
        let (_, key) = pairs.next().filter(|(name, _)| name == "key")?;
        (Lang::Nn.text(&key) != key).then(|| Self { key, values: pairs.collect() })
    }

    /// The sentence.
    pub(crate) fn says(&self, lang: Lang) -> String {
        let values: Vec<(&str, &str)> =
            self.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        lang.fill(&self.key, &values)
    }
}

/// A way onward: a redirect after a form, so that reloading repeats nothing.
#[derive(Clone, Debug)]
pub(crate) struct Onward {
    to: String,
    headers: HeaderMap,
    secure: bool,
}

impl Onward {
    /// To an address of ours.
    pub(crate) fn to(address: String, secure: bool) -> Self {
        Self { to: address, headers: HeaderMap::new(), secure }
    }

    /// With a sentence for the next page.
    pub(crate) fn saying(self, told: &Told) -> Self {
        self.cookie(Cookie::Notice, &told.to_text(), Keep::Session)
    }

    /// With a cookie.
    pub(crate) fn cookie(mut self, cookie: Cookie, value: &str, keep: Keep) -> Self {
        if let Some(value) = cookie.set(value, keep, self.secure) {
            self.headers.append(header::SET_COOKIE, value);
        }
        self
    }
}

impl IntoResponse for Onward {
    fn into_response(self) -> Response {
        let Self { to, mut headers, .. } = self;
        if let Ok(value) = to.parse() {
            headers.insert(header::LOCATION, value);
        }
        (StatusCode::SEE_OTHER, headers).into_response()
    }
}

/// An address of ours that a form carried; anything else leads to the front page.
pub(crate) fn own_address(sent: &str) -> String {
    let is_ours = sent.starts_with('/')
        && !sent.starts_with("//")
        && !sent.contains('\\')
        && sent.bytes().all(|it| it.is_ascii_graphic());
    if is_ours { sent.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_survives_its_cookie_and_an_unknown_key_says_nothing() {
        let told = Told::new("people.link_ready").with("name", "Kari & Ola");
        let back = Told::parse(&told.to_text()).unwrap();
        assert_eq!(back, told);
        assert_eq!(back.says(Lang::En), "The link for Kari & Ola is ready");
        assert_eq!(Told::parse("key=buy+now"), None);
    }

    #[track_caller]
    fn check(sent: &str, expected: &str) {
        assert_eq!(own_address(sent), expected);
    }

    #[test]
    fn nobody_is_sent_to_another_site() {
        check("/gaps?state=new", "/gaps?state=new");
        for foreign in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nb"]
        {
            check(foreign, "/");
        }
    }
}
