//! The one-shot report: anybody's old spreadsheet and website in, a report out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use skranke_index::{Evidence, PassageSet, sum_up};

use super::crawl::{self, Manner};
use super::fault::Fault;
use crate::app::page_text;
use crate::gap::{Asked, Verdict, verdict};
use crate::inquiry::import::{self, ImportedRow, Rejected};
use crate::inquiry::redact::{Allowed, redact};
use crate::messages::Lang;
use crate::page::{FilePage, Repeated, read_pages};
use crate::report::{self, Report, ReportTopic};
use crate::topic::{Found, Regrouped, RunInput, regroup};

#[derive(Debug, clap::Args)]
pub(super) struct Analyse {
    /// The old log: .csv, .xlsx or .jsonl.
    #[arg(long, value_name = "FILE")]
    inquiries: PathBuf,
    /// The website: a .jsonl file with `url`, `title` and `text` or `html`.
    #[arg(long, value_name = "FILE.jsonl")]
    pages: Option<PathBuf>,
    /// The website itself, read now from its start page.
    #[arg(long, value_name = "URL", conflicts_with = "pages")]
    site: Option<String>,
    #[command(flatten)]
    manner: Manner,
    /// Where to write the report.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// A line of `inquiries.jsonl`.
#[derive(Serialize)]
struct InquiryLine<'a> {
    id: &'a str,
    topic: Option<String>,
    verdict: Option<Verdict>,
    gap_score: Option<f64>,
    urls: Vec<&'a str>,
}

/// What a question's own evidence weighs beside its topic's.
const OWN_SHARE: f32 = 1.0 / 3.0;

/// An old log and a website, judged.
struct Analysis {
    rows: Vec<ImportedRow>,
    ids: Vec<String>,
    pages: Vec<FilePage>,
    passages: PassageSet,
    found: Regrouped,
    /// By place in `rows`: the place of its topic.
    topic_of: BTreeMap<usize, usize>,
}

impl Analyse {
    pub(super) fn run(self, lang: Lang, zone: &TimeZone) -> Result<ExitCode, Fault> {
        let (rows, rejected) = read_rows(&self.inquiries, zone)?;
        rejected.iter().for_each(|it| eprintln!("row {}: {}", it.row, it.reason));
        let pages = self.site()?;
        let analysis = Analysis::of(rows, pages);
        std::fs::create_dir_all(&self.out).map_err(Fault::file("make", &self.out))?;
        let report = analysis.report();
        self.write("inquiries.jsonl", &json_lines(&analysis.lines())?)?;
        self.write("topics.jsonl", &json_lines(&report.topics)?)?;
        self.write("report.csv", &report::csv(&report))?;
        self.write("report.html", &report::html(&report, lang))?;
        print!("{}", report::text(&report, lang));
        Ok(ExitCode::SUCCESS)
    }

    fn site(&self) -> Result<Vec<FilePage>, Fault> {
        match (&self.pages, &self.site) {
            (Some(file), _) => read_file(file),
            (None, Some(site)) => Ok(crawl::read(&self.manner.of(site))?.pages),
            (None, None) => Ok(vec![]),
        }
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Fault> {
        let path = self.out.join(name);
        std::fs::write(&path, text).map_err(Fault::file("write", &path))
    }
}

/// Reads and masks the old log.
fn read_rows(file: &Path, zone: &TimeZone) -> Result<(Vec<ImportedRow>, Vec<Rejected>), Fault> {
    let bytes = std::fs::read(file).map_err(Fault::file("read", file))?;
    let name = file.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
    let mut table = import::read(&name, &bytes, zone)?;
    let allowed = Allowed::default();
    table.rows.iter_mut().for_each(|it| it.text = redact(&it.text, &allowed).text);
    Ok((table.rows, table.rejected))
}

fn read_file(file: &Path) -> Result<Vec<FilePage>, Fault> {
    let text = std::fs::read_to_string(file).map_err(Fault::file("read", file))?;
    let (mut pages, faults) = read_pages(&text);
    faults.iter().for_each(|(line, reason)| eprintln!("page {line}: {reason}"));
    let repeated = Repeated::of(pages.iter().map(|it| &it.body));
    pages.iter_mut().for_each(|it| repeated.take_out(&mut it.body));
    Ok(pages)
}

fn json_lines<T: Serialize>(items: &[T]) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    for item in items {
        out.push_str(&serde_json::to_string(item)?);
        out.push('\n');
    }
    Ok(out)
}

