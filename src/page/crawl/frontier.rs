//! Which address of a site is visited next. Pure: it touches no network and knows no time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::address::Address;

/// Addresses are remembered up to so many; a site with more has a trap.
const SEEN_MAX: usize = 200_000;
/// So many addresses that differ only in parameters or numbers are visited.
const PATTERN_PAGES_MAX: usize = 500;
/// After each so many pages of a pattern it is asked whether they brought anything new.
const PATTERN_WINDOW: usize = 100;
/// A pattern that brings fewer new texts than this in a window is visited no more.
const PATTERN_NEW_MIN: usize = 5;
/// A path that repeats a piece of itself so often was made by a wrong link.
const REPEATS_MAX: usize = 3;

/// Which addresses belong to the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    host: String,
    port: Option<u16>,
    /// Paths must begin with one of these; none means all.
    pub allowed: Vec<String>,
    /// Paths must begin with none of these.
    pub denied: Vec<String>,
}

/// How far a crawl goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// So many pages are visited.
    pub pages_max: usize,
    /// So many links lie between the start and a page.
    pub depth_max: usize,
}

/// Why an address is not visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Skip {
    /// On another site.
    #[error("it lies on another site")]
    Elsewhere,
    /// Outside the paths that the organisation wants read.
    #[error("its path is not to be read")]
    Path,
    /// Known already.
    #[error("it is known already")]
    Seen,
    /// A file of a kind that is not read.
    #[error("files of this kind are not read yet")]
    File,
    /// Too many links away.
    #[error("it lies too many links from the start")]
    Depth,
    /// One of many that differ only in parameters or numbers.
    #[error("too many addresses like it bring nothing new")]
    Pattern,
    /// A path that repeats itself.
    #[error("its path repeats itself")]
    Repeats,
    /// More addresses than are remembered.
    #[error("the site has too many addresses")]
    TooMany,
}

/// An address whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Visit {
    /// The address.
    pub address: Address,
    /// How many links lie between it and the start.
    pub depth: usize,
}

/// The addresses that wait, nearest first, and all that have been seen.
#[derive(Debug)]
pub(super) struct Frontier {
    scope: Scope,
    reach: Reach,
    waiting: VecDeque<Visit>,
    seen: BTreeSet<Address>,
    patterns: BTreeMap<String, Pattern>,
    visited: usize,
}

#[derive(Debug, Default)]
struct Pattern {
    offered: usize,
    visited: usize,
    new_in_window: usize,
    is_stopped: bool,
}

impl Scope {
    /// Everything on the host of `start`.
    pub fn host_of(start: &Address) -> Self {
        let (host, port) = (start.host().to_owned(), start.url().port());
        Self { host, port, allowed: vec![], denied: vec![] }
    }

    /// Everything in the folder of `start` and below: a whole site, or a part of one.
    pub fn below(start: &Address) -> Self {
        let folder = start.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let allowed = if folder.is_empty() { vec![] } else { vec![format!("{folder}/")] };
        Self { allowed, ..Self::host_of(start) }
    }

    /// Moves the site to the host of `to`.
    pub fn moved_to(self, to: &Address) -> Self {
        Self { host: to.host().to_owned(), port: to.url().port(), ..self }
    }

    /// Tells whether an address is on the site's host.
    pub fn is_on_host(&self, address: &Address) -> bool {
        address.host() == self.host && address.url().port() == self.port
    }

    /// Tells why an address does not belong to what is read, if it does not.
    pub fn check(&self, address: &Address) -> Result<(), Skip> {
        if !self.is_on_host(address) {
            return Err(Skip::Elsewhere);
        }
        let begins = |prefix: &String| address.path().starts_with(prefix.as_str());
        let is_wanted = self.allowed.is_empty() || self.allowed.iter().any(begins);
        if is_wanted && !self.denied.iter().any(begins) { Ok(()) } else { Err(Skip::Path) }
    }
}

impl Frontier {
    /// Makes an empty frontier.
    pub(super) fn new(scope: Scope, reach: Reach) -> Self {
        Self {
            scope,
            reach,
            waiting: VecDeque::new(),
            seen: BTreeSet::new(),
            patterns: BTreeMap::new(),
            visited: 0,
        }
    }

    /// Takes an address that a page at `depth - 1` links to; it waits behind the others.
    pub(super) fn offer(&mut self, address: Address, depth: usize) -> Result<(), Skip> {
        self.admit(&address, depth)?;
        self.waiting.push_back(Visit { address, depth });
        Ok(())
    }

    /// Takes an address whose turn comes before all others: what a page says is its own.
    pub(super) fn offer_first(&mut self, address: Address, depth: usize) -> Result<(), Skip> {
        self.admit(&address, depth)?;
        self.waiting.push_front(Visit { address, depth });
        Ok(())
    }

