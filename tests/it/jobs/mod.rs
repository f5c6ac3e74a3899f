//! The jobs: run by the clock and by hand, stopped, cut off, and told.

mod clock;
mod room;
mod screen;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use skranke::app::keeping::BackUp;
use skranke::app::{App, Decider, OpenOptions};
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::jobs::{JobOptions, Jobs, Refused};
use skranke::journal::JournalError;
use skranke::organisation::{Settings, Site};
use skranke::page::{Crawl, CrawlEvent, Parser};
use skranke::record::Change;
use skranke::schedule::{End, Job, JobEvent, Run, Standing};
use tokio::runtime::Runtime;

use crate::harness::program::{run, told, tried};
use crate::harness::website::{Reply, Website};

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// The application and its jobs, without screens.
struct Service {
    app: Arc<App>,
    jobs: Arc<Jobs>,
    runtime: Runtime,
}

impl Service {
    fn open(data: &Path, clock: &Clock) -> Self {
        let folder = Some(data.with_file_name("backups"));
        Self::with_backups(data, clock, BackUp { folder, keep: 3, ..BackUp::default() })
    }

    fn without_backups(data: &Path, clock: &Clock) -> Self {
        Self::with_backups(data, clock, BackUp::default())
    }

    fn with_backups(data: &Path, clock: &Clock, backup: BackUp) -> Self {
        let zone = TimeZone::get("Europe/Oslo").expect("the zone's data is in the program");
        let options = OpenOptions { data: data.to_owned(), clock: clock.clone(), zone };
        let app = App::open(options).expect("opened");
        let options = JobOptions {
            parser: Parser::InProcess,
            mail: None,
            outbox: data.join("outbox"),
            base: "http://127.0.0.1:8080".parse().expect("an address"),
            from: "skranke@example.org".to_owned(),
            backup,
        };
        let jobs = Jobs::new(Arc::clone(&app), options);
        jobs.take_over().expect("written");
        Self { app, jobs, runtime: Runtime::new().expect("threads") }
    }

    /// Looks at the clock once and waits for what that has started.
    fn look(&self) {
        self.runtime.block_on(async {
            self.jobs.look_at_clock().await;
            while Job::ALL.into_iter().any(|it| self.jobs.look(it).progress.is_some()) {
                tokio::task::yield_now().await;
            }
        });
    }

    fn runs(&self, job: Job) -> Vec<Run> {
        self.app.state.job(job).runs
    }

    fn last(&self, job: Job) -> Option<End> {
        let run = self.runs(job).pop()?;
        run.ended.map(|it| it.1)
    }

    fn now(&self, job: Job) -> Run {
        let run = self.runtime.block_on(self.jobs.run_now(job, None));
        run.expect("it is not under way").expect("it was written down")
    }

    fn set_site(&self, site: Site) {
        let who = Decider { by: None, version: None };
        let settings = Settings { sites: vec![site], ..self.app.state.settings() };
        self.app.set_settings(settings, who).expect("they are set");
        self.app.settle().expect("folded");
    }
}

/// A site of so many pages, each linked from the front.
fn site_of(pages: usize) -> Website {
    let paths: Vec<String> = (0..pages).map(|it| format!("/side-{it}")).collect();
    let links: String = paths.iter().map(|it| format!("<a href='{it}'>{it}</a> ")).collect();
    let page =
        |text: &str| Reply::Page(format!("<html lang=nn><main><h1>{text}</h1>{links}</main>"));
    let mut replies = vec![("/", page("Framsida"))];
    replies.extend(paths.iter().map(|it| (it.as_str(), page(it))));
    Website::start(&replies)
}

fn settings(site: &Website, pace_ms: u32) -> Site {
    Site { allow_private: true, pace_ms, ..Site::new(&site.at("/")) }
}

/// A data folder in a folder of its own.
struct Place {
    _folder: tempfile::TempDir,
    data: PathBuf,
}

impl Place {
    fn path(&self) -> &Path {
        &self.data
    }
}

fn folder() -> Place {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("made");
    Place { _folder: folder, data }
}

