//! The life of the process that judges: it hears questions and pages, and tells groups and what
//! the site has for them.
//!
//! Evidence is a function of the question, the site's pages and what was learned from the log.
//! The last two have a fingerprint; what was kept under another one counts for nothing. What an
//! editor says that the pages say for a word is a part of the question as it is kept, so that a
//! row of that table makes the evidence of those questions stale that have its word, and no other.

use std::collections::BTreeMap;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::{Resource, Rlimit, setrlimit};
use skranke_index::{Evidence, OwnWords, PassageSet, TopicEvidence, evidences_by};

use super::kept::Kept;
use super::messages::{Answer, Ask, Found, JudgedGroup, SitePage, read, write};
use super::site::{Fingerprint, Site, taught_by};
use crate::app::priority;
use crate::app::words::own::as_read;
use crate::gap::{self, Nearest, Reworded};
use crate::journal::Seq;
use crate::topic::{RunInput, decode_evidence, encode_evidence, regroup};
use crate::view::ViewError;

/// So much memory may be asked for: a million questions take less.
const MEMORY_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;
/// So many questions are looked up before what was found is kept.
const AT_A_TIME: usize = 20_000;
/// A page answers when it stands among the first so many that a question leads to.
const FIRST_PAGES: usize = 3;
/// So many passages and pages are told of a group.
const PLACES_TOLD: usize = 3;

/// The child's whole life: limits itself, then answers until `input` ends. Only for a process that
/// does nothing else.
pub fn run(input: impl Read, output: impl Write) -> io::Result<()> {
    let limit = |most| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::As, limit(MEMORY_BYTES_MAX))?;
    setrlimit(Resource::Core, limit(0))?;
    give_way()?;
    answer(input, output)
}

/// Takes the least priority, and ends with the service.
#[cfg(target_os = "linux")]
fn give_way() -> io::Result<()> {
    use rustix::process::{Signal, set_parent_process_death_signal};
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // It runs when nobody else wants to.
    priority::lower(priority::LEAST);
    Ok(())
}

/// Other systems let it end when it next speaks.
#[cfg(not(target_os = "linux"))]
fn give_way() -> io::Result<()> {
    Ok(())
}

/// Answers until `input` ends.
pub(super) fn answer(input: impl Read, output: impl Write) -> io::Result<()> {
    let (mut input, mut output) = (BufReader::new(input), BufWriter::new(output));
    let mut worker = Worker::default();
    while let Some(ask) = read(&mut input)? {
        // A panic is told, for the child's own words are heard by nobody.
        let done = catch_unwind(AssertUnwindSafe(|| worker.hear(ask, &mut output)));
        done.unwrap_or_else(|_| write(&mut output, &Answer::Failed("it panicked".to_owned())))?;
        output.flush()?;
    }
    Ok(())
}

#[derive(Default)]
struct Worker {
    kept: Kept,
    pages: Vec<SitePage>,
    own: OwnWords,
    questions: BTreeMap<Seq, String>,
    site: Option<Site>,
}

/// What the site has for each question, and for how many it had to be found.
struct Judged {
    each: BTreeMap<Seq, Evidence>,
    found_anew: usize,
}

impl Worker {
    fn hear(&mut self, ask: Ask, output: &mut impl Write) -> io::Result<()> {
        match ask {
            Ask::Keep(folder) => self.kept = Kept::new(folder),
            Ask::Pages => (self.pages, self.site) = (vec![], None),
            Ask::Page(page) => self.pages.push(*page),
            Ask::Words(pairs) => {
                self.own = OwnWords::of(pairs.iter().map(|it| (it.0.as_str(), it.1.as_str())));
            }
            Ask::Question(seq, text) => drop(self.questions.insert(seq, text)),
            Ask::Gone(seq) => drop(self.questions.remove(&seq)),
            Ask::Know => {
                let site = self.site();
                let found_anew = self.each(&site).found_anew;
                self.site = Some(site);
                write(output, &Answer::Known(found_anew))?;
            }
            Ask::Group { together, apart } => {
                let site = self.site();
                self.group(&site, (together, apart), output)?;
                self.site = Some(site);
            }
            Ask::Try { address, questions } => {
                let site = self.site();
                let page = site.place_of(&address);
                let leads = |it: &String| page.is_some_and(|at| leads_to(&site.passages, it, at));
                write(output, &Answer::Leads(questions.iter().map(leads).collect()))?;
                self.site = Some(site);
            }
        }
        Ok(())
    }

