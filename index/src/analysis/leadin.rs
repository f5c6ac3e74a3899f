//! The words by which a desk notes who asks, before what is asked: "dame i skranken: ..",
//! "innringar spør om ..", "caller asks ..". They say nothing of the subject,
//! nor do asides about the call: "..., ringer igjen", "... - litt sur".

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// A lead-in has at most so many words and blanks.
const PIECES_MAX: usize = 16;
/// A lead-in lies within so much of a text.
const BYTES_MAX: usize = 120;

/// What a word does in a lead-in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Who asks.
    Who,
    /// By which way, of what kind.
    Around,
    /// That there is a question.
    Asks,
    /// That there is one, before a word of knowing.
    Wishes,
    /// Knowing, after a wish.
    Knows,
    /// What goes on to the question.
    On,
}

fn roles() -> &'static HashMap<&'static str, Vec<Role>> {
    static ROLES: OnceLock<HashMap<&'static str, Vec<Role>>> = OnceLock::new();
    ROLES.get_or_init(|| {
        let mut roles: HashMap<&str, Vec<Role>> = HashMap::new();
        for row in include_str!("../../lang/leadins.txt").lines() {
            let Some((role, words)) = row.split_once(": ") else { continue };
            let role = match role {
                "who" => Role::Who,
                "around" => Role::Around,
                "asks" => Role::Asks,
                "wishes" => Role::Wishes,
                "knows" => Role::Knows,
                "on" => Role::On,
                _ => continue,
            };
            words.split(' ').for_each(|word| roles.entry(word).or_default().push(role));
        }
        roles
    })
}

/// Where a text's lead-in ends, in bytes; 0 when it has none.
///
/// It is made of words that say who came and by which way. It ends in a colon, or in a verb of
/// asking with what goes on to the question.
pub(super) fn end(text: &str) -> usize {
    let (mut who, mut wishes, mut asked, mut at, mut end) = (false, false, false, 0, 0);
    for piece in text.split_inclusive(char::is_whitespace).take(PIECES_MAX) {
        at += piece.len();
        let word = piece.trim_matches(|it: char| !it.is_alphanumeric());
        if BYTES_MAX < at {
            break;
        }
        if !word.is_empty() {
            let word = word.to_lowercase();
            let known = roles().get(word.as_str());
            let is = |role| known.is_some_and(|it| it.contains(&role));
            match () {
                () if asked && is(Role::On) => {}
                () if asked => break,
                () if wishes && is(Role::Knows) => asked = true,
                () if wishes && is(Role::On) => {}
                () if who && is(Role::Asks) => asked = true,
                () if who && is(Role::Wishes) => wishes = true,
                () if !wishes && is(Role::Who) => who = true,
                () if !wishes && is(Role::Around) => {}
                () => break,
            }
        }
        if asked {
            end = at;
        }
        // "Far, mor og barn" are no lead-in.
        let ends = match piece.trim_end().chars().last() {
            Some(':') => true,
            Some(',') => !names_who(&text[at..]),
            _ => false,
        };
        if who && ends {
            return at;
        }
    }
    end
}

/// Whether the first word of a text is one for people.
fn names_who(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    let word = first.trim_matches(|it: char| !it.is_alphanumeric());
    roles().get(word).is_some_and(|it| it.contains(&Role::Who))
}

/// Where the asides at the end of a text begin, in bytes; its length when it has none.
///
/// An aside stands behind a mark that ends or parts a sentence and is made of known words alone.
/// Something must be left before it.
pub(super) fn asides(text: &str) -> usize {
    let mut from = text.len();
    for (at, mark) in text.char_indices().rev().filter(|it| parts(it.1)).take(ASIDES_MAX) {
        let tail = text[at + mark.len_utf8()..from].split(|it: char| !it.is_alphanumeric());
        let mut words = tail.filter(|it| !it.is_empty());
        if BYTES_MAX < text.len() - at || !words.all(|it| is_aside(&it.to_lowercase())) {
            break;
        }
        from = at;
    }
    if text[..from].chars().any(char::is_alphanumeric) { from } else { text.len() }
}

/// So many marks from the end are looked at.
const ASIDES_MAX: usize = 8;

fn parts(mark: char) -> bool {
    matches!(mark, ',' | ';' | '.' | '?' | '!' | '–' | '—' | '-' | '(')
}

fn is_aside(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let lines = include_str!("../../lang/asides.txt").lines().filter(|it| !it.starts_with('#'));
        lines.flat_map(str::split_whitespace).collect()
    });
    words.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, rest: &str) {
        assert_eq!(text[end(text)..].trim(), rest, "{text}");
    }

    #[test]
    fn who_asks_is_left_out() {
        check("dame i skranken: hva koster SFO", "hva koster SFO");
        check("Mann på telefon: kva kostar SFO?", "kva kostar SFO?");
        check("E-post fra publikum: når åpner hallen", "når åpner hallen");
        check("innringar spør om SFO", "SFO");
        check("innringer lurer på når hallen åpner", "når hallen åpner");
        check("eldre dame ringte for å spørre om ledsagerbevis", "ledsagerbevis");
        check("mor vil vite når skulen startar", "når skulen startar");
        check("kunde lurer på depositum", "depositum");
        check("caller asks about parking", "parking");
        check("woman at the desk: where is the pool", "where is the pool");
        check("kvinne ringjer ang. bustøtte", "bustøtte");
        check("eldre mann, når går bussen", "når går bussen");
    }

    #[test]
    fn what_is_asked_is_kept() {
        for text in [
            "SFO: når er fristen",
            "telefon: 12 34 56 78",
            "telefon til legevakta",
            "e-post: noe",
            "mor vil søke barnehageplass",
            "far har mista høyreapparatet på rådhuset",
            "mann",
            "dame i skranken",
            "",
            "  :",
            "lurer på når hallen åpner",
            "student har søkt stipend",
            "far, mor og barn i badet",
        ] {
            assert_eq!(end(text), 0, "{text}");
        }
    }

    #[test]
    fn what_is_noted_of_the_call_is_left_out() {
        let check =
            |text: &str, rest: &str| assert_eq!(text[..asides(text)].trim_end(), rest, "{text}");
        check("kva kostar SFO, ringer igjen", "kva kostar SFO");
        check("kva kostar SFO? - litt sur, haster!", "kva kostar SFO");
        check("når åpner hallen (fant det ikke)", "når åpner hallen");
        check("when is the pool open, thank you.", "when is the pool open");
        for text in ["haster", "SFO, frist og pris", "kan eg ringe att seinare", ""] {
            assert_eq!(asides(text), text.len(), "{text}");
        }
        assert_eq!(asides("kva kostar e-post"), "kva kostar e-post".len());
    }

    #[test]
    fn a_long_text_is_looked_at_in_its_beginning_alone() {
        assert_eq!(end(&"dame ".repeat(100_000)), 0);
        assert_eq!(end(&"æ".repeat(10_000)), 0);
    }
}
