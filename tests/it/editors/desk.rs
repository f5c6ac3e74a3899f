//! An editor's hours: what is first, whose it is, what is said, what is drafted, what is proved.

use jiff::SignedDuration;
use skranke::clock::Clock;
use skranke::schedule::Job;

use crate::flow::{CALLS, add_site, at, gap, log, mended, page as page_of, step, website};
use crate::harness::town::Town;
use crate::harness::visitor::{Visitor, add};
use crate::harness::website::{Reply, Website};

/// A town on the day after Monday's calls, with its site read and its gaps found.
struct Week {
    town: Town,
    website: Website,
    clock: Clock,
    editor: Visitor,
    hall: String,
    hens: String,
    _folder: tempfile::TempDir,
}

fn tuesday() -> Week {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let clock = Clock::fixed(at("2026-03-02T07:00:00Z"));
    let website = website();
    let town = Town::open(&folder.path().join("data"), &clock);
    let mut admin = town.set_up();
    add(&mut admin, "editor");
    add_site(&mut admin, &website);
    town.wait_for(Job::Crawl);
    for question in CALLS {
        clock.advance_by(SignedDuration::from_mins(9));
        log(&mut admin, question);
    }
    clock.advance_to(at("2026-03-02T14:00:00Z"));
    let mut admin = Visitor::sign_in(town.address, "marit");
    let mut editor = Visitor::sign_in(town.address, "editor");
    town.run(&mut admin, Job::Topics);
    let number = |editor: &mut Visitor, words| {
        gap(editor, words)["topic"].as_str().expect("a number").to_owned()
    };
    let (hall, hens) = (number(&mut editor, "symjehall"), number(&mut editor, "høns"));
    Week { town, website, clock, editor, hall, hens, _folder: folder }
}

impl Week {
    fn page(&mut self, number: &str) -> String {
        self.editor.get(&format!("/gaps/{number}")).body
    }

    /// The numbers in the list under a filter, in order.
    fn listed(&mut self, filter: &str) -> Vec<String> {
        let body = self.editor.get(&format!("/gaps?{filter}")).body;
        let rows = body.split("<a class=\"ds-link\" href=\"/gaps/T").skip(1);
        rows.map(|it| format!("T{}", it.split('"').next().unwrap_or_default())).collect()
    }

    #[track_caller]
    fn refused(&mut self, number: &str, fields: &[(&str, &str)]) -> String {
        let on = format!("/gaps/{number}");
        let version = self.editor.get(&on).hidden("version");
        let mut all = vec![("version", version.as_str())];
        all.extend(fields);
        let answer = self.editor.submit(&on, &on, &all);
        assert_eq!(answer.status, 422, "{}", answer.body);
        answer.body
    }
}

#[test]
fn a_gap_has_an_owner_a_day_and_a_place_in_every_list() {
    let mut week = tuesday();
    let (hall, hens) = (week.hall.clone(), week.hens.clone());
    // Fewer ask about the hens, but surely no page answers.
    assert_eq!(week.listed(""), [&*hens, &*hall]);
    assert_eq!(week.listed("order=asked"), [&*hall, &*hens]);
    assert_eq!(week.listed("owner=mine"), Vec::<String>::new());
    let nobody = [("step", "assign"), ("owner", "per_0197f00000007000800000000000aaaa")];
    assert!(week.refused(&hens, &nobody).contains("Berre redaktørar"));
    step(&mut week.editor, &hens, &[("step", "take")]);
    step(&mut week.editor, &hens, &[("step", "due"), ("day", "2026-03-04")]);
    assert_eq!(week.listed("owner=mine"), [&*hens]);
    let told = gap(&mut week.editor, "høns");
    assert_eq!((&told["owner"], &told["due"]), (&"editor".into(), &"2026-03-04".into()));
    assert_eq!(week.listed("owner=nobody"), [&*hall]);
    assert_eq!(week.listed("order=due"), [hens.clone(), hall.clone()]);
    assert_eq!(week.listed("kind=missing&state=taken"), [&*hens]);
    assert_eq!(week.listed("channel=desk"), Vec::<String>::new());
    assert_eq!(week.listed("channel=phone&norm=nn"), [hens.clone(), hall]);
    assert!(week.editor.get("/gaps").body.contains("Frist 4. mars"));
    // The day passes; and the one step back gives the day back, not the owner.
    week.clock.advance_to(at("2026-03-04T23:00:00Z"));
    week.editor = Visitor::sign_in(week.town.address, "editor");
    assert!(week.page(&hens).contains("Fristen var 4. mars"));
    let wrong = week.refused(&hens, &[("step", "due"), ("day", "2026-03-01")]);
    assert!(wrong.contains("i løpet av det neste året"), "{wrong}");
    step(&mut week.editor, &hens, &[("step", "due"), ("day", "")]);
    assert!(!week.page(&hens).contains("Fristen var"));
    step(&mut week.editor, &hens, &[("step", "undo")]);
    assert!(week.page(&hens).contains("Fristen var 4. mars"));
    assert_eq!(week.listed("owner=mine"), [hens]);
}

