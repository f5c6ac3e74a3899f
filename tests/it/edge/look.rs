//! What a page looks like and speaks: the organization's own theme, and each person's language.

use crate::harness::visitor::{Answer, Service, Visitor, add};

fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
    answer.headers.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
}

/// The address of the theme, as a page names it.
fn theme(visitor: &mut Visitor) -> String {
    let page = visitor.get("/help").body;
    let end = page.find("/theme.css\"").expect("the page names a theme");
    let from = page[..end].rfind('"').expect("within an attribute") + 1;
    format!("{}/theme.css", &page[from..end])
}

#[test]
fn a_theme_in_the_data_folder_stands_in_place_of_ours() {
    const OURS: &str = "--ds-color-accent";
    const THEIRS: &str = ":root { --ds-color-accent-base-default: #a3195b; }";
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let service = Service::start(&data);
    let mut visitor = Visitor::new(service.address);
    let before = theme(&mut visitor);
    assert!(visitor.get(&before).body.contains(OURS));
    drop(service);
    std::fs::write(data.join("theme.css"), THEIRS).expect("written");
    let service = Service::start(&data);
    let mut visitor = Visitor::new(service.address);
    let now = theme(&mut visitor);
    assert_ne!(now, before, "another address, so that nobody keeps the old one");
    let answer = visitor.get(&now);
    assert_eq!((answer.status, answer.body.as_str()), (200, THEIRS));
    assert_eq!(header(&answer, "content-type"), "text/css; charset=utf-8");
    assert!(header(&answer, "cache-control").contains("immutable"));
    assert!(header(&answer, "content-security-policy").contains("style-src 'self';"));
    assert_eq!(header(&visitor.get(&before), "cache-control"), "no-cache");
}

#[test]
fn a_theme_that_is_too_large_is_passed_over_and_told_of() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    std::fs::create_dir_all(&data).expect("made");
    std::fs::write(data.join("theme.css"), " ".repeat(256 * 1024 + 1)).expect("written");
    let service = Service::start(&data);
    let mut visitor = Visitor::new(service.address);
    let address = theme(&mut visitor);
    assert!(visitor.get(&address).body.contains("--ds-color-accent"));
}

#[test]
fn the_language_is_the_persons_own_in_every_browser() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(&folder.path().join("data"));
    let mut admin = service.set_up();
    let mut one = add(&mut admin, "reception");
    let speaks = |visitor: &mut Visitor, lang: &str| {
        visitor.get("/today").body.contains(&format!("<html lang=\"{lang}\""))
    };
    assert!(speaks(&mut one, "nn"));
    let answer = one.submit("/today", "/lang", &[("lang", "en"), ("next", "/today")]);
    assert_eq!((answer.status, answer.location()), (303, "/today"));
    assert!(speaks(&mut one, "en"));
    // Another browser has no cookie that says so.
    assert!(speaks(&mut Visitor::sign_in(service.address, "reception"), "en"));
    assert!(!speaks(&mut admin, "en"), "the others keep theirs");
}
