//! The pages of accounts, administration and the letter with made-up contents.

use super::*;

pub(super) fn sign_in(lang: Lang) -> SignInPage {
    let account =
        |login: &str, role: &str| (login.to_owned(), role.to_owned(), "fjord og fjell".to_owned());
    SignInPage {
        f: Frame { person: None, ..frame(lang, "sign_in.title", "/sign-in") },
        login: "kari".to_owned(),
        next: "/".to_owned(),
        fault: Some(lang.text("sign_in.failed").to_owned()),
        ran_out: false,
        trouble: None,
        by: None,
        out_by: None,
        is_local: true,
        demo_accounts: vec![
            account("kari", "reception"),
            account("ola", "editor"),
            account("siv", "admin"),
        ],
    }
}

pub(super) fn sign_in_by(lang: Lang) -> SignInPage {
    let by = "Entra ID";
    SignInPage {
        fault: None,
        trouble: Some(lang.fill("sign_in.by_unreachable", &[("name", by)])),
        by: Some(by.to_owned()),
        out_by: Some(by.to_owned()),
        demo_accounts: vec![],
        ..sign_in(lang)
    }
}

pub(super) fn code(lang: Lang) -> CodePage {
    let f = Frame { person: None, ..frame(lang, "second_step.ask", "/sign-in/code") };
    CodePage { fault: Some(f.t("second_step.wrong").to_owned()), f }
}

pub(super) fn locked(lang: Lang) -> LockedPage {
    let f = Frame { person: None, ..frame(lang, "lock.title", "/locked") };
    LockedPage {
        name: "Kari Nes".to_owned(),
        next: "/".to_owned(),
        has_passphrase: true,
        by: Some("Entra ID".to_owned()),
        fault: Some(f.t("lock.wrong").to_owned()),
        f,
    }
}

pub(super) fn second_step(lang: Lang) -> SecondStepPage {
    let f = frame(lang, "second_step.title", "/account/second-step");
    let secret = crate::people::StepSecret::new([7; 20]);
    SecondStepPage {
        seen: SecondStepSeen::New(NewSecondStep::new(
            "0".repeat(32),
            &secret,
            ("Fjordvik kommune", "kari"),
        )),
        is_demanded: true,
        owes: true,
        codes: vec![],
        errors: vec![FieldError { field: "code", text: f.t("second_step.wrong").to_owned() }],
        f,
    }
}

pub(super) fn second_step_codes(lang: Lang) -> SecondStepPage {
    SecondStepPage {
        seen: SecondStepSeen::SetUp { since: "28. august".to_owned(), left: 10 },
        codes: vec!["abcd-efgh-jkmn-pqrs-tuvw-xyz1".to_owned(); 2],
        is_demanded: false,
        owes: false,
        ..second_step(lang)
    }
}

