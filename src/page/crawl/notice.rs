//! Tells pages that have changed from pages that a site has put a notice in place of: that it is
//! being maintained, or that nothing can be found just now. Their old text is kept.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::FetchedPage;
use crate::page::bodies::Body;
use crate::page::crawl::address::Address;

/// A notice has at most so many words.
const WORDS_MAX: usize = 150;
/// When so many known pages say the same from now on, it is no page that says it.
const SAME_MIN: usize = 3;
/// So many pages wait for the end; the others are what they seem.
const HELD_MAX: usize = 500;
/// What a notice on maintenance says, in the languages that the program knows.
const WORDS: [&str; 10] = [
    "driftsstans",
    "down for",
    "maintenance",
    "midlertidig",
    "mellombels",
    "unavailable",
    "utilgjengeleg",
    "utilgjengelig",
    "vedlikehald",
    "vedlikehold",
];

/// Short pages that have changed, until it is known how many say the same.
#[derive(Debug, Default)]
pub(super) struct Notices {
    held: Vec<FetchedPage>,
    /// By text: known pages that say the same as another page, and did not before.
    twins: BTreeMap<String, BTreeSet<String>>,
}

impl Notices {
    /// Keeps a changed page back if it may be a notice; else gives it back.
    pub(super) fn hold(&mut self, page: FetchedPage) -> Option<FetchedPage> {
        if HELD_MAX <= self.held.len() || WORDS_MAX < words(&page.body) {
            return Some(page);
        }
        self.held.push(page);
        None
    }

    /// Notes a known page whose new text another page has too.
    pub(super) fn twin(&mut self, address: &Address, fingerprint: &str) {
        self.twins.entry(fingerprint.to_owned()).or_default().insert(address.to_string());
    }

    /// Parts what is held: known addresses that show a notice, and pages that have changed.
    pub(super) fn part(self) -> (BTreeSet<String>, Vec<FetchedPage>) {
        let Self { held, mut twins } = self;
        let mut noticed = BTreeSet::new();
        let mut changed = vec![];
        for page in held {
            let same = twins.get(&page.fingerprint).map_or(0, BTreeSet::len) + 1;
            if same < SAME_MIN && !says_so(&page) {
                changed.push(page);
                continue;
            }
            noticed.extend(twins.remove(&page.fingerprint).unwrap_or_default());
            noticed.insert(page.address.clone());
        }
        (noticed, changed)
    }
}

/// A notice says so and leads nowhere; a page on the maintenance of roads leads on.
fn says_so(page: &FetchedPage) -> bool {
    let leads_on = page.links.as_ref().is_some_and(|links| 1 < links.len());
    let passages = page.body.passages.iter().map(|it| it.text.as_str());
    let text = std::iter::once(page.body.title.as_str()).chain(passages);
    let says = |it: &str| WORDS.iter().any(|word| it.to_lowercase().contains(word));
    !leads_on && text.into_iter().any(says)
}

fn words(body: &Body) -> usize {
    body.passages.iter().map(|it| it.text.split_whitespace().count()).sum()
}
