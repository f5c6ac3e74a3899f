//! The editors' pages with made-up contents.

use super::*;

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
        last: "27. august".to_owned(),
        due: (it.state == "taken").then(|| ("20. august".to_owned(), true)),
        why: "27 · ↗".to_owned(),
        in_pareto: n < 3,
    }
}

pub(super) fn gaps(lang: Lang) -> GapsPage {
    let f = frame(lang, "gaps.title", "/gaps");
    let gaps: Vec<GapSeen> = GAPS.iter().enumerate().map(|(n, it)| gap_seen(n, it)).collect();
    let shares: Vec<u32> = gaps.iter().map(|it| it.last_28_days).collect();
    GapsPage {
        pareto_gaps: 3,
        pareto_percent: 81,
        strip: Strip::new(&shares, 3),
        contacts: shares.iter().sum(),
        filters: GapFilters {
            states: choices(&f, "state", &["open", "all", "new", "taken", "done"], "open"),
            kinds: choices(&f, "verdict", &["missing", "partly", "hard_to_find"], "missing"),
            owners: vec![],
            channels: choices(&f, "channel", &["phone", "desk"], "phone"),
            norms: vec![],
            sites: vec![],
            orders: vec![],
        },
        listed: 61,
        candidate_inquiries: 3,
        inquiries: 1_512,
        has_pages: true,
        page: (1, 3),
        gaps,
        f,
    }
}

pub(super) fn gaps_empty(lang: Lang) -> GapsPage {
    let page = gaps(lang);
    GapsPage { gaps: vec![], inquiries: 41, has_pages: false, page: (1, 1), ..page }
}

