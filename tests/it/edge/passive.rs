//! Every page as every role, looked at as a scanner does: what it gives away, what it may keep,
//! where it sends one; and that looking changes nothing.

use std::path::Path;

use skranke::clock::Clock;
use skranke::http::routes::{ROUTES, Route, Verb};
use skranke::record::Kind;

use crate::flow::at;
use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor, add};

fn town(folder: &Path) -> (Town, Visitor) {
    let town = Town::open(&folder.join("data"), &Clock::fixed(at("2026-03-10T12:00:00Z")));
    let admin = town.set_up();
    (town, admin)
}

/// The address of a route, with what is there where its path has parts.
fn address(route: &Route) -> String {
    let parts = [
        ("{week}", "2026-W10"),
        ("{number}", "T1"),
        ("{paper}", "record"),
        ("{topic}", "log"),
        ("{form}", "html"),
        ("{print}", "0"),
        ("{*name}", "base.css"),
    ];
    let file = match route.path {
        "/words/{file}" => "words.csv",
        "/figures/{file}" => "weeks.csv",
        _ => "gaps.csv",
    };
    let path = parts.iter().fold(route.path.to_owned(), |it, (name, to)| it.replace(name, to));
    path.replace("{file}", file).replace("{id}", "none")
}

fn reads() -> impl Iterator<Item = String> {
    ROUTES.iter().filter(|it| it.verb == Verb::Get).map(address)
}

/// What is wrong with an answer, as a scanner would say it.
fn findings(path: &str, answer: &Answer) -> Vec<&'static str> {
    let lines = answer.headers.iter().map(|it| format!("\n{}: {}", it.0, it.1));
    let (head, body) = (lines.collect::<String>().to_lowercase(), answer.body.as_str());
    // A letter is shown as mail programs get it, in a frame that may do nothing.
    let is_page = head.contains("content-type: text/html") && !path.ends_with("/letter/html");
    let leaks = ["panicked at", "stack backtrace", "/src/", ".rs:", "sled", "tantivy", "axum"];
    let is_about_parts = path.starts_with("/admin/licences") || path == "/admin/sbom.json";
    let fields = body.split("<input").skip(1).filter_map(|it| it.split('>').next());
    let mut passwords = fields.filter(|it| it.contains("type=\"password\""));
    let mut cookies = head.lines().filter(|it| it.starts_with("set-cookie:"));
    let checks = [
        (is_page && body.contains("<!--"), "a comment"),
        (is_page && body.contains("src=\"http"), "something of another host"),
        (is_page && body.contains("<script>"), "a script within the page"),
        (is_page && body.contains(" style=\""), "a style within the page"),
        (passwords.any(|it| !it.contains("autocomplete=")), "a password without autocomplete"),
        (cookies.any(|it| !it.contains("httponly") || !it.contains("samesite=lax")), "a cookie"),
        (is_page && !head.contains("cache-control: no-store"), "a page that is kept"),
        (!head.contains("content-security-policy:"), "no policy of contents"),
        (!head.contains("x-content-type-options: nosniff"), "a type that is guessed"),
        (head.contains("\nserver:") || head.contains("x-powered-by"), "what serves it"),
        (!is_about_parts && is_page && leaks.iter().any(|it| body.contains(it)), "its inside"),
        (500 <= answer.status, "a fault"),
    ];
    checks.into_iter().filter(|it| it.0).map(|it| it.1).collect()
}

#[test]
fn no_page_gives_anything_away_to_any_role() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin) = town(folder.path());
    let mut wrong = vec![];
    for role in ["nobody", "reader", "auditor", "reception", "editor", "admin"] {
        let mut visitor = match role {
            "nobody" => Visitor::new(town.address),
            "admin" => admin.clone(),
            _ => add(&mut admin, role),
        };
        for path in reads() {
            let answer = visitor.get(&path);
            let found = findings(&path, &answer);
            wrong.extend(found.into_iter().map(|it| format!("{role} {path}: {it}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn looking_at_everything_changes_nothing_but_the_audit() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin) = town(folder.path());
    let before = town.app.journal.position().seq;
    for path in reads() {
        let path = path + "?change=remove&act=take_out&step=dismiss&job=crawl&id=1&lang=en";
        assert!(admin.get(&path).status < 500, "{path}");
    }
    let after = town.app.journal.read(before, 1_000).expect("read");
    let others: Vec<u16> =
        after.iter().map(|it| it.kind).filter(|it| *it != Kind::Audit.number()).collect();
    assert!(others.is_empty(), "kinds {others:?}");
    assert!(!after.is_empty(), "files are noted");
}

#[test]
fn no_address_leads_out_of_the_files_that_are_ours() {
    const SECRET: &str = "ein løyndom som ligg ved sida av";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (_town, mut admin) = town(folder.path());
    for name in ["secret.csv", "secret.css", "data/secret.csv"] {
        std::fs::write(folder.path().join(name), SECRET).expect("written");
    }
    let ups =
        ["..", "%2e%2e", "%252e%252e", "..%2f", "..%5c", "....//", "..;", "%c0%ae%c0%ae", "."];
    let ends = ["secret.csv", "secret.css", "etc/passwd", "secret.csv%00.csv", "data/journal"];
    let bases = ["/assets/0/", "/lists/", "/words/", "/figures/", "/admin/papers/", "/help/"];
    let mut tried = 0;
    for base in bases {
        for up in ups {
            for end in ends {
                let path = format!("{base}{up}/{up}/{end}");
                let answer = admin.get(&path);
                assert!(matches!(answer.status, 400..=499), "{path}: {}", answer.status);
                assert!(!answer.body.contains(SECRET) && !answer.body.contains("root:"), "{path}");
                tried += 1;
            }
        }
    }
    assert!(200 <= tried, "{tried}");
}

#[test]
fn signing_in_leads_to_no_other_house() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (town, mut admin) = town(folder.path());
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/%0d%0aset-cookie:a=b",
        "/\u{9}/evil.example",
        "data:text/html,x",
    ] {
        let sent: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let answer = admin.get(&format!("/sign-in?next={sent}"));
        let to = answer.location().to_owned();
        assert!(to.starts_with('/') && !to.starts_with("//"), "{next} leads to {to}");
        assert!(
            !to.contains('\\') && answer.headers.iter().all(|it| it.1 != "a=b"),
            "{next} leads to {to}"
        );
        let fields = [("lang", "nn"), ("next", next)];
        let answer = Visitor::new(town.address).submit("/help", "/lang", &fields);
        let to = answer.location();
        assert!(to.starts_with('/') && !to.starts_with("//"), "{next} leads to {to}");
    }
}