    fn admit(&mut self, address: &Address, depth: usize) -> Result<(), Skip> {
        self.scope.check(address)?;
        if self.seen.contains(address) {
            return Err(Skip::Seen);
        }
        if SEEN_MAX <= self.seen.len() {
            return Err(Skip::TooMany);
        }
        // A refused address is remembered too, so that it is refused and reported once.
        self.seen.insert(address.clone());
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
        let is_over = pattern.is_stopped || PATTERN_PAGES_MAX < pattern.offered;
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

    /// The next address, if there is one and the limit of pages is not reached. Addresses of a
    /// pattern that has been stopped since they were offered are passed over.
    pub(super) fn next_visit(&mut self) -> Option<Visit> {
        while self.visited < self.reach.pages_max {
            let visit = self.waiting.pop_front()?;
            let pattern = pattern(&visit.address).and_then(|it| self.patterns.get(&it));
            if !pattern.is_some_and(|it| it.is_stopped) {
                self.visited += 1;
                return Some(visit);
            }
        }
        None
    }

    /// Takes notice of whether the page at an address brought a text not seen before.
    pub(super) fn tell(&mut self, address: &Address, is_new: bool) {
        let Some(pattern) = pattern(address).and_then(|it| self.patterns.get_mut(&it)) else {
            return;
        };
        pattern.visited += 1;
        pattern.new_in_window += usize::from(is_new);
        if pattern.visited % PATTERN_WINDOW == 0 {
            pattern.is_stopped |= pattern.new_in_window < PATTERN_NEW_MIN;
            pattern.new_in_window = 0;
        }
    }

    /// Tells whether addresses still wait though the limit of pages is reached.
    pub(super) fn is_cut(&self) -> bool {
        self.reach.pages_max <= self.visited && !self.waiting.is_empty()
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
const FILES: [&str; 43] = [
    "7z", "avi", "bmp", "css", "csv", "doc", "eot", "epub", "exe", "gif", "gz", "ico", "ics",
    "jpeg", "jpg", "js", "json", "m4a", "mjs", "mov", "mp3", "mp4", "odp", "ods", "odt", "ogg",
    "png", "ppt", "pptx", "rar", "rss", "rtf", "svg", "tar", "tif", "tiff", "ttf", "txt", "webp",
    "woff2", "xls", "xlsx", "zip",
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

    fn frontier(pages_max: usize) -> Frontier {
        let reach = Reach { pages_max, depth_max: 3 };
        Frontier::new(Scope::host_of(&address("/")), reach)
    }

    #[track_caller]
    fn check(scope: &Scope, text: &str, expected: Result<(), Skip>) {
        assert_eq!(scope.check(&Address::parse(text).unwrap()), expected, "{text}");
    }

    #[test]
    fn a_site_is_a_host_with_its_port() {
        let scope = Scope::host_of(&address("/a/b"));
        check(&scope, "https://x.example/", Ok(()));
        check(&scope, "http://x.example/", Ok(()));
        check(&scope, "https://x.example:8443/", Err(Skip::Elsewhere));
        check(&scope, "https://y.x.example/", Err(Skip::Elsewhere));
        check(&scope, "https://x.example.evil.example/", Err(Skip::Elsewhere));
    }

    #[test]
    fn a_part_of_a_site_is_what_lies_in_its_folder() {
        let scope = Scope::below(&address("/nn/index.html"));
        check(&scope, "https://x.example/nn/skule", Ok(()));
        check(&scope, "https://x.example/nb/skole", Err(Skip::Path));
        assert!(Scope::below(&address("/forside")).allowed.is_empty());
        let scope = Scope { denied: vec!["/nn/intern".into()], ..scope };
        check(&scope, "https://x.example/nn/intern/a", Err(Skip::Path));
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
            assert_eq!(frontier.offer(address(path), depth), expected, "{path}");
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
            frontier.offer(address(path), 0).unwrap();
        }
        assert_eq!(std::iter::from_fn(|| frontier.next_visit()).count(), 2);
        assert!(!frontier.is_cut());
        frontier.offer(address("/c"), 0).unwrap();
        assert_eq!(frontier.next_visit(), None);
        assert!(frontier.is_cut());
    }

    #[test]
    fn endless_addresses_come_to_an_end() {
        let mut frontier = frontier(100_000);
        let admitted = (0..2_000)
            .filter(|n| frontier.offer(address(&format!("/list?page={n}&sort=a")), 1).is_ok())
            .count();
        assert_eq!(admitted, PATTERN_PAGES_MAX);
        let days = (0..2_000)
            .filter(|n| frontier.offer(address(&format!("/kalender/{n}/1")), 1).is_ok())
            .count();
        assert_eq!(days, PATTERN_PAGES_MAX);
        let articles = (0..2_000)
            .filter(|n| frontier.offer(address(&format!("/sak/{n}/tittel-{n}")), 1).is_ok())
            .count();
        assert_eq!(articles, 2_000);
    }

    #[test]
    fn a_pattern_that_brings_nothing_new_is_stopped() {
        let mut frontier = frontier(100_000);
        for n in 0..300 {
            frontier.offer(address(&format!("/list?page={n}")), 1).unwrap();
        }
        frontier.offer(address("/sist"), 1).unwrap();
        let mut visited = 0;
        while let Some(visit) = frontier.next_visit() {
            visited += 1;
            frontier.tell(&visit.address, visited < PATTERN_NEW_MIN);
        }
        assert_eq!(visited, PATTERN_WINDOW + 1);
        assert_eq!(frontier.offer(address("/list?page=301"), 1), Err(Skip::Pattern));
    }

    #[test]
    fn the_list_of_files_is_sorted() {
        assert!(FILES.is_sorted());
    }
}
