//! Admin > Websites: a look before the first reading, one page on trial, the settings, how it goes.

use jiff::Timestamp;
use skranke::app::Decider;
use skranke::clock::Clock;
use skranke::organisation::{Settings, Site};
use skranke::review::StateName;

use super::{fjordvik, log, page, state};
use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor};
use crate::harness::website::{Reply, Website};

/// Waits until something is so, ten seconds at most.
fn wait(is_so: impl Fn() -> bool) -> bool {
    (0..1_000).any(|_| {
        let is_so = is_so();
        if !is_so {
            std::thread::park_timeout(std::time::Duration::from_millis(10));
        }
        is_so
    })
}

/// Follows a look until something has come of it.
fn looked(visitor: &mut Visitor, begun: &Answer) -> String {
    assert_eq!(begun.status, 303, "{}", begun.body);
    let path = begun.location().to_owned();
    for _ in 0..500 {
        let answer = visitor.get(&path);
        assert_eq!(answer.status, 200, "{}", answer.body);
        if !answer.body.contains("http-equiv=\"refresh\"") {
            return answer.body;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(20));
    }
    panic!("the look does not come to an end");
}

fn now() -> Clock {
    Clock::fixed("2026-03-02T12:00:00Z".parse::<Timestamp>().expect("a time"))
}

#[test]
fn a_site_is_looked_at_added_tried_and_set() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = fjordvik();
    let (start, town) = (site.at("/"), Town::open(folder.path(), &now()));
    let mut admin = town.set_up();
    let version = admin.get("/admin/sites").hidden("version");
    let typed = |change| {
        let numbers = [("pace_ms", "0"), ("pages_max", "100"), ("allow_private", "yes")];
        let fixed = [("version", version.as_str()), ("start", start.as_str()), ("change", change)];
        [&fixed[..], &numbers].concat()
    };
    let begun = admin.submit("/admin/sites", "/admin/sites", &typed("look"));
    let page = looked(&mut admin, &begun);
    assert!(page.contains("<dt>Sider i lister</dt><dd>1</dd>"), "{page}");
    assert!(page.contains("/liste.xml") && page.contains("/gamal"), "{page}");
    assert!(!site.asked().iter().any(|it| it.ends_with("/skule")), "no page is read");
    assert!(town.app.state.settings().sites.is_empty(), "and nothing is kept");

    let added = admin.submit("/admin/sites", "/admin/sites", &typed("add"));
    assert_eq!(added.status, 303, "{}", added.body);
    town.wait_for(skranke::schedule::Job::Crawl);
    let query: String = url::form_urlencoded::byte_serialize(start.as_bytes()).collect();
    let room = format!("/admin/site?start={query}");
    let page = admin.get(&room).body;
    assert!(page.contains("5 sider er kjende"), "{page}");
    assert!(page.contains("/borte") && page.contains("(404)"), "a dead link is told: {page}");

    let address = site.at("/skule");
    let tried = [("start", start.as_str()), ("address", address.as_str())];
    let begun = admin.submit(&room, "/admin/look", &tried);
    let page = looked(&mut admin, &begun);
    assert!(page.contains("Ein plass kostar 2 000 kroner."), "{page}");
    assert!(page.contains("sandbox=\"\"") && page.contains("srcdoc="), "the page beside it");
    let hidden = site.at("/intern");
    let tried = [("start", start.as_str()), ("address", hidden.as_str())];
    let begun = admin.submit(&room, "/admin/look", &tried);
    let page = looked(&mut admin, &begun);
    assert!(page.contains("ber om at ho ikkje blir lesen (robots.txt)"), "{page}");
    let outside = [("start", start.as_str()), ("address", "http://192.168.0.1/")];
    let begun = admin.submit(&room, "/admin/look", &outside);
    assert!(looked(&mut admin, &begun).contains("ds-alert"), "another host is no part of it");

    check_settings(&mut admin, &town, (&room, &start));
}

fn check_settings(admin: &mut Visitor, town: &Town, (room, start): (&str, &str)) {
    let version = admin.get(room).hidden("version");
    let set = |denied, ranges, version| {
        [
            ("change", "set"),
            ("start", start),
            ("version", version),
            ("denied", denied),
            ("ranges", ranges),
            ("languages", "nn nb"),
            ("day", "monday"),
            ("pace_ms", "5"),
            ("pages_max", "50"),
            ("allow_private", "yes"),
        ]
    };
    let wrong = admin.submit(room, "/admin/site", &set("skule", "", &version));
    assert_eq!(wrong.status, 422, "{}", wrong.body);
    assert!(wrong.body.contains("Ein sti byrjar med"), "{}", wrong.body);
    assert!(wrong.body.contains(">skule</textarea>"), "what was typed stays: {}", wrong.body);
    let wrong = admin.submit(room, "/admin/site", &set("/skule", "10.0.0.0/99", &version));
    assert!(wrong.body.contains("10.20.0.0/16"), "{}", wrong.body);
    let saved = admin.submit(room, "/admin/site", &set("/skule", "127.0.0.0/8", &version));
    assert_eq!(saved.status, 303, "{}", saved.body);
    let kept = town.app.state.settings().sites[0].clone();
    assert_eq!((kept.denied, kept.days), (vec!["/skule".to_owned()], vec!["monday".to_owned()]));
    assert_eq!((kept.languages.len(), kept.pace_ms, kept.pages_max), (2, 5, 50));
    let late = admin.submit(room, "/admin/site", &set("/", "", &version));
    assert_eq!(late.status, 412, "somebody else was first: {}", late.body);
}

