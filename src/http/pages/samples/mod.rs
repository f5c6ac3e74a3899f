//! Every page with made-up contents, for tests and for looking at.

mod editors;
mod figures;
mod out;
mod people;
mod pieces;
mod readers;
mod rooms;
mod system;
mod today;

use super::*;
use crate::messages::Lang;
use crate::organisation::Settings;
use crate::week::Week;

use editors::*;
use figures::*;
use out::*;
use people::*;
use pieces::*;
use readers::*;
use rooms::*;
use system::*;
use today::*;

/// A page under a name, written.
pub(super) struct Sample {
    /// What it is called in a list.
    pub(super) name: &'static str,
    /// The HTML.
    pub(super) html: String,
}

/// What is around a page that an administrator sees.
pub(super) fn frame(lang: Lang, title: &'static str, path: &str) -> Frame {
    Frame {
        lang,
        title,
        organisation: "Fjordvik kommune".to_owned(),
        labels: Settings::default().labels(lang),
        person: Some(Who { name: "Kari Nes".to_owned(), role: Role::Admin }),
        csrf: "c0ffee".to_owned(),
        path: path.to_owned(),
        theme: assets::href("theme.css"),
        notice: None,
        demo: true,
        alerts: vec![],
        alarm: false,
        first_steps: vec![],
        views: vec![],
        saves: None,
        provider: None,
    }
}

fn choices(f: &Frame, list: &str, codes: &[&str], chosen: &str) -> Vec<Choice> {
    codes
        .iter()
        .map(|code| Choice {
            value: (*code).to_owned(),
            label: f.of(list, code),
            chosen: *code == chosen,
        })
        .collect()
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|it| (*it).to_owned()).collect()
}

/// All pages in one language.
pub(super) fn all(lang: Lang) -> Vec<Sample> {
    let mut all = of_everybody(lang);
    all.extend(of_administrators(lang));
    all
}

fn sample(name: &'static str, html: String) -> Sample {
    Sample { name, html }
}

fn of_everybody(lang: Lang) -> Vec<Sample> {
    vec![
        sample("log", render(&log(lang, true))),
        sample("log_quiet", render(&log(lang, false))),
        sample("today", render(&today(lang, true))),
        sample("today_quiet", render(&today(lang, false))),
        sample("log_shell", render(&log_shell(lang))),
        sample("gaps", render(&gaps(lang))),
        sample("gaps_empty", render(&gaps_empty(lang))),
        sample("gap", render(&gap(lang, None))),
        sample("gap_conflict", render(&gap(lang, Some("dismiss")))),
        sample("topics", render(&topics(lang))),
        sample("inquiries", render(&inquiries(lang, false))),
        sample("inquiries_out", render(&inquiries(lang, true))),
        sample("topic", render(&topic(lang))),
        sample("words", render(&words_table(lang))),
        sample("views", render(&views(lang))),
        sample("account", render(&account(lang))),
        sample("shared", render(&shared(lang, true))),
        sample("shared_gone", render(&shared(lang, false))),
        sample("hooks", render(&hooks(lang))),
        sample("readers", render(&readers(lang, true))),
        sample("readers_none", render(&readers(lang, false))),
        sample("readers_chat", render(&readers_chat(lang))),
        sample("letter", render(&letter(lang))),
        sample("stop", render(&link(lang, Some(LinkAnswer::MayStop)))),
        sample("stop_done", render(&link(lang, Some(LinkAnswer::Stopped)))),
        sample("agree", render(&link(lang, Some(LinkAnswer::MayAgree)))),
        sample("agree_done", render(&link(lang, Some(LinkAnswer::Agreed)))),
        sample("stop_gone", render(&link(lang, None))),
        sample("sign_in", render(&sign_in(lang))),
        sample("sign_in_by", render(&sign_in_by(lang))),
        sample("code", render(&code(lang))),
        sample("locked", render(&locked(lang))),
        sample("second_step", render(&second_step(lang))),
        sample("second_step_codes", render(&second_step_codes(lang))),
        sample("second_step_another", render(&second_step_another(lang))),
        sample("setup", render(&setup(lang))),
        sample("welcome", render(&welcome(lang, true))),
        sample("welcome_gone", render(&welcome(lang, false))),
        sample("forgotten", render(&forgotten(lang))),
        sample("figures", render(&figures(lang, true))),
        sample("figures_none", render(&figures(lang, false))),
        sample("digest", render(&digest(lang))),
        sample("help", render(&help(lang, false))),
        sample("help_found", render(&help(lang, true))),
        sample("help_topic", render(&help_topic(lang))),
        sample("error", render(&error(lang))),
    ]
}

