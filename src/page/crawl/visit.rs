//! One address: fetches it, sorts what comes, follows its links.

use std::time::Duration;

use super::Run;
use super::links::{ACCEPTED, alternates, is_feed, links, own_address, tag_wishes};
use super::plan::{CrawlError, FetchedPage, Known};
use super::site::{Rules, feed};
use crate::net::{self, Answer, Client, Get, NetError};
use crate::page::bodies::Body;
use crate::page::crawl::address::Address;
use crate::page::crawl::frontier::{From, NEW_SHARE_MIN, Scope, Skip, Visit};
use crate::page::extract::{Extracted, HTML_BYTES_MAX};
use crate::page::reason::{Reason, ReasonCode};
use crate::page::worker::ParseError;

/// So many feeds are read.
const FEEDS_MAX: usize = 20;
/// An address that does not answer is asked for so often in all.
const TRIES_MAX: u32 = 3;
/// A site is left alone for so long when it asks for it; one that asks for more is left for good.
pub(super) const HOLD_MAX: Duration = Duration::from_secs(10 * 60);

/// The links of a page are remembered up to so much text: they are kept in one record.
const LINKS_BYTES_MAX: usize = 1024 * 1024;

/// What an address must pass before it is asked for.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) scope: Scope,
    pub(super) rules: Rules,
}

/// What came with a page beside its body.
struct Head {
    etag: Option<String>,
    last_modified: Option<String>,
    robots_tag: Option<String>,
}

/// What came of asking.
pub(super) type Fetched = Result<Answer, NetError>;

/// A page that names another address as its own; it waits until that one has been read.
#[derive(Debug)]
pub(super) struct Parked {
    own: Address,
    address: Address,
    page: FetchedPage,
}

impl Gate {
    /// Tells whether an address belongs to the site and may be read.
    pub(super) fn admits(&self, address: &Address) -> bool {
        self.scope.check(address).is_ok() && self.allows(address)
    }

    /// Tells whether the rules of the address's host allow it; unknown rules allow nothing.
    fn allows(&self, address: &Address) -> bool {
        let robots = self.rules.get(&address.site());
        robots.is_some_and(|it| it.allows(&address.path_and_query()))
    }
}

/// Asks for a page, if it has changed since it was known.
pub(super) async fn fetch(
    client: &Client,
    gate: &Gate,
    address: &Address,
    known: &Known,
) -> Fetched {
    let pass = |to: &url::Url| Address::of(to.clone()).is_ok_and(|to| gate.admits(&to));
    let get = Get {
        address: address.url(),
        pass: &pass,
        accept: &ACCEPTED,
        body_bytes_max: HTML_BYTES_MAX,
        etag: known.etag.as_deref(),
        last_modified: known.last_modified.as_deref(),
    };
    client.get(get).await
}

