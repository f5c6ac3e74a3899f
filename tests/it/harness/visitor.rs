//! The service as a process of its own, and a visitor who speaks HTTP with it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

pub(crate) use crate::harness::answer::Answer;
use crate::harness::program::PROGRAM;

/// Everybody's passphrase in these tests.
pub(crate) const PASSPHRASE: &str = "fire raude bussar i regn";
/// So long a visitor waits for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// A running `skranke serve`; killed when it goes out of sight.
pub(crate) struct Service {
    child: Child,
    pub(crate) address: SocketAddr,
    /// What it printed at its start, up to the set-up code if there is one.
    setup_code: Option<String>,
    /// Who writes down what it says.
    heard: Option<std::thread::JoinHandle<()>>,
}

impl Service {
    /// Starts the service on a data folder and waits until it listens.
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[]).unwrap_or_else(|told| panic!("it does not start: {told}"))
    }

    /// The same with settings; what it said where it does not start.
    pub(crate) fn start_with(data: &Path, settings: &[(&str, &str)]) -> Result<Self, String> {
        Self::start_heard(data, settings, std::io::sink())
    }

    /// Starts the service; what it says goes into a file.
    pub(crate) fn start_told_to(data: &Path, file: &Path) -> Self {
        let heard = std::fs::File::create(file).expect("made");
        Self::start_heard(data, &[], heard).unwrap_or_else(|told| panic!("{told}"))
    }

    /// The same with settings; what it says goes wherever that is written to.
    pub(crate) fn start_heard(
        data: &Path,
        settings: &[(&str, &str)],
        mut heard: impl Write + Send + 'static,
    ) -> Result<Self, String> {
        let mut child = command(data)
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program was built");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let told: Vec<String> = lines
            .by_ref()
            .map_while(Result::ok)
            .take_while(|line| !line.starts_with("Stop with"))
            .collect();
        let address = told.first().and_then(|it| it.rsplit('/').next()?.parse().ok());
        let Some(address) = address else {
            drop(child.kill());
            let ended = child.wait_with_output().expect("it ended");
            let code = ended.status.code().map_or_else(|| "none".to_owned(), |it| it.to_string());
            return Err(format!("{}\nexit code {code}", String::from_utf8_lossy(&ended.stderr)));
        };
        // Somebody must read what it says, or it would wait for that one day.
        let mut said = child.stderr.take().expect("it is piped");
        let heard = std::thread::spawn(move || drop(std::io::copy(&mut said, &mut heard)));
        let setup_code = told.iter().find(|it| it.starts_with("    "));
        let setup_code = setup_code.map(|it| it.trim().to_owned());
        Ok(Self { child, address, setup_code, heard: Some(heard) })
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("it can be sent");
    }

    /// Whether it lives on for so long.
    pub(crate) fn lives_for(&mut self, time: Duration) -> bool {
        self.end_within(time).is_none()
    }

    /// Waits for its end, and until all it said is written down, and tells the exit code; none
    /// after a signal or when it lives on.
    pub(crate) fn ended_within(&mut self, time: Duration) -> Option<i32> {
        let status = self.end_within(time)?;
        self.heard.take().map(std::thread::JoinHandle::join);
        status.code()
    }

    fn end_within(&mut self, time: Duration) -> Option<ExitStatus> {
        let begun = std::time::Instant::now();
        while begun.elapsed() < time {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return Some(status);
            }
            std::thread::park_timeout(Duration::from_millis(10));
        }
        None
    }

    /// Kills it as a power cut would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Waits until it ends by itself, half a minute at most.
    pub(crate) fn ends(&mut self) -> ExitStatus {
        self.end_within(Duration::from_secs(30)).expect("it ends")
    }

    /// Makes the first administrator by the printed code, who is then signed in.
    pub(crate) fn set_up(&mut self) -> Visitor {
        set_up(self.address, &self.setup_code.take().expect("the first start prints a code"))
    }
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(["--data", &data.to_string_lossy(), "serve", "--listen", "127.0.0.1:0"]);
    command
}

