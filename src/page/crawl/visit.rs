//! One address: fetches it, sorts what comes, follows its links.

use super::Run;
use super::plan::{CrawlError, FetchedPage, Known};
use crate::net::{self, Answer, Client, Get, NetError};
use crate::page::bodies::Body;
use crate::page::crawl::address::Address;
use crate::page::crawl::frontier::{Scope, Skip, Visit};
use crate::page::crawl::robots::Robots;
use crate::page::extract::{ACCEPTED, Extracted, HTML_BYTES_MAX, wishes};
use crate::page::worker::ParseError;

/// The links of a page are remembered up to so much text: they are kept in one record.
const LINKS_BYTES_MAX: usize = 1024 * 1024;

/// What an address must pass before it is asked for.
#[derive(Debug)]
pub(super) struct Gate {
    pub(super) scope: Scope,
    pub(super) robots: Robots,
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
        self.scope.check(address).is_ok() && self.robots.allows(&address.path_and_query())
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
    pub(super) fn offer(&mut self, address: Address, depth: usize) {
        let is_denied = self.gate.scope.check(&address).is_ok()
            && !self.gate.robots.allows(&address.path_and_query());
        if is_denied {
            if self.frontier.mark(&address) {
                self.ledger.leave_out(address.as_str(), "robots.txt asks not to read it");
            }
            self.ledger.miss(address.as_str());
            return;
        }
        match self.frontier.offer(address.clone(), depth) {
            Ok(()) | Err(Skip::Seen | Skip::Elsewhere | Skip::Path) => {}
            Err(
                why @ (Skip::File | Skip::Depth | Skip::Pattern | Skip::Repeats | Skip::TooMany),
            ) => {
                self.ledger.leave_out(address.as_str(), why.to_string());
            }
        }
    }

    /// Sorts what came of a visit.
    pub(super) async fn take(&mut self, visit: Visit, fetched: Fetched) -> Result<(), CrawlError> {
        let asked = visit.address.as_str();
        let answer = match fetched {
            Ok(answer) => answer,
            Err(why @ NetError::Elsewhere { .. }) => {
                self.lose(asked, why.to_string());
                return Ok(());
            }
            Err(why) => {
                // A site that sends too much still answers.
                self.failures_in_row += usize::from(!matches!(why, NetError::TooLarge { .. }));
                self.fail(asked, &why);
                return Ok(());
            }
        };
        let Some(address) = self.settle_address(&visit, &answer) else {
            return Ok(());
        };
        match (answer.status, self.ledger.known(&address)) {
            (304, Some(known)) => {
                self.failures_in_row = 0;
                self.knows_links &= known.links.is_some();
                let links = known.links.iter().flatten();
                let links: Vec<Address> =
                    links.filter_map(|link| address.join(link).ok()).collect();
                self.follow(&links, visit.depth);
                let finding = self.ledger.unchanged(&address, known);
                self.send(finding).await
            }
            (200, _) => {
                self.failures_in_row = 0;
                self.read(Visit { address, ..visit }, answer).await
            }
            (status @ (408 | 425 | 429 | 500..), _) => {
                self.failures_in_row += 1;
                self.fail(address.as_str(), format!("it answers with status {status}"));
                Ok(())
            }
            (status, _) => {
                self.lose(address.as_str(), format!("it answers with status {status}"));
                Ok(())
            }
        }
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
    fn lose(&mut self, address: &str, reason: impl Into<String>) {
        self.ledger.leave_out(address, reason);
        self.ledger.miss(address);
    }

    /// Notes an address that may hold a page another day.
    fn fail(&mut self, address: &str, reason: impl std::fmt::Display) {
        self.failures += 1;
        self.ledger.leave_out(address, reason.to_string());
    }

    async fn read(&mut self, visit: Visit, answer: Answer) -> Result<(), CrawlError> {
        let Visit { address, depth } = visit;
        let Answer { etag, last_modified, content_type, robots_tag, body, .. } = answer;
        let net::Body::Read(body) = body else {
            let kind = content_type.unwrap_or_default();
            self.lose(address.as_str(), format!("{kind} is not read yet"));
            return Ok(());
        };
        self.ledger.report.bytes += body.len() as u64;
        let page = match self.crawler.parser.parse(body, content_type.as_deref()).await {
            Ok(page) => page,
            Err(why) => {
                tracing::warn!(page.url = %address, "left out a page: {why}");
                self.failures_in_row += usize::from(matches!(why, ParseError::Start { .. }));
                self.fail(address.as_str(), &why);
                return Ok(());
            }
        };
        let (noindex, nofollow) = robots_tag.as_deref().map_or((false, false), wishes);
        let own = own_address(&address, &page);
        let links = if nofollow || page.nofollow { vec![] } else { links(&address, &page) };
        self.follow(&links, depth);
        if page.has_only_pictures {
            self.lose(address.as_str(), "it holds nothing but pictures of text");
            return Ok(());
        }
        if noindex || page.noindex {
            self.lose(address.as_str(), "it asks not to be found");
            return Ok(());
        }
        let body = Body::of(page.title, page.passages);
        let page = FetchedPage {
            address: address.to_string(),
            etag,
            last_modified,
            fingerprint: body.fingerprint(),
            language: page.language,
            links: self.remembered(&links),
            body,
        };
        match own.filter(|own| *own != address && self.gate.admits(own)) {
            Some(own) => {
                // Refused when it is on its way already.
                let _ = self.frontier.offer_first(own.clone(), depth);
                self.parked.push(Parked { own, address, page });
                Ok(())
            }
            None => self.keep(address, page).await,
        }
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
                self.lose(address.as_str(), format!("it names {own} as its own address"));
            } else {
                self.keep(address, page).await?;
            }
        }
        Ok(())
    }

    async fn keep(&mut self, address: Address, page: FetchedPage) -> Result<(), CrawlError> {
        let twin = self.ledger.twin_of(&page).map(Address::to_string);
        self.frontier.tell(&address, twin.is_none());
        if let Some(twin) = twin {
            self.lose(address.as_str(), format!("it holds the same as {twin}"));
            self.ledger.twin(&address, page);
            return Ok(());
        }
        let finding = self.ledger.read(address, page);
        self.send(finding).await
    }

    fn follow(&mut self, links: &[Address], depth: usize) {
        for to in links {
            self.offer(to.clone(), depth + 1);
        }
    }
}

/// The address that a page names as its own.
fn own_address(address: &Address, page: &Extracted) -> Option<Address> {
    address.join(page.canonical.as_deref()?).ok()
}

/// The links of a page as addresses.
fn links(address: &Address, page: &Extracted) -> Vec<Address> {
    let base = page.base.as_deref().and_then(|base| address.join(base).ok());
    let base = base.as_ref().unwrap_or(address);
    page.links.iter().filter_map(|link| base.join(link).ok()).collect()
}
