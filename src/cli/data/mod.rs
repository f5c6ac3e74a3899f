//! Commands on the service's data.

mod calls;
mod journal;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::fault::Fault;
use crate::app::keeping::write_lines;
use crate::app::{App, OpenOptions, TopicLine, export, judge_worker as worker, rebuild, verify};
use crate::clock::Clock;
use crate::gap::{Candidate, Evidence, Verdict, rank};
use crate::id::TopicNumber;
use crate::inquiry::Line;
use crate::messages::Lang;
use crate::net::Manner;
use crate::page::{Address, Saved, is_saved_site, read_pages, read_saved_site};
use crate::people::Breached;
use crate::report::{self, Nearest, Report, ReportTopic};
pub(super) use calls::Calls;
pub(super) use journal::Look;

/// Wordings are shown of groups of at least so many, and so many of them.
pub(super) const EXAMPLES_OF_MIN: usize = 3;
/// See above.
pub(super) const EXAMPLES_MAX: usize = 3;

/// Groups and judges for a service that writes to its input.
pub(super) fn judge_worker() -> Result<ExitCode, Fault> {
    worker::run(std::io::stdin().lock(), std::io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}

/// A data folder and how to speak of it.
pub(super) struct Folder {
    pub(super) data: PathBuf,
    pub(super) lang: Lang,
    pub(super) clock: Clock,
    pub(super) zone: TimeZone,
    pub(super) manner: Manner,
    pub(super) breached: Option<Breached>,
}

impl Folder {
    pub(super) fn open(&self) -> Result<Arc<App>, Fault> {
        let (data, clock) = (self.data.clone(), self.clock.clone());
        let app = App::open(OpenOptions { data, clock, zone: self.zone.clone() })?;
        app.set_manner(self.manner.clone());
        app.know_breached(self.breached.clone());
        Ok(app)
    }

    pub(super) fn pages(self, file: &Path, site: &str) -> Result<ExitCode, Fault> {
        let (pages, faults) = if is_saved_site(file) {
            saved(file, site)?
        } else {
            let text = std::fs::read_to_string(file).map_err(Fault::file("read", file))?;
            let (pages, faults) = read_pages(&text);
            let named = |(line, reason)| (format!("line {line}"), reason);
            (pages, faults.into_iter().map(named).collect())
        };
        let app = self.open()?;
        let outcome = app.take_pages(site, &pages, None)?;
        println!(
            "{} new, {} changed, {} unchanged, {} gone, {} passages",
            outcome.new, outcome.changed, outcome.unchanged, outcome.gone, outcome.passages
        );
        faults.iter().for_each(|(where_, reason)| println!("{where_}: {reason}"));
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn topics(self) -> Result<ExitCode, Fault> {
        let app = self.open()?;
        let outcome = app.group()?;
        println!(
            "{} questions ({} not looked up before), {} topics ({} new), {} alone",
            outcome.questions, outcome.found_anew, outcome.topics, outcome.new, outcome.alone
        );
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn report(self, format: &str) -> Result<ExitCode, Fault> {
        let lang = self.lang;
        let app = self.open()?;
        let report = report_of(&app)?;
        match format {
            "json" => println!("{}", report::json(&report)),
            "jsonl" => report::topics_jsonl(&report, &mut std::io::stdout().lock())?,
            "csv" => print!("{}", report::csv(&report, lang)),
            "html" => print!("{}", report::html(&report, lang)),
            _ => print!("{}", report::text(&report, lang)),
        }
        Ok(ExitCode::SUCCESS)
    }

    /// A mistyped folder must not look like a healthy one.
    fn must_exist(&self) -> Result<(), Fault> {
        let is_there = self.data.join("journal").is_dir();
        let fault = || Fault::new(format!("there is no data in {}", self.data.display()));
        is_there.then_some(()).ok_or_else(fault)
    }

    pub(super) fn export(self, to: &Path) -> Result<ExitCode, Fault> {
        self.must_exist()?;
        let rows = export(&self.data, to, self.clock.now())?;
        let records = write_lines(&self.data, to)?;
        println!("{rows} rows and {records} records written into {}", to.display());
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn verify(self) -> Result<ExitCode, Fault> {
        self.must_exist()?;
        let scratch = self.data.join("verify");
        if scratch.exists() {
            std::fs::remove_dir_all(&scratch).map_err(Fault::file("remove", &scratch))?;
        }
        let outcome = verify(&self.data, &scratch)?;
        if scratch.exists() {
            std::fs::remove_dir_all(&scratch).map_err(Fault::file("remove", &scratch))?;
        }
        println!("{} records read, {} differences", outcome.records, outcome.differences.len());
        let (lines, last) = &outcome.audit;
        if !last.is_empty() {
            println!("audit: {lines} lines, the last is {last}");
        }
        outcome.differences.iter().for_each(|it| println!("{it}"));
        let clean = outcome.differences.is_empty();
        Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    pub(super) fn reindex(self) -> Result<ExitCode, Fault> {
        let seq = rebuild(&self.data, self.clock.now())?;
        println!("the views stand at record {seq}");
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads a website that was saved.
fn saved(path: &Path, site: &str) -> Result<Saved, Fault> {
    let site = Address::parse(site).map_err(|why| {
        Fault::new(format!("say by --site which address {} was saved from: {why}", path.display()))
    })?;
    let runtime = tokio::runtime::Runtime::new()?;
    Ok(runtime.block_on(read_saved_site(path, &site, &super::crawl::parser()?))?)
}

/// The report of a data folder: its topics in the order of the gap list.
fn report_of(app: &App) -> Result<Report, Fault> {
    let topics: BTreeMap<TopicNumber, std::sync::Arc<TopicLine>> =
        app.topics()?.into_iter().map(|it| (it.number, it)).collect();
    let candidates: Vec<Candidate> = topics.values().map(|it| it.candidate()).collect();
    let mut report = Report {
        organization: app.state.settings().name,
        n_pages: app.state.pages.read().iter().filter(|it| !it.row.gone).count() as u64,
        ..Report::default()
    };
    {
        let columns = app.state.inquiries.columns();
        let count = |is_alone: bool| {
            let lines = columns.live().filter(|it| it.topic.is_none() == is_alone);
            lines.map(|it| u64::from(it.contacts())).sum::<u64>()
        };
        report.counts.alone = count(true);
        report.counts.grouped = count(false);
        report.counts.inquiries = report.counts.alone + report.counts.grouped;
        let asked = || columns.live().map(|it| it.asked);
        let days = asked().min().zip(asked().max());
        report.period = days.map(|it| (day(it.0, &app.zone), day(it.1, &app.zone)));
    }
    for ranked in rank(&candidates) {
        if let Some(topic) = topics.get(&ranked.topic) {
            report.topics.push(reported(app, topic)?);
        }
    }
    report.counts.by_verdict = by_verdict(&report.topics);
    Ok(report)
}

/// The day of an instant on the organisation's calendar.
pub(super) fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// Contacts by the verdict of their topic.
pub(super) fn by_verdict(topics: &[ReportTopic]) -> BTreeMap<Verdict, u64> {
    let mut counts = BTreeMap::new();
    for topic in topics {
        if let Some(verdict) = topic.verdict {
            *counts.entry(verdict).or_default() += topic.count;
        }
    }
    counts
}

fn reported(app: &App, topic: &TopicLine) -> Result<ReportTopic, Fault> {
    let judgement = topic.verdict.as_ref().map(|it| &it.row.judgement);
    let evidence = judgement.map(|it| &it.evidence);
    let lines = app.lines_of(topic.number);
    Ok(ReportTopic {
        topic: topic.number.to_string(),
        label: topic.name.clone(),
        count: topic.demand.inquiries.into(),
        verdict: judgement.map(|it| it.verdict),
        gap_score: judgement.map(|it| it.gap_score),
        urls: evidence.map(|it| it.pages.clone()).unwrap_or_default(),
        nearest: evidence.and_then(|it| nearest(app, it)),
        missing_words: evidence.map(Evidence::lacking).unwrap_or_default(),
        reworded: evidence.map(|it| it.reworded.clone()).unwrap_or_default(),
        covered_words: evidence.map(|it| it.covered.clone()).unwrap_or_default(),
        first: Some(day(topic.demand.first, &app.zone)),
        last: Some(day(topic.demand.last, &app.zone)),
        trend: topic.demand.weeks.iter().map(|it| u64::from(*it)).collect(),
        direction: Some(topic.demand.trend),
        examples: examples(app, &lines)?,
        inquiries: lines.iter().map(|it| it.id.to_string()).collect(),
    })
}

/// The best page with its best passage.
fn nearest(app: &App, evidence: &Evidence) -> Option<Nearest> {
    let url = evidence.pages.first()?;
    let passage = evidence.nearest.iter().find(|it| it.address == *url);
    let passage = passage.and_then(|it| app.passage(&it.address, it.passage));
    Some(Nearest {
        url: url.clone(),
        title: app.page_title(url).unwrap_or_default(),
        passage: passage.map(|it| it.text).unwrap_or_default(),
    })
}

/// A few wordings, the newest of those that differ.
fn examples(app: &App, lines: &[Line]) -> Result<Vec<String>, Fault> {
    let mut wordings: Vec<String> = vec![];
    if lines.len() < EXAMPLES_OF_MIN {
        return Ok(wordings);
    }
    for line in lines.iter().rev().filter(|it| it.has_text) {
        let words = app.state.inquiries.words(line.seq)?;
        let new = words.filter(|it| !wordings.contains(it));
        wordings.extend(new);
        if wordings.len() == EXAMPLES_MAX {
            break;
        }
    }
    Ok(wordings)
}