impl Run<'_> {
    /// Puts an address on the list, or notes why not, once.
    pub(super) fn offer(&mut self, address: Address, from: From) {
        if self.gate.scope.check(&address).is_ok() && !self.gate.allows(&address) {
            if self.frontier.mark(&address) {
                self.ledger.leave_out(address.as_str(), ReasonCode::Robots);
            }
            self.ledger.forbid(address.as_str());
            return;
        }
        match self.frontier.offer(address.clone(), from) {
            Ok(()) | Err(Skip::Seen | Skip::Elsewhere | Skip::Path) => {}
            Err(
                why @ (Skip::File
                | Skip::Depth
                | Skip::Pattern
                | Skip::Barren
                | Skip::Repeats
                | Skip::TooMany),
            ) => {
                self.ledger.leave_out(address.as_str(), ReasonCode::from(why));
            }
        }
    }

    /// Sorts what came of a visit.
    pub(super) async fn take(&mut self, visit: Visit, fetched: Fetched) -> Result<(), CrawlError> {
        let asked = visit.address.as_str();
        let answer = match fetched {
            Ok(answer) => answer,
            Err(why @ NetError::Elsewhere { .. }) => {
                self.lose(asked, &why);
                return Ok(());
            }
            Err(why) => {
                self.fail_to_fetch(visit, &why);
                return Ok(());
            }
        };
        self.ledger.report.wire_bytes += answer.wire_bytes;
        let Some(address) = self.settle_address(&visit, &answer) else {
            return Ok(());
        };
        match (answer.status, self.ledger.known(&address)) {
            (304, Some(known)) => {
                self.failures_in_row = 0;
                self.pass_over(Visit { address, ..visit }, known, true).await
            }
            (200, _) => {
                self.failures_in_row = 0;
                self.read(Visit { address, ..visit }, answer).await
            }
            (status @ (408 | 425 | 429 | 500..), _) => {
                self.failures_in_row += usize::from(visit.tries == 0);
                self.give_way(&address, &answer);
                let why = ReasonCode::Status.naming(status);
                self.fail_or_retry(Visit { address, ..visit }, answer.retry_after, why);
                Ok(())
            }
            (status, _) => {
                if matches!(status, 404 | 410) {
                    self.ledger.dead(address.as_str(), status);
                }
                self.lose(address.as_str(), ReasonCode::Status.naming(status));
                Ok(())
            }
        }
    }

    /// Takes a page that need not be read again: it still leads where it led.
    pub(super) async fn pass_over(
        &mut self,
        visit: Visit,
        known: &Known,
        is_asked: bool,
    ) -> Result<(), CrawlError> {
        self.knows_links &= known.links.is_some();
        let mut links = vec![];
        for link in known.links.iter().flatten() {
            // Menus stand on every page: what was followed once need not be read again.
            if !self.passed_links.contains(link) {
                self.passed_links.insert(link.clone());
                links.extend(visit.address.join(link).ok());
            }
        }
        self.follow(&links, From { depth: visit.depth, is_barren: visit.is_barren });
        let finding = self.ledger.unchanged(&visit.address, known, is_asked);
        self.send(finding).await
    }

    /// Leaves a host alone for as long as it asks.
    fn give_way(&mut self, address: &Address, answer: &Answer) {
        let Some(pause) = answer.retry_after else {
            return;
        };
        if HOLD_MAX < pause {
            let seconds = pause.as_secs();
            self.stop(&format!("the site asks to be left alone for {seconds} seconds"));
        } else {
            self.holds.push((address.clone(), pause));
        }
    }

    fn fail_to_fetch(&mut self, visit: Visit, why: &NetError) {
        // A site that sends too much still answers.
        let answers = matches!(why, NetError::TooLarge { .. } | NetError::Packed { .. });
        self.failures_in_row += usize::from(!answers && visit.tries == 0);
        if matches!(why, NetError::TimedOut { .. } | NetError::Failed { .. }) {
            self.fail_or_retry(visit, None, why.into());
        } else {
            self.fail(visit.address.as_str(), why);
        }
    }

    /// Asks once more, later; notes the failure when that has been done often enough.
    fn fail_or_retry(&mut self, visit: Visit, pause: Option<Duration>, why: Reason) {
        let tries = visit.tries + 1;
        if TRIES_MAX <= tries {
            self.fail(visit.address.as_str(), why);
            return;
        }
        let pause = pause.unwrap_or(self.plan.retry_pause * 4_u32.pow(visit.tries));
        let at = tokio::time::Instant::now() + pause.min(HOLD_MAX);
        self.retries.push((at, Visit { tries, ..visit }));
    }

    /// The address that answered. None when it was read already: then the one that was asked for
    /// is but another name of it.
    fn settle_address(&mut self, visit: &Visit, answer: &Answer) -> Option<Address> {
        let address = Address::of(answer.address.clone()).unwrap_or_else(|_| visit.address.clone());
        if address == visit.address {
            return Some(address);
        }
        self.ledger.miss(visit.address.as_str());
        self.frontier.mark(&address).then_some(address)
    }

    /// Notes an address that holds no page, for good.
    fn lose(&mut self, address: &str, reason: impl Into<Reason>) {
        self.ledger.leave_out(address, reason);
        self.ledger.miss(address);
    }

    /// Notes an address that may hold a page another day.
    fn fail(&mut self, address: &str, reason: impl Into<Reason>) {
        self.failures += 1;
        let reason = reason.into();
        self.ledger.fail(address, &reason);
        self.ledger.leave_out(address, reason);
    }

    async fn read(&mut self, visit: Visit, answer: Answer) -> Result<(), CrawlError> {
        let Answer { etag, last_modified, content_type, robots_tag, body, .. } = answer;
        let address = visit.address.clone();
        let net::Body::Read(body) = body else {
            let kind = content_type.unwrap_or_default();
            self.lose(address.as_str(), ReasonCode::MediaType.naming(kind));
            return Ok(());
        };
        self.ledger.report.bytes += body.len() as u64;
        if is_feed(content_type.as_deref()) {
            self.read_feed(&visit, &body);
            return Ok(());
        }
        let page = match self.crawler.parser.parse(body, content_type.as_deref()).await {
            Ok(page) => page,
            Err(why) => {
                tracing::warn!(page.url = %address, "left out a page: {why}");
                self.failures_in_row += usize::from(matches!(why, ParseError::Start { .. }));
                self.fail(address.as_str(), why);
                return Ok(());
            }
        };
        self.sort(visit, page, Head { etag, last_modified, robots_tag }).await
    }

    /// Follows a page's links and keeps what it holds, if it is one to be found.
    async fn sort(&mut self, visit: Visit, page: Extracted, head: Head) -> Result<(), CrawlError> {
        let Head { etag, last_modified, robots_tag } = head;
        let address = visit.address.clone();
        let (noindex, nofollow) = robots_tag.as_deref().map_or((false, false), tag_wishes);
        let own = own_address(&address, &page);
        if page.has_only_pictures {
            self.lose(address.as_str(), ReasonCode::Pictures);
            return Ok(());
        }
        let links = if nofollow || page.nofollow { vec![] } else { links(&address, &page) };
        let foot = if self.fronts.contains(&address) { page.foot.clone() } else { vec![] };
        let body = Body::of(page.title.clone(), [page.passages.clone(), foot].concat());
        let fingerprint = body.fingerprint();
        let share = self.novelty.take(&body);
        self.frontier.tell(&visit, share, &fingerprint);
        self.follow(&links, From { depth: visit.depth, is_barren: share < NEW_SHARE_MIN });
        self.follow_alternates(&visit, &page);
        if noindex || page.noindex {
            self.ledger.forbid(address.as_str());
            self.ledger.leave_out(address.as_str(), ReasonCode::Noindex);
            return Ok(());
        }
        if let Some(language) = self.unwanted(page.language.as_deref()) {
            self.lose(address.as_str(), ReasonCode::Language.naming(language));
            return Ok(());
        }
        let page = FetchedPage {
            address: address.to_string(),
            etag,
            last_modified,
            fingerprint,
            alternates: alternates(&address, &page),
            says_changed: page.modified,
            language: page.language,
            links: self.remembered(&links),
            body,
        };
        match own.filter(|own| *own != address && self.gate.admits(own)) {
            Some(own) => {
                // Refused when it is on its way already.
                let _ = self.frontier.offer_first(own.clone(), visit.depth);
                self.parked.push(Parked { own, address, page });
                Ok(())
            }
            None => self.keep(address, page).await,
        }
    }

    /// Follows the entries of a feed.
    fn read_feed(&mut self, visit: &Visit, file: &[u8]) {
        let address = &visit.address;
        match feed::parse(file) {
            Some(entries) => {
                let links: Vec<Address> =
                    entries.iter().filter_map(|it| address.join(&it.address).ok()).collect();
                self.follow(&links, From { depth: visit.depth, is_barren: visit.is_barren });
            }
            None => self.lose(address.as_str(), ReasonCode::File),
        }
    }

    /// The language of a page that is not among those that are read.
    fn unwanted(&self, language: Option<&str>) -> Option<String> {
        let wanted = &self.plan.languages;
        let language = language?.split('-').next()?.to_ascii_lowercase();
        // What is only said to be Norwegian may be either norm.
        let fits = |it: &String| {
            *it == language || (language == "no" && matches!(it.as_str(), "nn" | "nb"))
        };
        (!wanted.is_empty() && !language.is_empty() && !wanted.iter().any(fits)).then_some(language)
    }

    /// The links of a page that the next crawl may follow, unless they are too much to keep.
    fn remembered(&self, links: &[Address]) -> Option<Vec<String>> {
        let inside = links.iter().filter(|it| self.gate.admits(it));
        let links: Vec<String> = inside.map(Address::to_string).collect();
        let bytes: usize = links.iter().map(String::len).sum();
        (bytes <= LINKS_BYTES_MAX).then_some(links)
    }

    /// Takes what waited for another address: what that one holds too is left out.
    pub(super) async fn unpark(&mut self) -> Result<(), CrawlError> {
        for Parked { own, address, page } in std::mem::take(&mut self.parked) {
            // Templates often name the wrong page; the right one has the same title.
            if self.ledger.has_read(&own, &page.body.title) {
                self.lose(address.as_str(), ReasonCode::Own.naming(own));
            } else {
                self.keep(address, page).await?;
            }
        }
        Ok(())
    }

    async fn keep(&mut self, address: Address, page: FetchedPage) -> Result<(), CrawlError> {
        if let Some(twin) = self.ledger.twin_of(&page).map(Address::to_string) {
            self.lose(address.as_str(), ReasonCode::Twin.naming(twin));
            self.ledger.twin(&address, page);
            return Ok(());
        }
        self.passages += page.body.passages.len();
        if self.was_listed_unchanged(&address)
            && self.ledger.known(&address).is_some_and(|it| it.fingerprint != page.fingerprint)
        {
            self.ledger.report.listed_wrongly += 1;
        }
        match self.ledger.read(address, page) {
            Some(finding) => self.send(finding).await,
            None => Ok(()),
        }
    }

    pub(super) fn follow(&mut self, links: &[Address], from: From) {
        for to in links {
            self.offer(to.clone(), From { depth: from.depth + 1, ..from });
        }
    }

    /// The same page in other languages, and the feeds that a page names.
    fn follow_alternates(&mut self, visit: &Visit, page: &Extracted) {
        let from = From { depth: visit.depth, is_barren: visit.is_barren };
        let join = |it: &String| visit.address.join(it).ok();
        let alternates: Vec<Address> =
            page.alternates.iter().filter_map(|it| join(&it.1)).collect();
        self.follow(&alternates, from);
        for feed in page.feeds.iter().filter_map(join) {
            if self.feeds < FEEDS_MAX && !self.frontier.has_seen(&feed) {
                self.feeds += 1;
                self.follow(&[feed], from);
            }
        }
    }
}
