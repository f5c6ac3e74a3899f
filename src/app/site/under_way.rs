//! The crawls under way: one for each site, which others may watch and stop.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::page::CrawlProgress;

/// The sites that are being read, by their start.
#[derive(Debug, Default)]
pub(in crate::app) struct UnderWay(Mutex<BTreeMap<String, Going>>);

/// A crawl under way.
#[derive(Debug)]
struct Going {
    progress: watch::Receiver<CrawlProgress>,
    stop: CancellationToken,
}

/// One crawl's hold on its site.
pub(super) struct Hold<'a> {
    of: &'a UnderWay,
    site: &'a str,
    pub(super) progress: watch::Sender<CrawlProgress>,
    pub(super) stop: CancellationToken,
}

impl UnderWay {
    fn sites(&self) -> MutexGuard<'_, BTreeMap<String, Going>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a site for one crawl; none when another has it.
    pub(super) fn hold<'a>(&'a self, site: &'a str) -> Option<Hold<'a>> {
        let mut sites = self.sites();
        if sites.contains_key(site) {
            return None;
        }
        let (progress, seen) = watch::channel(CrawlProgress::default());
        let stop = CancellationToken::new();
        sites.insert(site.to_owned(), Going { progress: seen, stop: stop.clone() });
        Some(Hold { of: self, site, progress, stop })
    }

    /// Whether a site is being read.
    pub(in crate::app) fn has(&self, site: &str) -> bool {
        self.sites().contains_key(site)
    }

    /// How the crawl of a site goes.
    pub(super) fn watch(&self, site: &str) -> Option<watch::Receiver<CrawlProgress>> {
        self.sites().get(site).map(|it| it.progress.clone())
    }

    /// Stops the crawl of a site; tells whether there was one.
    pub(super) fn stop(&self, site: &str) -> bool {
        let sites = self.sites();
        let going = sites.get(site);
        going.inspect(|it| it.stop.cancel()).is_some()
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.of.sites().remove(self.site);
    }
}
