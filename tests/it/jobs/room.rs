//! On a disk that is nearly full, what can wait says so and writes nothing, and saves go on.

use skranke::app::Room;
use skranke::config::DiskLimits;
use skranke::inquiry::redact::Kinds;
use skranke::inquiry::{Channel, Entry, Outcome, Source};

use super::*;

/// Limits by which every disk is nearly full, and none is full.
const TIGHT: DiskLimits = DiskLimits {
    warn_mb: u64::MAX >> 24,
    warn_percent: 0,
    background_mb: u64::MAX >> 24,
    save_mb: 0,
    ballast_mb: 0,
};

fn log(service: &Service, text: &str) {
    let entry = Entry {
        id: Id::new(service.app.now()),
        text: Some(text.to_owned()),
        asked: service.app.now(),
        channel: Channel::Phone,
        desk: String::new(),
        outcome: Outcome::Unknown,
        note: None,
        count: 1,
        counts_only: false,
        source: Source::Screen,
        by: None,
        keep: Kinds::NONE,
    };
    service.app.log(entry).expect("it is saved");
    service.app.settle().expect("folded");
}

#[test]
fn jobs_refuse_with_the_reason_while_saves_go_on() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let (service, site) = (Service::open(folder.path(), &clock), site_of(2));
    service.set_site(settings(&site, 0));
    service.app.mind_disk(TIGHT);
    assert_eq!(service.app.room(), Room::Tight);
    log(&service, "når opnar symjehallen");
    for job in [Job::Crawl, Job::Topics, Job::Digest, Job::Backup, Job::Rehearsal] {
        let run = service.now(job);
        let Some((_, End::Failed(says))) = run.ended else { panic!("{run:?}") };
        let said = skranke::jobs::words::said(skranke::messages::Lang::En, &says[0]);
        assert!(said.starts_with("The disk is nearly full, so the job was not done."), "{said}");
        log(&service, "kven tømmer bosset");
    }
    assert!(service.app.state.pages.all().is_empty() && site.asked().is_empty());
    assert!(service.app.state.runs.all().is_empty(), "nothing was grouped");
    assert!(!folder.path().with_file_name("backups").exists());
    // What makes room and what only reads goes on.
    for job in [Job::Verify, Job::Retention] {
        let run = service.now(job);
        assert!(matches!(run.ended, Some((_, End::Done(_)))), "{run:?}");
    }
    assert_eq!(service.app.state.inquiries.columns().live().count(), 6);
}
