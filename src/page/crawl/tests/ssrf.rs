//! Addresses inside the organisation's network, given to a crawl in every way that a site has: a
//! sink listens there, and not one connection reaches it.
//!
//! The site itself lies on an address of loopback that was opened, and on no other.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::net::TcpListener;

use super::*;

/// Hosts that stand for this machine or for what lies inside.
const HOSTS: [&str; 67] = [
    "127.0.0.1",
    "127.0.0.3",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7F.0x0.0x0.0x1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "127.1.",
    "0",
    "0.0.0.0",
    "0.1.2.3",
    "0x0",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.169.254",
    "169.254.0.1",
    "0xa9fea9fe",
    "2852039166",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[100::1]",
    "[2001::1]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[3fff::1]",
    "\u{ff11}\u{ff12}\u{ff17}.0.0.1",
    "\u{2460}\u{2461}\u{2466}.0.0.1",
    "127\u{3002}0\u{3002}0\u{3002}1",
    "localhost",
    "LOCALHOST.",
    "xn--lcalhost-54a.example",
];

/// Whole addresses; `#` stands for the sink's port.
const WHOLE: [&str; 15] = [
    "http://kari@127.0.0.1:#/",
    "http://good.example@127.0.0.1:#/",
    "http://8.8.8.8:80@127.0.0.1:#/",
    "http://127.0.0.1:#@127.0.0.1:#/",
    "http:\\\\127.0.0.1:#/",
    "http:/127.0.0.1:#/",
    "//127.0.0.1:#/",
    "///127.0.0.1:#/",
    "\\\\127.0.0.1:#/",
    "https://127.0.0.1:#/",
    "ftp://127.0.0.1:#/",
    "gopher://127.0.0.1:#/_GET",
    "file:///etc/passwd",
    "data:text/html,<p>x",
    "ht\ntp://127.0.0.1:#/",
];

