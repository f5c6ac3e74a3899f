//! Who asks: the session behind a cookie or the machine behind a token, the language, and the
//! token that binds forms to a session.

use axum::http::{HeaderMap, header};
use subtle::ConstantTimeEq;

use super::cookies::Cookie;
use crate::app::{App, Machine, SignedIn, TokenRefusal};
use crate::messages::Lang;
use crate::people::{By, Role, Token, TokenText};

/// Who asks, as the handlers see it.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// The account behind the session.
    pub(crate) signed_in: Option<SignedIn>,
    /// The account behind a session that is locked: then nobody is signed in.
    pub(crate) locked: Option<SignedIn>,
    /// The account behind a session that is good for setting up the second step and no more: then
    /// nobody is signed in.
    pub(crate) owing: Option<SignedIn>,
    /// The machine that showed a token of its own, or why it lets nobody in. Whoever shows one is
    /// no visitor: cookies beside it count for nothing.
    pub(crate) bearer: Option<Result<Machine, TokenRefusal>>,
    /// The session's token, or one for the visit.
    pub(crate) token: Token,
    /// Whether the visit's token is new and must be sent.
    pub(crate) is_new_visit: bool,
    /// Whether a session was sent that no longer holds.
    pub(crate) ran_out: bool,
    /// The language of pages.
    pub(crate) lang: Lang,
    /// The path and query asked for.
    pub(crate) path: String,
    /// What is to be said once.
    pub(crate) notice: Option<String>,
}

/// So many hex digits make each page's token differ, so that its compressed length tells nothing.
const NONCE_DIGITS: usize = 16;

impl Caller {
    /// Reads who asks from a request's headers.
    pub(crate) fn read(headers: &HeaderMap, path: &str, app: &App, secure: bool) -> Self {
        let sent = Cookie::Session.read(headers, secure).and_then(|it| Token::parse(&it));
        // A gateway in front may send a bearer of its own along with every request of a person.
        let is_for_us = sent.is_none() && path.starts_with("/api/");
        let bearer = bearer(headers).filter(|it| is_for_us || it.starts_with(TokenText::PREFIX));
        let bearer = bearer.map(|shown| app.machine(shown));
        let sent = sent.filter(|_| bearer.is_none());
        let found = sent.as_ref().and_then(|token| app.signed_in(token));
        let ran_out = sent.is_some() && found.is_none();
        let (locked, found): (Option<SignedIn>, _) = match found {
            Some(who) if who.session.locked => (Some(who), None),
            found => (None, found),
        };
        let (owing, signed_in): (Option<SignedIn>, _) = match found {
            Some(who) if who.owes_code => (Some(who), None),
            found => (None, found),
        };
        let holds = locked.is_some() || owing.is_some() || signed_in.is_some();
        let visit = Cookie::Visit.read(headers, secure).and_then(|it| Token::parse(&it));
        let (token, is_new_visit) = match (sent.filter(|_| holds), visit) {
            (Some(token), _) | (None, Some(token)) => (token, false),
            (None, None) => (Token::random(), true),
        };
        let lang = signed_in.as_ref().or(locked.as_ref()).or(owing.as_ref()).map(|it| it.lang);
        let lang = lang.or_else(|| Lang::parse(&Cookie::Lang.read(headers, secure)?));
        let lang = lang.or_else(|| accepted(headers));
        Self {
            signed_in,
            locked,
            owing,
            bearer,
            token,
            is_new_visit,
            ran_out,
            lang: lang.unwrap_or_else(|| app.state.settings().lang),
            path: path.to_owned(),
            notice: Cookie::Notice.read(headers, secure),
        }
    }

    /// Who it is, for records.
    pub(crate) fn by(&self) -> By {
        self.signed_in.as_ref().map(|it| it.person)
    }

    /// Who it is where records say who did something: a person, or a machine by its token.
    pub(crate) fn actor(&self) -> By {
        self.machine().map(Machine::actor).or_else(|| self.by())
    }

    /// The machine behind a token that holds.
    pub(crate) fn machine(&self) -> Option<&Machine> {
        self.bearer.as_ref()?.as_ref().ok()
    }

    /// The role.
    pub(crate) fn role(&self) -> Option<Role> {
        self.signed_in.as_ref().map(|it| it.role)
    }

    /// Whoever may set up a second step: somebody who has signed in, or was let in for that alone.
    pub(crate) fn at_second_step(&self) -> Option<&SignedIn> {
        self.signed_in.as_ref().or(self.owing.as_ref())
    }

    /// The hidden field of a form.
    pub(crate) fn form_token(&self) -> String {
        let nonce = Token::random().as_str()[..NONCE_DIGITS].to_owned();
        let bound = self.token.bound(&format!("form:{nonce}"));
        nonce + &bound
    }

    /// Whether a hidden field was made for this session.
    pub(crate) fn owns_form(&self, sent: &str) -> bool {
        let Some((nonce, bound)) = sent.split_at_checked(NONCE_DIGITS) else { return false };
        let expected = self.token.bound(&format!("form:{nonce}"));
        bool::from(expected.as_bytes().ct_eq(bound.as_bytes()))
    }
}

/// What a machine shows. Other schemes are not ours: a proxy in front may ask for a password.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let sent = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, shown) = sent.split_once(' ').unwrap_or((sent, ""));
    scheme.eq_ignore_ascii_case("bearer").then_some(shown)
}

/// The first language that a browser asks for and that we speak.
fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let wanted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    wanted.split(',').find_map(|it| Lang::parse(it.trim().get(..2)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller() -> Caller {
        Caller {
            signed_in: None,
            locked: None,
            owing: None,
            bearer: None,
            token: Token::random(),
            is_new_visit: true,
            ran_out: false,
            lang: Lang::Nn,
            path: "/".to_owned(),
            notice: None,
        }
    }

    #[test]
    fn a_form_is_bound_to_its_session_and_never_the_same_twice() {
        let (one, other) = (caller(), caller());
        let token = one.form_token();
        assert!(one.owns_form(&token));
        assert!(!other.owns_form(&token));
        assert_ne!(token, one.form_token());
        assert!(!one.owns_form("") && !one.owns_form("æøå") && !one.owns_form(&token[1..]));
    }

    #[test]
    fn only_a_bearer_is_ours() {
        let shown = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(shown("bearer skr_a").as_deref(), Some("skr_a"));
        assert_eq!(shown("Bearer").as_deref(), Some(""), "a token that was forgotten");
        assert_eq!(shown("Basic a2FyaTpuZXM="), None);
    }

    #[test]
    fn the_browsers_language_is_heard() {
        let mut headers = HeaderMap::new();
        assert_eq!(accepted(&headers), None);
        headers.insert(header::ACCEPT_LANGUAGE, "de-DE, no;q=0.9, en;q=0.5".parse().unwrap());
        assert_eq!(accepted(&headers), Some(Lang::Nb));
    }
}
