//! Whoever guesses passphrases gets few of them compared, and keeps nobody out.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use super::metric;
use crate::harness::visitor::{PASSPHRASE, Service, Visitor, choose, invite};

const HASHES: &str = "skranke_passphrase_hashes_total";
/// So many wrong ones in the short form, a fifth of them from one address.
const TRIES: usize = 3_000;
/// So many pairs of a known and an unknown name are timed in the long form.
const PAIRS: usize = 300;
/// So many tries at one name, fewer than all strangers at it have.
const AT_A_NAME: usize = 25;

/// As many tries as `SKRANKE_TRIES` tells: the long form.
#[expect(clippy::disallowed_methods, reason = "how long a test is, is none of the program's")]
fn long() -> Option<usize> {
    std::env::var("SKRANKE_TRIES").ok().and_then(|it| it.parse().ok())
}

fn try_once(visitor: &mut Visitor, csrf: &str, (login, passphrase): (&str, &str)) -> u16 {
    let fields = [("login", login), ("passphrase", passphrase)];
    visitor.post("/sign-in", csrf, &fields).map_or(0, |it| it.status)
}

/// Tries from so many addresses in turn, by a few threads; how many were let through.
fn flood(address: SocketAddr, (tries, addresses): (usize, usize), login: &str) -> usize {
    const THREADS: usize = 4;
    let mut first = Visitor::new(address);
    let csrf = first.get("/sign-in").csrf().expect("a form");
    std::thread::scope(|scope| {
        let work = |thread: usize| {
            let (first, csrf) = (first.clone(), csrf.as_str());
            move || {
                let mine = (thread..tries).step_by(THREADS);
                let status = mine.map(|n| {
                    let n = n % addresses;
                    let mut visitor = first.clone().from(&format!("203.{}.{}.7", n / 250, n % 250));
                    try_once(&mut visitor, csrf, (login, "gjetting utan ende"))
                });
                status.filter(|it| *it != 429).count()
            }
        };
        let threads: Vec<_> = (0..THREADS).map(|n| scope.spawn(work(n))).collect();
        threads.into_iter().map(|it| it.join().expect("it ended")).sum()
    })
}

#[test]
fn a_flood_of_tries_reaches_few_hashes_and_keeps_its_victim_from_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    service.set_up();
    let address = service.address;
    let mut marit = Visitor::new(address).from("198.51.100.7");
    let fields = [("login", "marit"), ("passphrase", PASSPHRASE)];
    assert_eq!(marit.submit("/sign-in", "/sign-in", &fields).status, 303);
    assert!(marit.cookie("skranke-device").is_some(), "the browser is known from now on");
    let before = metric(address, HASHES);

    let tries = long().unwrap_or(TRIES);
    let (of_one, begun) = (tries / 5, Instant::now());
    let passed = flood(address, (of_one, 1), "marit");
    let minutes = usize::try_from(begun.elapsed().as_secs() / 60).expect("few") + 1;
    // At the account there are thirty in a quarter of an hour, however long this takes.
    let most = (10 * minutes).min(30);
    assert!((10..=most).contains(&passed), "{passed} of one address in {minutes} min");
    // Some of them find the line full, since one address has few places in it.
    let hashed = metric(address, HASHES) - before;
    assert!((1.0..=30.0).contains(&hashed), "{hashed}");
    let meanwhile = std::thread::scope(|scope| {
        let flood = scope.spawn(|| flood(address, (tries - of_one, 1_000), "marit"));
        // At home and on the way: the browser is the same.
        let mut slowest = Duration::ZERO;
        for from in ["198.51.100.7", "192.0.2.44"] {
            let mut visitor = marit.clone().from(from);
            let begun = Instant::now();
            let csrf = visitor.get("/help").csrf().expect("a form");
            assert_eq!(try_once(&mut visitor, &csrf, ("marit", PASSPHRASE)), 303, "from {from}");
            slowest = slowest.max(begun.elapsed());
        }
        // A browser that has forgotten all, at the address of always.
        let mut other = Visitor::new(address).from("198.51.100.7");
        assert_eq!(other.submit("/sign-in", "/sign-in", &fields).status, 303);
        println!("the owner signed in within {slowest:?}");
        flood.join().expect("it ended")
    });
    let hashed = metric(address, HASHES) - before;
    println!("{tries} tries from 1 and 1,000 addresses: {hashed} hashes, 3 of them the owner's");
    println!("they took {:?}", begun.elapsed());
    assert!(meanwhile <= 30, "{meanwhile}");
    assert!(hashed <= 33.0, "{hashed}");
    let mut stranger = Visitor::new(address).from("192.0.2.200");
    let answer = stranger.submit("/sign-in", "/sign-in", &fields);
    assert_eq!(answer.status, 429, "a stranger has to wait, also with the right one");
    assert!(answer.headers.iter().any(|it| it.0 == "retry-after"));
}

