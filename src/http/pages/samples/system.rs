//! The pages about the system with made-up contents.

use super::*;

pub(super) fn audit(lang: Lang, is_some: bool) -> AuditPage {
    let f = frame(lang, "audit.title", "/admin/audit");
    let line = |code: &str, target: AuditTarget, done: bool| AuditLine {
        at: "28. august, 09.12".to_owned(),
        who: if done { "Ola Vik".to_owned() } else { f.t("audit.nobody").to_owned() },
        says: f.of("audited", &code.replace('.', "_")),
        code: code.to_owned(),
        target,
        done,
    };
    let gap = AuditTarget {
        label: "T4 Når opnar symjehallen?".to_owned(),
        href: Some("/gaps/T4".to_owned()),
    };
    let lines = vec![line("gap.take", gap, true), line("sign_in", AuditTarget::default(), false)];
    AuditPage {
        people: vec![Choice {
            value: String::new(),
            label: f.of("audit", "everybody"),
            chosen: true,
        }],
        areas: choices(&f, "audit.area", &["access", "gaps"], if is_some { "" } else { "gaps" }),
        from: if is_some { String::new() } else { "2026-08-01".to_owned() },
        to: String::new(),
        total: if is_some { 240 } else { 0 },
        page: if is_some { (2, 3) } else { (1, 1) },
        lines: if is_some { lines } else { vec![] },
        holds: is_some,
        f,
    }
}

pub(super) fn system(lang: Lang, is_well: bool) -> SystemPage {
    let f = frame(lang, "system.title", "/admin/system");
    let count = |what, journal: &str, index: Option<&str>| CountSeen {
        what,
        journal: journal.to_owned(),
        view: Some(journal.to_owned()),
        index: index.map(str::to_owned),
        is_same: index.is_none_or(|it| it == journal),
    };
    let part = |name, state| PartSeen {
        name,
        state,
        whole: (state == "good").then(|| "28. august, 09.12".to_owned()),
    };
    let copy = |job| CopySeen {
        job,
        says: f.t("system.never").to_owned(),
        is_there: is_well,
        lacking: (!is_well).then(|| f.t("jobs.not_set_up").to_owned()),
    };
    let late = ("crawl", f.of("job", "crawl"), f.with("jobs.late", "at", "28. august, 02.30"));
    SystemPage {
        version: "0.1.0",
        build: is_well.then_some("0123456789abcdef"),
        up: f.with("system.days", "n", 12),
        room: if is_well { "enough" } else { "tight" },
        free_mb: Some("40312".to_owned()),
        used_mb: "212".to_owned(),
        days_left: f.with("system.days_left", "n", 812),
        counts: vec![
            count("records", "4812", Some("4812")),
            count("searchable", "4000", Some(if is_well { "4000" } else { "3999" })),
        ],
        is_still: true,
        agrees: is_well,
        parts: vec![part("journal", "good"), part("index", if is_well { "good" } else { "bad" })],
        copies: vec![copy("backup"), copy("rehearsal")],
        alarms: if is_well { vec![] } else { vec![late] },
        f,
    }
}

pub(super) fn licences(lang: Lang) -> LicencesPage {
    LicencesPage {
        f: frame(lang, "licences.title", "/admin/licences"),
        components: vec![Component { name: "tantivy", version: "0.27.0", licence: "MIT" }],
    }
}

pub(super) fn help(lang: Lang, is_asked: bool) -> HelpPage {
    let entry = |part: Option<&str>| HelpEntry {
        href: "/help/log#how".to_owned(),
        title: "Loggføre eit spørsmål".to_owned(),
        says: "Skriv det folk spør om.".to_owned(),
        part: part.map(str::to_owned),
    };
    HelpPage {
        f: frame(lang, "help.title", "/help"),
        groups: vec![("help.at_the_desk", vec![entry(None)])],
        query: if is_asked { "logge".to_owned() } else { String::new() },
        found: is_asked.then(|| vec![entry(Some("Loggføre"))]),
    }
}

pub(super) fn help_topic(lang: Lang) -> HelpTopicPage {
    let text = "# Hol\n\nEit *hol*.\n\n## Filter {#filters}\n\nVel [hol](/gaps).\n";
    HelpTopicPage {
        f: frame(lang, "help.title", "/help/gaps"),
        name: "gaps",
        text: document(text, &|it| it.to_owned()),
        before: Some(("/help/offline".to_owned(), "Utan nett".to_owned())),
        after: None,
    }
}

pub(super) fn interface(lang: Lang) -> InterfacePage {
    let field = |name: &str, place, required| FieldSeen {
        name: name.to_owned(),
        place,
        required,
        says: "What stood in ETag.".to_owned(),
    };
    let operation = OperationSeen {
        verb: "POST",
        path: "/api/v1/gaps/NUMBER/steps".to_owned(),
        says: "Takes a step in the work on a gap.",
        role: Some("editor"),
        scope: Some("work"),
        fields: vec![field("If-Match", "header", true), field("reason", "body", false)],
        curl: "curl --request POST https://skranke.example.org/api/v1/gaps/NUMBER/steps".to_owned(),
    };
    InterfacePage {
        f: frame(lang, "interface.title", "/api"),
        groups: vec![OperationGroup { name: "gaps".to_owned(), operations: vec![operation] }],
    }
}

