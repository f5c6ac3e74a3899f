//! What each job does: a verb of the application, and a look at whether its effect is there.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use jiff::SignedDuration;
use tokio::sync::oneshot;

use super::{JobFault, Jobs, Order};
use crate::app::keeping::{KeepError, RetentionRun};
use crate::app::priority;
use crate::app::{
    AfterCrawlOutcome, App, CrawlFault, CrawlOutcome, GroupOutcome, LettersOutcome, PagesOutcome,
    Visit, Whom,
};
use crate::journal::{Journal, Seq};
use crate::organisation::Site;
use crate::schedule::{End, Job, Run, Said, Task};
use crate::week::Week;

/// So far the clock may be off the last record for something to be deleted by it.
const CLOCK_OFF_MAX: SignedDuration = SignedDuration::from_hours(24);
/// And so far past the last time that it was.
const RETENTION_GAP_MAX: SignedDuration = SignedDuration::from_hours(8 * 24);

/// What came of a site.
type Visited = Result<CrawlOutcome, CrawlFault>;
/// A site that is being read, with its place in the list.
type Going<'a> = Pin<Box<dyn Future<Output = (usize, Site, Visited)> + Send + 'a>>;

/// So many sites are read at once.
const SITES_AT_ONCE: usize = 4;

type Done = Result<Vec<Said>, JobFault>;

/// Does the work of a job and tells what it has brought.
pub(super) async fn of(jobs: &Arc<Jobs>, job: Job, order: Order, task: &Task) -> Done {
    let makes_room = matches!(job, Job::Retention | Job::Verify);
    if !makes_room {
        assure_room(jobs)?;
    }
    match job {
        Job::Crawl => crawl(jobs, order, task).await,
        Job::Topics => topics(jobs, task).await,
        Job::Digest => digest(jobs, order, task).await,
        Job::Backup => backup(jobs, task).await,
        Job::Rehearsal => rehearsal(jobs, task).await,
        Job::Verify => verify(jobs, task).await,
        Job::Privacy => privacy(jobs, task).await,
        Job::Retention => retention(jobs, order, task).await,
    }
}

/// Refuses what can wait while the disk is nearly full.
fn assure_room(jobs: &Jobs) -> Result<(), JobFault> {
    jobs.app.may_write_background().then_some(()).ok_or(JobFault::NoRoom)
}

/// Does something that blocks, off the threads that answer.
async fn blocking<T: Send + 'static>(
    jobs: &Arc<Jobs>,
    work: impl FnOnce(&Jobs) -> Result<T, JobFault> + Send + 'static,
) -> Result<T, JobFault> {
    let jobs = Arc::clone(jobs);
    tokio::task::spawn_blocking(move || work(&jobs)).await?
}

/// The same for what keeps a processor busy: on a thread of its own that gives way to those who
/// wait at a counter.
async fn giving_way<T: Send + 'static>(
    jobs: &Arc<Jobs>,
    work: impl FnOnce(&Jobs) -> Result<T, JobFault> + Send + 'static,
) -> Result<T, JobFault> {
    let jobs = Arc::clone(jobs);
    let (sender, receiver) = oneshot::channel();
    let thread = std::thread::Builder::new().name("job".to_owned());
    let thread = thread.spawn(move || {
        priority::lower(priority::BACK);
        let done = work(&jobs);
        // Whoever hears that it is done may open the data folder anew.
        drop(jobs);
        drop(sender.send(done));
    });
    thread.map_err(JobFault::Thread)?;
    // A thread that ends without an answer has panicked.
    receiver.await.map_err(|_| JobFault::Panicked)?
}

