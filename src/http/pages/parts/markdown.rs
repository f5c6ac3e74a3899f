//! Markdown as HTML that is safe to show: no tags of its own, and links that lead to the web only.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// A text with a title and sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The title: the words of the first heading.
    pub title: String,
    /// What stands before the first section.
    pub lead: Piece,
    /// The sections, in their order.
    pub sections: Vec<Section>,
}

/// A section under a heading of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// What an address names it by, behind `#`; empty when it has no such name.
    pub id: String,
    /// The words of the heading.
    pub heading: String,
    /// What stands under it.
    pub body: Piece,
}

/// Some of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// As HTML.
    pub html: String,
    /// The same as bare words.
    pub words: String,
}

/// Reads Markdown. `picture` tells the address of a picture that the text names.
pub fn document(text: &str, picture: &dyn Fn(&str) -> String) -> Document {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut built = Document::default();
    let mut gathered = vec![];
    let mut heading: Option<(HeadingLevel, String)> = None;
    for event in Parser::new_ext(text, options).map(|it| safe(it, picture)) {
        match event {
            Event::Start(Tag::Heading { level, id, .. }) if level <= HeadingLevel::H2 => {
                close(&mut built, std::mem::take(&mut gathered));
                if level == HeadingLevel::H2 {
                    let id = id.map_or_else(String::new, |it| it.to_string());
                    built.sections.push(Section { id, ..Section::default() });
                }
                heading = Some((level, String::new()));
            }
            Event::End(TagEnd::Heading(level)) if level <= HeadingLevel::H2 => {
                match (heading.take(), built.sections.last_mut()) {
                    (Some((HeadingLevel::H2, words)), Some(section)) => section.heading = words,
                    (Some((_, words)), _) => built.title = words,
                    (None, _) => {}
                }
            }
            Event::Text(words) | Event::Code(words) if heading.is_some() => {
                if let Some((_, held)) = &mut heading {
                    held.push_str(&words);
                }
            }
            // A heading is words alone.
            _ if heading.is_some() => {}
            event => gathered.push(event),
        }
    }
    close(&mut built, gathered);
    built
}

/// Gives what was gathered to the section that stands open, or to the lead.
fn close(built: &mut Document, events: Vec<Event<'_>>) {
    let piece = match built.sections.last_mut() {
        Some(section) => &mut section.body,
        None => &mut built.lead,
    };
    piece.words.push_str(&words(&events));
    html::push_html(&mut piece.html, events.into_iter());
}

fn words(events: &[Event<'_>]) -> String {
    let mut told = String::new();
    for event in events {
        match event {
            Event::Text(words) | Event::Code(words) => told.push_str(words),
            Event::SoftBreak | Event::End(_) if !told.ends_with(' ') => told.push(' '),
            _ => {}
        }
    }
    // The end of a mark within a sentence is no gap before its point.
    [" .", " ,", " :", " ;", " »", " ”"]
        .iter()
        .fold(told, |text, gap| text.replace(gap, gap.trim_start()))
}

/// Takes the power from what a text brings along: its own tags are shown as they are written.
fn safe<'a>(event: Event<'a>, picture: &dyn Fn(&str) -> String) -> Event<'a> {
    match event {
        Event::Html(tag) | Event::InlineHtml(tag) => Event::Text(tag),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let leads = ["/", "#", "https://", "http://", "mailto:"];
            let is_safe =
                leads.iter().any(|it| dest_url.starts_with(it)) && !dest_url.starts_with("//");
            let dest_url = if is_safe { dest_url } else { CowStr::Borrowed("#") };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let dest_url = picture(&dest_url).into();
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        event => event,
    }
}

/// A value as Markdown shows it: none of its signs says how a text is set.
pub fn plain(value: &str) -> String {
    let mut told = String::new();
    for sign in value.chars() {
        match sign {
            '\n' | '\r' => told.push(' '),
            sign if sign.is_ascii_punctuation() && !".,:;/()%-".contains(sign) => {
                told.push('\\');
                told.push(sign);
            }
            sign => told.push(sign),
        }
    }
    told
}

/// Puts values in the place of names such as `{{log.save}}`.
pub fn filled(text: &str, value: impl Fn(&str) -> String) -> String {
    let mut told = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        told.push_str(before);
        let Some((name, behind)) = after.split_once("}}") else {
            told.push_str("{{");
            rest = after;
            continue;
        };
        told.push_str(&value(name.trim()));
        rest = behind;
    }
    told + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Document {
        document(text, &|name| format!("/pictures/{name}"))
    }

    #[test]
    fn a_text_falls_into_title_lead_and_sections() {
        let told =
            read("# Log **it**\n\nFirst.\n\n## How {#how}\n\nPress `Enter`.\n\n### More\n\nx\n");
        assert_eq!(told.title, "Log it");
        assert_eq!(told.lead.html, "<p>First.</p>\n");
        assert_eq!((told.sections[0].id.as_str(), told.sections.len()), ("how", 1));
        assert_eq!(told.sections[0].heading, "How");
        assert!(told.sections[0].body.html.contains("<h3>More</h3>"));
        assert!(told.sections[0].body.words.contains("Press Enter."));
    }

    #[test]
    fn what_a_text_brings_along_has_no_power() {
        let told =
            read("<script>alert(1)</script>\n\nA <b onclick=x>b</b> [c](javascript:d) ![e](f)");
        assert!(!told.lead.html.contains("<script") && !told.lead.html.contains("<b "));
        assert!(!told.lead.html.contains("javascript:"), "{}", told.lead.html);
        assert!(told.lead.html.contains("src=\"/pictures/f\""), "{}", told.lead.html);
        let away = read("[a](//evil.example) [b](data:text/html,x)").lead.html;
        assert!(!away.contains("evil") && !away.contains("data:"), "{away}");
    }

    #[test]
    fn a_value_sets_nothing_in_bold_and_opens_no_link() {
        let value = plain("*a* [b](c) <d>\n# e");
        let told = read(&filled("So: {{name}}.", |_| value.clone())).lead.html;
        assert_eq!(told, "<p>So: *a* [b](c) &lt;d&gt; # e.</p>\n");
    }
}
