//! Text to tokens: NFC, lower case, split at everything that is not a letter or a digit.

use unicode_normalization::UnicodeNormalization;

/// At most so much of a text is read; the rest is not looked at.
pub(crate) const TEXT_CHARS_MAX: usize = 20_000;
/// A longer token is cut: nobody searches for it.
const TOKEN_CHARS_MAX: usize = 60;

/// One word as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raw {
    /// As written.
    pub(crate) written: String,
    /// Lower case, NFC.
    pub(crate) lower: String,
}

/// Splits a text. Two parts that a hyphen joins come also as one word.
pub(crate) fn split(text: &str) -> Vec<Raw> {
    let text: String = text.chars().take(TEXT_CHARS_MAX).nfc().collect();
    let mut tokens: Vec<Raw> = vec![];
    let mut hyphenated = false;
    for piece in text.split_inclusive(|it: char| !is_word(it)) {
        let word = piece.trim_end_matches(|it: char| !is_word(it));
        if !word.is_empty() {
            let part = raw(word);
            let joined = tokens.last().filter(|_| hyphenated).and_then(|it| joined(it, &part));
            tokens.push(part);
            tokens.extend(joined);
        }
        hyphenated = piece.ends_with('-') && !word.is_empty();
    }
    tokens
}

/// Both parts as one word, unless it is longer than any that somebody searches for: a long chain
/// of parts would grow with the square of its length.
fn joined(before: &Raw, part: &Raw) -> Option<Raw> {
    let chars = before.lower.chars().count() + part.lower.chars().count();
    (chars <= TOKEN_CHARS_MAX).then(|| Raw {
        written: format!("{}-{}", before.written, part.written),
        lower: format!("{}{}", before.lower, part.lower),
    })
}

fn raw(word: &str) -> Raw {
    let written: String = word.chars().take(TOKEN_CHARS_MAX).collect();
    let lower = written.to_lowercase().nfc().collect();
    Raw { written, lower }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let lower: Vec<String> = split(text).into_iter().map(|it| it.lower).collect();
        assert_eq!(lower, expected);
    }

    #[test]
    fn words_are_split_at_everything_else() {
        check("Kva kostar SFO?", &["kva", "kostar", "sfo"]);
        check("e-post", &["e", "post", "epost"]);
        check("20. mars - kl. 12", &["20", "mars", "kl", "12"]);
        check("", &[]);
        check("?!\0", &[]);
    }

    #[test]
    fn a_chain_of_parts_does_not_grow_without_end() {
        check("a-b-c", &["a", "b", "ab", "c", "abc"]);
        let tokens = split(&"e-".repeat(5_000));
        assert!(tokens.iter().all(|it| it.lower.chars().count() <= TOKEN_CHARS_MAX));
        assert!(tokens.len() <= 10_000);
    }
}
