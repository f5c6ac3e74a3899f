//! What an editor has seen under a gap stays together, whatever is asked later.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use skranke::app::{App, Decider, OpenOptions};
use skranke::clock::Clock;
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::{Entry, Inquiry, Outcome};
use skranke::review::Step;

use super::{entry, now, topic_of};

/// So many towns are tried: what is asked later parts few groups.
const TOWNS: usize = 4;
const ASKED: [&str; 6] =
    ["når er fristen for", "kva kostar", "korleis søkjer eg om", "kven har", "klage på", "byte"];
const THINGS: [&str; 6] =
    ["barnehage", "barnehageplass", "plass i barnehagen", "SFO", "plass på SFO", "skuleplass"];
const MORE: [&str; 4] = ["", "til hausten", "for tvillingar", "i Lia"];

/// The n-th question of a town.
fn question(town: usize, n: usize) -> String {
    let at = (town + 1) * (n * n + 7 * n + 3);
    let (asked, thing) = (ASKED[at % ASKED.len()], THINGS[at / 7 % THINGS.len()]);
    format!("{asked} {thing} {}", MORE[at / 11 % MORE.len()])
}

fn open(data: &Path) -> Arc<App> {
    let (clock, zone) = (Clock::fixed(now()), TimeZone::UTC);
    App::open(OpenOptions { data: data.to_owned(), clock, zone }).expect("it opens")
}

fn ask(app: &App, town: usize, of: std::ops::Range<usize>) -> Vec<Id<Inquiry>> {
    let log = |n: usize| {
        let text = question(town, n);
        let asked = Entry { asked: app.now(), ..entry(Some(&text), Outcome::Unknown) };
        app.log(asked).expect("it is logged").id
    };
    of.map(log).collect()
}

fn group(app: &App) {
    app.clock.advance_by(SignedDuration::from_hours(1));
    app.group().expect("grouped");
    app.settle().expect("folded");
}

fn topics(app: &App, ids: &[Id<Inquiry>]) -> BTreeMap<Id<Inquiry>, TopicNumber> {
    ids.iter().filter_map(|it| Some((*it, app.resolve(topic_of(app, *it)?)?))).collect()
}

/// How many questions the next runs have taken from those that they stood with.
fn parted(town: usize, is_worked_on: bool) -> usize {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let app = open(folder.path());
    let first = ask(&app, town, 0..40);
    group(&app);
    let before = topics(&app, &first);
    let by = None;
    for topic in before.values().copied().collect::<BTreeSet<_>>() {
        if is_worked_on {
            let step = Step::Snooze { until: app.now() + SignedDuration::from_hours(24 * 90) };
            app.step(topic, step, Decider { by, version: None }).expect("put by");
        }
    }
    app.settle().expect("folded");
    for more in [40..80, 80..160] {
        ask(&app, town, more);
        group(&app);
    }
    let after = topics(&app, &first);
    before.iter().filter(|(id, topic)| after.get(*id) != Some(*topic)).count()
}

#[test]
fn what_stands_under_a_gap_that_somebody_worked_on_stays_there() {
    let kept: Vec<usize> = (0..TOWNS).map(|town| parted(town, true)).collect();
    assert_eq!(kept, [0; TOWNS], "questions left their gap");
    // Without anybody's work the same questions do move, or this test would show nothing.
    let moved: usize = (0..TOWNS).map(|town| parted(town, false)).sum();
    assert!(0 < moved, "{moved} questions moved");
}
