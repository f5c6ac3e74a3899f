//! Two processes on one folder, a process that is stopped for a while, and one that is told to end.

use std::time::Duration;

use rustix::process::Signal;

use super::{key, log, log_some};
use crate::harness::program::run;
use crate::harness::visitor::{Service, Visitor};

#[test]
fn a_second_process_on_a_folder_refuses_and_names_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut first = Service::start(folder.path());
    let mut visitor = first.set_up();
    let told = Service::start_with(folder.path(), &[]).err().expect("it refuses");
    assert!(told.contains(&*folder.path().to_string_lossy()), "{told}");
    assert!(told.contains("another process") && told.contains("exit code 1"), "{told}");
    log_some(&mut visitor, 0..3);
}

#[test]
fn a_service_that_was_stopped_goes_on_and_has_lost_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(folder.path());
    let mut visitor = service.set_up();
    log_some(&mut visitor, 0..5);
    service.signal(Signal::STOP);
    let waiting = std::thread::scope(|scope| {
        let mut waiting = visitor.clone();
        let asked = scope.spawn(move || waiting.try_get("/livez").map(|it| it.status));
        std::thread::park_timeout(Duration::from_secs(3));
        service.signal(Signal::CONT);
        asked.join().expect("it asked")
    });
    assert_eq!(waiting, Some(200), "who waited is answered");
    log_some(&mut visitor, 5..10);
    service.kill();
    assert!(run(folder.path(), &["verify"]).contains("0 differences"));
    assert!(run(folder.path(), &["topics"]).starts_with("10 questions"));
}

#[test]
fn a_service_that_is_told_to_end_answers_whom_it_has_let_in() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut service = Service::start(folder.path());
    let visitor = service.set_up();
    let counted = std::thread::scope(|scope| {
        let clients: Vec<_> = (1..5)
            .map(|client| {
                let visitor = visitor.clone();
                scope.spawn(move || log_until_gone(visitor, client))
            })
            .collect();
        std::thread::park_timeout(Duration::from_millis(400));
        service.signal(Signal::TERM);
        let code = service.ended_within(Duration::from_secs(10));
        assert_eq!(code, Some(0), "it ends in good order within ten seconds");
        clients.into_iter().map(|it| it.join().expect("it counted")).sum::<usize>()
    });
    assert!(0 < counted);
    let said = run(folder.path(), &["topics"]);
    let found: usize = said.split(' ').next().and_then(|it| it.parse().ok()).expect("a number");
    assert!(counted <= found && found <= counted + 4, "{counted} acknowledged, {said}");
}

/// Logs until no answer comes; tells how many were acknowledged.
fn log_until_gone(mut visitor: Visitor, client: u32) -> usize {
    let Some(csrf) = visitor.try_get("/help").and_then(|it| it.csrf()) else { return 0 };
    let mut acknowledged = 0;
    for n in 0.. {
        match log(&mut visitor, &csrf, &key(client, n), "kva tid opnar biblioteket") {
            Some(answer) if answer.status == 201 => acknowledged += 1,
            Some(_) | None => break,
        }
    }
    acknowledged
}
