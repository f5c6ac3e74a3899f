//! The desk of topics: what is found, what is decided, and that no run undoes it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use skranke::app::{App, Decider, InquiryFilter, TopicDecision, Under};
use skranke::clock::Clock;
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::{Inquiry, TakenOut};

use crate::harness::town::Town;
use crate::harness::visitor::{Visitor, add};

fn noon() -> Clock {
    Clock::fixed("2026-03-06T11:00:00Z".parse::<Timestamp>().expect("a time"))
}

const SAID: [&str; 12] = [
    "når opnar symjehallen",
    "symjehallen opningstid",
    "opningstider symjehall i helga",
    "kva kostar barnehageplass",
    "pris på barnehageplass",
    "barnehageplass kva er prisen",
    "bosset er ikkje henta",
    "kvifor er ikkje bosset henta",
    "bosset vart ikkje henta i dag",
    "kor søkjer eg om byggeløyve",
    "søknad om byggeløyve garasje",
    "byggeløyve søknad skjema",
];

fn log(editor: &mut Visitor, text: &str) {
    let key = editor.get("/").hidden("key");
    let sent = editor.submit("/", "/log", &[("key", key.as_str()), ("text", text)]);
    assert_eq!(sent.status, 303);
}

fn grouped(town: &Town, editor: &mut Visitor) {
    SAID.iter().for_each(|it| log(editor, it));
    town.app.start_live();
    assert!(town.app.settle_index(Duration::from_secs(30)));
    town.app.group().expect("grouped");
    town.app.settle().expect("folded");
}

fn ids(app: &App) -> Vec<Id<Inquiry>> {
    app.state.inquiries.columns().live().map(|it| it.id).collect()
}

fn topic_of(app: &App, id: Id<Inquiry>) -> Option<TopicNumber> {
    let topic = app.state.inquiries.columns().of_id(id).and_then(|it| it.topic);
    topic.and_then(|it| app.resolve(it))
}

#[test]
fn inquiries_are_found_by_words_and_facets_and_moved_many_at_a_time() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    grouped(&town, &mut editor);
    let page = editor.get("/inquiries?q=barnehageplass").body;
    assert!(page.contains("3 spørsmål.") && page.contains("pris på barnehageplass"), "{page}");
    assert!(!page.contains("symjehallen opningstid"));
    assert!(editor.get("/inquiries?q=barnehageplass&channel=email").body.contains("0 spørsmål."));
    let first = ids(&town.app)[3].to_string();
    let to = topic_of(&town.app, ids(&town.app)[0]).expect("a topic").to_string();

    let sent = [("act", "move"), ("inquiry", first.as_str()), ("to", "T99"), ("q", "barnehage")];
    let failed = editor.submit("/inquiries", "/inquiries", &sent);
    assert_eq!(failed.status, 422);
    assert!(failed.body.contains(&format!("id=\"{first}\" checked")), "the tick stays");
    assert!(failed.body.contains("value=\"T99\"") && failed.body.contains("value=\"barnehage\""));

    let sent = [("act", "move"), ("inquiry", first.as_str()), ("to", to.as_str()), ("days", "28")];
    let moved = editor.submit("/inquiries", "/inquiries", &sent);
    assert_eq!((moved.status, moved.location()), (303, "/inquiries?days=28&page=1"));
    let first: Id<Inquiry> = first.parse().expect("an id");
    assert_eq!(topic_of(&town.app, first).map(|it| it.to_string()), Some(to.clone()));
    let topic = editor.get(&format!("/topics/{to}")).body;
    assert!(topic.contains(&format!("Flytta spørsmål til {to}")), "it stands in the history");
}

#[test]
fn what_is_taken_out_counts_no_more_and_can_be_put_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    log(&mut editor, "prøver om dette verkar");
    let id = ids(&town.app)[0].to_string();
    let step = |act| [("act", act), ("inquiry", id.as_str()), ("reason", "trial")];
    assert_eq!(editor.submit("/inquiries", "/inquiries", &step("take_out")).status, 303);
    assert!(ids(&town.app).is_empty(), "it counts no more");
    let out = editor.get("/inquiries?under=out&q=verkar").body;
    assert!(
        out.contains("prøver om dette verkar") && out.contains("nokon prøvde tenesta"),
        "{out}"
    );
    assert_eq!(editor.submit("/inquiries", "/inquiries", &step("put_back")).status, 303);
    assert_eq!(ids(&town.app).len(), 1);
    let mut desk = add(&mut editor, "reception");
    assert_eq!(desk.get("/inquiries").status, 403);
}

