//! A certified provider of identities, in a process of its own (`tests/oidc/`), and a visitor's way
//! through its pages.

pub(crate) mod false_provider;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use skranke::oidc::{Audience, ClientKey, ClientSecret, KnownBy, Places, Proof, Settings};
use skranke::people::Role;

use crate::harness::visitor::{Answer, Visitor};

const SECRET: &str = "ein hemmeleg streng: med teikn/";

/// The text of a key of the tests.
pub(crate) fn pem(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/oidc");
    std::fs::read_to_string(folder.join(name)).expect("it lies there")
}

/// What is shown with a key of the tests, which the provider knows as `key-1`.
pub(crate) fn signing(name: &str) -> Proof {
    let key = ClientKey::parse(&pem(name)).expect("a good key");
    Proof::Key { key, id: Some("key-1".to_owned()), audience: Audience::Issuer }
}

/// What is set for a provider of the tests.
pub(crate) fn settings(issuer: &str) -> Settings {
    let role = |theirs: &str, ours| (theirs.to_owned(), ours);
    Settings {
        issuer: issuer.to_owned(),
        client: "skranke".to_owned(),
        proof: Proof::Secret(ClientSecret::new(SECRET)),
        name: "Fjordvik ID".to_owned(),
        scopes: "openid profile".to_owned(),
        acr: String::new(),
        context: None,
        acting_for: None,
        roles_claim: "roles".to_owned(),
        roles: vec![
            role("Skranke.Desk", Role::Reception),
            role("Skranke.Editor", Role::Editor),
            role("Skranke.Admin", Role::Admin),
        ],
        known_by: KnownBy::Subject,
        is_only: false,
    }
}

/// The provider; ends with the test.
pub(crate) struct Identities {
    child: Child,
    /// Whoever speaks to nobody ends: the provider says now and then how it could be set up.
    _says: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
}

impl Drop for Identities {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Identities {
    /// Starts it with people and what it says of them, and with more of what it can be told
    /// (`tests/oidc/provider.mjs`).
    pub(crate) fn open_with(places: &Places, people: &Value, more: &Value) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc");
        assert!(folder.join("node_modules/oidc-provider").exists(), "run `make setup` first");
        let mut told = json!({
            "client": "skranke",
            "secret": SECRET,
            "back": places.back.as_str(),
            "lands": places.lands.as_str(),
            "ended": places.back.join("/sign-in/oidc/ended").expect("an address").as_str(),
            "people": people,
            "algorithm": "ES256",
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            told[name] = value.clone();
        }
        let mut child = Command::new("node")
            .arg(folder.join("provider.mjs"))
            .arg(told.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Node is there");
        let mut line = String::new();
        let mut says = BufReader::new(child.stdout.take().expect("it is piped"));
        says.read_line(&mut line).expect("the provider starts");
        let told: Value = serde_json::from_str(&line).expect("a line of JSON");
        let port = told["port"].as_u64().and_then(|it| u16::try_from(it).ok()).expect("a port");
        Self { child, _says: says, address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }

    /// The name that it has for itself.
    pub(crate) fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A browser without anything of the provider's.
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::new(self.address)
    }
}

/// The path of an address.
pub(crate) fn path_of(address: &str) -> String {
    let url = url::Url::parse(address).unwrap_or_else(|_| panic!("no address: {address}"));
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// Follows the provider's redirects on its own host until it shows a page or leads elsewhere.
pub(crate) fn follow(there: &mut Visitor, mut answer: Answer) -> Answer {
    for _ in 0..10 {
        if !matches!(answer.status, 302 | 303) {
            return answer;
        }
        let to = answer.location().to_owned();
        let is_here = to.starts_with('/') || to.contains(&there.address.to_string());
        if !is_here {
            return answer;
        }
        let path = if to.starts_with('/') { to } else { path_of(&to) };
        answer = there.get(&path);
    }
    panic!("it leads around in a circle");
}

/// Goes from our page to the provider, signs in there as `name`, and comes back.
#[track_caller]
pub(crate) fn sign_in(
    here: &mut Visitor,
    there: &mut Visitor,
    (from, name): (&str, &str),
) -> Answer {
    let sent = here.get(from);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let to = path_of(sent.location());
    let shown = there.get(&to);
    let mut answer = follow(there, shown);
    if answer.status == 200 {
        let action = answer.body.split("action=\"").nth(1).and_then(|it| it.split('"').next());
        let action = action.unwrap_or_else(|| panic!("no form: {}", answer.body)).to_owned();
        let action = if action.starts_with('/') { action } else { path_of(&action) };
        let action = action.trim_end_matches('?').to_owned();
        let fields = [("prompt", "login"), ("login", name), ("password", "noko")];
        let sent = there.post(&action, "", &fields).expect("an answer");
        answer = follow(there, sent);
    }
    let back = path_of(answer.location());
    here.get(&back)
}
