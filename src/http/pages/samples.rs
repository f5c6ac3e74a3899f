//! Every page with made-up contents, for tests and for looking at.

use super::*;
use crate::messages::Lang;
use crate::week::Week;

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
        person: Some(Who { name: "Kari Nes".to_owned(), role: Role::Admin }),
        csrf: "c0ffee".to_owned(),
        path: path.to_owned(),
        notice: None,
        demo: true,
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
    let sample = |name, html| Sample { name, html };
    vec![
        sample("log", render(&log(lang, true))),
        sample("log_quiet", render(&log(lang, false))),
        sample("gaps", render(&gaps(lang))),
        sample("gaps_empty", render(&gaps_empty(lang))),
        sample("gap", render(&gap(lang, None))),
        sample("gap_conflict", render(&gap(lang, Some("dismiss")))),
        sample("topics", render(&topics(lang))),
        sample("topic", render(&topic(lang))),
        sample("sign_in", render(&sign_in(lang))),
        sample("setup", render(&setup(lang))),
        sample("organisation", render(&organisation(lang))),
        sample("sites", render(&sites(lang))),
        sample("people", render(&people(lang))),
        sample("jobs", render(&jobs(lang))),
        sample("audit", render(&audit(lang))),
        sample("digest", render(&digest(lang))),
        sample(
            "help",
            render(&HelpPage { f: frame(lang, "help.title", "/help"), candidate_inquiries: 3 }),
        ),
        sample("error", render(&error(lang))),
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
        form,
        hits: busy.then(hits),
        saved: busy.then(|| Saved {
            id: "inq_9".to_owned(),
            at: "10.31".to_owned(),
            masked: 1,
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
        f,
    }
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

struct GapSample {
    number: &'static str,
    name: &'static str,
    weeks: [u32; 12],
    trend: &'static str,
    verdict: &'static str,
    nearest: Option<&'static str>,
    state: &'static str,
}

const GAPS: [GapSample; 6] = [
    GapSample {
        number: "T4",
        name: "Når opnar symjehallen?",
        weeks: [1, 2, 0, 3, 2, 4, 3, 5, 6, 9, 7, 11],
        trend: "rising",
        verdict: "missing",
        nearest: Some("Symjehallen"),
        state: "new",
    },
    GapSample {
        number: "T11",
        name: "Bosset er ikkje henta",
        weeks: [4, 5, 3, 6, 4, 5, 4, 3, 6, 4, 5, 4],
        trend: "steady",
        verdict: "hard_to_find",
        nearest: Some("Renovasjon og avfall"),
        state: "taken",
    },
    GapSample {
        number: "T2",
        name: "Kor mykje kostar SFO?",
        weeks: [6, 8, 7, 4, 3, 3, 2, 2, 3, 2, 1, 2],
        trend: "falling",
        verdict: "outdated",
        nearest: Some("Skulefritidsordning"),
        state: "reopened",
    },
    GapSample {
        number: "T19",
        name: "Byggesøknad for garasje, kva må eg ha med?",
        weeks: [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 3, 2],
        trend: "new",
        verdict: "partly",
        nearest: Some("Bygge utan å søkje"),
        state: "new",
    },
    GapSample {
        number: "T23",
        name: "Er det lov å brenne bål no?",
        weeks: [0, 0, 0, 0, 0, 1, 0, 1, 2, 1, 1, 2],
        trend: "rising",
        verdict: "missing",
        nearest: None,
        state: "new",
    },
    GapSample {
        number: "T31",
        name: "How do I register a move to Norway?",
        weeks: [1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1],
        trend: "steady",
        verdict: "other_norm",
        nearest: Some("Flytting"),
        state: "new",
    },
];

fn gap_seen(n: usize, it: &GapSample) -> GapSeen {
    GapSeen {
        number: it.number.to_owned(),
        name: it.name.to_owned(),
        wordings: words(&["opningstid i bassenget?", "er symjehallen open i haustferien"]),
        last_28_days: it.weeks[8..].iter().sum(),
        weeks: Weekly::new(&it.weeks),
        trend: it.trend.to_owned(),
        verdict: it.verdict.to_owned(),
        nearest: it.nearest.map(str::to_owned),
        state: it.state.to_owned(),
        owner: (it.state == "taken").then(|| "Ola Vik".to_owned()),
        in_pareto: n < 3,
    }
}

fn gaps(lang: Lang) -> GapsPage {
    let f = frame(lang, "gaps.title", "/gaps");
    let gaps: Vec<GapSeen> = GAPS.iter().enumerate().map(|(n, it)| gap_seen(n, it)).collect();
    let shares: Vec<u32> = gaps.iter().map(|it| it.last_28_days).collect();
    GapsPage {
        pareto_gaps: 3,
        pareto_percent: 81,
        strip: Strip::new(&shares, 3),
        contacts: shares.iter().sum(),
        states: choices(&f, "state", &["open", "all", "new", "taken", "done"], "open"),
        kinds: choices(&f, "verdict", &["missing", "partly", "hard_to_find"], "missing"),
        candidate_inquiries: 3,
        inquiries: 1_512,
        has_pages: true,
        gaps,
        f,
    }
}

fn gaps_empty(lang: Lang) -> GapsPage {
    let page = gaps(lang);
    GapsPage { gaps: vec![], inquiries: 41, has_pages: false, ..page }
}

fn counted(f: &Frame, list: &str, counts: &[(&str, u32)]) -> Vec<Counted> {
    let max = counts.iter().map(|it| it.1).max().unwrap_or(1);
    counts
        .iter()
        .map(|(code, count)| Counted {
            label: f.of(list, code),
            count: *count,
            percent: count * 100 / max,
        })
        .collect()
}

fn gap(lang: Lang, conflict: Option<&str>) -> GapPage {
    let f = frame(lang, "gaps.title", "/gaps/T4");
    let weeks = [0, 1, 0, 2, 1, 1, 0, 3, 2, 2, 1, 4, 2, 3, 1, 2, 0, 3, 2, 4, 3, 5, 6, 9, 7, 11];
    let missing = words(&["opningstid", "haustferien"]);
    let question = |text: &str, day: &str| Theirs {
        parts: mark(text, &missing),
        day: day.to_owned(),
        channel: "phone".to_owned(),
        lang: "nn".to_owned(),
    };
    let word = |word: &str, on_page| Wording { word: word.to_owned(), on_page };
    GapPage {
        number: "T4".to_owned(),
        name: "Når opnar symjehallen?".to_owned(),
        verdict: Some("missing".to_owned()),
        state: if conflict.is_some() { "taken" } else { "new" }.to_owned(),
        owner: conflict.map(|_| "Ola Vik".to_owned()),
        state_says: None,
        linked: None,
        inquiries: 75,
        last_28_days: 33,
        first_last: ("2. mars".to_owned(), "28. august".to_owned()),
        trend: "rising".to_owned(),
        chart: Chart::new(&weeks, "2026-W35".parse::<Week>().unwrap()),
        wordings: vec![
            word("opningstid", false),
            word("haustferien", false),
            word("symjehallen", true),
            word("bassenget", true),
        ],
        passages: vec![NearPassage {
            address: "https://www.fjordvik.example/symjehall".to_owned(),
            title: "Symjehallen".to_owned(),
            heading: "Billettar".to_owned(),
            parts: mark(
                "Billettar til symjehallen kjøper du i luka. Bassenget er 25 meter.",
                &words(&["symjehallen", "bassenget"]),
            ),
            lang: "nn".to_owned(),
        }],
        questions: vec![
            question("opningstid i bassenget?", "28. august"),
            question("er symjehallen open i haustferien", "27. august"),
            question("Når opnar symjehallen?", "27. august"),
        ],
        more_questions: 72,
        outcomes: counted(&f, "outcome", &[("answered", 30), ("not_on_site", 12), ("unknown", 33)]),
        channels: counted(&f, "channel", &[("phone", 61), ("desk", 9), ("email", 5)]),
        desks: vec![],
        notes: words(&["Ope kvar dag 10–20 i haustferien, sa dei i hallen."]),
        history: vec![Happened {
            at: "28. august, 09.12".to_owned(),
            step: "take".to_owned(),
            by: Some("Ola Vik".to_owned()),
        }],
        forms: GapForms {
            version: 3,
            until_range: ("2026-08-29".to_owned(), "2027-08-28".to_owned()),
            reason: conflict.map_or_else(String::new, |_| "Sesongen er over".to_owned()),
            can_undo: true,
            conflict: conflict.map(str::to_owned),
            errors: vec![FieldError {
                field: "address",
                text: f.t("gap.wrong_address").to_owned(),
            }],
            ..GapForms::default()
        },
        f,
    }
}

fn topic_seen(it: &GapSample) -> TopicSeen {
    TopicSeen {
        number: it.number.to_owned(),
        name: it.name.to_owned(),
        inquiries: it.weeks.iter().sum(),
        last_28_days: it.weeks[8..].iter().sum(),
        weeks: Weekly::new(&it.weeks),
        verdict: Some(it.verdict.to_owned()),
        scope: "general".to_owned(),
    }
}

fn member(n: u32, text: &str) -> Member {
    Member {
        id: format!("inq_{n}"),
        text: text.to_owned(),
        day: "27. august".to_owned(),
        channel: "phone".to_owned(),
        pinned: n == 2,
    }
}

fn topics(lang: Lang) -> TopicsPage {
    let f = frame(lang, "topics.title", "/topics");
    let mut verdicts = choices(&f, "verdict", &["missing", "partly", "answered"], "");
    let label = f.t("topics.verdict_all").to_owned();
    verdicts.insert(0, Choice { value: String::new(), label, chosen: true });
    TopicsPage {
        topics: GAPS.iter().map(topic_seen).collect(),
        query: String::new(),
        verdicts,
        total: 214,
        ungrouped: vec![
            member(1, "Har de funne ein blå sykkel?"),
            member(2, "Kor høgt er fjellet?"),
        ],
        ungrouped_total: 2,
        page: (1, 3),
        f,
    }
}

fn topic(lang: Lang) -> TopicPage {
    let f = frame(lang, "topics.title", "/topics/T4");
    TopicPage {
        topic: topic_seen(&GAPS[0]),
        members: vec![member(1, "opningstid i bassenget?"), member(2, "Når opnar symjehallen?")],
        more_members: 71,
        merged: vec![MergedTopic { number: "T40".to_owned(), version: 2 }],
        forms: TopicForms {
            version: 2,
            scopes: choices(&f, "scope", &["general", "own_case", "outside_remit"], "general"),
            errors: vec![FieldError { field: "into", text: f.t("topic.wrong_into").to_owned() }],
            conflict: true,
            ..TopicForms::default()
        },
        f,
    }
}

fn sign_in(lang: Lang) -> SignInPage {
    let account =
        |login: &str, role: &str| (login.to_owned(), role.to_owned(), "fjord og fjell".to_owned());
    SignInPage {
        f: Frame { person: None, ..frame(lang, "sign_in.title", "/sign-in") },
        login: "kari".to_owned(),
        next: "/".to_owned(),
        failed: true,
        ran_out: false,
        demo_accounts: vec![
            account("kari", "reception"),
            account("ola", "editor"),
            account("siv", "admin"),
        ],
    }
}

fn setup(lang: Lang) -> SetupPage {
    let f = Frame { person: None, demo: false, ..frame(lang, "setup.title", "/setup") };
    SetupPage {
        code: String::new(),
        organisation: String::new(),
        login: String::new(),
        name: String::new(),
        errors: vec![FieldError { field: "code", text: f.t("setup.wrong_code").to_owned() }],
        f,
    }
}

fn organisation(lang: Lang) -> OrganisationPage {
    let f = frame(lang, "organisation.title", "/admin");
    let langs = f.languages();
    OrganisationPage {
        version: 1,
        name: "Fjordvik kommune".to_owned(),
        langs,
        zone: "Europe/Oslo".to_owned(),
        desks: "Rådhuset\nBiblioteket".to_owned(),
        channels: choices(&f, "channel", &["phone", "desk", "email", "chat"], "phone"),
        candidate_inquiries: "3".to_owned(),
        errors: vec![],
        conflict: false,
        f,
    }
}

fn sites(lang: Lang) -> SitesPage {
    SitesPage {
        f: frame(lang, "sites.title", "/admin/sites"),
        version: 1,
        sites: vec![SiteSeen {
            start: "https://www.fjordvik.example/".to_owned(),
            allow_private: true,
            pace_ms: 1_000,
            pages_max: 20_000,
            pages: 64,
            crawl: Some(CrawlSeen {
                at: "28. august, 03.12".to_owned(),
                read: 64,
                new: 2,
                changed: 5,
                gone: 1,
                left_out: 2,
                reasons: vec![(
                    "https://www.fjordvik.example/intern".to_owned(),
                    "robots.txt".to_owned(),
                )],
                ..CrawlSeen::default()
            }),
            is_running: false,
        }],
        form: SiteForm {
            pace_ms: "1000".to_owned(),
            pages_max: "20000".to_owned(),
            ..SiteForm::default()
        },
        can_crawl: true,
        conflict: false,
    }
}

fn people(lang: Lang) -> PeoplePage {
    let f = frame(lang, "people.title", "/admin/people");
    let person = |login: &str, name: &str, role: &str| PersonSeen {
        id: format!("per_{login}"),
        login: login.to_owned(),
        name: name.to_owned(),
        role: role.to_owned(),
        disabled: login == "per",
        is_me: login == "siv",
    };
    PeoplePage {
        people: vec![
            person("kari", "Kari Nes", "reception"),
            person("ola", "Ola Vik", "editor"),
            person("per", "Per Dal", "reception"),
            person("siv", "Siv Lid", "admin"),
        ],
        form: PersonForm {
            roles: choices(
                &f,
                "role",
                &["reception", "editor", "admin", "auditor", "reader"],
                "reception",
            ),
            langs: f.languages(),
            ..PersonForm::default()
        },
        f,
    }
}

fn jobs(lang: Lang) -> JobsPage {
    let f = frame(lang, "jobs.title", "/admin/jobs");
    let job = |name: &str, says: Option<String>| JobSeen {
        name: name.to_owned(),
        is_running: name == "topics",
        last: says.as_ref().map(|_| "28. august, 03.12".to_owned()),
        says,
        failed: false,
    };
    let crawled = f.with2("jobs.crawl_brought", &("pages", "64"), &("left_out", "2"));
    JobsPage {
        jobs: vec![job("crawl", Some(crawled)), job("topics", None), job("digest", None)],
        f,
    }
}

fn audit(lang: Lang) -> AuditPage {
    let line = |action: &str, target: &str, done: bool| AuditLine {
        at: "28. august, 09.12".to_owned(),
        who: done.then(|| "Ola Vik".to_owned()),
        action: action.to_owned(),
        target: target.to_owned(),
        done,
    };
    AuditPage {
        f: frame(lang, "audit.title", "/admin/audit"),
        lines: vec![line("gap.take", "T4", true), line("sign_in", "per_0192", false)],
        holds: true,
    }
}

fn digest(lang: Lang) -> DigestPage {
    let f = frame(lang, "digest.title", "/digest");
    let figure = |label: &str, value: &str, before: &str| DigestFigure {
        label: label.to_owned(),
        value: value.to_owned(),
        before: before.to_owned(),
    };
    let item = |number: &str, name: &str, detail: &str| DigestItem {
        number: number.to_owned(),
        name: name.to_owned(),
        detail: detail.to_owned(),
    };
    DigestPage {
        week: "2026-W35".to_owned(),
        week_number: 35,
        days: ("24. august".to_owned(), "30. august".to_owned()),
        before: "2026-W34".to_owned(),
        after: None,
        headline: "612 spørsmål, 3 nye hol. Mest utan svar: Når opnar symjehallen?".to_owned(),
        figures: vec![figure("Spørsmål", "612", "588"), figure("Opne hol", "9", "7")],
        chart: Chart::new(&[540, 560, 610, 580, 590, 612], "2026-W35".parse().unwrap()),
        sections: vec![
            DigestSection {
                title: "Avgjer".to_owned(),
                items: vec![item("T4", "Når opnar symjehallen?", "27 gonger, aukande")],
                empty: String::new(),
            },
            DigestSection {
                title: "Stadfesta".to_owned(),
                items: vec![],
                empty: "Ingen side er stadfesta denne veka.".to_owned(),
            },
        ],
        f,
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
