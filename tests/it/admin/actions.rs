//! Whatever somebody does that others may ask about later stands in the audit: once, with who,
//! when and what, and without a word of a question.

use jiff::SignedDuration;
use skranke::audit::{AuditRow, first_break};
use skranke::clock::Clock;
use skranke::id::Id;
use skranke::messages::Lang;
use skranke::people::Person;
use skranke::schedule::Job;

use crate::flow::{CALLS, add_site, at, gap, log, website};
use crate::harness::town::Town;
use crate::harness::visitor::{Visitor, add};

type Fields<'a> = &'a [(&'a str, &'a str)];
/// Who acts, where the form is, where it is sent, what it says, and what the audit calls that.
type Deed<'a> = (&'a str, &'a str, &'a str, Fields<'a>, &'a str);

/// A town with gaps, with its admin and an editor, on the day after Monday's calls.
struct Scene {
    town: Town,
    admin: Visitor,
    editor: Visitor,
    noted: Vec<(String, &'static str)>,
    _folder: tempfile::TempDir,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at("2026-03-02T07:00:00Z"));
    let town = Town::open(&folder.path().join("data"), &clock);
    let mut admin = town.set_up();
    let mut editor = add(&mut admin, "editor");
    add_site(&mut admin, &website());
    town.wait_for(Job::Crawl);
    for question in CALLS {
        clock.advance_by(SignedDuration::from_mins(9));
        log(&mut editor, question);
    }
    town.run(&mut admin, Job::Topics);
    Scene { town, admin, editor, noted: vec![], _folder: folder }
}

impl Scene {
    fn who(&mut self, who: &str) -> &mut Visitor {
        if who == "editor" { &mut self.editor } else { &mut self.admin }
    }

    /// Sends a form, with the version that the page shows, and expects that it is done.
    #[track_caller]
    fn does(&mut self, (who, on, to, fields, action): Deed<'_>) -> String {
        let visitor = self.who(who);
        let page = visitor.get(on).body;
        // Each form has the version of what it changes; that of a part stands right before it.
        let part = fields.iter().find(|it| it.0 == "part").map(|it| it.1);
        let mark = part.map_or("</html>".to_owned(), |it| format!("name=\"part\" value=\"{it}\""));
        let before = page.split(&mark).next().unwrap_or_default();
        let mut versions = before.split("name=\"version\" value=\"").skip(1);
        let version = if part.is_some() { versions.last() } else { versions.next() };
        let version = version.and_then(|it| it.split('"').next());
        let mut all = fields.to_vec();
        all.extend(version.map(|it| ("version", it)));
        let answer = visitor.submit(on, to, &all);
        assert!(answer.status < 400, "{action}: {} {}", answer.status, answer.body);
        let who = if who == "editor" { "editor" } else { "marit" };
        self.noted.push((action.to_owned(), who));
        answer.body
    }

    #[track_caller]
    fn takes(&mut self, who: &'static str, file: &str, action: &str) {
        assert_eq!(self.who(who).get(file).status, 200, "{file}");
        let who = if who == "editor" { "editor" } else { "marit" };
        self.noted.push((action.to_owned(), who));
    }

    fn lines(&mut self) -> Vec<AuditRow> {
        let end = self.town.app.journal.position().seq;
        while self.town.app.progress().applied < end {
            assert_eq!(self.admin.get("/livez").status, 200);
        }
        self.town.app.state.audit.all().iter().map(|it| it.row.clone()).collect()
    }

    fn name(&self, who: Option<Id<Person>>) -> String {
        let row = who.and_then(|it| self.town.app.state.people.get(it.uuid()));
        row.map_or_else(String::new, |it| it.row.login.as_str().to_owned())
    }
}

