//! Throw-away: clusters of sets.
use serde_json::{Value, json};
use skranke_index::*;
fn main() {
    for dir in std::env::args().skip(1) {
        let lines = |f: String| -> Vec<Value> {
            std::fs::read_to_string(f)
                .unwrap_or_default()
                .lines()
                .map(|l| serde_json::from_str(l).unwrap())
                .collect()
        };
        let pages: Vec<PageText> = lines(format!("{dir}/pages.jsonl"))
            .iter()
            .enumerate()
            .map(|(n, p)| {
                let text = p["text"].as_str().unwrap_or("").to_owned();
                let text =
                    if text.is_empty() { strip(p["html"].as_str().unwrap_or("")) } else { text };
                PageText {
                    key: n as u64,
                    title: p["title"].as_str().unwrap_or("").into(),
                    passages: vec![PassageText {
                        heading: String::new(),
                        text,
                        language: Language::Unsure,
                    }],
                }
            })
            .collect();
        let set = PassageSet::new(&pages);
        let qs = lines(format!("{dir}/questions.jsonl"));
        let start = std::time::Instant::now();
        let texts = (0..)
            .zip(&qs)
            .map(|(key, q)| {
                let text = q["text"].as_str().unwrap();
                Text { key, text, pages: set.pages(text, 3) }
            })
            .collect();
        let mid = start.elapsed();
        let groups = group(&GroupInput { texts, ..GroupInput::default() });
        eprintln!("{dir} pages {mid:?} group {:?}", start.elapsed() - mid);
        let mut of = vec![Value::Null; qs.len()];
        for (n, g) in groups.iter().enumerate() {
            for m in &g.members {
                of[*m as usize] = json!(n)
            }
        }
        let name = dir.rsplit('/').next().unwrap();
        let out: String = qs
            .iter()
            .zip(of)
            .map(|(q, c)| format!("{}\n", json!({"id": q["id"], "cluster": c})))
            .collect();
        std::fs::write(format!("/tmp/proto/out-{name}.jsonl"), out).unwrap();
    }
}
fn strip(html: &str) -> String {
    let mut out = String::new();
    let body = html.find("<main").map_or(html, |at| &html[at..]);
    let body = body.find("</main").map_or(body, |at| &body[..at]);
    let mut tag = false;
    for c in body.chars() {
        match c {
            '<' => {
                tag = true;
                out.push(' ')
            }
            '>' => tag = false,
            c if !tag => out.push(c),
            _ => {}
        }
    }
    out
}
