//! Crawls of small websites on loopback.

use std::time::Duration;

use tokio::sync::mpsc;

mod bytes;
mod manners;
mod served;
mod ssrf;

use self::served::{Reply, Website};
use super::*;
use crate::net::{Guard, IpRange, NetError};
use crate::page::crawl::frontier::Reach;
use crate::page::worker::Worker;

/// A crawl's report and what it sent.
struct Crawled {
    report: CrawlReport,
    findings: Vec<Finding>,
}

fn client(allow_private: bool) -> Client {
    let guard = if allow_private { Guard::opening(&IpRange::INSIDE) } else { Guard::default() };
    Client::new(guard, "https://www.fjordvik.example").unwrap()
}

fn plan(site: &Website) -> CrawlPlan {
    let usual = CrawlPlan::of_site(site.at("/"));
    CrawlPlan { pace: Duration::ZERO, retry_pause: Duration::ZERO, ..usual }
}

async fn try_crawl(plan: &CrawlPlan, known: &KnownPages) -> Result<Crawled, CrawlError> {
    crawl_with(plan, known, &Parser::InProcess).await
}

async fn crawl_with(
    plan: &CrawlPlan,
    known: &KnownPages,
    parser: &Parser,
) -> Result<Crawled, CrawlError> {
    let (sink, mut found) = mpsc::channel(1_000);
    let client = client(true);
    let report =
        Crawler { client: &client, parser, known, progress: None }.crawl(plan, &sink).await?;
    drop(sink);
    let mut findings = vec![];
    while let Some(finding) = found.recv().await {
        findings.push(finding);
    }
    Ok(Crawled { report, findings })
}

async fn crawl(plan: &CrawlPlan, known: &KnownPages) -> Crawled {
    try_crawl(plan, known).await.unwrap()
}

impl Crawled {
    /// Each finding as a word and a path.
    fn told(&self) -> Vec<String> {
        let told = self.findings.iter().map(|finding| match finding {
            Finding::New(page) => format!("new {}", path(&page.address)),
            Finding::Changed(page) => format!("changed {}", path(&page.address)),
            Finding::Unchanged { address, .. } => format!("unchanged {}", path(address)),
            Finding::Gone { address } => format!("gone {}", path(address)),
        });
        told.collect()
    }

    /// What was left out, as path and reason; addresses inside the reasons without their host.
    fn left_out(&self, site: &Website) -> Vec<String> {
        let left_out = self.report.left_out.iter();
        left_out
            .map(|(address, why)| {
                format!("{}: {}", path(address), why.to_string().replace(&site.address, ""))
            })
            .collect()
    }

    /// What the next crawl will know.
    fn known(&self) -> KnownPages {
        let known = self.findings.iter().filter_map(|finding| match finding {
            Finding::New(page) | Finding::Changed(page) => {
                let FetchedPage { etag, last_modified, fingerprint, links, .. } = (**page).clone();
                let known = Known { etag, last_modified, fingerprint, links, ..Known::default() };
                Some((page.address.clone(), known))
            }
            Finding::Unchanged { .. } | Finding::Gone { .. } => None,
        });
        known.collect()
    }
}

fn path(address: &str) -> String {
    Address::parse(address).unwrap().path_and_query()
}

fn page(title: &str, links: &[&str]) -> Reply {
    Reply::page(&html(title, links))
}

fn html(title: &str, links: &[&str]) -> String {
    let links: String = links.iter().map(|it| format!("<a href='{it}'>{it}</a>")).collect();
    format!("<title>{title}</title><p>Dette handlar om {title}.</p><nav>{links}</nav>")
}