pub(super) fn counted(f: &Frame, list: &str, counts: &[(&str, u32)]) -> Vec<Counted> {
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

pub(super) fn question(text: &str, day: &str) -> Theirs {
    Theirs {
        parts: mark(text, &words(&["opningstid", "haustferien"])),
        day: day.to_owned(),
        channel: "phone".to_owned(),
        lang: "nn".to_owned(),
    }
}

fn near_passage(lang: Lang) -> Near {
    let text = "Billettar til symjehallen kjøper du i luka. Bassenget er 25 meter.";
    let passage = Passage {
        address: "https://www.fjordvik.example/symjehall".to_owned(),
        title: "Symjehallen".to_owned(),
        heading: "Billettar".to_owned(),
        parts: mark(text, &words(&["symjehallen", "bassenget"])),
        lang: "nn".to_owned(),
    };
    let untouched = lang.fill("gap.page_untouched", &[("at", "3. mars 2023")]);
    let dead = lang.count("gap.page_dead", 2).replace("{first}", "/billettar");
    Near { passage, about: vec![(untouched, true), (dead, true)] }
}

fn proof() -> ProofSeen {
    ProofSeen {
        waits: false,
        fault: Some(
            "Sida kunne ikkje lesast 29. august, 10.05. Nettstaden svarar ikkje.".to_owned(),
        ),
        found: 12,
        of: 14,
        at: "28. august, 09.12".to_owned(),
        lacks: Some("gap.proof_beside"),
        missing: words(&["opningstid i bassenget?"]),
    }
}

fn comment() -> CommentSeen {
    CommentSeen {
        at: "27. august, 10.00".to_owned(),
        by: "Ola Vik".to_owned(),
        text: "Eg spør kulturkontoret.".to_owned(),
    }
}

fn wordings() -> Vec<Wording> {
    let word = |(word, on_page): (&str, bool)| Wording {
        word: word.to_owned(),
        on_page,
        says: None,
        asked: 19,
        found: usize::from(on_page) * 12,
    };
    let words =
        [("opningstid", false), ("haustferien", false), ("symjehallen", true), ("bassenget", true)];
    words.map(word).into()
}

pub(super) fn gap(lang: Lang, conflict: Option<&str>) -> GapPage {
    let f = frame(lang, "gaps.title", "/gaps/T4");
    GapPage {
        number: "T4".to_owned(),
        name: "Når opnar symjehallen?".to_owned(),
        words: vec!["symjehallen".to_owned(), "opnar".to_owned()],
        staff: (3, 0),
        verdict: Some("missing".to_owned()),
        state: if conflict.is_some() { "taken" } else { "new" }.to_owned(),
        owner: conflict.map(|_| "Ola Vik".to_owned()),
        due: Some(("20. august".to_owned(), true)),
        proof: Some(proof()),
        comments: vec![comment()],
        outlook: words(&["Ord: opningstid, haustferien"]),
        draft: "## Når opnar symjehallen?\n".to_owned(),
        state_says: None,
        linked: None,
        inquiries: 75,
        last_28_days: 33,
        signals: (40, 1),
        first_last: ("2. mars".to_owned(), "28. august".to_owned()),
        trend: "rising".to_owned(),
        trend_weeks: trend(lang),
        counted_in: 75,
        wordings: wordings(),
        passages: vec![near_passage(lang)],
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
        sharing: sharing(lang),
        forms: GapForms {
            version: 3,
            until_range: ("2026-08-29".to_owned(), "2027-08-28".to_owned()),
            reason: conflict.map_or_else(String::new, |_| "Sesongen er over".to_owned()),
            can_undo: true,
            conflict: conflict.map(|it| clash(lang, it)),
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
        words: vec!["symjehallen".to_owned(), "opnar".to_owned()],
        inquiries: it.weeks.iter().sum(),
        last_28_days: it.weeks[8..].iter().sum(),
        signals: (it.weeks[0], 0),
        weeks: Weekly::new(&it.weeks),
        verdict: Some(it.verdict.to_owned()),
        scope: "general".to_owned(),
    }
}

pub(super) fn member(n: u32, text: &str) -> Member {
    Member {
        id: format!("inq_{n}"),
        text: text.to_owned(),
        day: "27. august".to_owned(),
        channel: "phone".to_owned(),
        pinned: n == 2,
        chosen: n == 1,
    }
}

fn facet(f: &Frame, name: &'static str, codes: &[&str]) -> FacetSeen {
    let label = f.of("facet", name);
    let all = Choice { value: String::new(), label: f.t("facet.all").to_owned(), chosen: true };
    let values = choices(f, name, codes, "");
    FacetSeen { name, label, choices: std::iter::once(all).chain(values).collect() }
}

pub(super) fn inquiries(lang: Lang, is_out: bool) -> InquiriesPage {
    let f = frame(lang, "inquiries.title", "/inquiries");
    let seen = |n: u32, text: &str| InquirySeen {
        id: format!("inq_{n}"),
        text: text.to_owned(),
        day: "27. august".to_owned(),
        channel: "phone".to_owned(),
        outcome: "unknown".to_owned(),
        topic: (n == 1).then(|| ("T4".to_owned(), "Når opnar symjehallen?".to_owned())),
        state: (n == 1).then(|| "taken".to_owned()),
        reason: is_out.then(|| "twice".to_owned()),
        chosen: n == 1,
    };
    InquiriesPage {
        inquiries: vec![seen(1, "opningstid i bassenget?"), seen(2, "Kor høgt er fjellet?")],
        query: String::new(),
        topic: String::new(),
        facets: vec![facet(&f, "channel", &["phone", "desk"])],
        total: 81,
        is_cut: is_out,
        is_down: is_out,
        is_out,
        page: (1, 2),
        to: "T99".to_owned(),
        mask_reasons: choices(&f, "inquiries", &["why_caller"], ""),
        reasons: choices(&f, "taken_out", &["trial", "twice"], "trial"),
        errors: vec![
            FieldError { field: "to", text: f.t("topic.wrong_into").to_owned() },
            FieldError { field: "inquiry", text: f.t("topic.wrong_inquiry").to_owned() },
        ],
        f,
    }
}

pub(super) fn topics(lang: Lang) -> TopicsPage {
    let f = frame(lang, "topics.title", "/topics");
    let verdicts = facet(&f, "verdict", &["missing", "partly", "answered"]);
    TopicsPage {
        topics: GAPS.iter().map(topic_seen).collect(),
        query: String::new(),
        facets: vec![verdicts, facet(&f, "scope", &["general", "own_case"])],
        found: 214,
        total: 214,
        ungrouped: vec![
            member(1, "Har de funne ein blå sykkel?"),
            member(2, "Kor høgt er fjellet?"),
        ],
        ungrouped_total: 41,
        to: "T99".to_owned(),
        errors: vec![FieldError { field: "to", text: f.t("topic.wrong_into").to_owned() }],
        page: (1, 3),
        f,
    }
}

pub(super) fn topic(lang: Lang) -> TopicPage {
    let f = frame(lang, "topics.title", "/topics/T4");
    TopicPage {
        topic: topic_seen(&GAPS[0]),
        members: vec![member(1, "opningstid i bassenget?"), member(2, "Når opnar symjehallen?")],
        more_members: 71,
        merged: vec![MergedTopic { number: "T40".to_owned(), version: 2 }],
        apart: vec![ApartTopic { number: "T5".to_owned(), name: "Symjekurs".to_owned() }],
        history: vec![TopicStepSeen {
            at: "28. august, 09.12".to_owned(),
            says: lang.fill("topic_step.merge", &[("topic", "T40")]),
            by: Some("Ola Vik".to_owned()),
        }],
        forms: TopicForms {
            version: 2,
            scopes: choices(&f, "scope", &["general", "own_case", "outside_remit"], "general"),
            errors: vec![FieldError { field: "into", text: f.t("topic.wrong_into").to_owned() }],
            conflict: Some(clash(lang, "take")),
            ..TopicForms::default()
        },
        f,
    }
}

pub(super) fn words_table(lang: Lang) -> WordsPage {
    let f = frame(lang, "words.title", "/words");
    let row = |n: u32, said: &str, brought| WordSeen {
        id: format!("word_{n}"),
        version: 1,
        said: said.to_owned(),
        written: "renovasjon".to_owned(),
        note: String::new(),
        topic: (n == 1).then(|| "T4".to_owned()),
        changed: "27. august, Ola Vik".to_owned(),
        brought,
    };
    WordsPage {
        rows: vec![row(1, "boss", Some((14, 12))), row(2, "dunk", None)],
        total: 2,
        found: 60_000,
        removed: vec![row(3, "pose", None)],
        query: String::new(),
        page: (1, 2),
        form: WordForm {
            id: "word_1".to_owned(),
            said: "bosspann".to_owned(),
            written: "renovasjon".to_owned(),
            errors: vec![FieldError { field: "said", text: f.t("words.wrong_same").to_owned() }],
            theirs: Some(("boss".to_owned(), "renovasjon".to_owned())),
            ..WordForm::default()
        },
        bad_lines: vec![lang.fill("words.bad_empty", &[("n", "2")])],
        table: "boss".to_owned(),
        f,
    }
}
