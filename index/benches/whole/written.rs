//! The log and the website as files for `skranke import` and `skranke pages`.

use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use serde_json::json;

use crate::logs::{Logs, Size};

/// The start page of the website.
const SITE: &str = "https://www.fjordvik.example";
/// Questions of so many months, the same number each day.
const MONTHS: usize = 10;
const DAYS: usize = 28;

/// Writes `inquiries.jsonl` and `pages.jsonl`.
pub(crate) fn files(size: Size, logs: &Logs, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut file = BufWriter::new(File::create(folder.join("inquiries.jsonl"))?);
    for at in 0..size.inquiries {
        let (month, day) = (1 + at % MONTHS, 1 + at / MONTHS % DAYS);
        let time = format!("2026-{month:02}-{day:02}T09:00:00");
        writeln!(file, "{}", json!({ "text": logs.inquiry(at).text, "logged_at": time }))?;
    }
    file.flush()?;
    let mut file = BufWriter::new(File::create(folder.join("pages.jsonl"))?);
    for at in 0..logs.n_pages() {
        let page = logs.page(at);
        let part = |(heading, text): &(String, String)| format!("<h2>{heading}</h2><p>{text}</p>");
        let parts: String = page.passages.iter().map(part).collect();
        let html = format!(
            "<html lang={}><title>{title}</title><main><h1>{title}</h1>{parts}</main></html>",
            page.language,
            title = page.title
        );
        writeln!(file, "{}", json!({ "url": format!("{SITE}/{at}"), "html": html }))?;
    }
    file.flush()
}
