//! The front desk's edition: what the logging led to. It has nothing to decide, and no links to
//! screens that only editors may open.

use super::blocks::{logged_of_calls, rise};
use super::compose::{answered, header_text, name};
use super::facts::{Facts, Reader, Verified};
use super::letter::{Block, Item, Link};
use super::wording::Wording;
use crate::messages::Lang;
use crate::report::figures::{count, rate};

/// How many topics a block names.
const TOPICS_MAX: usize = 3;

/// The one thing that those who log would most like to hear.
pub(super) fn subject(facts: &Facts, lang: Lang) -> String {
    let period = Wording::of(facts, lang).beginning();
    let said = |key: &str, n: usize| count(lang, key, n as u64, &[("period", &period)]);
    if !facts.verified.is_empty() {
        return said("letter.desk_subject_verified", facts.verified.len());
    }
    if !facts.taken.is_empty() {
        return said("letter.desk_subject_taken", facts.taken.len());
    }
    if facts.inquiries == 0 {
        return lang.fill("letter.subject.silent", &[("period", &period)]);
    }
    let asked = count(lang, "letter.questions", facts.inquiries, &[]);
    let (key, topic) = match &facts.rises {
        Some(it) => ("rises", header_text(&it.name)),
        None => ("thanks", String::new()),
    };
    let values = [("period", &*period), ("asked", &asked), ("name", &topic)];
    lang.fill(&format!("letter.desk_subject.{key}"), &values)
}

pub(super) fn preheader(facts: &Facts, lang: Lang) -> String {
    answered(facts, lang).unwrap_or_else(|| logged(facts, lang))
}

fn logged(facts: &Facts, lang: Lang) -> String {
    let period = Wording::of(facts, lang).name();
    if facts.inquiries == 0 {
        return lang.fill("letter.none_logged", &[("period", &period)]);
    }
    count(lang, "letter.desk_logged", facts.inquiries, &[("period", &period)])
}

pub(super) fn intro(facts: &Facts, reader: &Reader) -> Vec<String> {
    let lang = reader.lang;
    let mut sentences = Vec::new();
    if reader.is_first {
        sentences.push(lang.text("letter.desk.first").to_owned());
    }
    sentences.push(logged(facts, lang));
    if facts.verified.is_empty() && 0 < facts.inquiries {
        let period = Wording::of(facts, lang).name();
        sentences.push(lang.fill("letter.desk.nothing", &[("period", &period)]));
    }
    sentences
}

/// The blocks that have something to say: mended, taken on, rising, logging.
pub(super) fn blocks(facts: &Facts, lang: Lang) -> Vec<Block> {
    let blocks =
        [verified(facts, lang), taken(facts, lang), rises(facts, lang), logging(facts, lang)];
    blocks.into_iter().flatten().collect()
}

fn heading(key: &str, lang: Lang) -> String {
    lang.text(&format!("letter.desk_heading.{key}")).to_owned()
}

fn item(topic: &str, says: String) -> Item {
    let name = Link { text: name(topic), href: String::new() };
    Item { name, says, page: None, page_label: String::new() }
}

fn verified(facts: &Facts, lang: Lang) -> Option<Block> {
    if facts.verified.is_empty() {
        return None;
    }
    let shown = facts.verified.iter().take(TOPICS_MAX);
    let items = shown.map(|it| item(&it.name, mended(it, lang))).collect();
    let note = lang.text("letter.desk.thanks").to_owned();
    Some(Block { heading: heading("verified", lang), items, note, more: None })
}

/// How many inquiries asked it: what all logged together, and nobody's own number.
fn mended(gap: &Verified, lang: Lang) -> String {
    let week = gap.published.number().to_string();
    let asked = count(lang, "letter.desk_verified", gap.inquiries, &[("week", &week)]);
    let Some(after) = gap.after else { return asked };
    let (before, after) = (rate(gap.before, lang), rate(after, lang));
    let after = lang.fill("letter.desk.after", &[("before", &before), ("after", &after)]);
    format!("{asked} {after}")
}

fn taken(facts: &Facts, lang: Lang) -> Option<Block> {
    if facts.taken.is_empty() {
        return None;
    }
    let shown = facts.taken.iter().take(TOPICS_MAX);
    let items = shown.map(|it| item(&it.name, String::new())).collect();
    let note = count(lang, "letter.desk_taken", facts.taken.len() as u64, &[]);
    Some(Block { heading: heading("taken", lang), items, note, more: None })
}

fn rises(facts: &Facts, lang: Lang) -> Option<Block> {
    let it = facts.rises.as_ref()?;
    let items = vec![item(&it.name, rise(facts, lang)?)];
    Some(Block { heading: heading("rises", lang), items, ..Block::default() })
}

fn logging(facts: &Facts, lang: Lang) -> Option<Block> {
    let note = logged_of_calls(facts, lang)?;
    Some(Block { heading: heading("logging", lang), note, ..Block::default() })
}
