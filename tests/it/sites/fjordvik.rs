//! A made-up municipality's site that is built as real ones are: a cookie dialog, a large menu,
//! what can be unfolded, tabs, files, and the traps of programs that make pages.

use std::path::{Path, PathBuf};

use skranke::inquiry::Norm;
use skranke::page::{Parser, ReasonCode};

use super::folder::{self, Made};
use super::sample::{self, Score};
use super::{read, settings};
use crate::harness::files::{docx, paragraph, pdf};
use crate::harness::program::PROGRAM;

const EXPECTED: &str = include_str!("../../fixtures/site/expected.txt");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/site")
}

fn html(html: impl Into<Vec<u8>>) -> Made {
    Made { status: "200 OK", head: "Content-Type: text/html; charset=utf-8", body: html.into() }
}

fn file(kind: &'static str, body: Vec<u8>) -> Made {
    Made { status: "200 OK", head: kind, body }
}

fn moved(head: &'static str) -> Made {
    Made { status: "302 Found", head, body: vec![] }
}

/// What the site's program makes, where no file lies.
fn made(path: &str) -> Option<Made> {
    let place = path.split('?').next().unwrap_or_default();
    match place {
        "/robots.txt" => Some(file("Content-Type: text/plain", b"User-agent: *\n".to_vec())),
        "/satsar.pdf" => Some(file("Content-Type: application/pdf", rates())),
        "/skanna.pdf" => Some(file("Content-Type: application/pdf", pdf("", &[&[], &[]]))),
        "/vedtekter.docx" => Some(file(WORD, rules())),
        "/ring" => Some(moved("Location: /ring/rundt")),
        "/ring/rundt" => Some(moved("Location: /ring")),
        // It says one charset and is written in another.
        "/brygge.html" => Some(html(latin(
            "<title>B\u{e5}tplass p\u{e5} brygga - Fjordvik kommune</title><main>\
             <h1>B\u{e5}tplass p\u{e5} brygga</h1><p>Ein b\u{e5}tplass kostar 4 000 kroner \
             \u{e5}ret. S\u{f8}k p\u{e5} brygga i veke 12.</p></main>",
        ))),
        "/" => page("/index.html"),
        _ if place.starts_with("/kalender/") => Some(calendar(place)),
        _ => page(place).or_else(|| Some(soft_missing(place))),
    }
}

/// A file between the site's top and foot, with a new session in its links each time.
fn page(place: &str) -> Option<Made> {
    let part = |name: &str| std::fs::read_to_string(root().join(name)).ok();
    let text = place.ends_with(".html").then(|| part(place.trim_start_matches('/')))??;
    let (told, content) = text.split_once("<main").expect("a page has a main part");
    let fact = |key: &str| {
        told.lines().find_map(|it| it.strip_prefix(key)).unwrap_or_default().trim().to_owned()
    };
    let session = uuid::Uuid::now_v7().simple().to_string();
    let top = part("topp.html").expect("it lies there");
    let top = [("lang", fact("lang")), ("title", fact("title")), ("head", fact("head"))]
        .into_iter()
        .chain([("session", session)])
        .fold(top, |top, (key, value)| top.replace(&format!("{{{{{key}}}}}"), &value));
    let foot = part("botn.html").expect("it lies there");
    Some(html(format!("{top}<main{content}{foot}")))
}

/// Each month leads to the next and the one before, and in none does anything happen.
fn calendar(place: &str) -> Made {
    let numbers: Vec<u32> = place.split('/').filter_map(|it| it.parse().ok()).collect();
    let at = numbers.first().unwrap_or(&2024) * 12 + numbers.get(1).unwrap_or(&1) - 1;
    let link = |at: u32| format!("<a href='/kalender/{}/{:02}'>x</a>", at / 12, at % 12 + 1);
    let links = format!("{}{}", link(at + 1), link(at - 1));
    html(format!(
        "<title>Kva skjer</title><nav>{links}</nav><main><h1>Kva skjer</h1>\
         <p>Det er ingen arrangement denne m\u{e5}naden.</p></main>"
    ))
}

