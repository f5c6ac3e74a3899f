//! How a question looks when a hurried colleague notes it down.

use super::need::Tongue;
use crate::effect::Random;

const OPENERS_NN: [&str; 12] = [
    "innringar lurer på ",
    "spm: ",
    "mann spør ",
    "dame i skranken: ",
    "Hei, ",
    "eldre mann, ",
    "mor ringjer: ",
    "spør om ",
    "på tlf: ",
    "ny innbyggjar: ",
    "kunde: ",
    "hei! ",
];
const OPENERS_NB: [&str; 12] = [
    "innringer lurer på ",
    "spm: ",
    "mann spør ",
    "dame i skranken: ",
    "Hei, ",
    "eldre dame, ",
    "far ringer: ",
    "spør om ",
    "på tlf: ",
    "ny innbygger: ",
    "kunde: ",
    "hei! ",
];
const OPENERS_EN: [&str; 5] = ["Hi, ", "Hello! ", "caller asks: ", "question: ", "tourist: "];
const ENDINGS_NN: [&str; 12] = [
    ", hastar",
    ", vil ha svar på e-post",
    " - ringjer att i morgon",
    ", takk",
    ", har leita på nettet",
    " (ringte i går òg)",
    ", fann det ikkje på sida",
    ", litt sur",
    " ??",
    ", bur i Nordbygda",
    ", er frå Elvemo",
    ", spurde for mor si",
];
const ENDINGS_NB: [&str; 12] = [
    ", haster",
    ", vil ha svar på e-post",
    " - ringer igjen i morgen",
    ", takk",
    ", har lett på nettet",
    " (ringte i går også)",
    ", fant det ikke på siden",
    ", litt irritert",
    " ??",
    ", bor i Hamnevika",
    ", er fra Storlia",
    ", spør for moren sin",
];
const ENDINGS_EN: [&str; 4] = [", thanks", "?", ", could not find it online", " please"];
/// A word as written in full, and as noted.
const SHORT: [(&str, &str); 12] = [
    ("barnehagen", "bhg"),
    ("barnehage", "bhg"),
    ("kommunen", "komm"),
    ("søknad", "søkn"),
    ("telefon", "tlf"),
    ("saksbehandler", "saksbeh"),
    ("sakshandsamar", "sakshands"),
    ("kroner", "kr"),
    ("rådhuset", "rh"),
    ("månaden", "mnd"),
    ("måneden", "mnd"),
    ("ikkje", "ikkj"),
];

/// The wording as noted: sometimes with an opener, an ending, a short form or a slip.
pub(super) fn noted(text: &str, tongue: Tongue, random: &mut Random) -> String {
    let mut noted = text.to_owned();
    if random.chance(0.16) {
        noted = shortened(&noted);
    }
    if random.chance(0.13) {
        noted = slipped(&noted, random);
    }
    if random.chance(0.34) {
        noted = format!("{}{noted}", opener(tongue, random));
    }
    if random.chance(0.30) {
        noted.push_str(ending(tongue, random));
    } else if random.chance(0.25) {
        noted.push('?');
    }
    if random.chance(0.05) {
        noted = noted.replace('å', "aa").replace('ø', "o").replace('æ', "ae");
    }
    if random.chance(0.15) { capital(&noted) } else { noted }
}

fn opener(tongue: Tongue, random: &mut Random) -> &'static str {
    match tongue {
        Tongue::Nynorsk => random.pick(&OPENERS_NN),
        Tongue::Bokmal => random.pick(&OPENERS_NB),
        Tongue::English => random.pick(&OPENERS_EN),
    }
}

fn ending(tongue: Tongue, random: &mut Random) -> &'static str {
    match tongue {
        Tongue::Nynorsk => random.pick(&ENDINGS_NN),
        Tongue::Bokmal => random.pick(&ENDINGS_NB),
        Tongue::English => random.pick(&ENDINGS_EN),
    }
}

fn shortened(text: &str) -> String {
    let words = text
        .split(' ')
        .map(|word| SHORT.iter().find(|(full, _)| *full == word).map_or(word, |(_, short)| *short));
    words.collect::<Vec<_>>().join(" ")
}

/// One slip of the fingers in one of the longer words.
fn slipped(text: &str, random: &mut Random) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let long: Vec<usize> = (0..words.len()).filter(|at| 6 <= words[*at].chars().count()).collect();
    if long.is_empty() {
        return text.to_owned();
    }
    let at = random.pick(&long);
    let mut letters: Vec<char> = words[at].chars().collect();
    let place = 1 + random.below(letters.len() - 3);
    match random.below(3) {
        0 => letters.swap(place, place + 1),
        1 => drop(letters.remove(place)),
        _ => letters.insert(place, letters[place]),
    }
    words[at] = letters.into_iter().collect();
    words.join(" ")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_changes_one_word_and_keeps_its_ends() {
        for seed in 0..200 {
            let slipped = slipped("kvar ligg symjehallen", &mut Random::new(seed));
            assert!(slipped.starts_with("kvar ligg s") && slipped.ends_with('n'), "{slipped}");
        }
    }

    #[test]
    fn short_words_are_left_alone() {
        assert_eq!(slipped("kva no", &mut Random::new(1)), "kva no");
    }

    #[test]
    fn most_notes_keep_the_words() {
        let mut random = Random::new(3);
        let text = "er biblioteket ope laurdag";
        let kept = (0..500)
            .filter(|_| noted(text, Tongue::Nynorsk, &mut random).to_lowercase().contains(text))
            .count();
        assert!((400..495).contains(&kept), "{kept}");
    }
}
