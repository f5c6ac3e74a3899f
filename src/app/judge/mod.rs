//! What the site has for each question: found when the question is logged, and kept.
//!
//! Evidence is a function of the question, the site's pages and what was learned from the log.
//! The last two have a fingerprint; what was kept under another one counts for nothing. What an
//! editor says that the pages say for a word is a part of the question as it is kept, so that a
//! row of that table makes the evidence of those questions stale that have its word, and no other.

mod kept;
mod site;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use skranke_index::{Evidence, OwnWords, evidence_by, evidences_by};

use super::State;
use super::words::own::{Own, as_read};
use crate::journal::Seq;
use crate::page::{Bodies, BodyError};
use crate::topic::{decode_evidence, encode_evidence};
use crate::view::ViewError;

use kept::Kept;
pub(super) use site::Site;
use site::{Fingerprint, taught_by};

/// So many questions are looked up before what was found is kept and others may go on.
const AT_A_TIME: usize = 100;

/// Reads the site for questions, and remembers.
pub(super) struct Judge {
    state: State,
    bodies: Bodies,
    site: Mutex<Option<Arc<Site>>>,
    kept: Mutex<Kept>,
    own: Own,
}

/// What the site has for each question, and for how many it had to be found.
pub(super) struct Judged {
    pub(super) each: BTreeMap<Seq, Evidence>,
    pub(super) found_anew: usize,
}

impl Judge {
    /// Keeps what it finds in `folder`.
    pub(super) fn new(state: State, bodies: Bodies, folder: PathBuf) -> Self {
        let kept = Mutex::new(Kept::new(folder));
        Self { state, bodies, site: Mutex::default(), kept, own: Own::default() }
    }

    /// What the pages say for what callers say, as the table stands.
    pub(super) fn own(&self) -> Arc<OwnWords> {
        self.own.of(&self.state)
    }

    /// The site as it stands, having learned from the log; read anew when either is another one
    /// than last time. `words` are all questions, in the order of the journal.
    pub(super) fn site(&self, words: &[(Seq, String)]) -> Result<Arc<Site>, BodyError> {
        let pages = self.state.pages.all();
        let teachers = taught_by(words);
        let fingerprint = Fingerprint::of(&pages, teachers);
        let mut held = self.site.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(site) = held.as_ref().filter(|it| it.fingerprint == fingerprint) {
            return Ok(Arc::clone(site));
        }
        // The old one goes first: two would need twice the memory.
        *held = None;
        let site = Arc::new(Site::read(&pages, &self.bodies, fingerprint)?);
        site.passages.learn(teachers.iter().map(|it| it.1.as_str()));
        *held = Some(Arc::clone(&site));
        Ok(site)
    }

    /// What a site has for each question: what was kept, else found now and then kept.
    pub(super) fn each(&self, site: &Site, words: &[(Seq, String)]) -> Judged {
        let own = self.own();
        let mut each = self.known((site, &own), words);
        let unknown: Vec<&(Seq, String)> =
            words.iter().filter(|it| !each.contains_key(&it.0)).collect();
        let texts: Vec<&str> = unknown.iter().map(|it| it.1.as_str()).collect();
        let found = evidences_by(&texts, &site.passages, &own);
        let rows: Vec<(Seq, Option<Vec<u8>>)> = unknown
            .iter()
            .zip(&found)
            .map(|((seq, text), it)| (*seq, Some(encode_evidence(&as_read(text, &own), it))))
            .collect();
        self.keep(site, &rows);
        each.extend(unknown.iter().map(|it| it.0).zip(found));
        Judged { each, found_anew: unknown.len() }
    }

    /// Finds and keeps what is not kept yet, on one processor and a few at a time, for it goes on
    /// beside the service. `stop` ends it early.
    pub(super) fn catch_up(
        &self,
        words: &[(Seq, String)],
        stop: &AtomicBool,
    ) -> Result<(), BodyError> {
        let site = self.site(words)?;
        let known = self.known((&site, &self.own()), words);
        let unknown: Vec<_> = words.iter().filter(|it| !known.contains_key(&it.0)).collect();
        drop(known);
        for some in unknown.chunks(AT_A_TIME) {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            self.find(&site, some.iter().map(|it| (it.0, Some(it.1.as_str()))));
        }
        Ok(())
    }

    /// Finds and keeps what the site, as it was read last, has for inquiries that have changed.
    pub(super) fn follow(&self, changed: &[Seq]) -> Result<(), ViewError> {
        let held = self.site.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(site) = held else { return Ok(()) };
        let mut words = vec![];
        for seq in changed {
            words.push((*seq, self.state.inquiries.words(*seq)?));
        }
        self.find(&site, words.iter().map(|it| (it.0, it.1.as_deref())));
        Ok(())
    }

    /// Every question in the order of the journal.
    pub(super) fn words(&self) -> Result<Vec<(Seq, String)>, ViewError> {
        let seqs: Vec<Seq> = {
            let columns = self.state.inquiries.columns();
            columns.live().filter(|it| it.has_text).map(|it| it.seq).collect()
        };
        let mut words = Vec::with_capacity(seqs.len());
        for seq in seqs {
            words.extend(self.state.inquiries.words(seq)?.map(|it| (seq, it)));
        }
        Ok(words)
    }

    /// An inquiry whose text is gone has nothing that is kept.
    fn find<'a>(&self, site: &Site, words: impl Iterator<Item = (Seq, Option<&'a str>)>) {
        let own = self.own();
        let found = |text: &str| {
            encode_evidence(&as_read(text, &own), &evidence_by(text, &site.passages, &own))
        };
        let row = |(seq, text): (Seq, Option<&str>)| (seq, text.map(found));
        self.keep(site, &words.map(row).collect::<Vec<_>>());
    }

    fn known(
        &self,
        (site, own): (&Site, &OwnWords),
        words: &[(Seq, String)],
    ) -> BTreeMap<Seq, Evidence> {
        let texts: BTreeMap<Seq, &str> = words.iter().map(|it| (it.0, it.1.as_str())).collect();
        let mut known = BTreeMap::new();
        let read = self.kept.lock().unwrap_or_else(PoisonError::into_inner).each(
            site.fingerprint,
            |seq, bytes| {
                let text = texts.get(&seq);
                known.extend(
                    text.and_then(|it| Some((seq, decode_evidence(&as_read(it, own), bytes)?))),
                );
            },
        );
        report(read);
        known
    }

    fn keep(&self, site: &Site, rows: &[(Seq, Option<Vec<u8>>)]) {
        // Who looked things up on a site that has changed since must not empty what is kept.
        let held = self.site.lock().unwrap_or_else(PoisonError::into_inner);
        if held.as_ref().is_none_or(|it| it.fingerprint != site.fingerprint) {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        report(kept.put(site.fingerprint, rows));
    }
}

/// What is kept saves time and nothing else: without it, all is found anew.
fn report(outcome: Result<(), ViewError>) {
    if let Err(error) = outcome {
        tracing::warn!(error = format!("{error:?}"), "what the site has could not be kept");
    }
}
