//! Every page in every language: complete, labelled, in order, and with links that lead somewhere.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};

use super::samples::{self, Sample};
use crate::http::routes::{ROUTES, Verb};
use crate::messages::Lang;

/// The lists of the catalogues, whose keys are never to be seen.
const LISTS: &[&str] = &[
    "channel",
    "outcome",
    "verdict",
    "state",
    "trend",
    "step",
    "scope",
    "role",
    "job",
    "job_says",
    "month",
    "log",
    "outbox",
    "chart",
    "gaps",
    "gap",
    "topics",
    "inquiries",
    "facet",
    "taken_out",
    "topic_step",
    "topic",
    "words",
    "digest",
    "frame",
    "sign_in",
    "setup",
    "admin",
    "organisation",
    "places",
    "sites",
    "people",
    "person",
    "welcome",
    "forgotten",
    "tokens",
    "interface",
    "jobs",
    "personal_data",
    "retention",
    "timing",
    "figures",
    "audit",
    "audited",
    "system",
    "licences",
    "papers",
    "inspection",
    "mail",
    "first",
    "help",
    "error",
    "files",
    "views",
    "account",
    "share",
    "shared",
    "feed",
    "hooks",
    "readers",
    "preview",
    "stop",
];

fn everywhere(mut check: impl FnMut(Lang, &Sample, &Html)) {
    for lang in Lang::ALL {
        for sample in samples::all(lang) {
            check(lang, &sample, &Html::parse_document(&sample.html));
        }
    }
}

fn select<'a>(page: &'a Html, what: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(what).unwrap();
    page.select(&selector).collect()
}

fn words(page: &Html) -> String {
    page.root_element().text().collect()
}

#[test]
fn no_text_is_missing_in_any_language() {
    let known: BTreeSet<String> = LISTS.iter().map(|it| format!("{it}.")).collect();
    everywhere(|lang, sample, page| {
        let place = format!("{} in {}", sample.name, lang.code());
        let labels = select(page, "[aria-label], [title], [placeholder]");
        let labels = labels.iter().flat_map(|it| {
            ["aria-label", "title", "placeholder"].into_iter().filter_map(|name| it.attr(name))
        });
        let text = words(page) + " " + &labels.collect::<Vec<_>>().join(" ");
        assert!(!text.contains('{'), "{place}: a name in braces is left");
        for word in text.split_whitespace() {
            let key = known.iter().find(|it| word.starts_with(it.as_str()));
            // The audit's codes, in titles, look like keys and are meant to be shown so.
            // A sentence may end in such a word, with a figure of the next one right behind.
            let is_key = key.is_some_and(|key| word[key.len()..].starts_with(char::is_alphabetic));
            assert!(!is_key || sample.name == "audit", "{place}: {word}");
        }
    });
}

#[test]
fn each_page_has_its_language_one_heading_and_the_rest_in_order() {
    everywhere(|lang, sample, page| {
        let place = format!("{} in {}", sample.name, lang.code());
        assert_eq!(page.root_element().attr("lang"), Some(lang.code()), "{place}");
        assert_eq!(select(page, "h1").len(), 1, "{place}: one h1");
        assert_eq!(select(page, "main").len(), 1, "{place}: one main");
        assert!(!select(page, "title")[0].inner_html().starts_with('–'), "{place}: title");
        let mut before = 0;
        for heading in select(page, "h1, h2, h3, h4") {
            let level: u32 = heading.value().name()[1..].parse().unwrap();
            assert!(level <= before + 1, "{place}: h{level} after h{before}");
            before = level;
        }
    });
}

