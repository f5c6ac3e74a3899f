//! Groups and judges one set (`questions.jsonl`, `pages.jsonl`) and writes predictions to score.
//!
//! `cargo run --example score -- SET OUT`

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;

use serde_json::{Value, json};
use skranke_index::{
    Evidence, Finding, GroupInput, PageText, PassageSet, PassageText, Text, detect, evidence,
    group, sum_up,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (set, out) = (arguments.next().ok_or("SET")?, arguments.next().ok_or("OUT")?);
    let questions = lines(&format!("{set}/questions.jsonl"))?;
    let pages = lines(&format!("{set}/pages.jsonl")).unwrap_or_default();
    let texts: Vec<&str> = questions.iter().map(|it| it["text"].as_str().unwrap_or("")).collect();
    let passages = PassageSet::new(&page_texts(&pages));
    let each: Vec<Evidence> = texts.iter().map(|it| evidence(it, &passages)).collect();
    let input = GroupInput {
        texts: (0..texts.len())
            .map(|at| Text {
                key: at as u64,
                text: texts[at],
                pages: each[at].pages.iter().copied().take(3).collect(),
            })
            .collect(),
        ..GroupInput::default()
    };
    let mut of: BTreeMap<usize, (usize, f32, Finding)> = BTreeMap::new();
    for (number, group) in group(&input).iter().enumerate() {
        let members: Vec<usize> = group.members.iter().map(|it| *it as usize).collect();
        let some: Vec<&str> = members.iter().map(|it| texts[*it]).collect();
        let found: Vec<Evidence> = members.iter().map(|it| each[*it].clone()).collect();
        let topic = sum_up(&some, &found, &passages);
        of.extend(members.iter().map(|it| (*it, (number, topic.gap_score, topic.finding))));
    }
    let mut written = String::new();
    for (at, question) in questions.iter().enumerate() {
        let own = each[at].gap_score;
        let (topic, joint, finding) = match of.get(&at) {
            Some((number, score, finding)) => (json!(number), (own + 2.0 * score) / 3.0, *finding),
            None => (Value::Null, own, sum_up(&[texts[at]], &each[at..=at], &passages).finding),
        };
        let urls: Vec<&Value> =
            each[at].pages.iter().map(|it| &pages[it.0 as usize]["url"]).collect();
        let verdict = match finding {
            Finding::Answered => "answered",
            Finding::Partly => "partly",
            Finding::HardToFind => "hard_to_find",
            Finding::OtherNorm => "other_norm",
            Finding::Missing => "missing",
        };
        let line = json!({"id": question["id"], "topic": topic, "gap_score": joint,
            "verdict": verdict, "urls": urls});
        writeln!(written, "{line}")?;
    }
    std::fs::write(out, written)?;
    Ok(())
}

fn lines(path: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn page_texts(pages: &[Value]) -> Vec<PageText> {
    let text = |page: &Value| match page["html"].as_str() {
        Some(html) => stripped(html),
        None => page["text"].as_str().unwrap_or("").to_owned(),
    };
    (0_u64..)
        .zip(pages)
        .map(|(key, page)| PageText {
            key,
            title: page["title"].as_str().unwrap_or("").to_owned(),
            passages: text(page)
                .split("\n\n")
                .filter(|it| !it.trim().is_empty())
                .map(|it| PassageText {
                    heading: String::new(),
                    text: it.to_owned(),
                    language: detect(it),
                })
                .collect(),
        })
        .collect()
}

/// The main part of a page without its tags; a heading begins a passage.
fn stripped(html: &str) -> String {
    let main = html.split_once("<main").map_or(html, |it| it.1);
    let main = main.split_once("</article>").map_or(main, |it| it.0);
    let main = main.replace("<h2", "\n\n<h2").replace("<summary", "\n\n<summary");
    let mut out = String::new();
    let mut inside = true;
    for letter in main.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            other if !inside => out.push(other),
            _ => {}
        }
    }
    out
}
