//! The cookies that we set and read.

use axum::http::{HeaderMap, HeaderValue, header};

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The session.
    Session,
    /// Binds the forms of somebody who has not signed in.
    Visit,
    /// The language of somebody who has not signed in.
    Lang,
    /// The desk that was logged at last.
    Desk,
    /// The channel that was logged last.
    Channel,
    /// What the next page says once.
    Notice,
    /// The one-time link that somebody has come by, so that it stands in no address any more.
    Welcome,
    /// Binds signing in by a provider to the browser that began it.
    Flow,
    /// That somebody has signed in here before. Only the page of signing in reads it.
    Device,
}

/// How long a cookie is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Until the browser closes.
    Session,
    /// For an hour at most.
    Hour,
    /// For a year.
    Year,
    /// It is taken away now.
    Not,
}

impl Cookie {
    /// The name. Behind TLS the prefix binds it to this host and to TLS.
    pub(crate) fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-skranke",
            (Self::Session, false) => "skranke",
            (Self::Visit, true) => "__Host-skranke-visit",
            (Self::Visit, false) => "skranke-visit",
            (Self::Welcome, true) => "__Host-skranke-welcome",
            (Self::Welcome, false) => "skranke-welcome",
            (Self::Flow, true) => "__Host-skranke-flow",
            (Self::Flow, false) => "skranke-flow",
            (Self::Lang, true) => "__Host-skranke-lang",
            (Self::Lang, false) => "skranke-lang",
            (Self::Desk, true) => "__Host-skranke-desk",
            (Self::Desk, false) => "skranke-desk",
            (Self::Channel, true) => "__Host-skranke-channel",
            (Self::Channel, false) => "skranke-channel",
            (Self::Notice, true) => "__Host-skranke-notice",
            (Self::Notice, false) => "skranke-notice",
            (Self::Device, true) => "__Host-skranke-device",
            (Self::Device, false) => "skranke-device",
        }
    }

    /// Reads the value that a browser sent.
    pub(crate) fn read(self, headers: &HeaderMap, secure: bool) -> Option<String> {
        let name = self.name(secure);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut pairs = lines.flat_map(|it| it.split(';')).filter_map(|it| it.split_once('='));
        let value = pairs.find(|(key, _)| key.trim() == name)?.1;
        url::form_urlencoded::parse(format!("v={value}").as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
    }

    /// The header that sets it.
    pub(crate) fn set(self, value: &str, keep: Keep, secure: bool) -> Option<HeaderValue> {
        let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let age = match keep {
            Keep::Session => "",
            Keep::Hour => "; Max-Age=3600",
            Keep::Year => "; Max-Age=31536000",
            Keep::Not => "; Max-Age=0",
        };
        let tls = if secure { "; Secure" } else { "" };
        let name = self.name(secure);
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{tls}");
        HeaderValue::from_str(&text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_survives_the_way_there_and_back() {
        let set = Cookie::Desk.set("Rådhuset; 2. høgda", Keep::Year, false).unwrap();
        let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&format!("a=b; {pair}")).unwrap());
        assert_eq!(Cookie::Desk.read(&headers, false).unwrap(), "Rådhuset; 2. høgda");
        assert_eq!(Cookie::Lang.read(&headers, false), None);
    }

    #[test]
    fn behind_tls_every_cookie_is_bound_to_this_host() {
        for cookie in [
            Cookie::Session,
            Cookie::Visit,
            Cookie::Lang,
            Cookie::Desk,
            Cookie::Channel,
            Cookie::Notice,
            Cookie::Flow,
            Cookie::Device,
        ] {
            let set = cookie.set("x", Keep::Year, true).unwrap();
            let set = set.to_str().unwrap();
            // What a browser asks of the prefix: this path, TLS, and no domain.
            assert!(set.starts_with("__Host-") && set.contains("; Path=/;"), "{set}");
            assert!(set.ends_with("; Secure") && !set.contains("Domain"), "{set}");
        }
    }

    #[test]
    fn the_session_is_bound_to_host_and_tls_and_hidden_from_scripts() {
        let set = Cookie::Session.set("x", Keep::Session, true).unwrap();
        assert_eq!(set, "__Host-skranke=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        let plain = Cookie::Session.set("x", Keep::Session, false).unwrap();
        assert_eq!(plain, "skranke=x; Path=/; HttpOnly; SameSite=Lax");
    }
}