async fn crawl(jobs: &Arc<Jobs>, order: Order, task: &Task) -> Done {
    let app = &jobs.app;
    let before = app.journal.position().seq;
    let (mut pages, mut left_out) = (PagesOutcome::default(), 0);
    let (mut read, mut failed, mut last_fault) = (vec![], vec![], None);
    for (site, visited) in read_all(jobs, order, task).await {
        match visited {
            Ok(outcome) => {
                pages = pages.and(outcome.pages);
                left_out += outcome.report.n_left_out;
                read.push(site);
            }
            Err(fault) if task.is_stopped() => return Err(fault.into()),
            Err(fault) => {
                tracing::warn!(error = format!("{fault:?}"), "could not read {}", site.start);
                failed.push(site.start);
                last_fault = Some(fault);
            }
        }
    }
    // One site that is down keeps nobody from the others, and none of them the day's questions.
    if let Some(fault) = last_fault.filter(|_| read.is_empty()) {
        if jobs.app.may_write_background() {
            topics(jobs, task).await?;
        }
        return Err(fault.into());
    }
    assure_room(jobs)?;
    let seen = task.clone();
    let after = giving_way(jobs, move |jobs| {
        let after = jobs.app.after_crawl_for(&seen)?;
        jobs.app.settle()?;
        seen_crawls(&jobs.app, &read, before)?;
        seen_run(&jobs.app, before)?;
        Ok(after)
    });
    let mut says = crawl_says(pages, left_out, after.await?);
    if !failed.is_empty() {
        says.push(Said::new("jobs.crawl_failed").with("sites", failed.join(", ")));
    }
    Ok(says)
}

/// Reads the sites of the day, several at once: a server that does not answer holds up only its
/// own site.
async fn read_all(jobs: &Arc<Jobs>, order: Order, task: &Task) -> Vec<(Site, Visited)> {
    let app = &jobs.app;
    let day = app.now().to_zoned(app.zone.clone()).strftime("%A").to_string();
    let mut waiting = app.state.settings().sites;
    // What somebody starts by hand is for today.
    waiting.retain(|it| order.due.is_none() || it.is_read_on(&day));
    let mut waiting = waiting.into_iter().enumerate();
    let (mut going, mut visited) = (vec![], vec![]);
    // In this task, so that nothing is left of the crawls when the job is dropped.
    poll_fn(|context| {
        loop {
            going.retain_mut(|it: &mut Going<'_>| match it.as_mut().poll(context) {
                Poll::Ready(done) => {
                    visited.push(done);
                    false
                }
                Poll::Pending => true,
            });
            if SITES_AT_ONCE <= going.len() {
                return Poll::Pending;
            }
            let Some((place, site)) = waiting.next() else {
                return if going.is_empty() { Poll::Ready(()) } else { Poll::Pending };
            };
            going.push(Box::pin(async move {
                let (parser, by) = (&jobs.options.parser, order.by);
                let outcome = app.visit(Visit { site: &site, parser, by, task }).await;
                (place, site, outcome)
            }));
        }
    })
    .await;
    visited.sort_by_key(|it| it.0);
    visited.into_iter().map(|(_, site, outcome)| (site, outcome)).collect()
}

fn crawl_says(pages: PagesOutcome, left_out: usize, after: AfterCrawlOutcome) -> Vec<Said> {
    let read = pages.new + pages.changed + pages.unchanged;
    let AfterCrawlOutcome { verified, reopened, .. } = after;
    vec![
        Said::new("jobs.crawl_brought").with("pages", read).with("left_out", left_out),
        Said::new("jobs.gaps_checked").with("verified", verified).with("reopened", reopened),
    ]
}

async fn topics(jobs: &Arc<Jobs>, task: &Task) -> Done {
    task.begin("jobs.step.group", None);
    let outcome = giving_way(jobs, |jobs| {
        let before = jobs.app.journal.position().seq;
        let outcome = jobs.app.group()?;
        jobs.app.settle()?;
        seen_run(&jobs.app, before)?;
        Ok(outcome)
    });
    let GroupOutcome { topics, alone, .. } = outcome.await?;
    Ok(vec![Said::new("jobs.topics_brought").with("topics", topics).with("alone", alone)])
}

