//! The service's side of one run: what the judging process does not know yet is told to it, then
//! it is asked.

use std::collections::BTreeMap;
use std::io::{self, BufReader, BufWriter, PipeReader, PipeWriter, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use super::messages::{Answer, Ask, JudgedGroup, SitePage, read, write};
use super::{Judge, JudgeError, worker};
use crate::journal::Seq;

/// A judging process that has begun, and what it has been told.
pub(in crate::app) struct Reading<'a> {
    judge: &'a Judge,
    asks: Option<BufWriter<Box<dyn Write + Send>>>,
    answers: BufReader<Box<dyn Read + Send>>,
    process: Process,
    told: Told,
}

/// Who judges.
enum Process {
    Child(Child),
    /// For tests and commands, which end with the run.
    Thread(Option<JoinHandle<()>>),
}

#[derive(Default)]
struct Told {
    /// The state of the table of pages.
    pages: Option<u64>,
    /// The newest row of words.
    words: Option<Seq>,
    /// The version of each question.
    questions: BTreeMap<Seq, u32>,
}

impl<'a> Reading<'a> {
    /// Begins a process of `program`, else a thread of this one.
    pub(super) fn begin(judge: &'a Judge, program: Option<&Path>) -> Result<Self, JudgeError> {
        let (asks, answers, process) = match program {
            Some(program) => child(program)?,
            None => thread()?,
        };
        let (asks, answers) = (Some(BufWriter::new(asks)), BufReader::new(answers));
        let mut reading = Self { judge, asks, answers, process, told: Told::default() };
        reading.ask(&Ask::Keep(judge.folder.clone()))?;
        Ok(reading)
    }

    /// Tells the pages, the words and the questions that have changed since it was last told.
    pub(in crate::app) fn bring(&mut self) -> Result<(), JudgeError> {
        self.bring_pages()?;
        self.bring_words()?;
        self.bring_questions()
    }

    /// The questions that it was told.
    pub(in crate::app) fn questions(&self) -> impl Iterator<Item = Seq> {
        self.told.questions.keys().copied()
    }

    /// Whether it was told a question.
    pub(in crate::app) fn has(&self, question: Seq) -> bool {
        self.told.questions.contains_key(&question)
    }

    /// Has it find what the site has for each question, and tells for how many that was not kept.
    pub(in crate::app) fn know(&mut self) -> Result<usize, JudgeError> {
        self.ask(&Ask::Know)?;
        match self.answer()? {
            Answer::Known(found_anew) => Ok(found_anew),
            _ => Err(JudgeError::Nonsense),
        }
    }

    /// Has it group the questions. Tells for how many it had to find what the site has, too.
    pub(in crate::app) fn group(
        &mut self,
        together: Vec<Vec<Seq>>,
        apart: Vec<(Seq, Seq)>,
    ) -> Result<(Vec<JudgedGroup>, usize), JudgeError> {
        self.ask(&Ask::Group { together, apart })?;
        let mut groups = vec![];
        loop {
            match self.answer()? {
                Answer::Group(group) => groups.push(*group),
                Answer::Known(found_anew) => return Ok((groups, found_anew)),
                _ => return Err(JudgeError::Nonsense),
            }
        }
    }

    /// Tells which questions lead to a page.
    pub(in crate::app) fn leads(
        &mut self,
        address: &str,
        questions: Vec<String>,
    ) -> Result<Vec<bool>, JudgeError> {
        self.ask(&Ask::Try { address: address.to_owned(), questions })?;
        match self.answer()? {
            Answer::Leads(leads) => Ok(leads),
            _ => Err(JudgeError::Nonsense),
        }
    }

    fn bring_pages(&mut self) -> Result<(), JudgeError> {
        let (turn, live): (u64, Vec<_>) = {
            let rows = self.judge.state.pages.read();
            (rows.turn(), rows.iter().filter(|it| !it.row.gone).cloned().collect())
        };
        if self.told.pages.replace(turn) == Some(turn) {
            return Ok(());
        }
        self.ask(&Ask::Pages)?;
        for stored in live {
            let facts = &stored.row.facts;
            let body = self.judge.bodies.get(&facts.body)?;
            let (site, address) = (facts.site.clone(), facts.address.clone());
            let page = SitePage { site, address, hash: facts.body.clone(), body };
            self.ask(&Ask::Page(Box::new(page)))?;
        }
        Ok(())
    }