    /// The site as it stands, having learned from the log; read anew when either is another one
    /// than last time.
    fn site(&mut self) -> Site {
        let taught = taught_by(self.questions.len());
        let teachers = || self.questions.values().take(taught).map(String::as_str);
        let fingerprint = Fingerprint::of(&self.pages, teachers());
        if let Some(site) = self.site.take_if(|it| it.fingerprint == fingerprint) {
            return site;
        }
        // The old one goes first: two would need twice the memory.
        self.site = None;
        let site = Site::read(&self.pages, fingerprint);
        site.passages.learn(teachers());
        site
    }

    /// What a site has for each question: what was kept, else found now and then kept.
    fn each(&mut self, site: &Site) -> Judged {
        let mut each = self.known(site);
        let unknown: Vec<(Seq, &str)> = self
            .questions
            .iter()
            .filter(|it| !each.contains_key(it.0))
            .map(|(seq, text)| (*seq, text.as_str()))
            .collect();
        for some in unknown.chunks(AT_A_TIME) {
            let texts: Vec<&str> = some.iter().map(|it| it.1).collect();
            let found = evidences_by(&texts, &site.passages, &self.own);
            let row = |((seq, text), found): (&(Seq, &str), &Evidence)| {
                (*seq, encode_evidence(&as_read(text, &self.own), found))
            };
            let rows: Vec<(Seq, Vec<u8>)> = some.iter().zip(&found).map(row).collect();
            report(self.kept.put(site.fingerprint, rows));
            each.extend(some.iter().map(|it| it.0).zip(found));
        }
        Judged { each, found_anew: unknown.len() }
    }

    fn known(&mut self, site: &Site) -> BTreeMap<Seq, Evidence> {
        let mut known = BTreeMap::new();
        let (questions, own) = (&self.questions, &self.own);
        let read = self.kept.each(site.fingerprint, |seq, bytes| {
            let text = questions.get(&seq);
            known.extend(
                text.and_then(|it| Some((seq, decode_evidence(&as_read(it, own), bytes)?))),
            );
        });
        report(read);
        known
    }

    fn group(
        &mut self,
        site: &Site,
        (together, apart): (Vec<Vec<Seq>>, Vec<(Seq, Seq)>),
        output: &mut impl Write,
    ) -> io::Result<()> {
        let Judged { each, found_anew } = self.each(site);
        let found = regroup(RunInput {
            questions: self.questions.iter().map(|it| (*it.0, it.1.as_str())).collect(),
            passages: &site.passages,
            each,
            together,
            apart,
        });
        for it in found.groups {
            let found = it.evidence.map(|it| told(&it, site));
            let (members, exemplar, words) = (it.group.members, it.group.exemplar, it.group.words);
            let group = JudgedGroup { members, exemplar, words, found };
            write(output, &Answer::Group(Box::new(group)))?;
        }
        write(output, &Answer::Known(found_anew))
    }
}

/// What the site has for a group, by addresses.
fn told(evidence: &TopicEvidence, site: &Site) -> Found {
    let address = |page: u64| {
        let at = usize::try_from(page).ok();
        at.and_then(|it| site.addresses.get(it)).cloned().unwrap_or_default()
    };
    let max = gap::Evidence::ITEMS_MAX;
    let places = evidence.passages.iter().take(PLACES_TOLD);
    let nearest = places
        .filter_map(|it| site.place(it.page, it.passage))
        .map(|(address, passage)| Nearest { address: address.to_owned(), passage });
    let evidence_told = gap::Evidence {
        nearest: nearest.collect(),
        pages: evidence.pages.iter().take(PLACES_TOLD).map(|it| address(it.0)).collect(),
        covered: evidence.covered.iter().take(max).cloned().collect(),
        reworded: evidence.reworded.iter().take(max).map(Reworded::from).collect(),
        missing: evidence.missing.iter().take(max).cloned().collect(),
        ..gap::Evidence::default()
    };
    let gap_score = rounded(evidence.gap_score);
    Found { verdict: evidence.finding.into(), gap_score, evidence: evidence_told }
}

fn leads_to(passages: &PassageSet, question: &str, page: u64) -> bool {
    passages.pages(question, FIRST_PAGES).iter().any(|it| it.0 == page)
}

/// Four decimals: finer differences are noise, and equal judgements shall be equal.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}

/// What is kept saves time and nothing else: without it, all is found anew.
fn report(outcome: Result<(), ViewError>) {
    if let Err(error) = outcome {
        tracing::warn!(error = format!("{error:?}"), "what the site has could not be kept");
    }
}