/// A page that is not there, which the program says with status 200, and links on.
fn soft_missing(place: &str) -> Made {
    html(format!(
        "<title>Sida finst ikkje</title><main><h1>Sida finst ikkje</h1><p>Vi fann ikkje sida du \
         ba om.</p></main><a href='{place}/1'>Pr\u{f8}v denne</a>"
    ))
}

const WORD: &str = "Content-Type: \
    application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn rates() -> Vec<u8> {
    let lines = [
        (20, 50, 780, "Betalingssatsar 2024"),
        (11, 50, 740, "Satsane gjeld fr\u{e5} 1. januar og vert regulerte kvart \u{e5}r."),
        (15, 50, 680, "Barnehage"),
        (11, 50, 650, "Heil plass"),
        (11, 300, 650, "2 000 kr"),
        (11, 50, 636, "Halv plass"),
        (11, 300, 636, "1 200 kr"),
    ];
    let more = [
        (15, 50, 780, "Sfo"),
        (11, 50, 750, "Ein plass i sfo kostar 1 500 kr."),
        (11, 50, 736, "Nordlys er gratis for alle."),
    ];
    pdf("satsar_v3_endeleg.docx", &[&lines, &more])
}

fn rules() -> Vec<u8> {
    let body = [
        paragraph("Overskrift1", "Vedtekter for barnehagane"),
        paragraph("Overskrift2", "Eigarforhold"),
        paragraph("", "Barnehagane er eigde og drivne av Fjordvik kommune."),
    ];
    docx("Vedtekter for barnehagane", &body.concat())
}

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|it| u8::try_from(u32::from(it)).expect("a letter of Latin-1")).collect()
}

#[test]
fn a_municipality_is_read_as_its_visitors_read_it() {
    let site = folder::serve_made(&root(), made);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let settings = settings(&format!("{}/", site.address), 1_000);
    let read = read(&runtime, &settings, &Parser::child(PROGRAM.into()));
    let mut score = Score::default();
    let expected = sample::pages(EXPECTED);
    for page in &expected {
        let address = format!("{}{}", site.address, page.path);
        let found = read.pages.iter().find(|it| it.url == address);
        let body = &found.unwrap_or_else(|| panic!("{address}: {:?}", read.report)).body;
        page.judge(body, &mut score);
    }
    assert!(score.misses.is_empty(), "{}", score.misses.join("\n"));

    for (path, norm) in [
        ("/barnehage.html", Norm::Nn),
        ("/nb/barnehage.html", Norm::Nb),
        ("/se/index.html", Norm::Other),
    ] {
        let page = read.pages.iter().find(|it| it.url == format!("{}{path}", site.address));
        let norms: Vec<Norm> =
            page.expect("it was found above").body.passages.iter().map(|it| it.norm).collect();
        let is_sure = norms.contains(&norm);
        let is_only = norms.iter().all(|it| [norm, Norm::Unsure].contains(it));
        assert!(is_sure && is_only, "{path}: {norms:?}");
    }

    // Beside them there is a month without anything, and one page that is not there.
    let others = read.pages.iter().filter(|it| {
        !expected.iter().any(|page| it.url == format!("{}{}", site.address, page.path))
    });
    let others: Vec<&str> = others.map(|it| it.body.title.as_str()).collect();
    assert_eq!(others.iter().filter(|it| **it == "Kva skjer").count(), 1, "{others:?}");
    assert_eq!(others.iter().filter(|it| **it == "Sida finst ikkje").count(), 1, "{others:?}");
    assert_eq!(others.len(), 2, "{others:?}");

    let pdf = read.pages.iter().find(|it| it.url.ends_with(".pdf")).expect("it is read");
    let places: Vec<_> = pdf.body.passages.iter().map(|it| it.anchor.as_deref()).collect();
    assert_eq!(places, [Some("page=1"), Some("page=1"), Some("page=2")]);
    let mut left_out = read.report.left_out.iter();
    assert!(left_out.any(|it| it.1.code == ReasonCode::Pictures), "{:?}", read.report);
    let n_asked = site.n_asked();
    assert!(n_asked < 600, "{n_asked} requests for a site of ten pages");
}