fn of_administrators(lang: Lang) -> Vec<Sample> {
    vec![
        sample("organisation", render(&organisation(lang))),
        sample("places", render(&places(lang, false))),
        sample("places_wrong", render(&places(lang, true))),
        sample("sites", render(&sites(lang))),
        sample("site", render(&site(lang))),
        sample("look_site", render(&look(lang, false))),
        sample("look_page", render(&look(lang, true))),
        sample("people", render(&people(lang))),
        sample("person", render(&person(lang, false))),
        sample("person_me", render(&person(lang, true))),
        sample("calls", render(&calls(lang, false))),
        sample("calls_wrong", render(&calls(lang, true))),
        sample("tokens", render(&tokens(lang, false))),
        sample("tokens_none", render(&tokens(lang, true))),
        sample("jobs", render(&jobs(lang))),
        sample("personal_data", render(&personal_data(lang, false))),
        sample("personal_data_none", render(&personal_data(lang, true))),
        sample("retention", render(&retention(lang, false))),
        sample("retention_wrong", render(&retention(lang, true))),
        sample("timing", render(&timing(lang, true))),
        sample("timing_none", render(&timing(lang, false))),
        sample("audit", render(&audit(lang, true))),
        sample("audit_none", render(&audit(lang, false))),
        sample("system", render(&system(lang, true))),
        sample("system_trouble", render(&system(lang, false))),
        sample("licences", render(&licences(lang))),
        sample("interface", render(&interface(lang))),
        sample("papers", render(&papers(lang))),
        sample("paper", render(&paper(lang))),
        sample("inspection", render(&inspection(lang, true))),
        sample("inspection_wrong", render(&inspection(lang, false))),
        sample("mail", render(&mail(lang, true))),
        sample("mail_none", render(&mail(lang, false))),
    ]
}

fn log(lang: Lang, busy: bool) -> LogPage {
    let f = frame(lang, "log.title", "/");
    let channels = choices(&f, "channel", &["phone", "desk", "email", "chat"], "phone");
    let desk = |name: &str, chosen| Choice { value: name.into(), label: name.into(), chosen };
    let form = LogForm {
        key: "inq_0192".to_owned(),
        text: if busy { "når er fristen for barnehage".to_owned() } else { String::new() },
        channels,
        desks: vec![desk("Rådhuset", true), desk("Biblioteket", false)],
        ..LogForm::default()
    };
    let common = |inquiry: &str, text: &str, count| Common {
        inquiry: inquiry.to_owned(),
        text: text.to_owned(),
        count,
    };
    let recent = |id: &str, at: &str, text: &str, outcome: &str| Recent {
        id: id.to_owned(),
        text: text.to_owned(),
        at: at.to_owned(),
        channel: "phone".to_owned(),
        outcome: outcome.to_owned(),
    };
    let pins = vec![
        common("inq_1", "Når opnar symjehallen?", 27),
        common("inq_2", "Kvifor er ikkje bosset henta?", 14),
        common("inq_3", "Korleis får eg time for pass?", 9),
    ];
    LogPage {
        person: "per_0192".to_owned(),
        form,
        hits: busy.then(hits),
        saved: busy.then(|| Saved {
            id: "inq_9".to_owned(),
            at: "10.31".to_owned(),
            masked: 1,
            is_case: true,
            hints: 1,
            outcome: "unknown".to_owned(),
        }),
        recent: if busy {
            vec![
                recent(
                    "inq_9",
                    "10.31",
                    "Kan eg levere maling på gjenvinningsstasjonen?",
                    "unknown",
                ),
                recent("inq_8", "10.12", "Når opnar symjehallen?", "same_as"),
                recent("inq_7", "09.58", "Kvar søkjer eg om bustøtte?", "page"),
            ]
        } else {
            vec![]
        },
        common: if busy { pins } else { vec![] },
        led_to: busy.then(|| f.with("log.led_to", "names", "Når opnar symjehallen?")),
        messages: if busy { vec![message()] } else { vec![] },
        surges: if busy { vec![surge(lang)] } else { vec![] },
        f,
    }
}

fn log_shell(lang: Lang) -> LogPage {
    let f = frame(lang, "log.title", "/");
    let channels = choices(&f, "channel", &["phone", "desk"], "phone");
    let f = Frame { person: None, csrf: String::new(), ..f };
    LogPage::empty(f, LogForm { channels, ..LogForm::default() })
}

fn hits() -> Hits {
    let wanted = words(&["frist", "barnehage"]);
    let passage = |title: &str, heading: &str, text: &str| Passage {
        address: "https://www.fjordvik.example/barnehage#fristar".to_owned(),
        title: title.to_owned(),
        heading: heading.to_owned(),
        parts: mark(text, &wanted),
        lang: "nn".to_owned(),
    };
    let earlier = |text: &str, count, state: Option<&str>| Earlier {
        inquiry: "inq_4".to_owned(),
        text: text.to_owned(),
        count,
        state: state.map(str::to_owned),
    };
    Hits {
        is_down: false,
        answer: Some(Spoken {
            text: "1. mars. Det går an å søkje heile året.".to_owned(),
            day: "12. oktober".to_owned(),
            inquiry: "inq_4".to_owned(),
        }),
        passages: vec![
            passage(
                "Søk om barnehageplass",
                "Fristar",
                "Fristen for hovudopptaket er 1. mars. Du kan søkje om barnehageplass heile året.",
            ),
            passage("Barnehagar i kommunen", "Opptak", "Opptaket til barnehagane skjer i april."),
        ],
        earlier: vec![
            earlier("Når må eg søkje barnehage?", 27, None),
            earlier("Frist SFO", 9, Some("taken")),
        ],
    }
}

fn error(lang: Lang) -> ErrorPage {
    ErrorPage {
        f: frame(lang, "error.title.not_found", "/nowhere"),
        code: "not_found",
        request: "req_0192".to_owned(),
        href: "/".to_owned(),
    }
}
