//! Tests of the demo's content as a whole.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::*;

const END: &str = "2026-04-16T10:00:00Z";

fn calendar() -> Calendar {
    Calendar::ending(END.parse().unwrap(), TimeZone::get("Europe/Oslo").unwrap())
}

fn site() -> Site {
    Site::load(&calendar(), Place::default()).unwrap()
}

fn inquiries() -> Vec<DemoInquiry> {
    generate(&calendar()).unwrap()
}

/// The values of an attribute, in order.
fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!("{name}=\"");
    html.split(&opening).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_site_has_its_pages_in_three_languages() {
    let site = site();
    let mut languages: BTreeMap<String, usize> = BTreeMap::new();
    for path in site.paths(1) {
        let page = site.page_at(&path, 1);
        assert_eq!(page.status, 200, "{path}");
        let lang = attributes(&page.body, "html lang")[0].to_owned();
        *languages.entry(lang).or_default() += 1;
    }
    let all: usize = languages.values().sum();
    assert!(64 <= all, "{languages:?}");
    assert!(50 * all <= 100 * languages["nn"], "{languages:?}");
    assert!(20 * all <= 100 * languages["nb"], "{languages:?}");
    assert!(7 * all <= 100 * languages["en"], "{languages:?}");
}

#[test]
fn every_link_leads_somewhere_save_the_planted_one() {
    let site = site();
    for week in [1, 8, 9, 10, 13] {
        let mut broken = BTreeSet::new();
        for path in site.paths(week) {
            let body = site.page_at(&path, week).body;
            for link in attributes(&body, "href").into_iter().filter(|it| it.starts_with('/')) {
                if site.page_at(link, week).status != 200 {
                    broken.insert(link.to_owned());
                }
            }
        }
        assert_eq!(broken, BTreeSet::from(["/kultur/padlekart".to_owned()]), "week {week}");
    }
}

#[test]
fn pages_are_mended_and_one_disappears() {
    let site = site();
    let changed = |path: &String| {
        let (first, last) = (site.page_at(path, 1), site.page_at(path, 13));
        1 < path.matches('/').count() && main_of(&first.body) != main_of(&last.body)
    };
    let mended: Vec<String> = site.paths(13).into_iter().filter(changed).collect();
    assert!(6 <= mended.len(), "{mended:?}");
    assert_eq!(site.page_at("/aktuelt/kokevarsel-lia", 8).status, 200);
    assert_eq!(site.page_at("/aktuelt/kokevarsel-lia", 9).status, 404);
    let (before, after) = (site.page_at("/om/hund", 8), site.page_at("/om/hund", 9));
    assert_ne!(before.etag, after.etag);
    assert_ne!(before.last_modified, after.last_modified);
    assert_eq!(before, site.page_at("/om/hund", 1));
}

fn main_of(body: &str) -> &str {
    let rest = body.split_once("<main").map_or("", |(_, rest)| rest);
    rest.split_once("</main>").map_or("", |(main, _)| main)
}

#[test]
fn pages_with_text_are_long_enough_and_every_heading_can_be_linked() {
    let site = site();
    for path in site.paths(13).into_iter().filter(|path| 1 < path.matches('/').count()) {
        let body = site.page_at(&path, 13).body;
        let main = main_of(&body);
        let words = main.split_whitespace().count();
        assert!((40..520).contains(&words), "{path} has {words} words");
        assert_eq!(main.matches("<h2").count(), main.matches("<h2 id=\"").count(), "{path}");
        let ids = attributes(main, "h2 id");
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "{path}: an id twice");
    }
}

#[test]
fn crawlers_are_told_what_to_leave_out() {
    let place = Place { origin: "http://127.0.0.1:8081".into(), prefix: "/fjordvik".into() };
    let site = Site::load(&calendar(), place).unwrap();
    let robots = site.page_at("/robots.txt", 1).body;
    assert!(robots.contains("Disallow: /fjordvik/intern/\n"), "{robots}");
    assert!(robots.contains("Sitemap: http://127.0.0.1:8081/fjordvik/sitemap.xml"), "{robots}");
    let map = site.page_at("/sitemap.xml", 1).body;
    assert!(map.contains("<loc>http://127.0.0.1:8081/fjordvik/helse/legevakt</loc>"), "{map}");
    assert!(!map.contains("/intern/") && !map.contains("skjemaoversikt"), "{map}");
    let hidden = site.page_at("/om/skjemaoversikt", 1).body;
    assert!(hidden.contains("content=\"noindex\"") && hidden.contains("href=\"/fjordvik/om\""));
    assert_eq!(site.page_at("/finst-ikkje", 1).status, 404);
}

#[test]
fn twelve_weeks_hold_enough_questions_of_every_kind() {
    let inquiries = inquiries();
    assert!(1_600 <= inquiries.len(), "{}", inquiries.len());
    let mut kinds: BTreeMap<NeedKind, usize> = BTreeMap::new();
    let mut outcomes: BTreeSet<&str> = BTreeSet::new();
    for it in &inquiries {
        *kinds.entry(it.kind).or_default() += 1;
        outcomes.insert(it.outcome);
    }
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    assert!(150 <= kinds[&NeedKind::Once], "{kinds:?}");
    let share = |kind| kinds[&kind] * 100 / inquiries.len();
    assert!((35..50).contains(&share(NeedKind::Answered)), "{kinds:?}");
    assert!((15..28).contains(&share(NeedKind::Missing)), "{kinds:?}");
    let known = ["page", "same_as", "answered", "not_on_site", "passed_on", "own_case", "unknown"];
    assert_eq!(outcomes, BTreeSet::from(known));
}

