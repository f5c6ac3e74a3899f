//! What a site asks of robots: its robots.txt, read as RFC 9309 says.

use std::time::Duration;

use crate::page::crawl::address::octet;

/// So much of the file is read (RFC 9309, 2.5); what follows does not count.
pub(super) const ROBOTS_BYTES_MAX: usize = 500 * 1024;
/// So many sitemaps are taken from one file.
const SITEMAPS_MAX: usize = 50;
/// A longer delay than this is not kept: a crawl would never end.
const DELAY_MAX: Duration = Duration::from_secs(30);

/// What a site asks of us.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::page::crawl) struct Robots {
    rules: Vec<Rule>,
    /// The least time between two requests, when one is asked for.
    pub delay: Option<Duration>,
    /// Addresses of sitemaps as they are written.
    pub sitemaps: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    pattern: String,
    is_allowed: bool,
}

/// One line that matters.
enum Line<'a> {
    Agent(&'a str),
    Rule(Rule),
    Delay(Duration),
    Sitemap(&'a str),
}

impl Robots {
    /// Everything may be read: the site has no rules.
    pub(super) fn open() -> Self {
        Self::default()
    }

    /// Nothing may be read: the site could not say what its rules are.
    pub(super) fn closed() -> Self {
        let rule = Rule { pattern: "/".to_owned(), is_allowed: false };
        Self { rules: vec![rule], ..Self::default() }
    }

    /// What the status of the answer means when the file itself did not come (RFC 9309, 2.3.1).
    pub(super) fn without_file(status: u16) -> Self {
        // Too many requests is no word on what may be read.
        if (400..500).contains(&status) && status != 429 { Self::open() } else { Self::closed() }
    }

    /// Reads the file as the robot `agent`, such as `skranke`.
    pub(super) fn parse(file: &[u8], agent: &str) -> Self {
        let file = &file[..file.len().min(ROBOTS_BYTES_MAX)];
        let text = String::from_utf8_lossy(file);
        let lines: Vec<Line<'_>> =
            text.trim_start_matches('\u{feff}').split(['\n', '\r']).filter_map(line).collect();
        // All groups that name us count as one; those of `*` only when none names us.
        let is_named = lines.iter().any(|it| matches!(it, Line::Agent(name) if is(name, agent)));
        Self::of_groups(lines, if is_named { agent } else { "*" })
    }

    fn of_groups(lines: Vec<Line<'_>>, agent: &str) -> Self {
        let mut robots = Self::default();
        let (mut is_ours, mut is_head) = (false, false);
        for line in lines {
            match line {
                Line::Agent(name) => {
                    // Names that follow each other share the group.
                    is_ours = is(name, agent) || (is_head && is_ours);
                    is_head = true;
                    continue;
                }
                Line::Rule(rule) if is_ours => robots.rules.push(rule),
                Line::Delay(delay) if is_ours => robots.delay = Some(delay.min(DELAY_MAX)),
                Line::Rule(_) | Line::Delay(_) => {}
                Line::Sitemap(address) => {
                    if robots.sitemaps.len() < SITEMAPS_MAX {
                        robots.sitemaps.push(address.to_owned());
                    }
                    continue;
                }
            }
            is_head = false;
        }
        robots
    }

    /// Tells whether a path with its query may be read: the longest rule decides, and where two
    /// are as long, the one that allows.
    pub(in crate::page::crawl) fn allows(&self, path_and_query: &str) -> bool {
        let path = octets(path_and_query);
        self.rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.is_allowed))
            .is_none_or(|rule| rule.is_allowed)
    }
}

/// A product token is compared without case; a version behind it does not count.
fn is(name: &str, agent: &str) -> bool {
    let end = name.find(|it: char| !it.is_ascii_alphabetic() && !matches!(it, '-' | '_' | '*'));
    name[..end.unwrap_or(name.len())].eq_ignore_ascii_case(agent)
}

fn line(line: &str) -> Option<Line<'_>> {
    let bare = line.split('#').next().unwrap_or_default();
    let (key, value) = bare.split_once(':')?;
    let value = value.trim();
    match key.trim().to_ascii_lowercase().as_str() {
        "user-agent" => Some(Line::Agent(value)),
        "allow" => rule(value, true),
        "disallow" => rule(value, false),
        "crawl-delay" => value
            .parse()
            .ok()
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .map(Line::Delay),
        "sitemap" => Some(Line::Sitemap(value)),
        _ => None,
    }
}

/// An empty rule forbids nothing.
fn rule(value: &str, is_allowed: bool) -> Option<Line<'_>> {
    let is_rule = value.starts_with(['/', '*']);
    is_rule.then(|| Line::Rule(Rule { pattern: octets(value), is_allowed }))
}

/// Brings both sides of a comparison into one spelling: letters beyond ASCII as percent signs,
/// these in capitals, and none for what needs none (RFC 9309, 2.2.2).
pub(in crate::page::crawl) fn octets(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let coded = text.get(at + 1..).filter(|_| byte == b'%').and_then(octet);
        let octet = coded.unwrap_or(byte);
        let is_plain = octet.is_ascii_alphanumeric() || b"-._~".contains(&octet);
        match (coded, octet.is_ascii()) {
            (Some(_), true) if is_plain => spelled.push(char::from(octet)),
            (Some(_), _) | (None, false) => spelled.push_str(&format!("%{octet:02X}")),
            (None, true) => spelled.push(char::from(octet)),
        }
        at += if coded.is_some() { 3 } else { 1 };
    }
    spelled
}

