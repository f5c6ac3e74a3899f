//! What leaves the service: files, saved views, links, the feed, the webhook.

mod feed;
mod files;
pub(crate) mod hooks;
mod office;
mod readers;
mod share;
mod views;

use std::path::Path;

use skranke::clock::Clock;
use skranke::schedule::Job;

use crate::harness::town::Town;
use crate::harness::visitor::Visitor;
use crate::live::take_pages;

/// A town with one gap, its administrator and the gap's number.
fn town_with_gap(data: &Path, clock: &Clock) -> (Town, Visitor, String) {
    let town = Town::open(data, clock);
    let mut admin = town.set_up();
    take_pages(&town.app, &[("bad", "Svømmehallen", "Svømmehallen er åpen hver dag til 18.")]);
    for text in ["kor er kvervlingen", "kvar finn eg kvervlingen", "kvervlingen kor", "kvervlingen"]
    {
        let key = admin.get("/").hidden("key");
        let fields = [("key", key.as_str()), ("text", text), ("channel", "phone")];
        assert_eq!(admin.submit("/", "/log", &fields).status, 303, "{text}");
    }
    town.app.settle().expect("folded");
    town.run(&mut admin, Job::Topics);
    let gaps = admin.get("/api/v1/gaps").json();
    let number = gaps["items"][0]["topic"].as_str().map(str::to_owned);
    (town, admin, number.unwrap_or_else(|| panic!("a gap: {gaps}")))
}