#[test]
fn everything_is_asked_while_the_desk_is_open_and_before_the_end() {
    let (calendar, inquiries) = (calendar(), inquiries());
    assert!(inquiries.is_sorted_by_key(|it| it.at));
    for it in &inquiries {
        assert!(calendar.is_open(&it.desk, it.at), "{it:?}");
        assert!(it.at <= calendar.end() && DESKS.contains(&it.desk.as_str()), "{it:?}");
    }
    let weeks: BTreeSet<u8> = inquiries.iter().map(|it| calendar.week_at(it.at)).collect();
    assert_eq!(weeks, (1..=WEEKS + 1).collect());
}

#[test]
fn wordings_vary_and_some_are_repeated() {
    let inquiries = inquiries();
    let texts: Vec<&str> = inquiries.iter().filter_map(|it| it.text.as_deref()).collect();
    let different: BTreeSet<&str> = texts.iter().copied().collect();
    let repeated = 100 * (texts.len() - different.len()) / texts.len();
    assert!((8..22).contains(&repeated), "{repeated} % are exact repeats");
    let again = inquiries.iter().filter(|it| it.same_as.is_some()).count();
    assert!((9..16).contains(&(100 * again / inquiries.len())), "{again} are +1");
    assert!(3 <= inquiries.iter().filter(|it| 1 < it.count).count());
}

#[test]
fn a_repeat_points_to_an_earlier_question_in_words() {
    let inquiries = inquiries();
    for (place, it) in inquiries.iter().enumerate() {
        assert_eq!(it.same_as.is_some(), it.text.is_none(), "{it:?}");
        if let Some(first) = it.same_as {
            assert!(first < place && inquiries[first].text.is_some(), "{it:?}");
            assert_eq!(inquiries[first].need, it.need);
        }
    }
}

#[test]
fn the_pages_that_needs_name_are_there() {
    let site = site();
    for need in need::needs().unwrap() {
        if let Some(page) = &need.page {
            assert_eq!(site.page_at(page, 13).status, 200, "{page} of {}", need.key);
        }
        assert!(need.mended.is_none() || need.page.is_some(), "{}", need.key);
    }
}

#[test]
fn another_end_moves_the_times_and_keeps_the_words() {
    assert_eq!(inquiries(), inquiries());
    let zone = TimeZone::get("Europe/Oslo").unwrap();
    let later = Calendar::ending("2026-11-26T11:00:00Z".parse().unwrap(), zone);
    let (calendar, now, then) = (calendar(), inquiries(), generate(&later).unwrap());
    let words = |list: &[DemoInquiry], of: &Calendar| -> Vec<Option<String>> {
        let whole = list.iter().take_while(|it| of.week_at(it.at) <= WEEKS);
        whole.map(|it| it.text.clone()).collect()
    };
    assert_eq!(words(&now, &calendar), words(&then, &later));
    actions(&later, &then).unwrap();
}

#[test]
fn editors_work_on_questions_that_have_been_asked() {
    let (calendar, inquiries, site) = (calendar(), inquiries(), site());
    let people: BTreeSet<String> = people().unwrap().into_iter().map(|it| it.sign_in).collect();
    assert_eq!(people.len(), 3);
    let mut kinds = BTreeSet::new();
    for action in actions(&calendar, &inquiries).unwrap() {
        assert!(people.contains(&action.who), "{action:?}");
        assert!(inquiries[action.inquiry].at < action.at && action.at < calendar.end());
        kinds.insert(match &action.step {
            DemoStep::Take => "take",
            DemoStep::Link { page } => {
                assert_eq!(site.page_at(page, calendar.week_at(action.at)).status, 200);
                "link"
            }
            DemoStep::Dismiss { .. } => "dismiss",
            DemoStep::Snooze { until } => {
                assert!(calendar.end() < *until, "{action:?}");
                "snooze"
            }
            DemoStep::Rename { .. } => "rename",
            DemoStep::Merge { into } => {
                assert_ne!(*into, action.inquiry);
                "merge"
            }
            DemoStep::SetScope { scope } => {
                assert!(["general", "own_case", "outside_remit"].contains(&scope.as_str()));
                "set_scope"
            }
        });
    }
    assert_eq!(kinds.len(), 7, "{kinds:?}");
}

#[test]
fn personal_numbers_are_synthetic_and_telephones_invented() {
    let inquiries = inquiries();
    let texts: Vec<&str> = inquiries.iter().filter_map(|it| it.text.as_deref()).collect();
    assert!(5 <= texts.iter().filter(|text| text.contains("fnr ")).count());
    assert!(20 <= texts.iter().filter(|text| text.contains("tlf 68 05 ")).count());
}
