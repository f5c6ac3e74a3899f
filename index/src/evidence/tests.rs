//! What the evidence says of a small municipality with a small log.

use super::*;
use crate::analysis::Language;
use crate::passages::{PageText, PassageText};

/// Title, and text of the only passage.
const PAGES: [(&str, &str); 12] = [
    ("Svømmehallen", "Svømmehallen er åpen mandag til fredag. Billetten koster 120 kroner."),
    ("Biblioteket", "Biblioteket er åpent hver dag. Lånekort får du i skranken på biblioteket."),
    ("Renovasjon", "Renovasjonen hentes hver tirsdag. Gebyret for renovasjon står på regningen."),
    ("Barnehageplass", "Du søker om barnehageplass innen 1. mars. Barnehagen koster 2 000 kroner."),
    (
        "Skolefritidsordningen",
        "SFO er åpen før og etter skolen. Du melder på i portalen innen april.",
    ),
    ("Startlån", "Startlån søker du om hos kommunen. Du må ha bolig i tankene og lav gjeld."),
    ("Feiing", "Feieren kommer annethvert år og feier pipa. Du får varsel om feiing."),
    ("Nabovarsel", "Nabovarsel sendes før du bygger. Naboen har to uker på merknader."),
    ("Legevakt", "Legevakten er åpen hele natten. Ring legevakten før du kommer."),
    ("Gatelys", "Meld fra om gatelys som er mørke. Gatelyset blir reparert innen to uker."),
    ("Vannmåler", "Vannmåleren leser du av i desember. Du kan selv montere vannmåler."),
    ("Eiendomsskatt", "Eiendomsskatten kommer to ganger i året. Du kan klage på eiendomsskatten."),
];

/// What callers say of each subject, before and after the word for it.
const FRAMES: [(&str, &str); 4] =
    [("når kommer ", ""), ("spør om ", " i kommunen"), ("hvordan er det med ", ""), ("", " pris")];

/// What callers ask about; no page has the last three, and a page has the first in other words.
const SUBJECTS: [&str; 15] = [
    "søppel",
    "svømmehallen",
    "biblioteket",
    "barnehageplass",
    "SFO",
    "startlån",
    "feiing",
    "nabovarsel",
    "legevakten",
    "gatelys",
    "vannmåler",
    "eiendomsskatten",
    "parkeringsbot",
    "badstueflåte",
    "sommerleir",
];

fn questions_on(subject: &str) -> Vec<String> {
    FRAMES.iter().map(|(before, after)| format!("{before}{subject}{after}")).collect()
}

fn site(language: Language) -> PassageSet {
    let page = |(key, (title, text)): (u64, &(&str, &str))| {
        let passage = PassageText { heading: String::new(), text: (*text).into(), language };
        PageText { key, title: (*title).into(), passages: vec![passage] }
    };
    PassageSet::new(&(0..).zip(&PAGES).map(page).collect::<Vec<_>>())
}

fn learned() -> PassageSet {
    let site = site(Language::Nb);
    let log: Vec<String> = SUBJECTS.iter().flat_map(|it| questions_on(it)).collect();
    site.learn(log.iter().map(String::as_str));
    assert!(site.learned().is_some());
    site
}

fn on(subject: &str, site: &PassageSet) -> TopicEvidence {
    let questions = questions_on(subject);
    topic_evidence(&questions.iter().map(String::as_str).collect::<Vec<_>>(), site)
}

#[test]
fn a_site_that_has_learned_tells_what_it_has_in_which_words() {
    let site = learned();
    for subject in ["svømmehallen", "startlån", "legevakten", "vannmåler", "feiing"] {
        assert_eq!(on(subject, &site).finding, Finding::Answered, "{subject}");
    }
    for subject in ["parkeringsbot", "badstueflåte", "sommerleir"] {
        assert_eq!(on(subject, &site).finding, Finding::Missing, "{subject}");
    }
    assert_eq!(on("søppel", &site).finding, Finding::HardToFind);
}

#[test]
fn what_is_hard_to_find_names_both_words() {
    let evidence = on("søppel", &learned());
    assert_eq!(evidence.pages[0].0, 2);
    let words = Reworded { asked: "søppel".into(), written: "Renovasjon".into() };
    assert_eq!(evidence.reworded.first(), Some(&words));
    assert!(!evidence.missing.contains(&"søppel".to_owned()), "{:?}", evidence.missing);
}

