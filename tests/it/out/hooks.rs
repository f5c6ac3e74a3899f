//! The webhook against a receiver that checks every signature: what is told, how often, and what
//! happens when the receiver or the service goes away in the midst.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::Sha256;
use skranke::clock::Clock;

use super::town_with_gap;
use crate::harness::town::Town;
use crate::harness::visitor::{Service, Visitor};

/// Answers that a receiver gives, in order; the last one holds for all further.
const HANG: u16 = 0;

#[derive(Clone, Debug)]
pub(crate) struct Told {
    head: String,
    pub(crate) body: String,
}

impl Told {
    fn header(&self, name: &str) -> String {
        let line = self.head.lines().find_map(|it| it.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name}: {}", self.head)).to_owned()
    }

    /// Checks the signature as a receiver does, and reads the body.
    fn checked(&self, secret: &str) -> Value {
        let key = STANDARD.decode(secret.trim_start_matches("whsec_")).expect("base64");
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        mac.update(format!("{id}.{at}.{}", self.body).as_bytes());
        let made = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        assert_eq!(self.header("webhook-signature"), made);
        serde_json::from_str(&self.body).expect("JSON")
    }
}

pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    pub(crate) told: Arc<Mutex<Vec<Told>>>,
}

impl Receiver {
    pub(crate) fn start(answers: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        let told = Arc::new(Mutex::new(vec![]));
        let kept = Arc::clone(&told);
        std::thread::spawn(move || {
            let mut held = vec![];
            for (n, stream) in listener.incoming().enumerate() {
                let mut stream = stream.expect("a connection");
                kept.lock().expect("held").push(read(&mut stream));
                match answers[n.min(answers.len() - 1)] {
                    HANG => held.push(stream),
                    status => {
                        let elsewhere = "location: http://127.0.0.1:1/\r\n";
                        let more = if status == 302 { elsewhere } else { "" };
                        let rest = "content-length: 5\r\nconnection: close\r\n\r\nhallo";
                        let text = format!("HTTP/1.1 {status} x\r\n{more}{rest}");
                        stream.write_all(text.as_bytes()).expect("answered");
                    }
                }
            }
        });
        Self { address, told }
    }

    /// Waits until it was told so often, half a minute at most.
    #[expect(clippy::disallowed_methods, reason = "another process tells when it tells")]
    fn waits_for(&self, n: usize) {
        for _ in 0..600 {
            if n <= self.told().len() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("told {} times", self.told().len());
    }

    fn told(&self) -> Vec<Told> {
        self.told.lock().expect("held").clone()
    }
}

fn read(stream: &mut std::net::TcpStream) -> Told {
    let (mut bytes, mut piece) = (vec![], [0; 4_096]);
    loop {
        let n = stream.read(&mut piece).expect("read");
        bytes.extend_from_slice(&piece[..n]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|it| it.lines().next());
        let length: usize = length.and_then(|it| it.parse().ok()).unwrap_or(0);
        if length <= body.len() {
            let original = text.split_once("\r\n\r\n").map_or("", |it| it.0).to_owned();
            return Told { head: original, body: body.to_owned() };
        }
    }
}

/// Adds a webhook and tells its secret.
fn hook(admin: &mut Visitor, address: &str, private: &str) -> String {
    let fields = [
        ("change", "add"),
        ("address", address),
        ("of", "new"),
        ("of", "reopened"),
        ("allow_private", private),
    ];
    let answer = admin.submit("/admin/hooks", "/admin/hooks", &fields);
    let at = answer.body.find("whsec_").unwrap_or_else(|| panic!("{}", answer.body));
    answer.body[at..].chars().take_while(|it| *it != '<').collect()
}

fn tell(town: &Town) {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    runtime.block_on(town.jobs.tell_hooks());
}

/// Opens the gap again, which is news.
fn reopen(town: &Town, number: &str) {
    let who = skranke::app::Decider { by: None, version: None };
    let topic = number.parse().expect("a number");
    let dismiss = skranke::review::Step::Dismiss { reason: "nei".into(), inquiries: 4 };
    for step in [dismiss, skranke::review::Step::Reopen] {
        town.app.step(topic, step, who).expect("taken");
        town.app.settle().expect("folded");
    }
}

#[test]
fn news_is_signed_tried_again_and_taken_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-06T11:00:00Z".parse().expect("an instant"));
    let (town, mut admin, number) = town_with_gap(folder.path(), &clock);
    let receiver = Receiver::start(&[302, 500, 204]);
    let address = format!("http://{}/in?a=1", receiver.address);
    let secret = hook(&mut admin, &address, "yes");
    assert!(!admin.get("/admin/hooks").body.contains("whsec_"), "shown once");
    tell(&town);
    assert!(receiver.told().is_empty(), "what was there before is no news");
    reopen(&town, &number);
    tell(&town);
    tell(&town);
    assert_eq!(receiver.told().len(), 1, "it waits, and follows no redirect");
    let page = admin.get("/admin/hooks").body;
    assert!(page.contains("status 302") && page.contains("1 melding ventar"), "{page}");
    for (minutes, n) in [(1, 2), (4, 2), (1, 3), (60, 3)] {
        clock.advance_by(SignedDuration::from_mins(minutes));
        tell(&town);
        assert_eq!(receiver.told().len(), n, "after {minutes} more minutes");
    }
    let told = receiver.told();
    let bodies: Vec<Value> = told.iter().map(|it| it.checked(&secret)).collect();
    let ids: Vec<String> = told.iter().map(|it| it.header("webhook-id")).collect();
    assert!(ids.iter().all(|it| *it == ids[0]), "one id for all tries: {ids:?}");
    assert_eq!(
        (&bodies[2]["type"], &bodies[2]["data"]["number"]),
        (&"gap.reopened".into(), &number.into())
    );
    assert_eq!(bodies[2]["data"]["counts"]["inquiries"], 4);
    assert!(told[0].head.starts_with("POST /in?a=1 "), "{}", told[0].head);
    for hidden in ["Marit", "phone", "kvar finn eg"] {
        assert!(!told.iter().any(|it| it.body.contains(hidden)), "{hidden}");
    }
    let page = admin.get("/admin/hooks").body;
    assert!(page.contains("status 204") && page.contains(">Verkar<"), "{page}");
}

