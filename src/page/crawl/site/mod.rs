//! What a crawl learns of a site before it reads pages: its rules, where it really is, its lists.

pub(super) mod feed;
pub(super) mod pacer;
pub(super) mod robots;
pub(super) mod sitemap;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use self::pacer::Pacer;
use self::robots::{ROBOTS_BYTES_MAX, Robots};
use self::sitemap::{SITEMAP_BYTES_MAX, Sitemap};
use super::links::ACCEPTED;
use super::plan::{CrawlError, CrawlPlan};
use crate::net::{self, Answer, Body, Client, Get, NetError};
use crate::page::crawl::address::Address;
use crate::page::crawl::frontier::Scope;
use crate::page::{Reason, ReasonCode};

/// The name that robots.txt may call us by.
pub(super) const AGENT: &str = "skranke";
/// So many files with lists are read.
const SITEMAPS_MAX: usize = 50;
/// So many addresses are taken from them.
const LISTED_MAX: usize = 100_000;

/// A site that may be read.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) starts: Vec<Address>,
    pub(super) scope: Scope,
    pub(super) rules: Rules,
    pub(super) listed: Listed,
    /// Starts that cannot be read, with the reason.
    pub(super) left_out: Vec<(String, Reason)>,
}

/// The robots.txt of each host.
pub(super) type Rules = BTreeMap<String, Robots>;

/// What the lists of a site tell.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) pages: Vec<Address>,
    /// When pages last changed, as the site says.
    pub(super) changed: BTreeMap<Address, Timestamp>,
    /// The files that were read.
    pub(super) files: Vec<String>,
}

impl Site {
    /// Finds out about the site of a plan. Slows `pacer` down as the site asks. A further start
    /// that cannot be read is left out; the first one must be there.
    pub(super) async fn open(
        client: &Client,
        plan: &CrawlPlan,
        pacer: &mut Pacer,
    ) -> Result<Self, CrawlError> {
        let mut site = Self {
            starts: vec![],
            scope: plan.scope.clone(),
            rules: Rules::new(),
            listed: Listed::default(),
            left_out: vec![],
        };
        site.enter(client, (plan, &plan.start), pacer).await?;
        for start in &plan.more {
            if let Err(why) = site.enter(client, (plan, start), pacer).await {
                tracing::warn!(page.url = %start, "left out a start: {why}");
                site.left_out.push((start.to_string(), ReasonCode::Start.naming(why)));
            }
        }
        if !plan.is_single {
            site.listed = site.read_lists(client, pacer).await;
        }
        Ok(site)
    }

    /// Finds out where a start really is and what its host's rules are.
    async fn enter(
        &mut self,
        client: &Client,
        (plan, wanted): (&CrawlPlan, &Address),
        pacer: &mut Pacer,
    ) -> Result<(), CrawlError> {
        self.learn_rules(client, wanted, pacer).await?;
        let start = land(client, wanted, pacer).await?;
        if !plan.scope.is_on_host(&start) {
            if !is_twin(wanted, &start) {
                let (address, to) = (wanted.to_string(), start.to_string());
                return Err(CrawlError::Moved { address, to });
            }
            self.learn_rules(client, &start, pacer).await?;
            self.scope = self.scope.clone().moved(wanted, &start);
        }
        let is_folder = start.path() == format!("{}/", wanted.path());
        if is_folder && self.scope == Scope::below(wanted) {
            self.scope = Scope::below(&start);
        }
        if !self.rules.get(&start.site()).is_none_or(|it| it.allows(&start.path_and_query())) {
            return Err(CrawlError::Denied { address: start.to_string() });
        }
        self.starts.push(start);
        Ok(())
    }

    async fn learn_rules(
        &mut self,
        client: &Client,
        address: &Address,
        pacer: &mut Pacer,
    ) -> Result<(), CrawlError> {
        if let Entry::Vacant(entry) = self.rules.entry(address.site()) {
            entry.insert(robots(client, address, pacer).await?);
        }
        Ok(())
    }

