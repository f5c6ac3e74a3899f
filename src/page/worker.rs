//! Parsing in a child process: a page made to hang or to fill the memory kills the child, not the
//! service.
//!
//! The parent writes a page, the child writes what it holds; both put lengths before their bytes.
//! A child that is silent too long, dies or talks nonsense is killed, and the next page gets a new
//! one.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::extract::{self, Extracted, HTML_BYTES_MAX};
use super::reason::{Reason, ReasonCode};

/// A page must be read within this time.
const PARSE_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest answer of a child.
const REPLY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// The longest `Content-Type` that is handed to a child.
const CONTENT_TYPE_BYTES_MAX: usize = 4_096;
/// A child may use so much memory ...
const MEMORY_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// ... and so much time of a processor in its life.
const PROCESSOR_SECONDS_MAX: u64 = 300;
/// A child is replaced after so many pages, well before its time is used up.
const PAGES_PER_CHILD: u32 = 1_000;

/// Reads pages, in a child process or in this one.
#[derive(Debug)]
pub enum Parser {
    /// In a child process: the only way for pages from outside.
    Child(Box<Worker>),
    /// In this process: for tests, and for pages that we wrote ourselves.
    InProcess,
}

/// The parent's side of a child that parses.
#[derive(Debug)]
pub struct Worker {
    program: PathBuf,
    arguments: Vec<String>,
    parse_timeout: Duration,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    /// Killed when dropped.
    _child: Child,
    input: ChildStdin,
    output: ChildStdout,
    pages: u32,
}

/// Why a page was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The page is one that is refused.
    #[error("{0}")]
    Refused(Reason),
    /// The child took too long.
    #[error("the page could not be parsed in time")]
    TimedOut,
    /// The child died of the page.
    #[error("the page could not be parsed within the limits")]
    Died,
    /// There is no child to be had.
    #[error("could not start the parser {program}")]
    Start {
        /// The program.
        program: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

#[derive(Serialize, Deserialize)]
enum Reply {
    Read(Box<Extracted>),
    Refused(Reason),
}

impl Parser {
    /// A parser in a child process of `program`, which is this very program.
    pub fn child(program: PathBuf) -> Self {
        Self::Child(Box::new(Worker::new(program, vec!["parse-worker".to_owned()])))
    }

    /// Reads a page as it came, with its `Content-Type`.
    pub async fn parse(
        &self,
        body: Vec<u8>,
        content_type: Option<&str>,
    ) -> Result<Extracted, ParseError> {
        match self {
            Self::Child(worker) => worker.parse(&body, content_type).await,
            Self::InProcess => {
                let content_type = content_type.map(str::to_owned);
                let read = move || extract::extract(&body, content_type.as_deref());
                let read = tokio::task::spawn_blocking(read).await.map_err(|_| ParseError::Died)?;
                read.map_err(|why| ParseError::Refused(why.into()))
            }
        }
    }
}

impl Worker {
    /// A worker that will start `program` with `arguments` when it is needed.
    pub fn new(program: PathBuf, arguments: Vec<String>) -> Self {
        let running = Mutex::new(None);
        Self { program, arguments, parse_timeout: PARSE_TIMEOUT, running }
    }

    /// Gives a page less time than usual.
    #[must_use]
    pub fn with_timeout(self, parse_timeout: Duration) -> Self {
        Self { parse_timeout, ..self }
    }

    /// Reads a page; one at a time. A child that has read other pages before may have died of
    /// them, so its last page is tried once more with a new child.
    pub async fn parse(
        &self,
        body: &[u8],
        content_type: Option<&str>,
    ) -> Result<Extracted, ParseError> {
        let mut slot = self.running.lock().await;
        let parts = parts(body, content_type)?;
        loop {
            let mut running = match slot.take().filter(|it| it.pages < PAGES_PER_CHILD) {
                Some(running) => running,
                None => self.start()?,
            };
            let was_fresh = running.pages == 0;
            running.pages += 1;
            match timeout(self.parse_timeout, ask(&mut running, parts)).await {
                Ok(Ok(Reply::Read(page))) => {
                    *slot = Some(running);
                    return Ok(*page);
                }
                Ok(Ok(Reply::Refused(why))) => {
                    *slot = Some(running);
                    return Err(ParseError::Refused(why));
                }
                Ok(Err(_)) if was_fresh => return Err(ParseError::Died),
                Ok(Err(_)) => {}
                Err(_) => return Err(ParseError::TimedOut),
            }
        }
    }

    fn start(&self) -> Result<Running, ParseError> {
        let failed =
            |source| ParseError::Start { program: self.program.display().to_string(), source };
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let input = child.stdin.take().expect("it is piped");
        let output = child.stdout.take().expect("it is piped");
        Ok(Running { _child: child, input, output, pages: 0 })
    }
}

/// What a child is told of a page, within its limits.
fn parts<'a>(body: &'a [u8], content_type: Option<&'a str>) -> Result<[&'a [u8]; 2], ParseError> {
    if HTML_BYTES_MAX < body.len() {
        return Err(ParseError::Refused(ReasonCode::TooLarge.into()));
    }
    let content_type = content_type.filter(|it| it.len() <= CONTENT_TYPE_BYTES_MAX);
    Ok([content_type.unwrap_or_default().as_bytes(), body])
}