#[test]
fn what_is_said_about_a_gap_is_masked_and_never_too_late() {
    let mut week = tuesday();
    let on = format!("/gaps/{}", week.hall);
    let stale = week.editor.get(&on).hidden("version");
    step(&mut week.editor, &week.hall.clone(), &[("step", "take")]);
    let said = [("version", stale.as_str()), ("step", "comment"), ("text", "spør 01818510078")];
    assert_eq!(week.editor.submit(&on, &on, &said).status, 303);
    let page = week.page(&week.hall.clone());
    assert!(page.contains("spør [fødselsnummer]") && !page.contains("01818510078"), "{page}");
    assert!(
        week.refused(&week.hall.clone(), &[("step", "comment"), ("text", " ")]).contains("300")
    );
    let late = [("version", stale.as_str()), ("step", "dismiss"), ("reason", "sesongen er over")];
    let answer = week.editor.submit(&on, &on, &late);
    assert_eq!(answer.status, 412);
    assert!(answer.body.contains("sesongen er over"), "{}", answer.body);
}

#[test]
fn a_draft_holds_what_people_ask_and_what_was_answered() {
    let mut week = tuesday();
    let on = format!("/gaps/{}", week.hall);
    let topic = format!("/topics/{}", week.hall);
    let version = week.editor.get(&topic).hidden("version");
    let answer =
        [("version", version.as_str()), ("decision", "set_answer"), ("answer", "Klokka 10.")];
    assert_eq!(week.editor.submit(&topic, &topic, &answer).status, 303);
    let draft = week.editor.get(&format!("{on}/draft?form=markdown"));
    assert!(
        draft.body.starts_with("## ") && draft.body.contains("\nKlokka 10.\n"),
        "{}",
        draft.body
    );
    assert!(draft.body.contains("- symjehallen opningstid laurdag"), "{}", draft.body);
    assert!(draft.headers.iter().any(|it| it.1.starts_with("attachment; filename=")));
    let schema = week.editor.get(&format!("{on}/draft?form=schema")).body;
    assert!(schema.contains("\"@type\": \"FAQPage\""), "{schema}");
    assert!(week.editor.get(&format!("{on}/draft?form=html")).body.contains("<p>Klokka 10.</p>"));
}

