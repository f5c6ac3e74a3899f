//! A service, a provider that lies to it, and the answers that are brought from there.

use jiff::Timestamp;
use serde_json::{Value, json};
use skranke::clock::Clock;
use skranke::oidc::Settings;

use crate::harness::identities::false_provider::{FalseProvider, Key, packed, signed_with_public};
use crate::harness::identities::settings;
use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor};

const NOW: &str = "2026-03-06T11:00:00Z";

/// A service, and the provider that lies to it.
pub(super) struct Scene {
    pub(super) town: Town,
    pub(super) provider: FalseProvider,
    pub(super) key: Key,
    pub(super) other: Key,
    pub(super) clock: Clock,
    pub(super) _folder: tempfile::TempDir,
}

/// An answer that is about to be sent, with whatever is wrong with it.
pub(super) struct Answering {
    pub(super) header: Value,
    pub(super) claims: Value,
    pub(super) sign: Sign,
    /// The answer of the exchange, where it is not the token.
    pub(super) exchange: Option<(u16, String)>,
    pub(super) query: Vec<(String, String)>,
    /// Whether another browser brings it.
    pub(super) is_elsewhere: bool,
}

pub(super) enum Sign {
    Right,
    WithOther,
    WithPublic,
    Not,
    Altered,
    TwoParts,
}

pub(super) fn now() -> Timestamp {
    NOW.parse().expect("a time")
}

pub(super) fn scene(change: impl FnOnce(Settings) -> Settings) -> Scene {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (key, other) = (Key::new("one"), Key::new("one"));
    let provider = FalseProvider::start(&[&key]);
    let clock = Clock::fixed(now());
    let issuer = provider.issuer.clone();
    let town = Town::open_for(
        &folder.path().join("data"),
        &clock,
        (None, |_| Some(change(settings(&issuer)))),
    );
    town.set_up();
    Scene { town, provider, key, other, clock, _folder: folder }
}

impl Scene {
    /// Begins a sign-in, and makes the answer that an honest provider would give.
    pub(super) fn begin(&self, visitor: &mut Visitor) -> Answering {
        self.begin_at(visitor, "/sign-in/oidc?next=/today")
    }

    /// The same from a place of one's own.
    pub(super) fn begin_at(&self, visitor: &mut Visitor, path: &str) -> Answering {
        let sent = visitor.get(path);
        assert_eq!(sent.status, 303, "{}", sent.body);
        let to = url::Url::parse(sent.location()).expect("an address");
        let part = |name: &str| {
            let found = to.query_pairs().find(|it| it.0 == name);
            found.map(|it| it.1.into_owned()).unwrap_or_else(|| panic!("no {name} in {to}"))
        };
        assert_eq!(
            (part("response_type").as_str(), part("response_mode").as_str()),
            ("code", "query")
        );
        assert_eq!(part("code_challenge_method"), "S256");
        let seconds = self.clock.now().as_second();
        let query = [
            ("state", part("state")),
            ("code", "c0de".to_owned()),
            ("iss", self.provider.issuer.clone()),
        ];
        Answering {
            header: json!({ "alg": "ES256", "kid": "one" }),
            claims: json!({
                "iss": self.provider.issuer,
                "sub": "s-1",
                "aud": "skranke",
                "exp": seconds + 300,
                "iat": seconds,
                "nonce": part("nonce"),
                "name": "Kari Nes",
                "roles": ["Skranke.Desk"],
            }),
            sign: Sign::Right,
            exchange: None,
            query: query.map(|(name, value)| (name.to_owned(), value)).into(),
            is_elsewhere: false,
        }
    }

    /// Sends the answer.
    pub(super) fn answer(&self, visitor: &mut Visitor, answering: &Answering) -> Answer {
        let Answering { header, claims, .. } = answering;
        let token = match answering.sign {
            Sign::Right => self.key.sign(header, claims),
            Sign::WithOther => self.other.sign(header, claims),
            Sign::WithPublic => signed_with_public(&self.key, claims),
            Sign::Not => format!("{}.{}.", packed(header), packed(claims)),
            Sign::TwoParts => format!("{}.{}", packed(header), packed(claims)),
            Sign::Altered => {
                let signed = self.key.sign(header, claims);
                let mut claims = claims.clone();
                claims["roles"] = json!(["Skranke.Admin"]);
                let parts: Vec<&str> = signed.split('.').collect();
                format!("{}.{}.{}", parts[0], packed(&claims), parts[2])
            }
        };
        let exchange = answering.exchange.clone();
        let tokens = json!({ "id_token": token, "access_token": "a", "token_type": "Bearer" });
        self.provider.change(|it| it.token = exchange.unwrap_or((200, tokens.to_string())));
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&answering.query);
        let back = format!("/sign-in/oidc/back?{}", query.finish());
        let mut elsewhere = Visitor::new(self.town.address);
        if answering.is_elsewhere {
            elsewhere.get("/sign-in/oidc");
        }
        let brings = if answering.is_elsewhere { &mut elsewhere } else { visitor };
        brings.get(&back)
    }

    /// One sign-in whose answer is changed before it is sent, in a browser of its own.
    pub(super) fn try_with(&self, change: impl FnOnce(&mut Answering)) -> (Answer, Visitor) {
        let mut visitor = Visitor::new(self.town.address);
        let mut answering = self.begin(&mut visitor);
        change(&mut answering);
        (self.answer(&mut visitor, &answering), visitor)
    }
}

impl Answering {
    pub(super) fn claim(&mut self, name: &str, value: impl Into<Value>) {
        self.claims[name] = value.into();
    }

    pub(super) fn add(&mut self, name: &str, seconds: i64) {
        let value = now().as_second() + seconds;
        self.claims[name] = value.into();
    }

    pub(super) fn without(&mut self, name: &str) {
        self.claims.as_object_mut().expect("an object").remove(name);
    }

    pub(super) fn query(&mut self, name: &str, value: Option<&str>) {
        self.query.retain(|it| it.0 != name);
        self.query.extend(value.map(|it| (name.to_owned(), it.to_owned())));
    }
}
