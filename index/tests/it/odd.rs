//! Input that nobody means: no panic, bounded answers, bounded time.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use skranke_index::{
    Evidence, GroupInput, Index, Language, Nearby, Opened, PageText, PassageSet, PassageText,
    Place, Position, Standing, Text, analyzer, detect, evidence, grams, group, topic_evidence,
};

/// Far more than any of these takes; what grows with the square of its input takes longer.
const TIME_MAX: Duration = Duration::from_secs(30);
/// The analyzer reads so many characters at most, so there are never more words.
const WORDS_MAX: usize = 20_000;

fn odd() -> Vec<String> {
    let mut texts: Vec<String> = ["", " \t\n", "?!", "\0", "kva\0kostar\0sfo", "🎈👩‍👩‍👧‍👦🇳🇴", "﷽ ﷺ"]
        .iter()
        .map(|it| (*it).to_owned())
        .collect();
    texts.extend(
        [
            "og i på til er det som",
            "ביטוח לאומי בבקשה",
            "\u{202e}متى يفتح المسبح؟\u{202c} pris",
            "İSTANBUL ẞ ﬁn ŉ ǰ",
            "e-e-e-e-e-e-e- - --",
            "a\u{301}\u{327}\u{323} s\u{30a}kad",
            "1 22 333 4444 1/2 ½ ²",
            "dame i skranken:",
            ": : : mann: mann: spør spør om om",
        ]
        .map(str::to_owned),
    );
    texts.push("a".repeat(10_000));
    texts.push("ærfugl på kaia ".repeat(700));
    texts.push("e-".repeat(5_000));
    texts.push("å\u{30a}".repeat(3_000));
    texts.push(format!("o{}", "\u{308}".repeat(9_000)));
    texts.push("barnehage ".repeat(5_000));
    texts.push((0..4_000).map(|n| format!("ord{n} ")).collect());
    texts
}

#[track_caller]
fn bounded<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    let took = start.elapsed();
    assert!(took < TIME_MAX, "{what} took {took:?}");
    done
}

fn set(texts: &[String]) -> PassageSet {
    let passage = |text: &String| PassageText {
        heading: text.chars().take(50).collect(),
        text: text.clone(),
        language: Language::Unsure,
    };
    let page = |(key, text)| PageText {
        key,
        title: String::new(),
        passages: vec![passage(text), passage(text)],
    };
    PassageSet::new(&(0..).zip(texts).map(page).collect::<Vec<PageText>>())
}

fn check_analysis(text: &str) {
    let words = analyzer().words(text);
    assert!(words.len() <= WORDS_MAX);
    assert!(words.iter().all(|it| !it.key.is_empty() && !it.written.is_empty()), "{words:?}");
    for key in analyzer().keys(text) {
        assert!(grams(&key).len() <= key.chars().count() + 2);
    }
    assert_eq!(analyzer().normalized(text), analyzer().normalized(text));
    detect(text);
}

fn check_evidence(found: &Evidence) {
    for share in [found.coverage, found.nearness, found.gap_score] {
        assert!((0.0..=1.0).contains(&share), "{found:?}");
    }
    assert!(found.passages.len() <= 3 && found.pages.len() <= 10);
    assert!(found.pages.iter().all(|it| it.1.is_finite()));
}

#[test]
fn odd_texts_are_analyzed_and_judged() {
    let texts = odd();
    bounded("analysis", || texts.iter().for_each(|it| check_analysis(it)));
    let site = set(&texts);
    bounded("evidence", || {
        for text in &texts {
            check_evidence(&evidence(text, &site));
            check_evidence(&evidence(text, &set(&[])));
        }
    });
    let questions: Vec<&str> = texts.iter().map(String::as_str).collect();
    let topic = bounded("a topic", || topic_evidence(&questions, &site));
    assert!((0.0..=1.0).contains(&topic.gap_score) && topic.missing.len() <= 12);
    assert!((0.0..=1.0).contains(&topic_evidence(&[], &site).gap_score));
}