#[tokio::test]
async fn a_site_is_read_from_links_and_lists_within_its_rules() {
    let site = Website::start(&[
        ("/robots.txt", Reply::text("User-agent: *\nDisallow: /intern\nSitemap: /liste.xml")),
        ("/liste.xml", Reply::text("<urlset><url><loc>/skjult</loc></url></urlset>")),
        ("/", page("Framside", &["/skule", "/intern", "/b.zip", "https://other.example/", "#a"])),
        ("/skule", page("Skule", &["/", "/skule/sfo?utm_source=x", "/fil", "/borte", "/gamal"])),
        ("/skule/sfo", page("Sfo", &[])),
        ("/fil", Reply::Full(200, "Content-Type: image/png\r\n".into(), b"\x89PNG".to_vec())),
        ("/gamal", Reply::to("/skule/sfo")),
        ("/skjult", Reply::page("<meta name=robots content=noindex><a href=/bak>x</a>")),
        ("/bak", page("Bak", &[])),
    ])
    .await;
    let crawled = crawl(&plan(&site), &KnownPages::new()).await;
    assert_eq!(crawled.told(), ["new /", "new /skule", "new /bak", "new /skule/sfo"]);
    assert_eq!(
        crawled.left_out(&site),
        [
            "/intern: robots.txt asks not to read it",
            "/b.zip: files of this kind are not read",
            "/skjult: it asks not to be found",
            "/fil: image/png is not read",
            "/borte: it answers with status 404",
        ]
    );
    assert!(!site.asked().iter().any(|it| it.starts_with("/intern")));
    let CrawlReport { found, new, stopped, .. } = crawled.report;
    assert_eq!((found, new, stopped), (4, 4, None));
}

#[tokio::test]
async fn the_next_crawl_tells_what_has_changed() {
    let site = Website::start(&[
        ("/", page("Framside", &["/a", "/b", "/c", "/d", "/e", "/f"])),
        ("/a", Reply::Tagged("1".into(), html("A", &["/under-a"]))),
        ("/under-a", page("Under A", &[])),
        ("/b", page("B", &[])),
        ("/c", page("C", &[])),
        ("/d", page("D", &[])),
        ("/e", page("E", &[])),
        ("/f", page("F", &[])),
    ])
    .await;
    let known = crawl(&plan(&site), &KnownPages::new()).await.known();
    assert_eq!(known.len(), 8);
    site.set("/", page("Framside", &["/a", "/b", "/c", "/d", "/f", "/g"]));
    site.set("/b", page("B, ny", &[]));
    site.set("/c", Reply::status(410));
    site.set("/d", Reply::status(503));
    site.set("/f", page("F", &[]));
    site.set("/g", page("G", &[]));
    let crawled = crawl(&plan(&site), &known).await;
    assert_eq!(
        crawled.told(),
        [
            "unchanged /",
            "unchanged /a",
            "unchanged /f",
            "new /g",
            "unchanged /under-a",
            "unchanged /e",
            "changed /b",
            "gone /c",
        ],
        "d is only out of order; e is linked from nowhere, but who knows what d links to"
    );
    site.set("/d", page("D", &[]));
    let crawled = crawl(&plan(&site), &known).await;
    assert_eq!(crawled.told().last().unwrap(), "gone /e", "nothing leads to it any more");
    assert_eq!((crawled.report.gone, crawled.report.unchanged), (2, 5));
}

#[tokio::test]
async fn a_site_in_trouble_loses_no_pages() {
    let paths: Vec<String> = (0..10).map(|n| format!("/{n}")).collect();
    let links: Vec<&str> = paths.iter().map(String::as_str).collect();
    let site = Website::start(&[("/", page("Framside", &links))]).await;
    for path in &links {
        site.set(path, page(path, &[]));
    }
    let known = crawl(&plan(&site), &KnownPages::new()).await.known();
    assert_eq!(known.len(), 11);

    links[..4].iter().for_each(|path| site.set(path, Reply::status(404)));
    let crawled = crawl(&plan(&site), &known).await;
    assert_eq!((crawled.report.gone, crawled.report.kept.len()), (0, 4));

    links.iter().for_each(|path| site.set(path, Reply::status(500)));
    let crawled = crawl(&plan(&site), &known).await;
    assert_eq!(crawled.told(), ["unchanged /"]);

    site.set("/robots.txt", Reply::status(503));
    let refused = try_crawl(&plan(&site), &known).await;
    assert!(matches!(refused, Err(CrawlError::Robots { .. })));
    site.set("/robots.txt", Reply::status(404));
    site.set("/", Reply::status(503));
    let refused = try_crawl(&plan(&site), &known).await;
    assert!(matches!(refused, Err(CrawlError::Status { status: 503, .. })));
}

