//! Letters: true figures, headers that no name can break, and the way to each reader, once.

mod chats;
mod faults;
mod headers;
mod kill;
mod notices;
mod recompute;
mod weeks;
mod wishes;

use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use skranke::app::NewReader;
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::messages::Lang;
use skranke::post::{LetterRow, Subscriber, Wishes};
use skranke::rows::Stored;
use skranke::schedule::Job;

use crate::harness::post_box::{Act, PostBox};
use crate::harness::town::Town;

/// A Monday in the morning, an hour after the letters are usually written.
const MONDAY: &str = "2026-03-09T07:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

fn taking() -> PostBox {
    PostBox::start(|_, _| Act::Take)
}

/// A town whose letters go by this server; the week before it is over.
fn town(data: &Path, clock: &Clock, server: &PostBox) -> Town {
    Town::open_with(data, clock, Some(server.server()))
}

fn add(town: &Town, name: &str, wishes: Wishes) -> Id<Subscriber> {
    let new = NewReader::new(name, format!("{name}@fjordvik.example"), Lang::Nn);
    let id = town.app.add_reader(NewReader { wishes, ..new }, None).expect("added");
    town.app.settle().expect("folded");
    id
}

/// Starts the letters by hand, and waits for them to be sent.
fn write(town: &Town) {
    let ended = town.run_now(Job::Digest);
    assert!(matches!(ended, Some(skranke::schedule::End::Done(_))), "{ended:?}");
    town.send_post();
}

fn letters_of(town: &Town, reader: Id<Subscriber>) -> Vec<Arc<Stored<LetterRow>>> {
    let mut letters = town.app.state.letters.all();
    letters.retain(|it| it.row.reader == reader);
    letters
}

fn waiting_files(data: &Path) -> usize {
    std::fs::read_dir(data.join("post")).map_or(0, Iterator::count)
}
