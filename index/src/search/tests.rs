//! The index on disk: found again after a commit and a restart, told when it cannot be used.

use proptest::prelude::*;

use super::*;
use crate::analysis::{Language, OwnWords};
use crate::passages::{PageText, PassageHit, PassageText};

const HERE: Position = Position { generation: [7; 16], seq: 42 };

fn page(key: u64, title: &str, texts: &[&str]) -> PageText {
    let passage = |text: &&str| PassageText {
        heading: String::new(),
        text: (*text).to_owned(),
        language: Language::Nb,
    };
    PageText { key, title: title.to_owned(), passages: texts.iter().map(passage).collect() }
}

fn ready(folder: &Path) -> (Index, Option<Position>) {
    match Index::open(folder).unwrap() {
        Opened::Ready(index, position) => (*index, position),
        other => panic!("{other:?}"),
    }
}

fn filled(folder: &Path) -> Index {
    let (index, _) = ready(folder);
    let mut writer = index.writer().unwrap();
    let kindergarten = ["Fristen er 1. mars.", "Prisen er 2 000 kroner i måneden."];
    writer.put_page(&page(7, "Søke barnehageplass", &kindergarten)).unwrap();
    writer.put_page(&page(9, "Svømmehallen", &["Svømmehallen er åpen fra 10 til 18."])).unwrap();
    writer.put_inquiry(1, "når opnar symjehallen").unwrap();
    writer.put_inquiry(2, "kva kostar SFO").unwrap();
    writer.commit(HERE).unwrap();
    index
}

#[test]
fn what_was_committed_is_found_at_once_in_the_other_norm() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = filled(folder.path()).searcher();
    assert_eq!(searcher.counts(), (3, 2));
    let hits = searcher.passages("korleis er prisen på barnehageplass", 3).unwrap();
    assert_eq!((hits[0].page, hits[0].passage), (7, 1));
    assert_eq!(searcher.inquiries("åpner svømmehallen", 1).unwrap()[0].key, 1);
}

#[test]
fn slips_and_missing_rings_are_forgiven() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = filled(folder.path()).searcher();
    assert_eq!(searcher.passages("svommehallen", 1).unwrap()[0].page, 9);
    assert_eq!(searcher.passages("svømmehalen", 1).unwrap()[0].page, 9);
}

#[test]
fn the_page_s_own_word_is_found_by_a_caller_s() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(folder.path());
    let mut writer = index.writer().unwrap();
    writer.put_page(&page(11, "Renovasjon", &["Kommunen hentar kvar veke."])).unwrap();
    writer.commit(HERE).unwrap();
    let searcher = index.searcher();
    for question in ["når blir søppelet hentet", "kor tid kjem bosset", "garbage"] {
        let hits = searcher.passages(question, 3).unwrap();
        assert_eq!(hits.first().map(|it| it.page), Some(11), "{question}");
        let reading = searcher.read_by_passages(question).unwrap();
        assert!(0.0 < reading.coverage("renovasjon"), "{question}");
    }
}

#[test]
fn the_position_survives_a_restart_and_new_folders_have_none() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(ready(folder.path()).1, None);
    drop(filled(folder.path()));
    let (index, position) = ready(folder.path());
    assert_eq!(position, Some(HERE));
    assert_eq!(index.searcher().counts(), (3, 2));
}

#[test]
fn a_page_is_replaced_whole_and_removed_whole() {
    let folder = tempfile::tempdir().unwrap();
    let index = filled(folder.path());
    let (mut writer, searcher) = (index.writer().unwrap(), index.searcher());
    writer.put_page(&page(7, "Barnehage", &["Nytt om barnehager."])).unwrap();
    writer.remove_inquiry(2);
    writer.commit(HERE).unwrap();
    assert_eq!(searcher.counts(), (2, 1));
    writer.remove_page(7);
    writer.commit(HERE).unwrap();
    assert!(searcher.passages("barnehage", 5).unwrap().is_empty());
}

#[test]
fn another_analyzer_is_told_and_nothing_changed() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path()));
    std::fs::write(folder.path().join(STAMP), "analyzer 0\n").unwrap();
    assert!(matches!(Index::open(folder.path()).unwrap(), Opened::Outdated { .. }));
    assert!(folder.path().join(PASSAGES).exists());
}

