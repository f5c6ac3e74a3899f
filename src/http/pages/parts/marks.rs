//! Marks words in a text, so that an eye finds them.

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The piece.
    pub text: String,
    /// Whether it is marked.
    pub marked: bool,
}

/// Cuts `text` where its words begin with one of `words`, case aside. A word of the list also
/// marks its longer forms (*frist* marks *fristen*) when it has at least four letters.
pub fn mark(text: &str, words: &[String]) -> Vec<Part> {
    /// Shorter words mark only themselves.
    const STEM_CHARS_MIN: usize = 4;
    let words: Vec<String> = words.iter().map(|it| it.to_lowercase()).collect();
    let is_wanted = |token: &str| {
        let token = token.to_lowercase();
        words.iter().any(|word| {
            token == *word
                || (STEM_CHARS_MIN <= word.chars().count() && token.starts_with(word.as_str()))
        })
    };
    let mut parts: Vec<Part> = vec![];
    let mut push = |text: &str, marked: bool| match parts.last_mut() {
        Some(last) if last.marked == marked => last.text.push_str(text),
        Some(_) | None if text.is_empty() => {}
        Some(_) | None => parts.push(Part { text: text.to_owned(), marked }),
    };
    let mut rest = text;
    while !rest.is_empty() {
        let is_word = |it: char| it.is_alphanumeric();
        let start = rest.find(is_word).unwrap_or(rest.len());
        push(&rest[..start], false);
        rest = &rest[start..];
        let end = rest.find(|it| !is_word(it)).unwrap_or(rest.len());
        push(&rest[..end], is_wanted(&rest[..end]));
        rest = &rest[end..];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, words: &[&str], expected: &str) {
        let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        let parts = mark(text, &words);
        let shown: String = parts
            .iter()
            .map(|it| if it.marked { format!("[{}]", it.text) } else { it.text.clone() })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn words_and_their_longer_forms_are_marked() {
        check("Når er fristen for SFO?", &["frist", "sfo"], "Når er [fristen] for [SFO]?");
        check("Å søkje", &["å"], "[Å] søkje");
        check("ære", &["æ"], "ære");
    }

    #[test]
    fn an_empty_text_and_an_empty_list_mark_nothing() {
        check("", &["frist"], "");
        check("Kvar er det?", &[], "Kvar er det?");
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_the_text_is_lost(text in "\\PC{0,60}", word in "[a-zæøå]{1,5}") {
            let all: String = mark(&text, &[word]).into_iter().map(|it| it.text).collect();
            proptest::prop_assert_eq!(all, text);
        }
    }
}