#[test]
fn after_three_days_it_stops_and_says_so_until_an_administrator_lets_it_go_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-06T11:00:00Z".parse().expect("an instant"));
    let (town, mut admin, number) = town_with_gap(folder.path(), &clock);
    let receiver = Receiver::start(&[500, 500, 204]);
    hook(&mut admin, &format!("http://{}", receiver.address), "yes");
    reopen(&town, &number);
    tell(&town);
    clock.advance_by(SignedDuration::from_hours(72));
    tell(&town);
    tell(&town);
    assert_eq!(receiver.told().len(), 1, "nothing is sent any more");
    let mut admin = Visitor::sign_in(town.address, "marit");
    assert!(admin.get("/gaps").body.contains("Ein webhook har stoppa"));
    let id = admin.get("/admin/hooks").hidden("id");
    let resume = [("change", "resume"), ("id", id.as_str())];
    assert_eq!(admin.submit("/admin/hooks", "/admin/hooks", &resume).status, 303);
    // It goes on beside the answer.
    receiver.waits_for(2);
    assert!(!admin.get("/gaps").body.contains("Ein webhook har stoppa"));
}

#[test]
fn private_addresses_are_refused_unless_opened_and_a_test_shows_the_real_answer() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed("2026-03-06T11:00:00Z".parse().expect("an instant"));
    let (town, mut admin, _) = town_with_gap(folder.path(), &clock);
    for wrong in ["http://example.org/", "ftp://127.0.0.1/", "https://a:b@example.org/", "x"] {
        let fields = [("change", "add"), ("address", wrong), ("of", "new")];
        let answer = admin.submit("/admin/hooks", "/admin/hooks", &fields);
        assert!(answer.status == 422 && answer.body.contains(wrong), "{wrong}");
    }
    let receiver = Receiver::start(&[418]);
    for (private, says) in [("", "privat nett"), ("yes", "status 418")] {
        hook(&mut admin, &format!("http://{}", receiver.address), private);
        let id = admin.get("/admin/hooks").hidden("id");
        let test = [("change", "test"), ("id", id.as_str())];
        assert_eq!(admin.submit("/admin/hooks", "/admin/hooks", &test).status, 303);
        let page = admin.get("/admin/hooks").body;
        assert!(page.contains(says), "{page}");
        assert_eq!(page.contains("<code>hallo</code>"), private == "yes");
        let remove = [("change", "remove"), ("id", id.as_str())];
        assert_eq!(admin.submit("/admin/hooks", "/admin/hooks", &remove).status, 303);
        town.app.settle().expect("folded");
    }
    assert_eq!(receiver.told().len(), 1, "the first was never asked");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a service of its own goes by the machine's clock")]
fn a_kill_in_the_midst_tells_the_same_again_under_the_same_id() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let receiver = Receiver::start(&[HANG, 204]);
    let clock = Clock::fixed(Timestamp::now());
    let (town, mut admin, number) = town_with_gap(folder.path(), &clock);
    let secret = hook(&mut admin, &format!("http://{}", receiver.address), "yes");
    reopen(&town, &number);
    drop(town);
    let mut service = Service::start(folder.path());
    receiver.waits_for(1);
    service.kill();
    let _service = Service::start(folder.path());
    receiver.waits_for(2);
    let told = receiver.told();
    let ids: Vec<String> = told.iter().map(|it| it.header("webhook-id")).collect();
    assert_eq!(ids[0], ids[1]);
    told.iter().for_each(|it| drop(it.checked(&secret)));
}