#[tokio::test]
async fn a_page_with_two_names_is_one_page() {
    let own = "<link rel=canonical href='/a'>";
    let site = Website::start(&[
        ("/", page("Framside", &["/a?sort=1", "/lik", "/feil", "/ny-a"])),
        ("/a", page("A", &[])),
        ("/a?sort=1", Reply::page(&format!("{own}<title>A</title><p>Nesten som A."))),
        ("/lik", page("A", &[])),
        ("/feil", Reply::page(&format!("{own}<title>Feil</title><p>Peikar på ei anna side."))),
        ("/ny-a", Reply::to("/a")),
    ])
    .await;
    let crawled = crawl(&plan(&site), &KnownPages::new()).await;
    assert_eq!(crawled.told(), ["new /", "new /lik", "new /feil"]);
    assert_eq!(crawled.left_out(&site).len(), 2);
}

#[tokio::test]
async fn traps_cost_a_few_requests() {
    let site = Website::start(&[
        ("/", page("Framside", &["/ring", "/kjede0", "/dit", "/bombe", "/siste", "/dag?d=0"])),
        ("/ring", Reply::to("/ring")),
        ("/dit", Reply::to("http://169.254.169.254/latest/meta-data")),
        (
            "/bombe",
            Reply::Full(
                200,
                "Content-Type: text/html\r\nContent-Encoding: gzip\r\n".into(),
                bomb(64 * 1024 * 1024),
            ),
        ),
        ("/siste", page("Siste", &[])),
    ])
    .await;
    (0..10).for_each(|n| site.set(&format!("/kjede{n}"), Reply::to(&format!("/kjede{}", n + 1))));
    (0..400).for_each(|n| {
        let next = format!("/dag?d={}", n + 1);
        site.set(
            &format!("/dag?d={n}"),
            Reply::page(&format!("<p>Ingen hende.<a href='{next}'>x")),
        );
    });
    let crawled = crawl(&plan(&site), &KnownPages::new()).await;
    assert_eq!(crawled.told(), ["new /", "new /siste", "new /dag?d=0"]);
    let asked = site.asked();
    let count = |start: &str| asked.iter().filter(|it| it.starts_with(start)).count();
    assert_eq!((count("/ring"), count("/kjede")), (6, 6));
    assert!(count("/dag") <= 100, "a calendar was followed to its end");
    let left_out = crawled.left_out(&site).join("\n");
    assert!(left_out.contains("/bombe: it is larger than what is read"), "{left_out}");
    assert!(left_out.contains("/ring: it redirects in a circle"), "{left_out}");
    assert!(left_out.contains("/dit: it redirects to http://169.254"), "{left_out}");
}

#[tokio::test]
async fn limits_are_kept_and_told() {
    let links: Vec<String> = (0..50).map(|n| format!("/{n}")).collect();
    let site = Website::start(&[]).await;
    site.set("/", page("Framside", &links.iter().map(String::as_str).collect::<Vec<_>>()));
    links.iter().for_each(|path| site.set(path, page(path, &[])));
    let reach = Reach { pages_max: 10, depth_max: 1 };
    let crawled = crawl(&CrawlPlan { reach, ..plan(&site) }, &KnownPages::new()).await;
    assert_eq!(crawled.report.found, 10);
    assert_eq!(crawled.report.stopped.as_deref(), Some("the limit of pages is reached"));
    let crawled = crawl(&CrawlPlan { bytes_max: 100, ..plan(&site) }, &KnownPages::new()).await;
    assert_eq!(crawled.report.stopped.as_deref(), Some("the limit of bytes is reached"));
    let none = CrawlPlan { time_max: Duration::ZERO, ..plan(&site) };
    assert!(matches!(try_crawl(&none, &KnownPages::new()).await, Err(CrawlError::Nothing { .. })));
}