pub(super) fn setup(lang: Lang) -> SetupPage {
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

pub(super) fn organisation(lang: Lang) -> OrganisationPage {
    let steps = [("site", "/admin/sites", true), ("question", "/", false)];
    let steps = steps.map(|(name, href, is_done)| FirstStep { name, href, is_done });
    let f = frame(lang, "organisation.title", "/admin");
    let f = Frame { first_steps: steps.into(), ..f };
    let langs = f.languages();
    OrganisationPage {
        version: 1,
        name: "Fjordvik kommune".to_owned(),
        langs,
        zone: "Europe/Oslo".to_owned(),
        candidate_inquiries: "3".to_owned(),
        minutes_each: "6".to_owned(),
        errors: vec![],
        conflict: false,
        f,
    }
}

pub(super) fn sites(lang: Lang) -> SitesPage {
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

pub(super) fn site(lang: Lang) -> SitePage {
    let f = frame(lang, "site.title", "/admin/site");
    let address = |path: &str| format!("https://www.fjordvik.example/{path}");
    SitePage {
        version: 1,
        start: address(""),
        pages: 64,
        progress: Some(CrawlFigures {
            pages: 12,
            passages: 80,
            speed: "0,9".to_owned(),
            waiting: 41,
            left_out: 2,
            failed: vec![("it answers with status 503".to_owned(), 3)],
            address: address("barnehage"),
            lang,
        }),
        can_crawl: false,
        next: None,
        question: Some(QuestionSeen {
            kind: "missing".to_owned(),
            since: "28. august".to_owned(),
            n: 37,
            pages: vec![address("skule")],
        }),
        crawls: sites(lang).sites.into_iter().filter_map(|it| it.crawl).collect(),
        dead: vec![DeadSeen {
            address: address("borte"),
            status: 404,
            on: vec![address("hall")],
            more: 2,
        }],
        n_dead: 1,
        old: vec![OldSeen {
            address: address("avgift"),
            title: "Avgifter 2019".to_owned(),
            since: "3. mars 2019".to_owned(),
        }],
        n_old: 1,
        form: SiteSettings {
            denied: "/arkiv/".to_owned(),
            days: choices(&f, "weekday", &["monday", "tuesday"], "monday"),
            pace_ms: "1000".to_owned(),
            pages_max: "20000".to_owned(),
            ..SiteSettings::default()
        },
        conflict: false,
        f,
    }
}

pub(super) fn look(lang: Lang, at_page: bool) -> LookPage {
    let start = "https://www.fjordvik.example/";
    let preview = PreviewSeen {
        starts: vec![start.to_owned()],
        pace: "1.0".to_owned(),
        sitemaps: vec![format!("{start}sitemap.xml")],
        listed: 240,
        listed_not_read: 3,
        first: vec![format!("{start}barnehage")],
        estimate: Some("4 min".to_owned()),
        ..PreviewSeen::default()
    };
    let tried = TriedSeen {
        address: format!("{start}barnehage"),
        status: 200,
        links: 31,
        title: "Barnehage".to_owned(),
        n_passages: 1,
        passages: vec![PassageSeen {
            heading: "Pris".to_owned(),
            text: "Ein plass kostar 2 000 kroner.".to_owned(),
            norm: "nn".to_owned(),
            ..PassageSeen::default()
        }],
        source: "<h1>Barnehage</h1>".to_owned(),
        ..TriedSeen::default()
    };
    LookPage {
        f: frame(lang, "look.title", "/admin/look/0192"),
        version: 1,
        is_known: at_page,
        start: start.to_owned(),
        allow_private: false,
        pace_ms: 1_000,
        pages_max: 20_000,
        address: if at_page { format!("{start}barnehage") } else { String::new() },
        is_waiting: false,
        failed: None,
        preview: (!at_page).then_some(preview),
        tried: at_page.then_some(tried),
    }
}

pub(super) fn tokens(lang: Lang, is_first: bool) -> TokensPage {
    let f = frame(lang, "tokens.title", "/admin/tokens");
    let token = |name: &str, state| TokenSeen {
        id: format!("tok_{name}"),
        name: name.to_owned(),
        scopes: vec!["log", "answers"],
        desk: Some("Rådhuset".to_owned()),
        channel: Some("phone"),
        until: Some("1. mars".to_owned()),
        made: "2. februar".to_owned(),
        by: Some("Siv Lid".to_owned()),
        used: (state != "over").then(|| "28. februar".to_owned()),
        was_endless: state == "ends",
        state,
    };
    let states = ["open", "ends", "over", "taken_back"];
    TokensPage {
        tokens: if is_first { vec![] } else { states.map(|it| token(it, it)).into() },
        made: (!is_first).then(|| ("Sentralbord".to_owned(), "skr_0123456789ab_0123".to_owned())),
        form: TokenForm {
            scopes: choices(&f, "tokens.scope", &["log", "answers"], "log"),
            channels: choices(&f, "channel", &["phone", "chat"], "phone"),
            errors: if is_first {
                vec![FieldError { field: "scope", text: f.t("tokens.wrong_scope").to_owned() }]
            } else {
                vec![]
            },
            ..TokenForm::default()
        },
        f,
    }
}

pub(super) fn jobs(lang: Lang) -> JobsPage {
    let f = frame(lang, "jobs.title", "/admin/jobs");
    let run = |how: &str| RunSeen {
        at: "28. august, 03.12".to_owned(),
        how: how.to_owned(),
        says: f.with2("jobs.crawl_brought", &("pages", "64"), &("left_out", "2")),
        took: f.with("jobs.minutes", "n", 4),
        who: f.t("jobs.by_clock").to_owned(),
    };
    let job = |name: &str, runs: Vec<RunSeen>, alarm: Option<&str>| JobSeen {
        name: name.to_owned(),
        progress: None,
        rhythm: f.with("jobs.every_day", "at", "02.30"),
        next: Some(f.with("jobs.next", "at", "29. august, 02.30")),
        alarm: alarm.map(|it| f.t(it).to_owned()),
        runs,
        form: ScheduleForm {
            is_on: true,
            at: "02:30".to_owned(),
            days: choices(&f, "weekday", &["monday", "tuesday"], "monday"),
            ..ScheduleForm::default()
        },
    };
    let says = f.t("jobs.step.group").to_owned();
    let left = Some(lang.count("jobs.left_minutes", 3));
    let progress = Some(ProgressSeen { says, left, done: 3, of: Some(10) });
    let topics = JobSeen { progress, ..job("topics", vec![run("done")], None) };
    let crawl = job("crawl", vec![run("failed"), run("done")], Some("jobs.has_failed"));
    let jobs = vec![crawl, topics, job("digest", vec![], None)];
    JobsPage { version: 1, zone: "Europe/Oslo".to_owned(), jobs, conflict: false, f }
}

pub(super) fn personal_data(lang: Lang, is_none: bool) -> PersonalDataPage {
    let f = frame(lang, "personal_data.title", "/admin/personal-data");
    let part = |text: &str, marked| Part { text: text.to_owned(), marked };
    let text = vec![part("Når får ", false), part("Torvild Hovdenes", true), part(" svar?", false)];
    let proposal = ProposalSeen { id: "inq_1".to_owned(), texts: vec![text] };
    let name = f.t("personal_data.kind.name").to_owned();
    PersonalDataPage {
        last: (!is_none).then(|| f.t("personal_data.never").to_owned()),
        kinds: if is_none { vec![] } else { vec![(name, 1)] },
        waiting: usize::from(!is_none),
        proposals: if is_none { vec![] } else { vec![proposal] },
        f,
    }
}

pub(super) fn retention(lang: Lang, is_wrong: bool) -> RetentionPage {
    let f = frame(lang, "retention.title", "/admin/retention");
    let term =
        |name, value: &str, usual| Term { name, value: value.into(), usual, min: 1, max: 120 };
    let text = f.with2("retention.wrong", &("min", "1"), &("max", "120"));
    let error = FieldError { field: "text_months", text };
    let counts = vec![("texts", 12), ("words", 1), ("authors", 0), ("audit", 3), ("sessions", 1)];
    RetentionPage {
        version: 1,
        terms: vec![term("text_months", "13", 13), term("author_days", "30", 30)],
        errors: if is_wrong { vec![error] } else { vec![] },
        would_go: (!is_wrong).then_some(WouldGo { counts, is_clock_off: true }),
        next: Some(f.with("retention.next", "at", "29. august, 02.30")),
        conflict: is_wrong,
        f,
    }
}

pub(super) fn timing(lang: Lang, is_told: bool) -> TimingPage {
    let figures = TimingFigures {
        n: 48,
        total: "9,5".to_owned(),
        beyond: "1,9".to_owned(),
        total_curve: Curve::new(&[(10_000, 0.5), (30_000, 1.0)]),
        beyond_curve: Curve::new(&[(2_000, 0.6), (30_000, 1.0)]),
        rows: vec![(2, 0, 60), (10, 50, 98)],
    };
    TimingPage {
        f: frame(lang, "timing.title", "/admin/timing"),
        weeks: 12,
        entries_min: 20,
        figures: is_told.then_some(figures),
    }
}

pub(super) fn digest(lang: Lang) -> DigestPage {
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
