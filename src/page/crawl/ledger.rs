//! Keeps count of what a crawl finds, and decides at its end which pages are gone. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::notice::Notices;
use super::plan::{CrawlReport, FetchedPage, Finding, Known, KnownPages};
use crate::page::Reason;
use crate::page::crawl::address::Address;

/// When more than so many of a hundred known pages are missing at once, something is wrong with
/// the site, and a person shall look.
const MISSING_PERCENT_MAX: usize = 30;
/// Fewer missing pages than this are believed whatever their share.
const MISSING_MIN: usize = 3;

/// The count so far.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    known: &'a KnownPages,
    missing: BTreeSet<String>,
    /// Known pages that the site does not want read any more.
    forbidden: BTreeSet<String>,
    notices: Notices,
    /// Addresses that are pages of the site.
    settled: BTreeSet<String>,
    /// Addresses that have been read, twins too, with the title where the page was sent.
    titles: BTreeMap<String, Option<String>>,
    texts: BTreeMap<String, Address>,
    pub(super) report: CrawlReport,
    /// The address that was settled last.
    pub(super) last: String,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(known: &'a KnownPages) -> Self {
        Self {
            known,
            missing: BTreeSet::new(),
            forbidden: BTreeSet::new(),
            notices: Notices::default(),
            settled: BTreeSet::new(),
            titles: BTreeMap::new(),
            texts: BTreeMap::new(),
            report: CrawlReport::default(),
            last: String::new(),
        }
    }

    /// What is known of an address.
    pub(super) fn known(&self, address: &Address) -> Option<&'a Known> {
        self.known.get(address.as_str())
    }

    /// All known addresses.
    pub(super) fn all_known(&self) -> impl Iterator<Item = &'a String> {
        self.known.keys()
    }

    /// Tells whether an address has been read in this crawl and is, as far as is known, a page
    /// of this title.
    pub(super) fn has_read(&self, address: &Address, title: &str) -> bool {
        let read = self.titles.get(address.as_str());
        read.is_some_and(|read| read.as_ref().is_none_or(|read| read == title))
    }

    /// Notes that an address is not read, and why.
    pub(super) fn leave_out(&mut self, address: &str, reason: impl Into<Reason>) {
        self.report.n_left_out += 1;
        if self.report.left_out.len() < CrawlReport::LEFT_OUT_MAX {
            self.report.left_out.push((address.to_owned(), reason.into()));
        }
    }

    /// Notes that there is no page of its own at an address; matters if there was one.
    pub(super) fn miss(&mut self, address: &str) {
        if self.known.contains_key(address) {
            self.missing.insert(address.to_owned());
        }
    }

    /// Notes that the site does not want an address read; matters if it was.
    pub(super) fn forbid(&mut self, address: &str) {
        if self.known.contains_key(address) {
            self.forbidden.insert(address.to_owned());
        }
    }

    /// Notes a page of the site that does not exist.
    pub(super) fn dead(&mut self, address: &str, status: u16) {
        if self.report.dead.len() < CrawlReport::LEFT_OUT_MAX {
            self.report.dead.push((address.to_owned(), status));
        }
    }

    /// Notes what could not be read, by reason.
    pub(super) fn fail(&mut self, address: &str, reason: &Reason) {
        const REASONS_MAX: usize = 50;
        let troubled = &mut self.report.troubled;
        if self.known.contains_key(address) && troubled.len() < CrawlReport::LEFT_OUT_MAX {
            troubled.push((address.to_owned(), reason.clone()));
        }
        let failed = &mut self.report.failed;
        if failed.len() < REASONS_MAX || failed.contains_key(reason) {
            *failed.entry(reason.clone()).or_default() += 1;
        }
    }

    /// The page with the same content that was read before this one, if any.
    pub(super) fn twin_of(&self, page: &FetchedPage) -> Option<&Address> {
        // Pages without text have nothing in common.
        let twin = self.texts.get(&page.fingerprint).filter(|_| !page.body.passages.is_empty());
        twin.filter(|twin| twin.as_str() != page.address)
    }

    /// Notes that an address has been read and holds what another page holds.
    pub(super) fn twin(&mut self, address: &Address, page: FetchedPage) {
        if self.known(address).is_some_and(|known| known.fingerprint != page.fingerprint) {
            self.notices.twin(address, &page.fingerprint);
        }
        self.titles.insert(address.to_string(), Some(page.body.title));
    }

    /// Takes a page that was sent. None when its new text may be a notice: then it is told at the
    /// end, if it is none.
    pub(super) fn read(&mut self, address: Address, page: FetchedPage) -> Option<Finding> {
        self.texts.entry(page.fingerprint.clone()).or_insert_with(|| address.clone());
        self.settle(&address, Some(page.body.title.clone()));
        match self.known(&address) {
            Some(known) if known.fingerprint == page.fingerprint => {
                self.report.unchanged += 1;
                let address = page.address.clone();
                Some(Finding::Unchanged { address, sent: Some(Box::new(page)), is_asked: true })
            }
            Some(_) => {
                let page = self.notices.hold(page)?;
                self.report.changed += 1;
                Some(Finding::Changed(Box::new(page)))
            }
            None => {
                self.report.new += 1;
                Some(Finding::New(Box::new(page)))
            }
        }
    }

    /// Takes a page that was not sent because it has not changed.
    pub(super) fn unchanged(
        &mut self,
        address: &Address,
        known: &Known,
        is_asked: bool,
    ) -> Finding {
        self.texts.entry(known.fingerprint.clone()).or_insert_with(|| address.clone());
        self.settle(address, None);
        self.report.unchanged += 1;
        Finding::Unchanged { address: address.to_string(), sent: None, is_asked }
    }

    fn settle(&mut self, address: &Address, title: Option<String>) {
        self.report.found += 1;
        self.last = address.to_string();
        self.settled.insert(address.to_string());
        self.titles.insert(address.to_string(), title);
    }

    /// Decides which known pages are gone; none when too many are missing to believe it. A page
    /// that the site asks not to read goes in any case: that is a wish, no accident.
    pub(super) fn close(&mut self) -> Vec<Finding> {
        let (noticed, changed) = std::mem::take(&mut self.notices).part();
        self.report.changed += changed.len();
        let mut findings: Vec<Finding> =
            changed.into_iter().map(|it| Finding::Changed(Box::new(it))).collect();
        let is_there = |it: &&String| self.settled.contains(*it) || noticed.contains(*it);
        let is_missing = |it: &&String| !is_there(it) && !self.forbidden.contains(*it);
        let missing: Vec<String> = self.missing.iter().filter(is_missing).cloned().collect();
        let forbidden = self.forbidden.iter().filter(|it| !is_there(it)).cloned();
        let n_odd = missing.len() + noticed.len();
        let is_odd = MISSING_MIN <= n_odd && self.known.len() * MISSING_PERCENT_MAX < n_odd * 100;
        let mut gone: Vec<String> = forbidden.collect();
        if is_odd {
            self.report.kept = missing;
        } else {
            gone.extend(missing);
        }
        self.report.noticed = noticed.into_iter().collect();
        self.report.gone = gone.len();
        findings.extend(gone.into_iter().map(|address| Finding::Gone { address }));
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(n_known: usize, n_missing: usize, is_believed: bool) {
        let known = (0..n_known).map(|n| (format!("https://x.example/{n}"), Known::default()));
        let known: KnownPages = known.collect();
        let mut ledger = Ledger::new(&known);
        for n in 0..n_missing {
            ledger.miss(&format!("https://x.example/{n}"));
        }
        ledger.miss("https://x.example/never-known");
        let gone = ledger.close();
        assert_eq!(gone.len(), if is_believed { n_missing } else { 0 }, "{n_missing} of {n_known}");
        assert_eq!(ledger.report.kept.len(), if is_believed { 0 } else { n_missing });
    }

    #[test]
    fn many_pages_missing_at_once_are_kept() {
        check(100, 0, true);
        check(100, 30, true);
        check(100, 31, false);
        check(4, 2, true);
        check(4, 3, false);
        check(1, 1, true);
    }

    #[test]
    fn what_the_site_forbids_goes_however_much_it_is() {
        let known = (0..10).map(|n| (format!("https://x.example/{n}"), Known::default()));
        let known: KnownPages = known.collect();
        let mut ledger = Ledger::new(&known);
        for n in 0..6 {
            ledger.forbid(&format!("https://x.example/{n}"));
        }
        ledger.miss("https://x.example/9");
        assert_eq!((ledger.close().len(), ledger.report.kept.len()), (7, 0));
    }

    #[test]
    fn a_page_that_was_read_is_not_missing() {
        let known = KnownPages::from([("https://x.example/a".to_owned(), Known::default())]);
        let mut ledger = Ledger::new(&known);
        let address = Address::parse("https://x.example/a").unwrap();
        ledger.miss(address.as_str());
        ledger.unchanged(&address, &Known::default(), true);
        assert!(ledger.close().is_empty());
    }
}
