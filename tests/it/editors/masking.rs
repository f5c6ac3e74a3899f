//! Words that should not be kept, two questions that are not the same, and who was too late.

use std::time::Duration;

use jiff::Timestamp;
use skranke::app::App;
use skranke::clock::Clock;
use skranke::id::{Id, TopicNumber};
use skranke::inquiry::Inquiry;

use crate::harness::town::Town;
use crate::harness::visitor::Visitor;

fn noon() -> Clock {
    Clock::fixed("2026-03-06T11:00:00Z".parse::<Timestamp>().expect("a time"))
}

/// A town with some questions logged, and who may decide about them.
fn logged(texts: &[&str]) -> (tempfile::TempDir, Town, Visitor) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &noon());
    let mut editor = town.set_up();
    for text in texts {
        let key = editor.get("/").hidden("key");
        let sent = editor.submit("/", "/log", &[("key", key.as_str()), ("text", text)]);
        assert_eq!(sent.status, 303);
    }
    town.app.start_live();
    assert!(town.app.settle_index(Duration::from_secs(30)));
    (folder, town, editor)
}

fn ids(app: &App) -> Vec<Id<Inquiry>> {
    app.settle().expect("folded");
    app.state.inquiries.columns().live().map(|it| it.id).collect()
}

fn topic_of(app: &App, id: Id<Inquiry>) -> Option<TopicNumber> {
    app.settle().expect("folded");
    let topic = app.state.inquiries.columns().of_id(id).and_then(|it| it.topic);
    topic.and_then(|it| app.resolve(it))
}

#[test]
fn chosen_words_are_masked_for_a_reason_all_of_them_or_none() {
    let texts = ["naboen Kari Nordmann har to hestar", "når opnar symjehallen", "sjuk i hovudet"];
    let (_folder, town, mut editor) = logged(&texts);
    let ids: Vec<String> = ids(&town.app).iter().map(ToString::to_string).collect();
    let sent = |act: &'static str, why: &'static str, of: &[usize]| {
        let mut fields = vec![("act", act.to_owned()), ("why", why.to_owned())];
        fields.extend(of.iter().map(|it| ("inquiry", ids[*it].clone())));
        fields
    };
    let post = |editor: &mut Visitor, fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|it| (it.0, it.1.as_str())).collect();
        editor.submit("/inquiries", "/inquiries", &fields)
    };
    let refused = post(&mut editor, sent("hide_text", "", &[2]));
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Vel ein grunn til å maskere."), "{}", refused.body);
    assert!(editor.get("/inquiries").body.contains("sjuk i hovudet"), "nothing was hidden");

    let mut with_unknown = sent("hide_text", "other", &[2]);
    with_unknown.push(("inquiry", "inq_01970001000170008000000000000099".to_owned()));
    assert_eq!(post(&mut editor, with_unknown).status, 422);
    assert!(editor.get("/inquiries").body.contains("sjuk i hovudet"), "all of them or none");

    assert_eq!(post(&mut editor, sent("mask_names", "other", &[0, 1])).status, 303);
    assert_eq!(post(&mut editor, sent("hide_text", "secret", &[2])).status, 303);
    let page = editor.get("/inquiries").body;
    assert!(!page.contains("Nordmann") && page.contains("har to hestar"), "{page}");
    assert!(page.contains("når opnar symjehallen"), "what names nobody stays");
    assert!(!page.contains("sjuk i hovudet"), "{page}");
    let week = town.app.week();
    let counted = town.app.state.inquiries.columns().in_week(week).expect("a week").contacts();
    assert_eq!(counted, 3, "the counts stay");
    let audit = editor.get("/admin/audit").body;
    assert!(audit.contains("Maska namn i spørsmål"), "{audit}");
    assert!(audit.contains("Gøymde orda i spørsmål"), "{audit}");
}

#[test]
fn two_questions_that_are_not_the_same_stay_apart_through_every_run() {
    let texts = ["når opnar symjehallen", "når opnar symjehallen?", "kva kostar SFO"];
    let (_folder, town, mut editor) = logged(&texts);
    town.app.group().expect("grouped");
    let all = ids(&town.app);
    assert_eq!(
        topic_of(&town.app, all[0]),
        topic_of(&town.app, all[1]),
        "a run takes them for one"
    );
    let (one, other) = (all[0].to_string(), all[1].to_string());
    let three = [("act", "keep_apart"), ("inquiry", &*one)];
    assert_eq!(editor.submit("/inquiries", "/inquiries", &three).status, 422, "one is no pair");
    let two = [("act", "keep_apart"), ("inquiry", &*one), ("inquiry", &*other)];
    assert_eq!(editor.submit("/inquiries", "/inquiries", &two).status, 303);
    for _ in 0..3 {
        town.app.group().expect("grouped");
        let (a, b) = (topic_of(&town.app, all[0]), topic_of(&town.app, all[1]));
        assert!(a.is_some() && b.is_some() && a != b, "{a:?} {b:?}");
    }
}

#[test]
fn two_who_name_a_topic_at_once_see_both_texts_and_none_is_lost() {
    let (_folder, town, mut editor) = logged(&["når opnar symjehallen", "når opnar symjehallen?"]);
    town.app.group().expect("grouped");
    let topic = topic_of(&town.app, ids(&town.app)[0]).expect("a topic").to_string();
    let on = format!("/topics/{topic}");
    let version = editor.get(&on).hidden("version");
    let named = |name: &'static str, version: String| {
        [("decision", "rename".to_owned()), ("name", name.to_owned()), ("version", version)]
    };
    let post = |editor: &mut Visitor, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|it| (it.0, it.1.as_str())).collect();
        editor.submit(&on, &on, &fields)
    };
    assert_eq!(post(&mut editor, &named("Opningstid", version.clone())).status, 303);
    let late = post(&mut editor, &named("Symjehallen", version));
    assert_eq!(late.status, 412);
    let body = &late.body;
    assert!(body.contains(">Opningstid</textarea>"), "theirs: {body}");
    assert!(body.contains(">Symjehallen</textarea>"), "mine: {body}");
    assert!(body.contains("Lagre mi") && body.contains("Behald det som er lagra"), "{body}");
    assert!(body.contains("href=\"#name\"") && body.contains("value=\"Symjehallen\""), "{body}");
    // The form of the page saves mine on top of theirs.
    let alert = body.split("class=\"both\"").nth(1).expect("both texts");
    let version = alert.split("name=\"version\" value=\"").nth(1).expect("a version");
    let version = version.split('"').next().expect("a number").to_owned();
    assert_eq!(post(&mut editor, &named("Symjehallen", version)).status, 303);
    assert!(editor.get(&on).body.contains("<h1 class=\"ds-heading\" data-size=\"md\">Symjehallen"));
}