#[test]
fn the_counts_of_topics_follow_the_filter() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    grouped(&town, &mut editor);
    log(&mut editor, "eit heilt anna spørsmål om isbjørn");
    assert!(town.app.settle_index(Duration::from_secs(30)));
    let total = town.app.topics().expect("topics").len();
    let page = editor.get("/topics").body;
    assert!(page.contains(&format!("{total} tema.")), "{page}");
    assert!(page.contains(&format!("Telefon ({total})")) && page.contains("E-post (0)"), "{page}");
    let found = editor.get("/topics?q=barnehageplass").body;
    assert!(found.contains(&format!("1 av {total} tema passar")), "{found}");
    assert!(found.contains("Telefon (1)"), "a count is of what else is chosen");
    let none = editor.get("/topics?channel=email").body;
    assert!(none.contains(&format!("0 av {total}")), "{none}");
    assert!(none.contains(&format!("Telefon ({total})")), "a facet does not narrow itself");
    let alone = ids(&town.app).iter().filter(|it| topic_of(&town.app, **it).is_none()).count();
    assert!(1 <= alone && page.contains(&format!("({alone})</h2>")), "{alone} {page}");
    let found = editor.get("/inquiries?under=none&q=isbj%C3%B8rn").body;
    assert!(found.contains("isbjørn") && found.contains("Eitt spørsmål."), "{found}");
}

#[test]
fn a_failed_move_of_the_ungrouped_keeps_ticks_and_what_was_typed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    log(&mut editor, "har de funne ein blå sykkel");
    let id = ids(&town.app)[0].to_string();
    let sent = [("to", "T77"), ("inquiry", id.as_str()), ("q", "sykkel")];
    let failed = editor.submit("/topics", "/topics", &sent);
    assert_eq!(failed.status, 422);
    for kept in [format!("id=\"{id}\" checked"), "value=\"T77\"".into(), "value=\"sykkel\"".into()]
    {
        assert!(failed.body.contains(&kept), "{kept}");
    }
}

#[test]
fn topics_that_are_not_the_same_say_so_and_it_can_be_lifted() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    grouped(&town, &mut editor);
    let all = ids(&town.app);
    let topic = |n: usize| topic_of(&town.app, all[n]).expect("a topic").to_string();
    let (one, other) = (topic(0), topic(3));
    let path = format!("/topics/{one}");
    let version = editor.get(&path).hidden("version");
    let step = [("decision", "keep_apart"), ("version", &version), ("apart", &other)];
    assert_eq!(editor.submit(&path, &path, &step).status, 303);
    for (page, other) in [(&one, &other), (&other, &one)] {
        let page = editor.get(&format!("/topics/{page}")).body;
        assert!(
            page.contains("Blir haldne frå kvarandre") && page.contains(other.as_str()),
            "{page}"
        );
    }
    let seen = editor.get(&path);
    assert!(seen.body.contains(&format!("Heldt {one} frå eit anna tema")));
    let path = format!("/topics/{other}");
    let version = editor.get(&path).hidden("version");
    let step = [("decision", "may_join"), ("version", &version), ("part", &one)];
    assert_eq!(editor.submit(&path, &path, &step).status, 303);
    assert!(town.app.state.apart().is_empty(), "by whichever of the two it was said");
}

/// A decision of an editor.
#[derive(Clone, Copy, Debug)]
enum Decision {
    Move(usize, usize),
    Alone(usize),
    Split(usize),
    Merge(usize, usize),
    Apart(usize, usize),
    TakeOut(usize),
}

fn decision() -> impl Strategy<Value = Decision> {
    let n = || 0..SAID.len();
    prop_oneof![
        (n(), n()).prop_map(|it| Decision::Move(it.0, it.1)),
        n().prop_map(Decision::Alone),
        n().prop_map(Decision::Split),
        (n(), n()).prop_map(|it| Decision::Merge(it.0, it.1)),
        (n(), n()).prop_map(|it| Decision::Apart(it.0, it.1)),
        n().prop_map(Decision::TakeOut),
    ]
}

/// What decisions have said so far.
#[derive(Default)]
struct Said {
    places: BTreeMap<Id<Inquiry>, Option<TopicNumber>>,
    merged: Vec<(TopicNumber, TopicNumber)>,
    apart: BTreeSet<(TopicNumber, TopicNumber)>,
    out: BTreeSet<Id<Inquiry>>,
}