async fn digest(jobs: &Arc<Jobs>, order: Order, task: &Task) -> Done {
    let seen = task.clone();
    let zone = &jobs.app.zone;
    // A letter that is made up for tells of the week before its slot, however late it is.
    let week = order.due.map_or_else(|| jobs.app.week(), |it| Week::of(it, zone)).plus(-1);
    let outcome = blocking(jobs, move |jobs| {
        let mut post = jobs.posting();
        post.week = week;
        // What somebody starts by hand is for everybody, whatever time they have chosen.
        post.whom = if order.due.is_some() { Whom::Due } else { Whom::Everybody };
        let outcome = jobs.app.write_letters(post, &seen)?;
        seen_letters(&jobs.app, week, &outcome)?;
        Ok(outcome)
    });
    let outcome = outcome.await?;
    // What waits now need not wait for the next look at the clock.
    let sender = Arc::clone(jobs);
    jobs.runs.spawn(async move { sender.send_post().await });
    let letters = outcome.written.len() as u64 + u64::from(outcome.queued);
    let mut says =
        vec![Said::new("jobs.digest_brought").with("week", week).with("letters", letters)];
    if 0 < outcome.before {
        says.push(Said::new("jobs.digest_before").with("letters", outcome.before));
    }
    if 0 < outcome.spared {
        says.push(Said::new("jobs.digest_spared").with("letters", outcome.spared));
    }
    if !outcome.faults.is_empty() {
        says.push(Said::new("jobs.digest_faults").with("readers", outcome.faults.len()));
    }
    Ok(says)
}

async fn backup(jobs: &Arc<Jobs>, task: &Task) -> Done {
    task.begin("jobs.step.backup", None);
    // It has read the copy back when it comes back itself.
    let done = giving_way(jobs, |jobs| Ok(jobs.app.back_up(&jobs.options.backup)?)).await?;
    let megabytes = done.bytes.div_ceil(1_000_000);
    let said = Said::new("jobs.backup_brought").with("folders", done.folders.len());
    Ok(vec![said.with("megabytes", megabytes).with("removed", done.removed.len())])
}

async fn rehearsal(jobs: &Arc<Jobs>, task: &Task) -> Done {
    task.begin("jobs.step.rehearsal", None);
    let rehearse = |jobs: &Jobs| Ok(jobs.app.rehearse_restore(&jobs.options.backup)?);
    let done = giving_way(jobs, rehearse).await?;
    let name = done.backup.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(vec![Said::new("jobs.rehearsal_brought").with("backup", name).with("rows", done.rows)])
}

async fn verify(jobs: &Arc<Jobs>, task: &Task) -> Done {
    const STREAMS: [&str; 3] = ["journal", "pages", "brief"];
    task.begin("jobs.step.verify", Some(STREAMS.len() as u64));
    let seen = task.clone();
    let records = giving_way(jobs, move |jobs| {
        let (mut records, mut places) = (0, vec![]);
        for stream in STREAMS {
            let report = Journal::verify(&jobs.app.data.join(stream))?;
            records += report.last;
            places.extend(report.differences.iter().map(|it| format!("{stream}: {it}")));
            seen.advance();
        }
        if places.is_empty() { Ok(records) } else { Err(JobFault::Damage(places)) }
    });
    Ok(vec![Said::new("jobs.verify_brought").with("records", records.await?)])
}

async fn privacy(jobs: &Arc<Jobs>, task: &Task) -> Done {
    let seen = task.clone();
    let run = giving_way(jobs, move |jobs| Ok(jobs.app.rescan(&seen)?)).await?;
    let brought = Said::new("jobs.privacy_brought")
        .with("read", run.read)
        .with("masked", run.masked)
        .with("waiting", run.waiting.len());
    Ok(vec![brought])
}

async fn retention(jobs: &Arc<Jobs>, order: Order, task: &Task) -> Done {
    task.begin("jobs.step.retention", None);
    let done = giving_way(jobs, move |jobs| {
        // Whoever starts it by hand has looked at the clock.
        let clock_is_right = order.due.is_none();
        if !clock_is_right {
            assure_clock(&jobs.app, order)?;
        }
        Ok(jobs.app.retain(RetentionRun { is_dry: false, clock_is_right })?)
    });
    let texts = done.await?.due.texts;
    Ok(vec![Said::new("jobs.retention_brought").with("texts", texts)])
}