pub(super) fn papers(lang: Lang) -> PapersPage {
    let paper = |name, title: &str| PaperSeen { name, title: title.to_owned(), blanks: 9 };
    PapersPage {
        f: frame(lang, "papers.title", "/admin/papers"),
        papers: vec![paper("record", "Protokoll"), paper("screening", "Vurdering")],
        period: ("2026-08-01".to_owned(), "2026-08-31".to_owned()),
    }
}

pub(super) fn paper(lang: Lang) -> PaperPage {
    let text = "# Protokoll\n\nUtkast.\n\n## Kontakt {#contact}\n\n- **[fyll ut: namn]**\n";
    PaperPage {
        f: frame(lang, "papers.title", "/admin/papers/record"),
        name: "record",
        blanks: 1,
        text: document(text, &|it| it.to_owned()),
    }
}

pub(super) fn inspection(lang: Lang, is_right: bool) -> InspectionPage {
    let f = frame(lang, "inspection.title", "/admin/inspection");
    let row = InspectedSeen {
        day: "28. august".to_owned(),
        channel: "phone",
        desk: "Rådhuset".to_owned(),
        text: "Når får [person] svar?".to_owned(),
        note: String::new(),
        outcome: "own_case",
        count: 1,
        why: f.count("inspection.masked", 1),
    };
    let wrong = FieldError { field: "from", text: f.t("inspection.wrong").to_owned() };
    InspectionPage {
        organisation: "Fjordvik kommune".to_owned(),
        period: ("2026-08-01".to_owned(), "2026-08-31".to_owned()),
        made: "1. september".to_owned(),
        total: 501,
        masked: 1,
        without_words: 3,
        rows: vec![row],
        more: 1,
        errors: if is_right { vec![] } else { vec![wrong] },
        f,
    }
}

pub(super) fn mail(lang: Lang, is_set: bool) -> MailPage {
    let says = "550 5.1.1 no such user here".to_owned();
    MailPage {
        f: frame(lang, "mail.title", "/admin/mail"),
        server: is_set.then(|| "mail.fjordvik.example:587".to_owned()),
        security: is_set.then_some("starttls"),
        login: is_set.then(|| "skranke".to_owned()),
        from: "skranke@fjordvik.example".to_owned(),
        outbox: "data/outbox".to_owned(),
        to: "kari@example.org".to_owned(),
        tried: is_set.then_some(MailTried { how: "refused", says }),
        queue: if is_set { queue() } else { QueueSeen::default() },
        errors: vec![],
    }
}

fn queue() -> QueueSeen {
    let at = |it: &str| it.to_owned();
    QueueSeen {
        waiting: 12,
        oldest: Some(at("9. mars, 07.00")),
        trouble: Some(TroubleSeen {
            how: "connection",
            since: at("9. mars, 07.00"),
            until: at("9. mars, 08.21"),
            says: at("connection refused"),
        }),
        refused: 1,
        lost: vec![LostSeen {
            who: "Ola Nes".to_owned(),
            at: at("2. mars, 07.00"),
            how: "no_such_reader",
            says: at("550 5.1.1 no such user here"),
        }],
    }
}

pub(super) fn places(lang: Lang, is_wrong: bool) -> PlacesPage {
    let f = frame(lang, "places.title", "/admin/desks");
    let field = |(lang, is_needed): (&'static str, bool), value: &str| NameField {
        lang,
        value: value.to_owned(),
        is_needed,
    };
    let names = |name: &str| vec![field(("nn", true), name), field(("nb", false), "")];
    let desk = |at: usize, name: &str| PlaceSeen {
        kind: "desk",
        id: format!("desk-{at}"),
        key: name.to_owned(),
        name: name.to_owned(),
        usual: None,
        is_offered: at < 2,
        may_go: at < 2,
        is_new: at == 1,
        moves: (at == 1, at == 0),
        at: if at == 0 && is_wrong { "rename" } else { "" },
        names: names(name),
        error: (at == 0 && is_wrong).then(|| f.t("places.wrong_taken").to_owned()),
    };
    let channel = |code: &str, name: &str| PlaceSeen {
        kind: "channel",
        id: format!("channel-{code}"),
        key: code.to_owned(),
        usual: Some(f.of("channel", code)),
        ..desk(0, name)
    };
    let wrong = FieldError { field: "name", text: f.t("places.wrong_no_name").to_owned() };
    PlacesPage {
        version: 1,
        desks: PlaceList {
            offered: vec![desk(0, "Rådhuset"), desk(1, "Biblioteket")],
            archived: vec![desk(2, "Nordbygda")],
        },
        channels: PlaceList {
            offered: vec![channel("phone", &f.channel("phone")), channel("desk", "Torget")],
            archived: if is_wrong { vec![] } else { vec![channel("letter", "Brev")] },
        },
        added: names(""),
        errors: if is_wrong { vec![wrong] } else { vec![] },
        conflict: is_wrong,
        f,
    }
}
