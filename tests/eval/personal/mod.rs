//! How much personal data is found, and how much else, on generated texts and on labelled notes.

pub(crate) mod generator;
mod notes;
mod score;
mod texts;

use skranke::inquiry::redact::{Allowed, Kind, redact};

use generator::{Text, texts};
use score::{Scores, Seen};

const SEED: u64 = 20_260_302;
const TEXTS: usize = 5_000;

/// Groups of kinds with the least recall and precision.
const TARGETS: [(&str, &[&str], f64, f64); 4] = [
    ("numbers, births", &["national", "account", "iban", "duf", "birth"], 0.999, 0.98),
    ("phone, mail", &["phone", "mail"], 0.99, 0.95),
    ("address .. plate", &["address", "property", "case", "plate"], 0.90, 0.90),
    ("names", &["name"], 0.80, 0.90),
];

#[test]
fn generated_texts_are_masked_as_well_as_promised() {
    let texts = texts(SEED, TEXTS);
    let scores = Scores::of(texts.iter().map(|it| seen(it)));
    println!("{scores}");
    for (name, kinds, recall, precision) in TARGETS {
        let (found, right) = (scores.recall(kinds), scores.precision(kinds));
        println!(
            "{name:18} recall {found:.4} (>= {recall}), precision {right:.4} (>= {precision})"
        );
        assert!(recall <= found, "{name}: recall {found:.4} is below {recall}");
        assert!(precision <= right, "{name}: precision {right:.4} is below {precision}");
    }
}

fn seen(text: &Text) -> Seen<'_> {
    Seen::of(&text.text, &text.gold)
}

/// The lists that the detector reads names by.
const LISTS: [&str; 3] = [
    include_str!("../../../src/inquiry/redact/names/first_names.txt"),
    include_str!("../../../src/inquiry/redact/names/everyday_words.txt"),
    include_str!("../../../src/inquiry/redact/names/organisation_words.txt"),
];
const PHRASES: &str = include_str!("../../../src/inquiry/redact/names/phrases.txt");

#[test]
fn generated_names_and_places_stand_in_no_list_of_the_detector() {
    let lines = LISTS.iter().flat_map(|it| it.lines()).filter(|it| !it.starts_with('#'));
    let listed: std::collections::HashSet<&str> = lines.flat_map(str::split_whitespace).collect();
    let named = [texts::FIRST, texts::LAST, texts::PLACES, texts::STREETS].concat();
    for name in named {
        assert!(!listed.contains(name.to_lowercase().as_str()), "{name} is listed");
    }
}

#[test]
fn no_phrasing_says_that_a_name_follows_as_the_detector_has_it() {
    for (part, side) in [("before:", 0), ("after:", 1)] {
        let lines = PHRASES.lines().filter_map(|it| it.strip_prefix(part));
        let phrases = lines.flat_map(|it| it.split(',')).map(str::trim).filter(|it| !it.is_empty());
        for phrase in phrases {
            for pattern in texts::NAMES {
                let (before, after) = pattern.split_once("{name}").unwrap();
                let beside = [before, after][side].trim_matches([' ', ',', ':']);
                let meets = match side {
                    0 => beside == phrase || beside.ends_with(&format!(" {phrase}")),
                    _ => beside == phrase || beside.starts_with(&format!("{phrase} ")),
                };
                assert!(!meets, "{pattern:?} has {phrase:?} beside the name");
            }
        }
    }
}
