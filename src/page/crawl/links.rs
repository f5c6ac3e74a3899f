//! What a page and the headers with it say of where it leads and what it asks of us.

use super::site::AGENT;
use crate::page::crawl::address::Address;
use crate::page::extract::{ACCEPTED as READ, Extracted, wishes};

/// Media types that are read; the last ones are feeds.
pub(super) const ACCEPTED: [&str; 8] = [
    READ[0],
    READ[1],
    READ[2],
    READ[3],
    "application/rss+xml",
    "application/atom+xml",
    "application/xml",
    "text/xml",
];

/// A page with this type of content is looked at as a feed.
pub(super) fn is_feed(content_type: Option<&str>) -> bool {
    let bare = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    ACCEPTED[READ.len()..].iter().any(|it| bare.eq_ignore_ascii_case(it))
}

/// What the headers ask of us: a line may name the robot that it is for.
pub(super) fn tag_wishes(lines: &str) -> (bool, bool) {
    const WITH_VALUE: [&str; 4] =
        ["unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"];
    let (mut noindex, mut nofollow) = (false, false);
    for line in lines.lines() {
        let (name, rest) =
            line.split_once(':').map_or(("", line), |(name, rest)| (name.trim(), rest));
        let is_robot = !name.is_empty() && !name.contains(',') && !WITH_VALUE.contains(&name);
        let own = match is_robot {
            true if name.eq_ignore_ascii_case(AGENT) || name == "*" => wishes(rest),
            true => continue,
            false => wishes(line),
        };
        noindex |= own.0;
        nofollow |= own.1;
    }
    (noindex, nofollow)
}

/// The same page in other languages, with whole addresses.
pub(super) fn alternates(address: &Address, page: &Extracted) -> Vec<(String, String)> {
    let whole = page.alternates.iter().filter_map(|(language, link)| {
        let to = address.join(link).ok().filter(|to| to != address)?;
        (language != "x-default").then(|| (language.clone(), to.to_string()))
    });
    whole.collect()
}

/// The address that a page names as its own.
pub(super) fn own_address(address: &Address, page: &Extracted) -> Option<Address> {
    address.join(page.canonical.as_deref()?).ok()
}

/// The links of a page as addresses.
pub(super) fn links(address: &Address, page: &Extracted) -> Vec<Address> {
    let base = page.base.as_deref().and_then(|base| address.join(base).ok());
    let base = base.as_ref().unwrap_or(address);
    page.links.iter().filter_map(|link| base.join(link).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &str, expected: (bool, bool)) {
        assert_eq!(tag_wishes(lines), expected, "{lines}");
    }

    #[test]
    fn headers_may_be_meant_for_another_robot() {
        check("noindex, nofollow", (true, true));
        check("none", (true, true));
        check("otherbot: noindex", (false, false));
        check("otherbot: noindex\nskranke: nofollow", (false, true));
        check("*: noindex", (true, false));
        check("unavailable_after: 25 Jun 2030 15:00:00 PST, noindex", (true, false));
        check("max-snippet: 10", (false, false));
    }
}
