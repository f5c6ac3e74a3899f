//! What a site may say and how it may answer, and what comes of it.

use super::*;

fn full(head: &str, body: &str) -> Reply {
    Reply::Full(200, format!("Content-Type: text/html\r\n{head}"), body.into())
}

#[tokio::test]
async fn several_starts_are_one_site_each_with_its_own_rules() {
    let other = Website::start_on(
        "127.0.0.2",
        &[
            ("/robots.txt", Reply::text("User-agent: *\nDisallow: /bok/intern")),
            ("/bok/", page("Bok", &["/bok/a", "/bok/intern", "/utanfor"])),
            ("/bok/a", page("Bok A", &[])),
            ("/bok/intern", page("Intern", &[])),
            ("/utanfor", page("Utanfor", &[])),
        ],
    )
    .await;
    let far = other.at("/bok/a").to_string();
    let site = Website::start(&[("/", page("Fram", &["/a", "/arkiv/b", &far]))]).await;
    site.set("/a", page("A", &[]));
    site.set("/arkiv/b", page("B", &[]));
    let mut plan = plan(&site).and(other.at("/bok/")).and(other.at("/borte/"));
    plan.scope.denied.push("/arkiv/".into());
    let crawled = crawl(&plan, &KnownPages::new()).await;
    let mut told = crawled.told();
    told.sort();
    assert_eq!(told, ["new /", "new /a", "new /bok/", "new /bok/a"]);
    assert!(
        crawled.left_out(&site).iter().any(|it| it.contains("/borte/: ")),
        "a start that fails"
    );
    assert!(!other.asked().iter().any(|it| it.contains("intern") || it == "/utanfor"));
}

#[tokio::test]
async fn other_norms_feeds_and_the_next_page_are_followed() {
    let head = "<link rel=alternate hreflang=nb href=/nb/><link rel=next href=/side2>\
        <link rel=alternate type=application/rss+xml href=/nytt.xml><link rel=alternate \
        hreflang=x-default href=/>";
    let feed = "<rss><channel><item><link>/nytt/1</link></item></channel></rss>";
    let site = Website::start(&[
        ("/", Reply::page(&format!("{head}<title>Fram</title><p>Velkomen."))),
        ("/nb/", Reply::page("<html lang=nb><title>Frem</title><p>Velkommen.")),
        ("/side2", page("Side to", &[])),
        (
            "/nytt.xml",
            Reply::Full(200, "Content-Type: application/rss+xml\r\n".into(), feed.into()),
        ),
        ("/nytt/1", page("Nytt", &[])),
    ])
    .await;
    let crawled = crawl(&plan(&site), &KnownPages::new()).await;
    let mut told = crawled.told();
    told.sort();
    assert_eq!(told, ["new /", "new /nb/", "new /nytt/1", "new /side2"]);
    let Finding::New(front) = &crawled.findings[0] else { panic!("the front page comes first") };
    assert_eq!(front.alternates, [("nb".to_owned(), site.at("/nb/").to_string())]);
    let only = CrawlPlan { languages: vec!["nn".into()], ..plan(&site) };
    let crawled = crawl(&only, &KnownPages::new()).await;
    assert!(crawled.left_out(&site).contains(&"/nb/: it is in another language: nb".to_owned()));
}

#[tokio::test]
async fn wishes_in_headers_and_links_are_kept() {
    let site = Website::start(&[
        (
            "/",
            Reply::page(
                "<title>Fram</title><p>Hei.<a href=/a>a</a><a href=/b rel='ugc nofollow'>b</a>\
                 <a href=/c>c</a><a href=/d>d</a>",
            ),
        ),
        (
            "/a",
            full(
                "X-Robots-Tag: otherbot: noindex\r\nX-Robots-Tag: nofollow\r\n",
                "<p>A.<a href=/x>x",
            ),
        ),
        ("/b", page("B", &[])),
        ("/c", full("X-Robots-Tag: noindex\r\n", "<p>C.<a href=/y>y")),
        ("/d", page("D", &[])),
        ("/x", page("X", &[])),
        ("/y", page("Y", &[])),
    ])
    .await;
    let crawled = crawl(&plan(&site), &KnownPages::new()).await;
    assert_eq!(crawled.told(), ["new /", "new /a", "new /d", "new /y"]);
    let known = crawled.known();
    site.set("/robots.txt", Reply::text("User-agent: *\nDisallow: /a\nDisallow: /d"));
    site.set("/y", full("X-Robots-Tag: none\r\n", "<p>Y."));
    let crawled = crawl(&plan(&site), &known).await;
    assert_eq!(crawled.report.gone, 3, "what the site takes back goes, however much it is");
}

#[tokio::test]
async fn what_fails_for_a_moment_is_asked_for_again_and_a_wish_to_wait_is_kept() {
    let site = Website::start(&[("/", page("Fram", &["/a", "/b", "/borte"]))]).await;
    site.set("/a", page("A", &[]));
    site.set("/b", Reply::Full(503, "Retry-After: 1\r\n".into(), vec![]));
    let began = Instant::now();
    let crawled = crawl(&plan(&site), &KnownPages::new()).await;
    assert!(Duration::from_secs(2) <= began.elapsed(), "two waits of a second");
    assert_eq!(crawled.told(), ["new /", "new /a"]);
    let asked = site.asked();
    let count = |path: &str| asked.iter().filter(|it| *it == path).count();
    assert_eq!((count("/b"), count("/borte")), (3, 1));
    assert_eq!(crawled.report.failed.values().sum::<usize>(), 1);
    assert_eq!(crawled.report.dead.len(), 1);
    site.set("/b", Reply::Full(429, "Retry-After: 86400\r\n".into(), vec![]));
    let crawled = crawl(&plan(&site), &KnownPages::new()).await;
    let stopped = crawled.report.stopped.unwrap_or_default();
    assert_eq!(stopped, "the site asks to be left alone for 86400 seconds");
}

#[tokio::test]
async fn an_unchanged_site_costs_a_twentieth_the_second_time() {
    let site = Website::start(&[]).await;
    let paths: Vec<String> = (0..50).map(|n| format!("/{n}")).collect();
    let links: Vec<&str> = paths.iter().map(String::as_str).collect();
    site.set("/", Reply::Tagged("1".into(), html("Fram", &links)));
    for path in &paths {
        let text = format!("{}<p>{}", html(path, &[]), "ord ".repeat(500));
        site.set(path, Reply::Tagged("1".into(), text));
    }
    let first = crawl(&plan(&site), &KnownPages::new()).await;
    let second = crawl(&plan(&site), &first.known()).await;
    let [first, second] = [first.report, second.report];
    println!("{} bytes the first time, {} the second", first.wire_bytes, second.wire_bytes);
    assert!(100_000 < first.wire_bytes && second.wire_bytes * 20 < first.wire_bytes);
    assert_eq!((second.unchanged, second.found), (51, 51));
}
