//! What a page says in schema.org's words: questions with their answers, and dates.

use serde_json::Value;

use super::super::tree::{Element, Node, tidy};
use super::date;

/// So many questions are taken from one page.
const QUESTIONS_MAX: usize = 200;
/// A longer script is not read.
const SCRIPT_BYTES_MAX: usize = 512 * 1024;

/// What was found.
#[derive(Debug, Default)]
pub(in super::super) struct Schema {
    /// Questions, each with its answer as HTML.
    pub(in super::super) questions: Vec<(String, String)>,
    /// When the page was changed last.
    pub(in super::super) modified: Option<String>,
}

/// Reads the scripts that hold JSON-LD.
pub(in super::super) fn read(document: &Element) -> Schema {
    let mut schema = Schema::default();
    document.each(&mut |it| {
        if let ("script", [Node::Text(text)]) = (it.name.as_str(), it.children.as_slice())
            && text.len() <= SCRIPT_BYTES_MAX
            && let Ok(value) = serde_json::from_str::<Value>(text)
        {
            schema.take(&value);
        }
    });
    schema
}

impl Schema {
    fn take(&mut self, value: &Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|it| self.take(it)),
            Value::Object(fields) => {
                if is_a(value, "Question") {
                    self.take_question(value);
                    return;
                }
                if self.modified.is_none() {
                    let told = fields.get("dateModified").and_then(Value::as_str);
                    self.modified = told.and_then(date::of_machine);
                }
                for key in ["@graph", "mainEntity", "hasPart", "mainEntityOfPage"] {
                    fields.get(key).into_iter().for_each(|it| self.take(it));
                }
            }
            _ => {}
        }
    }

    fn take_question(&mut self, question: &Value) {
        let name = question["name"].as_str().or(question["text"].as_str()).map(tidy);
        let answers = [&question["acceptedAnswer"], &question["suggestedAnswer"]];
        let text = answers.into_iter().find_map(|it| {
            let one = it.as_array().and_then(|it| it.first()).unwrap_or(it);
            one["text"].as_str().map(str::to_owned)
        });
        if let (Some(name), Some(text)) = (name.filter(|it| !it.is_empty()), text)
            && self.questions.len() < QUESTIONS_MAX
        {
            self.questions.push((name, text));
        }
    }
}

fn is_a(value: &Value, kind: &str) -> bool {
    let told = &value["@type"];
    let is_it = |it: &Value| it.as_str().is_some_and(|it| it.rsplit('/').next() == Some(kind));
    is_it(told) || told.as_array().is_some_and(|it| it.iter().any(is_it))
}
