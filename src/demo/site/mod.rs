//! The website as it stood in each week: which page answers an address, and with what.

mod render;
mod serve;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use self::render::View;
pub use self::serve::{PREFIX, ServedSite};
use super::calendar::Calendar;
use super::content::{self, DemoError};

/// Where the website is served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Scheme, host and port, such as `http://127.0.0.1:8081`.
    pub origin: String,
    /// What stands before every path; empty, or such as `/fjordvik`.
    pub prefix: String,
}

/// What the website answers to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// 200 or 404.
    pub status: u16,
    /// The type with its character set.
    pub content_type: &'static str,
    /// The content.
    pub body: String,
    /// A quoted fingerprint of the content.
    pub etag: String,
    /// The time of the last change in the form of HTTP, where there is one.
    pub last_modified: Option<String>,
}

/// One page as it stands from some week on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Version {
    path: String,
    lang: String,
    title: String,
    section: String,
    updated: Date,
    /// The same page in the other norm or language.
    twin: Option<String>,
    noindex: bool,
    /// The first week that it can be seen in.
    from: u8,
    /// The first week that it can no longer be seen in.
    gone: Option<u8>,
    /// What stands below the title, as HTML.
    main: String,
}

/// A part of the website with a landing page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    key: String,
    lang: String,
    title: String,
    intro: String,
}

#[derive(Deserialize)]
struct Sections {
    section: Vec<Section>,
}

/// Paths that start so are not for crawlers.
const DISALLOWED: [&str; 2] = ["/intern/", "/sok"];

/// The whole website, in every week.
#[derive(Clone, Debug)]
pub struct Site {
    place: Place,
    /// By path, the oldest version first.
    pages: BTreeMap<String, Vec<Version>>,
    sections: Vec<Section>,
    style: String,
}

impl Site {
    /// Reads the website of a demo with this calendar, to be served at `place`.
    pub fn load(calendar: &Calendar, place: Place) -> Result<Self, DemoError> {
        let mut pages: BTreeMap<String, Vec<Version>> = BTreeMap::new();
        for file in content::files("pages/") {
            let version = version(&file, calendar)?;
            pages.entry(version.path.clone()).or_default().push(version);
        }
        for versions in pages.values_mut() {
            versions.sort_by_key(|version| version.from);
        }
        let sections = content::table::<Sections>("sections.toml")?.section;
        Ok(Self { place, pages, sections, style: content::text("site.css")? })
    }

    /// What the website answers to a path (without the prefix) in a week of the demo.
    pub fn page_at(&self, path: &str, week: u8) -> Response {
        match path {
            "/robots.txt" => text("text/plain; charset=utf-8", self.robots()),
            "/sitemap.xml" => text("application/xml; charset=utf-8", self.sitemap(week)),
            "/site.css" => text("text/css; charset=utf-8", self.style.clone()),
            _ => self.html_at(path, week),
        }
    }

    /// The paths of all pages that can be seen in a week, in order.
    pub fn paths(&self, week: u8) -> Vec<String> {
        let mut paths: Vec<String> = self.live(week).map(|page| page.path.clone()).collect();
        paths.push("/".to_owned());
        paths.extend(self.sections.iter().map(|section| format!("/{}", section.key)));
        paths.sort();
        paths
    }

    fn html_at(&self, path: &str, week: u8) -> Response {
        let live: Vec<&Version> = self.live(week).collect();
        let view = View { sections: &self.sections, pages: &live };
        let (status, html, updated) = if path == "/" {
            (200, render::front(&view), newest(&live))
        } else if let Some(page) = live.iter().find(|page| page.path == path) {
            (200, render::page(&view, page), Some(page.updated))
        } else if let Some(section) = self.section(path) {
            let own: Vec<&Version> =
                live.iter().copied().filter(|page| page.section == section.key).collect();
            (200, render::landing(&view, section), newest(&own))
        } else {
            (404, render::not_found(&view), None)
        };
        let mut response = text("text/html; charset=utf-8", self.placed(html));
        response.status = status;
        response.last_modified = updated.and_then(http_date);
        response
    }

    fn section(&self, path: &str) -> Option<&Section> {
        self.sections.iter().find(|section| path.strip_prefix('/') == Some(&section.key))
    }

    fn live(&self, week: u8) -> impl Iterator<Item = &Version> {
        self.pages.values().filter_map(move |versions| {
            let seen = versions.iter().rev().find(|version| version.from <= week)?;
            (seen.gone.is_none_or(|gone| week < gone)).then_some(seen)
        })
    }

    /// Puts the prefix before the paths of links.
    fn placed(&self, html: String) -> String {
        let Place { prefix, .. } = &self.place;
        if prefix.is_empty() {
            return html;
        }
        html.replace("href=\"/", &format!("href=\"{prefix}/"))
            .replace("action=\"/", &format!("action=\"{prefix}/"))
    }

    fn robots(&self) -> String {
        let Place { origin, prefix } = &self.place;
        let mut robots = "User-agent: *\n".to_owned();
        for path in DISALLOWED {
            robots.push_str(&format!("Disallow: {prefix}{path}\n"));
        }
        robots.push_str(&format!("\nSitemap: {origin}{prefix}/sitemap.xml\n"));
        robots
    }

    fn sitemap(&self, week: u8) -> String {
        let Place { origin, prefix } = &self.place;
        let mut map = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset \
                       xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
            .to_owned();
        for page in self.live(week) {
            let hidden = DISALLOWED.iter().any(|path| page.path.starts_with(path));
            if !hidden && !page.noindex {
                let Version { path, updated, .. } = page;
                map.push_str(&format!(
                    "<url><loc>{origin}{prefix}{path}</loc><lastmod>{updated}</lastmod></url>\n"
                ));
            }
        }
        map.push_str("</urlset>\n");
        map
    }
}

fn newest(pages: &[&Version]) -> Option<Date> {
    pages.iter().map(|page| page.updated).max()
}

fn text(content_type: &'static str, body: String) -> Response {
    let digest = Sha256::digest(body.as_bytes());
    let etag = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
    Response { status: 200, content_type, body, etag: format!("\"{etag}\""), last_modified: None }
}

fn http_date(date: Date) -> Option<String> {
    let at: Timestamp = date.at(7, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()
}

/// Reads one file: a head of `name: value` lines, a line of three hyphens, then HTML.
fn version(file: &str, calendar: &Calendar) -> Result<Version, DemoError> {
    let text = content::text(file)?;
    let wrong = |line: &str| DemoError::Head { file: file.to_owned(), line: line.to_owned() };
    let (head, main) = text.split_once("\n---\n").ok_or_else(|| wrong(""))?;
    let mut version = Version { from: 1, main: main.to_owned(), ..Version::default() };
    let mut days = 0;
    for line in head.lines() {
        let (name, value) = line.split_once(": ").ok_or_else(|| wrong(line))?;
        let number = || value.parse().map_err(|_| wrong(line));
        match name {
            "path" => version.path = value.to_owned(),
            "lang" => version.lang = value.to_owned(),
            "title" => version.title = value.to_owned(),
            "section" => version.section = value.to_owned(),
            "updated" => days = value.parse::<i64>().map_err(|_| wrong(line))?,
            "twin" => version.twin = Some(value.to_owned()),
            "from" => version.from = number()?,
            "gone" => version.gone = Some(number()?),
            "noindex" => version.noindex = value == "yes",
            _ => return Err(wrong(line)),
        }
    }
    version.updated = calendar.monday(version.from).saturating_sub(days.days());
    Ok(version)
}
