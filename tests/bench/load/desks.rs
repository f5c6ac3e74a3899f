//! The desks: each looks up and saves at its instants, whatever the service does, and notes how
//! long after the instant the answer was there.

use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::inquiry::Inquiry;

use crate::town::{SUBJECTS, WANTS};

/// An answer that takes longer counts as failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// Requests a second, of all desks together.
#[derive(Clone, Copy)]
pub(crate) struct Paces {
    pub(crate) look_ups: u32,
    pub(crate) saves: u32,
}

/// A browser at a desk: one connection that is kept, a session, the token of its page.
struct Desk {
    address: SocketAddr,
    cookie: String,
    csrf: String,
    line: Option<BufReader<TcpStream>>,
}

/// All desks.
pub(crate) struct Load {
    desks: Vec<Mutex<Desk>>,
    asked: AtomicU64,
}

/// What came of a load.
pub(crate) struct Figures {
    look_ups: Vec<f64>,
    saves: Vec<f64>,
    failed: usize,
}

impl Desk {
    fn new(address: SocketAddr, token: &str) -> Self {
        let cookie = format!("skranke={token}");
        let mut desk = Self { address, cookie, csrf: String::new(), line: None };
        let told = desk.ask("GET", "/api/v1/session", "").expect("a session");
        let told: Value = serde_json::from_str(&told.1).expect("JSON");
        desk.csrf = told["csrf"].as_str().or(told["token"].as_str()).expect("a token").to_owned();
        desk
    }

    /// Asks on the kept line; where that was closed meanwhile, once more on a new one.
    fn ask(&mut self, verb: &str, path: &str, body: &str) -> Option<(u16, String)> {
        let is_kept = self.line.is_some();
        let answer = self.try_ask(verb, path, body);
        if answer.is_none() {
            self.line = None;
            return if is_kept { self.try_ask(verb, path, body) } else { None };
        }
        answer
    }

    fn try_ask(&mut self, verb: &str, path: &str, body: &str) -> Option<(u16, String)> {
        if self.line.is_none() {
            let stream = TcpStream::connect(self.address).ok()?;
            stream.set_read_timeout(Some(PATIENCE)).ok()?;
            stream.set_nodelay(true).ok()?;
            self.line = Some(BufReader::new(stream));
        }
        let line = self.line.as_mut()?;
        let (cookie, csrf, length) = (&self.cookie, &self.csrf, body.len());
        let request = format!(
            "{verb} {path} HTTP/1.1\r\nhost: desk\r\ncookie: {cookie}\r\nx-csrf: {csrf}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        line.get_mut().write_all(request.as_bytes()).ok()?;
        read_answer(line)
    }
}

fn read_answer(line: &mut BufReader<TcpStream>) -> Option<(u16, String)> {
    let mut first = String::new();
    line.read_line(&mut first).ok()?;
    let status = first.split(' ').nth(1)?.parse().ok()?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        line.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        let (name, value) = header.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    line.read_exact(&mut body).ok()?;
    Some((status, String::from_utf8_lossy(&body).into_owned()))
}

impl Load {
    pub(crate) fn new(address: SocketAddr, tokens: &[String]) -> Self {
        let desks = tokens.iter().map(|it| Mutex::new(Desk::new(address, it))).collect();
        Self { desks, asked: AtomicU64::new(0) }
    }

    /// Three of four desks look up, the others save.
    pub(crate) fn run(&self, paces: Paces, time: Duration) -> Figures {
        let (look_up, save) = self.desks.split_at(self.desks.len() * 3 / 4);
        std::thread::scope(|scope| {
            let look_ups = scope.spawn(|| self.at_pace(look_up, (paces.look_ups, time), look));
            let (saves, save_failed) = self.at_pace(save, (paces.saves, time), put);
            let (look_ups, look_failed) = look_ups.join().expect("no desk panics");
            Figures { look_ups, saves, failed: save_failed + look_failed }
        })
    }

    /// Lets desks ask at a pace; tells the milliseconds of each answer and how many failed.
    fn at_pace(
        &self,
        desks: &[Mutex<Desk>],
        (pace, time): (u32, Duration),
        ask: fn(&mut Desk, u64) -> Option<u16>,
    ) -> (Vec<f64>, usize) {
        let begun = Instant::now() + Duration::from_millis(100);
        let count = u64::from(pace) * time.as_secs();
        let next = AtomicU64::new(0);
        let (all, failed) = (Mutex::new(vec![]), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for desk in desks {
                scope.spawn(|| {
                    let mut desk = desk.lock().expect("one thread a desk");
                    let mut own = vec![];
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if count <= n {
                            break;
                        }
                        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
                        let due = begun + Duration::from_secs_f64(n as f64 / f64::from(pace));
                        wait_until(due);
                        let turn = self.asked.fetch_add(1, Ordering::Relaxed);
                        if !ask(&mut desk, turn).is_some_and(|it| (200..300).contains(&it)) {
                            failed.fetch_add(1, Ordering::Relaxed);
                        }
                        own.push(due.elapsed().as_secs_f64() * 1_000.0);
                    }
                    all.lock().expect("no desk panics").extend(own);
                });
            }
        });
        let failed = usize::try_from(failed.into_inner()).expect("few");
        (all.into_inner().expect("no desk panics"), failed)
    }
}

#[expect(clippy::disallowed_methods, reason = "a request has its instant")]
fn wait_until(due: Instant) {
    std::thread::sleep(due.saturating_duration_since(Instant::now()));
}

fn words(turn: u64) -> String {
    let pick = |all: &[&'static str], by: u64| all[usize::try_from(by).unwrap() % all.len()];
    let (want, subject) = (pick(&WANTS, turn / 7), pick(&SUBJECTS, turn));
    format!("{want} {subject} på stad {}", turn % 977)
}

fn look(desk: &mut Desk, turn: u64) -> Option<u16> {
    let body = json!({ "text": words(turn) }).to_string();
    desk.ask("POST", "/api/v1/suggest", &body).map(|it| it.0)
}

fn put(desk: &mut Desk, turn: u64) -> Option<u16> {
    let key = Id::<Inquiry>::new(Clock::System.now()).to_string();
    let body = json!({ "key": key, "text": words(turn), "channel": "phone" }).to_string();
    desk.ask("POST", "/api/v1/screen/inquiries", &body).map(|it| it.0)
}

fn percentile(all: &mut [f64], share: f64) -> f64 {
    all.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list"
    )]
    let at = (all.len() as f64 * share) as usize;
    all.get(at.min(all.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

impl Figures {
    /// The 95th percentiles of look-ups and saves, and how many failed.
    pub(crate) fn p95s(&self) -> (f64, f64, usize) {
        let p95 = |all: &[f64]| percentile(&mut all.to_vec(), 0.95);
        (p95(&self.look_ups), p95(&self.saves), self.failed)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for all in [&self.look_ups, &self.saves] {
            let mut all = all.clone();
            for share in [0.5, 0.95, 0.99] {
                write!(f, "{:.1} | ", percentile(&mut all, share))?;
            }
        }
        write!(f, "{} of {}", self.failed, self.look_ups.len() + self.saves.len())
    }
}
