//! What somebody wrote themselves in a mail: without greeting, signature and what they answer to.

/// So many words a line has that ends a letter, such as "Med vennleg helsing Kari Nes".
const CLOSING_WORDS_MAX: usize = 8;
/// So many words a line has that greets, such as "Hei alle saman på servicetorget".
const GREETING_WORDS_MAX: usize = 6;
/// A header that quotes a mail's has its other fields within so many lines.
const QUOTED_HEADER_LINES: usize = 5;

/// How letters end, in small letters.
const CLOSINGS: [&str; 18] = [
    "mvh",
    "m.v.h",
    "med vennleg helsing",
    "med vennlig hilsen",
    "med venleg helsing",
    "med beste helsing",
    "med beste hilsen",
    "vennleg helsing",
    "vennlig hilsen",
    "beste helsing",
    "beste hilsen",
    "helsing",
    "hilsen",
    "best regards",
    "kind regards",
    "regards",
    "sincerely",
    "yours",
];
/// What programs put under a mail.
const STAMPS: [&str; 8] = [
    "sendt fra min",
    "sendt frå min",
    "sent from my",
    "sendt fra outlook",
    "sendt frå outlook",
    "hent outlook",
    "get outlook",
    "skaff deg outlook",
];
/// What stands above the mail that is answered.
const DIVIDERS: [&str; 9] = [
    "-----original",
    "----- original",
    "-----opprinnelig",
    "-----opphavleg",
    "---------- forwarded",
    "---------- videresendt",
    "---------- vidaresendt",
    "begin forwarded message",
    "________________",
];
/// How letters begin.
const GREETINGS: [&str; 9] =
    ["hei", "heisann", "hallo", "god dag", "god morgen", "god morgon", "hello", "hi", "dear"];

/// What somebody wrote themselves.
pub(super) fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let end = (0..lines.len()).find(|at| ends_here(&lines, *at)).unwrap_or(lines.len());
    let mut own: Vec<&str> = lines[..end].to_vec();
    own.retain(|line| !line.trim_start().starts_with('>'));
    if let Some(first) = own.iter().position(|it| !it.trim().is_empty())
        && begins(own[first], &GREETINGS, GREETING_WORDS_MAX)
    {
        own.drain(..=first);
    }
    own.join("\n").trim().to_owned()
}

/// As many of the first paragraphs as fit, and of the very first one at least its first words.
pub(super) fn first_paragraphs(text: &str, chars_max: usize) -> String {
    let mut kept = String::new();
    for paragraph in text.split("\n\n").map(str::trim).filter(|it| !it.is_empty()) {
        let is_first = kept.is_empty();
        if chars_max < kept.chars().count() + 1 + paragraph.chars().count() {
            if is_first {
                kept = first_words(paragraph, chars_max);
            }
            break;
        }
        if !is_first {
            kept.push('\n');
        }
        kept.push_str(paragraph);
    }
    kept
}

fn first_words(text: &str, chars_max: usize) -> String {
    let end = text.char_indices().nth(chars_max).map_or(text.len(), |it| it.0);
    let cut = &text[..end];
    let at_word = cut.rfind(char::is_whitespace).filter(|_| end < text.len());
    cut[..at_word.unwrap_or(end)].trim_end().to_owned()
}

/// Whether what follows is no longer the writer's own.
fn ends_here(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    let small = line.to_lowercase();
    let is_stamp = STAMPS.iter().chain(&DIVIDERS).any(|it| small.starts_with(it));
    lines[at] == "--"
        || is_stamp
        || begins(line, &CLOSINGS, CLOSING_WORDS_MAX)
        || is_quoted_header(lines, at)
        || says_who_wrote(&small)
        || lines.get(at + 1).is_some_and(|next| {
            // A program breaks a long line in two.
            small.len() < 100 && says_who_wrote(&format!("{small} {}", next.trim().to_lowercase()))
        })
}

/// Whether a short line begins with one of these words.
fn begins(line: &str, words: &[&str], words_max: usize) -> bool {
    let small = line.trim().to_lowercase();
    let is_short = small.split_whitespace().count() <= words_max && !small.contains('?');
    is_short
        && words.iter().any(|it| {
            let rest = small.strip_prefix(it);
            rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
}

/// "Frå: ... Sendt: ...", as some programs quote.
fn is_quoted_header(lines: &[&str], at: usize) -> bool {
    let begins = |line: &str, names: &[&str]| {
        let plain = line.trim().trim_start_matches('*').to_lowercase();
        names.iter().any(|it| plain.starts_with(it))
    };
    let near = lines.iter().skip(at + 1).take(QUOTED_HEADER_LINES);
    begins(lines[at], &["fra:", "frå:", "from:"])
        && near.into_iter().any(|it| {
            begins(it, &["sendt:", "sent:", "dato:", "date:", "til:", "to:", "emne:", "subject:"])
        })
}

/// "tor. 5. mars 2026 kl. 10:12 skrev ...:".
fn says_who_wrote(small: &str) -> bool {
    let is_said = [" skrev", " wrote"].iter().any(|it| small.contains(it));
    is_said && small.ends_with(':') && small.contains(|it: char| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(own_words(text), expected, "{text}");
    }

    #[test]
    fn greeting_and_signature_go() {
        check("Hei!\n\nNår opnar badet?\n\nMvh\nTuva Testesen\n", "Når opnar badet?");
        check("Hei alle saman,\nkva kostar SFO?\n-- \nFirma AS", "kva kostar SFO?");
        check("Når er det?\nMed vennlig hilsen Tuva", "Når er det?");
        check("Hello,\nis it open?\n\nSent from my iPhone", "is it open?");
        check("Kven kan hilse på rådmannen?", "Kven kan hilse på rådmannen?");
        check("Hilsen eg fekk, kva gjeld ho?", "Hilsen eg fekk, kva gjeld ho?");
        check(
            "Hei, når opnar badet på laurdag for dei minste?",
            "Hei, når opnar badet på laurdag for dei minste?",
        );
    }

    #[test]
    fn what_is_answered_to_goes() {
        let own = "Gjeld det også i år?";
        for quoted in [
            "> Badet er stengt\n> i juli",
            "tor. 5. mars 2026 kl. 10:12 skrev Post <post@example.org>:\n> Badet",
            "On Thu, 5 Mar 2026 at 10:12, The Post of Fjordvik\n<post@example.org> wrote:\nHi",
            "-----Opprinnelig melding-----\nBadet er stengt",
            "________________________________\nFrå: Post\nBadet",
            "Fra: Post\nSendt: 5. mars 2026\nTil: Tuva\n\nBadet er stengt",
        ] {
            check(&format!("{own}\n\n{quoted}\n"), own);
        }
        check("Frå: Nordbygda\nkor ofte går bussen?", "Frå: Nordbygda\nkor ofte går bussen?");
    }

    #[test]
    fn paragraphs_are_kept_whole_while_they_fit() {
        assert_eq!(first_paragraphs("ein to\n\n\n\ntre\n\nfire", 10), "ein to\ntre");
        assert_eq!(first_paragraphs("ein to tre fire", 8), "ein to");
        assert_eq!(first_paragraphs(&"å".repeat(20), 8), "å".repeat(8));
        assert_eq!(first_paragraphs("", 8), "");
    }
}