impl Analysis {
    fn of(rows: Vec<ImportedRow>, pages: Vec<FilePage>) -> Self {
        let texts: Vec<_> =
            (0_u64..).zip(&pages).map(|(key, page)| page_text(key, &page.body)).collect();
        let passages = PassageSet::new(&texts);
        let questions = (0_u64..).zip(&rows).map(|(key, row)| (key, row.text.as_str())).collect();
        let input = RunInput { questions, passages: &passages, together: vec![], apart: vec![] };
        let found = regroup(input);
        let mut topic_of = BTreeMap::new();
        for (at, found) in found.groups.iter().enumerate() {
            topic_of.extend(found.group.members.iter().map(|key| (place(*key), at)));
        }
        let own_id = |(at, row): (usize, &ImportedRow)| {
            row.id.clone().unwrap_or_else(|| (at + 1).to_string())
        };
        let ids = rows.iter().enumerate().map(own_id).collect();
        Self { ids, rows, pages, passages, found, topic_of }
    }

    fn urls(&self, pages: &[(u64, f32)]) -> Vec<&str> {
        pages.iter().map(|it| self.pages[place(it.0)].url.as_str()).collect()
    }

    /// What the staff have said when these rows were asked.
    fn asked(&self, rows: impl Iterator<Item = usize>) -> Asked {
        let outcomes = rows.filter_map(|at| {
            Some((self.rows[at].outcome?, u32::from(self.rows[at].count.unwrap_or(1))))
        });
        Asked::count(outcomes)
    }

    fn verdict_of(&self, found: &Found) -> Option<Verdict> {
        let asked = self.asked(found.group.members.iter().map(|it| place(*it)));
        found.evidence.as_ref().map(|it| verdict(it, asked))
    }

    fn lines(&self) -> Vec<InquiryLine<'_>> {
        let verdicts: Vec<Option<Verdict>> =
            self.found.groups.iter().map(|it| self.verdict_of(it)).collect();
        (0..self.rows.len()).map(|at| self.line(at, &verdicts)).collect()
    }

    fn line(&self, at: usize, verdicts: &[Option<Verdict>]) -> InquiryLine<'_> {
        let own: &Evidence = &self.found.each[&(at as u64)];
        let topic = self.topic_of.get(&at).copied();
        let joint = topic.and_then(|it| self.found.groups[it].evidence.as_ref());
        let score = joint.map_or(own.gap_score, |it| {
            OWN_SHARE * own.gap_score + (1.0 - OWN_SHARE) * it.gap_score
        });
        let alone = || {
            let text = self.rows[at].text.as_str();
            let evidence = sum_up(&[text], std::slice::from_ref(own), &self.passages);
            verdict(&evidence, self.asked(std::iter::once(at)))
        };
        let judged = !self.passages.is_empty();
        InquiryLine {
            id: &self.ids[at],
            topic: topic.map(|it| format!("T{}", it + 1)),
            verdict: judged.then(|| topic.and_then(|it| verdicts[it]).unwrap_or_else(alone)),
            gap_score: judged.then(|| f64::from(score)),
            urls: self.urls(&own.pages),
        }
    }

    fn report(&self) -> Report {
        let topics = self.found.groups.iter().enumerate();
        Report {
            inquiries: self.rows.len(),
            alone: self.rows.len() - self.topic_of.len(),
            topics: topics.map(|(at, found)| self.topic(at, found)).collect(),
        }
    }

    fn topic(&self, at: usize, found: &Found) -> ReportTopic {
        let members: Vec<usize> = found.group.members.iter().map(|it| place(*it)).collect();
        let asked: Vec<Timestamp> =
            members.iter().filter_map(|it| self.rows[*it].logged_at).collect();
        let count = members.iter().map(|it| u32::from(self.rows[*it].count.unwrap_or(1))).sum();
        let evidence = found.evidence.as_ref();
        let urls = evidence.map(|it| self.urls(&it.pages)).unwrap_or_default();
        ReportTopic {
            topic: format!("T{}", at + 1),
            label: self.rows[place(found.group.exemplar)].text.clone(),
            count,
            verdict: self.verdict_of(found),
            gap_score: evidence.map(|it| f64::from(it.gap_score)),
            urls: urls.into_iter().map(str::to_owned).collect(),
            missing_words: evidence.map(|it| it.missing.clone()).unwrap_or_default(),
            first: asked.iter().min().copied(),
            last: asked.iter().max().copied(),
            inquiries: members.iter().map(|it| self.ids[*it].clone()).collect(),
        }
    }
}

/// Keys are places in the list of rows or pages, so they fit.
fn place(key: u64) -> usize {
    usize::try_from(key).expect("a key is the place of a row")
}