    fn bring_words(&mut self) -> Result<(), JudgeError> {
        let rows = self.judge.state.words.all();
        let newest = rows.iter().map(|it| it.last).max().unwrap_or(0);
        if self.told.words.replace(newest) == Some(newest) {
            return Ok(());
        }
        let rows = rows.iter().filter(|it| !it.row.removed).map(|it| &it.row.facts);
        self.ask(&Ask::Words(rows.map(|it| (it.said.clone(), it.written.clone())).collect()))
    }

    fn bring_questions(&mut self) -> Result<(), JudgeError> {
        let inquiries = &self.judge.state.inquiries;
        let versions: BTreeMap<Seq, u32> = {
            let columns = inquiries.columns();
            columns.live().filter(|it| it.has_text).map(|it| (it.seq, it.version)).collect()
        };
        let mut told = std::mem::take(&mut self.told.questions);
        for (seq, version) in versions {
            if told.remove(&seq) != Some(version) {
                let Some(words) = inquiries.words(seq)? else { continue };
                self.ask(&Ask::Question(seq, words))?;
            }
            self.told.questions.insert(seq, version);
        }
        told.into_keys().try_for_each(|seq| self.ask(&Ask::Gone(seq)))
    }

    fn ask(&mut self, ask: &Ask) -> Result<(), JudgeError> {
        let asks = self.asks.as_mut().ok_or(JudgeError::Died)?;
        write(asks, ask).map_err(died)
    }

    fn answer(&mut self) -> Result<Answer, JudgeError> {
        self.asks.as_mut().map_or(Ok(()), Write::flush).map_err(died)?;
        match read(&mut self.answers).map_err(died)? {
            Some(Answer::Failed(why)) => Err(JudgeError::Failed(why)),
            Some(answer) => Ok(answer),
            None => Err(JudgeError::Died),
        }
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        // What is still in the buffer need not be heard; the end of it tells a thread to end.
        if let Some(asks) = self.asks.take() {
            drop(asks.into_parts());
        }
        // Nobody must wait for it to be heard either.
        self.answers = BufReader::new(Box::new(io::empty()));
        match &mut self.process {
            Process::Child(child) => drop(child.kill().and_then(|()| child.wait())),
            Process::Thread(thread) => drop(thread.take().map(JoinHandle::join)),
        }
    }
}

type Started = (Box<dyn Write + Send>, Box<dyn Read + Send>, Process);

fn child(program: &Path) -> Result<Started, JudgeError> {
    let started = Command::new(program)
        .arg("judge-worker")
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let program = program.display().to_string();
    let mut child = started.map_err(|source| JudgeError::Start { program, source })?;
    let asks = child.stdin.take().expect("it is piped");
    let answers = child.stdout.take().expect("it is piped");
    Ok((Box::new(asks), Box::new(answers), Process::Child(child)))
}

fn thread() -> Result<Started, JudgeError> {
    let failed = |source| JudgeError::Start { program: "a thread".to_owned(), source };
    let ((heard, asks), (answers, told)) = pipes().map_err(failed)?;
    let live = move || {
        if let Err(error) = worker::answer(heard, told) {
            tracing::debug!(%error, "nobody waits for the judging any more");
        }
    };
    let thread = std::thread::Builder::new().name("judge".to_owned()).spawn(live);
    let thread = thread.map_err(failed)?;
    Ok((Box::new(asks), Box::new(answers), Process::Thread(Some(thread))))
}

type Pipe = (PipeReader, PipeWriter);

fn pipes() -> io::Result<(Pipe, Pipe)> {
    Ok((io::pipe()?, io::pipe()?))
}

/// A pipe that is closed is a process that has ended.
fn died(error: io::Error) -> JudgeError {
    tracing::debug!(%error, "the judging process does not answer");
    JudgeError::Died
}
