//! Plain lines out of any text: what a terminal, a letter or a header shows is what it says.

/// One line out of any text: no control or hidden characters, no direction marks, single spaces.
///
/// Marks of direction are taken out, not closed: an override that a name leaves open turns what
/// stands after it, so that a subject or an address reads as another, and mail programs cut long
/// headers before what would close it. Letters that run from right to left need no marks.
pub(crate) fn line(text: &str) -> String {
    let hidden = |c: char| {
        matches!(c, '\u{61c}' | '\u{180e}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let text: String =
        text.chars().filter(|&c| !hidden(c)).map(|c| if breaks(c) { ' ' } else { c }).collect();
    // Not `split_whitespace`: a space that does not break stays.
    text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Cuts `text` to `max` characters; what was cut shows as an ellipsis.
pub(crate) fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Breaks `text` at spaces into lines of at most `max` characters; a longer word stands alone.
pub(crate) fn wrap(text: &str, max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + word.chars().count() <= max => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_nothing_that_steers() {
        assert_eq!(line("a\r\nBcc: b\u{202e}c\u{2028}d\u{200b}\t e\u{61c} "), "a Bcc: bc d e");
        assert_eq!(line("1\u{a0}234"), "1\u{a0}234");
    }

    #[test]
    fn long_texts_are_cut_and_broken_at_spaces() {
        assert_eq!(cut("eitt to tre", 6), "eitt…");
        assert_eq!(cut("eitt", 4), "eitt");
        assert_eq!(wrap("ein to  tre", 6), ["ein to", "tre"]);
        assert_eq!(wrap("svømmehallen", 4), ["svømmehallen"]);
    }
}
