//! Whole letters as people read them, and what no letter may ever hold.

use super::*;

#[test]
fn the_letters_of_typical_weeks_read_well_in_three_languages() {
    for lang in Lang::ALL {
        for (name, letter) in typical(lang) {
            let whole = format!("{}\n{}\n\n{}", letter.subject, letter.preheader, letter.text);
            insta::assert_snapshot!(format!("letter_{name}_{}", lang.code()), whole);
            assert!(letter.html.len() <= HTML_BYTES_MAX, "{name}: {} bytes", letter.html.len());
            let screens = letter.text.lines().count();
            assert!(screens <= LINES_MAX, "{name}: {screens} lines");
        }
    }
}

/// A browser test looks at what is left beside the program, in the widths and colors of mail
/// programs.
#[test]
fn the_html_of_typical_weeks_is_left_for_a_browser_to_look_at() {
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().nth(2).unwrap().join("letters");
    std::fs::create_dir_all(&folder).unwrap();
    for lang in Lang::ALL {
        for (name, letter) in typical(lang) {
            let file = folder.join(format!("{name}_{}.html", lang.code()));
            std::fs::write(file, letter.html).unwrap();
        }
    }
}

#[test]
fn the_desks_edition_has_nothing_to_decide_and_no_screen_of_editors() {
    for lang in Lang::ALL {
        let desk = Reader { edition: Edition::Desk, ..reader(lang) };
        let letter = compose(&busy(), &desk);
        for part in [&letter.html, &letter.text] {
            assert!(!part.contains("/gaps") && !part.contains("/topics"), "{part}");
            assert!(!part.contains("bossdunk"), "a gap that nobody has taken: {part}");
            assert!(part.contains("SFO i haustferien") && !part.contains("Båtplass"), "{part}");
        }
    }
    assert!(empty().is_empty_for(Edition::Desk) && !busy().is_empty_for(Edition::Desk));
    let to_decide = Facts { verified: vec![], taken: vec![], rises: None, ..busy() };
    assert!(to_decide.is_empty_for(Edition::Desk) && !to_decide.is_empty_for(Edition::Editors));
}

#[test]
fn the_html_part_of_a_busy_week_is_whole() {
    insta::assert_snapshot!("letter_html_nn", compose(&busy(), &reader(Lang::Nn)).html);
}

#[test]
fn every_letter_is_filled_in_and_says_its_language() {
    for lang in Lang::ALL {
        let desk = || Reader { edition: Edition::Desk, ..reader(lang) };
        let all = [busy(), empty(), first(), silent(), largest(), month()];
        let both = all.iter().flat_map(|it| [compose(it, &reader(lang)), compose(it, &desk())]);
        for letter in both {
            let without_style = letter.html.split("</style>").nth(1).unwrap();
            for text in [&letter.subject, &letter.preheader, &letter.text, without_style] {
                assert!(!text.contains(['{', '}']), "{text}");
                assert!(!text.contains("letter.") && !text.contains("report."), "{text}");
            }
            assert!(letter.html.contains(&format!("<html lang=\"{}\"", lang.code())));
        }
    }
}

#[test]
fn the_html_part_keeps_to_thirty_kilobytes_and_loads_nothing() {
    for facts in [busy(), largest()] {
        let html = compose(&facts, &reader(Lang::Nn)).html;
        assert!(html.len() <= HTML_BYTES_MAX, "{} bytes", html.len());
        for word in ["<img", "<script", "src=", "url(", "<link", "@import", "background="] {
            assert!(!html.contains(word), "{word}");
        }
    }
}

#[test]
fn headings_come_in_order_and_tables_are_for_layout_only() {
    let html = compose(&busy(), &reader(Lang::Nb)).html;
    assert_eq!(html.matches("<h1").count(), 1);
    assert_eq!(html.matches("<h2").count(), 6);
    assert_eq!(html.matches("<h3").count(), 0);
    assert_eq!(html.matches("<table").count(), html.matches("role=\"presentation\"").count());
}

#[test]
fn both_parts_tell_the_same() {
    let letter = compose(&busy(), &reader(Lang::Nn));
    let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
    for fact in [
        "Når opnar symjehallen?",
        "Nytt hol. Spurt 27 gonger på fire veker, aukar. Inga side svarer.",
        "(snitt 432), sosiale medium 164 (snitt 0,5).",
        "Svaret står på nettsidene, men er vanskeleg å finne.",
        "https://www.fjordvik.example/symjehall",
        "Frå 31 til 5,5 spørsmål i veka. Publisert i veke 41.",
        "12 hol er retta: 140 færre spørsmål enn venta på 8 veker.",
        "Talet ligg truleg mellom 110 og 171. Det svarer til om lag 14 timar.",
        "https://skranke.fjordvik.example/gaps/T12",
        "https://skranke.fjordvik.example/stop/abc",
    ] {
        assert!(text.contains(fact), "{fact} is not in the text\n{text}");
        assert!(letter.html.contains(fact), "{fact} is not in the html");
    }
}

