//! A draft of an answer for the website, from the callers' words and what staff have said.

use std::fmt::Write as _;

/// A question with what is known of its answer, for an editor to work on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The question, as the heading of the entry.
    pub question: String,
    /// Other wordings of it, as callers use.
    pub also: Vec<String>,
    /// What staff have answered, a paragraph each; the approved words first.
    pub answers: Vec<String>,
    /// What stands in the place of an answer while there is none.
    pub placeholder: String,
    /// What comes before the other wordings.
    pub also_says: String,
}

impl Draft {
    /// The paragraphs of the answer.
    fn paragraphs(&self) -> &[String] {
        if self.answers.is_empty() {
            std::slice::from_ref(&self.placeholder)
        } else {
            &self.answers
        }
    }

    /// The entry as Markdown (CommonMark).
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n", markdown(&self.question));
        for paragraph in self.paragraphs() {
            let _ = write!(text, "\n{}\n", markdown(paragraph));
        }
        if !self.also.is_empty() {
            let _ = write!(text, "\n{}\n\n", markdown(&self.also_says));
            for wording in &self.also {
                let _ = writeln!(text, "- {}", markdown(wording));
            }
        }
        text
    }

    /// The entry as HTML, to be put into a page.
    pub fn html(&self) -> String {
        let mut text = format!("<h2>{}</h2>\n", html(&self.question));
        for paragraph in self.paragraphs() {
            let _ = writeln!(text, "<p>{}</p>", html(paragraph));
        }
        if !self.also.is_empty() {
            let _ = writeln!(text, "<p>{}</p>\n<ul>", html(&self.also_says));
            for wording in &self.also {
                let _ = writeln!(text, "<li>{}</li>", html(wording));
            }
            text.push_str("</ul>\n");
        }
        text
    }

    /// The entry as schema.org `FAQPage` in a script element of JSON-LD 1.1.
    pub fn schema(&self) -> String {
        let paragraphs: Vec<String> =
            self.paragraphs().iter().map(|it| format!("<p>{}</p>", html(it))).collect();
        let page = serde_json::json!({
            "@context": "https://schema.org",
            "@type": "FAQPage",
            "mainEntity": [{
                "@type": "Question",
                "name": self.question,
                "alternateName": self.also,
                "acceptedAnswer": { "@type": "Answer", "text": paragraphs.concat() },
            }],
        });
        // A script element ends with the first `</`, wherever it stands.
        let text = serde_json::to_string_pretty(&page).unwrap_or_default().replace('<', "\\u003c");
        format!("<script type=\"application/ld+json\">\n{text}\n</script>\n")
    }
}

/// Text that means itself in Markdown.
fn markdown(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for it in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(it, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&') {
            safe.push('\\');
        }
        safe.push(it);
    }
    // A line that begins like a list or a number would become one.
    let is_list = safe.starts_with(['-', '+']) || {
        let rest = safe.trim_start_matches(|it: char| it.is_ascii_digit());
        rest.len() < safe.len() && rest.starts_with(['.', ')'])
    };
    if is_list { format!("\u{200b}{safe}") } else { safe }
}

/// Text that means itself in HTML.
fn html(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            question: "Når opnar <hallen> & *bassenget*?".to_owned(),
            also: vec!["opningstid\nsymjehall".to_owned()],
            answers: vec!["10. juni kl. 9 </script>".to_owned()],
            placeholder: "Skriv svaret her.".to_owned(),
            also_says: "Folk spør òg slik:".to_owned(),
        }
    }

    #[test]
    fn words_of_callers_are_words_in_every_form() {
        let markdown = draft().markdown();
        assert!(markdown.starts_with("## Når opnar \\<hallen\\> \\& \\*bassenget\\*?\n"));
        assert!(markdown.contains("\n\u{200b}10. juni kl. 9 \\</script\\>\n"), "{markdown}");
        assert!(markdown.ends_with("- opningstid symjehall\n"));
        let html = draft().html();
        assert!(html.contains("<h2>Når opnar &lt;hallen&gt; &amp; *bassenget*?</h2>"));
        assert!(html.contains("<p>10. juni kl. 9 &lt;/script&gt;</p>"));
        let schema = draft().schema();
        assert_eq!(schema.matches("</script>").count(), 1, "{schema}");
        let json = schema.lines().skip(1).take_while(|it| *it != "</script>");
        let read: serde_json::Value =
            serde_json::from_str(&json.collect::<Vec<_>>().join("\n")).unwrap();
        assert_eq!(read["mainEntity"][0]["name"], draft().question);
    }

    #[test]
    fn without_an_answer_the_editor_is_asked_for_one() {
        let empty = Draft { answers: vec![], also: vec![], ..draft() };
        assert!(empty.markdown().ends_with("\n\nSkriv svaret her.\n"));
    }
}