#[test]
fn a_flipped_byte_is_told() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path()));
    let files = std::fs::read_dir(folder.path().join(PASSAGES)).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|it| it.unwrap().path()).collect();
    paths.sort();
    let terms = paths.iter().find(|it| it.extension().is_some_and(|it| it == "term")).unwrap();
    let mut bytes = std::fs::read(terms).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(terms, bytes).unwrap();
    assert!(matches!(Index::open(folder.path()).unwrap(), Opened::Damaged { .. }));
}

#[test]
fn a_folder_that_holds_something_else_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    assert!(matches!(Index::open(folder.path()).unwrap(), Opened::Damaged { .. }));
}

/// A question as it is asked of many texts.
fn of_many(searcher: &Searcher, question: &str) -> Reading {
    let mut reading = searcher.read_by_passages(question).unwrap();
    reading.grams_at_once_max = 0;
    reading
}

#[test]
fn nothing_good_is_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = filled(folder.path()).searcher();
    let reading = of_many(&searcher, "prisen i svømmehallen");
    let places = |hits: Vec<PassageHit>| -> Vec<(u64, u32)> {
        hits.iter().map(|it| (it.page, it.passage)).collect()
    };
    let hits = places(searcher.passages_of(&reading, 2).unwrap());
    assert_eq!(hits.len(), 2);
    assert_eq!(hits, places(searcher.passages_in_full(&reading, 2).unwrap()));
}

#[test]
fn words_parts_slips_and_beginnings_find_among_many_texts() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = filled(folder.path()).searcher();
    for (question, page) in [
        ("svømmehallen", 9),
        ("symjehallen", 9),
        ("svommehallen", 9),
        ("svømmehalen", 9),
        ("barneh", 7),
        ("barnehageplasser", 7),
        ("barnehageplassgaranti", 7),
        ("plass", 7),
    ] {
        let hits = searcher.passages_of(&of_many(&searcher, question), 1).unwrap();
        assert_eq!(hits.first().map(|it| it.page), Some(page), "{question}");
    }
    assert!(searcher.passages_of(&of_many(&searcher, "xyzzy"), 1).unwrap().is_empty());
}

#[test]
fn odd_questions_are_questions() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = filled(folder.path()).searcher();
    let long = "barnehage ".repeat(1_000);
    for question in ["\"", "AND (", "🎈", "a:b^2~ +\\", "\u{0}", "*?", "", long.as_str()] {
        searcher.passages(question, 3).unwrap();
        searcher.inquiries(question, 3).unwrap();
        let reading = searcher.read_by_passages(question).unwrap();
        assert!((0.0..=1.0).contains(&reading.coverage(question)), "{question}");
    }
    assert_eq!(searcher.passages(&long, 1).unwrap()[0].page, 7);
}

#[test]
fn a_word_half_typed_finds() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = filled(folder.path()).searcher();
    for half in ["barneh", "barneha", "barnehag", "Barnehagep"] {
        assert_eq!(searcher.passages(half, 1).unwrap()[0].page, 7, "{half}");
        let reading = searcher.read_by_passages(half).unwrap();
        assert!(0.5 <= reading.coverage("Søke barnehageplass"), "{half}");
    }
    assert_eq!(searcher.inquiries("symje", 1).unwrap()[0].key, 1);
}

#[test]
fn coverage_tells_a_weak_hit_from_a_good_one() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = filled(folder.path()).searcher();
    let reading = searcher.read_by_passages("når er fristen for gravplass").unwrap();
    assert!(reading.coverage("Søke barnehageplass Fristen er 1. mars.") < 0.6);
    let reading = searcher.read_by_passages("fristen for barnehageplass").unwrap();
    assert!(0.9 < reading.coverage("Søke barnehageplass Fristen er 1. mars."));
    let reading = searcher.read_by_inquiries("åpner symjehallen").unwrap();
    let (near, far) = (reading.likeness("når åpner svømmehallen"), reading.likeness("SFO"));
    let (near, far) = (near.unwrap(), far.unwrap());
    assert!(far < 0.1 && 0.6 < near, "{near} {far}");
}