#[test]
fn every_field_has_a_label_and_every_id_stands_once() {
    everywhere(|lang, sample, page| {
        let place = format!("{} in {}", sample.name, lang.code());
        let ids: Vec<&str> = select(page, "[id]").iter().filter_map(|it| it.attr("id")).collect();
        let once: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), once.len(), "{place}: an id stands twice");
        let labels = select(page, "label[for]");
        let labelled: BTreeSet<&str> = labels.iter().filter_map(|it| it.attr("for")).collect();
        for field in select(page, "input:not([type=hidden]), select, textarea") {
            let id = field.attr("id").unwrap_or_default();
            assert!(labelled.contains(id), "{place}: no label for {}", field.html());
        }
        for reference in ["aria-labelledby", "aria-describedby"] {
            for element in select(page, &format!("[{reference}]")) {
                for id in element.attr(reference).unwrap_or_default().split_whitespace() {
                    assert!(once.contains(id), "{place}: {reference} names {id}");
                }
            }
        }
        for button in select(page, "button, a") {
            let text: String = button.text().collect();
            assert!(!text.trim().is_empty(), "{place}: {} says nothing", button.html());
        }
    });
}

#[test]
fn every_form_that_changes_something_is_bound_to_the_session() {
    everywhere(|lang, sample, page| {
        for form in select(page, "form[method=post]") {
            // A link in a letter is signed: its answer needs no session.
            if form.attr("action") == Some("/stop/0123") {
                continue;
            }
            let bound = form.select(&Selector::parse("input[name=csrf]").unwrap()).count();
            assert_eq!(bound, 1, "{} in {}: {:?}", sample.name, lang.code(), form.attr("action"));
        }
    });
}

#[test]
fn every_link_and_form_leads_to_a_route() {
    let leads = |verb: Verb, address: &str| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').collect();
        ROUTES.iter().filter(|it| it.verb == verb).any(|route| {
            let wanted: Vec<&str> = route.path.split('/').collect();
            let has_rest = wanted.last().is_some_and(|it| it.starts_with("{*"));
            (wanted.len() == segments.len() || (has_rest && wanted.len() < segments.len()))
                && wanted.iter().zip(&segments).all(|(a, b)| a.starts_with('{') || a == b)
        })
    };
    everywhere(|lang, sample, page| {
        let place = format!("{} in {}", sample.name, lang.code());
        for form in select(page, "form:not([method=dialog])") {
            let verb = if form.attr("method") == Some("get") { Verb::Get } else { Verb::Post };
            let action = form.attr("action").unwrap_or_default();
            assert!(leads(verb, action), "{place}: {action}");
        }
        for link in select(page, "[href], [src]") {
            let address = link.attr("href").or(link.attr("src")).unwrap_or_default();
            if address.starts_with('/') {
                assert!(leads(Verb::Get, address), "{place}: {address}");
                assert!(!address.contains("/missing/"), "{place}: {address} is not embedded");
            }
        }
    });
}

#[test]
fn nothing_on_a_page_needs_an_inline_script_or_style() {
    everywhere(|lang, sample, page| {
        let place = format!("{} in {}", sample.name, lang.code());
        assert!(select(page, "[style], style, script:not([src])").is_empty(), "{place}");
        for element in select(page, "*") {
            let handler = element.value().attrs().find(|(name, _)| name.starts_with("on"));
            assert_eq!(handler, None, "{place}");
        }
    });
}

#[test]
fn an_auditor_sees_and_cannot_decide() {
    use crate::people::Role;
    let who = super::Who { name: "Liv".to_owned(), role: Role::Auditor };
    let frame =
        super::Frame { person: Some(who), ..samples::frame(Lang::Nn, "gaps.title", "/gaps") };
    assert!(!frame.may_decide());
    let menu: Vec<&str> = frame.menu().iter().map(|it| it.href).collect();
    assert_eq!(menu, ["/gaps", "/topics", "/words", "/figures", "/digest", "/admin"]);
}

/// Leaves them under the system's folder for short-lived files, to be looked at in a browser.
#[test]
fn every_page_can_be_written_to_a_folder() {
    let folder = std::env::temp_dir().join("skranke-pages");
    std::fs::create_dir_all(&folder).unwrap();
    everywhere(|lang, sample, _| {
        let file = folder.join(format!("{}.{}.html", sample.name, lang.code()));
        std::fs::write(file, &sample.html).unwrap();
    });
}
