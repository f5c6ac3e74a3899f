//! The norm or language of passages, told right.

use std::path::Path;

use skranke_index::{Language, detect};

use crate::notes;

/// A passage has so many characters at least.
const CHARS_MIN: usize = 200;
/// The least share of the passages that is told right.
const RIGHT_MIN: f64 = 0.98;

/// What stands between a page's heading and its end, without markup: a passage from each piece of
/// text on, long enough to be told.
fn passages(html: &str) -> Vec<String> {
    let ends =
        ["<aside", "<section", "<div class=\"share\"", "</main", "<footer", "<div id=\"footer\""];
    let text = html.find("<h1").map_or(html, |start| &html[start..]);
    let text = ends.iter().filter_map(|it| text.find(it)).min().map_or(text, |end| &text[..end]);
    let pieces = text.split('<').filter_map(|it| it.split_once('>')).map(|it| it.1.trim());
    let pieces: Vec<&str> = pieces.filter(|it| !it.is_empty()).collect();
    let from = |at: usize| {
        let mut passage = String::new();
        for piece in &pieces[at..] {
            passage = format!("{passage}{piece}\n");
            if CHARS_MIN <= passage.chars().count() {
                return Some(passage);
            }
        }
        None
    };
    (0..pieces.len()).filter_map(from).collect()
}

#[track_caller]
fn check(labelled: &[(&str, String)]) {
    let name = |it: &str| match it {
        "nb" => Language::Nb,
        "nn" => Language::Nn,
        "en" => Language::En,
        "other" => Language::Other,
        "unsure" => Language::Unsure,
        _ => panic!("{it} is no language"),
    };
    let told = labelled.iter().map(|(lang, text)| (name(lang), detect(text), text));
    let wrong: Vec<_> = told.filter(|it| it.0 != it.1).collect();
    let (all, right) = (labelled.len(), labelled.len() - wrong.len());
    println!("{right} of {all} right; wrong are {wrong:#?}");
    let [all, right] = [all, right].map(|it| f64::from(u32::try_from(it).unwrap()));
    assert!(RIGHT_MIN * all <= right, "{right} of {all}; wrong are {wrong:#?}");
}

#[test]
fn passages_of_a_website_are_told() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/scenario/pages.jsonl");
    let text = std::fs::read_to_string(file).unwrap();
    let pages: Vec<serde_json::Value> =
        text.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    let labelled: Vec<(&str, String)> = pages
        .iter()
        .flat_map(|page| {
            let lang = page["lang"].as_str().unwrap();
            passages(page["html"].as_str().unwrap()).into_iter().map(move |it| (lang, it))
        })
        .collect();
    assert!(200 <= labelled.len(), "{}", labelled.len());
    check(&labelled);
}

#[test]
fn passages_of_the_demo_are_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/demo/pages");
    let files = std::fs::read_dir(folder).unwrap();
    let pages: Vec<String> =
        files.map(|it| std::fs::read_to_string(it.unwrap().path()).unwrap()).collect();
    let labelled = pages.iter().flat_map(|page| {
        let (head, html) = page.split_once("---").unwrap();
        let lang = head.lines().find_map(|it| it.strip_prefix("lang: ")).unwrap();
        passages(html).into_iter().map(move |it| (lang, it))
    });
    check(&labelled.collect::<Vec<_>>());
}

#[test]
fn passages_with_few_common_words_and_other_languages_are_told() {
    let rows = include_str!("../languages.tsv").lines().skip(1);
    let labelled: Vec<(&str, String)> =
        rows.map(|it| it.split_once('\t').unwrap()).map(|it| (it.0, it.1.to_owned())).collect();
    assert!(labelled.iter().all(|it| CHARS_MIN <= it.1.chars().count()));
    check(&labelled);
}

#[test]
fn notes_are_told_right_or_not_at_all() {
    let notes = notes::told();
    let name = |it: Language| match it {
        Language::Nb => "nb",
        Language::Nn => "nn",
        Language::En => "en",
        Language::Other => "other",
        Language::Unsure => "unsure",
    };
    let told = notes.iter().map(|(lang, note)| (*lang, name(detect(note)), note));
    let (unsure, sure): (Vec<_>, Vec<_>) = told.partition(|it| it.1 == "unsure");
    let wrong: Vec<_> = sure.iter().filter(|it| it.0 != it.1).collect();
    println!("{} of {} unsure, {} wrong", unsure.len(), notes.len(), wrong.len());
    assert!(wrong.len() * 50 <= notes.len() && unsure.len() * 4 <= notes.len(), "{wrong:#?}");
}
