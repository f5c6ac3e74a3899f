//! What the service does by itself meanwhile: reads a website, groups everything, writes letters.

use crate::harness::visitor::{Service, Visitor};
use crate::people::ADMIN;
use crate::town::SUBJECTS;
use crate::website::{Reply, Website};

/// A website of so many pages.
pub(crate) fn site(pages: u32) -> Website {
    let links = |from: u32| -> String {
        let to = (from * 20 + 1)..=(from * 20 + 20);
        to.filter(|it| *it < pages).map(|it| format!("<a href='/s/{it}'>side {it}</a> ")).collect()
    };
    let all: Vec<(String, Reply)> = (0..pages)
        .map(|n| {
            let subject = SUBJECTS[(n % 12) as usize];
            let path = if n == 0 { "/".to_owned() } else { format!("/s/{n}") };
            let text = format!(
                "<!doctype html><html lang='nn'><title>{subject} {n}</title><main>\
                 <h1>Om {subject} {n}</h1><p>{subject} i krins {n} er open kvar dag. Prisen står \
                 her, og søknaden blir svara på innan tre veker.</p>{}</main>",
                links(n)
            );
            (path, Reply::Page(text))
        })
        .collect();
    let pairs: Vec<(&str, Reply)> = all.iter().map(|it| (it.0.as_str(), it.1.clone())).collect();
    Website::start(&pairs)
}

/// Lets the service begin all three; what goes on already goes on.
pub(crate) fn begin(service: &Service, site: &Website) {
    let mut admin = Visitor::sign_in(service.address, ADMIN);
    let sites = admin.get("/admin/sites");
    if !sites.body.contains(&site.address) {
        let (version, start) = (sites.hidden("version"), format!("{}/", site.address));
        let fields = [
            ("version", version.as_str()),
            ("change", "add"),
            ("start", &start),
            ("allow_private", "yes"),
            ("pace_ms", "5"),
            ("pages_max", "20000"),
        ];
        let answer = admin.submit("/admin/sites", "/admin/sites", &fields);
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    for job in ["crawl", "topics", "digest"] {
        let fields = [("job", job), ("change", "run")];
        let answer = admin.submit("/admin/jobs", "/admin/jobs", &fields);
        assert!(matches!(answer.status, 303 | 422), "{job}: {}", answer.body);
    }
}
