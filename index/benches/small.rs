//! What a text costs: reading it, comparing it, placing it among others, looking it up.
//!
//! `cargo bench -p skranke-index --bench small`

use divan::{Bencher, black_box};
use skranke_index::{Index, Nearby, Opened, Position, Searcher, Standing, analyzer, detect};

const QUESTION: &str = "Innringar lurer på når fristen for barnehageplass på Nordneset går ut?";
/// So many other texts there are.
const TEXTS: u64 = 10_000;

fn main() {
    divan::main();
}

/// Texts of which some are alike.
fn texts() -> impl Iterator<Item = (u64, String)> {
    let things = ["barnehageplass", "byggjeløyve", "symjehall", "renovasjon", "hundeband"];
    let asked = ["når er fristen for", "kva kostar", "kvar er", "kven har rett til", "feil på"];
    (0..TEXTS).map(move |at| {
        let (thing, ask) = (things[at as usize % 5], asked[at as usize / 5 % 5]);
        (at, format!("{ask} {thing} i krets {}", at / 25))
    })
}

fn nearby() -> Nearby {
    let mut nearby = Nearby::default();
    texts().for_each(|(key, text)| nearby.put(key, &text));
    nearby
}

fn searcher() -> (tempfile::TempDir, Searcher) {
    let folder = tempfile::tempdir().expect("a folder");
    let Ok(Opened::Ready(index, _)) = Index::open(folder.path()) else { panic!("no index") };
    let mut writer = index.writer().expect("a writer");
    texts().for_each(|(key, text)| writer.put_inquiry(key, &text).expect("a place"));
    writer.commit(Position::default()).expect("a commit");
    (folder, index.searcher())
}

#[divan::bench]
fn words_of_a_question(bencher: Bencher<'_, '_>) {
    bencher.bench(|| analyzer().words(black_box(QUESTION)));
}

#[divan::bench]
fn language_of_a_question(bencher: Bencher<'_, '_>) {
    bencher.bench(|| detect(black_box(QUESTION)));
}

#[divan::bench]
fn taking_a_text_in(bencher: Bencher<'_, '_>) {
    let mut nearby = nearby();
    bencher.bench_local(|| nearby.put(TEXTS, black_box(QUESTION)));
}

#[divan::bench]
fn placing_a_text(bencher: Bencher<'_, '_>) {
    let nearby = nearby();
    bencher
        .bench_local(|| nearby.place(TEXTS, black_box(QUESTION), &|key| Standing::Topic(key % 25)));
}

#[divan::bench]
fn looking_up_inquiries(bencher: Bencher<'_, '_>) {
    let (_folder, searcher) = searcher();
    bencher.bench_local(|| searcher.inquiries(black_box(QUESTION), 5));
}

#[divan::bench]
fn looking_up_a_word_with_a_slip(bencher: Bencher<'_, '_>) {
    let (_folder, searcher) = searcher();
    bencher.bench_local(|| searcher.inquiries(black_box("frist for barnehagplass"), 5));
}

#[divan::bench]
fn likeness_of_two_questions(bencher: Bencher<'_, '_>) {
    let (_folder, searcher) = searcher();
    let reading = searcher.read_by_inquiries(QUESTION).expect("a reading");
    bencher.bench_local(|| reading.likeness(black_box("når er fristen for barnehageplass")));
}
