//! The normal form of addresses: of the web, the same again, and the same page as before.

use super::address::Address;
use crate::octets;

/// The first line is an address, the others are links on its page.
pub fn holds(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let Ok(address) = Address::parse(first) else {
        return;
    };
    is_normal(&address);
    for link in lines.take(20) {
        if let Ok(other) = address.join(link) {
            is_normal(&other);
            assert_eq!(address.join(other.as_str()).as_ref(), Ok(&other), "{link:?}");
        }
    }
    means_the_same(first, &address);
}

fn is_normal(address: &Address) {
    assert!(matches!(address.url().scheme(), "http" | "https"), "{address}");
    assert_eq!(Address::parse(address.as_str()).as_ref(), Ok(address), "normal once and for all");
    assert!(!address.host().is_empty() && address.path().starts_with('/'), "{address}");
    assert!(address.url().fragment().is_none() && address.as_str().is_ascii(), "{address}");
    assert!(address.as_str().len() <= 2_000, "{address}");
    assert!(address.site().starts_with(address.host()), "{address}");
    assert!(address.path_and_query().starts_with(address.path()), "{address}");
    let bare = address.without(&|_| true);
    assert!(bare.parameters().is_empty(), "{bare}");
    assert_eq!(address.without(&|_| false).parameters(), address.parameters());
}

/// A server gets the octets that were written, but for sessions in the path.
fn means_the_same(text: &str, address: &Address) {
    let written = url::Url::parse(text.trim()).expect("it was an address");
    if !written.path().contains([';', '(']) {
        // A dot that was written as a percent sign is a dot all the same.
        let dots = |it: &&str| !matches!(it.to_ascii_lowercase().as_str(), "%2e" | "%2e%2e");
        if written.path().split('/').all(|it| dots(&it)) {
            assert_eq!(octets(written.path()), octets(address.path()), "{text:?}: {address}");
        }
    }
}