/// `*` stands for any text, `$` at the end for the end. Each star takes the earliest place where
/// the next piece fits, so the work is linear in pattern times path.
pub(in crate::page::crawl) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, is_whole) =
        pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut pieces: Vec<&str> = pieces.collect();
    let last = if is_whole { pieces.pop() } else { None };
    for piece in &pieces {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
    }
    match last {
        Some(last) => rest.ends_with(last),
        None => !is_whole || rest.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, path: &str, expected: bool) {
        let robots = Robots::parse(file.as_bytes(), "skranke");
        assert_eq!(robots.allows(path), expected, "{path} by {file:?}");
    }

    #[test]
    fn the_longest_rule_decides() {
        let file =
            "User-agent: *\nDisallow: /skule\nAllow: /skule/sfo\nDisallow: /skule/sfo/intern";
        check(file, "/barnehage", true);
        check(file, "/skule/frist", false);
        check(file, "/skule/sfo/pris", true);
        check(file, "/skule/sfo/intern/7", false);
        check("User-agent: *\nDisallow: /a\nAllow: /a", "/a", true);
        check("User-agent: *\nDisallow:", "/a", true);
    }

    #[test]
    fn stars_and_ends_are_understood() {
        let file = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /*?sort=\nDisallow: /a*b*c$";
        check(file, "/rates.pdf", false);
        check(file, "/rates.pdf?v=2", true);
        check(file, "/list?sort=name", false);
        check(file, "/list?page=1&sort=name", true);
        check(file, "/axxbyyc", false);
        check(file, "/axxbyycd", true);
        check("User-agent: *\nDisallow: *", "/a", false);
        check("User-agent: *\nDisallow: /$", "/", false);
        check("User-agent: *\nDisallow: /$", "/a", true);
        check("User-agent: *\nDisallow: /a*a$", "/a", true);
    }

    #[test]
    fn our_own_group_counts_before_that_of_all() {
        let file = "User-agent: *\nDisallow: /\n\nUser-Agent: Other\nUser-agent: SKRANKE/1.0\n\
            Disallow: /intern\n\nUser-agent: skranke\nDisallow: /arkiv";
        check(file, "/barnehage", true);
        check(file, "/intern", false);
        check(file, "/arkiv", false);
        check("User-agent: other\nDisallow: /", "/a", true);
        check("User-agent: skrankebot\nDisallow: /", "/a", true);
        check("Disallow: /", "/a", true);
    }

    #[test]
    fn odd_files_are_read_as_far_as_they_go() {
        check("\u{feff}user-agent : * # all\r\n disallow:/a # b\rallow: /a/b", "/a", false);
        check("User-agent: *\nNoindex: /a\nDisallow: /s\u{f8}k", "/s%C3%B8k", false);
        check("User-agent: *\nDisallow: /s%c3%b8k", "/s\u{f8}k", false);
        check("User-agent: *\nDisallow: /%7Eola", "/~ola", false);
        check("User-agent: *\nDisallow: /a%+1b", "/a%+1b", false);
        check("User-agent: *\nDisallow: /a%01b", "/a%+1b", true);
        check("<html>not found</html>", "/a", true);
        check("User-agent: *\nSitemap: x\nUser-agent: skranke\nDisallow: /", "/a", false);
    }

    #[test]
    fn a_file_that_does_not_come_opens_or_closes_the_site() {
        for (status, expected) in
            [(404, true), (401, true), (410, true), (429, false), (500, false), (503, false)]
        {
            assert_eq!(Robots::without_file(status).allows("/a"), expected, "{status}");
        }
    }

    #[test]
    fn delay_and_sitemaps_are_told() {
        let file = b"Sitemap: https://x.example/s.xml\nUser-agent: *\nCrawl-delay: 2.5\n";
        let robots = Robots::parse(file, "skranke");
        assert_eq!(robots.delay, Some(Duration::from_millis(2_500)));
        assert_eq!(robots.sitemaps, ["https://x.example/s.xml"]);
        let endless = Robots::parse(b"User-agent: *\nCrawl-delay: 86400", "skranke");
        assert_eq!(endless.delay, Some(DELAY_MAX));
        assert_eq!(Robots::parse(b"User-agent: *\nCrawl-delay: -1", "skranke").delay, None);
    }

    #[test]
    fn what_lies_beyond_the_limit_does_not_count() {
        let file = |room: usize| format!("User-agent: *\n#{}\nDisallow: /", "x".repeat(room));
        let room = ROBOTS_BYTES_MAX - file(0).len();
        check(&file(room), "/a", false);
        check(&file(room + 1_000), "/a", true);
    }

    proptest::proptest! {
        #[test]
        fn any_file_is_read(
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300),
            lines in "((user-agent|disallow|allow|crawl-delay) ?: ?[*$/%a-z0-9.]{0,12}\n){0,12}",
            path in "/[a-z%*$0-9?]{0,12}"
        ) {
            for file in [bytes.as_slice(), lines.as_bytes()] {
                let robots = Robots::parse(file, "skranke");
                // The same file, whatever the ends of its lines.
                let text = String::from_utf8_lossy(file).replace('\n', "\r\n");
                let again = Robots::parse(text.as_bytes(), "skranke");
                proptest::prop_assert_eq!(robots.allows(&path), again.allows(&path));
            }
        }
    }
}