#[test]
fn a_run_that_was_cut_off_is_told_so_and_tried_again() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let service = Service::open(folder.path(), &clock);
    service.look();
    // A process that ends here leaves a run and a crawl without an end.
    let slot = at("2026-03-11T01:30:00Z");
    clock.advance_to(slot);
    let job = Change { entity: Job::Crawl.entity(), version: Some(1), now: clock.now() };
    let event = JobEvent::Started { n: 1, due: Some(slot), by: None };
    job.tell(&service.app.journal, &event).expect("written");
    let crawl = Id::<Crawl>::new(clock.now()).uuid();
    let started = CrawlEvent::Started { site: "https://fjordvik.example/".into(), by: None };
    let change = Change { entity: crawl, version: Some(0), now: clock.now() };
    change.tell(&service.app.journal, &started).expect("written");
    drop(service);

    clock.advance_by(jiff::SignedDuration::from_mins(2));
    let service = Service::open(folder.path(), &clock);
    assert_eq!(service.last(Job::Crawl), Some(End::CutOff));
    let row = service.app.state.crawls.get(crawl).expect("a crawl").row.clone();
    assert!(row.ended.is_some(), "it is not under way for ever");
    assert_eq!(row.says.map(|it| it.key).as_deref(), Some("crawl_fault.cut_off"));
    // The old holder may still believe in its lease; it ends nothing.
    let stale = Change { entity: Job::Crawl.entity(), version: Some(2), now: clock.now() };
    let ended = JobEvent::Ended { n: 1, end: End::Done(vec![]) };
    let refused = stale.tell(&service.app.journal, &ended);
    assert!(matches!(refused, Err(JournalError::Conflict { .. })), "{refused:?}");
    service.look();
    assert_eq!(service.runs(Job::Crawl).len(), 1, "not at once");
    clock.advance_by(jiff::SignedDuration::from_mins(20));
    service.look();
    let runs = service.runs(Job::Crawl);
    assert_eq!((runs.len(), runs[1].due), (2, Some(slot)));
    assert!(matches!(service.last(Job::Crawl), Some(End::Done(_))));
}

#[test]
fn a_crawl_is_stopped_and_says_so_and_what_it_read_stays() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let (service, site) = (Service::open(folder.path(), &clock), site_of(40));
    service.set_site(settings(&site, 50));
    let progress = service.runtime.block_on(async {
        service.jobs.start(Job::Crawl, None).expect("it starts");
        assert_eq!(service.jobs.start(Job::Crawl, None), Err(Refused::UnderWay(Job::Crawl)));
        assert_eq!(service.jobs.start(Job::Topics, None), Err(Refused::Busy(Job::Crawl)));
        let far = || service.jobs.look(Job::Crawl).progress.is_some_and(|it| 3 <= it.done);
        while !far() {
            tokio::task::yield_now().await;
        }
        let progress = service.jobs.look(Job::Crawl).progress;
        let jobs = Arc::clone(&service.jobs);
        assert!(tokio::task::spawn_blocking(move || jobs.stop(Job::Crawl, None)).await.unwrap());
        while service.jobs.look(Job::Crawl).progress.is_some() {
            tokio::task::yield_now().await;
        }
        progress
    });
    assert_eq!(progress.map(|it| it.step), Some("jobs.step.crawl"));
    assert_eq!(service.last(Job::Crawl), Some(End::Stopped));
    let crawls = service.app.state.crawls.all();
    let says = crawls[0].row.says.as_ref().map(|it| it.key.as_str());
    assert_eq!(says, Some("crawl_fault.stopped"));
    let read = service.app.state.pages.all().len();
    assert!((3..40).contains(&read), "{read} pages");
    assert!(!service.app.is_read_now(&site.at("/")));
}

#[test]
fn a_job_that_another_holds_is_not_begun() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let service = Service::open(folder.path(), &clock);
    let job = Change { entity: Job::Topics.entity(), version: Some(0), now: clock.now() };
    let begun = JobEvent::Started { n: 1, due: None, by: None };
    job.tell(&service.app.journal, &begun).expect("written");
    service.app.settle().expect("folded");
    let run = service.runtime.block_on(service.jobs.run_now(Job::Topics, None));
    assert_eq!(run.expect("nothing of its lane is under way here"), None);
    assert_eq!(service.runs(Job::Topics).len(), 1);
}

#[test]
fn whoever_has_lost_a_job_does_not_write_its_end() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let (service, site) = (Service::open(folder.path(), &clock), site_of(3));
    service.set_site(settings(&site, 100));
    let version = || service.app.journal.version_of(Job::Crawl.entity());
    service.runtime.block_on(async {
        service.jobs.start(Job::Crawl, None).expect("nothing is under way");
        while version().is_none() {
            tokio::task::yield_now().await;
        }
    });
    // Another has taken over and ended the run.
    let job = Change { entity: Job::Crawl.entity(), version: version(), now: clock.now() };
    job.tell(&service.app.journal, &JobEvent::Ended { n: 1, end: End::CutOff }).expect("written");
    let taken = version();
    service.runtime.block_on(async {
        while service.jobs.look(Job::Crawl).progress.is_some() {
            tokio::task::yield_now().await;
        }
    });
    service.app.settle().expect("folded");
    assert_eq!((service.last(Job::Crawl), version()), (Some(End::CutOff), taken));
}

