//! The part of a passage that an eye should see first, with the words that match.

use std::collections::BTreeSet;

use skranke_index::analyzer;

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The piece.
    pub text: String,
    /// Whether it matches the query.
    pub matches: bool,
}

/// Cuts about `chars_max` characters out of `text`, from a little before the first match, at
/// words; what matches the query by the analyzer's keys is told apart.
pub fn excerpt(text: &str, query: &str, chars_max: usize) -> Vec<Piece> {
    /// So many words stand before the first match.
    const WORDS_BEFORE: usize = 8;
    let keys: BTreeSet<String> = analyzer().keys(query).into_iter().collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let matches: Vec<bool> = words.iter().map(|word| is_match(word, &keys)).collect();
    let first = matches.iter().position(|it| *it).unwrap_or(0);
    let all = text.chars().count();
    let start = if all <= chars_max { 0 } else { first.saturating_sub(WORDS_BEFORE) };
    let mut pieces: Vec<Piece> = vec![];
    let mut length = 0;
    if 0 < start {
        push(&mut pieces, "… ", false);
    }
    for at in start..words.len() {
        length += words[at].chars().count() + 1;
        if chars_max < length && first < at {
            push(&mut pieces, "…", false);
            break;
        }
        push(&mut pieces, words[at], matches[at]);
        if at + 1 < words.len() {
            push(&mut pieces, " ", false);
        }
    }
    pieces
}

fn is_match(word: &str, keys: &BTreeSet<String>) -> bool {
    analyzer().keys(word).iter().any(|key| keys.contains(key))
}

fn push(pieces: &mut Vec<Piece>, text: &str, matches: bool) {
    match pieces.last_mut() {
        Some(last) if last.matches == matches => last.text.push_str(text),
        Some(_) | None => pieces.push(Piece { text: text.to_owned(), matches }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, query: &str, expected: &str) {
        let shown: String = excerpt(text, query, 40)
            .iter()
            .map(|it| if it.matches { format!("[{}]", it.text) } else { it.text.clone() })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn words_match_by_their_keys_and_stop_words_do_not() {
        check("Fristen er 1. mars", "når er frist", "[Fristen] er 1. mars");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_match() {
        let text =
            "ein to tre fire fem seks sju åtte ni ti fristen er ute no og så er det slutt her";
        check(text, "frist", "… tre fire fem seks sju åtte ni ti [fristen] …");
    }

    #[test]
    fn an_empty_text_gives_nothing() {
        check("", "frist", "");
    }
}
