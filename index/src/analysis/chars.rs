//! Step 1 of a Norwegian key: one spelling for letters that are written in several ways.

/// Words that end in a vowel, so that an ending makes `ae` or `oe` that is no letter.
const ENDING_IN_A_OR_O: [&str; 14] = [
    "nabo", "konto", "video", "radio", "foto", "kino", "logo", "sko", "skjema", "tema", "firma",
    "kamera", "drama", "klima",
];

/// Folds accents and foreign letters, then `aa`, `ae`, `oe`; expects a lower-case NFC token.
///
/// It also turns "noe" into "nø": harmless, since pages and questions get the same.
pub(super) fn normalized(token: &str) -> String {
    let folded: String = token.chars().map(plain).collect();
    let folded = folded.replace("aa", "å");
    if !folded.contains("ae") && !folded.contains("oe") {
        return folded;
    }
    let kept = ["e", "er", "en", "et", "ene"].iter().find_map(|ending| {
        let word = folded.strip_suffix(ending)?;
        ENDING_IN_A_OR_O.iter().any(|it| word.ends_with(it)).then_some(word.len())
    });
    let (word, ending) = folded.split_at(kept.unwrap_or(folded.len()));
    word.replace("ae", "æ").replace("oe", "ø") + ending
}

fn plain(letter: char) -> char {
    match letter {
        'ä' => 'æ',
        'ö' | 'œ' => 'ø',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'ó' | 'ò' | 'ô' | 'õ' => 'o',
        'á' | 'à' | 'â' | 'ã' => 'a',
        'ü' | 'ú' | 'û' => 'u',
        'í' | 'ï' => 'i',
        'ý' => 'y',
        'ñ' => 'n',
        'ç' => 'c',
        'ð' => 'd',
        'š' => 's',
        other => other,
    }
}

/// Folds the Norwegian letters too, letter by letter; only for words that no text has, as when
/// somebody types without å, æ and ø.
pub(crate) fn folded(key: &str) -> String {
    key.chars().map(bare).collect()
}

/// One letter folded so.
pub(crate) fn bare(letter: char) -> char {
    match letter {
        'å' | 'æ' => 'a',
        'ø' => 'o',
        other => other,
    }
}
