//! Commands on the service's data.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::fault::Fault;
use crate::app::{App, ImportFile, OpenOptions, TopicLine, export, rebuild, verify};
use crate::clock::Clock;
use crate::gap::{Candidate, rank};
use crate::id::TopicNumber;
use crate::messages::Lang;
use crate::page::read_pages;
use crate::report::{self, Report, ReportTopic};

/// A data folder and how to speak of it.
pub(super) struct Folder {
    pub(super) data: PathBuf,
    pub(super) lang: Lang,
    pub(super) clock: Clock,
    pub(super) zone: TimeZone,
}

impl Folder {
    pub(super) fn open(&self) -> Result<Arc<App>, Fault> {
        let (data, clock) = (self.data.clone(), self.clock.clone());
        Ok(App::open(OpenOptions { data, clock, zone: self.zone.clone() })?)
    }

    pub(super) fn import(self, file: &Path, source: Option<&str>) -> Result<ExitCode, Fault> {
        let bytes = std::fs::read(file).map_err(Fault::file("read", file))?;
        let name = file.file_name().map(|it| it.to_string_lossy()).unwrap_or_default();
        let app = self.open()?;
        let source = source.unwrap_or(&name);
        let file = ImportFile { name: &name, source, bytes: &bytes, by: None };
        let outcome = app.import(file)?;
        println!(
            "{} added, {} known before, {} not read, {} pieces of personal data masked",
            outcome.added,
            outcome.again,
            outcome.faults.len(),
            outcome.masked
        );
        outcome.faults.iter().for_each(|it| println!("row {}: {}", it.row, it.reason));
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn pages(self, file: &Path, site: &str) -> Result<ExitCode, Fault> {
        let text = std::fs::read_to_string(file).map_err(Fault::file("read", file))?;
        let (pages, faults) = read_pages(&text);
        let app = self.open()?;
        let outcome = app.take_pages(site, &pages, None)?;
        println!(
            "{} new, {} changed, {} unchanged, {} gone, {} passages",
            outcome.new, outcome.changed, outcome.unchanged, outcome.gone, outcome.passages
        );
        faults.iter().for_each(|(line, reason)| println!("line {line}: {reason}"));
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn topics(self) -> Result<ExitCode, Fault> {
        let app = self.open()?;
        let outcome = app.group()?;
        println!(
            "{} questions, {} topics ({} new), {} alone",
            outcome.questions, outcome.topics, outcome.new, outcome.alone
        );
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn report(self, format: &str) -> Result<ExitCode, Fault> {
        let lang = self.lang;
        let app = self.open()?;
        let report = report_of(&app)?;
        match format {
            "json" => println!("{}", serde_json::to_string_pretty(&report)?),
            "csv" => print!("{}", report::csv(&report)),
            "html" => print!("{}", report::html(&report, lang)),
            _ => print!("{}", report::text(&report, lang)),
        }
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn export(self, to: &Path) -> Result<ExitCode, Fault> {
        let rows = export(&self.data, to, self.clock.now())?;
        println!("{rows} rows written into {}", to.display());
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn verify(self) -> Result<ExitCode, Fault> {
        let scratch = self.data.join("verify");
        if scratch.exists() {
            std::fs::remove_dir_all(&scratch).map_err(Fault::file("remove", &scratch))?;
        }
        let outcome = verify(&self.data, &scratch)?;
        if scratch.exists() {
            std::fs::remove_dir_all(&scratch).map_err(Fault::file("remove", &scratch))?;
        }
        println!("{} records read, {} differences", outcome.records, outcome.differences.len());
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

/// The report of a data folder: its topics in the order of the gap list.
fn report_of(app: &App) -> Result<Report, Fault> {
    let topics: BTreeMap<TopicNumber, TopicLine> =
        app.topics()?.into_iter().map(|it| (it.number, it)).collect();
    let candidates: Vec<Candidate> = topics.values().map(TopicLine::candidate).collect();
    let mut report = Report::default();
    {
        let columns = app.state.inquiries.columns();
        report.inquiries = columns.live().count();
        report.alone = columns.live().filter(|it| it.topic.is_none()).count();
    }
    for ranked in rank(&candidates) {
        if let Some(topic) = topics.get(&ranked.topic) {
            report.topics.push(reported(app, topic));
        }
    }
    Ok(report)
}

fn reported(app: &App, topic: &TopicLine) -> ReportTopic {
    let judgement = topic.verdict.as_ref().map(|it| &it.row.judgement);
    ReportTopic {
        topic: topic.number.to_string(),
        label: topic.name.clone(),
        count: topic.demand.inquiries,
        verdict: judgement.map(|it| it.verdict),
        gap_score: judgement.map(|it| it.gap_score),
        urls: judgement.map(|it| it.evidence.pages.clone()).unwrap_or_default(),
        missing_words: judgement.map(|it| it.evidence.missing.clone()).unwrap_or_default(),
        first: Some(topic.demand.first),
        last: Some(topic.demand.last),
        inquiries: app.lines_of(topic.number).iter().map(|it| it.id.to_string()).collect(),
    }
}