#[test]
fn how_a_crawl_goes_is_told_while_it_goes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = fjordvik();
    let (start, town) = (site.at("/"), Town::open(folder.path(), &now()));
    let mut admin = town.set_up();
    let version = admin.get("/admin/sites").hidden("version");
    let fields = [
        ("version", version.as_str()),
        ("start", start.as_str()),
        ("change", "add"),
        // Slow enough to be seen.
        ("pace_ms", "400"),
        ("pages_max", "100"),
        ("allow_private", "yes"),
    ];
    assert_eq!(admin.submit("/admin/sites", "/admin/sites", &fields).status, 303);
    let query: String = url::form_urlencoded::byte_serialize(start.as_bytes()).collect();
    let (room, told) =
        (format!("/admin/site?start={query}"), format!("/admin/site/progress?start={query}"));
    assert!(wait(|| town.app.crawl_progress(&start).is_some()), "it has begun");
    let page = admin.get(&room).body;
    assert!(page.contains("id=\"progress\"") && page.contains("Stopp"), "{page}");
    let stream = admin.get(&told);
    let kind = stream.headers.iter().find(|it| it.0 == "content-type").map(|it| it.1.as_str());
    assert_eq!(kind, Some("text/event-stream"));
    assert!(stream.body.contains("<dt>Sider</dt>"), "{}", stream.body);
    assert!(stream.body.trim_end().ends_with("event: ended\ndata: ended"), "{}", stream.body);
    town.wait_for(skranke::schedule::Job::Crawl);

    // Stopped by hand, it says so and keeps what it had.
    let again = admin.submit(&room, "/admin/jobs", &[("job", "crawl"), ("change", "run")]);
    assert_eq!(again.status, 303, "{}", again.body);
    assert!(wait(|| town.app.crawl_progress(&start).is_some()), "it has begun");
    let stop = [("start", start.as_str()), ("change", "stop")];
    assert_eq!(admin.submit(&room, "/admin/site", &stop).status, 303);
    assert!(wait(|| town.app.crawl_progress(&start).is_none()), "it has stopped");
    assert!(admin.get(&room).body.contains("5 sider er kjende"));
}

/// An editor who has published an answer need not wait for the night to see whether it is found.
#[test]
fn a_page_that_an_editor_links_is_read_and_checked_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &now());
    let app = &town.app;
    let call = "2026-03-01T07:00:00Z;når opnar symjehallen på laurdag\n";
    log(app, "a.csv", &call.repeat(3));
    let front = page("Fjordvik", "<p>Hei.</p>", &["/hall", "/skule"]);
    let site = Website::start(&[("/", Reply::Page(front))]);
    site.set("/hall", Reply::Page(page("Idrett", "<p>Om idrett i bygda.</p>", &[])));
    site.set("/skule", Reply::Page(page("Skule", "<p>Om skulane i bygda.</p>", &[])));
    let own = Site { allow_private: true, pace_ms: 0, ..Site::new(&site.at("/")) };
    let settings = Settings { sites: vec![own], ..app.state.settings() };
    let mut admin = town.set_up();
    app.set_settings(settings, Decider { by: None, version: None }).expect("set");
    app.settle().expect("folded");
    town.run(&mut admin, skranke::schedule::Job::Crawl);
    let topic = app.topics().expect("topics")[0].number;
    let gap = format!("/gaps/{topic}");
    let hours = "<p>Når opnar symjehallen? Laurdag opnar symjehallen klokka 10.</p>";
    site.set("/hall", Reply::Page(page("Symjehallen: opningstid", hours, &[])));
    site.asked();
    let address = site.at("/hall");
    let version = admin.get(&gap).hidden("version");
    let fields = [("version", version.as_str()), ("step", "link_page"), ("address", &address)];
    let linked = admin.submit(&gap, &gap, &fields);
    assert_eq!(linked.status, 303, "{}", linked.body);
    let is_verified = || state(app, topic).name() == StateName::Verified;
    assert!(wait(is_verified), "{:?}", state(app, topic));
    assert!(!site.asked().iter().any(|it| it.ends_with("/skule")), "no other page is read");
}