#[test]
fn one_site_is_read_by_one_crawl_at_a_time() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let (service, site) = (Service::open(folder.path(), &clock), site_of(5));
    let (site, parser) = (settings(&site, 20), Parser::InProcess);
    let (one, two) = service.runtime.block_on(async {
        let crawl = || service.app.crawl(&site, &parser, None);
        tokio::join!(crawl(), crawl())
    });
    assert_eq!(one.expect("the first reads it").pages.new, 6);
    let refused = two.expect_err("the second does not").to_string();
    assert!(refused.contains("being read already"), "{refused}");
    assert_eq!(service.app.state.crawls.all().len(), 1, "and leaves no trace");
}

#[test]
fn a_crawl_that_fails_is_told_with_a_key_and_the_questions_are_grouped_all_the_same() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let service = Service::open(folder.path(), &clock);
    service.set_site(settings(&Website::start(&[("/", Reply::Status(500))]), 0));
    let run = service.now(Job::Crawl);
    let Some((_, End::Failed(says))) = run.ended else { panic!("{run:?}") };
    assert_eq!(says[0].key, "crawl_fault.status");
    assert_eq!(says[0].values, [("status".to_owned(), "500".to_owned())]);
    assert!(service.app.state.runs.all().iter().any(|it| it.row.committed.is_some()));
    assert!(service.jobs.look(Job::Crawl).needs_a_look());
}

#[test]
fn a_job_run_twice_leaves_the_state_of_once() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let (service, site) = (Service::open(folder.path(), &clock), site_of(3));
    service.set_site(settings(&site, 0));
    service.look();
    for job in Job::ALL {
        let first = service.now(job);
        assert!(matches!(first.ended, Some((_, End::Done(_)))), "{first:?}");
    }
    let state = || {
        let state = &service.app.state;
        (state.pages.all(), state.topics.all(), state.letters.all().len())
    };
    let before = state();
    let letters = || std::fs::read_dir(folder.path().join("outbox")).expect("letters").count();
    let n_letters = letters();
    clock.advance_by(jiff::SignedDuration::from_mins(1));
    for job in Job::ALL {
        let second = service.now(job);
        assert!(matches!(second.ended, Some((_, End::Done(_)))), "{second:?}");
    }
    assert_eq!((state(), letters()), (before, n_letters));
}

#[test]
fn a_byte_that_changed_on_the_disk_is_found_by_the_nightly_reading() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let service = Service::open(folder.path(), &clock);
    service.now(Job::Topics);
    assert!(matches!(service.now(Job::Verify).ended, Some((_, End::Done(_)))));
    let segment = folder.path().join("journal/00000000000000000001.log");
    let mut bytes = std::fs::read(&segment).expect("a segment");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&segment, bytes).expect("written");
    let run = service.now(Job::Verify);
    let Some((_, End::Failed(says))) = run.ended else { panic!("{run:?}") };
    assert_eq!(says[0].key, "job_fault.damage");
}

#[test]
fn who_started_a_job_is_in_the_audit() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let service = Service::open(folder.path(), &clock);
    service.now(Job::Topics);
    let lines = service.app.state.audit.all();
    let line = lines.last().expect("a line");
    assert_eq!((line.row.action.as_str(), line.row.target.as_str()), ("job.start", "topics"));
}

#[test]
fn the_command_line_shows_the_jobs_and_runs_one() {
    let folder = folder();
    let data = folder.path().join("data");
    let said = run(&data, &["--lang", "en", "jobs", "run", "topics"]);
    assert_eq!(said, "topics: Done Topics: 0; questions on their own: 0.\n");
    let table = run(&data, &["--lang", "en", "jobs"]);
    let topics = table.lines().find(|it| it.starts_with("topics ")).expect("a row");
    assert!(
        topics.contains(" 18:") && topics.ends_with("Done. Topics: 0; questions on their own: 0.")
    );
    let json: serde_json::Value =
        serde_json::from_str(&run(&data, &["jobs", "--json"])).expect("JSON");
    assert_eq!((&json[1]["job"], &json[1]["runs"]), (&"topics".into(), &"18:30".into()));
    assert_eq!((&json[1]["last"]["how"], &json[1]["state"]), (&"done".into(), &"waits".into()));
    assert_eq!(json[2]["last"], serde_json::Value::Null);
    let wrong = tried(&data, &["jobs", "run", "nonsense"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(told(&wrong).contains("there are crawl, topics, digest, backup"), "{}", told(&wrong));
}

#[test]
fn a_job_that_never_ran_has_nothing_to_make_up() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let service = Service::open(folder.path(), &clock);
    let waits = service.jobs.look(Job::Digest).standing;
    assert_eq!(waits, Standing::Waits(at("2026-03-16T06:00:00Z")));
    service.look();
    assert!(Job::ALL.into_iter().all(|it| service.runs(it).is_empty()));
    // Without a folder for them there are no backups, and no alarm about it either.
    let other = Service::without_backups(&folder.path().join("other"), &clock);
    let look = other.jobs.look(Job::Backup);
    assert_eq!((look.standing, look.is_set_up), (Standing::Off, false));
    assert!(!other.jobs.has_alarm());
}