/// What is deleted by a wrong clock does not come back. So the clock may be no more than a day
/// off the last record before this run, and no more than some days past the last run: a jump that
/// other jobs have written records after is still a jump. A run that was refused for this is a
/// record by that clock too, so after it a person must say that the clock is right, unless it was
/// set back since.
fn assure_clock(app: &App, order: Order) -> Result<(), JobFault> {
    let now = app.now();
    let row = app.state.job(Job::Retention);
    let refused = row.runs.iter().rev().find(|it| it.ended.is_some());
    if let Some(refused) = refused.filter(|it| was_refused(it) && it.started <= now) {
        let known = row.succeeded.or(row.awaited).unwrap_or(refused.started);
        return Err(JobFault::Clock { now, known });
    }
    let near = order.known.map(|it| (it, CLOCK_OFF_MAX));
    let last = row.succeeded.or(row.awaited).map(|it| (it, RETENTION_GAP_MAX));
    for (known, max) in near.into_iter().chain(last) {
        if max < now.duration_since(known).abs() {
            return Err(JobFault::Clock { now, known });
        }
    }
    Ok(())
}

/// Whether a run deleted nothing because of the clock.
fn was_refused(run: &Run) -> bool {
    let Some((_, End::Failed(says))) = &run.ended else { return false };
    says.iter().any(|it| it.key == "job_fault.clock")
}

/// What a fault of keeping says in the reader's language.
pub(super) fn keep_says(fault: &KeepError) -> Said {
    let name = match fault {
        KeepError::Clock { .. } => "clock",
        KeepError::NoFolder => "no_folder",
        KeepError::NoBackup { .. } => "no_backup",
        KeepError::Different { .. } => "different",
        _ => "keep",
    };
    Said::new(&format!("job_fault.{name}"))
}

/// The records of these crawls are in the view, with what they brought.
fn seen_crawls(app: &App, sites: &[Site], before: Seq) -> Result<(), JobFault> {
    let crawls = app.state.crawls.read();
    let is_there = |site: &Site| {
        let of_site = |it: &crate::page::CrawlRow| it.site == site.start && it.counts.is_some();
        crawls.iter().any(|it| before < it.first && of_site(&it.row))
    };
    sites.iter().all(is_there).then_some(()).ok_or(JobFault::Unseen("a crawl is not in the view"))
}

/// A run that was committed since is in the view.
fn seen_run(app: &App, before: Seq) -> Result<(), JobFault> {
    let runs = app.state.runs.read();
    let is_there = runs.iter().any(|it| before < it.last && it.row.committed.is_some());
    is_there.then_some(()).ok_or(JobFault::Unseen("the run is not in the view"))
}

/// Each letter is a file in the outbox, and each is on record.
fn seen_letters(app: &App, week: Week, outcome: &LettersOutcome) -> Result<(), JobFault> {
    let is_file = |it: &std::path::PathBuf| std::fs::metadata(it).is_ok_and(|it| 0 < it.len());
    if !outcome.written.iter().all(is_file) {
        return Err(JobFault::Unseen("a letter is not in the outbox"));
    }
    let letters = app.state.letters.read();
    let on_record = letters.iter().filter(|it| it.row.of.week() == Some(week)).count();
    let more = [outcome.queued, outcome.spared, outcome.before];
    let more: usize = more.iter().filter_map(|it| usize::try_from(*it).ok()).sum();
    let expected = outcome.written.len() + more;
    (expected <= on_record).then_some(()).ok_or(JobFault::Unseen("a letter is not on record"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::OpenOptions;
    use crate::clock::Clock;

    #[test]
    fn work_that_left_nothing_behind_is_not_done() {
        let folder = tempfile::tempdir().unwrap();
        let (data, zone) = (folder.path().to_owned(), jiff::tz::TimeZone::UTC);
        let app = App::open(OpenOptions { data, clock: Clock::System, zone }).unwrap();
        let site = Site::new("https://www.example.org/");
        assert!(matches!(seen_crawls(&app, &[site], 0), Err(JobFault::Unseen(_))));
        assert!(matches!(seen_run(&app, 0), Err(JobFault::Unseen(_))));
        let week = Week::of(app.now(), &app.zone);
        let lost = folder.path().join("2026-W10.eml");
        let no_file = LettersOutcome { written: vec![lost.clone()], ..LettersOutcome::default() };
        assert!(matches!(seen_letters(&app, week, &no_file), Err(JobFault::Unseen(_))));
        // A file alone, without its record.
        std::fs::write(&lost, "letter").unwrap();
        assert!(matches!(seen_letters(&app, week, &no_file), Err(JobFault::Unseen(_))));
        assert!(seen_letters(&app, week, &LettersOutcome::default()).is_ok());
        app.close();
    }
}