#[test]
fn who_is_not_known_costs_as_much_as_who_is() {
    const ROUNDS: u8 = 5;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    service.set_up();
    let mut first = Visitor::new(service.address);
    let csrf = first.get("/sign-in").csrf().expect("a form");
    let took = |login: &str, n: u8| {
        let mut visitor = first.clone().from(&format!("203.0.113.{n}"));
        let begun = Instant::now();
        assert_eq!(try_once(&mut visitor, &csrf, (login, "gjetting utan ende")), 422);
        begun.elapsed()
    };
    let hashes = || metric(service.address, HASHES);
    for n in 0..ROUNDS {
        let before = hashes();
        let known = took("marit", n);
        let between = hashes();
        let unknown = took("nobody", n);
        let work = (between - before, hashes() - between);
        assert_eq!(work, (1.0, 1.0), "one passphrase is hashed for each");
        let least = known.min(unknown);
        assert!(Duration::from_millis(250) <= least, "both wait until they look alike");
    }
}

/// Half of them took no longer.
fn median(mut took: Vec<Duration>) -> f64 {
    took.sort_unstable();
    took[took.len() / 2].as_secs_f64() * 1_000.0
}

/// Times pairs of tries in turn, so that whatever else the machine does falls on both alike.
fn compare(what: &str, mut took: impl FnMut(bool, usize) -> Duration) -> f64 {
    let (mut known, mut unknown) = (vec![], vec![]);
    for n in 0..PAIRS {
        // Which of the two is first changes too.
        for is_known in [n % 2 == 0, n % 2 != 0] {
            let time = took(is_known, n);
            if is_known { known.push(time) } else { unknown.push(time) }
        }
    }
    let (known, unknown) = (median(known), median(unknown));
    let percent = (known - unknown).abs() / unknown * 100.0;
    println!(
        "{what}, {PAIRS} pairs: a known name {known:.2} ms, an unknown one {unknown:.2} ms \
         (medians): {percent:.2} % apart"
    );
    percent
}

/// Long form only: a time is no promise on a machine that does other things.
#[test]
fn the_time_of_an_answer_does_not_tell_which_names_there_are() {
    if long().is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let address = service.address;
    for n in 0..PAIRS.div_ceil(AT_A_NAME) {
        let login = format!("person{n}");
        let link = invite(&mut admin, &[("login", &login), ("name", &login), ("role", "editor")]);
        assert_eq!(choose(&mut Visitor::new(address), &link, PASSPHRASE).status, 303);
    }
    let mut first = Visitor::new(address);
    let csrf = first.get("/sign-in").csrf().expect("a form");
    let percent = compare("a wrong try at the door", |is_known, n| {
        let name = if is_known { "person" } else { "nobody" };
        let login = format!("{name}{}", n / AT_A_NAME);
        let place = 2 * n + usize::from(is_known);
        let mut visitor = first.clone().from(&format!("203.{}.{}.7", place / 250, place % 250));
        let begun = Instant::now();
        assert_eq!(try_once(&mut visitor, &csrf, (&login, "gjetting utan ende")), 422);
        begun.elapsed()
    });
    assert!(percent < 5.0, "{percent} %");
}

#[test]
fn a_stranger_who_tells_an_address_is_counted_by_his_own() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = [("SKRANKE_TRUSTED_PROXIES", "10.9.9.9")];
    let data = folder.path().join("data");
    let mut service = Service::start_with(&data, &settings).expect("it starts");
    service.set_up();
    assert_eq!(flood(service.address, (60, 60), "nobody"), 10);
}

#[test]
fn too_many_requests_are_refused_with_a_time_and_a_page_or_a_problem() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let address = service.address;
    let mut visitor = Visitor::new(address).from("203.0.113.9");
    let answers: Vec<u16> = (0..700).map(|_| visitor.get("/help/log").status).collect();
    let refused = answers.iter().filter(|it| **it == 429).count();
    assert!((1..=100).contains(&refused), "{refused}");
    let page = (0..20).map(|_| visitor.get("/help")).find(|it| it.status == 429);
    let page = page.expect("still too many");
    let says = |answer: &crate::harness::visitor::Answer, name: &str| {
        answer.headers.iter().find(|it| it.0 == name).map(|it| it.1.clone())
    };
    assert_eq!(says(&page, "retry-after").as_deref(), Some("1"));
    assert!(page.body.contains("For mange førespurnader"), "{}", page.body);
    let problem = (0..20).map(|_| visitor.get("/api/v1/openapi.json")).find(|it| it.status == 429);
    let problem = problem.expect("still too many");
    assert_eq!(problem.json()["type"], "urn:skranke:too_often");
    assert_eq!(says(&problem, "ratelimit").as_deref(), Some("\"address\";r=0;t=1"));
    assert_eq!(says(&problem, "ratelimit-policy").as_deref(), Some("\"address\";q=600;w=60"));
    assert_eq!(visitor.get("/livez").status, 200, "health is not limited");
    let other = Visitor::new(address).from("203.0.113.10").get("/help");
    assert_eq!(other.status, 200, "another address is another's");
    let answer = admin.get("/api/v1/session");
    assert_eq!(says(&answer, "ratelimit-policy").as_deref(), Some("\"saves\";q=3000;w=60"));
    let none = Visitor::new(address).get("/api/v1/gaps");
    assert_eq!((none.status, none.json()["type"].as_str()), (401, Some("urn:skranke:sign_in")));
    assert_eq!(says(&none, "www-authenticate").as_deref(), Some("Bearer"));
    let wrong = Visitor::new(address).with_token("skr_wrong").get("/api/v1/gaps");
    assert_eq!((wrong.status, wrong.json()["status"].as_u64()), (401, Some(401)));
    assert_eq!(says(&wrong, "www-authenticate").as_deref(), Some("Bearer"));
}