#[test]
fn odd_texts_are_grouped() {
    let texts = odd();
    let twice = texts.iter().chain(&texts).map(String::as_str);
    let input = GroupInput {
        texts: (0..).zip(twice).map(|(key, text)| Text { key, text, ..Text::default() }).collect(),
        ..GroupInput::default()
    };
    let groups = bounded("grouping", || group(&input));
    let mut members: Vec<u64> = groups.iter().flat_map(|it| it.members.clone()).collect();
    members.sort_unstable();
    members.dedup();
    assert_eq!(members.len(), groups.iter().map(|it| it.members.len()).sum::<usize>());
    let n = texts.len() as u64;
    for (at, text) in (0..n).zip(&texts) {
        let joined =
            groups.iter().any(|it| it.members.contains(&at) && it.members.contains(&(at + n)));
        assert!(joined || analyzer().words(text).is_empty(), "{text:.40}");
    }
}

#[test]
fn odd_texts_are_placed() {
    let mut nearby = Nearby::default();
    let texts = odd();
    bounded("placing", || {
        for (key, text) in (0..).zip(&texts) {
            let standing = |_| Standing::Alone;
            nearby.put(key, text);
            for other in &texts {
                if let Place::Joins(_, sure) | Place::Pairs(_, sure) =
                    nearby.place(u64::MAX, other, &standing)
                {
                    assert!((0.0..=1.0).contains(&sure));
                }
            }
            if key % 3 == 0 {
                nearby.remove(key);
            }
        }
    });
}

#[test]
fn odd_texts_are_searched() {
    let folder = tempfile::tempdir().unwrap();
    let Opened::Ready(index, _) = Index::open(folder.path()).unwrap() else { panic!("not new") };
    let (mut writer, texts) = (index.writer().unwrap(), odd());
    for (key, text) in (0..).zip(&texts) {
        let passage = PassageText { text: text.clone(), ..PassageText::default() };
        let page = PageText { key, title: text.clone(), passages: vec![passage] };
        writer.put_page(&page).unwrap();
        writer.put_inquiry(key, text).unwrap();
    }
    writer.commit(Position::default()).unwrap();
    let searcher = index.searcher();
    bounded("searching", || {
        for text in &texts {
            assert!(searcher.passages(text, 3).unwrap().len() <= 3);
            assert!(searcher.inquiries(text, 5).unwrap().len() <= 5);
            let reading = searcher.read_by_passages(text).unwrap();
            assert!(texts.iter().all(|it| (0.0..=1.0).contains(&reading.coverage(it))));
        }
    });
}

#[test]
fn half_a_million_identical_notes_are_one_group() {
    let texts =
        (0..500_000).map(|key| Text { key, text: "kva kostar SFO", ..Text::default() }).collect();
    let groups = bounded("grouping", || group(&GroupInput { texts, ..GroupInput::default() }));
    assert_eq!(groups.iter().map(|it| it.members.len()).collect::<Vec<usize>>(), [500_000]);
}

#[test]
fn twenty_thousand_notes_that_share_a_word_are_grouped_in_time() {
    let notes: Vec<String> = (0..20_000).map(|n| format!("parkering qx{n}")).collect();
    let texts =
        (0..).zip(&notes).map(|(key, text)| Text { key, text, ..Text::default() }).collect();
    bounded("grouping", || group(&GroupInput { texts, ..GroupInput::default() }));
    let mut nearby = Nearby::default();
    bounded("placing", || {
        (0..).zip(&notes).for_each(|(key, text)| nearby.put(key, text));
        for text in notes.iter().take(100) {
            nearby.place(u64::MAX, text, &|_| Standing::Alone);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_panics(text in "\\PC{0,300}", other in ".{0,100}") {
        for it in [&text, &other] {
            check_analysis(it);
            check_evidence(&evidence(it, &set(&[text.clone(), other.clone()])));
        }
    }
}
