//! The jobs on the administrator's screen and for a watcher.

use super::*;
use crate::harness::town::Town;
use crate::harness::visitor::Visitor;

fn set(admin: &mut Visitor, fields: &[(&str, &str)]) -> u16 {
    let version = admin.get("/admin/jobs").hidden("version");
    let all = [&[("version", version.as_str()), ("change", "set")][..], fields].concat();
    admin.submit("/admin/jobs", "/admin/jobs", &all).status
}

#[test]
fn an_administrator_sets_when_a_job_runs() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    let page = admin.get("/admin/jobs").body;
    assert!(
        page.contains("Kvar dag kl. 02.30") && page.contains("Kvar måndag kl. 07.00"),
        "{page}"
    );
    assert!(page.contains("Ikkje køyrd enno."));
    let new = [("job", "digest"), ("is_on", "yes"), ("day", "friday"), ("at", "15:45")];
    assert_eq!(set(&mut admin, &new), 303);
    let page = admin.get("/admin/jobs").body;
    assert!(page.contains("Kvar fredag kl. 15.45"), "{page}");
    let next = town.jobs.look(Job::Digest).standing;
    assert_eq!(next, Standing::Waits(at("2026-03-13T14:45:00Z")));
    // Switched off; a wrong time is refused and stays to be mended; back to the usual.
    assert_eq!(set(&mut admin, &[("job", "digest"), ("day", "every"), ("at", "15:45")]), 303);
    assert_eq!(town.jobs.look(Job::Digest).standing, Standing::Off);
    assert_eq!(set(&mut admin, &[("job", "digest"), ("day", "every"), ("at", "25:00")]), 422);
    let version = admin.get("/admin/jobs").hidden("version");
    let usual = [("job", "digest"), ("change", "usual"), ("version", &version)];
    assert_eq!(admin.submit("/admin/jobs", "/admin/jobs", &usual).status, 303);
    assert!(admin.get("/admin/jobs").body.contains("Kvar måndag kl. 07.00"));
    // Somebody who has seen older settings is told so.
    let stale = [("job", "crawl"), ("change", "set"), ("version", "1"), ("at", "03:00")];
    assert_eq!(admin.submit("/admin/jobs", "/admin/jobs", &stale).status, 412);
}

#[test]
fn what_went_wrong_is_said_in_the_readers_language_and_on_every_room() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    let broken = Website::start(&[("/", Reply::Status(500))]);
    let settings = Settings { sites: vec![settings(&broken, 0)], ..town.app.state.settings() };
    let who = Decider { by: None, version: None };
    town.app.set_settings(settings, who).expect("they are set");
    town.app.settle().expect("folded");
    assert!(!admin.get("/admin").body.contains("Ein jobb treng tilsyn."));
    let answer = admin.submit("/admin/jobs", "/admin/jobs", &[("job", "crawl")]);
    assert_eq!(answer.status, 303);
    while town.jobs.look(Job::Crawl).progress.is_some() {
        std::thread::yield_now();
    }
    let page = admin.get("/admin/jobs").body;
    assert!(page.contains("Framsida svarar med feilkode 500."), "{page}");
    assert!(page.contains("Marit</td>"), "who started it: {page}");
    assert!(admin.get("/admin/sites").body.contains("Framsida svarar med feilkode 500."));
    assert!(admin.get("/admin").body.contains("Ein jobb treng tilsyn."));
    assert!(admin.get("/admin/audit").body.contains("job.start"));
    let health = Visitor::new(town.address).get("/healthz").json();
    assert_eq!(
        (&health["jobs_state"], &health["jobs"][0]["state"]),
        (&"look".into(), &"failed".into())
    );
    assert_eq!(health["jobs"][0]["last_success"], serde_json::Value::Null);
}

#[test]
fn a_watcher_sees_how_long_ago_a_job_succeeded() {
    let (folder, clock) = (folder(), Clock::fixed(at("2026-03-10T12:00:00Z")));
    let town = Town::open(folder.path(), &clock);
    let mut admin = town.set_up();
    town.run(&mut admin, Job::Topics);
    clock.advance_by(jiff::SignedDuration::from_mins(5));
    let health = Visitor::new(town.address).get("/healthz").json();
    assert_eq!(health["jobs_state"], "ok");
    assert_eq!(
        (&health["jobs"][1]["job"], &health["jobs"][1]["age_s"]),
        (&"topics".into(), &300.into())
    );
}
