//! The papers are filled in with what is so, and what is shown to others holds no person.

use skranke::clock::Clock;

use crate::harness::town::Town;
use crate::harness::visitor::{Visitor, add};

fn town(data: &std::path::Path) -> Town {
    let clock = Clock::fixed("2026-03-10T12:00:00Z".parse().expect("an instant"));
    Town::open(data, &clock)
}

fn log(visitor: &mut Visitor, n: u32, text: &str, keep: &str) {
    let key = format!("inq_01970001-0001-7000-8000-{n:012x}");
    let fields = [("key", key.as_str()), ("text", text), ("keep", keep), ("act", "save")];
    assert_eq!(visitor.submit("/", "/log", &fields).status, 303);
}

#[test]
fn the_record_says_what_is_set_and_leaves_the_rest_blank() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = town(folder.path());
    let mut admin = town.set_up();
    let page = admin.get("/admin/papers/record");
    assert_eq!(page.status, 200);
    let page = page.body;
    assert!(page.contains("Fjordvik kommune") && page.contains("13 månader"), "{page}");
    assert!(page.contains("Administrator 1"), "{page}");
    assert!(page.contains("Det er ikkje sett opp kopiar på fast tid."), "{page}");
    assert!(page.contains("Tenesta er ikkje sett opp for bruk over TLS."), "{page}");
    assert!(page.contains("<strong>[fyll ut"), "blanks stand out: {page}");
    // What is set is told as it is set.
    let version = admin.get("/admin/retention").hidden("version");
    let fields = [
        ("version", version.as_str()),
        ("change", "set"),
        ("text_months", "6"),
        ("author_days", "30"),
        ("audit_months", "24"),
        ("session_days", "30"),
    ];
    assert_eq!(admin.submit("/admin/retention", "/admin/retention", &fields).status, 303);
    let file = admin.get("/admin/papers/record.md");
    assert!(file.body.starts_with("# ") && file.body.contains("6 månader"), "{}", file.body);
    assert!(!file.body.contains("{{"), "{}", file.body);
    for paper in ["accessibility", "screening"] {
        let body = admin.get(&format!("/admin/papers/{paper}.md")).body;
        assert!(body.contains("**[") && !body.contains("{{"), "{body}");
    }
    assert_eq!(admin.get("/admin/papers/nothing").status, 404);
    assert_eq!(add(&mut admin, "editor").get("/admin/papers").status, 403);
}

#[test]
fn a_name_cannot_set_the_paper_or_open_a_link() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = town(folder.path());
    let mut admin = town.set_up();
    let version = admin.get("/admin").hidden("version");
    let name = "# **A** <b>b</b> [c](javascript:d)";
    let fields = [
        ("version", version.as_str()),
        ("name", name),
        ("lang", "nn"),
        ("candidate_inquiries", "3"),
    ];
    assert_eq!(admin.submit("/admin", "/admin", &fields).status, 303);
    let page = admin.get("/admin/papers/record").body;
    assert!(!page.contains("<b>b</b>") && !page.contains("href=\"javascript"), "{page}");
    assert!(page.contains("# **A** &lt;b&gt;b&lt;/b&gt; [c](javascript:d)"), "{page}");
}

#[test]
fn what_is_shown_to_others_is_masked_anew_and_says_what_was_left_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = town(folder.path());
    let mut admin = town.set_up();
    log(&mut admin, 1, "når opnar symjehallen", "");
    // Somebody let the name stand; others shall not see it.
    log(&mut admin, 2, "Har Torvild Hovdenes fått svar på søknaden", "");
    log(&mut admin, 3, "=1+1 kven tømmer bosset", "");
    town.app.settle().expect("folded");
    let page = admin.get("/admin/inspection?from=2026-03-10&to=2026-03-10");
    assert_eq!(page.status, 200);
    let page = page.body;
    assert!(page.contains("når opnar symjehallen") && page.contains("3 linjer."), "{page}");
    assert!(!page.contains("Hovdenes"), "{page}");
    assert!(page.contains("Éin opplysning om ein person er fjerna."), "{page}");
    let file = admin.get("/admin/inspection.csv?from=2026-03-10&to=2026-03-10").body;
    assert!(file.contains(";'=1+1 kven tømmer bosset;"), "no formula: {file}");
    assert!(!file.contains("Hovdenes") && file.contains("[person]"), "{file}");
    assert!(admin.get("/admin/audit").body.contains("Laga utskrift til innsyn"));
    let before = admin.get("/admin/inspection?from=2020-01-01&to=2020-01-02").body;
    assert!(before.contains("Ingenting er loggført i perioden"), "{before}");
    for wrong in ["", "?from=x&to=y", "?from=2026-03-10&to=2026-03-09"] {
        assert_eq!(admin.get(&format!("/admin/inspection{wrong}")).status, 422, "{wrong}");
    }
}