impl Said {
    fn decide(&mut self, app: &App, all: &[Id<Inquiry>], decision: Decision) {
        let who = Decider { by: None, version: None };
        match decision {
            Decision::Move(n, m) => {
                let Some(topic) = topic_of(app, all[m]) else { return };
                app.place_inquiries(&[all[n]], Some(topic), None).expect("moved");
                self.places.insert(all[n], Some(topic));
            }
            Decision::Alone(n) => {
                app.place_inquiries(&[all[n]], None, None).expect("moved");
                self.places.insert(all[n], None);
            }
            Decision::Split(n) => {
                let Some(from) = topic_of(app, all[n]) else { return };
                let new = app.split(from, &[all[n]], None).expect("split");
                self.places.insert(all[n], Some(new));
                self.apart.insert((from, new));
            }
            Decision::Merge(n, m) => {
                let (Some(a), Some(b)) = (topic_of(app, all[n]), topic_of(app, all[m])) else {
                    return;
                };
                if a != b && app.decide_topic(a, TopicDecision::Merge(b), who).is_ok() {
                    self.merged.push((a, b));
                }
            }
            Decision::Apart(n, m) => {
                let (Some(a), Some(b)) = (topic_of(app, all[n]), topic_of(app, all[m])) else {
                    return;
                };
                if a != b {
                    app.decide_topic(a, TopicDecision::KeepApart(b), who).expect("kept apart");
                    self.apart.insert((a, b));
                }
            }
            Decision::TakeOut(n) => {
                let reason = Some(TakenOut::Other);
                app.take_out_inquiries(&[all[n]], reason, None).expect("taken out");
                self.out.insert(all[n]);
            }
        }
        app.settle().expect("folded");
    }

    /// Nothing that was said is undone; `before` is where inquiries stood before the run.
    fn check(&self, app: &App, before: &BTreeMap<Id<Inquiry>, TopicNumber>) {
        for (id, topic) in &self.places {
            let whole = topic.and_then(|it| app.resolve(it));
            assert_eq!(topic_of(app, *id), whole, "a placed one stays");
        }
        for (a, b) in &self.merged {
            assert_eq!(app.resolve(*a), app.resolve(*b), "what was merged stays so");
        }
        for id in &self.out {
            assert!(!ids(app).contains(id), "what was taken out stays out");
        }
        let pairs = self.apart.iter().map(|it| (app.resolve(it.0), app.resolve(it.1)));
        for (a, b) in pairs.filter(|it| it.0 != it.1) {
            let places = |old| -> BTreeSet<Option<TopicNumber>> {
                let was = before.iter().filter(|it| Some(*it.1) == old);
                was.filter(|it| !self.places.contains_key(it.0))
                    .map(|it| topic_of(app, *it.0))
                    .filter(Option::is_some)
                    .collect()
            };
            assert!(places(a).is_disjoint(&places(b)), "{a:?} and {b:?} are kept apart");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn no_run_and_no_new_question_undoes_a_decision(
        rounds in prop::collection::vec(prop::collection::vec(decision(), 0..3), 20),
    ) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let town = Town::open(folder.path(), &noon());
        let mut editor = town.set_up();
        grouped(&town, &mut editor);
        let (app, all) = (&town.app, ids(&town.app));
        let mut said = Said::default();
        for (n, decisions) in rounds.into_iter().enumerate() {
            decisions.into_iter().for_each(|it| said.decide(app, &all, it));
            log(&mut editor, &format!("{} {n}", SAID[n % SAID.len()]));
            assert!(app.settle_index(Duration::from_secs(30)));
            let stood = |id: &Id<Inquiry>| Some((*id, topic_of(app, *id)?));
            let before = ids(app).iter().filter_map(stood).collect();
            said.check(app, &before);
            app.group().expect("grouped");
            app.settle().expect("folded");
            said.check(app, &before);
        }
    }
}

#[test]
fn a_merged_topic_is_found_by_its_old_address() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    grouped(&town, &mut editor);
    let all = ids(&town.app);
    let topic = |n: usize| topic_of(&town.app, all[n]).expect("a topic");
    let (one, other) = (topic(0), topic(3));
    let who = Decider { by: None, version: None };
    town.app.decide_topic(one, TopicDecision::Merge(other), who).expect("merged");
    town.app.settle().expect("folded");
    let old = editor.get(&format!("/topics/{one}"));
    assert_eq!((old.status, old.location()), (303, format!("/topics/{other}").as_str()));
    let filter = InquiryFilter { under: Under::Topic(other), ..InquiryFilter::default() };
    assert_eq!(town.app.find_inquiries(&filter, (0, 50)).expect("found").total, 6);
}
