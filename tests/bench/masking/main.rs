//! How long masking a note takes on one core, beside telling its language, which every note goes
//! through at the same door.
//!
//! `cargo bench --workspace --bench masking -- --rounds 50`; the notes are those of the made-up
//! municipality, and one of the greatest length that is taken.

#![expect(clippy::unwrap_used, reason = "a measurement ends by panicking")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::Value;
use skranke::inquiry::Question;
use skranke::inquiry::redact::{Allowed, redact};

const NOTES: &str = include_str!("../../fixtures/scenario/questions.jsonl");

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|it| it != "--bench");
    let rounds: u32 = match (arguments.next().as_deref(), arguments.next()) {
        (None, _) => 20,
        (Some("--rounds"), Some(number)) => number.parse().unwrap(),
        _ => panic!("only --rounds N is known"),
    };
    let rows = NOTES.lines().map(|it| serde_json::from_str::<Value>(it).unwrap());
    let notes: Vec<String> = rows.map(|it| it["text"].as_str().unwrap().to_owned()).collect();
    let longest: String = notes.join(" ").chars().take(Question::CHARS_MAX).collect();
    let allowed = Allowed::default();
    let mask = |text: &str| drop(black_box(redact(text, &allowed)));
    let tell = |text: &str| _ = black_box(skranke_index::detect(text));
    println!("| what | median | 99th | longest note |\n|---|---|---|---|");
    measure("masking", rounds, (&notes, &longest), mask);
    measure("telling the language", rounds, (&notes, &longest), tell);
}

/// Does it so many times to each note and prints how long one took, by its fastest time: what
/// disturbs a measurement only ever makes it longer.
fn measure(what: &str, rounds: u32, (notes, longest): (&[String], &str), work: impl Fn(&str)) {
    let fastest = |text: &str| {
        let once = || {
            let begun = Instant::now();
            work(text);
            begun.elapsed()
        };
        (0..rounds).map(|_| once()).min().unwrap_or_default()
    };
    let mut took: Vec<Duration> = notes.iter().map(|it| fastest(it)).collect();
    took.sort();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    println!("| {what} | {:?} | {:?} | {:?} |", at(50), at(99), fastest(longest));
}
