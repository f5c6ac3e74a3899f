//! Which address of a site is visited next. Pure: it touches no network and knows no time.

mod alike;
mod novelty;
mod scope;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use self::alike::Alike;
pub(super) use self::novelty::{NEW_SHARE_MIN, Novelty};
pub use self::scope::Scope;
use super::address::Address;

/// Addresses are remembered up to so many; a site with more has a trap.
const SEEN_MAX: usize = 200_000;
/// So many addresses that differ only in parameters or numbers are visited.
const PATTERN_PAGES_MAX: usize = 500;
/// After each so many pages of a pattern it is asked how much of their text was new.
const WINDOW: usize = 100;
/// A path that repeats a piece of itself so often was made by a wrong link.
const REPEATS_MAX: usize = 3;

/// How far a crawl goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// So many pages are visited.
    pub pages_max: usize,
    /// So many links lie between the start and a page.
    pub depth_max: usize,
}

/// Why an address is not visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Skip {
    /// On another site.
    Elsewhere,
    /// Outside the paths that the organisation wants read.
    Path,
    /// Known already.
    Seen,
    /// A file of a kind that is not read.
    File,
    /// Too many links away.
    Depth,
    /// One of many that differ only in parameters or numbers.
    Pattern,
    /// Found by pages alone that brought nothing new, and so did many before it.
    Barren,
    /// A path that repeats itself.
    Repeats,
    /// More addresses than are remembered.
    TooMany,
}

/// An address whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    /// The address.
    pub address: Address,
    /// How many links lie between it and the start.
    pub depth: usize,
    /// How often it has been asked for in vain.
    pub tries: u32,
    /// Whether only pages that brought nothing new lead to it.
    pub is_barren: bool,
}

/// Where an address was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct From {
    /// How many links lie between it and the start.
    pub depth: usize,
    /// Whether the page that links to it brought nothing new.
    pub is_barren: bool,
}

/// The addresses that wait, nearest first, and all that have been seen.
#[derive(Debug)]
pub(super) struct Frontier {
    scope: Scope,
    reach: Reach,
    waiting: VecDeque<Visit>,
    /// What is asked for when nothing else waits: pages that bring nothing new lead there.
    barren: VecDeque<Visit>,
    barren_window: Window,
    seen: BTreeSet<Address>,
    /// Addresses by what makes no difference.
    spellings: HashSet<u64>,
    alike: Alike,
    patterns: BTreeMap<String, Pattern>,
    visited: usize,
}

#[derive(Debug, Default)]
struct Pattern {
    offered: usize,
    window: Window,
}

/// How much new text pages of one kind have brought lately.
#[derive(Debug, Default)]
struct Window {
    pages: usize,
    new: f64,
    is_stopped: bool,
}

impl Window {
    fn take(&mut self, share: f64) {
        self.pages += 1;
        self.new += share;
        if self.pages == WINDOW {
            self.is_stopped |= self.new < WINDOW as f64 * NEW_SHARE_MIN;
            (self.pages, self.new) = (0, 0.0);
        }
    }
}

impl Frontier {
    /// Makes an empty frontier.
    pub(super) fn new(scope: Scope, reach: Reach) -> Self {
        Self {
            scope,
            reach,
            waiting: VecDeque::new(),
            barren: VecDeque::new(),
            barren_window: Window::default(),
            seen: BTreeSet::new(),
            spellings: HashSet::new(),
            alike: Alike::default(),
            patterns: BTreeMap::new(),
            visited: 0,
        }
    }

    /// Takes an address that a page at `depth - 1` links to; it waits behind the others.
    pub(super) fn offer(&mut self, address: Address, from: From) -> Result<(), Skip> {
        let From { depth, is_barren } = from;
        let address = self.alike.without_idle(&address).unwrap_or(address);
        self.admit(&address, depth)?;
        let visit = Visit { address, depth, tries: 0, is_barren };
        if !is_barren {
            self.waiting.push_back(visit);
        } else if self.barren_window.is_stopped {
            return Err(Skip::Barren);
        } else {
            self.barren.push_back(visit);
        }
        Ok(())
    }

    /// Takes an address whose turn comes before all others: what a page says is its own.
    pub(super) fn offer_first(&mut self, address: Address, depth: usize) -> Result<(), Skip> {
        self.admit(&address, depth)?;
        self.waiting.push_front(Visit { address, depth, tries: 0, is_barren: false });
        Ok(())
    }

