//! Lines under headings, made into passages small enough to be an answer.

use super::ExtractedPassage;
use super::blocks::Block;
use super::tree::tidy;

/// A passage has at most so many words.
pub(super) const PASSAGE_WORDS_MAX: usize = 200;
/// A passage that has so many words ends with its paragraph.
const PASSAGE_WORDS_FULL: usize = 120;
/// A rest with fewer words joins the passage before it.
const PASSAGE_WORDS_MIN: usize = 40;
/// So many passages are taken from one page ...
const PASSAGES_MAX: usize = 2_000;
/// ... and so much text, the headings of each passage counted: it is kept in one record.
const TEXT_BYTES_MAX: usize = 2 * 1024 * 1024;
/// A longer word is no word; it is parted.
const WORD_CHARS_MAX: usize = 200;
/// A longer heading is cut.
const HEADING_CHARS_MAX: usize = 300;

/// The heading that lines stand under.
struct Heading {
    level: u8,
    text: String,
    anchor: Option<String>,
}

/// Makes passages of blocks. What stands before the first heading stands under the title.
pub(super) fn of_blocks(title: &str, blocks: Vec<Block>) -> Vec<ExtractedPassage> {
    let mut section = Section { title, above: vec![], page: None, lines: vec![], done: vec![] };
    for block in blocks {
        match block {
            Block::Line(line) => section.lines.push(line),
            Block::Page(number) => {
                section.close();
                section.page = Some(number);
            }
            Block::Heading { level, text, anchor } => {
                section.close();
                section.above.retain(|it| it.level < level);
                let text = text.chars().take(HEADING_CHARS_MAX).collect();
                section.above.push(Heading { level, text, anchor });
            }
            Block::Close(level) => {
                section.close();
                section.above.retain(|it| it.level < level);
            }
        }
    }
    section.close();
    within_limits(title, section.done)
}

/// The lines since the last heading, and where they stand.
struct Section<'a> {
    title: &'a str,
    above: Vec<Heading>,
    page: Option<u32>,
    lines: Vec<String>,
    done: Vec<ExtractedPassage>,
}

impl Section<'_> {
    fn close(&mut self) {
        let (heading_path, heading, anchor) = match self.above.split_last() {
            None => (vec![], self.title.to_owned(), None),
            Some((own, outer)) => {
                let path = outer.iter().map(|it| it.text.clone()).collect();
                (path, own.text.clone(), own.anchor.clone())
            }
        };
        let anchor = self.page.map(|it| format!("page={it}")).or(anchor);
        for text in split(std::mem::take(&mut self.lines)) {
            let (heading_path, heading) = (heading_path.clone(), heading.clone());
            let anchor = anchor.clone();
            self.done.push(ExtractedPassage { heading_path, heading, anchor, text });
        }
    }
}

/// The first passages, as many as may be kept.
pub(super) fn within_limits(
    title: &str,
    mut passages: Vec<ExtractedPassage>,
) -> Vec<ExtractedPassage> {
    let mut bytes = 0;
    let kept = passages.iter().take(PASSAGES_MAX).take_while(|it| {
        let path: usize = it.heading_path.iter().map(String::len).sum();
        let anchor = it.anchor.as_ref().map_or(0, String::len);
        bytes += title.len() + path + 2 * it.heading.len() + anchor + it.text.len();
        bytes <= TEXT_BYTES_MAX
    });
    let kept = kept.count();
    passages.truncate(kept);
    passages
}

/// Makes passages of plain text: a blank line ends each, and a short first line without a full
/// stop is its heading.
pub(crate) fn of_paragraphs(title: &str, text: &str) -> Vec<ExtractedPassage> {
    let mut blocks = vec![];
    for paragraph in text.replace("\r\n", "\n").split("\n\n") {
        let lines: Vec<String> =
            paragraph.lines().map(tidy).filter(|line| !line.is_empty()).collect();
        let is_headed = 1 < lines.len() && is_heading(&lines[0]);
        if let Some(heading) = lines.first().filter(|_| is_headed) {
            blocks.push(Block::Heading { level: 2, text: heading.clone(), anchor: None });
        }
        blocks.extend(lines.into_iter().skip(usize::from(is_headed)).map(Block::Line));
        // Ends the passage and no heading: what follows may belong to it still.
        blocks.push(Block::Close(u8::MAX));
    }
    of_blocks(title, blocks)
}

fn is_heading(line: &str) -> bool {
    line.split_whitespace().count() <= 16 && !line.ends_with(['.', ',', ';', ':', '!'])
}

/// Parts the lines of a section at their borders into pieces of about the right size.
fn split(lines: Vec<String>) -> Vec<String> {
    let mut pieces: Vec<(usize, Vec<String>)> = vec![];
    for line in lines.into_iter().flat_map(short) {
        let words = count(&line);
        let has_room = |it: &&mut (usize, Vec<String>)| {
            it.0 < PASSAGE_WORDS_FULL && it.0 + words <= PASSAGE_WORDS_MAX
        };
        match pieces.last_mut().filter(has_room) {
            Some(last) => {
                last.0 += words;
                last.1.push(line);
            }
            None => pieces.push((words, vec![line])),
        }
    }
    if let [.., before, rest] = pieces.as_mut_slice()
        && rest.0 < PASSAGE_WORDS_MIN
        && before.0 + rest.0 <= PASSAGE_WORDS_MAX
    {
        before.1.append(&mut rest.1);
        pieces.pop();
    }
    pieces.into_iter().map(|(_, lines)| lines.join("\n")).collect()
}

/// Parts a line that is longer than a passage at the ends of its sentences, or of its words.
fn short(line: String) -> Vec<String> {
    let line = with_short_words(line);
    if count(&line) <= PASSAGE_WORDS_MAX {
        return vec![line];
    }
    let mut pieces: Vec<Vec<&str>> = vec![vec![]];
    for word in line.split_whitespace() {
        let last = pieces.last_mut().expect("there is one from the start");
        last.push(word);
        let is_end = word.ends_with(['.', '!', '?']) && PASSAGE_WORDS_FULL <= last.len();
        if is_end || PASSAGE_WORDS_MAX <= last.len() {
            pieces.push(vec![]);
        }
    }
    pieces.into_iter().filter(|it| !it.is_empty()).map(|it| it.join(" ")).collect()
}

/// Parts words that are too long for one.
fn with_short_words(line: String) -> String {
    let is_long = |word: &str| WORD_CHARS_MAX < word.chars().count();
    if !line.split_whitespace().any(is_long) {
        return line;
    }
    let mut parted = String::with_capacity(line.len() + line.len() / WORD_CHARS_MAX);
    let mut letters = 0;
    for letter in line.chars() {
        letters = if letter.is_whitespace() { 0 } else { letters + 1 };
        if WORD_CHARS_MAX < letters {
            parted.push(' ');
            letters = 1;
        }
        parted.push(letter);
    }
    parted
}

fn count(text: &str) -> usize {
    text.split_whitespace().count()
}
