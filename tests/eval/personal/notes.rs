//! Personal data in labelled notes: what the sets call `pii`, and what must stay, `not_pii`.

use std::path::Path;

use serde_json::Value;

use super::generator::Gold;
use super::score::{Scores, Seen};
use crate::set::{QUESTIONS, lines, text};
use crate::{OWN, named_sets};

/// A note with its spans in bytes.
struct Note {
    text: String,
    personal: Vec<Gold>,
    harmless: Vec<Gold>,
}

#[test]
fn numbers_and_addresses_of_our_own_notes_are_masked() {
    let scores = table(&Path::new(env!("CARGO_MANIFEST_DIR")).join(OWN)).unwrap();
    let kinds = ["national", "birth", "phone", "mail", "address"];
    let recall = scores.recall(&kinds);
    assert!((recall - 1.0).abs() < f64::EPSILON, "recall is {recall}");
}

#[test]
fn notes_of_sets_that_are_named_are_scored() {
    for set in named_sets() {
        table(&set);
    }
}

/// Prints what was found in a set; none when it labels nothing personal.
fn table(set: &Path) -> Option<Scores> {
    let rows = lines(&set.join(QUESTIONS));
    let notes: Vec<Note> = rows.iter().map(note).collect();
    if notes.iter().all(|it| it.personal.is_empty()) {
        return None;
    }
    let seen = |it: &'_ Note| Seen::of(&it.text, &it.personal).found_among(&it.harmless);
    let scores = Scores::of(notes.iter().map(|it| Seen::of(&it.text, &it.personal)));
    let (harmless, touched) = notes
        .iter()
        .fold((0, 0), |(all, touched), it| (all + it.harmless.len(), touched + seen(it)));
    println!("{} notes of {}", notes.len(), set.file_name()?.to_string_lossy());
    println!("{scores}of {harmless} passages that must stay, {touched} are masked or pointed out");
    scores.wrong.iter().for_each(|it| println!("  {it}"));
    Some(scores)
}

fn note(row: &Value) -> Note {
    let text = text(row, "text").to_owned();
    let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |it| it.0);
    let place = |it: &Value, name: &str| byte(usize::try_from(it[name].as_u64().unwrap()).unwrap());
    let spans = |name: &str| -> Vec<Gold> {
        let spans = row[name].as_array().into_iter().flatten();
        spans
            .map(|it| Gold {
                kind: kind(it["type"].as_str().unwrap()),
                start: place(it, "start"),
                end: place(it, "end"),
            })
            .collect()
    };
    Note { personal: spans("pii"), harmless: spans("not_pii"), text: text.clone() }
}

/// The detector's name of a set's kind.
fn kind(named: &str) -> &'static str {
    match named {
        "fnr" | "account" => "national",
        "dob" => "birth",
        "email" => "mail",
        "phone" => "phone",
        "address" => "address",
        "name" => "name",
        _ => "other",
    }
}