    fn admit(&mut self, address: &Address, depth: usize) -> Result<(), Skip> {
        self.scope.check(address)?;
        let spellings = self.alike.spellings(address);
        if self.has_seen(address) || spellings.iter().any(|it| self.spellings.contains(it)) {
            return Err(Skip::Seen);
        }
        if SEEN_MAX <= self.seen.len() {
            return Err(Skip::TooMany);
        }
        // A refused address is remembered too, so that it is refused and reported once.
        self.seen.insert(address.clone());
        self.spellings.extend(spellings);
        if is_file(address.path()) {
            return Err(Skip::File);
        }
        if self.reach.depth_max < depth {
            return Err(Skip::Depth);
        }
        if repeats(address.path()) {
            return Err(Skip::Repeats);
        }
        let Some(pattern) = pattern(address) else {
            return Ok(());
        };
        let pattern = self.patterns.entry(pattern).or_default();
        pattern.offered += 1;
        let is_over = pattern.window.is_stopped || PATTERN_PAGES_MAX < pattern.offered;
        if is_over { Err(Skip::Pattern) } else { Ok(()) }
    }

    /// Marks an address as seen without visiting it, such as the end of a redirect. Tells whether
    /// it was new.
    pub(super) fn mark(&mut self, address: &Address) -> bool {
        self.seen.insert(address.clone())
    }

    /// Tells whether an address has been offered or marked.
    pub(super) fn has_seen(&self, address: &Address) -> bool {
        self.seen.contains(address)
    }

    /// The next address, if there is one and the limit of pages is not reached. Addresses that
    /// have turned out since they were offered to bring nothing new are passed over.
    pub(super) fn next_visit(&mut self) -> Option<Visit> {
        while self.visited < self.reach.pages_max {
            if self.barren_window.is_stopped {
                self.barren.clear();
            }
            let visit = self.waiting.pop_front().or_else(|| self.barren.pop_front())?;
            let pattern = pattern(&visit.address).and_then(|it| self.patterns.get(&it));
            if pattern.is_some_and(|it| it.window.is_stopped) {
                continue;
            }
            if let Some(bare) = self.alike.without_idle(&visit.address) {
                // What made no difference had not been learned when it was offered.
                if self.mark(&bare) {
                    self.waiting.push_front(Visit { address: bare, ..visit });
                }
                continue;
            }
            self.visited += 1;
            return Some(visit);
        }
        None
    }

    /// Takes notice of how much of the text at an address is new, and what it is.
    pub(super) fn tell(&mut self, visit: &Visit, share: f64, fingerprint: &str) {
        self.alike.tell(&visit.address, fingerprint);
        if visit.is_barren {
            self.barren_window.take(share);
        }
        if let Some(pattern) = pattern(&visit.address).and_then(|it| self.patterns.get_mut(&it)) {
            pattern.window.take(share);
        }
    }

    /// Tells whether addresses still wait though the limit of pages is reached.
    pub(super) fn is_cut(&self) -> bool {
        self.reach.pages_max <= self.visited && !self.waiting.is_empty()
    }

    /// How many addresses wait.
    pub(super) fn n_waiting(&self) -> usize {
        self.waiting.len() + self.barren.len()
    }
}