/// A page may be large: it goes to the child as it lies, without a copy.
async fn ask(running: &mut Running, parts: [&[u8]; 2]) -> io::Result<Reply> {
    for part in parts {
        let length = u32::try_from(part.len()).map_err(|_| io::ErrorKind::InvalidData)?;
        running.input.write_all(&length.to_le_bytes()).await?;
        running.input.write_all(part).await?;
    }
    running.input.flush().await?;
    let length = usize::try_from(running.output.read_u32_le().await?).unwrap_or(usize::MAX);
    if REPLY_BYTES_MAX < length {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut reply = vec![0; length];
    running.output.read_exact(&mut reply).await?;
    serde_json::from_slice(&reply).map_err(io::Error::from)
}

/// The child's whole life: limits itself, then reads pages from `input` and writes what they hold
/// to `output` until `input` ends. Only for a process that does nothing else.
pub fn run(input: impl Read, output: impl Write) -> io::Result<()> {
    let limit = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, limit(MEMORY_BYTES_MAX))?;
    setrlimit(Resource::Cpu, limit(PROCESSOR_SECONDS_MAX))?;
    setrlimit(Resource::Core, limit(0))?;
    answer(input, output)
}

fn answer(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    while let Some(content_type) = read_part(&mut input, CONTENT_TYPE_BYTES_MAX)? {
        let body = read_part(&mut input, HTML_BYTES_MAX)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let content_type = String::from_utf8_lossy(&content_type);
        let content_type = Some(&*content_type).filter(|it| !it.is_empty());
        let reply = match extract::extract(&body, content_type) {
            Ok(page) => Reply::Read(Box::new(page)),
            Err(why) => Reply::Refused(why.into()),
        };
        write_part(&mut output, &serde_json::to_vec(&reply)?)?;
        output.flush()?;
    }
    Ok(())
}

/// Writes a length and so many bytes, as everything goes between the service and a child.
pub(crate) fn write_part(output: &mut impl Write, part: &[u8]) -> io::Result<()> {
    let length = u32::try_from(part.len()).map_err(|_| io::ErrorKind::InvalidData)?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(part)
}

