//! A website as one JSON object a line: `{"url", "title", "text" or "html", "lang"?}`.

use serde::{Deserialize, Serialize};

use super::bodies::Body;
use super::extract::{extract_text, of_paragraphs};

/// An address is at most so long: it stands in records and in rows.
pub const ADDRESS_CHARS_MAX: usize = 1_000;
/// A longer title is cut.
const TITLE_CHARS_MAX: usize = 300;

/// A page of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePage {
    /// The address.
    pub url: String,
    /// The text.
    pub body: Body,
}

/// Lines that are pages, and lines that cannot be read with the reason.
pub type FilePages = (Vec<FilePage>, Vec<(u32, String)>);

#[derive(Deserialize)]
struct Line {
    url: String,
    #[serde(default)]
    title: String,
    text: Option<String>,
    html: Option<String>,
}

/// A page as it is written.
#[derive(Serialize)]
struct Written<'a> {
    url: &'a str,
    title: &'a str,
    text: String,
}

impl FilePage {
    /// The page as a line of a file that `read_pages` reads: a blank line between passages, each
    /// under its heading.
    pub fn to_line(&self) -> String {
        let passages = self.body.passages.iter().map(|it| format!("{}\n{}", it.heading, it.text));
        let text = passages.collect::<Vec<_>>().join("\n\n");
        let written = Written { url: &self.url, title: &self.body.title, text };
        serde_json::to_string(&written).expect("a page is plain data")
    }
}

/// Reads a file of pages.
pub fn read_pages(text: &str) -> FilePages {
    let (mut pages, mut faults) = (vec![], vec![]);
    for (number, line) in (1_u32..).zip(text.lines()).filter(|it| !it.1.trim().is_empty()) {
        match page(line) {
            Ok(page) => pages.push(page),
            Err(reason) => faults.push((number, reason)),
        }
    }
    (pages, faults)
}

fn page(line: &str) -> Result<FilePage, String> {
    let line: Line = serde_json::from_str(line).map_err(|it| format!("not a page: {it}"))?;
    if ADDRESS_CHARS_MAX < line.url.chars().count() {
        return Err(format!("the address has more than {ADDRESS_CHARS_MAX} characters"));
    }
    let scheme = line.url.split(':').next().unwrap_or_default().trim().to_lowercase();
    if ["javascript", "data", "vbscript"].contains(&scheme.as_str()) {
        return Err(format!("the address begins with {scheme}:, which is no page"));
    }
    let title: String = line.title.chars().take(TITLE_CHARS_MAX).collect();
    let body = match (line.html, line.text) {
        (Some(html), _) => {
            let read = extract_text(&html).map_err(|it| it.to_string())?;
            let mut body = Body::of(read.title, read.passages);
            if !title.is_empty() {
                body.title = title;
            }
            body
        }
        (None, Some(text)) => {
            let passages = of_paragraphs(&title, &text);
            Body::of(title, passages)
        }
        (None, None) => return Err("a page needs \"text\" or \"html\"".to_owned()),
    };
    Ok(FilePage { url: line.url, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_too_long_is_told() {
        let line = |n| format!("{{\"url\":\"{}\",\"text\":\"x\"}}", "a".repeat(n));
        assert_eq!(read_pages(&line(ADDRESS_CHARS_MAX)).0.len(), 1);
        assert_eq!(read_pages(&line(ADDRESS_CHARS_MAX + 1)).1.len(), 1);
    }

    #[test]
    fn a_written_page_reads_the_same() {
        let html = "<h1>Sfo</h1><p>Ope frå 7.</p><h2>Pris</h2><p>3 000 kroner.</p><p>Kvar månad";
        let body = Body::of("Sfo".to_owned(), extract_text(html).unwrap().passages);
        let page = FilePage { url: "https://x.example/sfo".to_owned(), body };
        let read = read_pages(&page.to_line()).0.remove(0);
        let told = |it: &FilePage| -> Vec<(String, String)> {
            it.body.passages.iter().map(|it| (it.heading.clone(), it.text.clone())).collect()
        };
        assert_eq!((&read.url, told(&read)), (&page.url, told(&page)));
    }

    #[test]
    fn pages_are_read_and_what_cannot_be_is_told() {
        let file = "{\"url\":\"a\",\"title\":\"T\",\"text\":\"one\\n\\ntwo\"}\n{}\n\
            {\"url\":\"b\",\"html\":\"<h1>H</h1><p>x</p>\"}\n{\"url\":\"c\"}\n";
        let (pages, faults) = read_pages(file);
        assert_eq!(pages.len(), 2);
        assert_eq!(pages[0].body.passages.len(), 2);
        assert_eq!(pages[1].body.title, "H");
        assert_eq!(faults.iter().map(|it| it.0).collect::<Vec<_>>(), [2, 4]);
    }
}
