//! The website in memory as questions are looked up on it.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use skranke_index::{ANALYZER_VERSION, PassageSet};

use super::messages::SitePage;
use crate::app::page_text;
use crate::page::{Address, Body, Repeated};
use crate::topic::EVIDENCE_VERSION;

/// The site is learned anew when the log has grown by so much of itself: the little that came
/// since tells little more, and all that is kept would count for nothing each time.
const GROWTH_SHARE: usize = 8;
/// A log of fewer questions is looked at whole.
const GROWTH_FROM: usize = 2 * GROWTH_SHARE;

/// The live pages, and their passages ready to be searched by the page's place in the list.
pub(super) struct Site {
    pub(super) addresses: Vec<String>,
    /// By page: the places on it of its passages, for some repeat and are left out.
    places: Vec<Vec<u32>>,
    pub(super) passages: PassageSet,
    pub(super) fingerprint: Fingerprint,
}

/// What evidence depends on beside the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint(pub(super) [u8; 16]);

impl Fingerprint {
    pub(super) fn of<'a>(pages: &[SitePage], teachers: impl Iterator<Item = &'a str>) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(ANALYZER_VERSION.to_le_bytes());
        hasher.update(EVIDENCE_VERSION.to_le_bytes());
        let mut add = |text: &str| {
            hasher.update(text.len().to_le_bytes());
            hasher.update(text);
        };
        for page in pages {
            [&page.site, &page.address, &page.hash].into_iter().for_each(|it| add(it));
        }
        add("");
        teachers.for_each(add);
        let mut first = [0; 16];
        first.copy_from_slice(&hasher.finalize()[..16]);
        Self(first)
    }
}

/// From how many of so many questions the site learns: the first ones, up to the size at which the
/// log had last grown by its share. A function of the log alone, so that a rebuilt folder learns
/// the same.
pub(super) fn taught_by(questions: usize) -> usize {
    let mut size = questions.min(GROWTH_FROM);
    while size + size / GROWTH_SHARE <= questions && GROWTH_FROM <= size {
        size += size / GROWTH_SHARE;
    }
    size
}

impl Site {
    /// Reads the texts of pages.
    pub(super) fn read(pages: &[SitePage], fingerprint: Fingerprint) -> Self {
        let mut of_site: BTreeMap<&str, Vec<&Body>> = BTreeMap::new();
        for page in pages {
            of_site.entry(&page.site).or_default().push(&page.body);
        }
        let repeated: BTreeMap<&str, Repeated> =
            of_site.into_iter().map(|(site, pages)| (site, Repeated::of(pages))).collect();
        let (mut texts, mut places) = (vec![], vec![]);
        for (key, page) in (0_u64..).zip(pages) {
            let (body, kept) = rest(page.body.clone(), &repeated[page.site.as_str()]);
            texts.push(page_text(key, &body));
            places.push(kept);
        }
        let addresses = pages.iter().map(|it| it.address.clone()).collect();
        Self { addresses, places, passages: PassageSet::new(&texts), fingerprint }
    }

    /// Where a passage that was found stands: the page's address, and its place on the page.
    pub(super) fn place(&self, page: u64, passage: u32) -> Option<(&str, u32)> {
        let at = usize::try_from(page).ok()?;
        let place = self.places.get(at)?.get(usize::try_from(passage).ok()?)?;
        Some((self.addresses.get(at)?, *place))
    }

    /// The place of a page in the list, by an address as an editor may have written it.
    pub(super) fn place_of(&self, address: &str) -> Option<u64> {
        let normal = Address::parse(address).ok();
        let fits = |it: &String| {
            it == address || normal.as_ref().is_some_and(|normal| normal.as_str() == it)
        };
        self.addresses.iter().position(fits).map(|at| at as u64)
    }
}

/// A page without what repeats over its site, and the places of the passages that are left.
fn rest(mut page: Body, repeated: &Repeated) -> (Body, Vec<u32>) {
    let passages = std::mem::take(&mut page.passages);
    let left = (0_u32..).zip(&passages);
    let left = left.filter_map(|(place, passage)| Some((place, repeated.rest(passage)?)));
    let places;
    (places, page.passages) = left.unzip();
    (page, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_learns_anew_when_the_log_has_grown_by_an_eighth() {
        let sizes: Vec<usize> = (0..=5_000).map(taught_by).collect();
        let mut steps = 0;
        for (n, size) in sizes.iter().enumerate() {
            assert!(*size <= n && n - size <= n / GROWTH_SHARE, "{size} of {n}");
            steps += usize::from(0 < n && sizes[n - 1] != *size);
        }
        assert_eq!(sizes[16], 16);
        assert_eq!(sizes[17], 16);
        assert!(steps < 80, "{steps} times");
    }
}
