//! What a crawl learns of a site before it reads pages: its rules, where it really is, its lists.

use std::collections::{BTreeSet, VecDeque};

use super::pacer::Pacer;
use super::plan::{CrawlError, CrawlPlan};
use crate::net::{Answer, Body, Client, Get, NetError};
use crate::page::crawl::address::Address;
use crate::page::crawl::frontier::Scope;
use crate::page::crawl::robots::{ROBOTS_BYTES_MAX, Robots};
use crate::page::crawl::sitemap::{self, SITEMAP_BYTES_MAX, Sitemap};

/// The name that robots.txt may call us by.
pub(super) const AGENT: &str = "skranke";
/// So many files with lists are read.
const SITEMAPS_MAX: usize = 50;
/// So many addresses are taken from them.
const LISTED_MAX: usize = 100_000;

/// A site that may be read.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) start: Address,
    pub(super) scope: Scope,
    pub(super) robots: Robots,
    pub(super) listed: Vec<Address>,
}

impl Site {
    /// Finds out about the site of a plan. Slows `pacer` down as the site asks.
    pub(super) async fn open(
        client: &Client,
        plan: &CrawlPlan,
        pacer: &mut Pacer,
    ) -> Result<Self, CrawlError> {
        let robots = robots(client, &plan.start, pacer).await?;
        let start = land(client, plan, pacer).await?;
        let (scope, robots) = if plan.scope.is_on_host(&start) {
            (plan.scope.clone(), robots)
        } else if is_twin(&plan.start, &start) {
            (plan.scope.clone().moved_to(&start), self::robots(client, &start, pacer).await?)
        } else {
            let (address, to) = (plan.start.to_string(), start.to_string());
            return Err(CrawlError::Moved { address, to });
        };
        let is_folder = start.path() == format!("{}/", plan.start.path());
        let is_usual = plan.scope == Scope::below(&plan.start);
        let scope = if is_folder && is_usual { Scope::below(&start) } else { scope };
        if !robots.allows(&start.path_and_query()) {
            return Err(CrawlError::Denied { address: start.to_string() });
        }
        let mut site = Self { start, scope, robots, listed: vec![] };
        site.listed = site.read_lists(client, pacer).await;
        Ok(site)
    }

    /// Reads the sitemaps that robots.txt names, and the one in the usual place.
    async fn read_lists(&self, client: &Client, pacer: &mut Pacer) -> Vec<Address> {
        let named = self.robots.sitemaps.iter().map(String::as_str);
        let mut waiting: VecDeque<Address> =
            named.chain(["/sitemap.xml"]).filter_map(|it| self.start.join(it).ok()).collect();
        let mut seen = BTreeSet::new();
        let mut listed = vec![];
        while let Some(address) = waiting.pop_front() {
            if SITEMAPS_MAX <= seen.len() || !seen.insert(address.clone()) {
                continue;
            }
            pacer.turn().await;
            let Ok(Answer { body: Body::Read(file), .. }) =
                fetch(client, &address, SITEMAP_BYTES_MAX).await
            else {
                continue;
            };
            let entries = |entries: Vec<sitemap::Entry>| {
                entries.into_iter().filter_map(|it| address.join(&it.address).ok())
            };
            match sitemap::parse(&file) {
                Ok(Sitemap::Index(files)) => waiting.extend(entries(files)),
                Ok(Sitemap::Pages(pages)) => listed.extend(entries(pages)),
                Err(why) => tracing::debug!(page.url = %address, "left out a sitemap: {why}"),
            }
        }
        listed.truncate(LISTED_MAX);
        listed
    }
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
    pacer.turn().await;
    let unread = |reason: String| CrawlError::Robots { address: start.to_string(), reason };
    let robots = match fetch(client, &file, ROBOTS_BYTES_MAX * 20).await {
        Ok(Answer { body: Body::Read(file), .. }) => Robots::parse(&file, AGENT),
        Ok(answer) if (400..500).contains(&answer.status) => Robots::without_file(answer.status),
        // RFC 9309, 2.3.1.2: after too many redirects the file counts as not there.
        Err(NetError::Redirects { .. }) => Robots::open(),
        Ok(answer) => return Err(unread(format!("status {}", answer.status))),
        Err(source @ NetError::Refused { .. }) => {
            return Err(CrawlError::Start { address: start.to_string(), source });
        }
        Err(why) => return Err(unread(why.to_string())),
    };
    pacer.slow_down(robots.delay);
    Ok(robots)
}

/// Where the start page really is, after redirects.
async fn land(client: &Client, plan: &CrawlPlan, pacer: &mut Pacer) -> Result<Address, CrawlError> {
    let address = plan.start.to_string();
    pacer.turn().await;
    // Only the head is wanted: the page itself is read in its turn.
    let get = Get {
        address: plan.start.url(),
        pass: &|_| true,
        accept: &["nothing/nothing"],
        body_bytes_max: 0,
        etag: None,
        last_modified: None,
    };
    match client.get(get).await {
        Ok(answer) if answer.status == 200 => {
            Ok(Address::of(answer.address).unwrap_or_else(|_| plan.start.clone()))
        }
        Ok(Answer { status, .. }) => Err(CrawlError::Status { address, status }),
        // A server that names no media type sends the body at once; then the page is there.
        Err(NetError::TooLarge { .. }) => Ok(plan.start.clone()),
        Err(source) => Err(CrawlError::Start { address, source }),
    }
}

/// A site with and without `www.` is one site.
fn is_twin(one: &Address, other: &Address) -> bool {
    let bare = |it: &Address| it.host().strip_prefix("www.").unwrap_or(it.host()).to_owned();
    bare(one) == bare(other) && one.url().port() == other.url().port()
}
