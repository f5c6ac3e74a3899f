//! Pieces of pages with made-up contents, and the page of calls.

use super::*;

/// Somebody was first.
pub(super) fn clash(lang: Lang, step: &str) -> Clash {
    let state = lang.text("state.taken");
    let step = lang.text(&format!("step.{step}")).to_owned();
    Clash {
        theirs: vec![lang.fill("gap.conflict_theirs", &[("state", state)])],
        stored: Some("Hallen er open til 20.".to_owned()),
        yours: lang.fill("gap.conflict_yours", &[("step", &step)]),
        typed: Some("Sesongen er over".to_owned()),
        action: "/gaps/T1".to_owned(),
        fields: vec![("version", "4".to_owned())],
        edit: Some("reason"),
    }
}

/// Half a year with two channels and two marks.
pub(super) fn trend(lang: Lang) -> TrendSeen {
    let names: Vec<String> = (10..36).map(|it: u32| it.to_string()).collect();
    let weeks: Vec<Vec<u32>> = (0..26).map(|it: u32| vec![it % 7, it % 3]).collect();
    let mark = |x, label: &str, key: &str| MarkSeen {
        x,
        label: label.to_owned(),
        says: vec![lang.fill(key, &[("day", "2. mars"), ("page", "Symjehallen"), ("step", "–")])],
    };
    let row = |it: &Vec<u32>| vec![Cell::Text("2026-W10".to_owned()), Cell::count(it[0])];
    TrendSeen {
        bars: Stacked::new(&names, &weeks),
        channels: vec!["phone", "email"],
        marks: vec![mark(36, "1", "gap.trend_changed"), mark(180, "2, 3", "gap.trend_step")],
        table: Table {
            columns: vec![
                lang.text("figures.column.week").to_owned(),
                lang.text("channel.phone").to_owned(),
            ],
            rows: weeks.iter().map(row).collect(),
        },
    }
}

pub(super) fn calls(lang: Lang, is_wrong: bool) -> CallsPage {
    let f = frame(lang, "calls.title", "/admin/calls");
    let taken = |n: u32, by: Option<&str>| CallsSeen {
        id: format!("imp_{n}"),
        days: "2. mars – 27. mars".to_owned(),
        n_days: n as usize,
        calls: n * 61,
        at: "30. mars, 08.12".to_owned(),
        by: by.map(str::to_owned),
    };
    let error = |field, key| FieldError { field, text: f.t(key).to_owned() };
    let bad = |key: &str| lang.fill(key, &[("n", "3"), ("found", "40.3.2026")]);
    let form = CallsForm {
        today: "2026-03-30".to_owned(),
        desks: vec!["Rådhuset".to_owned()],
        channels: choices(&f, "channel", &["phone", "desk"], "phone"),
        ..CallsForm::default()
    };
    if !is_wrong {
        return CallsPage { taken: vec![taken(20, Some("Siv")), taken(1, None)], more: 3, form, f };
    }
    let bad_lines = vec![bad("calls.bad_date"), bad("calls.bad_channel"), bad("calls.bad_calls")];
    let errors = vec![error("day", "calls.wrong_day"), error("calls", "calls.wrong_calls")];
    CallsPage { taken: vec![], more: 0, form: CallsForm { bad_lines, errors, ..form }, f }
}
