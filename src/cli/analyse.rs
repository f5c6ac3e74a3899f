//! The one-shot report: anybody's old spreadsheet and website in, a report out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::tz::TimeZone;
use skranke_index::{Evidence, PassageSet, TopicEvidence, sum_up};

use super::crawl::{self, Manner};
use super::data::{EXAMPLES_MAX, EXAMPLES_OF_MIN, Folder, by_verdict, day};
use super::fault::Fault;
use crate::app::page_text;
use crate::gap::{Age, Asked, Reworded, Verdict, verdict};
use crate::inquiry::import::{self, ImportedRow, Reading, Rejected};
use crate::inquiry::redact::{Allowed, hide, redact};
use crate::messages::Lang;
use crate::net;
use crate::page::{FilePage, Repeated, read_pages};
use crate::report::{self, Counts, InquiryLine, Nearest, Report, ReportTopic};
use crate::topic::{Found, Regrouped, RunInput, read, regroup};
use crate::week::Week;

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

/// A trend goes back so many weeks at most.
const WEEKS_MAX: usize = 104;
/// A log may be of any year, and a file of pages does not say when they were touched: the report
/// judges by words alone.
const AGE: Age = Age { is_of_past_year: false, is_untouched: false };

/// An old log and a website, judged.
struct Analysis {
    rows: Vec<ImportedRow>,
    ids: Vec<String>,
    pages: Vec<FilePage>,
    passages: PassageSet,
    found: Regrouped,
    zone: TimeZone,
    /// By place in `rows`: the place of its topic.
    topic_of: BTreeMap<usize, usize>,
}

impl Analyse {
    pub(super) fn run(self, lang: Lang, folder: &Folder) -> Result<ExitCode, Fault> {
        let zone = &folder.zone;
        let pages = self.site(&folder.manner)?;
        let (rows, rejected) = read_rows(&self.inquiries, zone, &published(&pages))?;
        rejected.iter().for_each(|it| eprintln!("row {}: {}", it.row, it.reason));
        let analysis = Analysis::of(rows, pages, zone);
        std::fs::create_dir_all(&self.out).map_err(Fault::file("make", &self.out))?;
        let report = analysis.report();
        let inquiries = lines(|out| report::inquiries_jsonl(&analysis.lines(), out))?;
        self.write("inquiries.jsonl", &inquiries)?;
        self.write("topics.jsonl", &lines(|out| report::topics_jsonl(&report, out))?)?;
        self.write("report.csv", report::csv(&report, lang).as_bytes())?;
        self.write("report.html", report::html(&report, lang).as_bytes())?;
        print!("{}", report::text(&report, lang));
        Ok(ExitCode::SUCCESS)
    }

    fn site(&self, manner: &net::Manner) -> Result<Vec<FilePage>, Fault> {
        match (&self.pages, &self.site) {
            (Some(file), _) => read_file(file),
            (None, Some(site)) => Ok(crawl::read(&self.manner.of(site), manner)?.pages),
            (None, None) => Ok(vec![]),
        }
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let path = self.out.join(name);
        std::fs::write(&path, bytes).map_err(Fault::file("write", &path))
    }
}

/// What the pages publish, and is not masked.
fn published(pages: &[FilePage]) -> Allowed {
    let mut allowed = Allowed::default();
    for FilePage { body, .. } in pages {
        allowed.add(&body.title);
        for passage in &body.passages {
            allowed.add(&passage.heading);
            allowed.add(&passage.text);
        }
    }
    allowed
}

