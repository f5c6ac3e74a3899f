//! Step 1 of a Norwegian key: one spelling for letters that are written in several ways.

/// Folds accents and foreign letters, then `aa`, `ae`, `oe`; expects a lower-case NFC token.
///
/// It also turns "noe" into "nø": harmless, since pages and questions get the same.
pub(super) fn normalized(token: &str) -> String {
    let folded: String = token.chars().map(plain).collect();
    folded.replace("aa", "å").replace("ae", "æ").replace("oe", "ø")
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
    let bare = |letter| match letter {
        'å' | 'æ' => 'a',
        'ø' => 'o',
        other => other,
    };
    key.chars().map(bare).collect()
}