#[test]
fn words_that_no_page_has_are_told() {
    let evidence = on("parkeringsbot", &learned());
    assert!(evidence.missing.contains(&"parkeringsbot".to_owned()), "{:?}", evidence.missing);
}

#[test]
fn the_gap_score_is_a_share_of_sureness() {
    let site = learned();
    let score = |subject| on(subject, &site).gap_score;
    assert!(score("svømmehallen") < score("søppel"), "{}", score("svømmehallen"));
    assert!(score("søppel") < score("parkeringsbot"), "{}", score("søppel"));
    assert!((0.0..=1.0).contains(&score("parkeringsbot")) && 0.7 < score("parkeringsbot"));
}

#[test]
fn a_small_log_teaches_nothing() {
    let site = site(Language::Nb);
    site.learn(questions_on("svømmehallen").iter().map(String::as_str));
    assert!(site.learned().is_none());
    assert_eq!(on("svømmehallen", &site).finding, Finding::Answered);
    assert_eq!(on("parkeringsbot", &site).finding, Finding::Missing);
}

#[test]
fn the_order_of_the_log_does_not_matter() {
    let mut log: Vec<String> = SUBJECTS.iter().flat_map(|it| questions_on(it)).collect();
    let (a, b) = (site(Language::Nb), site(Language::Nb));
    a.learn(log.iter().map(String::as_str));
    log.reverse();
    b.learn(log.iter().chain(&log).map(String::as_str));
    assert_eq!(on("søppel", &a), on("søppel", &b));
}

#[test]
fn the_other_norm_only_is_told() {
    let site = site(Language::Nn);
    let ask = |text| topic_evidence(&[text, text], &site).finding;
    assert_eq!(ask("hvor mye koster billetten i svømmehallen"), Finding::OtherNorm);
    assert_eq!(ask("kva kostar billetten i svømmehallen, eg lurer"), Finding::Answered);
}

#[test]
fn repeats_get_the_same_evidence_in_their_places() {
    let site = learned();
    let each = evidences(&["Svømmehallen?", "legevakten", "svømmehallen"], &site);
    assert_eq!((each[0].pages[0].0, each[1].pages[0].0), (0, 8));
    assert_eq!(each[0], each[2]);
    assert_eq!(each[1], evidence("legevakten", &site));
}

#[test]
fn odd_questions_have_evidence() {
    let site = learned();
    for odd in ["", "?!", "hvem kan jeg", "\0", "🙂🙂", "مرحبا بك", &"æ".repeat(10_000)]
    {
        let evidence = evidence(odd, &site);
        assert!((0.0..=1.0).contains(&evidence.gap_score), "{odd:.20}");
    }
    let empty = PassageSet::new(&[]);
    empty.learn(["hei", "svømmehall"]);
    assert!(evidence("svømmehall", &empty).pages.is_empty());
    assert_eq!(topic_evidence(&[], &empty).finding, Finding::Answered);
}

#[test]
fn a_topic_bears_a_question_out() {
    let site = learned();
    let own = evidence("svømmehallen pris", &site);
    let joint = own.within(&on("parkeringsbot", &site));
    assert!(own.gap_score < joint.gap_score && joint.gap_score < 0.7, "{}", joint.gap_score);
    assert_eq!(joint.pages, own.pages);
}

#[test]
fn an_editor_s_word_finds_the_page_and_says_how_it_words_it() {
    let set = site(Language::Nb);
    let all: Vec<String> = SUBJECTS.iter().flat_map(|it| questions_on(it)).collect();
    set.learn(all.iter().map(String::as_str));
    let own = OwnWords::of([("badstueflåte", "svømmehall, bibliotek")]);
    let asked = "når kommer badstueflåten";
    let (without, with) = (evidence(asked, &set), evidence_by(asked, &set, &own));
    assert_ne!(without.pages.first().map(|it| it.0), Some(0), "{without:?}");
    assert!([0, 1].contains(&with.pages[0].0), "{with:?}");
    assert!(with.gap_score < without.gap_score, "{} {}", with.gap_score, without.gap_score);
    let written = with.reworded.iter().map(|it| (it.asked.as_str(), it.written.as_str()));
    assert!(written.clone().any(|it| it.0 == "badstueflåten"), "{with:?}");
    assert!(without.missing.contains(&"badstueflåten".to_owned()), "{without:?}");
    let other = "når kommer feieren";
    assert_eq!(evidence_by(other, &set, &own), evidence(other, &set), "it has no such word");
}