/// Reads and masks the old log. A row whose id tells of somebody goes by its place.
fn read_rows(
    file: &Path,
    zone: &TimeZone,
    allowed: &Allowed,
) -> Result<(Vec<ImportedRow>, Vec<Rejected>), Fault> {
    let bytes = std::fs::read(file).map_err(Fault::file("read", file))?;
    let name = file.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
    let mut table = import::read(&name, &bytes, &Reading::plain(zone.clone()))?;
    for row in &mut table.rows {
        row.text = if table.kind.is_letters() {
            hide(&row.text, allowed)
        } else {
            redact(&row.text, allowed).text
        };
        row.id.take_if(|it| hide(it, allowed) != *it);
    }
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

/// What a writer of lines has written into memory.
fn lines(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    write(&mut out)?;
    Ok(out)
}

impl Analysis {
    fn of(rows: Vec<ImportedRow>, pages: Vec<FilePage>, zone: &TimeZone) -> Self {
        let texts: Vec<_> =
            (0_u64..).zip(&pages).map(|(key, page)| page_text(key, &page.body)).collect();
        let passages = PassageSet::new(&texts);
        let questions: Vec<_> =
            (0_u64..).zip(&rows).map(|(key, row)| (key, row.text.as_str())).collect();
        let found = regroup(RunInput {
            each: read(&questions, &passages),
            questions,
            passages: &passages,
            together: vec![],
            apart: vec![],
        });
        let mut topic_of = BTreeMap::new();
        for (at, found) in found.groups.iter().enumerate() {
            topic_of.extend(found.group.members.iter().map(|key| (place(*key), at)));
        }
        let own_id = |(at, row): (usize, &ImportedRow)| {
            row.id.clone().unwrap_or_else(|| (at + 1).to_string())
        };
        let ids = rows.iter().enumerate().map(own_id).collect();
        let zone = zone.clone();
        Self { ids, rows, pages, passages, found, zone, topic_of }
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
        found.evidence.as_ref().map(|it| verdict(it.finding.into(), asked, AGE))
    }

    fn lines(&self) -> Vec<InquiryLine> {
        let of_group = |it: &Found| self.asked(it.group.members.iter().map(|it| place(*it)));
        let asked: Vec<Asked> = self.found.groups.iter().map(of_group).collect();
        (0..self.rows.len()).map(|at| self.line(at, &asked)).collect()
    }

    fn line(&self, at: usize, asked: &[Asked]) -> InquiryLine {
        let own: &Evidence = &self.found.each[&(at as u64)];
        let topic = self.topic_of.get(&at).copied();
        let joint = topic.and_then(|it| self.found.groups[it].evidence.as_ref());
        let borne_out = joint.map_or_else(|| own.clone(), |it| own.within(it));
        let text = self.rows[at].text.as_str();
        let evidence = sum_up(&[text], std::slice::from_ref(&borne_out), &self.passages);
        let asked = topic.map_or_else(|| self.asked(std::iter::once(at)), |it| asked[it]);
        let judged = !self.passages.is_empty();
        InquiryLine {
            id: self.ids[at].clone(),
            topic: topic.map(|it| format!("T{}", it + 1)),
            verdict: judged.then(|| verdict(evidence.finding.into(), asked, AGE)),
            gap_score: judged.then(|| f64::from(borne_out.gap_score)),
            urls: self.urls(&own.pages).into_iter().map(str::to_owned).collect(),
        }
    }

    fn report(&self) -> Report {
        let topics = self.found.groups.iter().enumerate();
        let mut topics: Vec<ReportTopic> = topics.map(|(at, it)| self.topic(at, it)).collect();
        report::rank(&mut topics);
        let days =
            || self.rows.iter().filter_map(|row| row.logged_at).map(|it| day(it, &self.zone));
        let (all, grouped) = (self.rows.len() as u64, self.topic_of.len() as u64);
        Report {
            organization: String::new(),
            period: days().min().zip(days().max()),
            n_pages: self.pages.len() as u64,
            counts: Counts {
                inquiries: all,
                grouped,
                alone: all - grouped,
                by_verdict: by_verdict(&topics),
            },
            topics,
        }
    }

    fn topic(&self, at: usize, found: &Found) -> ReportTopic {
        let members: Vec<usize> = found.group.members.iter().map(|it| place(*it)).collect();
        let days = || {
            members.iter().filter_map(|it| self.rows[*it].logged_at).map(|it| day(it, &self.zone))
        };
        let count = members.iter().map(|it| u64::from(self.rows[*it].count.unwrap_or(1))).sum();
        let evidence = found.evidence.as_ref();
        let urls = evidence.map(|it| self.urls(&it.pages)).unwrap_or_default();
        let reworded: Vec<Reworded> =
            evidence.iter().flat_map(|it| &it.reworded).map(Reworded::from).collect();
        ReportTopic {
            topic: format!("T{}", at + 1),
            label: self.rows[place(found.group.exemplar)].text.clone(),
            count,
            verdict: self.verdict_of(found),
            gap_score: evidence.map(|it| f64::from(it.gap_score)),
            urls: urls.into_iter().map(str::to_owned).collect(),
            nearest: evidence.and_then(|it| self.nearest(it)),
            missing_words: reworded
                .iter()
                .map(|it| &it.asked)
                .chain(evidence.iter().flat_map(|it| &it.missing))
                .cloned()
                .collect(),
            reworded,
            covered_words: evidence.map(|it| it.covered.clone()).unwrap_or_default(),
            first: days().min(),
            last: days().max(),
            trend: self.weeks(&members),
            direction: None,
            examples: self.examples(&members),
            inquiries: members.iter().map(|it| self.ids[*it].clone()).collect(),
        }
    }

    fn nearest(&self, evidence: &TopicEvidence) -> Option<Nearest> {
        let page = &self.pages[place(evidence.pages.first()?.0)];
        Some(Nearest {
            url: page.url.clone(),
            title: page.body.title.clone(),
            ..Nearest::default()
        })
    }

    /// A few different wordings, of groups that are large enough not to tell of one person.
    fn examples(&self, members: &[usize]) -> Vec<String> {
        if members.len() < EXAMPLES_OF_MIN {
            return vec![];
        }
        let mut wordings: Vec<String> = vec![];
        for text in members.iter().map(|it| &self.rows[*it].text) {
            if wordings.len() < EXAMPLES_MAX && !wordings.contains(text) {
                wordings.push(text.clone());
            }
        }
        wordings
    }

    /// Contacts a week over the whole period, oldest first; empty when days are unknown.
    fn weeks(&self, members: &[usize]) -> Vec<u64> {
        let week = |row: &ImportedRow| row.logged_at.map(|at| Week::of(at, &self.zone));
        let all = || self.rows.iter().filter_map(week);
        let Some((first, last)) = all().min().zip(all().max()) else {
            return vec![];
        };
        let places = usize::try_from(last.since(first)).expect("the last is not before the first");
        let mut weeks = vec![0; places.min(WEEKS_MAX) + 1];
        for row in members.iter().map(|it| &self.rows[*it]) {
            // Counted from the last week backward, so that what is too old falls out.
            let back = week(row).and_then(|it| usize::try_from(last.since(it)).ok());
            if let Some(at) = back.and_then(|back| (weeks.len() - 1).checked_sub(back)) {
                weeks[at] += u64::from(row.count.unwrap_or(1));
            }
        }
        weeks
    }
}

/// Keys are places in the list of rows or pages, so they fit.
fn place(key: u64) -> usize {
    usize::try_from(key).expect("a key is the place of a row")
}