fn works_on_gaps(scene: &mut Scene) {
    let number = |scene: &mut Scene, words| {
        gap(&mut scene.editor, words)["topic"].as_str().expect("a number").to_owned()
    };
    let (hens, hall) = (number(scene, "høns"), number(scene, "symjehall"));
    let (path, other) = (format!("/gaps/{hens}"), format!("/topics/{hall}"));
    let topic = format!("/topics/{hens}");
    let steps: [(Fields<'_>, &str); 9] = [
        (&[("step", "take")], "gap.take"),
        (&[("step", "comment"), ("text", "Spør landbrukskontoret")], "gap.comment"),
        (&[("step", "due"), ("day", "2026-03-20")], "gap.due"),
        (&[("step", "snooze"), ("until", "2026-03-09")], "gap.snooze"),
        (&[("step", "undo")], "gap.undo"),
        (&[("step", "release")], "gap.release"),
        (&[("step", "dismiss"), ("reason", "not_ours")], "gap.dismiss"),
        (&[("step", "reopen")], "gap.reopen"),
        (&[("step", "undo")], "gap.undo"),
    ];
    for (fields, action) in steps {
        scene.does(("editor", &path, &path, fields, action));
    }
    let decisions: [(&str, Fields<'_>, &str); 7] = [
        (&topic, &[("decision", "rename"), ("name", "Høns i byggjefelt")], "topic.rename"),
        (&topic, &[("decision", "set_scope"), ("scope", "outside_remit")], "topic.set_scope"),
        (&topic, &[("decision", "set_answer"), ("answer", "Ring oss.")], "topic.set_answer"),
        (&topic, &[("decision", "keep_apart"), ("apart", &hall)], "topic.keep_apart"),
        (&topic, &[("decision", "may_join"), ("part", &hall)], "topic.may_join"),
        (&topic, &[("decision", "merge"), ("into", &hall)], "topic.merge"),
        (&other, &[("decision", "unmerge"), ("part", &hens)], "topic.unmerge"),
    ];
    for (on, fields, action) in decisions {
        scene.does(("editor", on, on, fields, action));
    }
}

fn works_on_lists(scene: &mut Scene) {
    let page = scene.editor.get("/inquiries").body;
    let id = page.split("value=\"inq_").nth(1).and_then(|it| it.split('"').next()).expect("a row");
    let id = format!("inq_{id}");
    let on = "/inquiries";
    for (act, more, action) in [
        ("take_out", ("reason", "trial"), "inquiry.take_out"),
        ("put_back", ("reason", "trial"), "inquiry.put_back"),
        ("hide_text", ("why", "secret"), "inquiry.hide_text"),
    ] {
        scene.does(("editor", on, on, &[("act", act), ("inquiry", &id), more], action));
    }
    let put = [("change", "put"), ("said", "boss"), ("written", "avfall")];
    scene.does(("editor", "/words", "/words", &put, "words.put"));
    let table = [("change", "import"), ("table", "søppel,avfall")];
    scene.does(("editor", "/words", "/words", &table, "words.import"));
    let view = [("change", "put"), ("name", "Mine"), ("of", "gaps"), ("query", "owner=mine")];
    scene.does(("editor", "/views", "/views", &view, "view.put"));
    let message =
        [("change", "put"), ("text", "Vatnet er stengt i Strandgata"), ("until", "today")];
    scene.does(("editor", "/today", "/today/message", &message, "message.put"));
    let public = scene.editor.get("/account").hidden("public");
    let feed = [("change", "make_feed"), ("public", public.as_str())];
    scene.does(("editor", "/account", "/account", &feed, "feed.made"));
    scene.does(("editor", "/account", "/account", &[("change", "end_feed")], "feed.ended"));
    scene.takes("editor", "/lists/gaps.csv", "list.file");
    scene.takes("editor", "/lists/inquiries.xlsx", "list.file");
    scene.takes("editor", "/words/words.csv", "list.file");
    scene.takes("editor", "/figures/weeks.csv", "list.file");
}

fn sets_up(scene: &mut Scene) {
    let (desks, on) = ("/admin/desks", "/admin/tokens");
    let add = [("kind", "desk"), ("change", "add"), ("name_nn", "Biblioteket")];
    scene.does(("admin", desks, desks, &add, "settings.desk_add"));
    let organisation = [("name", "Fjordvik kommune"), ("lang", "nn"), ("candidate_inquiries", "4")];
    scene.does(("admin", "/admin", "/admin", &organisation, "settings.set"));
    let keep = [
        ("change", "set"),
        ("text_months", "12"),
        ("author_days", "30"),
        ("audit_months", "24"),
        ("session_days", "30"),
    ];
    scene.does(("admin", "/admin/retention", "/admin/retention", &keep, "settings.set"));
    let public = scene.admin.get(on).hidden("public");
    let token = [("change", "add"), ("public", &public), ("name", "Sentralbord"), ("scope", "log")];
    scene.does(("admin", on, on, &token, "token.made"));
    let calls = [("change", "put"), ("day", "2026-03-02"), ("calls", "40")];
    scene.does(("admin", "/admin/calls", "/admin/calls", &calls, "calls.put"));
    let run = [("job", "topics"), ("change", "run")];
    scene.does(("admin", "/admin/jobs", "/admin/jobs", &run, "job.start"));
    scene.town.wait_for(Job::Topics);
    scene.takes(
        "admin",
        "/admin/inspection.csv?from=2026-03-01&to=2026-03-03",
        "inspection.export",
    );
    scene.takes("admin", "/admin/audit.csv", "list.file");
}

#[test]
fn every_deed_is_noted_once_with_who_and_when_and_no_word_of_a_question() {
    let mut scene = scene();
    let before = scene.lines().len();
    works_on_gaps(&mut scene);
    works_on_lists(&mut scene);
    sets_up(&mut scene);
    assert_eq!(scene.editor.get("/admin").status, 403);
    scene.noted.push(("denied".to_owned(), "editor"));
    scene.does(("editor", "/", "/sign-out", &[], "sign_out"));
    let wrong = [("login", "editor"), ("passphrase", "heilt feil passord")];
    assert_eq!(Visitor::new(scene.town.address).submit("/sign-in", "/sign-in", &wrong).status, 422);
    scene.noted.push(("sign_in.passphrase".to_owned(), ""));

    let lines = scene.lines();
    let told: Vec<(String, String)> =
        lines[before..].iter().map(|it| (it.action.clone(), scene.name(it.who))).collect();
    let expected: Vec<(String, String)> =
        scene.noted.iter().map(|it| (it.0.clone(), it.1.to_owned())).collect();
    assert_eq!(told, expected);
    let refused: Vec<&str> =
        lines.iter().filter(|it| !it.done).map(|it| it.action.as_str()).collect();
    assert_eq!(refused, ["denied", "sign_in.passphrase"]);
    assert!(lines.iter().all(|it| it.at.is_some()), "each says when");
    for line in &lines {
        let key = format!("audited.{}", line.action.replace('.', "_"));
        let has_words = |lang: &Lang| lang.text(&key) != key;
        assert!(Lang::ALL.iter().all(has_words), "{} in every language", line.action);
    }
    let page = scene.admin.get("/admin/audit").body;
    for prefix in ["per", "rdr", "hook", "view", "tok", "link", "word"] {
        assert!(!page.contains(&format!(">{prefix}_")), "an id of {prefix} is shown: {page}");
    }
    assert_eq!(first_break(&lines), None);
    let all = serde_json::to_string(&lines).expect("plain data");
    for word in
        ["symjehall", "svømmehall", "barnehage", "høns", "01818510078", "boss", "Strandgata"]
    {
        assert!(!all.to_lowercase().contains(&word.to_lowercase()), "{word} in {all}");
    }
}