/// Makes the first administrator by the one-time code, who is then signed in.
#[track_caller]
pub(crate) fn set_up(address: SocketAddr, code: &str) -> Visitor {
    let mut visitor = Visitor::new(address);
    let fields = [
        ("code", code),
        ("organisation", "Fjordvik kommune"),
        ("name", "Marit"),
        ("login", "marit"),
        ("passphrase", PASSPHRASE),
    ];
    let answer = visitor.submit("/setup", "/setup", &fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
    visitor
}

/// Lets an administrator invite somebody, who signs in with the role's name.
pub(crate) fn add(admin: &mut Visitor, role: &str) -> Visitor {
    let link = invite(admin, &[("login", role), ("name", role), ("role", role)]);
    come(admin.address, &link, PASSPHRASE)
}

/// Lets an administrator invite somebody; the path of the link.
#[track_caller]
pub(crate) fn invite(admin: &mut Visitor, fields: &[(&str, &str)]) -> String {
    let fields = [fields, &[("change", "invite"), ("lang", "nn")]].concat();
    let answer = admin.submit("/admin/people", "/admin/people", &fields);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.link("/welcome/")
}

/// Chooses a passphrase by a link, and is signed in.
#[track_caller]
pub(crate) fn come(address: SocketAddr, link: &str, passphrase: &str) -> Visitor {
    let mut visitor = Visitor::new(address);
    let answer = choose(&mut visitor, link, passphrase);
    assert_eq!(answer.status, 303, "{}", answer.body);
    visitor
}

/// Follows a link and sends the form that it leads to.
#[track_caller]
pub(crate) fn choose(visitor: &mut Visitor, link: &str, passphrase: &str) -> Answer {
    visitor.get(link);
    let public = link.trim_start_matches("/welcome/").get(..12).unwrap_or_default();
    visitor.submit("/welcome", "/welcome", &[("passphrase", passphrase), ("link", public)])
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Somebody with a browser's memory for cookies.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) address: SocketAddr,
    cookies: BTreeMap<String, String>,
    token: Option<String>,
    /// Lines of header that go along with every request.
    more: String,
}

impl Visitor {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, cookies: BTreeMap::new(), token: None, more: String::new() }
    }

    /// The same with a machine's token beside whatever else it has.
    pub(crate) fn with_token(self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self }
    }

    /// What the browser holds for the session; none before signing in.
    pub(crate) fn session(&self) -> Option<&str> {
        self.cookies.get("skranke").map(String::as_str).filter(|it| !it.is_empty())
    }

    /// What binds the forms of somebody who has not signed in.
    pub(crate) fn visit(&self) -> Option<&str> {
        self.cookies.get("skranke-visit").map(String::as_str).filter(|it| !it.is_empty())
    }

    /// Somebody else's browser that was given a session's cookie.
    pub(crate) fn with_session(address: SocketAddr, session: &str) -> Self {
        let cookies = BTreeMap::from([("skranke".to_owned(), session.to_owned())]);
        Self { cookies, ..Self::new(address) }
    }

    /// The same browser after the service has moved.
    pub(crate) fn at(self, address: SocketAddr) -> Self {
        Self { address, ..self }
    }

    /// The same with a line of header that goes along with every request.
    pub(crate) fn with_line(self, line: &str) -> Self {
        Self { more: format!("{}{line}\r\n", self.more), ..self }
    }

    /// The same behind a proxy that tells this address.
    pub(crate) fn from(self, address: &str) -> Self {
        Self { more: String::new(), ..self }.with_line(&format!("x-forwarded-for: {address}"))
    }

    /// A cookie that the browser keeps.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Signs in.
    pub(crate) fn sign_in(address: SocketAddr, login: &str) -> Self {
        let mut visitor = Self::new(address);
        let fields = [("login", login), ("passphrase", PASSPHRASE)];
        let answer = visitor.submit("/sign-in", "/sign-in", &fields);
        assert_eq!(answer.status, 303, "{login}: {}", answer.body);
        visitor
    }

    /// Reads a page; `None` when no whole answer came.
    pub(crate) fn try_get(&mut self, path: &str) -> Option<Answer> {
        self.ask("GET", path, None)
    }

    /// The same as `submit` with a token that is known; `None` when no whole answer came.
    pub(crate) fn post(&mut self, to: &str, csrf: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", csrf);
        form.extend_pairs(fields);
        let kind = "application/x-www-form-urlencoded".to_owned();
        self.ask("POST", to, Some((kind, form.finish(), String::new())))
    }

    /// Reads a page with more lines of header.
    pub(crate) fn get_with(&mut self, path: &str, more: &str) -> Answer {
        let body = (String::new(), String::new(), more.to_owned());
        self.ask("GET", path, Some(body)).expect("an answer")
    }

    /// Reads a page.
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, None).expect("an answer")
    }

    /// Fills the form on page `on` in and sends it to `to`.
    #[track_caller]
    pub(crate) fn submit(&mut self, on: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get(on).csrf().unwrap_or_else(|| panic!("a form on {on}"));
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", &csrf);
        form.extend_pairs(fields);
        let body = ("application/x-www-form-urlencoded".to_owned(), form.finish());
        self.ask("POST", to, Some((body.0, body.1, String::new()))).expect("an answer")
    }

    /// Sends JSON with a page's token; `None` when no whole answer came.
    pub(crate) fn send(
        &mut self,
        path: &str,
        csrf: &str,
        body: &serde_json::Value,
    ) -> Option<Answer> {
        let more = format!("x-csrf: {csrf}\r\n");
        self.ask("POST", path, Some(("application/json".to_owned(), body.to_string(), more)))
    }

    /// Sends JSON, or what looks like it, with more lines of header.
    pub(crate) fn send_raw(&mut self, path: &str, body: &str, more: &str) -> Option<Answer> {
        self.call("POST", path, (more, body))
    }

    /// Calls the programming interface with any method, more lines of header and a body.
    pub(crate) fn call(
        &mut self,
        verb: &str,
        path: &str,
        (headers, body): (&str, &str),
    ) -> Option<Answer> {
        let kind = if body.is_empty() { "" } else { "application/json" };
        self.ask(verb, path, Some((kind.to_owned(), body.to_owned(), headers.to_owned())))
    }

    /// Asks; `body` is its kind, the body and more lines of header.
    fn ask(
        &mut self,
        verb: &str,
        path: &str,
        body: Option<(String, String, String)>,
    ) -> Option<Answer> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(ANSWER_TIMEOUT)).ok()?;
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let (kind, body, mut more) = body.unwrap_or_default();
        more += &self.more;
        if let Some(token) = &self.token {
            more += &format!("authorization: Bearer {token}\r\n");
        }
        let request = format!(
            "{verb} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncookie: {}\r\n\
             content-type: {kind}\r\ncontent-length: {}\r\n{more}\r\n{body}",
            self.address,
            cookies.join("; "),
            body.len()
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut told = vec![];
        stream.read_to_end(&mut told).ok()?;
        let answer = parsed(&told)?;
        self.remember(&answer);
        Some(answer)
    }

    fn remember(&mut self, answer: &Answer) {
        for (_, value) in answer.headers.iter().filter(|it| it.0 == "set-cookie") {
            let pair = value.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// Reads an answer; `None` when it broke off.
pub(crate) fn parsed(told: &[u8]) -> Option<Answer> {
    let end = told.windows(4).position(|it| it == b"\r\n\r\n")?;
    let (head, bytes) = (String::from_utf8_lossy(&told[..end]), &told[end + 4..]);
    let body = String::from_utf8_lossy(bytes);
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let field = |name: &str| headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    let body = match (field("transfer-encoding"), field("content-length")) {
        (Some("chunked"), _) => {
            let body = unchunked(&body)?;
            return Some(Answer { status, headers, body, bytes: vec![] });
        }
        (_, Some(length)) => {
            (Ok(bytes.len()) == length.parse::<usize>()).then(|| body.into_owned())?
        }
        (_, None) => body.into_owned(),
    };
    Some(Answer { status, headers, body, bytes: bytes.to_vec() })
}

fn unchunked(mut body: &str) -> Option<String> {
    let mut whole = String::new();
    loop {
        let (length, rest) = body.split_once("\r\n")?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        whole.push_str(rest.get(..length)?);
        body = rest.get(length + 2..)?;
    }
}
