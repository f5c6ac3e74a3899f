//! A log and a website from files, through the command line alone.

use std::path::Path;

use crate::harness::program::{run, told, tried};

const CALLS: &str = "tidspunkt;kanal;spørsmål\n\
    02.03.2026 09:12;telefon;når opnar symjehallen på laurdag\n\
    02.03.2026 09:40;telefon;symjehallen opningstid laurdag\n\
    02.03.2026 10:05;skranke;når åpner svømmehallen lørdag?\n\
    03.03.2026 08:31;telefon;når opnar symjehallen på laurdag\n\
    03.03.2026 09:00;telefon;kva kostar barnehageplass i månaden\n\
    03.03.2026 09:20;e-post;pris på barnehageplass\n\
    03.03.2026 11:47;telefon;pris på barnehageplass\n\
    04.03.2026 12:00;telefon;er det lov å ha høns i hagen\n\
    04.03.2026 13:00;telefon;fnr 01818510078 vil vite om høns\n\
    i går;telefon;denne raden kan ikke leses\n";

fn page(path: &str, title: &str, rest: &str) -> String {
    let html = format!("<main><h1>{title}</h1>{rest}</main>");
    let url = format!("https://www.example.org/{path}");
    format!("{}\n", serde_json::json!({ "url": url, "title": title, "html": html }))
}

fn site() -> String {
    let price = "<p>Pris på barnehageplass: ein plass kostar 2 000 kroner i månaden.</p>";
    page("barnehage", "Kva kostar barnehageplass", price)
        + &page("bibliotek", "Biblioteket", "<p>Lån bøker og film.</p>")
}

fn mended_site() -> String {
    let hours = "<h2 id=\"opning\">Opningstid</h2><p>Når opnar symjehallen? Laurdag opnar \
        symjehallen klokka 10. Opningstid laurdag: 10-16.</p>";
    site() + &page("symjehall", "Symjehallen", hours)
}

fn verdict(data: &Path, words: &str) -> String {
    let report = run(data, &["report", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&report).expect("the report is JSON");
    let topics = report["topics"].as_array().cloned().unwrap_or_default();
    let topic = topics.iter().find(|it| it["label"].as_str().is_some_and(|it| it.contains(words)));
    let topic = topic.unwrap_or_else(|| panic!("no topic about {words} in {report}"));
    topic["verdict"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn calls_become_topics_and_a_mended_page_closes_its_gap() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, at) = (folder.path().join("data"), |name: &str| folder.path().join(name));
    std::fs::write(at("log.csv"), CALLS).expect("written");
    std::fs::write(at("site.jsonl"), site()).expect("written");
    std::fs::write(at("mended.jsonl"), mended_site()).expect("written");
    let path = |name: &str| at(name).to_string_lossy().into_owned();

    let said = run(&data, &["import", &path("log.csv")]);
    assert!(said.starts_with("9 added, 0 known before, 1 not read, 1 pieces"), "{said}");
    assert!(said.contains("row 11: the time cannot be read: i går"), "{said}");
    let again = run(&data, &["import", &path("log.csv")]);
    assert!(again.starts_with("0 added, 9 known before"), "{again}");

    run(&data, &["pages", &path("site.jsonl")]);
    let said = run(&data, &["topics"]);
    assert!(said.starts_with("9 questions"), "{said}");
    assert_eq!(verdict(&data, "barnehage"), "answered");
    assert_ne!(verdict(&data, "symjehall"), "answered");

    let said = run(&data, &["pages", &path("mended.jsonl")]);
    assert!(said.starts_with("1 new, 0 changed, 2 unchanged, 0 gone"), "{said}");
    let said = run(&data, &["topics"]);
    assert!(said.contains("(0 new)"), "topics keep their numbers: {said}");
    assert_eq!(verdict(&data, "symjehall"), "answered");

    let before = run(&data, &["report", "--format", "csv"]);
    run(&data, &["reindex"]);
    assert_eq!(run(&data, &["report", "--format", "csv"]), before, "rebuilt views say the same");
    assert!(run(&data, &["verify"]).contains("0 differences"));
}

#[test]
fn no_byte_of_a_personal_number_is_kept() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log.csv"));
    std::fs::write(&log, CALLS).expect("written");
    run(&data, &["import", &log.to_string_lossy()]);
    let mut folders = vec![data];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files += 1;
                let bytes = std::fs::read(&path).expect("a file");
                let found = bytes.windows(11).any(|it| it == b"01818510078");
                assert!(!found, "{}", path.display());
            }
        }
    }
    assert!(4 <= files, "the journal and the view were read");
}

#[test]
fn a_flipped_byte_in_the_journal_is_named_and_nothing_is_wiped() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log.csv"));
    std::fs::write(&log, CALLS).expect("written");
    run(&data, &["import", &log.to_string_lossy()]);
    let segment = std::fs::read_dir(data.join("journal"))
        .expect("the journal")
        .map(|it| it.expect("an entry").path())
        .find(|it| it.extension().is_some_and(|it| it == "log"))
        .expect("a segment");
    let mut bytes = std::fs::read(&segment).expect("the segment");
    bytes[200] ^= 1;
    std::fs::write(&segment, &bytes).expect("written");
    let output = tried(&data, &["report"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("damaged"), "{}", told(&output));
    assert_eq!(std::fs::read(&segment).expect("the segment"), bytes, "it is left as it is");
}

#[test]
fn the_longest_question_of_the_widest_letters_is_kept() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, log) = (folder.path().join("data"), folder.path().join("log.csv"));
    std::fs::write(&log, format!("tekst;notat\n{};{}\n", "å".repeat(2_000), "🐟".repeat(2_000)))
        .expect("written");
    assert!(run(&data, &["import", &log.to_string_lossy()]).starts_with("1 added"));
    assert!(run(&data, &["topics"]).starts_with("1 questions"));
    assert!(run(&data, &["verify"]).contains("0 differences"));
}
