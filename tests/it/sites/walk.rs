//! A walk along the links of a folder of pages that knows nothing of the crawler.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use super::folder;

/// Every page that links lead to from `start`, with so many links on the way, its path first.
pub(crate) fn walk(root: &Path, start: &str) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::from([(start.to_owned(), 0)]);
    let mut waiting = VecDeque::from([(start.to_owned(), 0)]);
    let below = start.rsplit_once('/').map_or("", |(below, _)| below);
    while let Some((path, depth)) = waiting.pop_front() {
        let file = folder::file(root, &path).expect("only pages wait");
        let html = std::fs::read(&file).expect("it is there");
        for link in links(&String::from_utf8_lossy(&html)) {
            let to = join(&path, &link);
            let is_page = to.ends_with(".html") || to.ends_with('/');
            let is_new = is_page && to.starts_with(below) && !seen.contains_key(&to);
            if is_new && folder::file(root, &to).is_some() {
                seen.insert(to.clone(), depth + 1);
                waiting.push_back((to, depth + 1));
            }
        }
    }
    seen
}

/// The values of `href` of all links to the same site.
fn links(html: &str) -> Vec<String> {
    let anchors = html.split("<a").skip(1).filter(|it| it.starts_with(char::is_whitespace));
    let tags = anchors.filter_map(|it| it.split('>').next());
    let values = tags.filter(|it| !it.contains("nofollow")).filter_map(|tag| {
        let value = tag.split("href=").nth(1)?;
        let quote = value.chars().next().filter(|it| ['"', '\''].contains(it))?;
        value[1..].split(quote).next().map(|it| it.replace("&amp;", "&"))
    });
    let inside = values.filter(|it| !it.contains("://") && !it.contains(':') && !it.is_empty());
    inside.map(|it| it.split(['#', '?']).next().unwrap_or_default().to_owned()).collect()
}

fn join(from: &str, link: &str) -> String {
    if link.is_empty() {
        return from.to_owned();
    }
    let base = if link.starts_with('/') { "" } else { from.rsplit_once('/').map_or("", |it| it.0) };
    let mut parts: Vec<&str> = base.split('/').skip(1).filter(|it| !it.is_empty()).collect();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let end = if link.ends_with('/') { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
}