/// Reads a length and so many bytes; none at the end of the input.
pub(crate) fn read_part(input: &mut impl Read, bytes_max: usize) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if bytes_max < length {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut part = vec![0; length];
    input.read_exact(&mut part)?;
    Ok(Some(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A child that is a line of shell: nothing but its behavior matters to the parent.
    fn worker(script: &str) -> Worker {
        let arguments = vec!["-c".to_owned(), script.to_owned()];
        Worker::new("/bin/sh".into(), arguments).with_timeout(Duration::from_secs(2))
    }

    /// A line of shell that answers each request as a child would.
    fn saying(reply: &str) -> String {
        let length = reply.len();
        assert!(length < 128, "the length is written as one byte");
        // The request of `<p>` without a type has eleven bytes.
        format!("head -c 11 >/dev/null; printf '\\{length:o}\\0\\0\\0%s' '{reply}'")
    }

    /// What the parent writes for a page.
    fn request(body: &[u8], content_type: Option<&str>) -> Vec<u8> {
        let parts = parts(body, content_type).unwrap();
        let part = |it: &[u8]| [&u32::try_from(it.len()).unwrap().to_le_bytes()[..], it].concat();
        parts.into_iter().flat_map(part).collect()
    }

    #[test]
    fn a_child_reads_pages_until_its_input_ends() {
        let mut input = request(b"<h1>Frist</h1><p>1. mars", None);
        let type_of = Some("text/html; charset=iso-8859-1");
        input.extend(request(b"<title>s\xf8k</title>", type_of));
        input.extend(request("<div>".repeat(1_000).as_bytes(), None));
        let mut output = vec![];
        answer(&input[..], &mut output).unwrap();
        let mut output = &output[..];
        let mut reply = || {
            let part = read_part(&mut output, REPLY_BYTES_MAX).unwrap()?;
            Some(serde_json::from_slice::<Reply>(&part).unwrap())
        };
        let Some(Reply::Read(first)) = reply() else { panic!("not read") };
        assert_eq!(first.passages[0].text, "1. mars");
        let Some(Reply::Read(second)) = reply() else { panic!("not read") };
        assert_eq!(second.title, "s\u{f8}k");
        assert!(matches!(reply(), Some(Reply::Refused(why)) if why.code == ReasonCode::Shape));
        assert!(reply().is_none());
    }

    #[test]
    fn a_request_beyond_the_limits_is_an_error() {
        assert!(answer(&u32::MAX.to_le_bytes()[..], &mut vec![]).is_err());
        assert!(answer(&[0, 0, 0, 0][..], &mut vec![]).is_err());
        assert!(answer(&[0, 0][..], &mut vec![]).is_ok());
        assert!(parts(&vec![0; HTML_BYTES_MAX + 1], None).is_err());
    }

    #[tokio::test]
    async fn a_reply_comes_back() {
        let worker = worker(&format!("{}; cat", saying("{\"Refused\":{\"code\":\"locked\"}}")));
        let read = worker.parse(b"<p>", None).await;
        assert!(matches!(read, Err(ParseError::Refused(why)) if why.code == ReasonCode::Locked));
    }

    #[tokio::test]
    async fn a_child_that_dies_hangs_or_talks_nonsense_costs_its_page_only() {
        for script in
            ["exit 1", "printf '\\377\\377\\377\\377'; cat", "printf '\\2\\0\\0\\0{}'; cat"]
        {
            assert!(matches!(worker(script).parse(b"<p>", None).await, Err(ParseError::Died)));
        }
        let silent = worker("exec sleep 60").with_timeout(Duration::from_millis(50));
        assert!(matches!(silent.parse(b"<p>", None).await, Err(ParseError::TimedOut)));
        assert!(silent.running.lock().await.is_none());
        let nobody = Worker::new("/nowhere/skranke".into(), vec![]);
        assert!(matches!(nobody.parse(b"<p>", None).await, Err(ParseError::Start { .. })));
    }

    #[tokio::test]
    async fn the_page_after_a_deadly_one_is_read_by_a_new_child() {
        // Each child answers once and dies; so the second page meets a dead child first.
        let worker = worker(&saying("{\"Refused\":{\"code\":\"locked\"}}"));
        for _ in 0..3 {
            let read = worker.parse(b"<p>", None).await;
            assert!(
                matches!(read, Err(ParseError::Refused(why)) if why.code == ReasonCode::Locked)
            );
        }
    }
}
