//! Judges the questions of a set (`questions.jsonl`, `pages.jsonl`) and writes a line for each,
//! as `score.py gap` and `score.py kind` read it.
//!
//! `cargo run --release --example gap -- SET OUT`

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::time::Instant;

use serde_json::{Value, json};
use skranke_index::{
    Evidence, Finding, GroupInput, PageText, PassageSet, PassageText, Text, TopicEvidence, detect,
    evidences, group, sum_up,
};

/// So many pages of a question say which others it is like.
const PIVOT_PAGES: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let set = arguments.next().ok_or("SET")?;
    let mut out = std::fs::File::create(arguments.next().ok_or("OUT")?)?;
    let (questions, pages) =
        (lines(&format!("{set}/questions.jsonl"))?, lines(&format!("{set}/pages.jsonl"))?);
    let texts: Vec<&str> = questions.iter().filter_map(|it| it["text"].as_str()).collect();
    let site = PassageSet::new(&page_texts(&pages));
    let start = Instant::now();
    site.learn(texts.iter().copied());
    let learned = start.elapsed();
    let each = evidences(&texts, &site);
    eprintln!("{} questions, learned {learned:.2?}, judged {:.2?}", texts.len(), start.elapsed());
    let topics = topics(&texts, &each, &site);
    for (at, (question, own)) in questions.iter().zip(&each).enumerate() {
        let own = match topics.get(&at) {
            Some((_, topic)) => own.within(topic),
            None => own.clone(),
        };
        let finding = sum_up(&[texts[at]], std::slice::from_ref(&own), &site).finding;
        let urls: Vec<&Value> = own.pages.iter().map(|it| &pages[it.0 as usize]["url"]).collect();
        let line = json!({
            "id": question["id"], "topic": topics.get(&at).map(|it| it.0),
            "gap_score": own.gap_score, "verdict": name(finding), "urls": urls,
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// By question: the number and the evidence of its topic.
fn topics(
    texts: &[&str],
    each: &[Evidence],
    site: &PassageSet,
) -> BTreeMap<usize, (usize, std::rc::Rc<TopicEvidence>)> {
    let input = (0..).zip(texts.iter().zip(each)).map(|(key, (text, own))| Text {
        key,
        text,
        pages: own.pages.iter().copied().take(PIVOT_PAGES).collect(),
    });
    let groups = group(&GroupInput { texts: input.collect(), ..GroupInput::default() });
    let mut topics = BTreeMap::new();
    for (number, group) in groups.iter().enumerate() {
        let members: Vec<usize> = group.members.iter().map(|it| *it as usize).collect();
        let of_group: Vec<Evidence> = members.iter().map(|it| each[*it].clone()).collect();
        let words: Vec<&str> = members.iter().map(|it| texts[*it]).collect();
        let joint = std::rc::Rc::new(sum_up(&words, &of_group, site));
        topics.extend(members.into_iter().map(|it| (it, (number, joint.clone()))));
    }
    topics
}

fn name(finding: Finding) -> &'static str {
    match finding {
        Finding::Answered => "answered",
        Finding::Partly => "partly",
        Finding::HardToFind => "hard_to_find",
        Finding::OtherNorm => "other_norm",
        Finding::Missing => "missing",
    }
}

fn lines(path: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// Pages with `passages` as pairs of a heading and a text.
fn page_texts(pages: &[Value]) -> Vec<PageText> {
    let text = |it: &Value| it.as_str().unwrap_or("").to_owned();
    let passage = |it: &Value| PassageText {
        heading: text(&it[0]),
        language: detect(it[1].as_str().unwrap_or("")),
        text: text(&it[1]),
    };
    let page = |(key, page): (u64, &Value)| PageText {
        key,
        title: text(&page["title"]),
        passages: page["passages"].as_array().into_iter().flatten().map(passage).collect(),
    };
    (0..).zip(pages).map(page).collect()
}
