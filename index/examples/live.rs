//! Plays one set (`questions.jsonl`, `pages.jsonl`) as if it were logged call by call: how often
//! the live assignment is right and says what the full run says, and how often the look-up's rule
//! shows a right or a wrong page.
//!
//! `cargo run --example live -- SET`

#[path = "../tests/it/agreement.rs"]
mod agreement;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::error::Error;

use serde_json::Value;
use skranke_index::{
    Index, Nearby, Opened, PageText, PassageText, Place, Position, Searcher, Standing, detect,
};

fn main() -> Result<(), Box<dyn Error>> {
    let set = std::env::args().nth(1).ok_or("SET")?;
    let questions = lines(&format!("{set}/questions.jsonl"))?;
    assignment(&questions);
    grouped_before(&questions);
    let texts: Vec<String> =
        questions.iter().map(|it| it["text"].as_str().unwrap_or("").to_owned()).collect();
    println!("agrees with the full run: {:.3}", agreement::agreement(&texts));
    if let Ok(pages) = lines(&format!("{set}/pages.jsonl")) {
        look_up(&questions, &pages)?;
    }
    Ok(())
}

/// Assigns every question in turn; a topic is about what most of its questions are about.
fn assignment(questions: &[Value]) {
    let mut nearby = Nearby::default();
    let mut topic_of: HashMap<u64, u64> = HashMap::new();
    let mut next = 1;
    for (key, question) in (0..).zip(questions) {
        let text = question["text"].as_str().unwrap_or("");
        let standing =
            |key: u64| topic_of.get(&key).map_or(Standing::Alone, |it| Standing::Topic(*it));
        match nearby.place(key, text, &standing) {
            Place::Joins(topic, _) => drop(topic_of.insert(key, topic)),
            Place::Pairs(other, _) => {
                topic_of.extend([(key, next), (other, next)]);
                next += 1;
            }
            Place::Waits => {}
        }
        nearby.put(key, text);
    }
    let mut about: BTreeMap<u64, BTreeMap<&str, u32>> = BTreeMap::new();
    for (key, topic) in &topic_of {
        let label = questions[*key as usize]["label"].as_str().unwrap_or("");
        *about.entry(*topic).or_default().entry(label).or_default() += 1;
    }
    let right: u32 = about.values().filter_map(|it| it.values().max()).sum();
    let all = topic_of.len();
    println!(
        "{} questions, {all} under {} topics at once, {:.1} % of them right",
        questions.len(),
        about.len(),
        100.0 * f64::from(right) / all as f64
    );
}

/// Half of the questions stand under the topics that they are about; the others find theirs.
fn grouped_before(questions: &[Value]) {
    let label = |at: usize| questions[at]["label"].as_str().unwrap_or("");
    let labels: BTreeSet<&str> = (0..questions.len()).map(label).collect();
    let topic_of: HashMap<&str, u64> = labels.into_iter().zip(1..).collect();
    let mut nearby = Nearby::default();
    for at in (0..questions.len()).step_by(2) {
        nearby.put(at as u64, questions[at]["text"].as_str().unwrap_or(""));
    }
    let standing = |key: u64| Standing::Topic(topic_of[label(key as usize)]);
    for cut in [0.0, 0.2, 0.3, 0.36, 0.42, 0.48, 0.54] {
        let (mut all, mut joined, mut right) = (0, 0, 0);
        for at in (1..questions.len()).step_by(2) {
            let text = questions[at]["text"].as_str().unwrap_or("");
            all += 1;
            if let Place::Joins(topic, likeness) = nearby.place(at as u64, text, &standing)
                && cut <= likeness
            {
                joined += 1;
                right += u32::from(topic == topic_of[label(at)]);
            }
        }
        println!("likeness {cut}: {joined} of {all} joined, {right} right");
    }
}

/// Tells for several cuts how often something is shown, and how often the first is right.
fn look_up(questions: &[Value], pages: &[Value]) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let Opened::Ready(index, _) = Index::open(folder.path())? else { return Ok(()) };
    let mut writer = index.writer()?;
    let texts = page_texts(pages);
    texts.iter().try_for_each(|page| writer.put_page(page))?;
    writer.commit(Position::default())?;
    let searcher = index.searcher();
    ranked(&searcher, questions, pages)?;
    for cut in [0.0, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6] {
        let (mut answered, mut right, mut gaps, mut shown_gaps) = (0, 0, 0, 0);
        let (mut first_right, mut wrong) = (0, 0);
        for question in questions {
            let shown = shown(&searcher, question["text"].as_str().unwrap_or(""), &texts, cut)?;
            let urls: Vec<&str> =
                shown.iter().filter_map(|it| pages[*it as usize]["url"].as_str()).collect();
            let answers: BTreeSet<&str> = question["answered_by"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            if answers.is_empty() {
                gaps += 1;
                shown_gaps += u32::from(!urls.is_empty());
            } else {
                answered += 1;
                right += u32::from(urls.iter().any(|it| answers.contains(it)));
                first_right += u32::from(urls.first().is_some_and(|it| answers.contains(it)));
                wrong += u32::from(!urls.is_empty() && !urls.iter().any(|it| answers.contains(it)));
            }
        }
        println!(
            "cut {cut}: answered {answered}: {right} shown right ({first_right} first), {wrong} \
             only wrong; gaps {gaps}: {shown_gaps} shown something"
        );
    }
    Ok(())
}

/// How often the page that answers comes first, and among the first three.
fn ranked(searcher: &Searcher, questions: &[Value], pages: &[Value]) -> Result<(), Box<dyn Error>> {
    let (mut answered, mut first, mut three, mut five) = (0, 0, 0, 0);
    for question in questions {
        let answers: Vec<&str> = question["answered_by"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        if answers.is_empty() {
            continue;
        }
        let mut urls: Vec<&str> = vec![];
        for hit in searcher.passages(question["text"].as_str().unwrap_or(""), 9)? {
            let url = pages[hit.page as usize]["url"].as_str().unwrap_or("");
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
        let rank = urls.iter().position(|it| answers.contains(it)).unwrap_or(usize::MAX);
        answered += 1;
        (first, three, five) =
            (first + u32::from(rank < 1), three + u32::from(rank < 3), five + u32::from(rank < 5));
    }
    let share = |n: u32| f64::from(n) / f64::from(answered.max(1));
    println!(
        "look-up of {answered}: R@1 {:.3}, R@3 {:.3}, R@5 {:.3}",
        share(first),
        share(three),
        share(five)
    );
    Ok(())
}

fn shown(
    searcher: &Searcher,
    question: &str,
    texts: &[PageText],
    cut: f32,
) -> Result<Vec<u64>, Box<dyn Error>> {
    let hits = searcher.passages(question, 9)?;
    let best = hits.first().map_or(0.0, |it| it.score);
    let reading = searcher.read_by_passages(question)?;
    let mut pages = vec![];
    for hit in hits.iter().filter(|it| best * 0.45 <= it.score) {
        let page = &texts[hit.page as usize];
        let passage = &page.passages[hit.passage as usize];
        let text = format!("{}\n{}\n{}", page.title, passage.heading, passage.text);
        if cut <= reading.coverage(&text) && pages.len() < 3 {
            pages.push(hit.page);
        }
    }
    Ok(pages)
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