#[test]
fn a_linked_page_is_tried_at_once_and_only_a_change_is_a_mend() {
    let mut week = tuesday();
    let hall = week.hall.clone();
    let elsewhere = [("step", "link_page"), ("address", "https://www.example.org/symjehall")];
    let wrong = week.refused(&hall, &elsewhere);
    assert!(wrong.contains("ikkje på ein nettstad som Skranke les"), "{wrong}");
    assert!(wrong.contains("value=\"https://www.example.org/symjehall\""), "{wrong}");
    let address = week.website.at("/symjehall");
    step(&mut week.editor, &hall, &[("step", "link_page"), ("address", &address)]);
    let page = proved(&mut week, &hall, "av 4 spørsmål finn no sida");
    assert!(page.contains("Men sida er den same"), "{page}");
    assert_eq!(gap(&mut week.editor, "symjehall")["state"], "done");
    // Somebody has been there, for another reason.
    week.website.set("/symjehall", page_of("Symjehallen", "<p>Redaktøren har nytt namn.</p>"));
    look_again(&mut week, &hall);
    proved(&mut week, &hall, "handlar ikkje om det folk spør om her");
    assert_eq!(gap(&mut week.editor, "symjehall")["state"], "done");
    // The page is mended, and nobody waits for the night.
    week.website.set("/symjehall", mended());
    look_again(&mut week, &hall);
    let page = proved(&mut week, &hall, "Nettstaden er lesen, og sida svarar");
    assert!(page.contains("4 av 4 spørsmål finn no sida"), "{page}");
    assert!(!page.contains("Men sida er den same"), "{page}");
    assert_eq!(gap(&mut week.editor, "symjehall")["state"], "verified");
}

#[test]
fn a_look_at_a_linked_page_says_what_it_brought_whatever_the_gap_stands_at() {
    let mut week = tuesday();
    let hall = week.hall.clone();
    let address = week.website.at("/symjehall");
    step(&mut week.editor, &hall, &[("step", "link_page"), ("address", &address)]);
    proved(&mut week, &hall, "av 4 spørsmål finn no sida");
    week.website.set("/symjehall", Reply::Status(500));
    look_again(&mut week, &hall);
    proved(&mut week, &hall, "Sida svarar med feilkode 500. Skranke prøver att kvar natt.");
    week.website.set("/symjehall", mended());
    look_again(&mut week, &hall);
    let page = proved(&mut week, &hall, "Nettstaden er lesen, og sida svarar");
    assert!(!page.contains("feilkode"), "{page}");
    // An editor does not believe it; the page has indeed lost its answer.
    step(&mut week.editor, &hall, &[("step", "reopen")]);
    week.website.set("/symjehall", page_of("Billettar", "<p>Redaktøren har nytt namn.</p>"));
    look_again(&mut week, &hall);
    proved(&mut week, &hall, "0 av 4 spørsmål finn no sida");
    assert_eq!(gap(&mut week.editor, "symjehall")["state"], "reopened");
}

fn look_again(week: &mut Week, number: &str) {
    week.clock.advance_by(SignedDuration::from_mins(5));
    step(&mut week.editor, number, &[("step", "look_again")]);
}

/// The page of a gap once it says `wanted`.
#[track_caller]
#[expect(clippy::disallowed_methods, reason = "a page is read when it is read")]
fn proved(week: &mut Week, number: &str, wanted: &str) -> String {
    for _ in 0..1_000 {
        let page = week.page(number);
        if page.contains(wanted) && !page.contains("data-waits") {
            return page;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the page never says {wanted}: {}", week.page(number));
}

#[test]
fn the_weeks_of_a_gap_tell_what_was_done_in_chart_and_table() {
    let mut week = tuesday();
    let number = week.hall.clone();
    let page = week.website.at("/");
    let linked = [("step", "link_page"), ("address", page.as_str())];
    step(&mut week.editor, &number, &linked);
    let body = week.page(&number);
    let rows: Vec<&str> =
        body.split("id=\"gap-weeks\"").nth(1).expect("a table").split("<tr>").collect();
    assert_eq!(rows.len(), 28, "a head and 26 weeks");
    let last = rows.last().expect("a week");
    let says = "2. mars: Lenkja ei side.";
    assert!(last.contains("2026-W10") && last.contains(says), "{last}");
    assert!(body.contains("class=\"mark\"") && body.contains(&format!("<li>1: {says}")), "{body}");
}