#[derive(Clone, Debug)]
enum Change {
    PutPage(u64, Vec<&'static str>),
    RemovePage(u64),
    PutInquiry(u64, &'static str),
    RemoveInquiry(u64),
    Commit,
}

const TEXTS: [&str; 4] =
    ["Fristen er 1. mars.", "Prisen er 2 000 kroner.", "Åpent lørdag", "\u{0}🎈 שלום"];

fn change() -> impl Strategy<Value = Change> {
    let text = || prop::sample::select(TEXTS.to_vec());
    prop_oneof![
        (0..4_u64, prop::collection::vec(text(), 0..3)).prop_map(|(k, t)| Change::PutPage(k, t)),
        (0..4_u64).prop_map(Change::RemovePage),
        (0..4_u64, text()).prop_map(|(k, t)| Change::PutInquiry(k, t)),
        (0..4_u64).prop_map(Change::RemoveInquiry),
        Just(Change::Commit),
    ]
}

fn apply(writer: &mut Writer, change: &Change) {
    match change {
        Change::PutPage(key, texts) => writer.put_page(&page(*key, "Side", texts)).unwrap(),
        Change::RemovePage(key) => writer.remove_page(*key),
        Change::PutInquiry(key, text) => writer.put_inquiry(*key, text).unwrap(),
        Change::RemoveInquiry(key) => writer.remove_inquiry(*key),
        Change::Commit => writer.commit(HERE).unwrap(),
    }
}

/// What can be found: passages by the title's word, inquiries by each text.
fn contents(index: &Index) -> (Vec<(u64, u32)>, Vec<u64>) {
    let searcher = index.searcher();
    let hits = searcher.passages("side", HITS).unwrap();
    let mut passages: Vec<(u64, u32)> = hits.iter().map(|it| (it.page, it.passage)).collect();
    passages.sort_unstable();
    let found = TEXTS.iter().flat_map(|text| searcher.inquiries(text, HITS).unwrap());
    let mut inquiries: Vec<u64> = found.map(|it| it.key).collect();
    inquiries.sort_unstable();
    inquiries.dedup();
    (passages, inquiries)
}

const HITS: usize = 100;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn many_commits_and_one_give_the_same_index(
        changes in prop::collection::vec(change(), 0..20),
    ) {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (often, once) = (ready(a.path()).0, ready(b.path()).0);
        let (mut writer, mut other) = (often.writer().unwrap(), once.writer().unwrap());
        for change in &changes {
            apply(&mut writer, change);
            if !matches!(change, Change::Commit) {
                apply(&mut other, change);
            }
        }
        writer.commit(HERE).unwrap();
        other.commit(HERE).unwrap();
        prop_assert_eq!(often.searcher().counts(), once.searcher().counts());
        prop_assert_eq!(contents(&often), contents(&once));
    }

    #[test]
    fn no_question_panics(question in "\\PC{0,200}") {
        let folder = tempfile::tempdir().unwrap();
        let searcher = filled(folder.path()).searcher();
        searcher.passages(&question, 3).unwrap();
        searcher.inquiries(&question, 3).unwrap();
    }
}

#[test]
fn an_editor_s_word_leads_from_what_callers_say_to_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let searcher = filled(folder.path()).searcher();
    let own = |pairs: &[(&'static str, &'static str)]| OwnWords::of(pairs.iter().copied()).into();
    let page =
        |searcher: &Searcher, asked| searcher.passages(asked, 1).unwrap().first().map(|it| it.page);
    assert_eq!(page(&searcher, "har de kvervling"), None);
    let told = searcher.clone().with_words(own(&[("kvervling", "svømmehall")]));
    assert_eq!(page(&told, "har de kvervling"), Some(9));
    let coverage = told.read_by_passages("kvervling").unwrap().coverage("Svømmehallen er åpen");
    assert!(0.8 < coverage, "{coverage}");
    let not_told = told.with_words(own(&[]));
    assert_eq!(page(&not_told, "har de kvervling"), None, "a row that is taken out is gone");
}
