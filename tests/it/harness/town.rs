//! The service in this process, by a clock that a story sets, on a data folder of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use skranke::app::keeping::BackUp;
use skranke::app::{App, OpenOptions};
use skranke::clock::Clock;
use skranke::config::MailServer;
use skranke::http::{EdgeOptions, edge, places, router};
use skranke::jobs::{JobOptions, Jobs};
use skranke::net::Manner;
use skranke::oidc::{Places, Provider, Settings};
use skranke::page::Parser;
use skranke::schedule::{End, Job};
use tokio_util::sync::CancellationToken;

use crate::harness::program::PROGRAM;
use crate::harness::visitor::{self, Visitor};

/// A service that ends when it goes out of sight.
pub(crate) struct Town {
    pub(crate) app: Arc<App>,
    pub(crate) address: SocketAddr,
    pub(crate) jobs: Arc<Jobs>,
    runtime: tokio::runtime::Handle,
    stop: CancellationToken,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Town {
    /// Opens the data folder and serves it.
    pub(crate) fn open(data: &Path, clock: &Clock) -> Self {
        Self::open_with(data, clock, None)
    }

    /// The same with a mail server.
    pub(crate) fn open_with(data: &Path, clock: &Clock, mail: Option<MailServer>) -> Self {
        Self::open_for(data, clock, (mail, |_| None))
    }

    /// The same with a provider of identities, told once the address of the service is known.
    pub(crate) fn open_for(
        data: &Path,
        clock: &Clock,
        (mail, provider): (Option<MailServer>, impl FnOnce(&Places) -> Option<Settings>),
    ) -> Self {
        let zone = TimeZone::get("Europe/Oslo").expect("the zone's data is in the program");
        let options = OpenOptions { data: data.to_owned(), clock: clock.clone(), zone };
        let app = App::open(options).expect("opened");
        app.start_live();
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let options = JobOptions {
            parser: Parser::child(PROGRAM.into()),
            mail,
            outbox: data.join("outbox"),
            base: format!("http://{address}").parse().expect("an address"),
            from: "skranke@example.org".to_owned(),
            backup: BackUp::default(),
        };
        let jobs = Jobs::new(Arc::clone(&app), options);
        let places = places(&format!("http://{address}").parse().expect("an address"));
        let provider = provider(&places)
            .map(|it| Provider::new(it, places, Manner::default()).expect("a client"));
        let options = EdgeOptions { provider, ..EdgeOptions::default() };
        let router = router(Arc::clone(&app), Arc::clone(&jobs), options);
        let stop = CancellationToken::new();
        let (stopped, handle) = (stop.clone(), runtime.handle().clone());
        let thread = std::thread::spawn(move || {
            runtime.block_on(edge::serve(listener, router, stopped));
        });
        Self { app, address, jobs, runtime: handle, stop, thread: Some(thread) }
    }

    /// Makes the first administrator by the printed code.
    pub(crate) fn set_up(&self) -> Visitor {
        let code = self.app.setup_code().expect("the first start has a code");
        visitor::set_up(self.address, &code)
    }

    /// Starts a job by nobody's hand, and waits for its end.
    pub(crate) fn run_now(&self, job: Job) -> Option<End> {
        let run = self.runtime.block_on(self.jobs.run_now(job, None)).expect("it starts");
        run.and_then(|it| it.ended).map(|it| it.1)
    }

    /// Makes the short mails that are due and sends what waits.
    pub(crate) fn send_post(&self) {
        while !self.runtime.block_on(self.jobs.send_post()) {
            pause();
        }
        self.app.settle().expect("folded");
    }

    /// Looks at the clock and waits until what it started has ended.
    pub(crate) fn look(&self) {
        self.runtime.block_on(self.jobs.look_at_clock());
        while Job::ALL.into_iter().any(|it| self.jobs.look(it).progress.is_some()) {
            pause();
        }
        self.app.settle().expect("folded");
    }

    /// Lets an administrator start a job, and waits for its end.
    #[track_caller]
    pub(crate) fn run(&self, admin: &mut Visitor, job: Job) {
        let fields = [("job", job.name())];
        let answer = admin.submit("/admin/jobs", "/admin/jobs", &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
        self.wait_for(job);
    }

    /// Waits until a job has come to its end.
    #[track_caller]
    pub(crate) fn wait_for(&self, job: Job) {
        const LOOKS_MAX: u32 = 12_000;
        for _ in 0..LOOKS_MAX {
            let look = self.jobs.look(job);
            let last = look.row.runs.last().and_then(|it| it.ended.clone());
            match last.filter(|_| look.progress.is_none()) {
                Some((_, End::Done(_))) => return self.app.settle().expect("folded"),
                Some((_, end)) => panic!("the job {} ended so: {end:?}", job.name()),
                None => pause(),
            }
        }
        panic!("the job {} does not come to its end", job.name());
    }
}

#[expect(clippy::disallowed_methods, reason = "a job ends when it ends")]
fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(10));
}

impl Drop for Town {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
        self.app.close();
    }
}