/// A listener on every address of this machine, at one port, that counts who comes.
struct Sink {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Sink {
    async fn start() -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let mut listeners = vec![listener];
        // The same port of the newer protocol, where there is one.
        listeners.extend(TcpListener::bind(format!("[::1]:{port}")).await);
        for listener in listeners {
            let count = Arc::clone(&connections);
            tokio::spawn(async move {
                while listener.accept().await.is_ok() {
                    count.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        Self { port, connections }
    }

    fn targets(&self) -> Vec<String> {
        let port = self.port;
        let hosts = HOSTS.iter().map(|host| format!("http://{host}:{port}/"));
        let whole = WHOLE.iter().map(|it| it.replace('#', &port.to_string()));
        hosts.chain(whole).collect()
    }

    #[track_caller]
    fn is_dry(&self, way: &str) {
        assert_eq!(self.connections.load(Ordering::SeqCst), 0, "{way} reached the sink");
    }
}

/// The network addresses among the hosts.
fn ips() -> Vec<IpAddr> {
    let bare = HOSTS.iter().map(|it| it.trim_matches(['[', ']']));
    bare.filter_map(|it| it.parse().ok()).collect()
}

const GOOD: &str = "127.0.0.2";

/// Admits the site's own address on any port, and refuses others for what they are.
fn guarded(tell: impl Fn(&str) -> Vec<SocketAddr> + Send + Sync + 'static) -> Client {
    let guard = Guard::opening(&[GOOD.parse().unwrap()]).on_any_port();
    Client::told(Arc::new(tell), guard).unwrap()
}

async fn crawl_by(client: &Client, plan: &CrawlPlan) -> Result<CrawlReport, CrawlError> {
    let (sink, mut found) = mpsc::channel(10_000);
    let known = KnownPages::new();
    let parser = &Parser::InProcess;
    let crawler = Crawler { client, parser, known: &known, progress: None };
    let report = crawler.crawl(plan, &sink).await;
    found.close();
    report
}

fn quick(start: Address) -> CrawlPlan {
    let usual = CrawlPlan::of_site(start);
    CrawlPlan { pace: Duration::ZERO, retry_pause: Duration::ZERO, ..usual }
}

#[tokio::test]
async fn not_one_byte_reaches_the_inside_by_anything_that_a_site_says() {
    let sink = Sink::start().await;
    let targets = sink.targets();
    assert!(80 <= targets.len(), "{}", targets.len());
    let client = guarded(|_| vec![]);
    for target in &targets {
        let Ok(start) = Address::parse(target) else { continue };
        assert!(crawl_by(&client, &quick(start)).await.is_err(), "{target}");
        sink.is_dry(&format!("a start at {target}"));
    }
    let site = Website::start_on(GOOD, &[]).await;
    let links: Vec<String> = targets.iter().map(|it| format!("<a href='{it}'>x</a>")).collect();
    let mut front = format!("<title>Fram</title><p>Hei.</p><base href='/'>{}", links.concat());
    let mut list = String::from("<urlset>");
    let mut robots = String::from("User-agent: *\n");
    for (n, target) in targets.iter().enumerate() {
        robots += &format!("Sitemap: {target}\nSitemap: /til-{n}\n");
        list += &format!("<url><loc>{target}</loc></url><url><loc>/til-{n}</loc></url>");
        front += &format!("<a href='/til-{n}'>x</a><a href='/eigen-{n}'>x</a>");
        site.set(&format!("/til-{n}"), Reply::to(target));
        let head = format!(
            "<link rel=canonical href='{target}'><link rel=next href='{target}'><link \
             rel=alternate hreflang=nn href='{target}'><link rel=alternate \
             type='application/rss+xml' href='{target}'><base href='{target}'>"
        );
        let own = format!("{head}<title>Eigen {n}</title><p>Side {n}.</p><a href='a/{n}'>x</a>");
        site.set(&format!("/eigen-{n}"), Reply::page(&own));
    }
    site.set("/", Reply::page(&front));
    site.set("/robots.txt", Reply::text(&robots));
    site.set("/sitemap.xml", Reply::text(&format!("{list}</urlset>")));
    let report = crawl_by(&client, &quick(site.at("/"))).await.unwrap();
    assert_eq!(report.found, 1 + targets.len(), "{:?}", report.left_out);
    sink.is_dry("a page");
    for target in &targets {
        site.set("/robots.txt", Reply::to(target));
        drop(crawl_by(&client, &quick(site.at("/til-0"))).await);
        sink.is_dry(&format!("a robots.txt that leads to {target}"));
    }
}

#[tokio::test]
async fn not_one_byte_reaches_the_inside_by_what_a_name_stands_for() {
    let sink = Sink::start().await;
    let port = sink.port;
    let site = Website::start_on(GOOD, &[("/", page("Fram", &[])), ("/a", page("A", &[]))]).await;
    let good: SocketAddr = site.address.trim_start_matches("http://").parse().unwrap();
    let ips = ips();
    assert!(40 <= ips.len(), "{}", ips.len());
    for ip in ips {
        let inside = SocketAddr::new(ip, port);
        let client = guarded(move |_| vec![inside]);
        let start = || Address::parse("http://www.fjordvik.example/").unwrap();
        assert!(crawl_by(&client, &quick(start())).await.is_err(), "{ip}");
        sink.is_dry(&format!("a name for {ip}"));

        // Both at once: what may be asked is, and nothing else.
        let client = guarded(move |_| vec![inside, good, inside]);
        assert!(crawl_by(&client, &quick(start())).await.is_ok(), "{ip}");
        sink.is_dry(&format!("a name for the site and {ip}"));

        // Another answer each time: the name is checked at every connection.
        let count = AtomicUsize::new(0);
        let client = guarded(move |_| {
            let is_good = count.fetch_add(1, Ordering::SeqCst).is_multiple_of(2);
            vec![if is_good { good } else { inside }]
        });
        drop(crawl_by(&client, &quick(start())).await);
        sink.is_dry(&format!("a name that changes to {ip}"));
    }
}

#[tokio::test]
async fn a_port_of_something_else_is_asked_only_on_what_was_opened() {
    let sink = Sink::start().await;
    let (port, tell) = (sink.port, |ip: [u8; 4]| vec![SocketAddr::new(ip.into(), 0)]);
    // The name stands for a public address, or for one that was not opened.
    for ip in [[93, 184, 215, 14], [127, 0, 0, 1]] {
        let guard = Guard::opening(&[GOOD.parse().unwrap()]);
        let client = Client::told(Arc::new(move |_| tell(ip)), guard).unwrap();
        let start = Address::parse(&format!("http://www.fjordvik.example:{port}/")).unwrap();
        let refused = crawl_by(&client, &quick(start)).await;
        let source = match refused {
            Err(CrawlError::Start { source, .. }) => source,
            other => panic!("{other:?}"),
        };
        assert!(matches!(source, NetError::Refused { .. }), "{source:?}");
    }
    sink.is_dry("another port");
}
