//! A look at a site before it is read, and at one page as it would be read.

use super::plan::{CrawlError, CrawlPlan, Known};
use super::site::Site;
use super::site::pacer::Pacer;
use super::visit::{Gate, fetch};
use super::{Address, Crawler};
use crate::net::{Body as Sent, NetError};
use crate::page::bodies::Body;
use crate::page::{Reason, ReasonCode};

/// So many addresses are shown of a site.
const SHOWN_MAX: usize = 20;

/// What a site says of itself, before any page is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SitePreview {
    /// Where it really begins, after redirects.
    pub starts: Vec<String>,
    /// Starts that cannot be read, with the reason.
    pub left_out: Vec<(String, Reason)>,
    /// The pause between two requests that will be kept, in seconds.
    pub pace: f64,
    /// The lists of pages that it gives out.
    pub sitemaps: Vec<String>,
    /// Pages in them that would be read.
    pub listed: usize,
    /// Pages in them that would not be, by robots.txt or by the settings.
    pub listed_not_read: usize,
    /// When the page of them that changed last did so, as they say.
    pub changed: Option<jiff::Timestamp>,
    /// The first pages that would be read.
    pub first: Vec<String>,
    /// How long reading what is listed takes at that pace, in seconds; none when nothing is.
    pub estimate: Option<f64>,
}

/// One page as it would be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OnePage {
    /// The address that answered, after redirects.
    pub address: String,
    /// The HTTP status.
    pub status: u16,
    /// What the server says it is.
    pub content_type: Option<String>,
    /// Why a crawl would not take it in, if it would not.
    pub left_out: Option<Reason>,
    /// The address that it names as its own, when that is another.
    pub own: Option<String>,
    /// How many links lead from it.
    pub links: usize,
    /// Its text, as it would be kept.
    pub body: Body,
    /// The page as it was sent, for a look beside it; empty when it is no text.
    pub source: String,
}

impl Crawler<'_> {
    /// Asks a site for its rules and lists, and reads no page.
    pub async fn preview(&self, plan: &CrawlPlan) -> Result<SitePreview, CrawlError> {
        let mut pacer = Pacer::new(plan.pace);
        let site = Site::open(self.client, plan, &mut pacer).await?;
        let delays = site.rules.values().filter_map(|it| it.delay);
        let pace = delays.fold(plan.pace, std::time::Duration::max).as_secs_f64();
        let gate = Gate { scope: site.scope, rules: site.rules };
        let mut wanted: Vec<&Address> =
            site.listed.pages.iter().filter(|it| gate.admits(it)).collect();
        let listed_not_read = site.listed.pages.len() - wanted.len();
        wanted.sort_unstable();
        wanted.dedup();
        let listed = wanted.len().min(plan.reach.pages_max);
        Ok(SitePreview {
            starts: site.starts.iter().map(Address::to_string).collect(),
            left_out: site.left_out,
            pace,
            sitemaps: site.listed.files,
            listed,
            listed_not_read,
            changed: site.listed.changed.values().max().copied(),
            first: wanted.into_iter().take(SHOWN_MAX).map(Address::to_string).collect(),
            estimate: (0 < listed).then_some(listed as f64 * pace),
        })
    }

    /// Reads one page of a site, and tells what a crawl would make of it.
    pub async fn try_one(
        &self,
        plan: &CrawlPlan,
        address: &Address,
    ) -> Result<OnePage, CrawlError> {
        let mut pacer = Pacer::new(plan.pace);
        let site = Site::open(self.client, plan, &mut pacer).await?;
        let gate = Gate { scope: site.scope, rules: site.rules };
        let mut one = OnePage { address: address.to_string(), ..OnePage::default() };
        if let Err(why) = gate.scope.check(address) {
            one.left_out = Some(ReasonCode::from(why).into());
            return Ok(one);
        }
        if !gate.admits(address) {
            one.left_out = Some(ReasonCode::Robots.into());
            return Ok(one);
        }
        pacer.turn(address).await;
        let answer = match fetch(self.client, &gate, address, &Known::default()).await {
            Ok(answer) => answer,
            Err(source @ NetError::Refused { .. }) => {
                return Err(CrawlError::Start { address: address.to_string(), source });
            }
            Err(why) => {
                one.left_out = Some((&why).into());
                return Ok(one);
            }
        };
        one.address = answer.address.to_string();
        one.status = answer.status;
        one.content_type = answer.content_type;
        match answer.body {
            Sent::Read(sent) => self.look_at(&mut one, sent).await,
            Sent::Unread if answer.status != 200 => {
                one.left_out = Some(ReasonCode::Status.naming(answer.status));
            }
            Sent::Unread => {
                let kind = one.content_type.clone().unwrap_or_default();
                one.left_out = Some(ReasonCode::MediaType.naming(kind));
            }
        }
        Ok(one)
    }

    async fn look_at(&self, one: &mut OnePage, sent: Vec<u8>) {
        one.source = String::from_utf8_lossy(&sent).into_owned();
        let page = match self.parser.parse(sent, one.content_type.as_deref()).await {
            Ok(page) => page,
            Err(why) => {
                one.left_out = Some(why.into());
                return;
            }
        };
        if page.noindex {
            one.left_out = Some(ReasonCode::Noindex.into());
        }
        let own = Address::parse(&one.address).ok().and_then(|at| {
            let own = at.join(page.canonical.as_deref()?).ok()?;
            (own != at).then(|| own.to_string())
        });
        one.own = own;
        one.links = page.links.len();
        one.body = Body::of(page.title, page.passages);
    }
}