#[test]
fn a_letter_shows_five_gaps_and_counts_the_rest() {
    let letter = compose(&largest(), &reader(Lang::En));
    assert!(letter.text.contains("See 35 more"));
    assert!(letter.subject.starts_with("Week 43: 1,612 questions, 40 new gaps. Top: Fylkes"));
    assert!(!letter.text.contains("\n6. "));
}

#[test]
fn an_empty_week_says_that_there_is_nothing_to_decide() {
    assert!(empty().is_empty());
    assert!(!busy().is_empty());
    let letter = compose(&empty(), &reader(Lang::Nb));
    assert_eq!(letter.subject, "Uke 43: 574 spørsmål, ingenting å avgjøre");
    assert!(letter.html.contains("ingenting å avgjøre denne uken"));
    let letter = compose(&silent(), &reader(Lang::Nb));
    assert_eq!(letter.subject, "Uke 43: ingen spørsmål logget");
    assert!(letter.text.contains("I uke 43 ble det ikke logget noen spørsmål."));
}

#[test]
fn gaps_that_have_waited_are_not_called_new() {
    let gap = OpenGap { is_new: false, ..gap("T9", "Brøyting", 4) };
    let letter = compose(&Facts { decide: vec![gap], ..empty() }, &reader(Lang::Nb));
    assert_eq!(letter.subject, "Uke 43: 574 spørsmål, ett hull uten ansvarlig. Øverst: Brøyting");
    assert!(!letter.text.contains("Nytt hull"));
}

#[track_caller]
fn check_effect(fewer: i64, range: Option<(i64, i64)>, expected: &str) {
    let effect = Effect { n_gaps: 1, n_weeks: 1, fewer, range, minutes_each: None };
    let facts = Facts { effect: Some(effect), ..empty() };
    let text = compose(&facts, &reader(Lang::En)).text;
    assert!(text.contains(expected), "{text}");
}

#[test]
fn an_effect_is_told_honestly() {
    check_effect(9, None, "One gap mended: 9 fewer questions than expected in one week.");
    check_effect(9, Some((-1, 20)), "One gap mended. No sure effect yet.");
    check_effect(0, None, "No sure effect yet.");
    check_effect(-9, Some((-20, -1)), "9 more questions than expected in one week. The");
    check_effect(-9, Some((-20, -1)), "likely between 1 and 20.");
    check_effect(i64::MIN, None, "9,223,372,036,854,775,808 more questions");
}

#[test]
fn links_that_could_run_something_are_no_links() {
    let mut facts = busy();
    facts.decide[0].nearest.as_mut().unwrap().url = "javascript:alert(1)".into();
    facts.decide[0].link = "data:text/html,x".into();
    let letter = compose(&facts, &reader(Lang::Nn));
    assert!(!letter.html.contains("javascript:") && !letter.html.contains("data:"));
    assert!(!letter.text.contains("javascript:"));
}

#[test]
fn a_letter_is_keyed_by_reader_and_period() {
    let id = |facts: &Facts, reader: &Reader| compose(facts, reader).message_id;
    let kari = reader(Lang::Nn);
    let in_english = Reader { lang: Lang::En, name: "K".into(), ..kari.clone() };
    let ola = Reader { id: ReaderId::parse("usr_ola").unwrap(), ..kari.clone() };
    assert_eq!(id(&busy(), &kari), id(&empty(), &in_english));
    assert_ne!(id(&busy(), &kari), id(&busy(), &ola));
    let month = Facts { period: Period::Month(week(43)), ..busy() };
    assert_ne!(id(&busy(), &kari), id(&month, &kari));
    // A letter that is tried again keeps the name that it had under an earlier version.
    let known = "digest.2026-W43.a0807d8c3fa8940119fbd337@skranke.fjordvik.example";
    assert_eq!(id(&busy(), &kari), known);
    let next = Facts { period: week(44).into(), ..busy() };
    assert_ne!(id(&busy(), &kari), id(&next, &kari));
    assert!(id(&busy(), &kari).ends_with("@skranke.fjordvik.example"));
    assert!(!id(&busy(), &kari).contains("kari"));
}

#[test]
fn a_reader_id_cannot_leave_its_folder() {
    for text in ["", "../x", "a/b", "a b", "å", "a\n", &"x".repeat(65)] {
        assert!(ReaderId::parse(text).is_err(), "{text:?}");
    }
    assert!(ReaderId::parse(&"x".repeat(64)).is_ok());
}