#[tokio::test]
async fn a_page_that_kills_the_parser_is_left_out_and_the_crawl_goes_on() {
    let site = Website::start(&[("/", page("Framside", &["/a"])), ("/a", page("A", &[]))]).await;
    let worker = Worker::new("/bin/sh".into(), vec!["-c".into(), "exit 1".into()]);
    let parser = Parser::Child(Box::new(worker));
    let told = crawl_with(&plan(&site), &KnownPages::new(), &parser).await;
    let Err(CrawlError::Nothing { reason, .. }) = told else { panic!("something was read") };
    assert_eq!(reason, "it could not be read within the limits of time and memory");
}

#[tokio::test]
async fn a_site_that_will_not_be_read_is_not() {
    let site = Website::start(&[
        ("/robots.txt", Reply::text("User-agent: Skranke\nDisallow: /")),
        ("/", page("Framside", &[])),
    ])
    .await;
    let denied = try_crawl(&plan(&site), &KnownPages::new()).await;
    assert!(matches!(denied, Err(CrawlError::Denied { .. })));
    site.set("/robots.txt", Reply::status(404));
    site.set("/", Reply::to("http://localhost:1/"));
    assert!(try_crawl(&plan(&site), &KnownPages::new()).await.is_err());
}

#[tokio::test]
async fn without_leave_not_one_request_goes_to_a_private_address() {
    let site = Website::start(&[("/", page("Framside", &[]))]).await;
    let (sink, _found) = mpsc::channel(10);
    let (client, known) = (client(false), KnownPages::new());
    let crawler =
        Crawler { client: &client, parser: &Parser::InProcess, known: &known, progress: None };
    let start = site.at("/").as_str().replace("127.0.0.1", "localhost");
    for start in [site.at("/").to_string(), start] {
        let plan = CrawlPlan::of_site(Address::parse(&start).unwrap());
        let refused = crawler.crawl(&plan, &sink).await;
        assert!(
            matches!(refused, Err(CrawlError::Start { source: NetError::Refused { .. }, .. })),
            "{refused:?}"
        );
    }
    assert!(site.asked().is_empty());
}

#[tokio::test]
async fn a_crawl_stops_when_nobody_listens() {
    let site = Website::start(&[("/", page("Framside", &[]))]).await;
    let (sink, found) = mpsc::channel(1);
    drop(found);
    let (client, known) = (client(true), KnownPages::new());
    let crawler =
        Crawler { client: &client, parser: &Parser::InProcess, known: &known, progress: None };
    let stopped = crawler.crawl(&plan(&site), &sink).await;
    assert!(matches!(stopped, Err(CrawlError::Stopped { .. })));
}

/// A gzip file of a kilobyte per quarter megabyte of zeros: one letter, repeated by the longest
/// run that deflate knows (RFC 1951, 3.2.6), thirteen bits for 258 bytes.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut buffer, mut held) = (0_u32, 0);
    // Last block with fixed codes; then the letter 0: eight bits 00110000.
    let start = [(0b1, 1), (0b01, 2), (0b0000_1100, 8)];
    // Length 258 is symbol 285 (11000101, written backward), distance 1 is 00000.
    let runs = std::iter::repeat_n((0b1010_0011, 13), bytes / 258);
    // End of the block is symbol 256: seven bits of nothing.
    for (bits, count) in start.into_iter().chain(runs).chain([(0, 7), (0, 7)]) {
        buffer |= bits << held;
        held += count;
        while 8 <= held {
            file.push((buffer & 0xff) as u8);
            buffer >>= 8;
            held -= 8;
        }
    }
    file.extend([0; 8]);
    file
}
