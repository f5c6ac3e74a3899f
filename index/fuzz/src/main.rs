//! Any bytes as texts: the analyzer, the evidence, live assignment and grouping outlive them.
//!
//! `cargo +nightly fuzz run texts`, in the folder `index`, lets libFuzzer look for them.
//! `cargo run -- 100000`, in this folder, tries so many random ones on any compiler.
#![cfg_attr(fuzzing, no_main)]

use skranke_index::{
    GroupInput, Language, Nearby, PageText, PassageSet, PassageText, Standing, Text, analyzer,
    detect, evidence, grams, group,
};

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| outlive(bytes));

/// Each line is a text; the same line twice is a repeat.
fn outlive(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.split('\n').take(50).collect();
    for line in &lines {
        detect(line);
        analyzer().keys(line).iter().for_each(|key| drop(grams(key)));
    }
    let passage = |text: &&str| PassageText {
        heading: String::new(),
        text: (*text).to_owned(),
        language: Language::Unsure,
    };
    let page = PageText { passages: lines.iter().map(passage).collect(), ..PageText::default() };
    let (site, mut nearby) = (PassageSet::new(&[page]), Nearby::default());
    for (key, line) in (0..).zip(&lines) {
        let found = evidence(line, &site);
        assert!((0.0..=1.0).contains(&found.gap_score), "{found:?}");
        nearby.place(key, line, &|_| Standing::Alone);
        nearby.put(key, line);
    }
    let texts =
        (0..).zip(&lines).map(|(key, text)| Text { key, text, ..Text::default() }).collect();
    let groups = group(&GroupInput { texts, ..GroupInput::default() });
    for (key, line) in (0..).zip(&lines) {
        let said = analyzer().normalized(line);
        let first = lines.iter().position(|it| analyzer().normalized(it) == said);
        let first = first.and_then(|it| u64::try_from(it).ok()).unwrap_or(key);
        let joined =
            groups.iter().any(|it| it.members.contains(&first) && it.members.contains(&key));
        assert!(said.is_empty() || first == key || joined, "{line:?} is a repeat");
    }
}

/// Random bytes, half of them letters and blanks, from a fixed start.
#[cfg(not(fuzzing))]
fn main() {
    let rounds = std::env::args().nth(1).and_then(|it| it.parse().ok()).unwrap_or(10_000);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        // Xorshift, Marsaglia 2003.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    for round in 0..rounds {
        let length = u16::from_le_bytes([next()[0], next()[1] % 8]);
        let byte = |_| match next() {
            [a, b, ..] if a < 128 => b"  \naeikrtsjkvo-:?1"[usize::from(b) % 18],
            [_, b, ..] => b,
        };
        let bytes: Vec<u8> = (0..length).map(byte).collect();
        if let Err(panic) = std::panic::catch_unwind(|| outlive(&bytes)) {
            eprintln!("round {round}: {:?}", String::from_utf8_lossy(&bytes));
            std::panic::resume_unwind(panic);
        }
    }
    println!("{rounds} texts outlived");
}