    /// Reads the sitemaps that robots.txt names, and the one in the usual place.
    async fn read_lists(&self, client: &Client, pacer: &mut Pacer) -> Listed {
        let mut waiting: VecDeque<Address> = VecDeque::new();
        for start in &self.starts {
            let named = self.rules.get(&start.site()).map(|it| it.sitemaps.as_slice());
            let named = named.unwrap_or_default().iter().map(String::as_str);
            waiting.extend(named.chain(["/sitemap.xml"]).filter_map(|it| start.join(it).ok()));
        }
        let mut seen = BTreeSet::new();
        let mut listed = Listed::default();
        while let Some(address) = waiting.pop_front() {
            if SITEMAPS_MAX <= seen.len() || !seen.insert(address.clone()) {
                continue;
            }
            pacer.turn(&address).await;
            let Ok(Answer { body: Body::Read(file), .. }) =
                fetch(client, &address, SITEMAP_BYTES_MAX).await
            else {
                continue;
            };
            // A file may be packed in itself, whatever the server says of it.
            let Ok(file) = net::unpack_file(file, SITEMAP_BYTES_MAX) else {
                continue;
            };
            match sitemap::parse(&file) {
                Ok(Sitemap::Index(files)) => {
                    listed.files.push(address.to_string());
                    waiting.extend(files.iter().filter_map(|it| address.join(&it.address).ok()));
                }
                Ok(Sitemap::Pages(pages)) => {
                    listed.files.push(address.to_string());
                    listed.take(&address, &pages);
                }
                Err(why) => tracing::debug!(page.url = %address, "left out a sitemap: {why}"),
            }
        }
        listed
    }
}

impl Listed {
    fn take(&mut self, file: &Address, pages: &[sitemap::Entry]) {
        let room = LISTED_MAX.saturating_sub(self.pages.len());
        for entry in pages.iter().take(room) {
            let Ok(address) = file.join(&entry.address) else { continue };
            if let Some(changed) = entry.last_modified.as_deref().and_then(latest) {
                self.changed.insert(address.clone(), changed);
            }
            self.pages.push(address);
        }
    }
}

/// The latest instant that a date of the W3C's form can mean: a day ends where it ends last.
fn latest(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let begins: Timestamp = format!("{text}T00:00:00-12:00").parse().ok()?;
    Some(begins + jiff::SignedDuration::from_hours(24))
}

async fn fetch(client: &Client, address: &Address, bytes_max: usize) -> Result<Answer, NetError> {
    let get = Get {
        address: address.url(),
        pass: &|_| true,
        accept: &[],
        body_bytes_max: bytes_max,
        etag: None,
        last_modified: None,
    };
    client.get(get).await
}

async fn robots(client: &Client, start: &Address, pacer: &mut Pacer) -> Result<Robots, CrawlError> {
    let Ok(file) = start.join("/robots.txt") else {
        return Ok(Robots::open());
    };
    pacer.turn(start).await;
    let unread = |reason: String| CrawlError::Robots { address: start.to_string(), reason };
    let robots = match fetch(client, &file, ROBOTS_BYTES_MAX * 20).await {
        Ok(Answer { body: Body::Read(file), .. }) => Robots::parse(&file, AGENT),
        Ok(answer) if (400..500).contains(&answer.status) && answer.status != 429 => {
            Robots::without_file(answer.status)
        }
        // RFC 9309, 2.3.1.2: after too many redirects the file counts as not there.
        Err(NetError::Redirects { .. }) => Robots::open(),
        Ok(answer) => return Err(unread(format!("status {}", answer.status))),
        Err(source @ NetError::Refused { .. }) => {
            return Err(CrawlError::Start { address: start.to_string(), source });
        }
        Err(why) => return Err(unread(why.to_string())),
    };
    pacer.slow_down(start, robots.delay);
    Ok(robots)
}

/// Where a start page really is, after redirects.
async fn land(client: &Client, start: &Address, pacer: &mut Pacer) -> Result<Address, CrawlError> {
    let address = start.to_string();
    pacer.turn(start).await;
    // Only the head is wanted: the page itself is read in its turn.
    let get = Get {
        address: start.url(),
        pass: &|_| true,
        accept: &ACCEPTED,
        body_bytes_max: 0,
        etag: None,
        last_modified: None,
    };
    match client.get(get).await {
        Ok(answer) if answer.status == 200 => {
            Ok(Address::of(answer.address).unwrap_or_else(|_| start.clone()))
        }
        Ok(Answer { status, .. }) => Err(CrawlError::Status { address, status }),
        Err(source) => Err(CrawlError::Start { address, source }),
    }
}

/// A site with and without `www.` is one site.
fn is_twin(one: &Address, other: &Address) -> bool {
    let bare = |it: &Address| it.host().strip_prefix("www.").unwrap_or(it.host()).to_owned();
    bare(one) == bare(other) && one.url().port() == other.url().port()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_over_when_it_is_over_everywhere() {
        let at = |text: &str| latest(text).map(|it| it.to_string());
        assert_eq!(at("2026-03-01T07:00:00+01:00").as_deref(), Some("2026-03-01T06:00:00Z"));
        assert_eq!(at("2026-03-01").as_deref(), Some("2026-03-02T12:00:00Z"));
        assert_eq!(at("i går"), None);
    }
}
