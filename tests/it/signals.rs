//! Searches and feedback from the website: they make a topic clearer and never count as calls.

use jiff::Timestamp;
use skranke::app::{App, ImportFile};
use skranke::clock::Clock;
use skranke::inquiry::Channel;
use skranke::inquiry::import::Reading;

use crate::harness::program::{run, told, tried};
use crate::harness::town::Town;

const CALLS: &str = "tidspunkt;kanal;spørsmål\n\
    02.03.2026 09:12;telefon;når opnar symjehallen på laurdag\n\
    02.03.2026 09:40;telefon;når opnar symjehallen laurdag\n\
    02.03.2026 10:05;skranke;når opnar symjehallen laurdag?\n";

/// As web statistics write it: sums in other columns too.
const SEARCHES: &str = "label,nb_visits,nb_hits,bounce_rate\n\
    når opnar symjehallen laurdag,40,61,12%\n\
    hybel,700,900,10%\n";

const FEEDBACK: &str = "Sist;Kommentar;Adresse\n\
    02.03.2026;når opnar symjehallen på laurdag? ring 68 05 01 23;/symjehall\n";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn import(app: &App, (name, rows): (&str, &str), reading: &Reading) {
    let file = ImportFile { name, source: name, bytes: rows.as_bytes(), reading, by: None };
    assert_eq!(app.import(file).expect("the file is read").faults, []);
}

#[test]
fn searches_and_feedback_are_counted_apart_from_calls() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let town = Town::open(folder.path(), &Clock::fixed(at("2026-03-06T12:00:00Z")));
    let app = &town.app;
    let mut reading = Reading::plain(app.zone.clone());
    import(app, ("calls.csv", CALLS), &reading);
    reading.channel = Some(Channel::SiteSearch);
    reading.map("count=nb_visits").expect("a pair");
    reading.day("2026-03-05").expect("a day");
    import(app, ("searches.csv", SEARCHES), &reading);
    let mut reading = Reading::plain(app.zone.clone());
    reading.channel = Some(Channel::Feedback);
    reading.map("time=Sist").expect("a pair");
    import(app, ("feedback.csv", FEEDBACK), &reading);
    app.group().expect("grouped");
    app.settle().expect("folded");

    let topics = app.topics().expect("topics");
    let hall = topics.iter().find(|it| it.name.contains("symjehall")).expect("a topic");
    let demand = &hall.demand;
    assert_eq!((demand.inquiries, demand.searches, demand.feedback), (3, 40, 1));
    assert_eq!((demand.last_28_days, demand.within_30_days_max), (3, 3));
    assert_eq!(demand.weeks.last(), Some(&3), "the week has three calls");
    let gap = app.gap(hall.number).expect("read").expect("a gap");
    assert_eq!(gap.channels[&Channel::SiteSearch], 40, "they are a channel of their own");
    assert_eq!(gap.outcomes.values().sum::<u32>(), 3, "a search has no outcome");
    assert!(gap.words.iter().all(|it| !it.text.contains("68 05 01 23")), "feedback is masked");

    let mut visitor = town.set_up();
    let page = visitor.get(&format!("/gaps/{}", hall.number)).body;
    assert!(page.contains("I tillegg kjem 40 søk på nettstaden som ikkje gav treff."), "{page}");
    assert!(page.contains("Ein besøkjande har skrive på ei side"), "{page}");
    let list = visitor.get("/topics").body;
    assert!(list.contains("40 søk utan treff"), "{list}");
    let letter = visitor.get("/digest").body;
    assert!(!letter.contains("743") && !letter.contains("703"), "{letter}");
}

#[test]
fn a_log_of_searches_is_brought_in_by_hand_month_by_month() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("searches.csv"));
    std::fs::write(&file, SEARCHES).expect("written");
    let file = file.to_string_lossy();
    let refused = tried(&data, &["import", &file, "--channel", "site_search"]);
    let said = told(&refused);
    assert!(said.contains("say the last day that they are counted to"), "{said}");
    let month = |day: &str| {
        let arguments = [
            "import",
            &file,
            "--channel",
            "site_search",
            "--column",
            "count=nb_visits",
            "--day",
            day,
        ];
        run(&data, &arguments)
    };
    assert!(month("2026-01-31").starts_with("2 added"));
    std::fs::write(&*file, SEARCHES.replace("40", "41")).expect("written");
    assert!(month("2026-02-28").starts_with("2 added"), "the same words, another month");
    let report = run(&data, &["report", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(report["counts"]["inquiries"], 0, "nobody has called: {report}");
    std::fs::write(&*file, "ord;antall\nhybel;3\n").expect("written");
    let said = told(&tried(&data, &["import", &file, "--channel", "fax"]));
    assert!(said.contains("the channels are phone"), "{said}");
    let said = told(&tried(&data, &["import", &file, "--column", "text=Suchwort"]));
    assert!(said.contains("no row names the column Suchwort"), "{said}");
}
