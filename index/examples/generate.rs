//! Writes a made-up log and website as JSONL, for programs that are to be measured: one
//! `questions.jsonl` and one `pages.jsonl`, the same for the same seed.
//!
//! `cargo run -p skranke-index --release --example generate -- --inquiries 100000 \
//!  --passages 10000 --seed 1 --out FOLDER`

use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

#[path = "../benches/whole/logs/mod.rs"]
mod logs;

use logs::{Logs, Size};

fn main() -> Result<(), Box<dyn Error>> {
    let mut size = Size { inquiries: 10_000, passages: 1_000, seed: 1 };
    let mut folder = PathBuf::from(".");
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("each option has a value")?;
        match name.as_str() {
            "--inquiries" => size.inquiries = value.parse()?,
            "--passages" => size.passages = value.parse()?,
            "--seed" => size.seed = value.parse()?,
            "--out" => folder = PathBuf::from(value),
            _ => return Err(format!("no option is called {name}").into()),
        }
    }
    std::fs::create_dir_all(&folder)?;
    let logs = Logs::new(size);
    questions(&logs, size.inquiries, &folder.join("questions.jsonl"))?;
    pages(&logs, &folder.join("pages.jsonl"))
}

fn questions(logs: &Logs, n: usize, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    for at in 0..n {
        let inquiry = logs.inquiry(at);
        let answered_by: Vec<String> = inquiry.page.map(address).into_iter().collect();
        let line = json!({
            "id": format!("q{at}"),
            "text": inquiry.text,
            "label": inquiry.label,
            "gap": answered_by.is_empty(),
            "answered_by": answered_by,
        });
        writeln!(file, "{line}")?;
    }
    Ok(file.flush()?)
}

fn pages(logs: &Logs, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(std::fs::File::create(path)?);
    for at in 0..logs.n_pages() {
        let page = logs.page(at);
        let passages: Vec<String> =
            page.passages.iter().map(|(heading, text)| format!("{heading}\n{text}")).collect();
        let line = json!({
            "url": address(at),
            "lang": page.language,
            "title": page.title,
            "text": passages.join("\n\n"),
        });
        writeln!(file, "{line}")?;
    }
    Ok(file.flush()?)
}

fn address(page: usize) -> String {
    format!("https://www.example.no/side/{page}")
}
