//! Which addresses belong to a site.

use super::Skip;
use crate::page::crawl::address::Address;
use crate::page::crawl::site::robots::{matches, octets};

/// Which addresses belong to the site: hosts, and of these all or some paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    parts: Vec<Part>,
    /// Paths must fit one of these; none means the folders of the starts. A path begins as it is
    /// written; `*` stands for anything and `$` for the end, as in robots.txt.
    pub allowed: Vec<String>,
    /// Paths must fit none of these.
    pub denied: Vec<String>,
}

/// A host with the folders that are read; none means all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    site: String,
    folders: Vec<String>,
}

impl Scope {
    /// Everything on the host of `start`.
    pub fn host_of(start: &Address) -> Self {
        let part = Part { site: start.site(), folders: vec![] };
        Self { parts: vec![part], allowed: vec![], denied: vec![] }
    }

    /// Everything in the folder of `start` and below: a whole site, or a part of one.
    pub fn below(start: &Address) -> Self {
        let folder = start.path().rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut scope = Self::host_of(start);
        if !folder.is_empty() {
            scope.parts[0].folders.push(format!("{folder}/"));
        }
        scope
    }

    /// What belongs to either.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for part in other.parts {
            match self.parts.iter_mut().find(|it| it.site == part.site) {
                // All of a host is more than any part of it.
                Some(own) if own.folders.is_empty() || part.folders.is_empty() => {
                    own.folders.clear();
                }
                Some(own) => own.folders.extend(part.folders),
                None => self.parts.push(part),
            }
        }
        self.allowed.extend(other.allowed);
        self.denied.extend(other.denied);
        self
    }

    /// Moves a host of the site, `from`, to the host of `to`.
    #[must_use]
    pub fn moved(mut self, from: &Address, to: &Address) -> Self {
        let (from, to) = (from.site(), to.site());
        self.parts.iter_mut().filter(|it| it.site == from).for_each(|it| it.site.clone_from(&to));
        self
    }

    /// Tells whether an address is on a host of the site.
    pub fn is_on_host(&self, address: &Address) -> bool {
        self.part_of(address).is_some()
    }

    fn part_of(&self, address: &Address) -> Option<&Part> {
        let site = address.site();
        self.parts.iter().find(|it| it.site == site)
    }

    /// Tells why an address does not belong to what is read, if it does not.
    pub fn check(&self, address: &Address) -> Result<(), Skip> {
        let part = self.part_of(address).ok_or(Skip::Elsewhere)?;
        let path = octets(&address.path_and_query());
        let fits = |pattern: &String| matches(&octets(pattern), &path);
        let begins = |folder: &String| address.path().starts_with(folder.as_str());
        let is_wanted = if self.allowed.is_empty() {
            part.folders.is_empty() || part.folders.iter().any(begins)
        } else {
            self.allowed.iter().any(fits)
        };
        if is_wanted && !self.denied.iter().any(fits) { Ok(()) } else { Err(Skip::Path) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(path: &str) -> Address {
        Address::parse(&format!("https://x.example{path}")).unwrap()
    }

    #[track_caller]
    fn check(scope: &Scope, text: &str, expected: Result<(), Skip>) {
        assert_eq!(scope.check(&Address::parse(text).unwrap()), expected, "{text}");
    }

    #[test]
    fn a_site_is_a_host_with_its_port() {
        let scope = Scope::host_of(&address("/a/b"));
        check(&scope, "https://x.example/", Ok(()));
        check(&scope, "http://x.example/", Ok(()));
        check(&scope, "https://x.example:8443/", Err(Skip::Elsewhere));
        check(&scope, "https://y.x.example/", Err(Skip::Elsewhere));
        check(&scope, "https://x.example.evil.example/", Err(Skip::Elsewhere));
    }

    #[test]
    fn a_part_of_a_site_is_what_lies_in_its_folder() {
        let scope = Scope::below(&address("/nn/index.html"));
        check(&scope, "https://x.example/nn/skule", Ok(()));
        check(&scope, "https://x.example/nb/skole", Err(Skip::Path));
        assert!(Scope::below(&address("/forside")).allowed.is_empty());
        let scope = Scope { denied: vec!["/nn/intern".into(), "/*.php$".into()], ..scope };
        check(&scope, "https://x.example/nn/intern/a", Err(Skip::Path));
        check(&scope, "https://x.example/nn/a.php", Err(Skip::Path));
        check(&scope, "https://x.example/nn/a.php/b", Ok(()));
        let scope = Scope { allowed: vec!["/nb/".into()], ..scope };
        check(&scope, "https://x.example/nb/skole", Ok(()));
        check(&scope, "https://x.example/nn/skule", Err(Skip::Path));
    }

    #[test]
    fn a_site_may_have_several_hosts_and_parts() {
        let other = Address::parse("https://y.example/bibliotek/").unwrap();
        let scope = Scope::below(&address("/nn/")).and(Scope::below(&other));
        let scope = scope.and(Scope::below(&address("/en/")));
        check(&scope, "https://x.example/nn/a", Ok(()));
        check(&scope, "https://x.example/en/a", Ok(()));
        check(&scope, "https://x.example/nb/a", Err(Skip::Path));
        check(&scope, "https://y.example/bibliotek/a", Ok(()));
        check(&scope, "https://y.example/a", Err(Skip::Path));
        check(&scope, "https://z.example/nn/a", Err(Skip::Elsewhere));
        let all = scope.and(Scope::host_of(&address("/")));
        check(&all, "https://x.example/nb/a", Ok(()));
        let moved = all.moved(&other, &Address::parse("https://www.y.example/").unwrap());
        check(&moved, "https://www.y.example/bibliotek/a", Ok(()));
    }
}