/// What addresses have in common that a program makes endlessly: the names of their parameters,
/// and numbers in more than one place of the path (dates). None when there is nothing of it.
fn pattern(address: &Address) -> Option<String> {
    let is_number = |piece: &&str| {
        !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    let numbers = address.path().split('/').filter(is_number).count();
    let parameters = address.parameters();
    if parameters.is_empty() && numbers < 2 {
        return None;
    }
    let path: Vec<&str> =
        address.path().split('/').map(|it| if is_number(&it) { "0" } else { it }).collect();
    Some(format!("{}?{}", path.join("/"), parameters.join("&")))
}

/// Tells whether a path holds the same run of pieces three times in a row: `/a/b/a/b/a/b`.
fn repeats(path: &str) -> bool {
    let pieces: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    (1..=pieces.len() / REPEATS_MAX).any(|length| {
        pieces
            .windows(length * REPEATS_MAX)
            .any(|run| run.chunks(length).skip(1).all(|piece| piece == &run[..length]))
    })
}

/// Endings of files that hold no page.
const FILES: [&str; 42] = [
    "7z", "avi", "bmp", "css", "csv", "doc", "eot", "epub", "exe", "gif", "gz", "ico", "ics",
    "jpeg", "jpg", "js", "json", "m4a", "mjs", "mov", "mp3", "mp4", "odp", "ods", "odt", "ogg",
    "png", "ppt", "pptx", "rar", "rtf", "svg", "tar", "tif", "tiff", "ttf", "txt", "webp", "woff2",
    "xls", "xlsx", "zip",
];

fn is_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty() && FILES.binary_search(&ending.to_ascii_lowercase().as_str()).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(path: &str) -> Address {
        Address::parse(&format!("https://x.example{path}")).unwrap()
    }

    fn from(depth: usize) -> From {
        From { depth, is_barren: false }
    }

    fn frontier(pages_max: usize) -> Frontier {
        let reach = Reach { pages_max, depth_max: 3 };
        Frontier::new(Scope::host_of(&address("/")), reach)
    }

    #[test]
    fn near_pages_come_first_and_each_once() {
        let mut frontier = frontier(10);
        for (path, depth, expected) in [
            ("/", 0, Ok(())),
            ("/a", 1, Ok(())),
            ("/a", 2, Err(Skip::Seen)),
            ("/b", 3, Ok(())),
            ("/c", 4, Err(Skip::Depth)),
            ("/c", 1, Err(Skip::Seen)),
            ("/bilete.JPG", 1, Err(Skip::File)),
            ("/v1.2", 1, Ok(())),
            ("/a/b/a/b/a/b", 1, Err(Skip::Repeats)),
            ("/a/b/a/b", 1, Ok(())),
        ] {
            assert_eq!(frontier.offer(address(path), from(depth)), expected, "{path}");
        }
        frontier.offer_first(address("/own"), 1).unwrap();
        let order: Vec<String> = std::iter::from_fn(|| frontier.next_visit())
            .map(|visit| visit.address.path().to_owned())
            .collect();
        assert_eq!(order, ["/own", "/", "/a", "/b", "/v1.2", "/a/b/a/b"]);
    }

    #[test]
    fn the_limit_of_pages_is_kept() {
        let mut frontier = frontier(2);
        for path in ["/a", "/b"] {
            frontier.offer(address(path), from(0)).unwrap();
        }
        assert_eq!(std::iter::from_fn(|| frontier.next_visit()).count(), 2);
        assert!(!frontier.is_cut());
        frontier.offer(address("/c"), from(0)).unwrap();
        assert_eq!(frontier.next_visit(), None);
        assert!(frontier.is_cut());
    }

    #[test]
    fn endless_addresses_come_to_an_end() {
        let mut frontier = frontier(100_000);
        let admitted = (0..2_000)
            .filter(|n| frontier.offer(address(&format!("/list?page={n}&sort=a")), from(1)).is_ok())
            .count();
        assert_eq!(admitted, PATTERN_PAGES_MAX);
        let days = (0..2_000)
            .filter(|n| frontier.offer(address(&format!("/kalender/{n}/1")), from(1)).is_ok())
            .count();
        assert_eq!(days, PATTERN_PAGES_MAX);
        let articles = (0..2_000)
            .filter(|n| frontier.offer(address(&format!("/sak/{n}/tittel-{n}")), from(1)).is_ok())
            .count();
        assert_eq!(articles, 2_000);
    }

    #[test]
    fn a_pattern_that_brings_nothing_new_is_stopped() {
        let mut frontier = frontier(100_000);
        for n in 0..300 {
            frontier.offer(address(&format!("/list?page={n}")), from(1)).unwrap();
        }
        frontier.offer(address("/sist"), from(1)).unwrap();
        let mut visited = 0;
        while let Some(visit) = frontier.next_visit() {
            visited += 1;
            frontier.tell(&visit, if visited < 5 { 1.0 } else { 0.0 }, &visited.to_string());
        }
        assert_eq!(visited, WINDOW + 1);
        assert_eq!(frontier.offer(address("/list?page=301"), from(1)), Err(Skip::Pattern));
    }

    #[test]
    fn what_only_barren_pages_lead_to_waits_and_comes_to_an_end() {
        let mut frontier = frontier(100_000);
        let barren = From { depth: 1, is_barren: true };
        for n in 0..1_000 {
            let name: String =
                format!("{n}").chars().map(|it| char::from(b'a' + it as u8 - 48)).collect();
            frontier.offer(address(&format!("/{name}/{name}")), barren).unwrap();
        }
        frontier.offer(address("/god"), from(1)).unwrap();
        let mut order = vec![];
        while let Some(visit) = frontier.next_visit() {
            frontier.tell(&visit, 0.0, "borte");
            order.push(visit.address.path().to_owned());
        }
        assert_eq!((order[0].as_str(), order.len()), ("/god", 1 + WINDOW));
        assert_eq!(frontier.offer(address("/ny"), barren), Err(Skip::Barren));
    }

    #[test]
    fn a_session_of_an_unknown_name_is_found_out() {
        let mut frontier = frontier(100_000);
        for (n, page) in (0..20).flat_map(|n| (0..100).map(move |page| (n, page))) {
            frontier.offer(address(&format!("/side{page}?zz={n}")), from(1)).unwrap();
        }
        let mut visited = 0;
        while let Some(visit) = frontier.next_visit() {
            visited += 1;
            let text = visit.address.path().to_owned();
            frontier.tell(&visit, 1.0, &text);
        }
        assert!(visited <= 100 + 100 + 5, "{visited}");
    }

    #[test]
    fn the_list_of_files_is_sorted() {
        assert!(FILES.is_sorted());
    }
}
