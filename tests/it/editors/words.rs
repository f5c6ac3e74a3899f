//! The table of what callers say and what the pages say: its screen, its files and what it does.

use jiff::Timestamp;
use skranke::clock::Clock;

use crate::harness::town::Town;
use crate::harness::visitor::{Answer, Visitor, add};
use crate::live::take_pages;

fn noon() -> Clock {
    Clock::fixed("2026-03-06T11:00:00Z".parse::<Timestamp>().expect("a time"))
}

/// Looks again until it is so: what is asked is indexed beside the service.
#[expect(clippy::disallowed_methods, reason = "the index follows when it follows")]
fn until(mut look: impl FnMut() -> String, is_so: impl Fn(&str) -> bool) -> bool {
    (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        is_so(&look())
    })
}

fn change(visitor: &mut Visitor, fields: &[(&str, &str)]) -> Answer {
    visitor.submit("/words", "/words", fields)
}

#[test]
fn a_row_leads_a_look_up_to_the_page_at_once_and_tells_what_it_has_brought() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    take_pages(&town.app, &[("bad", "Svømmehallen", "Svømmehallen er åpen hver dag til 18.")]);
    // The last one finds the page without the row: the page says `åpen` for `opnar`.
    for text in ["kor er kvervlingen", "barn i kvervling", "når opnar kvervlingen"] {
        let key = editor.get("/").hidden("key");
        let fields = [("key", key.as_str()), ("text", text)];
        assert_eq!(editor.submit("/", "/log", &fields).status, 303);
    }
    town.app.start_live();
    assert!(town.app.settle_index(std::time::Duration::from_secs(20)));
    let mut other = editor.clone();
    let mut look_up = || {
        let asked = [("act", "look_up"), ("text", "kvervlingen"), ("key", "")];
        other.submit("/", "/log", &asked).body.contains("Svømmehallen er åpen").to_string()
    };
    assert_eq!(look_up(), "false", "no page has the word");
    let put = [("change", "put"), ("said", "kvervling"), ("written", "svømmehall")];
    assert_eq!(change(&mut editor, &put).status, 303);
    assert!(until(&mut look_up, |it| it == "true"), "the row leads there");
    let counted = until(|| editor.get("/words").body, |it| it.contains("2 av 3 spørsmål"));
    assert!(counted, "{}", editor.get("/words").body);

    let page = editor.get("/words");
    let id = page.body.split("/words?edit=").nth(1).and_then(|it| it.split('#').next());
    let id = id.expect("a row").to_owned();
    let out = [("change", "remove"), ("id", id.as_str()), ("version", "1")];
    assert_eq!(change(&mut editor, &out).status, 303);
    assert!(until(&mut look_up, |it| it == "false"), "a row that is out leads nowhere");
    let stale = [("change", "restore"), ("id", id.as_str()), ("version", "1")];
    assert_eq!(change(&mut editor, &stale).status, 412);
    let back = [("change", "restore"), ("id", id.as_str()), ("version", "2")];
    assert_eq!(change(&mut editor, &back).status, 303);
    assert!(until(&mut look_up, |it| it == "true"));
}

#[test]
fn two_who_change_a_row_see_both_texts_and_none_is_lost() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    let put = [("change", "put"), ("said", "boss"), ("written", "renovasjon")];
    assert_eq!(change(&mut editor, &put).status, 303);
    assert_eq!(change(&mut editor, &put).status, 422, "it is there already");
    let page = editor.get("/words").body;
    let id = page.split("/words?edit=").nth(1).and_then(|it| it.split('#').next()).expect("a row");
    let save = |written| {
        let at = [("change", "put"), ("id", id), ("version", "1")];
        [at.as_slice(), &[("said", "boss"), ("written", written)]].concat()
    };
    assert_eq!(change(&mut editor, &save("avfall")).status, 303);
    let second = change(&mut editor, &save("hushaldsavfall"));
    assert_eq!(second.status, 412);
    assert!(second.body.contains("boss → avfall"), "{}", second.body);
    assert!(second.body.contains("value=\"hushaldsavfall\""), "{}", second.body);
    assert_eq!(second.hidden("version"), "2", "saving again puts it over theirs");

    let mut desk = add(&mut editor, "reception");
    assert_eq!(desk.get("/words").status, 403);
    assert_eq!(
        editor
            .submit("/words", "/words", &[("change", "put"), ("said", "og"), ("written", "er")])
            .status,
        422
    );
}

#[test]
fn a_table_comes_in_whole_or_not_and_goes_out_as_files() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    let bad = change(&mut editor, &[("change", "import"), ("table", "boss;renovasjon\n;feil\n")]);
    assert_eq!(bad.status, 422);
    assert!(bad.body.contains("Linje 2:") && bad.body.contains("boss;renovasjon"), "{}", bad.body);
    assert!(town.app.word_rows().is_empty(), "none was taken");
    let good = [("change", "import"), ("table", "boss;renovasjon;\ndunk;behaldar;grøn\n")];
    for _ in 0..2 {
        assert_eq!(change(&mut editor, &good).status, 303);
        town.app.settle().expect("folded");
    }
    assert_eq!(town.app.word_rows().len(), 2, "the second time adds nothing");
    let csv = editor.get("/words/words.csv").body;
    assert!(csv.contains("dunk;behaldar;grøn"), "{csv}");
    let synonyms = editor.get("/words/synonyms.txt").body;
    assert!(synonyms.contains("boss => boss, renovasjon\n"), "{synonyms}");
    assert_eq!(editor.get("/words/other").status, 404);
}
